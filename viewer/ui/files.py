"""Files of a dialogue: opened, saved, or shown in the browser; and the menu of a message."""

import tempfile
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QPoint, QUrl
from PySide6.QtGui import QActionGroup, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from viewer.chat import File, FileKind, Message
from viewer.errors import ViewerError
from viewer.i18n import _, clock
from viewer.markup import Context, card_html, card_plain, html, parse, plain
from viewer.ui.notice import Action
from viewer.ui.transcript.context import Reading

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow

# What another program may be asked to open at once; everything else, programs and scripts above all, is only saved.
_OPENED = frozenset({
    "png", "jpg", "jpeg", "gif", "webp", "bmp", "pdf", "txt", "csv", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "odt",
    "ods", "rtf", "mp3", "ogg", "oga", "wav", "m4a", "mp4", "mov", "webm",
})  # fmt: skip


class Files(QObject):
    """What can be done with a file or a message."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def open(self, number: int) -> None:
        """Open a file in the program that the system has for it, or save it where that would not be safe."""
        file = self._file(number)
        if file.missing:
            self._tell(_("The file was deleted in the portal."), "warn")
        elif file.extension.lower() in _OPENED:
            self._fetch(file, self._temporary() / _safe(file), QDesktopServices.openUrl)
        else:
            self.save(number)

    def save(self, number: int) -> None:
        """Ask where and save a file."""
        file = self._file(number)
        if file.missing:
            return
        chosen, _kind = QFileDialog.getSaveFileName(self._window, _("Save file"), _safe(file))
        if chosen:
            saved = _("Saved {name}").format(name=Path(chosen).name)
            self._fetch(file, Path(chosen), lambda _url: self._tell(saved, "good"))

    def message_menu(self, number: int, spot: QPoint) -> None:
        """The menu of a message."""
        transcript = self._window.desk.transcript
        message = next((each for each in transcript.messages if each.id == number), None)
        if message is None:
            return
        menu = QMenu(self._window)
        menu.addAction(_("Copy text")).triggered.connect(lambda: self._copy_message(message))
        head = f"{transcript.author(message).name}, {clock(message.date)}"
        menu.addAction(_("Copy with author and time")).triggered.connect(lambda: self._copy_message(message, head))
        for file in transcript.files_of(message):
            if not file.missing:
                saving = menu.addAction(_("Save {name}…").format(name=file.name))
                saving.triggered.connect(partial(self.save, file.id))
        menu.addSeparator()
        if message.text.strip():
            menu.addMenu(self._readings(number, menu))
        menu.addAction(_("Show raw data")).triggered.connect(lambda: self._window.show_raw(number))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)

    def session_menu(self, spot: QPoint) -> None:
        """The menu of a session's bar."""
        window = self._window
        menu = QMenu(window)
        menu.addAction(_("Copy a link to this session")).triggered.connect(window.conversation.copy_link)
        menu.addAction(_("Export…")).triggered.connect(window.exporter.ask)
        menu.addAction(_("Read again")).triggered.connect(window.desk.refresh)
        whole = menu.addAction(_("Read the whole chat"))
        whole.triggered.connect(window.past.read_whole)
        if why := window.past.why_not_whole:
            whole.setEnabled(False)
            whole.setToolTip(why)
            menu.setToolTipsVisible(True)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)

    def browse(self, number: int) -> None:
        """Show a file in the browser, where the user is signed in."""
        file = self._file(number)
        address = file.url_download or file.url_show
        if address.startswith(("https://", "http://")):
            QDesktopServices.openUrl(QUrl(address))

    def words(self, message: Message) -> str:
        """A message as plain text, with what its cards say."""
        context = self._context()
        text = plain(parse(message.text, base=context.base, markdown=message.markdown), context)
        return "\n".join(filter(None, [text, *(card_plain(card, context) for card in message.cards)]))

    def _context(self) -> Context:
        names = {person.id: person.name for person in self._window.desk.transcript.people.values()}
        source = self._window.desk.source
        return Context(people=names, base=source.root if source else "")

    def _copy_message(self, message: Message, head: str = "") -> None:
        """Copy a message as text, and with its formatting for programs that take it."""
        context = self._context()
        nodes = parse(message.text, base=context.base, markdown=message.markdown)
        cards = "".join(card_html(card, context) for card in message.cards)
        told = QMimeData()
        told.setText("\n".join(filter(None, [head, self.words(message)])))
        told.setHtml((f"<b>{escape(head)}</b><br>" if head else "") + html(nodes, context) + cards)
        QGuiApplication.clipboard().setMimeData(told)

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

    def _file(self, number: int) -> File:
        known = self._window.desk.transcript.files
        return known.get(number, File(number, "", FileKind.DOCUMENT, missing=True))

    def _fetch(self, file: File, path: Path, then: object) -> None:
        status = self._window.status
        name = file.name

        def done(saved: Path | None) -> None:
            status.end_work()
            if saved is not None:
                then(QUrl.fromLocalFile(str(saved)))  # type: ignore[operator]

        task = self._window.desk.save_file(file, path, done, lambda error: self._failed(file, error))
        status.begin_work(_("Fetching {name}").format(name=name), task.cancel)

    def _failed(self, file: File, error: ViewerError) -> None:
        self._window.status.end_work()
        actions: list[Action] = [(_("Try again"), lambda: self.open(file.id))]
        address = file.url_download or file.url_show
        if address.startswith(("https://", "http://")):
            actions.insert(0, (_("Open in browser"), lambda: QDesktopServices.openUrl(QUrl(address))))
        self._window.conversation.notice.tell(f"{file.name}: {error}", "bad", actions)

    def _temporary(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="openlines-", ignore_cleanup_errors=True)
            self.destroyed.connect(self._folder.cleanup)
        return Path(self._folder.name)

    def _tell(self, words: str, tone: str) -> None:
        self._window.conversation.notice.tell(words, tone)

    def _copy(self, words: str) -> None:
        QGuiApplication.clipboard().setText(words)


def _safe(file: File) -> str:
    from viewer.export import safe_name

    return safe_name(file.name or f"file-{file.id}")
