"""`export` in every format: standard output, folders, several formats at once, what exists already."""

import csv
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.export.page import Page
from viewer.cli import DONE, PARTLY, USAGE, exporting, main, parser
from viewer.errors import ViewerError
from viewer.export import FORMATS

SAMPLE = Path(__file__).parent.parent / "samples" / "seed_000.json"


def export(*formats: str, output: Path | str = "", force: bool = False) -> int:
    """Run the command as its grammar fills it in."""
    given = ["export", "--from-file", str(SAMPLE), *(word for form in formats for word in ("--format", form))]
    arguments = parser().parse_args([*given, "-o", str(output), *(["--force"] if force else [])])
    return exporting.run(arguments)


@pytest.mark.parametrize("form", ["html", "txt", "md", "json", "csv"])
def test_a_text_format_goes_to_standard_output(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(form) == DONE
    told = capsys.readouterr()
    assert "Samantha Johnson" in told.out
    assert told.err == ""
    if form == "html":
        assert "Samantha Johnson" in Page(told.out).text
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(told.out.removeprefix("\ufeff"), newline="")))
        assert {"session", "author", "wait_seconds"} <= set(rows[0])
        assert "\r\n" in told.out


def test_the_others_go_to_the_current_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert export("xlsx") == DONE
    (made,) = tmp_path.glob("*.xlsx")
    told = capsys.readouterr()
    assert told.out == ""
    assert made.name in told.err


def test_several_formats_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = [name for name in FORMATS if name != "pdf"]
    assert export(*wanted, output=tmp_path / "out") == DONE
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == len(wanted) + 1, "CSV is two files"
    assert {name.rsplit(".", 1)[1] for name in names} == set(wanted)
    told = capsys.readouterr()
    assert told.out == ""
    assert [name for name in names if name not in told.err] == []


@pytest.mark.parametrize("name", ["a.html", "a.md", "a.xlsx", "a.HTML"])
def test_the_ending_names_the_format(name: str, tmp_path: Path) -> None:
    assert export(output=tmp_path / name) == DONE
    start = (tmp_path / name).read_bytes()[:15]
    assert start.startswith((b"<!DOCTYPE html>", b"# ", b"PK"))


def test_no_file_of_two_is_overwritten_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a sessions.csv").write_text("mine", encoding="utf-8")
    assert export("csv", output=tmp_path / "a.csv") == PARTLY
    assert "a sessions.csv exists already" in capsys.readouterr().err
    assert not (tmp_path / "a messages.csv").exists()
    assert export("csv", output=tmp_path / "a.csv", force=True) == DONE
    told = capsys.readouterr().err
    assert "a messages.csv" in told
    assert "a sessions.csv" in told


def test_a_file_cannot_hold_several(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("", encoding="utf-8")
    with pytest.raises(ViewerError, match="need a folder"):
        export("html", "md", output=tmp_path / "a.html")


def test_the_grammar_knows_every_format(tmp_path: Path) -> None:
    for form in FORMATS:
        assert parser().parse_args(["export", "343", "--format", form]).formats == [form]
    given = ["export", "--from-file", str(SAMPLE), "--format", "html", "--format", "xlsx", "--no-pictures"]
    assert main([*given, "-o", str(tmp_path / "out")]) == DONE
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".html", ".xlsx"]


