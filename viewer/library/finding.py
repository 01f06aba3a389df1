"""Finding in a conversation: what its rows say, and where in it a query is met.

Texts are compared as a reader compares them: ё is е, a letter with its mark is one letter however it is encoded, a
space that does not break is a space. A place is told in characters of the text as it is shown. Nothing here draws,
and nothing here waits: `find` yields in parts, so that whoever runs it can stop between two of them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import islice

from viewer.chat import Message, MessageKind, MessageRow, Row, SessionEnd, Side, SystemLines
from viewer.errors import ViewerError
from viewer.i18n import _, day_of

PART = 500  # messages between two looks at whether anybody still waits

Span = tuple[int, int]
Engine = Callable[[str, bool], Callable[[str], list[Span]]]


class Kind(Enum):
    """Whose message it is to a supervisor."""

    CLIENT = "client"
    TEAM = "team"
    BOT = "bot"
    AUTOMATIC = "automatic"  # by the portal, sent to the client
    INTERNAL = "internal"  # a note or card that the client does not see
    SYSTEM = "system"  # lines of the portal, the end of a session


class Has(Enum):
    """What a message carries."""

    FILE = "file"
    LINK = "link"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. All that is given must fit; of several authors, kinds or things carried any will do.

    `case` tells А from а; `whole_word` wants no letter or digit beside the text; with `regex` the text is a regular
    expression. `authors` are people's ids. Without a text, every message that fits the rest is found.
    """

    text: str = ""
    case: bool = False
    whole_word: bool = False
    regex: bool = False
    authors: frozenset[int] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    has: frozenset[Has] = frozenset()

    @property
    def narrows(self) -> bool:
        """Whether messages are chosen by more than their text."""
        return bool(self.authors or self.kinds or self.has)

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for."""
        return not (self.text or self.narrows)


# --- as text is compared ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared. `places` are the characters of the original that each of its own stands for."""

    text: str
    places: Sequence[Span] | None = field(default=None)  # None: the same, one by one

    def span(self, start: int, end: int) -> Span:
        """A part of it, in characters of the original."""
        if self.places is None:
            return start, end
        return self.places[start][0], self.places[end - 1][1]


def folding(text: str, *, case: bool = False) -> Folded:
    """A text as it is compared: with `case`, А stays apart from а."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        made = _simple(text, case)
        if len(made) == len(text):
            return Folded(made)
    out: list[str] = []
    places: list[Span] = []
    for start, end in _letters(text):
        made = _simple(unicodedata.normalize("NFC", text[start:end]), case)
        out.append(made)
        places += [(start, end)] * len(made)
    return Folded("".join(out), places)


def _simple(text: str, case: bool) -> str:
    text = text if case else text.casefold()
    if text.isascii():
        return text
    return text.replace("ё", "е").replace("Ё", "Е").replace("\u00a0", " ").replace("\u202f", " ")


def _letters(text: str) -> Iterator[Span]:
    """Letters with the marks that stand on them; syllables of Hangul with all their parts."""
    start = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not (unicodedata.combining(text[index]) or "\u1160" <= text[index] <= "\u11ff"):
            yield start, index
            start = index


# --- what is searched and what is found -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What a message shows: its texts in reading order, the same as they are compared, and what it carries."""

    texts: tuple[str, ...] = ()
    has: frozenset[Has] = frozenset()
    folded: tuple[Folded, ...] = ()  # without letter case; empty where that is left to whoever looks


@dataclass(frozen=True, slots=True)
class Found:
    """A message that fits. `spans` are the characters met in each of its texts; empty where it was found without one.

    `count` is how many hits that makes: each span, or the message itself.
    """

    message_id: int
    row: int  # of the rows that were searched
    spans: tuple[tuple[Span, ...], ...] = ()
    count: int = 1


class WrongPattern(ViewerError):
    """A regular expression that cannot be used; `at` is the character where it goes wrong, from 0, -1 when unknown."""

    def __init__(self, title: str, detail: str = "", at: int = -1) -> None:
        super().__init__(title, detail)
        self.at = at


# --- patterns -----------------------------------------------------------------------------------------------------


class Matcher:
    """Finds one query's text in texts; what it answers are spans of characters, from the first to before the last."""

    def __init__(self, find: Callable[[str], list[Span]], *, case: bool) -> None:
        self._find, self._case = find, case

    def __call__(self, text: str) -> list[Span]:
        """Where in a text it is met. Raises `WrongPattern` where that would take too long."""
        return self._within(folding(text, case=self._case))

    def of(self, said: Said) -> tuple[tuple[Span, ...], ...]:
        """Where in the texts of a message it is met; empty where it is not."""
        folded = (
            said.folded if said.folded and not self._case else (folding(text, case=self._case) for text in said.texts)
        )
        spans = tuple(tuple(self._within(each)) for each in folded)
        return spans if any(spans) else ()

    def _within(self, folded: Folded) -> list[Span]:
        listed = self._find(folded.text)
        if folded.places is None or not listed:
            return listed
        return list(dict.fromkeys(folded.span(start, end) for start, end in listed))


