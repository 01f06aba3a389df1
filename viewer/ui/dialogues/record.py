"""The dialogues of a CRM record: asked of the portal beside the list, and shown in its place."""

from collections.abc import Iterator
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from viewer.chat import CrmLink, Session
from viewer.errors import ViewerError

if TYPE_CHECKING:
    from viewer.ui.desk import Desk
    from viewer.ui.tasks import Task


class RecordReader(QObject):
    """Reads one record at a time.

    Signals: `changed(CrmLink | None, tuple)` with the ids of the sessions found so far, `busy(bool)`, `read(CrmLink)`
    when all were found, `failed(ViewerError)`, `noted(SourceNote)` of what could not be had.
    """

    changed = Signal(object, object)
    busy = Signal(bool)
    read = Signal(object)
    failed = Signal(object)
    noted = Signal(object)

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._desk = desk
        self._task: Task | None = None
        self.record: CrmLink | None = None
        self._found: dict[int, None] = {}
        self._strange: set[int] = set()  # sessions that the list did not have

    def open(self, record: CrmLink) -> None:
        """Read the sessions of a record."""
        from viewer.library import list_sessions

        self._stop()
        self.record, self._found = record, {}
        desk, noted = self._desk, self.noted

        def work(cancel: Event) -> Iterator[tuple[Session, ...]]:
            return iter(list_sessions(desk.portal(), crm=record, told=noted.emit, cancel=cancel))

        self.changed.emit(record, ())
        self.busy.emit(True)
        self._task = desk.tasks.run(
            work, on_batch=self._take, on_done=lambda _none: self._done(record), on_failure=self._fail
        )

    def again(self) -> None:
        """Read the same record anew."""
        if self.record is not None:
            self.open(self.record)

    def leave(self) -> None:
        """Go back to the list."""
        self._stop()
        self.record, self._found = None, {}
        self.changed.emit(None, ())

    def _stop(self) -> None:
        if self._task is not None and self._task.active:
            self._task.cancel()
            self.busy.emit(False)
        self._task = None
        self._desk.forget_undated(self._strange)
        self._strange = set()

    def _take(self, found: tuple[Session, ...]) -> None:
        known = {session.id: session for session in self._desk.sessions}
        self._strange |= {session.id for session in found} - known.keys()
        self._found |= dict.fromkeys(session.id for session in found)
        # The list may know more of a session than a chat tells, which does not even know its time.
        self._desk.take_sessions(tuple(known.get(each.id, each).with_news(each) for each in found))
        self.changed.emit(self.record, tuple(self._found))

    def _done(self, record: CrmLink) -> None:
        self.busy.emit(False)
        self.read.emit(record)

    def _fail(self, error: ViewerError) -> None:
        self.busy.emit(False)
        self.failed.emit(error)
