"""The menus of a message and of a session."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu

from viewer.chat import File
from viewer.i18n import _
from viewer.ui.transcript.context import Reading
from viewer.ui.transcript.copying import row_data
from viewer.ui.transcript.hits import Act

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow


class Menus(QObject):
    """What the other mouse button and the menu key offer in the transcript."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        view = window.conversation.view
        view.message_menu.connect(self.message)
        view.session_menu.connect(lambda _number, spot: self.session(spot))

    def message(self, number: int, spot: QPoint) -> None:
        """The menu of a message, with what is marked and the link under the pointer."""
        transcript, view = self._window.desk.transcript, self._window.conversation.view
        message = next((each for each in transcript.messages if each.id == number), None)
        if message is None:
            return
        menu = QMenu(self._window)
        if view.selection is not None and not view.selection.empty:
            menu.addAction(_("Copy what is marked")).triggered.connect(view.copy)
            menu.addSeparator()
        if address := self._address():
            menu.addAction(_("Open the link")).triggered.connect(partial(self._window.links.follow, address))
            copying = menu.addAction(_("Copy the link's address"))
            copying.triggered.connect(lambda: QGuiApplication.clipboard().setText(_bare(address)))
            menu.addSeparator()
        menu.addAction(_("Copy text")).triggered.connect(lambda: self._copy(number, head=False))
        menu.addAction(_("Copy with author and time")).triggered.connect(lambda: self._copy(number, head=True))
        menu.addAction(_("Copy a link to this session")).triggered.connect(self._window.conversation.copy_link)
        self._add_files(menu, [file for file in transcript.files_of(message) if not file.missing])
        menu.addSeparator()
        if message.text.strip():
            menu.addMenu(self._readings(number, menu))
        menu.addAction(_("Show raw data")).triggered.connect(lambda: self._window.show_raw(number))
        _pop_up(menu, spot)

    def session(self, spot: QPoint) -> None:
        """The menu of a session's bar."""
        window = self._window
        menu = QMenu(window)
        menu.addAction(_("Copy a link to this session")).triggered.connect(window.conversation.copy_link)
        menu.addAction(_("Export…")).triggered.connect(window.exporter.ask)
        menu.addAction(_("Print…")).triggered.connect(lambda _on=False: window.exporter.print())
        menu.addAction(_("Read again")).triggered.connect(window.again.read)
        whole = menu.addAction(_("Read the whole chat"))
        whole.triggered.connect(window.past.read_whole)
        if why := window.past.why_not_whole:
            whole.setEnabled(False)
            whole.setToolTip(why)
            menu.setToolTipsVisible(True)
        _pop_up(menu, spot)

    def _address(self) -> str:
        """The link under the pointer, "" where there is none that means something outside this program."""
        hover = self._window.conversation.view.hover
        if hover is None or hover.act is not Act.LINK or not isinstance(hover.target, str):
            return ""
        return hover.target if hover.target.startswith(("https://", "http://", "mailto:", "tel:")) else ""

    def _copy(self, number: int, *, head: bool) -> None:
        stage = self._window.conversation.view.stage
        row = stage.row_of(number)
        told = row_data(stage, row, head=head) if row is not None else None
        if told is not None:
            QGuiApplication.clipboard().setMimeData(told)

    def _add_files(self, menu: QMenu, files: list[File]) -> None:
        owner, failure = self._window.files, self._window.conversation.view.pictures.failure
        for file in files:
            name = file.name.replace("&", "&&")
            menu.addAction(_("Save {name}…").format(name=name)).triggered.connect(partial(owner.save, file.id))
            if failure(file.id):
                browsing = menu.addAction(_("Open {name} in browser").format(name=name))
                browsing.triggered.connect(partial(owner.browse, file.id))
        if len(files) > 1:
            menu.addAction(_("Save all files…")).triggered.connect(lambda: owner.downloads.save_all(files))

    def _readings(self, number: int, parent: QMenu) -> QMenu:
        """The ways to read a message's text."""
        view = self._window.conversation.view
        menu = QMenu(_("Show text"), parent)
        group = QActionGroup(menu)
        for reading, title in (
            (Reading.MESSENGER, _("Formatted")),
            (Reading.MARKDOWN, _("Formatted as Markdown")),
            (Reading.TYPED, _("As typed")),
        ):
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(view.reading(number) is reading)
            action.triggered.connect(partial(view.read_as, number, reading))
            group.addAction(action)
        return menu


def _bare(address: str) -> str:
    """An address as one would write it: a number or a mailbox without its scheme."""
    return address.removeprefix("mailto:").removeprefix("tel:")


def _pop_up(menu: QMenu, spot: QPoint) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(spot)
