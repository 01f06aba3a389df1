"""A conversation in reading order: `Transcript` gathers what was read so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from viewer.chat.dialog import Dialog, Session
from viewer.chat.file import File, FileKind
from viewer.chat.message import Message
from viewer.chat.origin import Origin, joined
from viewer.chat.person import PORTAL, Person, Side
from viewer.i18n import _


@dataclass(frozen=True, slots=True)
class Batch:
    """A part of a conversation as it arrives. Later parts add to earlier ones and replace what they name again.

    A session that comes together with messages begins with the first of them. `can_vote` is whether the user may rate
    the session as a supervisor, None where the portal does not tell.
    """

    messages: tuple[Message, ...] = ()
    people: tuple[Person, ...] = ()
    files: tuple[File, ...] = ()
    dialog: Dialog | None = None
    session: Session | None = None
    can_vote: bool | None = None
    expected: int = 0  # messages in all, 0 when unknown
    origins: tuple[Origin, ...] = ()  # the answers that its messages were read from


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is known of one conversation. `messages` stand oldest first, each id once.

    `starts` tells by a message's number which session begins with it, where no line of the portal may tell so. `unread`
    are sessions of the chat that could not be read, and why, by their numbers; `origins` the answers that the messages
    were read from, in the order of reading.
    """

    dialog: Dialog | None = None
    sessions: tuple[Session, ...] = ()
    messages: tuple[Message, ...] = ()
    people: Mapping[int, Person] = field(default_factory=dict)
    files: Mapping[int, File] = field(default_factory=dict)
    can_vote: bool | None = None
    starts: Mapping[int, int] = field(default_factory=dict)
    unread: Mapping[int, str] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()

    def with_batch(self, batch: Batch) -> "Transcript":
        """This conversation and what `batch` adds to it."""
        return Transcript(
            dialog=batch.dialog or self.dialog,
            sessions=_with_session(self.sessions, batch.session),
            messages=_merged(self.messages, batch.messages),
            people={**self.people, **{person.id: person for person in batch.people}},
            files={**self.files, **{file.id: file for file in batch.files}},
            can_vote=self.can_vote if batch.can_vote is None else batch.can_vote,
            starts={**self.starts, **_starts(batch)},
            unread=self.unread,
            origins=joined(self.origins, batch.origins),
        )

    def author(self, message: Message) -> Person:
        """Who is shown as the author, with the message's own override of name and picture (§10.1)."""
        person = self.people.get(message.author_id)
        if person is None:
            person = PORTAL if message.author_id == 0 else Person(message.author_id, "", Side.OPERATOR)
        if message.author_name or message.author_avatar:
            person = replace(
                person, name=message.author_name or person.name, avatar=message.author_avatar or person.avatar
            )
        return person

    def files_of(self, message: Message) -> tuple[File, ...]:
        """The message's files; one that the portal no longer describes comes back as missing (§9.1)."""
        lost = {number: File(number, "", FileKind.DOCUMENT, missing=True) for number in message.file_ids}
        return tuple(self.files.get(number, lost[number]) for number in message.file_ids)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What could not be read, in sentences."""
        return tuple(unreadable(number, why) for number, why in sorted(self.unread.items()))

    @property
    def client(self) -> Person | None:
        """The first client-side participant."""
        return next((person for person in self.people.values() if person.side is Side.CLIENT), None)

    @property
    def title(self) -> str:
        """The conversation's name for people: the client's name, else the chat's, else its number."""
        if self.client and self.client.name:
            return self.client.name
        if self.dialog:
            return self.dialog.name or f"chat{self.dialog.chat_id}"
        return ""


def _starts(batch: Batch) -> dict[int, int]:
    return {batch.messages[0].id: batch.session.id} if batch.session and batch.messages else {}


def _with_session(sessions: tuple[Session, ...], session: Session | None) -> tuple[Session, ...]:
    if session is None:
        return sessions
    others = tuple(known for known in sessions if known.id != session.id)
    before = next((known for known in sessions if known.id == session.id), session)
    return tuple(sorted((*others, before.with_news(session)), key=lambda known: known.id))


def _order(message: Message) -> tuple[datetime, int]:
    return message.date, message.id


def _merged(known: tuple[Message, ...], added: tuple[Message, ...]) -> tuple[Message, ...]:
    if not added:
        return known
    ordered = sorted(added, key=_order)
    if not known or _order(ordered[0]) > _order(known[-1]):
        by_id = {message.id: message for message in ordered}
        if len(by_id) == len(ordered):
            return (*known, *ordered)
    by_id = {message.id: message for message in (*known, *ordered)}
    return tuple(sorted(by_id.values(), key=_order))


def unreadable(number: int, why: str) -> str:
    """That a session of the chat could not be read."""
    return _("Session {id} cannot be read: {why}").format(id=number, why=why)
