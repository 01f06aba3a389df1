"""The list of dialogues: sessions gathered by chat, filtered and in order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from viewer.chat.connector import connector_name
from viewer.chat.dialog import Session

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
        return chat_key(self.newest)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; an empty value does not narrow. `text` is matched word by word, ё as е."""

    text: str = ""
    unrated: bool = False
    line: str = ""
    operator: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is filtered at all."""
        return bool(self.text.strip() or self.unrated or self.line or self.operator)


def chat_key(session: Session) -> tuple[str, object]:
    """The same for all sessions of one chat: the chat's id, else the user code, else the session alone (§3)."""
    if session.chat_id:
        return "chat", session.chat_id
    return ("code", session.user_code) if session.user_code else ("session", session.id)


def grouped(sessions: Iterable[Session]) -> list[ChatEntry]:
    """Sessions by chat; the chat with the newest news first."""
    chats: dict[tuple[str, object], list[Session]] = {}
    for session in sessions:
        chats.setdefault(chat_key(session), []).append(session)
    entries = [ChatEntry(tuple(sorted(found, key=_newness, reverse=True))) for found in chats.values()]
    return sorted(entries, key=lambda entry: _newness(entry.newest), reverse=True)


def _newness(session: Session) -> tuple[datetime, int]:
    return session.moment or _LONG_AGO, session.id


def filtered(sessions: Iterable[Session], wanted: Filter) -> list[Session]:
    """The sessions that a filter leaves."""
    words = folded(wanted.text).split()
    return [session for session in sessions if _passes(session, wanted) and _says(session, words)]


def _passes(session: Session, wanted: Filter) -> bool:
    return (
        not (wanted.unrated and session.head_vote)
        and (not wanted.line or session.line_name == wanted.line)
        and (not wanted.operator or session.operator_name == wanted.operator)
    )


def _says(session: Session, words: list[str]) -> bool:
    if not words:
        return True
    told = folded(
        f"{session.client_name} {session.operator_name} {session.line_name} {session.snippet} {session.id} "
        f"chat{session.chat_id} {session.user_code} {connector_name(session.connector)} {session.head_comment}"
    )
    return all(word in told for word in words)


def folded(text: str) -> str:
    """Text as it is compared: letter case and ё apart from е do not count."""
    return text.casefold().replace("ё", "е")


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
