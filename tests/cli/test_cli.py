"""The command line is a contract (`design.md` §3): what it prints, where, and with which exit code."""

import csv
import io
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from viewer import __version__
from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.cli import DONE, PARTLY, REFUSED, USAGE, main
from viewer.demo import DemoPortal, Fault
from viewer.library.sources import Source
from viewer.settings import Store, default_path

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
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.splitlines()[-1] == "[]"


def test_list_and_text_export_need_no_qt(tmp_path: Path) -> None:
    code = "import sys\nfrom viewer.cli import main\n"
    code += "assert main(['list', '--demo', '--format', 'json']) == 0\n"
    code += "assert main(['export', '--demo', '321', '--format', 'txt']) == 0\n"
    code += "assert 'PySide6' not in sys.modules\nassert 'typst' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
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


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["list", "--demo", "--format", "json", *arguments]) == DONE
    told = capsys.readouterr()
    assert told.err == ""
    found: list[dict[str, Any]] = json.loads(told.out)
    return found


def test_list_takes_every_filter(capsys: pytest.CaptureFixture[str]) -> None:
    everything = len(listed(capsys))
    for arguments, fits in (
        (["--line", "опт", "--line", "31"], lambda row: row["line_id"] in (58, 31)),
        (["--operator", "дрозд"], lambda row: row["operator_name"] == "Ольга Дрозд"),
        (["--connector", "telegram"], lambda row: row["connector"] == "telegrambot"),
        (["--status", "open"], lambda row: row["closed"] is None),
        (["--client-vote", "dislike"], lambda row: row["client_vote"] == "dislike"),
        (["--rated"], lambda row: row["head_vote"] > 0),
        (["--with-crm"], lambda row: row["crm"] is not None),
        (["--without-crm"], lambda row: row["crm"] is None),
        (["--text", "анна вересова"], lambda row: row["client_name"] == "Анна Вересова"),
    ):
        found = listed(capsys, *arguments)
        assert 0 < len(found) < everything, arguments
        assert all(map(fits, found)), arguments


def test_list_of_days(capsys: pytest.CaptureFixture[str]) -> None:
    days = sorted({row["opened"][:10] for row in listed(capsys)})
    found = {row["opened"][:10] for row in listed(capsys, "--since", days[10], "--until", days[12])}
    # The portal's days begin some hours before or after those of this computer.
    assert found <= set(days[9:14])
    assert days[11] in found


def test_list_of_a_crm_record(capsys: pytest.CaptureFixture[str]) -> None:
    for record in ("deal 2214", "D_2214", "https://zerno.bitrix24.example/crm/deal/details/2214/", "contact:563"):
        assert [row["id"] for row in listed(capsys, "--crm", record)] == [321, 288, 154]
    assert [row["id"] for row in listed(capsys, "--crm", "D_2214", "--client-vote", "like")] == [321, 288]
    assert listed(capsys, "--crm", "lead 1") == []


@pytest.mark.parametrize("arguments", [["--crm", "x"], ["--since", "2026-02-02", "--until", "2026-02-01"]])
def test_a_list_of_nonsense_is_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--demo", *arguments]) == USAGE
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def demo(monkeypatch: pytest.MonkeyPatch, **options: Any) -> DemoPortal:
    """Let the command line meet a portal with less to offer."""
    made = DemoPortal(limits=False, big=5, today=date.today(), **options)  # noqa: DTZ011

    def opened() -> Portal:
        return Portal(Webhook.parse(made.WEBHOOK), transport=embedded(made.respond), pace=Pace(rate=50, burst=500))

    source = Source("demo", "", made.HOST, opened)
    monkeypatch.setattr("viewer.cli.portals.source", lambda _arguments: source)
    return made


def test_what_a_list_is_missing_is_told_beside_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo(monkeypatch, absent=frozenset({"imopenlines.v2.session.list"}))
    assert main(["list", "--rated"]) == DONE
    told = capsys.readouterr()
    assert told.out
    (line,) = told.err.splitlines()
    assert line.startswith("openlines-viewer: This portal cannot list all sessions.")
    assert "Votes and ratings" in line


