"""The rows of the dialogue list: chats, and below an opened chat its sessions."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viewer.chat import ChatEntry, Filter, Session, connector_name, folded, grouped
from viewer.chat.filter import says, told_of
from viewer.i18n import _, full_moment, moment, ngettext
from viewer.settings import ORDERS

Index = QModelIndex | QPersistentModelIndex


class ListRow(NamedTuple):
    """A chat, or (`child`) one session below it. `last` closes the tree line of a chat's sessions."""

    entry: ChatEntry
    session: Session
    child: bool = False
    last: bool = False
    opened: bool = False

    @property
    def several(self) -> bool:
        """Whether the row stands for a chat of more than one session."""
        return not self.child and len(self.entry.sessions) > 1


RowRole = Qt.ItemDataRole.UserRole
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class DialogueModel(QAbstractListModel):
    """Sessions as rows, grouped by chat, filtered and in order. Views see `ListRow`s under `RowRole`.

    Grouping and the text that is searched are kept between filters, so that thousands of sessions narrow as one types.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sessions: list[Session] = []
        self.filter = Filter()
        self.order = ORDERS[0]
        self.rows: list[ListRow] = []
        self.total = self.unrated = 0  # sessions of the period, or of the record
        self.varied = False
        self._record: frozenset[int] | None = None
        self._entries: list[ChatEntry] = []
        self._told: dict[int, tuple[Session, str]] = {}
        self._opened: set[tuple[str, object]] = set()

    def set_sessions(self, sessions: Iterable[Session]) -> None:
        """Show these sessions."""
        self.sessions = list(sessions)
        for session in self.sessions:  # now, batch by batch, and not with the first letter that is typed
            known = self._told.get(session.id)
            if known is None or known[0] is not session:
                self._told[session.id] = session, told_of(session)
        self._gather()

    def set_record(self, sessions: Iterable[int] | None) -> None:
        """Show these sessions of a CRM record alone, whenever they were; None shows all of the period again."""
        record = None if sessions is None else frozenset(sessions)
        if record != self._record:
            self._record = record
            self._gather()

    def set_filter(self, wanted: Filter) -> None:
        """Narrow the rows."""
        before, self.filter = self.filter, wanted
        if (before.since, before.until) != (wanted.since, wanted.until):
            self._gather()
        elif before != wanted:
            self._rebuild()

    def set_order(self, order: str) -> None:
        """Put the rows in another order, one of `ORDERS`."""
        if order != self.order:
            self.order = order
            self._rebuild()

    def toggle(self, index: Index) -> None:
        """Open or close a chat of several sessions."""
        row = self.row(index)
        if row is None or not row.several:
            return
        self._opened ^= {row.entry.key}
        self._rebuild()

    def reveal(self, session_id: int) -> QModelIndex:
        """The row of a session, its chat opened if need be; invalid when it is not listed."""
        for number, row in enumerate(self.rows):
            if row.session.id == session_id and (row.child or len(row.entry.sessions) == 1):
                return self.index(number)
        for row in self.rows:
            if row.several and not row.opened and any(session.id == session_id for session in row.entry.sessions):
                self._opened.add(row.entry.key)
                self._rebuild()
                return self.reveal(session_id)
        return QModelIndex()

    def row(self, index: Index) -> ListRow | None:
        """The row of an index."""
        return self.rows[index.row()] if index.isValid() and index.row() < len(self.rows) else None

    def counts(self) -> tuple[int, int]:
        """Sessions and chats shown now."""
        chats = [row for row in self.rows if not row.child]
        return sum(len(row.entry.sessions) for row in chats), len(chats)

    def next_unrated(self, session_id: int) -> Session | None:
        """The next session without a rating below a session, then from the top; None when no other is left."""
        listed = [each for row in self.rows if not row.child for each in row.entry.sessions]
        place = next((number for number, each in enumerate(listed) if each.id == session_id), -1)
        around = listed[place + 1 :] + listed[: place + 1]
        return next((each for each in around if not each.head_vote and each.id != session_id), None)

    def _gather(self) -> None:
        """The sessions of the period, or of the record, by chat; what the rest of the filter is taken from."""
        period = Filter(since=self.filter.since, until=self.filter.until)
        if self._record is not None:
            listed = [session for session in self.sessions if session.id in self._record]
        else:
            listed = [session for session in self.sessions if period.fits(session)]
        self.total = len(listed)
        self.unrated = sum(not session.head_vote for session in listed)
        self._entries = grouped(listed)
        self._rebuild()

    def _rebuild(self) -> None:
        self.beginResetModel()
        self.rows = []
        self.varied = False
        searched = bool(self.filter.text.strip())
        for entry, whole in self._found():
            several = len(entry.sessions) > 1
            # A hit in one of its sessions opens a chat; where all of them are hits, it stays calm.
            opened = several and ((searched and not whole) or (bool(self._opened) and entry.key in self._opened))
            self.rows.append(ListRow(entry, entry.newest, False, False, opened))
            if opened:
                self.varied = True
                final = entry.sessions[-1]
                self.rows += [ListRow(entry, each, True, each is final) for each in entry.sessions]
        self.endResetModel()

    def _found(self) -> list[tuple[ChatEntry, bool]]:
        """The chats with the sessions that the filter leaves, in order, and whether it leaves all of them."""
        found: list[tuple[ChatEntry, bool]] = []
        if not self.filter.narrows:
            found = [(entry, True) for entry in self._entries]
        else:
            fits = self._fits()
            for entry in self._entries:
                kept = tuple(session for session in entry.sessions if fits(session))
                if len(kept) == len(entry.sessions):
                    found.append((entry, True))
                elif kept:
                    found.append((ChatEntry(kept), False))
            found.sort(key=lambda each: _newness(each[0].newest), reverse=True)
        return _in_order(found, self.order)

    def _fits(self) -> Callable[[Session], bool]:
        """Whether a session is wanted, the period apart: the entries are of the period already."""
        text, told = self.filter.text, self._told
        rest = replace(self.filter, since=None, until=None, text="")
        if not text.strip():
            return rest.fits
        if not rest.narrows:
            return lambda session: says(session, text, told[session.id][1])
        return lambda session: says(session, text, told[session.id][1]) and rest.fits(session)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row(index)
        if row is None:
            return None
        if role == RowRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(row.session)
        return None


def _newness(session: Session) -> tuple[datetime, int]:
    return session.moment or _LONG_AGO, session.id


def _in_order(found: list[tuple[ChatEntry, bool]], order: str) -> list[tuple[ChatEntry, bool]]:
    """Chats, given newest first, in one of the `ORDERS`; those that are alike stay newest first."""
    if order == "oldest":
        return found[::-1]
    if order == "messages":
        return sorted(found, key=lambda each: -sum(session.message_count for session in each[0].sessions))
    if order == "client":
        return sorted(found, key=lambda each: (not each[0].newest.client_name, folded(client_name(each[0].newest))))
    return found


def client_name(session: Session) -> str:
    """The client's name, or what is known in its place."""
    if session.client_name:
        return session.client_name
    if session.client_id:
        return _("Client #{id}").format(id=session.client_id)
    return _("Session {id}").format(id=session.id)