def matcher(query: Query, engine: Engine) -> Matcher:
    """What finds the query's text. `engine` makes a finder of a regular expression and of `case`.

    Raises `WrongPattern` where the expression is none.
    """
    if query.regex:  # the engine itself treats letter case: `\\S` is not `\\s`
        return Matcher(_expression(query, engine), case=True)
    return Matcher(_words(query), case=query.case)


def _words(query: Query) -> Callable[[str], list[Span]]:
    needle = folding(query.text, case=query.case).text
    if not needle:
        return lambda _text: []
    if query.whole_word:
        return lambda text: _whole(text, needle)
    pattern = re.compile(re.escape(needle))
    return lambda text: [found.span() for found in pattern.finditer(text)] if needle in text else []


def _whole(text: str, needle: str) -> list[Span]:
    """Where the needle stands between what is no letter; a pattern that looks behind is four times as slow."""
    found = []
    start = text.find(needle)
    while start >= 0:
        end = start + len(needle)
        fits = not _is_letter(text[start - 1 : start]) and not _is_letter(text[end : end + 1])
        if fits:
            found.append((start, end))
        start = text.find(needle, end if fits else start + 1)
    return found


def _is_letter(text: str) -> bool:
    return text.isalnum() or text == "_"


def _expression(query: Query, engine: Engine) -> Callable[[str], list[Span]]:
    source = _simple(unicodedata.normalize("NFC", query.text), case=True)
    find = engine(source, query.case)
    if query.whole_word:
        find = engine(rf"(?<!\w)(?:{source})(?!\w)", query.case)
    return lambda text: [(start, end) for start, end in find(text) if start < end]


# --- finding ------------------------------------------------------------------------------------------------------


def find(rows: Sequence[Row], query: Query, text_of: Callable[[Message], Said], engine: Engine) -> list[Found]:
    """Every message that fits, in reading order. `text_of` tells what a message shows."""
    return [found for part in find_in_parts(rows, query, text_of, engine) for found in part]


def find_in_parts(
    rows: Sequence[Row], query: Query, text_of: Callable[[Message], Said], engine: Engine
) -> Iterator[list[Found]]:
    """As `find`, a part of the conversation at a time; a part in which nothing was found is an empty list."""
    if query.empty:
        return
    wanted = matcher(query, engine) if query.text else None
    listed = messages(rows)
    while part := list(islice(listed, PART)):
        found = []
        for row, message, kind in part:
            if (query.kinds and kind not in query.kinds) or (query.authors and message.author_id not in query.authors):
                continue
            said = text_of(message)
            if query.has and not query.has & said.has:
                continue
            if wanted is None:
                found.append(Found(message.id, row))
            elif spans := wanted.of(said):
                found.append(Found(message.id, row, spans, sum(map(len, spans))))
        yield found


def read_ahead(rows: Sequence[Row], text_of: Callable[[Message], Said]) -> Iterator[None]:
    """Let `text_of` tell of every message once, so that it need not when something is looked for; in parts."""
    for number, (_row, message, _what) in enumerate(messages(rows)):
        text_of(message)
        if number % PART == PART - 1:
            yield


def messages(rows: Sequence[Row]) -> Iterator[tuple[int, Message, Kind]]:
    """The messages that rows show, each with its row and what it is."""
    for index, row in enumerate(rows):
        match row:
            case MessageRow(message=message):
                yield index, message, _kind(row)
            case SystemLines():
                for message in row.messages:
                    yield index, message, Kind.SYSTEM
            case SessionEnd(message=message):
                yield index, message, Kind.SYSTEM


_AUTOMATIC = (MessageKind.AUTOMATIC, MessageKind.VOTE_REQUEST, MessageKind.FORM)
_SIDES = {Side.CLIENT: Kind.CLIENT, Side.OPERATOR: Kind.TEAM, Side.BOT: Kind.BOT, Side.SYSTEM: Kind.SYSTEM}


def _kind(row: MessageRow) -> Kind:
    if row.message.kind in _AUTOMATIC:
        return Kind.AUTOMATIC
    return Kind.INTERNAL if row.message.internal else _SIDES[row.author.side]


def authors(rows: Sequence[Row]) -> dict[int, str]:
    """Who wrote the messages of a conversation: names by id, in the order in which they first spoke."""
    named: dict[int, str] = {}
    for row in rows:
        if isinstance(row, MessageRow) and row.message.author_id and not named.get(row.message.author_id):
            number = row.message.author_id
            named[number] = row.author.name or _("Person #{id}").format(id=number)
    return named


def days(rows: Sequence[Row]) -> dict[date, tuple[int, int]]:
    """The days that have messages, as the chosen zone counts them: how many, and the first one's id."""
    counted: dict[date, tuple[int, int]] = {}
    for _row, message, _what in messages(rows):
        day = day_of(message.date)
        count, first = counted.get(day, (0, message.id))
        counted[day] = (count + 1, first)
    return counted
