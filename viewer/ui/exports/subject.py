"""What the export dialog was opened on: the open dialogue, what of it is selected, and the list, as they stood then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from viewer.chat import Row, Session, Transcript, connector_name
from viewer.i18n import _, ngettext, short_date
from viewer.library.batch import Item
from viewer.library.outlook import unread_of
from viewer.library.scopes import chat_item, list_items, selected_item, session_item
from viewer.ui.dialogues.model import client_name
from viewer.ui.transcript.stage import message_ids

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow


@dataclass(frozen=True, slots=True)
class Scope:
    """One choice of what to export; `why_not` tells why it cannot be chosen."""

    key: str
    title: str
    words: str
    why_not: str = ""


@dataclass(frozen=True)
class Subject:
    """The dialogue and the list. A dialogue that is still being read is not `complete`."""

    transcript: Transcript
    rows: list[Row]
    session: Session | None
    siblings: tuple[Session, ...]
    listed: tuple[Session, ...]
    chats: int
    selected: frozenset[int]
    reference: str
    complete: bool
    _gathered: dict[str, tuple[Item, ...]] = field(default_factory=dict, compare=False)

    @property
    def title(self) -> str:
        """Whose dialogue it is, and where it came from."""
        session, dialog = self.session, self.transcript.dialog
        if not self.transcript.messages:
            return ""
        channel = connector_name((session.connector if session else "") or (dialog.connector if dialog else ""))
        return " · ".join(filter(None, (self.transcript.title, channel, session.line_name if session else "")))

    @cached_property
    def unread(self) -> list[Session]:
        """Sessions of the chat that are not here yet."""
        return unread_of(self.transcript, self.siblings, self.transcript.unread)

    def scopes(self) -> list[Scope]:
        """What can be exported."""
        here = bool(self.transcript.messages)
        why = "" if here and self.complete else (_("is still being read") if here else _("no dialogue is open"))
        made = []
        if self.selected:
            count = len(self.selected)
            words = ngettext("{n} message", "{n} messages", count).format(n=count)
            made.append(Scope("selected", _("Selected"), words, why))
        made.append(Scope("session", _("This session"), why or self._session_words(), why))
        made.append(Scope("chat", _("This chat"), why or self._chat_words(), why))
        sessions = ngettext("{n} session", "{n} sessions", len(self.listed)).format(n=len(self.listed))
        chats = ngettext("{n} chat", "{n} chats", self.chats).format(n=self.chats)
        words = _("{sessions} in {chats}").format(sessions=sessions, chats=chats)
        why = "" if self.listed else _("the list is empty")
        made.append(Scope("list", _("All shown"), why or words, why))
        return made

    def items(self, scope: str) -> tuple[Item, ...]:
        """The dialogues of a scope, for a run; gathered once."""
        if scope not in self._gathered:
            self._gathered[scope] = self._items(scope)
        return self._gathered[scope]

    def first(self, scope: str) -> Item:
        """The first dialogue of a scope, by which names are shown."""
        return list_items(self.listed[:1], client_name)[0] if scope == "list" else self.items(scope)[0]

    def _items(self, scope: str) -> tuple[Item, ...]:
        if scope == "list":
            return list_items(self.listed, client_name)
        if scope == "chat":
            return (chat_item(self.transcript, self.session, self.reference),)
        if scope == "selected":
            return (selected_item(self.transcript, self.selected, self.reference),)
        return (session_item(self.transcript, self.rows, self.session, self.reference),)

    def _session_words(self) -> str:
        session = self.session
        day = (
            session.opened or (self.transcript.messages[-1].date if self.transcript.messages else None)
            if session
            else None
        )
        number = str(session.id) if session and session.id else ""
        return ", ".join(filter(None, (number, short_date(day) if day else "")))

    def _chat_words(self) -> str:
        count = len({each.id for each in (*self.siblings, *self.transcript.sessions)})
        words = ngettext("{n} session", "{n} sessions", count).format(n=count)
        days = [each.opened for each in self.siblings if each.opened]
        return _("{sessions} since {day}").format(sessions=words, day=short_date(min(days))) if days else words


def subject_of(window: "MainWindow") -> Subject:
    """What the window shows now."""
    desk, view = window.desk, window.conversation.view
    here = bool(desk.rows) and window.conversation.reads
    chats = [row for row in window.dialogues.model.rows if not row.child]
    return Subject(
        transcript=desk.transcript if here else Transcript(),
        rows=desk.rows if here else [],
        session=desk.session if here else None,
        siblings=tuple(window.past.siblings()) if here else (),
        listed=tuple(session for row in chats for session in row.entry.sessions if session.id),
        chats=len(chats),
        selected=_selected(view.stage.rows, view.selection) if here else frozenset(),
        reference=str(desk.reference or ""),
        complete=desk.complete,
    )


def _selected(rows: Sequence[Row], selection: object) -> frozenset[int]:
    """The messages that a marked text touches, if it touches more than one."""
    from viewer.ui.transcript.hits import Selection

    if not isinstance(selection, Selection):
        return frozenset()
    first, last = sorted((selection.anchor.row, selection.cursor.row))
    touched = frozenset(number for row in rows[first : last + 1] for number in message_ids(row))
    return touched if last > first else frozenset()


def refreshed(subject: Subject, scope: str) -> str:
    """A scope that can be chosen, as near to the one that is wanted as there is."""
    open_ones = [each.key for each in subject.scopes() if not each.why_not]
    if "selected" in open_ones and scope in ("selected", ""):
        return "selected"
    wanted = "session" if scope == "selected" else scope
    return wanted if wanted in open_ones else next(iter(open_ones), "")
