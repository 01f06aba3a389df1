"""Files of a dialogue: shown, played, opened, saved, or left to the browser; and the menu of a message."""

import tempfile
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QActionGroup, QGuiApplication
from PySide6.QtWidgets import QMenu

from viewer.chat import File, FileKind, Message, MessageRow
from viewer.errors import ViewerError
from viewer.i18n import _, clock
from viewer.markup import Context, card_html, card_plain, html, parse, plain
from viewer.ui.downloads import Downloads
from viewer.ui.dragging import DragOut
from viewer.ui.gallery import Gallery, Loader, Shot
from viewer.ui.notice import Action
from viewer.ui.player import Player, Sound, qt_sound, sound_installed
from viewer.ui.transcript.context import Reading

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow

# What another program may be asked to open at once; everything else, programs and scripts above all, is only saved.
_OPENED = frozenset({
    "png", "jpg", "jpeg", "gif", "webp", "bmp", "pdf", "txt", "csv", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "odt",
    "ods", "rtf", "mp3", "ogg", "oga", "wav", "m4a", "mp4", "mov", "webm",
})  # fmt: skip


_SOUNDS = (FileKind.VOICE, FileKind.AUDIO)
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "bmp"})
_MB = 1024 * 1024


class Files(QObject):
    """What can be done with a file or a message: looked at, heard, opened outside, saved, dragged away."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._again: dict[int, Callable[[], object]] = {}  # what failed, by file
        self.downloads = Downloads(window)
        self.player = Player(self)
        self.dragging = DragOut(window, self)
        desk, view = window.desk, window.conversation.view
        if desk.cache is not None:
            desk.cache.limit = window.store.value.cache_mb * _MB
        loader = Loader(desk.load_picture, desk.prefetch, view.pictures.peek)
        self.gallery = Gallery(window.conversation, window.conversation.stack, loader)
        self.gallery.closed.connect(self._back_to_message)
        self.gallery.save_asked.connect(self.save)
        self.gallery.outside_asked.connect(self.open_outside)
        self.gallery.browse_asked.connect(self.browse)
        self.player.changed.connect(lambda _number: view.viewport().update())
        self.player.failed.connect(self._not_played)
        view.pointer.drag = self.dragging.begin
        view.retry_file.connect(self._retry)
        view.link_activated.connect(self._follow)
        window.details.save_all.connect(self.save_all)
        desk.opening.connect(self._leave)
        window.conversation.notice.text.setTextFormat(Qt.TextFormat.PlainText)  # names of files are told there
        window.installEventFilter(self)
        if sound_installed():
            self.use_sound(qt_sound)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Close:
            self.player.stop()
        return False

    def use_sound(self, make: Callable[[], Sound | None]) -> None:
        """Play voice and audio in their message, by what `make` gives."""
        self.player.make_sound = make
        self._window.conversation.view.pictures.sounds = self.player.state

    # --- looking, hearing, opening ---

    def open(self, number: int) -> None:
        """Show a picture, play a sound; open anything else in the program that the system has for it."""
        file = self.file(number)
        if file.missing:
            self._tell(_("The file was deleted in the portal."), "warn")
        elif _is_picture(file):
            self._show(file)
        elif file.kind in _SOUNDS and self._window.conversation.view.pictures.sounds is not None:
            self._play(file)
        else:
            self.open_outside(number)

    def open_outside(self, number: int) -> None:
        """Open a file in the program that the system has for it, or save it where that would not be safe."""
        file = self.file(number)
        if file.extension.lower() not in _OPENED:
            self.save(number)
            return
        self._with_file(
            file,
            lambda path: self.downloads.show(QUrl.fromLocalFile(str(path))),
            lambda error: self.tell_failure(file, error, lambda: self.open_outside(number)),
        )

    def save(self, number: int) -> None:
        """Ask where and save a file."""
        file = self.file(number)
        if not file.missing:
            self.downloads.save(file, lambda error: self.tell_failure(file, error, lambda: self.save(number)))

    def save_all(self) -> None:
        """Ask for a folder and save every file of the dialogue there."""
        transcript = self._window.desk.transcript
        self.downloads.save_all([file for message in transcript.messages for file in transcript.files_of(message)])

    def _show(self, file: File) -> None:
        transcript = self._window.desk.transcript
        shots = {
            each.id: Shot(each, transcript.author(message).name, message.date, message.id)
            for message in reversed(transcript.messages)
            for each in reversed(transcript.files_of(message))
            if _is_picture(each) and not each.missing
        }
        listed = list(reversed(shots.values()))
        self.gallery.open(listed, next(n for n, shot in enumerate(listed) if shot.file.id == file.id))

    def _back_to_message(self, number: int) -> None:
        view = self._window.conversation.view
        view.setFocus()
        row = view.stage.row_of(number)
        if row is not None:
            view.focus_row(row)

    def _play(self, file: File) -> None:
        player = self.player
        state = player.state(file.id)
        if state is not None:
            player.stop() if state.waiting else player.toggle()
        elif not player.ready():  # the module is there, but this system cannot load it
            self._window.conversation.view.pictures.sounds = None
            self.open_outside(file.id)
        else:
            player.await_file(file.id)
            self._with_file(file, lambda path: player.play(file.id, path), lambda error: self._not_fetched(file, error))

    def _not_fetched(self, file: File, error: ViewerError) -> None:
        if self.player.current == file.id:
            self.player.stop()
        self.tell_failure(file, error, lambda: self.open(file.id))

    def _not_played(self, number: int, _words: str) -> None:
        words = _("{name} cannot be played here.").format(name=self.file(number).name)
        actions: list[Action] = [(_("Open in another program"), lambda: self.open_outside(number))]
        self._window.conversation.notice.tell(words, "warn", actions)

    def _follow(self, address: str) -> None:
        """The program's own links on a sound: to a moment in thousandths of its length, or to another speed."""
        kind, _slash, rest = address.partition("/")
        number, _slash, what = rest.partition("/")
        if kind == "olv:sound" and number.isdigit():
            if what == "speed":
                self.player.next_speed()
            elif what.isdigit():
                self.player.seek(int(number), int(what) / 1000)

    def _leave(self) -> None:
        """Another dialogue is being opened."""
        self._again.clear()
        self.player.stop()
        self.gallery.leave()

    # --- menus ---

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
        self._add_files(menu, [file for file in transcript.files_of(message) if not file.missing])
        menu.addSeparator()
        if message.text.strip():
            menu.addMenu(self._readings(number, menu))
        menu.addAction(_("Show raw data")).triggered.connect(lambda: self._window.show_raw(number))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)

    def _add_files(self, menu: QMenu, files: list[File]) -> None:
        failure = self._window.conversation.view.pictures.failure
        for file in files:
            name = file.name.replace("&", "&&")
            saving = menu.addAction(_("Save {name}…").format(name=name))
            saving.triggered.connect(partial(self.save, file.id))
            if failure(file.id):
                browsing = menu.addAction(_("Open {name} in browser").format(name=name))
                browsing.triggered.connect(partial(self.browse, file.id))
        if len(files) > 1:
            menu.addAction(_("Save all files…")).triggered.connect(lambda: self.downloads.save_all(files))

    def session_menu(self, spot: QPoint) -> None:
        """The menu of a session's bar."""
        window = self._window
        menu = QMenu(window)
        menu.addAction(_("Copy a link to this session")).triggered.connect(window.conversation.copy_link)
        menu.addAction(_("Export…")).triggered.connect(window.exporter.ask)
        menu.addAction(_("Print…")).triggered.connect(lambda _on=False: window.exporter.print())
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
        if address := _address(self.file(number)):
            self.downloads.show(QUrl(address))

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

    # --- inside ---

    def file(self, number: int) -> File:
        """A file of the open dialogue; a missing one where there is none of this number."""
        known = self._window.desk.transcript.files
        return known.get(number, File(number, "", FileKind.DOCUMENT, missing=True))

    def place(self, file: File) -> Path:
        """Where a file stands while the program runs, once it was fetched; its own folder keeps its name whole."""
        from viewer.library.files import file_name

        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="openlines-", ignore_cleanup_errors=True)
            self.destroyed.connect(self._folder.cleanup)
        return Path(self._folder.name) / str(file.id) / file_name(file)

    def _with_file(self, file: File, then: Callable[[Path], object], failed: Callable[[ViewerError], object]) -> None:
        path = self.place(file)
        if path.exists():
            then(path)
        else:
            self.downloads.one(file, path, then, failed)

    def tell_failure(self, file: File, error: ViewerError, again: Callable[[], object]) -> None:
        """Tell why a file cannot be had: where it stands, and in the notice when that is out of sight.

        What the disk refused is no fault of the file, and told in the notice alone.
        """
        from viewer.bitrix import PortalError

        view = self._window.conversation.view
        by_portal = isinstance(error, PortalError)
        in_place = by_portal and view.pictures.peek(file.id) is None  # a picture that is shown stays shown
        if in_place:
            self._again[file.id] = again
            view.set_picture_failed(file.id, error.title)
        if not in_place or not self._in_sight(file.id):
            actions: list[Action] = [(_("Try again"), again)]
            if by_portal and _address(file):
                actions.insert(0, (_("Open in browser"), lambda: self.browse(file.id)))
            self._window.conversation.notice.tell(f"{file.name}: {error}", "bad", actions)

    def _in_sight(self, number: int) -> bool:
        stage = self._window.conversation.view.stage
        rows = [stage.rows[shown.row] for shown in stage.shown]
        return not self.gallery.isVisible() and any(
            isinstance(row, MessageRow) and number in row.message.file_ids for row in rows
        )

    def _retry(self, number: int) -> None:
        """A file that failed is asked for again; a picture in the transcript asks for itself when it is painted."""
        again = self._again.pop(number, None)
        if again is not None:
            again()

    def _tell(self, words: str, tone: str) -> None:
        self._window.conversation.notice.tell(words, tone)


def _is_picture(file: File) -> bool:
    """Whether it can be looked at here; a picture may have been sent as a file."""
    return file.kind is FileKind.IMAGE or (file.kind is FileKind.DOCUMENT and file.extension.lower() in _PICTURES)


def _address(file: File) -> str:
    """The file's address for a browser, if it has one that may be opened."""
    address = file.url_download or file.url_show
    return address if address.startswith(("https://", "http://")) else ""
