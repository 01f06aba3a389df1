"""The list of dialogues: sessions gathered by chat, filtered and in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from viewer.chat.dialog import Session
from viewer.chat.filter import Filter

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ChatEntry:
    """One chat with the sessions that are listed of it, newest first; never empty."""

    sessions: tuple[Session, ...]

    @property
    def newest(self) -> Session:
        """The session that stands for the chat."""
        return self.sessions[0]

    @property
    def key(self) -> tuple[str, object]:
        """What the sessions have in common."""
        return chat_key(next((session for session in self.sessions if session.chat_id), self.newest))


def chat_key(session: Session) -> tuple[str, object]:
    """The same for all sessions of one chat: the chat's id, else the user code, else the session alone (§3)."""
    if session.chat_id:
        return "chat", session.chat_id
    return ("code", session.user_code) if session.user_code else ("session", session.id)


def grouped(sessions: Iterable[Session]) -> list[ChatEntry]:
    """Sessions by chat; the chat with the newest news first.

    A source that tells user codes alone (§3.2) joins one that tells chats: the sessions that tell both link them.
    """
    listed = list(sessions)
    homes = {each.user_code: each.chat_id for each in listed if each.user_code and each.chat_id}
    chats: dict[tuple[str, object], list[Session]] = {}
    for session in listed:
        home = session.chat_id or homes.get(session.user_code, 0)
        chats.setdefault(("chat", home) if home else chat_key(session), []).append(session)
    entries = [ChatEntry(tuple(sorted(found, key=_newness, reverse=True))) for found in chats.values()]
    return sorted(entries, key=lambda entry: _newness(entry.newest), reverse=True)


def _newness(session: Session) -> tuple[datetime, int]:
    return session.moment or _LONG_AGO, session.id


def filtered(sessions: Iterable[Session], wanted: Filter) -> list[Session]:
    """The sessions that a filter leaves."""
    return [session for session in sessions if wanted.fits(session)]


def merged(known: Iterable[Session], added: Iterable[Session]) -> list[Session]:
    """Sessions by id, a later one in the place of an earlier.

    Not every source tells the supervisor's rating, and no rating is ever taken back (§11.1): a known one stays.
    """
    by_id = {session.id: session for session in known}
    for session in added:
        before = by_id.get(session.id)
        keeps = before is not None and before.head_vote and not session.head_vote
        by_id[session.id] = session.rated(before.rating) if before is not None and keeps else session
    return list(by_id.values())
