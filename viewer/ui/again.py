"""The open conversation, read again (F5): it stays as it is, and is read on, until what came since is there."""

from collections import deque
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.chat import Reference, ReferenceKind, without_part
from viewer.errors import ViewerError
from viewer.i18n import _, ngettext
from viewer.library.readings import Reading, readings
from viewer.ui.tasks import Task

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow


class Again(QObject):
    """Reads the chosen session anew; the others of its chat that were loaded stay, and so does the reader's place."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._task: Task | None = None
        window.desk.opening.connect(self._drop)
        window.status.stop_asked.connect(self._stop)

    def read(self) -> None:
        """Read it again; from the beginning where it was not read to the end."""
        desk = self._window.desk
        if self._task is not None and self._task.active:
            return
        if not desk.complete or not desk.rows or desk.reference is None:
            desk.refresh()
            return
        self._window.past.stop()
        base, number = desk.transcript, desk.current
        start = without_part(base, desk.rows, number)
        reference = Reference(ReferenceKind.SESSION, str(number)) if number else desk.reference
        known = {message.id for message in base.messages}

        def work(cancel: Event) -> Reading | None:
            from viewer.library import open_dialogue

            last = deque(readings(start, open_dialogue(desk.portal(), reference, cancel=cancel)), maxlen=1)
            return last[0] if last else None

        def done(reading: Reading | None) -> None:
            if reading is None:  # the portal was closed meanwhile
                return
            desk.adopt(base, reading.transcript, reading.rows)
            desk.rows_added.emit(desk.rows, True)
            desk.learn({session.id: session for session in desk.sessions})
            desk.all_read()
            self._tell(sum(message.id not in known for message in desk.transcript.messages))

        desk.complete = False
        self._task = desk.tasks.run(work, on_done=done, on_failure=self._failed)

    def _tell(self, news: int) -> None:
        words = ngettext("{n} new message.", "{n} new messages.", news).format(n=news)
        self._window.conversation.notice.tell(words if news else _("Nothing new was written."), "good")

    def _failed(self, error: ViewerError) -> None:
        self._window.desk.complete = True  # what was read before still is
        self._window.conversation.show_error(error)

    def _stop(self) -> None:
        if self._task is not None and self._task.active:
            self._task.cancel()
            self._window.desk.complete = True

    def _drop(self) -> None:
        """Another dialogue is being opened."""
        if self._task is not None:
            self._task.cancel()
