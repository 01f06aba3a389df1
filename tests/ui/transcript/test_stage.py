"""The anchor: what is read stays still whatever happens around it. Layouts are counted, not drawn."""

import pytest

from viewer.chat import Row, Transcript
from viewer.ui.theme import theme
from viewer.ui.transcript.context import Context
from viewer.ui.transcript.layout import RowLayout
from viewer.ui.transcript.pictures import Pictures
from viewer.ui.transcript.stage import FOOT, KEPT, Stage

from .talk import long

pytestmark = pytest.mark.usefixtures("qapp")


def _tall(row: Row, ctx: Context, first: bool) -> RowLayout:
    return RowLayout(40.0 + hash(repr(row)[:60]) % 50 * (900 / ctx.width))


@pytest.fixture
def stage() -> Stage:
    made = Stage(Context(theme("light"), 900.0, Pictures(), Transcript()), _tall)
    made.height = 600.0
    return made


def test_a_hundred_thousand_rows_lay_out_a_screenful(stage: Stage) -> None:
    rows, _ = long(100_000)
    stage.set_rows(rows)
    shown = stage.arrange()
    assert shown[0].row == 0
    assert stage.laid == len(shown) < 20


def test_what_is_kept_laid_out_is_bounded(stage: Stage) -> None:
    rows, _ = long(3000)
    stage.set_rows(rows)
    for _ in range(200):
        stage.scroll(500)
        stage.arrange()
    assert len(stage._layouts) <= KEPT


def test_scrolling_is_true_to_the_pixel(stage: Stage) -> None:
    rows, _ = long(500)
    stage.set_rows(rows)
    stage.arrange()
    first = {shown.row: shown.y for shown in stage.arrange()}
    stage.scroll(37)
    second = {shown.row: shown.y for shown in stage.arrange()}
    both = first.keys() & second.keys()
    assert both
    assert all(second[row] == pytest.approx(first[row] - 37) for row in both)


def test_up_and_down_comes_back_to_the_same_place(stage: Stage) -> None:
    rows, _ = long(2000)
    stage.set_rows(rows)
    stage.go(1000, 5)
    stage.arrange()
    for distance in (-3000, 5000, -2000):
        stage.scroll(distance)
        stage.arrange()
    assert stage.anchor == (1000, pytest.approx(5))


def test_rows_before_move_nothing(stage: Stage) -> None:
    rows, _ = long(400)
    stage.set_rows(rows[200:])
    stage.go(50, 12)
    before = {id(stage.rows[shown.row]): shown.y for shown in stage.arrange()}
    stage.prepend(rows[:200])
    after = {id(stage.rows[shown.row]): shown.y for shown in stage.arrange()}
    assert after == before


def test_the_same_conversation_again_keeps_the_place(stage: Stage) -> None:
    rows, _ = long(400)
    stage.set_rows(rows[100:])
    stage.go(150, 9)
    stage.arrange()
    message = stage.rows[150]
    stage.set_rows(rows)
    assert stage.rows[stage.anchor[0]] is message
    assert stage.anchor[1] == 9


def test_another_conversation_begins_at_its_start(stage: Stage) -> None:
    stage.set_rows(long(400)[0])
    stage.go(150, 9)
    stage.arrange()
    stage.set_rows([])
    assert stage.arrange() == []
    stage.set_rows(long(30)[0])
    assert stage.arrange()[0].row == 0


def test_the_end_stands_at_the_lower_edge(stage: Stage) -> None:
    rows, _ = long(400)
    stage.set_rows(rows)
    stage.go_to_end()
    last = stage.arrange()[-1]
    assert last.row == len(rows) - 1
    assert last.y + last.layout.height + FOOT == pytest.approx(stage.height)
    stage.scroll(500)
    assert stage.arrange()[-1].y == pytest.approx(last.y)
    assert stage.at_end


def test_the_start_is_a_wall(stage: Stage) -> None:
    stage.set_rows(long(400)[0])
    stage.scroll(-900)
    shown = stage.arrange()
    assert (shown[0].row, shown[0].y) == (0, 0.0)


def test_a_short_conversation_stands_at_the_top(stage: Stage) -> None:
    stage.set_rows(long(2)[0])
    stage.scroll(300)
    assert stage.arrange()[0].y == 0.0
    assert not stage.at_end
