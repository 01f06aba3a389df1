"""Where reading ended: kept when a dialogue is left, gone back to at the next start.

Of a dialogue only its number and that of a message are kept, by portal; of the demo portal nothing.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewer.settings import Place
from viewer.ui.transcript import TranscriptView
from viewer.ui.transcript.stage import message_ids

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow

_SEEN = 12.0  # layout units of a message that count as read: what covers the top moves by some


class Places(QObject):
    """The place of the reader on the portal of a window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        source = window.desk.source
        self._account = "" if source is None or source.demo else source.key
        self._returning = False  # to what was read last time
        self._goal = 0  # the message to go to when the dialogue that holds it is there
        window.desk.opened.connect(self._opened)
        window.desk.open_failed.connect(self._failed)

    @property
    def last(self) -> Place | None:
        """Where reading ended last time, None where nothing is known or the user does not want it."""
        settings = self._window.store.value
        return settings.place_of(self._account) if self._account and settings.reopen else None

    @property
    def now(self) -> Place | None:
        """Where the reader is."""
        desk, view = self._window.desk, self._window.conversation.view
        if desk.reference is None or not self._window.conversation.reads:
            return None
        session, dialog = desk.session, desk.transcript.dialog
        number = session.id if session is not None else 0  # a user code may hold a client's telephone number
        reference = str(number) if number else f"chat{dialog.chat_id if dialog else 0}"
        return Place(self._account, reference, _first_read(view))

    def go(self, reference: str, message: int = 0) -> None:
        """Open a dialogue and, when it is there, go to a message of it."""
        self._window.open_text(reference)
        self._goal = message

    def go_back(self) -> None:
        """Open what was read last time, where that is known and wanted."""
        if place := self.last:
            self._returning = True
            self.go(place.reference, place.message)

    def keep(self) -> None:
        """Keep where the reader is, or nothing where that is not wanted."""
        store, place = self._window.store, self.now
        if not store.value.reopen:
            store.change(places=())
        elif self._account and place is not None:
            store.put(store.value.with_place(place))

    def _opened(self) -> None:
        goal, self._goal, self._returning = self._goal, 0, False
        view = self._window.conversation.view
        if goal and view.show_message(goal, share=0):
            view.lay_out()  # what covers its upper edge is known now
            view.scroll_by(-view.covered * view.scale)
            view.forget_places()  # nobody came from anywhere
            return  # the place that is kept stays true
        self.keep()

    def _failed(self, error: object) -> None:
        from viewer.bitrix import Refused

        if self._returning and isinstance(error, Refused):  # what is gone is not asked for at every start
            self._window.store.put(self._window.store.value.without_place(self._account))
        self._goal, self._returning = 0, False


def _first_read(view: TranscriptView) -> int:
    """The first message in sight; 0 where that is the first of all."""
    if view.stage.anchor == (0, 0.0):
        return 0
    for shown in view.stage.shown:
        numbers = message_ids(view.stage.rows[shown.row])
        if numbers and shown.y + shown.layout.height > view.covered + _SEEN:
            return numbers[0]
    return 0
