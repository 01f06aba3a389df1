"""Runs in the real window: lists in the background, stopped, cut and gone on with; the history; paper."""

from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, demo, window
from viewer.chat import Reference, ReferenceKind
from viewer.demo import DemoPortal
from viewer.library import journal as journals
from viewer.library.batch import Plan, State
from viewer.library.choices import Choices
from viewer.library.scopes import PortalReader, list_items
from viewer.ui.exports.runner import Job
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]
CTRL = Qt.KeyboardModifier.ControlModifier
TXT = Choices(formats=("txt",), template="{session}")
CLIENT = "Вересова"


def listed(shown: MainWindow, qtbot: QtBot, folder: Path, choices: Choices = TXT) -> None:
    """The list of one client's dialogues, and exports to a folder."""
    with qtbot.waitSignal(shown.desk.list_busy, timeout=PATIENCE, check_params_cb=lambda busy: not busy):
        shown.start()
    shown.dialogues.field.setText(CLIENT)
    qtbot.waitUntil(lambda: 0 < shown.dialogues.model.counts()[0] < 10, timeout=PATIENCE)
    folder.mkdir(exist_ok=True)
    shown.store.change(export_folder=str(folder), export_scope="list", export_last=choices.plain())


def ended(shown: MainWindow, qtbot: QtBot, act: object) -> Job:
    with qtbot.waitSignal(shown.exporter.finished, timeout=60_000) as heard:
        act()  # type: ignore[operator]
    assert heard.args is not None
    job = heard.args[0]
    assert isinstance(job, Job)
    return job


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_list_runs_in_the_background_while_another_dialogue_is_read(
    window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = window("321")
    folder = tmp_path / "out"
    listed(shown, qtbot, folder)
    qtbot.keyClick(shown, Qt.Key.Key_E, CTRL)
    dialog = shown.exporter.dialog
    assert dialog is not None
    assert dialog.form.scope == "list"
    qtbot.waitUntil(dialog.summary.counted.isVisible, timeout=PATIENCE)
    assert dialog.subject is not None
    count = len(dialog.subject.listed)
    with qtbot.waitSignal(shown.exporter.finished, timeout=60_000):
        press(dialog.go)
        assert dialog.pages.currentWidget() is dialog.run_page
        assert len(dialog.run_page.list.lines.rows) == count
        press(dialog.background)
        assert not dialog.isVisible()
        assert "continues in the background" in shown.conversation.notice.text.text()
        shown.desk.open(Reference(ReferenceKind.SESSION, "343"))
    assert f"{count} documents saved" in shown.conversation.notice.text.text()
    assert len(names(folder)) == count
    shown.exporter.show_result()
    assert dialog.isVisible()
    assert dialog.run_page.head.text() == f"{count} documents saved"
    assert {row.state for row in dialog.run_page.list.lines.rows} == {"good"}


def test_stopping_keeps_what_is_whole(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    folder = tmp_path / "out"
    listed(shown, qtbot, folder)
    qtbot.keyClick(shown, Qt.Key.Key_E, CTRL)
    dialog = shown.exporter.dialog
    assert dialog is not None
    runner = shown.exporter._working()
    runner.came.connect(lambda _outcome: press(dialog.stop) if runner.busy else None)
    job = ended(shown, qtbot, lambda: press(dialog.go))
    assert job.stopped
    assert len(job.outcomes) == 1
    assert dialog.head.text() == "Export stopped"
    assert dialog.run_page.banner.property("mood") == "warn"
    assert job.paths()[0].read_text(encoding="utf-8")
    assert not shown.exporter.busy


def test_a_run_that_was_cut_is_offered_and_goes_on(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    folder, state = tmp_path / "out", tmp_path / "state"
    shown.exporter.state = state
    listed(shown, qtbot, folder)
    source = shown.desk.source
    assert source is not None
    sessions = [each for row in shown.dialogues.model.rows if not row.child for each in row.entry.sessions]
    plan = Plan(list_items(sessions, str), TXT, folder)
    journal = journals.begin(plan, source.key, state)
    from viewer.library.batch import run

    work = run(plan, PortalReader(shown.desk.portal), cancel=Event(), journal=journal)
    next(work)  # and here the light went out
    qtbot.keyClick(shown, Qt.Key.Key_E, CTRL)
    dialog = shown.exporter.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.cut.isVisible, timeout=PATIENCE)
    assert f"1 of {len(sessions)} dialogues are done" in dialog.cut_words.text()
    job = ended(shown, qtbot, lambda: press(dialog.cut_go))
    assert [each.state for each in job.outcomes.values()].count(State.BEFORE) == 1
    assert len(names(folder)) == len(sessions)
    assert journals.find(source.key, folder, state) is None
    press(dialog.back)
    assert not dialog.cut.isVisible()


def test_a_run_that_was_cut_may_be_forgotten(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    folder, state = tmp_path / "out", tmp_path / "state"
    shown.exporter.state = state
    listed(shown, qtbot, folder)
    source = shown.desk.source
    assert source is not None
    journals.begin(Plan(list_items(shown.desk.sessions[:2], str), TXT, folder), source.key, state)
    qtbot.keyClick(shown, Qt.Key.Key_E, CTRL)
    dialog = shown.exporter.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.cut.isVisible, timeout=PATIENCE)
    press(dialog.cut_forget)
    assert not dialog.cut.isVisible()
    assert journals.find(source.key, folder, state) is None


def test_the_history_shows_repeats_and_forgets(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    folder = tmp_path / "out"
    folder.mkdir()
    ended(shown, qtbot, lambda: shown.exporter.start("session", TXT, folder))
    shown.exporter.show_history()
    past = shown.exporter.past
    assert past is not None
    assert past.list.count() == 1
    assert "Анна Вересова" in past.list.item(0).text()
    seen: list[str] = []
    shown.exporter.show_outside = lambda url: seen.append(url.toLocalFile())
    press(past.show_button)
    assert [Path(each) for each in seen] == [folder]
    (folder / "321.txt").unlink()
    ended(shown, qtbot, lambda: press(past.again_button))
    assert names(folder) == ["321.txt"]
    shown.exporter.show_history()
    past = shown.exporter.past
    assert past is not None
    assert past.list.count() == 2
    press(past.clear_button)
    assert past.list.count() == 0
    assert not past.again_button.isEnabled()
    assert shown.exporter.history.entries() == []


def test_what_was_refused_stands_in_the_list_with_its_reason(
    window: Open, qtbot: QtBot, tmp_path: Path, demo: DemoPortal
) -> None:
    shown = window("321")
    listed(shown, qtbot, tmp_path / "out")
    denied = shown.desk.sessions[0]
    shown.desk.sessions[0] = replace(denied, id=999_999, client_name=CLIENT, opened=shown.desk.sessions[1].opened)
    shown.desk.sessions_changed.emit(list(shown.desk.sessions))
    shown.exporter.ask()
    dialog = shown.exporter.dialog
    assert dialog is not None
    job = ended(shown, qtbot, lambda: press(dialog.go))
    failed = job.of(State.FAILED)
    assert [each.item.reference for each in failed] == ["999999"]
    assert dialog.run_page.banner.property("mood") == "warn"
    (row,) = dialog.run_page.notes.lines.rows
    assert row.state == "bad"
    assert row.detail
    assert dialog.run_page.again.isVisible()


def test_the_demo_portal_leaves_no_history(window: Open, qtbot: QtBot, tmp_path: Path, home: Path) -> None:
    shown = window("321")
    assert shown.desk.source is not None
    shown.desk.source = replace(shown.desk.source, demo=True)
    shown.exporter.state = tmp_path / "state"
    ended(shown, qtbot, lambda: shown.exporter.start("session", TXT, tmp_path))
    assert shown.exporter.history.path is None
    assert not (tmp_path / "state").exists()
    assert list(home.rglob("exports*")) == []


# --- paper ---


def test_the_preview_shows_pages_and_prints_them(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    qtbot.keyClick(shown, Qt.Key.Key_P, CTRL)
    printer = shown.exporter.printer
    assert printer is not None
    dialog = printer.dialog
    assert dialog is not None
    with qtbot.waitSignal(printer.drawn, timeout=60_000) as heard:
        pass
    assert heard.args is not None
    count = heard.args[0]
    assert count == len(dialog.sheets.pages) >= 2
    assert dialog.words.text() == f"Page 1 of {count}"
    dialog.sheets.verticalScrollBar().setValue(dialog.sheets.verticalScrollBar().maximum())
    assert dialog.words.text() == f"Page {count} of {count}"
    middle = dialog.sheets.viewport().grab().toImage()
    assert middle.pixelColor(middle.width() // 2, middle.height() // 2).isValid()

    target = tmp_path / "paper.pdf"
    asked: list[int] = []

    def to_file(_parent: object, pages: int) -> QPrinter:
        asked.append(pages)
        made = QPrinter()
        made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        made.setOutputFileName(str(target))
        return made

    printer.ask_printer = to_file
    with qtbot.waitSignal(printer.printed, timeout=60_000) as heard:
        press(dialog.print)
    assert heard.args == [count]
    assert asked == [count]
    pages = PdfReader(target).pages
    assert len(pages) == count
    assert round(float(pages[0].mediabox.width)) in (595, 596)
    folder = dialog.sheets.pages[0].parent
    dialog.close()
    assert not folder.exists()
    assert printer.dialog is None


def test_nothing_is_printed_when_the_user_does_not_want_to(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    shown.exporter.print()
    printer = shown.exporter.printer
    assert printer is not None
    dialog = printer.dialog
    assert dialog is not None
    with qtbot.waitSignal(printer.drawn, timeout=60_000):
        pass
    printer.ask_printer = lambda _parent, _pages: None
    press(dialog.print)
    assert dialog.print.isEnabled()
    dialog.close()


@pytest.mark.parametrize("closed", [True, False])
def test_a_preview_closed_while_it_is_drawn_leaves_nothing(window: Open, qtbot: QtBot, closed: bool) -> None:
    shown = window("321")
    shown.exporter.print()
    printer = shown.exporter.printer
    assert printer is not None
    first = printer.dialog
    assert first is not None
    if closed:
        first.close()
    shown.exporter.print()
    with qtbot.waitSignal(printer.drawn, timeout=60_000):
        pass
    assert printer.dialog is not None
    printer.dialog.close()