def outcome(session: Session) -> str:
    """What became of a session, in a few words."""
    reasons = {
        "operator": _("Closed by operator"),
        "auto": _("Closed automatically"),
        "spam": _("Spam"),
        "client": _("Closed by client"),
        "replyLimit": _("Reply window ended"),
    }
    states = {
        "new": _("Waiting for an operator"),
        "answered": _("In progress"),
        "closed": _("Closed"),
        "spam": _("Spam"),
        "paused": _("Paused"),
    }
    return reasons.get(session.close_reason) or states.get(session.status) or (_("Closed") if session.closed else "")


def summary(session: Session) -> str:
    """The third line of a row: the last words where they are known, else the outcome and the number of messages."""
    if session.snippet:
        return session.snippet
    count = session.message_count
    told = ngettext("{n} message", "{n} messages", count).format(n=count) if count else ""
    return " · ".join(part for part in (outcome(session), told) if part)


def spoken(row: ListRow) -> str:
    """A row as assistive technology says it."""
    session = row.session
    parts = [client_name(session), session.line_name, session.operator_name]
    if session.moment:
        parts.append(moment(session.moment))
    if row.several:
        parts.append(ngettext("{n} session", "{n} sessions", len(row.entry.sessions)).format(n=len(row.entry.sessions)))
    else:
        parts += [summary(session), vote_words(session)]
    return ", ".join(part for part in parts if part)


def vote_words(session: Session) -> str:
    """Both votes in words."""
    client = {"like": _("client rated: good"), "dislike": _("client rated: bad")}.get(session.client_vote, "")
    head = _("rated {n} of 5").format(n=session.head_vote) if session.head_vote else _("not reviewed")
    return ", ".join(part for part in (client, head) if part)


def tooltip(session: Session) -> str:
    """A row's facts that may be cut short on screen."""
    lines = [
        client_name(session),
        " · ".join(part for part in (connector_name(session.connector), session.line_name) if part),
        session.operator_name,
        summary(session),
        vote_words(session),
        _("Session {id}").format(id=session.id),
        full_moment(session.moment) if session.moment else "",
    ]
    return "\n".join(line for line in lines if line)
