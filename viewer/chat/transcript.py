"""A conversation in reading order: messages, and the rows that a reader sees of them.

`Transcript` gathers what was read so far; `rows` turns it into session bars, days, messages and folded system lines.
The window and every export show the same rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from viewer.chat.dialog import Dialog, Session
from viewer.chat.file import File, FileKind
from viewer.chat.message import Message, MessageKind
from viewer.chat.person import PORTAL, Person, Side
from viewer.i18n import _, day_of


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


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is known of one conversation. `messages` stand oldest first, each id once.

    `starts` tells by a message's number which session begins with it, where no line of the portal may tell so. `unread`
    are sessions of the chat that could not be read, and why, by their numbers.
    """

    dialog: Dialog | None = None
    sessions: tuple[Session, ...] = ()
    messages: tuple[Message, ...] = ()
    people: Mapping[int, Person] = field(default_factory=dict)
    files: Mapping[int, File] = field(default_factory=dict)
    can_vote: bool | None = None
    starts: Mapping[int, int] = field(default_factory=dict)
    unread: Mapping[int, str] = field(default_factory=dict)

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
        return tuple(_unreadable(number, why).text for number, why in sorted(self.unread.items()))

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


# --- rows ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SessionBar:
    """A session begins here."""

    session: Session


@dataclass(frozen=True, slots=True)
class DayBreak:
    """A new day, as the chosen zone counts it."""

    day: date


@dataclass(frozen=True, slots=True)
class SystemLines:
    """Internal lines of the portal that stand together; two and more are folded."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message with its place in the run of its author.

    `waited` is how long the client had waited when this, the first answer by a person, came; `asked` is the id of the
    client's first unanswered message.
    """

    message: Message
    author: Person
    first_of_run: bool = True
    last_of_run: bool = True
    waited: timedelta | None = None
    asked: int = 0


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """A session ends here: its ratings."""

    session: Session
    message: Message


@dataclass(frozen=True, slots=True)
class Aside:
    """A line in the place of messages that are not shown. `name` tells it apart from the others of a conversation.

    `links` are words and the program's own addresses; `detail` is said when it is pointed at.
    """

    name: str
    text: str
    detail: str = ""
    icon: str = ""
    links: tuple[tuple[str, str], ...] = ()


Row = SessionBar | DayBreak | SystemLines | MessageRow | SessionEnd | Aside

RUN_GAP = timedelta(minutes=5)  # messages of one author further apart start a new run
_FOLDED = (
    MessageKind.SYSTEM,
    MessageKind.TRANSFER,
    MessageKind.MEMBER,
    MessageKind.VOTE,
    MessageKind.SESSION_START,
)


def rows(transcript: Transcript) -> list[Row]:
    """The conversation as rows, oldest first."""
    bars = _Bars(transcript)
    out: list[Row] = []
    day: date | None = None
    lines: list[Message] = []
    out.extend(bars.at_start())
    for message in transcript.messages:
        if begun := bars.before(message):
            _flush(lines, out)
            out.extend(begun)
        if (shown := day_of(message.date)) != day:
            _flush(lines, out)
            day = shown
            out.append(DayBreak(day))
        if _is_line(message):
            lines.append(message)
            continue
        _flush(lines, out)
        if message.kind is MessageKind.SESSION_END:
            out.append(SessionEnd(bars.ending(message), message))
        else:
            out.append(MessageRow(message, transcript.author(message)))
    _flush(lines, out)
    return list(_with_runs(_with_waits(out)))


class _Bars:
    """Where sessions begin, and what stands in the place of those that could not be read: session numbers grow."""

    def __init__(self, transcript: Transcript) -> None:
        self._sessions = {session.id: session for session in transcript.sessions}
        self._only = next(iter(self._sessions.values())) if len(self._sessions) == 1 else None
        first = transcript.messages[0].id if transcript.messages else 0
        begins = [message for message, number in transcript.starts.items() if self._only and number == self._only.id]
        self._at_start = bool(first) and (not begins or first in begins)
        self._unread = sorted(transcript.unread.items(), reverse=True)
        self._starts = transcript.starts
        self._current = 0

    def at_start(self) -> list[Row]:
        """A conversation of one session begins with it, whatever its first message is."""
        return self._begin(self._only) if self._only is not None and self._at_start else []

    def before(self, message: Message) -> list[Row]:
        """What stands before a message: the bar of the session that it is the first to name."""
        number = self._starts.get(message.id, 0 if message.kind is MessageKind.SESSION_END else message.session_id)
        if number in (0, self._current) or number not in self._sessions:
            return []
        return self._begin(self._sessions[number])

    def ending(self, message: Message) -> Session:
        """The session that a message closes."""
        known = self._sessions.get(message.session_id) or self._only
        return known or Session(message.session_id, message.chat_id)

    def _begin(self, session: Session) -> list[Row]:
        self._current = session.id
        made: list[Row] = []
        while self._unread and self._unread[-1][0] < session.id:
            number, why = self._unread.pop()
            made.append(_unreadable(number, why))
        return [*made, SessionBar(session)]


