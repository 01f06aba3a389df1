"""The command line is a contract (`design.md` §3): what it prints, where, and with which exit code."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from viewer import __version__
from viewer.cli import DONE, PARTLY, REFUSED, USAGE, main

SAMPLES = Path(__file__).parent.parent / "samples"


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for argument, said in (("--help", "REFERENCE"), ("--version", __version__)):
        with pytest.raises(SystemExit) as left:
            main([argument])
        assert left.value.code == DONE
        assert said in capsys.readouterr().out


def test_help_loads_neither_qt_nor_the_network() -> None:
    code = "import sys\nfrom viewer.cli import main\ntry:\n  main(['--help'])\nexcept SystemExit: pass\n"
    code += "print([name for name in ('PySide6', 'httpx', 'typst', 'keyring', 'markdown_it') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "[]"


def test_list_and_text_export_need_no_qt(tmp_path: Path) -> None:
    code = "import sys\nfrom viewer.cli import main\n"
    code += "assert main(['list', '--demo', '--format', 'json']) == 0\n"
    code += "assert main(['export', '--demo', '321', '--format', 'txt']) == 0\n"
    code += "assert 'PySide6' not in sys.modules\nassert 'typst' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


def test_wrong_usage() -> None:
    with pytest.raises(SystemExit) as left:
        main(["export", "--format", "docx"])
    assert left.value.code == USAGE
    assert main(["export", "--demo"]) == USAGE
    assert main(["export", "--demo", "hello"]) == USAGE
    with pytest.raises(SystemExit) as left:
        main(["list", "--demo", "--since", "yesterday"])
    assert left.value.code == USAGE


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--demo", "--format", "json"]) == DONE
    found = json.loads(capsys.readouterr().out)
    assert len(found) >= 80
    assert {"id", "chat_id", "line_name", "client_name", "head_vote"} <= set(found[0])
    assert found == sorted(found, key=lambda row: (row["opened"], row["id"]), reverse=True)


def test_list_as_csv_and_table_with_filters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--demo", "--line", "Sales", "--unrated", "--format", "csv"]) == DONE
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert rows
    assert all("Sales" in row["line_name"] and row["head_vote"] == "0" for row in rows)
    assert main(["list", "--demo", "--line", "Sales", "--unrated"]) == DONE
    assert len(capsys.readouterr().out.splitlines()) == len(rows)


def test_text_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--demo", "chat1763", "--format", "txt"]) == DONE
    told = capsys.readouterr()
    assert "Анна Вересова" in told.out
    assert told.err == ""


def test_pdf_goes_to_the_named_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "out.pdf"
    assert main(["export", "--demo", "321", "-o", str(target)]) == DONE
    assert target.read_bytes().startswith(b"%PDF-")


def test_several_go_to_a_folder_and_one_failure_stops_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out"
    code = main(["export", "--demo", "321", "999999", "288", "--format", "txt", "--format", "json", "-o", str(folder)])
    assert code == PARTLY
    assert sorted(each.suffix for each in folder.iterdir()) == [".json", ".json", ".txt", ".txt"]
    failures = [line for line in capsys.readouterr().err.splitlines() if line.startswith("openlines-viewer:")]
    assert len(failures) == 1
    assert "999999" in failures[0]


def test_no_access_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--demo", "999999", "--format", "txt"]) == REFUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def test_nothing_is_overwritten_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _turn in range(2):
        assert main(["export", "--demo", "321", "--format", "txt", "-o", f"{tmp_path}/out/"]) == DONE
    assert len(list((tmp_path / "out").iterdir())) == 2
    target = tmp_path / "named.txt"
    target.write_text("mine")
    assert main(["export", "--demo", "321", "--format", "txt", "-o", str(target)]) == PARTLY
    assert target.read_text() == "mine"
    assert main(["export", "--demo", "321", "--format", "txt", "-o", str(target), "--force"]) == DONE


@pytest.mark.parametrize("name", ["truncated.json", "page.html", "error.json", "not_a_history.json", "none.json"])
def test_a_bad_file_is_one_clear_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--from-file", str(SAMPLES / name), "--format", "txt"]) != DONE
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert "Traceback" not in told.err


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    data = (SAMPLES / "seed_000.json").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert main(["export", "--from-file", "-", "--format", "txt"]) == DONE
    assert "Samantha Johnson" in capsys.readouterr().out


def test_a_webhook_comes_from_the_environment_and_is_never_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENLINES_WEBHOOK", "https://127.0.0.1:9/rest/1/topsecretcode/")
    assert main(["list"]) != DONE
    told = capsys.readouterr()
    assert "topsecretcode" not in told.out + told.err
    assert "127.0.0.1" in told.err