def test_what_came_before_a_failure_is_listed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    portal = demo(monkeypatch, absent=frozenset({"imopenlines.v2.session.list"}))
    portal.fail("im.recent.list", Fault.html(403))
    assert main(["list", "--format", "csv"]) == PARTLY
    told = capsys.readouterr()
    assert len(told.out.splitlines()) > 10
    assert len(told.err.splitlines()) == 2
    assert "Something other than the portal answered." in told.err


def test_no_source_at_all_is_no_access(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    demo(monkeypatch, absent=frozenset({"imopenlines.v2.session.list"}), scopes=frozenset({"imopenlines"}))
    assert main(["list"]) == REFUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert "tick “crm”" in told.err


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
    target.write_text("mine", encoding="utf-8")
    assert main(["export", "--demo", "321", "--format", "txt", "-o", str(target)]) == PARTLY
    assert target.read_text(encoding="utf-8") == "mine"
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
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
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


def test_list_and_export_tell_times_in_the_zone_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    told = {zone: listed(capsys, "--zone", zone)[0]["opened"] for zone in ("portal", "utc", "Asia/Tokyo")}
    assert [text[-6:] for text in told.values()] == ["+03:00", "+00:00", "+09:00"]
    assert len({datetime.fromisoformat(text) for text in told.values()}) == 1
    assert main(["list", "--demo", "--zone", "UTC"]) == DONE
    assert all(" UTC " in line for line in capsys.readouterr().out.splitlines())
    for zone, name in (("portal", "UTC+3"), ("Asia/Tokyo", "UTC+9")):
        assert main(["export", "--demo", "321", "--format", "txt", "--zone", zone]) == DONE
        assert name in capsys.readouterr().out


def test_without_a_zone_the_one_of_the_window_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Store(default_path()).change(zone="utc")
    assert listed(capsys)[0]["opened"].endswith("+00:00")
    assert listed(capsys, "--zone", "portal")[0]["opened"].endswith("+03:00")


def test_what_is_no_zone_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--demo", "--zone", "Mars/Olympus"]) == USAGE
    assert "Mars/Olympus" in capsys.readouterr().err


def test_an_empty_zone_or_a_path_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("", "..", "../../etc/localtime", str(Path(__file__).absolute())):
        assert main(["list", "--demo", "--zone", name]) == USAGE
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == 1
        assert f"“{name}” is no time zone" in told.err


def test_a_missing_table_of_zones_is_said(capsys: pytest.CaptureFixture[str], no_zone_table: None) -> None:
    assert main(["list", "--demo", "--zone", "Europe/Moscow"]) == PARTLY
    told = capsys.readouterr().err
    assert "table of time zones is missing" in told
    assert "is no time zone" not in told


@pytest.mark.parametrize("zone", ["mine", "portal", "utc", "Asia/Tokyo"])
@pytest.mark.parametrize(
    "period",
    [
        ("--since", "1969-01-01"),
        ("--since", "1970-01-01", "--until", "3500-01-01"),
        ("--since", "2015-01-01", "--until", "9999-12-31"),
        ("--since", "0001-01-01", "--until", "9999-12-31"),
    ],
)
def test_a_period_may_be_wider_than_any_portal(
    zone: str, period: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    everything = listed(capsys, "--since", "2015-01-02", "--zone", zone)
    assert listed(capsys, *period, "--zone", zone) == everything


def test_a_period_without_a_beginning_goes_back_from_today(capsys: pytest.CaptureFixture[str]) -> None:
    usual = listed(capsys)
    for last in ("3500-01-01", "9999-12-31"):
        assert listed(capsys, "--until", last) == usual
    for last in ("0001-01-01", "1969-12-31"):
        assert listed(capsys, "--until", last) == []


def test_a_period_that_ends_before_it_begins_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    period = ["--since", "9999-12-31", "--until", "0001-01-01", "--demo"]
    for command in (["list"], ["export", "--scope", "list"]):
        assert main([*command, *period]) == USAGE
        assert "ends before it begins" in capsys.readouterr().err


def test_list_of_a_day_holds_that_day_of_the_zone(capsys: pytest.CaptureFixture[str]) -> None:
    day = listed(capsys, "--zone", "Asia/Tokyo")[-1]["opened"][:10]
    found = listed(capsys, "--zone", "Asia/Tokyo", "--since", day, "--until", day)
    assert found
    assert {row["opened"][:10] for row in found} == {day}
