"""Mosaics, pictures, marked text, contrast: the parts that can be told right from wrong by numbers."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from viewer import resources
from viewer.markup import contrast
from viewer.ui.icons import icon, pixmap
from viewer.ui.theme import contrasting, font, line_height, palette, stylesheet, theme
from viewer.ui.transcript import ruler
from viewer.ui.transcript.hits import Position, Selection
from viewer.ui.transcript.mosaic import GAP, cells, single
from viewer.ui.transcript.pictures import Pictures


@pytest.mark.parametrize(
    ("own", "shown"),
    [
        ((1200, 900), (320, 240)), ((900, 1200), (180, 240)), ((100, 50), (100, 50)), ((3000, 300), (320, 107)),
        ((0, 0), (240, 180)), ((20, 20), (48, 36)),
    ],
)  # fmt: skip
def test_one_picture_keeps_its_ratio_and_is_never_enlarged(own: tuple[int, int], shown: tuple[int, int]) -> None:
    assert single(*own) == shown


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 9])
def test_a_mosaic_fills_its_box_without_overlap(count: int) -> None:
    made = cells(count, 322, 214)
    assert len(made) == min(count, 6)
    assert max(cell.right() for cell in made) == pytest.approx(322)
    assert max(cell.bottom() for cell in made) == pytest.approx(214)
    for number, cell in enumerate(made):
        assert not any(cell.intersects(other) for other in made[number + 1 :])
    covered = sum(cell.width() * cell.height() for cell in made)
    assert covered > 322 * 214 - 5 * GAP * 322


def test_the_tall_one_of_three_takes_three_fifths() -> None:
    assert cells(3, 322, 146)[0].width() == pytest.approx(0.62 * 320, abs=1)


@pytest.mark.usefixtures("qapp")
def test_pictures_are_kept_within_a_limit_and_asked_for_again() -> None:
    kept = Pictures(limit=100 * 100 * 4 * 2)
    for number in (1, 2, 3):
        assert kept.get(number, QSize(100, 100)) is None
    assert set(kept.take_wanted()) == {1, 2, 3}
    for number in (1, 2, 3):
        kept.put(number, QImage(100, 100, QImage.Format.Format_RGB32))
    assert kept.get(2, QSize(100, 100)) is not None
    assert kept.get(1, QSize(100, 100)) is None
    assert set(kept.take_wanted()) == {1}
    assert kept.get(3, QSize(300, 300)) is not None
    assert kept.take_wanted() == {3: QSize(300, 300)}


def test_a_failed_picture_is_not_asked_for_until_tried_again() -> None:
    kept = Pictures()
    kept.fail(1, "gone")
    assert kept.get(1, QSize(9, 9)) is None
    assert kept.take_wanted() == {}
    kept.retry(1)
    kept.get(1, QSize(9, 9))
    assert set(kept.take_wanted()) == {1}


def test_a_selection_spans_parts_in_either_direction() -> None:
    forward = Selection(Position(1, 0, 3), Position(1, 2, 4))
    for marked in (forward, Selection(forward.cursor, forward.anchor)):
        assert marked.span(1, 0, 10) == (3, 10)
        assert marked.span(1, 1, 7) == (0, 7)
        assert marked.span(1, 2, 9) == (0, 4)
        assert marked.span(2, 0, 9) is None
    assert Selection(forward.anchor, forward.anchor).empty


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_ruler_warns_by_the_norm(look: str) -> None:
    norm, colors = timedelta(minutes=10), theme(look)
    assert ruler.shade(colors, timedelta(minutes=10), norm) == (colors.text3, "meta", "")
    assert ruler.shade(colors, timedelta(minutes=12), norm) == (colors.amber, "meta-strong", "")
    assert ruler.shade(colors, timedelta(minutes=31), norm) == (colors.red, "meta-strong", "warning")
    assert ruler.spoken(timedelta(seconds=50), norm) == ""
    assert ruler.spoken(timedelta(minutes=12), norm) == "answered after 12 min, over the norm"


@pytest.mark.parametrize("look", ["light", "dark"])
def test_every_text_can_be_read_on_every_ground(look: str) -> None:
    made = theme(look)
    for ground in (
        made.surface,
        made.client,
        made.operator,
        made.bot,
        made.auto,
        made.note,
        made.canvas,
        made.window,
        made.sel,
    ):
        assert contrast(made.text.name(), ground.name()) >= 7
        assert contrast(made.text2.name(), ground.name()) >= 4.5
        assert contrast(made.text3.name(), ground.name()) >= 4.5
        assert contrast(made.link.name(), ground.name()) >= 4.5
    for fill, letters in made.avatars:
        assert contrast(fill.name(), letters.name()) >= 4.5
    assert contrast(made.line_strong.name(), made.window.name()) >= 3
    assert made.avatar(101) == made.avatar(101)


@pytest.mark.parametrize("color", ["#17a3ea", "#ffff00", "#000000", "#ffffff"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_stripe_stands_out_whatever_its_colour(color: str, look: str) -> None:
    ground = theme(look).surface
    assert contrast(contrasting(QColor(color), ground, 3.0).name(), ground.name()) >= 3


@pytest.mark.usefixtures("qapp")
def test_themes_dress_the_application() -> None:
    for name in ("light", "dark"):
        sheet = stylesheet(theme(name))
        assert "$" not in sheet
        assert theme(name).accent.name() in sheet
        assert palette(theme(name)).window().color() == theme(name).window
    assert font("body").pixelSize() == 13
    assert line_height("body") == 18


@pytest.mark.usefixtures("qapp")
def test_every_icon_draws_in_the_colour_asked_for() -> None:
    for path in sorted(resources.path("icons").glob("*.svg")):
        if path.stem == "app":
            continue
        image = pixmap(path.stem, QColor("#ff0000"), 32, 2.0).toImage()
        assert image.width() == 64
        seen = {
            image.pixelColor(x, y).name() for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() > 250
        }
        assert seen == {"#ff0000"}, path.stem
    assert not icon("search", QColor("#ff0000"), disabled=QColor("#888888")).isNull()
