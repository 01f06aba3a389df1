"""The rows of the dialogue list: chats, and below an opened chat its sessions."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from viewer.chat import ChatEntry, Filter, Session, connector_name, filtered, grouped
from viewer.i18n import _, moment, ngettext

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ListRow:
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


class DialogueModel(QAbstractListModel):
    """Sessions as rows, grouped by chat and filtered. Views see `ListRow`s under `RowRole`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sessions: list[Session] = []
        self.filter = Filter()
        self.rows: list[ListRow] = []
        self._opened: set[tuple[str, object]] = set()

    def set_sessions(self, sessions: Iterable[Session]) -> None:
        """Show these sessions."""
        self.sessions = list(sessions)
        self._rebuild()

    def set_filter(self, wanted: Filter) -> None:
        """Narrow the rows."""
        if wanted != self.filter:
            self.filter = wanted
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
            if row.several and any(session.id == session_id for session in row.entry.sessions):
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

    def choices(self, name: str) -> list[str]:
        """The values that stand in a field of the sessions, sorted: what a filter can offer."""
        return sorted({value for session in self.sessions if (value := getattr(session, name))}, key=str.casefold)

    def _rebuild(self) -> None:
        self.beginResetModel()
        searched = bool(self.filter.text.strip())
        self.rows = []
        for entry in grouped(filtered(self.sessions, self.filter)):
            several = len(entry.sessions) > 1
            opened = several and (entry.key in self._opened or searched)
            self.rows.append(ListRow(entry, entry.newest, opened=opened))
            if opened:
                final = entry.sessions[-1]
                self.rows += [ListRow(entry, each, child=True, last=each is final) for each in entry.sessions]
        self.endResetModel()

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
    ]
    return "\n".join(line for line in lines if line)