def test_a_copy_for_the_client_without_personal_data(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("коробка\n\n", encoding="utf-8")
    given = ["--for-client", "--redact", "--redact-words", str(words), "--format", "txt"]
    assert main(["export", "--demo", "321", *given]) == 0
    told = capsys.readouterr().out
    assert "Client 1" in told
    assert "[hidden 1] мятая" in told
    assert [word for word in ("Вересова", "Кремнёв", "коробка", "Internal note") if word in told] == []
    assert "left out by choice. Personal data are replaced by choice" in told
    assert main(["export", "--demo", "321", *given, "-o", f"{tmp_path}/out/"]) == 0
    assert [each.name.split()[0] for each in (tmp_path / "out").iterdir()] == ["Client"]


def test_an_export_is_verified_by_its_evidence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["export", "--demo", "321", "--format", "txt", "--evidence", "-o", str(tmp_path / "a.txt")]) == 0
    assert main(["verify", str(tmp_path / "a.txt")]) == 0
    assert capsys.readouterr().out.count("same") == 3
    text = (tmp_path / "a.txt").read_text(encoding="utf-8")
    made = json.loads((tmp_path / "a.evidence.json").read_bytes())
    assert [(each["method"], each["subject"]) for each in made["answers"]] == [
        ("imopenlines.session.history.get", "321")
    ]
    assert all(f"\n    {digest}\n" in text for digest in (made["content"], made["answers"][0]["sha256"]))
    (tmp_path / "a.txt").write_text(text.replace("коробка", "корзина"), encoding="utf-8")
    assert main(["verify", str(tmp_path)]) == 1
    assert "CHANGED     a.txt" in capsys.readouterr().out


def test_files_in_a_folder_beside_are_verified_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    given = ["--format", "txt", "--format", "html", "--files", "beside", "--evidence", "--folder", str(tmp_path)]
    assert main(["export", "--demo", "321", "--name", "a", *given]) == 0
    act = next((tmp_path / "a-files").glob("*.pdf"))
    assert main(["verify", str(tmp_path)]) == 0
    assert f"same        a-files/{act.name}" in capsys.readouterr().out
    act.write_bytes(b"%PDF another")
    assert main(["verify", str(tmp_path)]) == 1
    assert f"CHANGED     a-files/{act.name}" in capsys.readouterr().out


def test_what_cannot_be_read_is_told_and_the_rest_verified(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["--format", "txt", "--format", "md", "--evidence", "--folder", str(tmp_path), "--name", "a"]
    assert main(["export", "--demo", "321", *given]) == 0
    opened = Path.open

    def held(path: Path, *how: Any, **more: Any) -> object:
        if path.name == "a.txt":
            raise PermissionError(13, "held by another program")
        return opened(path, *how, **more)

    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", held)
        assert main(["verify", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "UNREADABLE  a.txt\n" in told.out
    assert "same        a.md\n" in told.out
    assert "messages, in their order" in told.out
    assert told.err == ""


def test_a_saved_answer_is_known_by_its_bytes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    saved = tmp_path / "answer.json"
    saved.write_bytes(SAMPLE.read_bytes())
    assert main(["export", "--from-file", str(saved), "--evidence", "-o", str(tmp_path / "a.md")]) == 0
    assert f"`{hashlib.sha256(saved.read_bytes()).hexdigest()}`" in (tmp_path / "a.md").read_text(encoding="utf-8")
    assert main(["verify", str(tmp_path / "a.md"), "--from-file", str(saved)]) == 0
    assert "answer.json, byte for byte what was read" in capsys.readouterr().out
    saved.write_bytes(saved.read_bytes() + b"\n")
    assert main(["verify", str(tmp_path / "a.md"), "--from-file", str(saved)]) == 0  # other bytes, the same messages
    told = capsys.readouterr().out
    assert "byte for byte" not in told
    assert "every message is as the answer has it" in told


@pytest.mark.parametrize("given", [["--redact", "faces"], ["--redact", "--evidence", "-o", "x.txt"]])
def test_what_cannot_be_redacted(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--demo", "321", "--format", "txt", *given]) in (1, 2)
    assert "redacted" in capsys.readouterr().err.lower()


@pytest.mark.skipif(sys.platform != "win32", reason="names of Windows")
@pytest.mark.parametrize("name", ["CON", "aux.txt", "nul", "a:b.txt", "a.", "q?.txt", "com1/a.txt"])
def test_nothing_is_written_where_windows_takes_a_name_for_something_else(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for option in ("-o", "--folder"):
        assert main(["export", "--demo", "321", "--format", "txt", "--force", option, f"{folder}\\{name}"]) == USAGE
        told = capsys.readouterr().err
        assert "can be no name of a file or folder on Windows" in told
        assert len(told.splitlines()) == 1
    assert list(folder.iterdir()) == []
