"""`export` of chats and lists: names from a template, what exists, what is refused, a run that was cut and goes on."""

from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from viewer.cli import DONE, PARTLY, REFUSED, USAGE, batches, main
from viewer.library.batch import Outcome, State

SAMPLE = Path(__file__).parent.parent / "samples" / "seed_000.json"
FILTERS = "--text Вересова"
LIST = ["export", "--demo", "--scope", "list", "--text", "Вересова", "--format", "txt"]


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journals of the demo portal in a folder of the test."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_list_goes_into_folders_by_its_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out"
    given = ["--folder", str(folder), "--name", "{line}/{number}_{client}_{session}", "--format", "json"]
    assert main([*LIST, *given]) == DONE
    assert names(folder) == [
        f"Поддержка/00{n}_Анна Вересова_{session}.{form}"
        for n, session in ((1, 321), (2, 288), (3, 154))
        for form in ("json", "txt")
    ]
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("Анна Вересова") == 6
    text = next(folder.rglob("*.txt")).read_text(encoding="utf-8")
    assert f"Filters of the list: {FILTERS}" in text


def test_a_chat_is_one_file_with_all_its_sessions(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert main(["export", "--demo", "321", "--scope", "chat", "--folder", str(folder), "--format", "txt"]) == DONE
    (name,) = names(folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert "sessions 154–321" in text
    assert main(["export", "--demo", "321", "--folder", str(folder), "--name", "one", "--format", "txt"]) == DONE
    assert "sessions" not in (folder / "one.txt").read_text(encoding="utf-8").splitlines()[0]


@pytest.mark.parametrize(
    ("given", "code", "made"),
    [
        ([], PARTLY, ["a.txt"]),
        (["--if-exists", "skip"], DONE, ["a.txt"]),
        (["--if-exists", "both"], DONE, ["a (2).txt", "a.txt"]),
        (["--force"], DONE, ["a.txt"]),
    ],
)
def test_nothing_is_overwritten_unasked(
    given: list[str], code: int, made: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.txt").write_text("mine", encoding="utf-8")
    export = ["export", "--from-file", str(SAMPLE), "--folder", str(folder), "--name", "a", "--format", "txt"]
    assert main([*export, *given]) == code
    assert names(folder) == made
    assert ("exists already" in capsys.readouterr().err) == (code == PARTLY)
    assert ((folder / "a.txt").read_text(encoding="utf-8") == "mine") == ("--force" not in given)


@pytest.mark.parametrize(
    "given",
    [
        ["321", "--name", "{nothing}"],
        ["--scope", "list", "321"],
        ["--scope", "chat"],
        ["--resume"],
        ["hello there", "--scope", "chat"],
    ],
)
def test_what_makes_no_sense(given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--demo", *given, "--folder", str(tmp_path / "out")]) == USAGE
    assert capsys.readouterr().err.startswith("openlines-viewer: ")
    assert not (tmp_path / "out").exists()


def test_one_that_is_refused_stops_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out"
    assert main(["export", "--demo", "999999", "321", "--folder", str(folder), "--format", "txt"]) == PARTLY
    assert len(names(folder)) == 1
    assert "openlines-viewer: 999999: " in capsys.readouterr().err
    alone = ["export", "--demo", "999999", "--folder", str(folder), "--format", "txt"]
    assert main(alone) == REFUSED


def test_a_run_that_was_cut_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    told: list[Outcome] = []
    real = batches._tell

    def cut(outcome: Outcome, **more: Any) -> int:
        told.append(outcome)
        if len(told) == 2:
            raise KeyboardInterrupt
        return real(outcome, **more)

    monkeypatch.setattr(batches, "_tell", cut)
    assert main([*LIST, "--folder", str(folder), "--name", "{session}"]) == PARTLY
    assert names(folder) == ["288.txt", "321.txt"]
    (folder / "321.txt").write_text("touched", encoding="utf-8")
    assert main(["export", "--demo", "--resume", "--folder", str(folder)]) == DONE
    assert "Going on: 1 of 3 dialogues are left." in capsys.readouterr().err
    assert [each.state for each in told[2:]] == [State.BEFORE, State.BEFORE, State.WRITTEN]
    assert names(folder) == ["154.txt", "288.txt", "321.txt"]
    assert (folder / "321.txt").read_text(encoding="utf-8") == "touched"
    assert main(["export", "--demo", "--resume", "--folder", str(folder)]) == USAGE


def test_the_page_is_as_it_was_asked_for(tmp_path: Path) -> None:
    from viewer.cli import parser
    from viewer.cli.exporting import options
    from viewer.export.options import Options

    given = ["--paper", "letter", "--margins", "wide", "--text-size", "large", "--no-archival", "--files", "beside"]
    given += ["--largest", "5", "--leave-out", "numbers", "--leave-out", "system"]
    made = options(parser().parse_args(["export", "321", *given]))
    assert made == Options("letter", "wide", "large", False, "beside", 5, numbered=False, system=False)
    assert options(parser().parse_args(["export", "321"])) == Options()
    target = tmp_path / "a.pdf"
    assert main(["export", "--from-file", str(SAMPLE), "-o", str(target)]) == DONE
    assert PdfReader(target).pages


@pytest.mark.parametrize("size", ["0", "-1", "many", "5000"])
def test_a_size_that_is_none(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["export", "321", "--largest", size])
    assert "not a number from 1 to 2000" in capsys.readouterr().err or size == "-1"


def test_a_redacted_list_names_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert main([*LIST, "--folder", str(folder), "--redact", "--for-client"]) == DONE
    assert names(folder)
    for name in names(folder):
        assert "Вересова" not in name
        assert "Filters of the list" not in (folder / name).read_text(encoding="utf-8")
        assert "Вересова" not in (folder / name).read_text(encoding="utf-8")
