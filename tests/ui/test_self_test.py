"""The self-test: it names every part, reads its own PDF back, and fails on what is missing."""

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from viewer import i18n, resources
from viewer.ui import self_test
from viewer.ui.self_test import installed
from viewer.ui.self_test.blank import is_blank

NAMES = [
    "resources", "languages", "modules", "pictures", "printed pictures", "zones", "licences", "trust", "keyring",
    "window", "dialogue", "pdf", "print",
]  # fmt: skip


def test_everything_is_well_here(qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert self_test.run(tmp_path / "report.json") == 0
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert [name for name in report if name in NAMES] == NAMES
    assert all(report[name].startswith("ok, ") for name in NAMES)
    assert report["result"] == "ok"
    assert "first page of 595 x 842 points read back" in report["pdf"]
    assert report["keyring"].startswith("ok, system")
    assert "pdf: ok" in capsys.readouterr().out


def test_a_check_that_fails_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    def fails() -> str:
        raise LookupError("gone")

    checks = {"first": fails, "second": lambda: "well"}
    assert self_test.run(tmp_path / "report.json", checks) == 1
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["first"] == "FAILED: LookupError: gone"
    assert report["second"].startswith("ok, well")
    assert report["result"] == "failed: first"


def test_an_empty_folder_of_resources_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("icons", "themes", "templates", "fonts"):
        (tmp_path / part).mkdir()
    monkeypatch.setattr(resources, "folder", lambda: tmp_path)
    with pytest.raises(LookupError, match="icons"):
        installed.files()


def test_a_packaged_program_without_licences_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    (tmp_path / "licences" / "httpx").mkdir(parents=True)
    with pytest.raises(LookupError, match="licence of Qt"):
        installed.licences()


def test_a_picture_of_one_colour_is_blank() -> None:
    picture = QImage(50, 50, QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFFFF)
    assert is_blank(picture)
    assert is_blank(QImage())


def test_a_module_that_is_missing_fails_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)  # as in a bundle that left it out
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(LookupError, match=r"missing: .*PIL"):
        installed.imports()


def test_pictures_that_cannot_be_printed_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.export.pictures.for_print", lambda *_: None)
    with pytest.raises(LookupError, match="gif, jpeg, png, webp"):
        installed.printed_pictures()


def test_a_missing_table_of_zones_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    with pytest.raises(i18n.NoZoneTable):
        installed.zones()
