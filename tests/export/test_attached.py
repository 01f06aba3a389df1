"""The dialogue's own files beside an export: names, what stands there already, and what cannot be saved."""

import errno
import json
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from pypdf import PdfReader

from tests.export.conversation import EXPORT, FILES, TRANSCRIPT
from tests.export.page import Page
from viewer.chat import File, FileKind
from viewer.errors import Cancelled
from viewer.export import FORMATS, ExportError, attached, facts
from viewer.export.attached import going, mime_type, unique_names
from viewer.export.evidence import write_evidence
from viewer.export.files import explained
from viewer.export.options import Options

HELD = {3: b"voice", 4: b"act"}
BESIDE = replace(EXPORT, files=HELD, options=Options(files="beside"))


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("a.ogg", FileKind.VOICE, "audio/ogg"),
        ("A.PDF", FileKind.DOCUMENT, "application/pdf"),
        ("a.webp", FileKind.IMAGE, "image/webp"),
        ("photo", FileKind.IMAGE, "image/jpeg"),
        ("a.exotic", FileKind.DOCUMENT, "application/octet-stream"),
        ("", FileKind.DOCUMENT, "application/octet-stream"),
    ],
)
def test_types_are_the_same_on_all_systems(name: str, kind: FileKind, expected: str) -> None:
    assert mime_type(File(1, name, kind)) == expected


def test_names_are_safe_and_stand_once() -> None:
    names = ["a.txt", "A.TXT", "../../etc/passwd", "con.pdf", "", "a.txt"]
    made = unique_names([File(number, name, FileKind.DOCUMENT) for number, name in enumerate(names)])
    assert len({name.casefold() for name in made.values()}) == len(names)
    assert not any(set('/\\:*?"<>|') & set(name) for name in made.values())
    assert made[1] == "A (2).TXT"
    assert made[3] == "_con.pdf"


def test_names_hold_no_emoji() -> None:
    assert unique_names([File(1, "👍🏽 отчёт.pdf", FileKind.DOCUMENT)]) == {1: "_ отчёт.pdf"}


def test_a_file_whose_size_the_portal_does_not_tell_is_measured() -> None:
    transcript = replace(TRANSCRIPT, files={**FILES, 4: replace(FILES[4], size=0)})
    held = {3: b"voice", 4: bytes((1 << 20) + 1)}
    export = replace(BESIDE, transcript=transcript, files=held, options=Options(files="beside", largest=1))
    assert [file.id for file in going(export, export.messages())] == [3]
    assert facts.whereabouts(transcript.files[4], export) == "over 1 MB, only named"


@pytest.mark.parametrize("form", ["pdf", "html", "txt", "md", "json", "csv", "xlsx"])
def test_files_stand_beside_every_format(form: str, tmp_path: Path) -> None:
    result = FORMATS[form].write(BESIDE, tmp_path / f"Анна 1.{form}")
    folder = tmp_path / "Анна 1-files"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "voice_0007.ogg": b"voice",
        "Акт замены.pdf": b"act",
    }
    assert set(result.files) == set(folder.iterdir())


def test_cards_link_to_the_files(tmp_path: Path) -> None:
    wanted = "%D0%90%D0%BD%D0%BD%D0%B0-files/voice_0007.ogg"
    page = FORMATS["html"].write(BESIDE, tmp_path / "Анна.html").path.read_text(encoding="utf-8")
    assert f'<a href="{wanted}">' in page
    assert f"](<{wanted}>)" in FORMATS["md"].write(BESIDE, tmp_path / "Анна.md").path.read_text(encoding="utf-8")
    made = json.loads(FORMATS["json"].write(BESIDE, tmp_path / "Анна.json").path.read_text(encoding="utf-8"))
    assert {each["id"]: each["path"] for each in made["files"]}[3] == "Анна-files/voice_0007.ogg"
    reader = PdfReader(FORMATS["pdf"].write(BESIDE, tmp_path / "Анна.pdf").path)
    notes = [note.get_object() for each in reader.pages for note in each.get("/Annots", [])]
    assert wanted in {note["/A"].get("/URI") for note in notes if "/A" in note}


def test_the_same_files_are_saved_once_for_all_formats(tmp_path: Path) -> None:
    for form in ("html", "txt", "json"):
        FORMATS[form].write(BESIDE, tmp_path / f"a.{form}")
    assert len(list((tmp_path / "a-files").iterdir())) == len(HELD)


def test_nothing_that_stands_there_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a-files").mkdir()
    (tmp_path / "a-files" / "voice_0007.ogg").write_bytes(b"mine")
    FORMATS["txt"].write(BESIDE, tmp_path / "a.txt")
    assert (tmp_path / "a-files" / "voice_0007.ogg").read_bytes() == b"mine"
    assert (tmp_path / "a-files" / "voice_0007 (2).ogg").read_bytes() == b"voice"
    assert "a-files/voice_0007 (2).ogg" in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_made_is_told_and_the_rest_exported(tmp_path: Path) -> None:
    (tmp_path / "a-files").write_bytes(b"a file in the way")
    result = FORMATS["html"].write(BESIDE, tmp_path / "a.html")
    assert len(result.notes) == len(HELD)
    assert all("could not be saved" in note for note in result.notes)
    told = Page((tmp_path / "a.html").read_text(encoding="utf-8")).text
    assert "Not complete: 3 things" in told
    assert "Спасибо!" in told


def test_a_full_disk_leaves_the_export_whole_without_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        with explained(path):
            raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(attached, "write_whole", full)
    result = FORMATS["txt"].write(BESIDE, tmp_path / "a.txt")
    assert all("The disk is full." in note for note in result.notes)
    assert not list((tmp_path / "a-files").iterdir())
    assert "Спасибо!" in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_an_export_that_fails_takes_its_files_along(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(ExportError, match="could not be saved"):
        FORMATS["txt"].write(BESIDE, tmp_path / "a.txt")
    assert [path.name for path in tmp_path.glob("a*")] == ["a.txt"]


def test_cancel_leaves_nothing(tmp_path: Path) -> None:
    cancel = Event()
    cancel.set()
    with pytest.raises(Cancelled):
        FORMATS["pdf"].write(BESIDE, tmp_path / "a.pdf", cancel=cancel)
    assert not list(tmp_path.glob("a*"))


def test_a_large_file_is_named_alone(tmp_path: Path) -> None:
    transcript = replace(TRANSCRIPT, files={**FILES, 4: replace(FILES[4], size=30_000_000)})
    result = FORMATS["txt"].write(replace(BESIDE, transcript=transcript), tmp_path / "a.txt")
    assert [path.name for path in result.files] == ["voice_0007.ogg"]
    assert "over 20 MB, only named" in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_evidence_names_what_goes_along(tmp_path: Path) -> None:
    result = FORMATS["txt"].write(BESIDE, tmp_path / "a.txt")
    made = json.loads(write_evidence(BESIDE, result.parts).read_text(encoding="utf-8"))
    assert [each["id"] for each in made["attached"]] == [3, 4]
