"""A PDF is read back: one page as a picture, or a plain error."""

from pathlib import Path

import pytest
import typst

from tests.export.conversation import png
from viewer.errors import ViewerError
from viewer.export.readback import drawn_page, pictures_in


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "two.pdf"
    path.write_bytes(typst.compile(b"#set page(width: 200pt, height: 100pt)\nOne\n#pagebreak()\nTwo"))
    return path


def test_a_page_is_drawn_in_its_size(pdf: Path) -> None:
    drawn = drawn_page(pdf, 2)
    assert drawn.startswith(b"\x89PNG")
    assert (int.from_bytes(drawn[16:20]), int.from_bytes(drawn[20:24])) == (200, 100)


def test_a_page_that_is_not_there_is_an_error(pdf: Path) -> None:
    with pytest.raises(ViewerError, match="cannot be read"):
        drawn_page(pdf, 3)


def test_half_a_file_is_an_error(pdf: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.pdf"
    half.write_bytes(pdf.read_bytes()[: pdf.stat().st_size // 2])
    with pytest.raises(ViewerError, match="cannot be read"):
        drawn_page(half)


def test_pictures_are_counted_once_and_smileys_never(tmp_path: Path) -> None:
    for name, side in (("large", 300), ("other", 240), ("smiley", 136)):
        (tmp_path / f"{name}.png").write_bytes(png(side, side))
    shown = ("large", "large", "other", "smiley")
    source = "\n".join(f'#image("{name}.png")' for name in shown)
    assert pictures_in(typst.compile(source.encode(), root=tmp_path)) == 2
    assert pictures_in(typst.compile(b"No picture")) == 0
