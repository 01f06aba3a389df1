"""The export dialog in the real window, with keys and mouse: what it offers, counts, forbids; what it writes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QPushButton, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, demo, file_named, window
from viewer import i18n
from viewer.demo import DemoPortal
from viewer.library.batch import State
from viewer.library.choices import PRESETS, Choices, Clash
from viewer.ui import theme as themes
from viewer.ui.exports.dialog import ExportDialog
from viewer.ui.exports.runner import Job
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(params=["en"])
def speech(request: pytest.FixtureRequest) -> Iterator[str]:
    i18n.use(request.param)
    yield request.param
    i18n.use("en")


def opened(shown: MainWindow, qtbot: QtBot, folder: Path) -> ExportDialog:
    """The dialog by its key, exporting to a folder."""
    folder.mkdir(exist_ok=True)
    shown.store.change(export_folder=str(folder))
    qtbot.keyClick(shown, Qt.Key.Key_E, CTRL)
    dialog = shown.exporter.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert not dialog.isModal()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=PATIENCE)
    return dialog


def press(button: QAbstractButton | QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def exported(shown: MainWindow, qtbot: QtBot) -> Job:
    """Press the button, and what came of it."""
    assert shown.exporter.dialog is not None
    with qtbot.waitSignal(shown.exporter.finished, timeout=60_000) as heard:
        press(shown.exporter.dialog.go)
    assert heard.args is not None
    job = heard.args[0]
    assert isinstance(job, Job)
    return job


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def typed(dialog: ExportDialog, qtbot: QtBot, template: str) -> None:
    """Write a template with keys."""
    field = dialog.form.template
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_A, CTRL)
    qtbot.keyClicks(field, template)


def test_it_offers_what_the_window_shows(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(window("321"), qtbot, tmp_path / "out")
    assert dialog.about.text() == "Анна Вересова · Telegram · Поддержка"
    assert {key: tile.isEnabled() for key, tile in dialog.form.scopes.items()} == {
        "session": True, "chat": True, "list": False,
    }  # fmt: skip
    assert dialog.form.scope == "session"
    assert dialog.form.scopes["session"].hasFocus()
    qtbot.waitUntil(lambda: dialog.summary.head.text().startswith("19 messages"), timeout=PATIENCE)
    assert dialog.form.example.text().endswith("_Анна Вересова_321.pdf")


def test_cards_are_chosen_with_keys_and_counted_anew(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    dialog = opened(shown, qtbot, tmp_path / "out")
    qtbot.keyClick(dialog.form.scopes["session"], Qt.Key.Key_Right)
    assert dialog.form.scope == "chat"
    html = dialog.form.formats["html"]
    press(html)
    html.setFocus()
    qtbot.keyClick(html, Qt.Key.Key_Space)
    assert dialog.go.text() == "Export 1 format"
    qtbot.keyClick(html, Qt.Key.Key_Space)
    assert dialog.go.text() == "Export 2 formats"
    for tile in (html, dialog.form.formats["pdf"]):
        press(tile)
    assert not dialog.go.isEnabled()
    assert dialog.go.toolTip() == "Choose a format."


def test_several_formats_go_to_the_folder_under_the_name_that_was_typed(
    window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    shown = window("321")
    folder = tmp_path / "out"
    dialog = opened(shown, qtbot, folder)
    for name in ("txt", "json", "pdf"):
        press(dialog.form.formats[name])
    typed(dialog, qtbot, "{line}/{client} {session}")
    assert dialog.form.example.text() == str(Path("Поддержка", "Анна Вересова 321.txt"))
    job = exported(shown, qtbot)
    assert names(folder) == ["Поддержка/Анна Вересова 321.json", "Поддержка/Анна Вересова 321.txt"]
    assert dialog.pages.currentWidget() is dialog.run_page
    assert dialog.run_page.head.text() == "2 documents saved"
    assert dialog.run_page.banner.property("mood") == "good"
    assert [row.state for row in dialog.run_page.list.lines.rows] == ["good"] * 4
    assert not shown.status.stop.isVisible()
    assert len(job.paths()) == 2
    press(dialog.copy)
    assert "Анна Вересова 321.txt" in QGuiApplication.clipboard().text()
    seen: list[str] = []
    shown.exporter.show_outside = lambda url: seen.append(url.toLocalFile())
    press(dialog.run_page.folder)
    press(dialog.run_page.open)
    assert [Path(each).name for each in seen] == ["Поддержка", "Анна Вересова 321.txt"]
    press(dialog.back)
    assert dialog.pages.currentWidget() is dialog.setup


def test_a_template_is_inserted_from_the_menu_and_a_wrong_one_told(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = opened(window("321"), qtbot, tmp_path / "out")
    typed(dialog, qtbot, "a")
    menu = dialog.form.insert.menu()
    next(action for action in menu.actions() if action.data() == "session").trigger()
    next(action for action in menu.actions() if action.data() == "chat").trigger()
    assert dialog.form.template.toPlainText() == "a{session}_{chat}"
    typed(dialog, qtbot, "{nothing}")
    assert not dialog.go.isEnabled()
    assert dialog.form.example.property("tone") == "red"
    assert "There is no field {nothing}." in dialog.form.example.text()
    typed(dialog, qtbot, "b")
    assert dialog.go.isEnabled()
    pasted = QMimeData()
    pasted.setText("c\nd")
    dialog.form.template.insertFromMimeData(pasted)
    assert dialog.form.choices().template == "bc d"
    with qtbot.waitSignal(dialog.asked):
        qtbot.keyClick(dialog.form.template, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not dialog.isVisible() or dialog.close_button.isVisible(), timeout=60_000)


def test_what_exists_is_asked_about_and_nobody_waits_for_the_answer(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    folder = tmp_path / "out"
    dialog = opened(shown, qtbot, folder)
    dialog.form.set_choices(Choices(formats=("txt",), template="a"))
    (folder / "a.txt").write_text("mine", encoding="utf-8")
    job = exported(shown, qtbot)
    page = dialog.run_page
    assert [each.state for each in job.outcomes.values()] == [State.EXISTS]
    assert (folder / "a.txt").read_text(encoding="utf-8") == "mine"
    assert [button.isVisible() for button in page.answers] == [True] * 3
    with qtbot.waitSignal(shown.exporter.finished, timeout=60_000):
        press(page.answers[1])
    assert names(folder) == ["a (2).txt", "a.txt"]
    assert (folder / "a.txt").read_text(encoding="utf-8") == "mine"
    assert page.head.text() == "1 document saved"
    assert not any(button.isVisible() for button in page.answers)


def test_a_redacted_copy_is_previewed_and_tells_nobody(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    folder = tmp_path / "out"
    dialog = opened(shown, qtbot, folder)
    form = dialog.form
    press(form.formats["pdf"])
    press(form.formats["txt"])
    form.redacted.setFocus()
    qtbot.keyClick(form.redacted, Qt.Key.Key_Space)
    assert form.more.isVisible()
    assert not form.evidence.isEnabled()
    form.words.setText("коробка")  # Qt's test types Latin letters alone
    assert "Client 1" in form.example.text()
    press(form.preview)
    qtbot.waitUntil(lambda: bool(dialog.findChildren(QTableWidget, "replaced")), timeout=PATIENCE)
    (table,) = dialog.findChildren(QTableWidget, "replaced")
    cells = [table.model().index(row, column).data() for row in range(table.rowCount()) for column in (1, 2)]
    assert "Анна Вересова" in cells
    assert "Client 1" in cells
    assert "коробка" in cells
    next(iter(each for each in dialog.findChildren(QDialog))).close()
    exported(shown, qtbot)
    (name,) = names(folder)
    assert "Вересова" not in name
    assert [word for word in ("Вересова", "коробка") if word in (folder / name).read_text(encoding="utf-8")] == []
    for box in form.kinds.values():
        box.setChecked(False)
    form.words.clear()
    assert dialog.go.toolTip() == "Choose what is to be replaced."


def test_presets_are_offered_kept_and_forgotten(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    dialog = opened(shown, qtbot, tmp_path / "out")
    presets = dialog.presets
    presets.fill()
    presets.menu.actions()[0].trigger()
    assert not dialog.form.internal.isChecked()
    assert dialog.form.choices().options.files == "beside"
    presets.ask_name = lambda _parent: "  Mine "
    presets.save()
    assert [kept.name for kept in shown.store.value.exports] == ["Mine"]
    dialog.form.set_choices(Choices())
    presets.fill()
    next(action for action in presets.menu.actions() if action.text() == "Mine").trigger()
    assert not dialog.form.internal.isChecked()
    assert dialog.form.choices().options == PRESETS["For the client"].options
    presets.forget("Mine")
    assert shown.store.value.exports == ()
    presets.ask_name = lambda _parent: ""
    presets.save()
    assert shown.store.value.exports == ()


def test_another_folder_is_asked_for_and_a_bad_one_told(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    dialog = opened(shown, qtbot, tmp_path / "out")
    blocker = tmp_path / "a file"
    blocker.write_text("", encoding="utf-8")
    dialog.ask_folder = lambda _parent, _folder: None
    press(dialog.change)
    assert dialog.folder == tmp_path / "out"
    dialog.ask_folder = lambda _parent, _folder: blocker
    press(dialog.change)
    job = exported(shown, qtbot)
    assert dialog.run_page.banner.property("mood") == "bad"
    assert dialog.run_page.head.text() == "Nothing was saved"
    assert "A file stands where the folder" in str(job.failed()[0].error)
    assert dialog.run_page.again.isVisible()
    dialog.run_page.again.setFocus()
    blocker.unlink()
    with qtbot.waitSignal(shown.exporter.finished, timeout=60_000):
        qtbot.keyClick(dialog.run_page.again, Qt.Key.Key_Space)
    assert dialog.run_page.head.text() == "1 document saved"


def test_what_could_not_be_fetched_is_listed_and_fetched_again(
    window: Open, qtbot: QtBot, tmp_path: Path, demo: DemoPortal
) -> None:
    shown = window("321")
    folder = tmp_path / "out"
    dialog = opened(shown, qtbot, folder)
    dialog.form.set_choices(Choices(formats=("html",), template="a"))
    desk = shown.desk
    assert desk.cache is not None
    desk.cache.clear()
    picture = file_named(shown, "photo_1.png")
    before = demo.world.files[picture.id]
    demo.world.files[picture.id] = replace(before, lost="both")
    exported(shown, qtbot)
    assert names(folder) == ["a (incomplete).html"]
    assert dialog.run_page.notices.isVisible()
    demo.world.files[picture.id] = before
    with qtbot.waitSignal(shown.exporter.finished, timeout=60_000):
        press(dialog.run_page.again)
    assert names(folder) == ["a.html"]
    assert not dialog.run_page.notices.isVisible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("speech", ["en", "ru"], indirect=True)
def test_every_word_fits(window: Open, qtbot: QtBot, tmp_path: Path, theme: str, speech: str) -> None:
    shown = window("321")
    shown.set_theme(themes.theme(theme))
    dialog = opened(shown, qtbot, tmp_path / "out")
    dialog.resize(dialog.minimumSize())
    dialog.set_theme(themes.theme(theme))
    assert not dialog.grab().isNull()
    cut = [
        button.text()
        for button in dialog.findChildren(QPushButton)
        if button.isVisible() and button.width() < button.minimumSizeHint().width()
    ]
    assert cut == []
    assert dialog.form.minimumSizeHint().width() <= dialog.width() - dialog.summary.width() - 14


def test_without_a_dialogue_and_a_list_it_says_so(window: Open, qtbot: QtBot) -> None:
    shown = window("321")
    shown.desk.rows = []
    shown.exporter.ask()
    assert shown.exporter.dialog is None or not shown.exporter.dialog.isVisible()
    assert "Choose a dialogue first" in shown.conversation.notice.text.text()


def test_again_as_last_time_asks_nothing(window: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shown = window("321")
    folder = tmp_path / "out"
    folder.mkdir()
    qtbot.keyClick(shown, Qt.Key.Key_E, CTRL | SHIFT)
    dialog = shown.exporter.dialog
    assert dialog is not None
    assert dialog.isVisible(), "nothing was exported before"
    dialog.close()
    choices = Choices(formats=("md",), template="b", clash=Clash.BOTH)
    shown.store.change(export_folder=str(folder), export_scope="session", export_last=choices.plain())
    for expected in (["b.md"], ["b (2).md", "b.md"]):
        shown.activateWindow()
        with qtbot.waitSignal(shown.exporter.finished, timeout=60_000):
            qtbot.keyClick(shown, Qt.Key.Key_E, CTRL | SHIFT)
        assert names(folder) == expected
    assert not dialog.isVisible()
    assert "1 document saved" in shown.conversation.notice.text.text()
    assert shown.conversation.notice.property("mood") == "good"
