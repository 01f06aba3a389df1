"""What the window can ask for: dialogues, a conversation, pictures, an export. Widgets call it; tasks do the work.

The desk keeps what is on it — the portal, the sessions listed, the conversation open — and tells by signals. It opens
the portal on a worker, so that the window paints before the network library is even loaded.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QSize, Signal, SignalInstance
from PySide6.QtGui import QImage

from viewer.chat import Batch, File, Filter, Rating, Reference, ReferenceKind, Row, Session, Transcript, merged, rows
from viewer.errors import Cancelled, ViewerError
from viewer.library.cache import FileCache
from viewer.library.readings import Reading, readings
from viewer.library.sources import Source
from viewer.ui import pictures
from viewer.ui.pictures import PictureError
from viewer.ui.tasks import Task, Tasks

if TYPE_CHECKING:
    from viewer.bitrix import Limits, Portal
    from viewer.library import Saved

log = logging.getLogger(__name__)
T = TypeVar("T")


class Desk(QObject):
    """The state of the window's work, and the work itself.

    Signals:
        sessions_changed(list): the sessions listed so far
        list_busy(bool): the list is being read
        list_failed(ViewerError): the list could not be read (to the end)
        list_noted(SourceNote): what the list is missing
        opening(object): a conversation is being opened; its `Reference`, None where it stands in files
        rows_added(list, bool): rows of the conversation; True when they replace what was shown
        opened(): the conversation is complete
        open_failed(ViewerError): it could not be read (to the end)
        picture_ready(int, QImage), thumbnail_ready(int, QImage), picture_failed(int, ViewerError): by file id
        waiting(float): the portal asks for patience; seconds, 0 when it goes on
    """

    sessions_changed = Signal(object)
    list_busy = Signal(bool)
    list_failed = Signal(object)
    list_noted = Signal(object)
    opening = Signal(object)
    rows_added = Signal(object, bool)
    opened = Signal()
    open_failed = Signal(object)
    picture_ready = Signal(int, QImage)
    picture_failed = Signal(int, object)
    thumbnail_ready = Signal(int, QImage)
    waiting = Signal(float)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = tasks
        self.source: Source | None = None
        self.sessions: list[Session] = []
        self.asked: Filter | None = None  # what the portal was asked for
        self.reference: Reference | None = None
        self.transcript = Transcript()
        self.rows: list[Row] = []
        self.current = 0
        self.complete = False
        self.cache: FileCache | None = None
        self._portal: Portal | None = None
        self._lock = Lock()
        self._listing: Task | None = None
        self._opening: Task | None = None
        self._pictures: dict[tuple[int, int, int], Task] = {}

    # --- the portal ---

    def use(self, source: Source) -> None:
        """Work with this portal from now on; whatever was under way for another one is dropped."""
        self.tasks.cancel_all()
        self._close_portal()
        if self.cache is not None:
            self.cache.close()
        self.cache = FileCache.temporary() if source.demo else FileCache(source.key)
        self._pictures.clear()
        self.source = source
        self.sessions, self.asked = [], None
        self.reference = None
        self.transcript, self.rows, self.current, self.complete = Transcript(), [], 0, False
        self.sessions_changed.emit(self.sessions)

    def portal(self) -> "Portal":
        """The portal, opened on first use; called on worker threads."""
        with self._lock:
            if self._portal is None:
                if self.source is None:
                    raise Cancelled
                self._portal = self.source.open()
                self._portal.on_wait = self._waits
            return self._portal

    def close(self) -> bool:
        """Stop all work; True when every thread ended in time."""
        ended = self.tasks.close()
        self._close_portal()
        if self.cache is not None:
            self.cache.close()
        return ended

    def _close_portal(self) -> None:
        with self._lock:
            if self._portal is not None:
                self._portal.close()
            self._portal = None

    def limits(self) -> "Limits | None":
        """How the calls to the portal stand, None before it is opened."""
        portal = self._portal
        return portal.limits() if portal is not None else None

    def stop(self) -> None:
        """Stop reading the list, the dialogue and its pictures; what was read stays. A rating goes its way."""
        if self._listing and self._listing.active:
            self._listing.cancel()
            self._list_failed(Cancelled())
        self.cancel_opening()
        stopped, self._pictures = self._pictures, {}
        for (number, _width, _height), task in stopped.items():
            task.cancel()
            self.picture_failed.emit(number, Cancelled())

    def _waits(self, seconds: float) -> None:
        self.waiting.emit(seconds)

    # --- the list ---

    def list_sessions(self, wanted: Filter) -> None:
        """Read the sessions that are wanted; a text is left to the list, which looks for it in what is here."""
        from viewer.library import list_sessions

        if self.source is not None and self.source.files:
            return
        if self._listing:
            self._listing.cancel()
        self.asked = asked = replace(wanted, text="")
        noted = self.list_noted

        def work(cancel: Event) -> Iterator[tuple[Session, ...]]:
            return iter(list_sessions(self.portal(), wanted=asked, told=noted.emit, cancel=cancel))

        self.list_busy.emit(True)
        self._listing = self.tasks.run(
            work,
            on_batch=self.take_sessions,
            on_done=lambda _none: self.list_busy.emit(False),
            on_failure=self._list_failed,
        )

    def want(self, wanted: Filter) -> None:
        """Read what is wanted, unless what was asked for before holds it all."""
        if self.asked is None or not self.asked.covers(replace(wanted, text="")):
            self.list_sessions(wanted)

    def take_sessions(self, found: tuple[Session, ...]) -> None:
        """Add sessions that the portal told of, or news of them."""
        self.sessions = merged(self.sessions, found)
        self.learn({session.id: session for session in found})
        self.sessions_changed.emit(self.sessions)

    def forget_undated(self, numbers: set[int]) -> None:
        """Drop those of these sessions whose time is not known: no period holds them."""
        kept = [session for session in self.sessions if session.opened or session.id not in numbers]
        if len(kept) != len(self.sessions):
            self.sessions = kept
            self.sessions_changed.emit(kept)

    def learn(self, found: dict[int, Session]) -> None:
        """Let the open conversation know what a list tells of its sessions."""
        told = tuple(found[each.id].with_news(each) if each.id in found else each for each in self.transcript.sessions)
        if told != self.transcript.sessions:
            self.transcript = replace(self.transcript, sessions=told)
            self.rows = rows(self.transcript)
            if self.rows:
                self.rows_added.emit(self.rows, True)

    def _list_failed(self, error: ViewerError) -> None:
        self.list_busy.emit(False)
        self.list_failed.emit(error)

    # --- a conversation ---

    def open(self, reference: Reference) -> None:
        """Open a conversation; the one being opened is dropped."""
        from viewer.library import open_dialogue

        named = reference.value if reference.kind is ReferenceKind.SESSION else ""
        start = Transcript(sessions=tuple(each for each in self.sessions if str(each.id) == named)[:1])
        self._begin(reference, start, lambda cancel: open_dialogue(self.portal(), reference, cancel=cancel))

    def open_saved(self) -> None:
        """Open the conversation in the files that stand in the place of the portal."""
        from viewer.library import open_saved

        files = self.source.files if self.source else ()
        self._begin(None, Transcript(), lambda _cancel: open_saved(files))

    def _begin(self, reference: Reference | None, start: Transcript, read: Callable[[Event], Iterable[Batch]]) -> None:
        if self._opening:
            self._opening.cancel()
        for task in self._pictures.values():
            task.cancel()
        self._pictures.clear()
        self.reference, self.transcript = reference, start
        self.rows, self.complete = [], False
        self.current = int(reference.value) if reference and reference.kind is ReferenceKind.SESSION else 0

        def work(cancel: Event) -> Iterator[Reading]:
            return readings(start, read(cancel))

        self.opening.emit(reference)
        self._opening = self.tasks.run(
            work, on_batch=self._read, on_done=lambda _none: self.all_read(), on_failure=self.open_failed.emit
        )

    def cancel_opening(self) -> None:
        """Stop reading; what was read stays."""
        if self._opening and self._opening.active:
            self._opening.cancel()
            self.list_busy.emit(False)
            self.open_failed.emit(Cancelled())

    def refresh(self) -> None:
        """Read the open conversation again."""
        if self.reference:
            self.open(self.reference)
        elif self.source is not None and self.source.files:
            self.open_saved()

    @property
    def session(self) -> Session | None:
        """The session that the window is about: the one that was chosen, else the newest one that was read."""
        listed = self.transcript.sessions
        return next((each for each in listed if each.id == self.current), listed[-1] if listed else None)

    def choose(self, number: int, can_vote: bool | None) -> None:
        """The window is about another session of the open conversation."""
        self.reference, self.current = Reference(ReferenceKind.SESSION, str(number)), number
        self.transcript = replace(self.transcript, can_vote=can_vote)

    def adopt(self, start: Transcript, grown: Transcript, listed: list[Row]) -> None:
        """Take the conversation that grew out of `start`, with what was learned of its sessions meanwhile."""
        if self.transcript is not start:
            now = {each.id: each for each in self.transcript.sessions}
            known = tuple(now.get(each.id, each) for each in grown.sessions)
            grown = replace(grown, sessions=known, can_vote=self.transcript.can_vote)
            listed = rows(grown)
        self.transcript, self.rows = grown, listed

    def _read(self, reading: "Reading") -> None:
        self.transcript, self.rows = reading.transcript, reading.rows
        self.rows_added.emit(reading.rows[reading.kept :], reading.kept == 0)
        self.learn({session.id: session for session in self.sessions})

    def all_read(self) -> None:
        """The open conversation is read to its end."""
        self.complete = True
        if self.transcript.can_vote is not None:  # a history was read: its rating is the present one
            for session in self.transcript.sessions:
                self.take_rating(session.id, session.rating)
        log.info("opened: %s, %d messages", self.reference or "saved answers", len(self.transcript.messages))
        self.opened.emit()

    # --- ratings ---

    def take_rating(self, session_id: int, rating: Rating) -> None:
        """Let the open conversation and the list know how a session is rated."""

        def told(sessions: Iterable[Session]) -> list[Session]:
            return [each.rated(rating) if each.id == session_id else each for each in sessions]

        if (shown := tuple(told(self.transcript.sessions))) != self.transcript.sessions:
            self.transcript = replace(self.transcript, sessions=shown)
            self.rows = rows(self.transcript)
            if self.rows:
                self.rows_added.emit(self.rows, True)
        if (listed := told(self.sessions)) != self.sessions:
            self.sessions = listed
            self.sessions_changed.emit(listed)

    # --- pictures ---

    def want_picture(self, number: int, size: QSize) -> None:
        """Fetch and decode a picture at `size` in device pixels; told by `picture_ready` or `picture_failed`."""
        self._want(number, size, self.picture_ready, self.picture_failed)

    def want_thumbnail(self, number: int, size: QSize) -> None:
        """The same, small, for the details; told by `thumbnail_ready`. A failure is told where the picture stands."""
        self._want(number, size, self.thumbnail_ready, None)

    def _want(self, number: int, size: QSize, ready: SignalInstance, failed: SignalInstance | None) -> None:
        file = self.transcript.files.get(number)
        key = (number, size.width(), size.height())
        if file is None or key in self._pictures:
            return

        def work(cancel: Event) -> QImage:
            return self._decoded(file, cancel, lambda data: pictures.decoded(data, size))

        def came(image: QImage | None) -> None:
            self._pictures.pop(key, None)
            if image is not None:
                ready.emit(number, image)

        def lost(error: ViewerError) -> None:
            self._pictures.pop(key, None)
            if failed is not None:
                failed.emit(number, error)

        self._pictures[key] = self.tasks.run(work, pool="pictures", on_done=came, on_failure=lost)

    def load_picture(
        self, file: File, on_done: Callable[[list[QImage] | None], object], on_failure: Callable[[ViewerError], object]
    ) -> Task:
        """Fetch a picture and decode it whole, with smaller levels of it; see `pictures.levels`."""

        def work(cancel: Event) -> list[QImage]:
            return self._decoded(file, cancel, pictures.levels)

        return self.tasks.run(work, pool="pictures", on_done=on_done, on_failure=on_failure)

    def prefetch(self, file: File) -> Task:
        """Fetch a file that will be asked for soon; a failure is told when it is."""

        def work(cancel: Event) -> None:
            self.fetch(file, cancel)

        return self.tasks.run(work, pool="pictures")

    def _decoded(self, file: File, cancel: Event, decode: Callable[[bytes], T]) -> T:
        try:
            return decode(self.fetch(file, cancel))
        except PictureError:
            if self.cache is not None:
                self.cache.drop(file.id)  # a retry shall ask the portal, not the cache
            raise

    def fetch(self, file: File, cancel: Event) -> bytes:
        """The bytes of a file, from the cache or the portal; called on worker threads."""
        from viewer.library import fetch_file

        return fetch_file(self.portal(), file, self._chat, cache=self.cache, cancel=cancel)

    @property
    def _chat(self) -> int:
        dialog = self.transcript.dialog
        return dialog.chat_id if dialog else 0

    # --- files and exports ---

    def save_file(
        self,
        file: File,
        path: Path,
        on_done: Callable[[Path | None], object],
        on_failure: Callable[[ViewerError], object],
        progress: Callable[[int, int], object] | None = None,
    ) -> Task:
        """Fetch a file to `path`, whole or not at all. `progress(done, total)` in bytes is called on the worker."""
        from viewer.library import save_file

        chat = self._chat

        def work(cancel: Event) -> Path:
            return save_file(self.portal(), file, path, chat, cache=self.cache, progress=progress, cancel=cancel)

        return self.tasks.run(work, on_done=on_done, on_failure=on_failure)

    def save_files(
        self,
        files: Sequence[File],
        folder: Path,
        on_saved: Callable[["Saved"], object],
        on_done: Callable[[object], object],
        on_failure: Callable[[ViewerError], object],
        progress: Callable[[int, int], object],
    ) -> Task:
        """Fetch several files to a folder; each is told by `on_saved`, with its problem where there was one."""
        from viewer.library import save_files

        chat = self._chat

        def work(cancel: Event) -> Iterator["Saved"]:
            return save_files(self.portal(), files, folder, chat, cache=self.cache, progress=progress, cancel=cancel)

        return self.tasks.run(work, on_batch=on_saved, on_done=on_done, on_failure=on_failure)
