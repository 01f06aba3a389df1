"""Heights and positions of rows, without a screen."""

import random

import pytest

from viewer.ui.transcript.heights import BLOCK, GUESS, Heights


def _heights(count: int, estimate: float = 50.0) -> Heights:
    made = Heights(lambda _row: estimate)
    made.reset(count)
    return made


def test_nothing_is_estimated_before_somebody_looks() -> None:
    asked: list[int] = []

    def estimate(row: int) -> float:
        asked.append(row)
        return 10.0

    heights = Heights(estimate)
    heights.reset(100_000)
    assert heights.total == 100_000 * GUESS
    assert asked == []
    assert heights.height(70_000) == 10.0
    assert len(asked) == BLOCK


def test_positions_add_up_whatever_is_known() -> None:
    dice = random.Random(3)
    heights = _heights(2000)
    for _ in range(300):
        heights.set_exact(dice.randrange(2000), dice.uniform(5, 400))
    tops = [heights.top(row) for row in range(2000)]
    for row in range(1999):
        assert tops[row + 1] - tops[row] == pytest.approx(heights.height(row))
    assert heights.total == pytest.approx(tops[-1] + heights.height(1999))


@pytest.mark.parametrize("row", [0, 1, 255, 256, 999])
def test_a_height_leads_back_to_its_row(row: int) -> None:
    heights = _heights(1000)
    heights.refine(100)
    assert heights.at(heights.top(row) + 20) == (row, pytest.approx(20))


def test_the_ends_give_the_first_and_the_last_row() -> None:
    heights = _heights(10)
    assert heights.at(-50) == (0, 0.0)
    assert heights.at(1e9) == (9, 50.0)
    assert _heights(0).at(5) == (0, 0.0)


def test_a_true_height_moves_what_follows_and_nothing_else() -> None:
    heights = _heights(600)
    before, after = heights.top(300), heights.top(302)
    assert heights.set_exact(301, 80.0)
    assert heights.is_exact(301)
    assert heights.top(300) == before
    assert heights.top(302) == after + 30
    assert not heights.set_exact(301, 80.0)


def test_rows_before_keep_what_is_known_of_the_others() -> None:
    heights = _heights(300)
    heights.set_exact(7, 123.0)
    heights.prepend(500)
    assert len(heights) == 800
    assert heights.height(507) == 123.0
    assert heights.is_exact(507)
    assert not heights.is_exact(7)


def test_rows_after_leave_the_others_where_they_are() -> None:
    heights = _heights(300)
    heights.refine(10)
    before = heights.top(299)
    heights.append(300)
    assert heights.top(299) == before
    assert heights.total == pytest.approx(300 * 50 + 44 * 50 + 256 * GUESS, abs=256 * GUESS)


def test_another_width_forgets_little_by_little() -> None:
    heights = _heights(1000)
    heights.refine(10)
    heights.set_exact(500, 77.0)
    heights.forget()
    assert not heights.is_exact(500)
    assert heights.total == pytest.approx(999 * 50 + 77)
    rounds = 1
    while heights.refine(1):
        rounds += 1
    assert rounds == 4
    assert heights.total == pytest.approx(1000 * 50)
