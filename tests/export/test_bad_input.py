"""Bad input and a system that refuses: a clear line, and everything else exported."""

import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.export.conversation import CLIENT, EXPORT, TRANSCRIPT, at, png, said, speaking
from viewer.chat import Card, Cell, Display, GridBlock
from viewer.export import FORMATS, Export, ExportError

COLUMNS = 10_000
TEXTS = [form for form in FORMATS if form not in ("pdf", "xlsx")]


def content(export: Export, form: str, folder: Path) -> str:
    return "".join(part.read_text("utf-8") for part in FORMATS[form].write(export, folder / f"a.{form}").parts)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EACCES, "may not be written to"),
        (errno.EROFS, "may not be written to"),
        (errno.ENAMETOOLONG, "The name is too long."),
        (errno.EIO, "."),
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_what_the_system_refuses_is_told_and_nothing_is_left(
    form: str, number: int, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("viewer.disk.os.fsync", refuse)
    with pytest.raises(ExportError) as caught:
        FORMATS[form].write(EXPORT, tmp_path / f"a.{form}")
    assert told in caught.value.detail
    assert caught.value.advice
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_name_longer_than_the_system_takes(form: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError) as caught:
        FORMATS[form].write(EXPORT, tmp_path / f"{'a' * 300}.{form}")
    assert "too long" in caught.value.detail
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_pictures_that_cannot_be_decoded_are_told_and_the_rest_stands(form: str, tmp_path: Path) -> None:
    broken = b"\x89PNG\r\n\x1a\n" + b"x" * 40
    result = FORMATS[form].write(replace(EXPORT, pictures={1: broken, 2: png(30, 20)}), tmp_path / f"a.{form}")
    assert len(result.notes) == 1
    assert result.notes[0].startswith("photo_1.png: damaged")
    assert result.path.stat().st_size > 10_000


def wide(display: Display) -> Export:
    card = Card((GridBlock(tuple(Cell(display, f"имя{n}", f"знач{n}") for n in range(COLUMNS))),))
    messages = (said(1, CLIENT, at(9, 0), "карта", cards=(card,)), said(2, CLIENT, at(9, 1), "и дальше"))
    return replace(EXPORT, transcript=replace(TRANSCRIPT, messages=messages))


@pytest.mark.parametrize("form", TEXTS)
def test_ten_thousand_columns_as_text(form: str, tmp_path: Path) -> None:
    told = content(wide(Display.LINE), form, tmp_path)
    assert f"знач{COLUMNS - 1}" in told
    assert "и дальше" in told


def test_ten_thousand_columns_on_paper(tmp_path: Path, texts: Callable[[Path], str]) -> None:
    told = texts(FORMATS["pdf"].write(wide(Display.LINE), tmp_path / "a.pdf").path)
    assert all(f"знач{number}" in told for number in (0, COLUMNS // 2, COLUMNS - 1))
    assert "и дальше" in " ".join(told.split())


@pytest.mark.parametrize("form", [*TEXTS, "xlsx"])  # of the PDF in `test_pdf`
def test_a_megabyte_of_one_message(form: str, tmp_path: Path) -> None:
    export = speaking("до", "слово " * 80_000 + "x" * 500_000 + " конец", "после")
    result = FORMATS[form].write(export, tmp_path / f"a.{form}")
    assert result.notes == ()
    if form in TEXTS:
        told = "".join(part.read_text("utf-8") for part in result.parts)
        assert "конец" in told
        assert "после" in told


def test_a_character_without_glyph_stays_in_every_text(tmp_path: Path) -> None:
    for form in TEXTS:
        assert "\ue001" in content(speaking("знак \ue001 тут"), form, tmp_path) or form == "json"