def _unreadable(number: int, why: str) -> Aside:
    text = _("Session {id} cannot be read: {why}").format(id=number, why=why)
    return Aside(f"session {number}", text, why, "lock")


def _is_line(message: Message) -> bool:
    return message.kind in _FOLDED and not message.cards and not message.file_ids


def _flush(lines: list[Message], out: list[Row]) -> None:
    if lines:
        out.append(SystemLines(tuple(lines)))
        lines.clear()


def _with_runs(items: Iterable[Row]) -> Iterator[Row]:
    listed = list(items)
    for index, row in enumerate(listed):
        if isinstance(row, MessageRow):
            before = listed[index - 1] if index else None
            after = listed[index + 1] if index + 1 < len(listed) else None
            row = replace(row, first_of_run=not _same_run(before, row), last_of_run=not _same_run(row, after))
        yield row


def _same_run(a: Row | None, b: Row | None) -> bool:
    return (
        isinstance(a, MessageRow)
        and isinstance(b, MessageRow)
        and a.message.kind is MessageKind.TEXT is b.message.kind
        and (a.author.id, a.author.name) == (b.author.id, b.author.name)
        and not (a.message.deleted or b.message.deleted)
        and b.message.date - a.message.date < RUN_GAP
    )


def _with_waits(items: Iterable[Row]) -> Iterator[Row]:
    """Mark the first answer by a person after the client wrote; bots and automatic texts do not stop the clock."""
    asked: Message | None = None
    for row in items:
        if isinstance(row, SessionBar | SessionEnd):
            asked = None
        elif isinstance(row, MessageRow) and row.message.kind in (MessageKind.TEXT, MessageKind.UNKNOWN):
            if row.author.side is Side.CLIENT:
                asked = asked or row.message
            elif row.author.side is Side.OPERATOR and asked is not None:
                row = replace(row, waited=row.message.date - asked.date, asked=asked.id)
                asked = None
        yield row


def session_part(transcript: Transcript, listed: list[Row], number: int) -> tuple[Transcript, list[Row]]:
    """One session of a conversation with its rows; all of it where there is no other, or none of that number."""
    bars = [index for index, row in enumerate(listed) if isinstance(row, SessionBar)]
    start = next((index for index in bars if _number(listed[index]) == number), None)
    if start is None or len(bars) < 2:
        return transcript, listed
    end = next((index for index in bars if index > start), len(listed))
    part = listed[start:end]
    messages = [message for row in part for message in messages_of(row)]
    people = {message.author_id for message in messages} | {
        person for message in messages for reaction in message.reactions for person in reaction.people
    }
    return replace(
        transcript,
        sessions=tuple(session for session in transcript.sessions if session.id == number),
        messages=tuple(messages),
        people={key: person for key, person in transcript.people.items() if key in people},
    ), part


def _number(row: Row) -> int:
    return row.session.id if isinstance(row, SessionBar) else 0


def messages_of(row: Row) -> tuple[Message, ...]:
    """The messages that a row shows."""
    match row:
        case MessageRow(message=message) | SessionEnd(message=message):
            return (message,)
        case SystemLines(messages=messages):
            return messages
        case _:
            return ()


# --- figures ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and waits of a conversation; a wait is None where nobody answered. `duration` is from first to last."""

    messages: int
    by_client: int
    by_team: int
    by_bot: int
    files: int
    first_reply: timedelta | None
    longest_wait: timedelta | None
    duration: timedelta
    median_wait: timedelta | None = None


def figures(transcript: Transcript, listed: Iterable[Row] | None = None) -> Figures:
    """Counts and waits over the rows of a conversation."""
    shown = list(listed) if listed is not None else rows(transcript)
    waits = [row.waited for row in shown if isinstance(row, MessageRow) and row.waited is not None]
    sides = [row.author.side for row in shown if isinstance(row, MessageRow) and row.message.kind is MessageKind.TEXT]
    messages = transcript.messages
    return Figures(
        messages=len(messages),
        by_client=sides.count(Side.CLIENT),
        by_team=sides.count(Side.OPERATOR),
        by_bot=sides.count(Side.BOT),
        files=sum(len(message.file_ids) for message in messages),
        first_reply=waits[0] if waits else None,
        longest_wait=max(waits, default=None),
        duration=messages[-1].date - messages[0].date if messages else timedelta(),
        median_wait=_median(sorted(waits)),
    )


def _median(waits: list[timedelta]) -> timedelta | None:
    """The middle of sorted waits. The standard library's `statistics` would cost the start of the program 50 ms."""
    middle = len(waits) // 2
    if len(waits) % 2:
        return waits[middle]
    return (waits[middle - 1] + waits[middle]) / 2 if waits else None
