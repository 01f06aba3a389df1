"""The library's part: pictures fetched, failures named, the name of the file."""

import io
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from pypdf import PdfReader

from tests.export.conversation import FILES, TRANSCRIPT, png
from viewer.chat import File, Transcript
from viewer.errors import Cancelled, ViewerError
from viewer.export import ExportError
from viewer.library import exporting
from viewer.library.exporting import export_dialogue, suggested_name, write_text


def fetch(file: File) -> bytes:
    if file.id == 5:
        raise ViewerError("The portal refused the file.", "Access denied.")
    return png(30, 20)


def test_exports_with_pictures_and_says_what_is_missing(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    result = export_dialogue(
        TRANSCRIPT, tmp_path / "a.pdf", "pdf", host="h.example", fetch=fetch, progress=lambda *at: seen.append(at)
    )
    assert result.path == tmp_path / "a.pdf"
    assert result.notes == ("1 picture could not be read.",)
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(result.path.read_bytes())).pages)
    assert "lost.png: The portal refused the file. Access denied." in text


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine", encoding="utf-8")
    result = export_dialogue(TRANSCRIPT, tmp_path / "a.txt", "txt")
    assert result.path == tmp_path / "a (2).txt"
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "mine"
    assert export_dialogue(TRANSCRIPT, tmp_path / "a.txt", "txt", overwrite=True).path == tmp_path / "a.txt"


def test_cancel_while_fetching(tmp_path: Path) -> None:
    cancel = Event()

    def stopping(file: File) -> bytes:
        cancel.set()
        return fetch(file)

    with pytest.raises(Cancelled):
        export_dialogue(TRANSCRIPT, tmp_path / "a.pdf", "pdf", fetch=stopping, cancel=cancel)
    assert not list(tmp_path.glob("*.pdf"))


def test_a_missing_folder_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    asked: list[File] = []
    with pytest.raises(ExportError, match="does not exist"):
        export_dialogue(TRANSCRIPT, tmp_path / "no" / "a.pdf", "pdf", fetch=lambda file: asked.append(file) or b"")
    assert asked == []


def test_a_picture_beyond_the_limit_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "PICTURE_LIMIT", 100_000)
    asked: list[int] = []
    transcript = replace(TRANSCRIPT, files={**FILES, 5: replace(FILES[5], size=10)})

    def noting(file: File) -> bytes:
        asked.append(file.id)
        return b"" if file.id == 5 else png(3, 3)

    result = export_dialogue(transcript, tmp_path / "a.pdf", "pdf", fetch=noting)
    assert asked == [2, 5]
    assert result.notes == ("2 pictures could not be read.",)


def test_names_and_standard_output() -> None:
    assert suggested_name(TRANSCRIPT, "pdf") == "Анна Вересова session 321 2026-03-11.pdf"
    assert suggested_name(Transcript(), "txt") == "Conversation.txt"
    assert "Анна Вересова" in write_text(TRANSCRIPT, "txt")
    with pytest.raises(ExportError):
        write_text(TRANSCRIPT, "pdf")


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_pictures_can_be_left_out(form: str, tmp_path: Path) -> None:
    asked: list[File] = []

    def noting(file: File) -> bytes:
        asked.append(file)
        return png(3, 3)

    result = export_dialogue(TRANSCRIPT, tmp_path / f"a.{form}", form, fetch=noting, pictures=False)
    assert asked == []
    assert result.notes == ()
    if form == "html":
        assert "Pictures are left out by choice." in result.path.read_text(encoding="utf-8")
    assert "left out" not in write_text(TRANSCRIPT, "txt", fetch=noting, pictures=False)


def test_a_page_on_standard_output_holds_its_pictures() -> None:
    told = write_text(TRANSCRIPT, "html", fetch=fetch)
    assert told.count('<img src="data:image/png;base64,') == 2
    assert "lost.png: The portal refused the file. Access denied." in told
    assert write_text(TRANSCRIPT, "csv").startswith('\ufeff"session","number"')
    with pytest.raises(ExportError, match="cannot be shown as text"):
        write_text(TRANSCRIPT, "xlsx")


def test_no_part_of_several_files_is_overwritten_unasked(tmp_path: Path) -> None:
    (tmp_path / "a sessions.csv").write_text("mine", encoding="utf-8")
    result = export_dialogue(TRANSCRIPT, tmp_path / "a.csv", "csv")
    assert [path.name for path in result.parts] == ["a (2) messages.csv", "a (2) sessions.csv"]
    assert (tmp_path / "a sessions.csv").read_text(encoding="utf-8") == "mine"
    again = export_dialogue(TRANSCRIPT, tmp_path / "a.csv", "csv", overwrite=True)
    assert [path.name for path in again.parts] == ["a messages.csv", "a sessions.csv"]


@pytest.mark.parametrize("form", ["html", "txt", "md", "json", "csv", "xlsx"])
def test_hostile_names_make_safe_files(form: str, tmp_path: Path) -> None:
    client = replace(TRANSCRIPT.people[7], name="../=cmd|'x'!A1 <a> CON\u202e\x00:*?")
    transcript = replace(TRANSCRIPT, people={**TRANSCRIPT.people, 7: client})
    result = export_dialogue(transcript, tmp_path / suggested_name(transcript, form), form)
    assert all(path.parent == tmp_path and path.stat().st_size for path in result.parts)
    assert not set("/\\:*?<>|\u202e\x00") & set("".join(path.name for path in result.parts))
