"""The rows that a reader sees of a conversation: session bars, days, messages and folded system lines; its figures.

The window and every export show the same rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from viewer.chat.dialog import Session
from viewer.chat.message import Message, MessageKind
from viewer.chat.person import Person, Side
from viewer.chat.transcript import Transcript, unreadable
from viewer.i18n import day_of


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
    return Aside(f"session {number}", unreadable(number, why), why, "lock")


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


def without_part(transcript: Transcript, listed: list[Row], number: int) -> Transcript:
    """The conversation without the messages and files of one session, or of its only one: it is to be read anew."""
    gone = {message.id for message in session_part(transcript, listed, number)[0].messages}
    left = tuple(message for message in transcript.messages if message.id not in gone)
    held = {file for message in left for file in message.file_ids}
    return replace(
        transcript,
        messages=left,
        files={key: file for key, file in transcript.files.items() if key in held},
        origins=tuple(each for each in transcript.origins if left and each.subject != str(number)),
        can_vote=None,
    )


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
