"""The log on the disk and the report of a fault: where they stand, how they grow, and what never stands in them."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from viewer import __version__
from viewer.demo import portal as demo
from viewer.library import logbook
from viewer.library.logbook import Logbook, report, stack

NOW = datetime(2026, 3, 11, 10, 9, tzinfo=UTC)
FULL = Path("/dev/full")
MESSAGE = "Здравствуйте, где мой заказ?"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Logbook]:
    opened = Logbook(tmp_path / "logs")
    opened.open()
    yield opened
    opened.close()


def raised() -> Exception:
    """An error whose text, and whose cause's text, hold what must not be told."""
    try:
        try:
            raise KeyError(MESSAGE)
        except KeyError as cause:
            raise ValueError(f"no such thing: {MESSAGE}") from cause
    except ValueError as error:
        return error


def test_the_folder_is_the_systems_own(home: Path) -> None:
    assert logbook.default_folder().is_relative_to(home)
    assert "openlines-viewer" in logbook.default_folder().parts


def test_a_stack_tells_kinds_and_places_and_no_text() -> None:
    told = stack(raised())
    assert told.startswith("builtins.ValueError\n")
    assert "\ncaused by builtins.KeyError\n" in told
    assert "test_logbook.py:" in told
    assert "in raised" in told
    assert MESSAGE not in told
    assert "/home/" not in told


def test_an_error_that_causes_itself_ends() -> None:
    error = raised()
    error.__cause__ = error
    assert stack(error).count("builtins.ValueError") == 1


def test_a_report_names_versions_and_hides_secrets() -> None:
    told = report(f"a/b.py:1 https://p.example/rest/1/{demo.CODE}/x", NOW)
    assert told.startswith(f"Open Lines Viewer {__version__}, from Python\n2026-03-11 10:09:00 UTC\n")
    assert "PySide6-Essentials 6." in told
    assert demo.CODE not in told


def test_a_part_without_a_version_is_told_as_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "_PARTS", ("no-such-package",))
    assert "no-such-package ?" in report("", NOW)


def test_the_log_masks_secrets_and_leaves_the_text_of_errors_out(kept: Logbook) -> None:
    log = logging.getLogger("viewer.test")
    log.info("calling https://p.example/rest/1/%s/profile", "verysecretcode")
    log.info("it broke", exc_info=raised())
    written = (kept.folder / "viewer.log").read_text(encoding="utf-8")
    assert "verysecretcode" not in written
    assert "calling https://p.example/rest/***/***" in written
    assert "it broke\nbuiltins.ValueError" in written
    assert MESSAGE not in written
    assert written.count(f"--- Open Lines Viewer {__version__}") == 1


def test_only_warnings_of_others_are_written(kept: Logbook) -> None:
    logging.getLogger("httpx").info("HTTP Request")
    logging.getLogger("viewer.test").debug("a detail")
    assert not (kept.folder / "viewer.log").exists()


def test_the_log_turns_over_and_does_not_grow(kept: Logbook, monkeypatch: pytest.MonkeyPatch) -> None:
    log = logging.getLogger("viewer.test")
    for _ in range(30):
        log.info("x" * (logbook.LARGEST // 5))
    files = sorted(kept.folder.glob("viewer.log*"))
    assert len(files) == logbook.KEPT + 1
    assert all(file.stat().st_size <= logbook.LARGEST for file in files)


def test_a_fault_of_the_last_run_is_found_without_the_users_name(tmp_path: Path) -> None:
    trace = 'Fatal Python error: Segmentation fault\n  File "/home/marina/app/viewer/ui/window.py", line 3 in start\n'
    (tmp_path / "fault.log").write_text(trace, encoding="utf-8")
    opened = Logbook(tmp_path)
    opened.open()
    opened.close()
    assert 'File "viewer/ui/window.py", line 3' in opened.last_fault
    assert "marina" not in opened.last_fault
    again = Logbook(tmp_path)
    again.open()
    again.close()
    assert again.last_fault == ""


def test_a_run_that_ends_well_leaves_no_fault(tmp_path: Path) -> None:
    opened = Logbook(tmp_path)
    opened.open()
    (tmp_path / "fault.log").write_text("Windows fatal exception: code 0x8001010d", encoding="utf-8")
    opened.close()
    assert (tmp_path / "fault.log").read_text(encoding="utf-8") == ""


def test_a_folder_that_refuses_costs_the_log_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    opened = Logbook(tmp_path / "file" / "logs")
    opened.open()
    logging.getLogger("viewer.test").info("still here")
    opened.close()
    assert opened.last_fault == ""


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a file on a full disk for everyone")
def test_a_full_disk_costs_the_log_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "viewer.log").symlink_to(FULL)
    opened = Logbook(tmp_path)
    opened.open()
    logging.getLogger("viewer.test").info("a line that is kept for the end")
    opened.close()
    assert not any(isinstance(each, logbook._Log) for each in logging.getLogger().handlers)
