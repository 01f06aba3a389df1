"""The export of the window: the kinds it offers, and the ending that a kind gives."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from viewer.export import FORMATS
from viewer.ui.exporter import ask_path, filters, named_for


def test_every_format_is_offered() -> None:
    offered = filters().split(";;")
    assert len(offered) == len(FORMATS)
    assert offered[0] == "PDF document (*.pdf)"
    assert "Excel workbook (*.xlsx)" in offered


@pytest.mark.parametrize(
    ("chosen", "kind", "named"),
    [
        ("Anna 2026.pdf", "HTML page (*.html)", "Anna 2026.html"),
        ("Anna 2026.pdf", "PDF document (*.pdf)", "Anna 2026.pdf"),
        ("Anna.txt", "HTML page (*.html)", "Anna.txt"),
        ("Anna.html", "HTML page (*.html)", "Anna.html"),
        ("Anna.pdf", "", "Anna.pdf"),
        ("Anna", "Excel workbook (*.xlsx)", "Anna.xlsx"),
        ("Anna v1.2", "Excel workbook (*.xlsx)", "Anna v1.2.xlsx"),
    ],
)
def test_the_kind_gives_the_ending_that_the_user_left_alone(chosen: str, kind: str, named: str) -> None:
    assert named_for(Path(chosen), ".pdf", kind) == Path(named)


def test_a_file_that_the_dialog_did_not_ask_about_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Anna.html").write_text("mine")
    for kind, expected in (("HTML page (*.html)", "Anna (2).html"), ("PDF document (*.pdf)", "Anna.pdf")):
        answer = (str(tmp_path / "Anna.pdf"), kind)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given, answer=answer: answer)
        assert ask_path(None, tmp_path / "x.pdf", "") == tmp_path / expected  # type: ignore[arg-type]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: ("", ""))
    assert ask_path(None, tmp_path / "x.pdf", "") is None  # type: ignore[arg-type]
