"""A conversation as data for the PDF template: the rows of each part, in the reader's language.

The template knows nothing of chats. It draws what it is given: `title`, `facts`, `people`, `rows` and so on. A row is
an object with `k`: session, day, lines, msg or end.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from viewer.chat import (
    Aside,
    DayBreak,
    File,
    FileKind,
    Message,
    MessageKind,
    MessageRow,
    Person,
    Row,
    SessionBar,
    SessionEnd,
    Side,
    SystemLines,
)
from viewer.export import facts, omissions
from viewer.export.attached import attachment_place, described, going, mime_type, unique_names
from viewer.export.body import SHADE, Body
from viewer.export.cover import cover
from viewer.export.document import Export
from viewer.export.glyphs import fit
from viewer.export.layout import PIXELS, RUNNING, TITLE, cut, fitted, page, room
from viewer.export.pictures import for_print, shape
from viewer.i18n import _, clock, language, long_date
from viewer.markup.cards import PAPER

PART = 2000  # messages typeset at once: each takes about 100 KB of memory
SMALL = 700  # characters up to which a message is kept on one page

_LONG_TEXT = 2000  # characters that weigh as much as another message
_LONG_PICTURE = 50_000  # bytes that do
_PRINTED = 500_000  # bytes that a picture seldom exceeds at the resolution of print


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that are typeset together. `first` and `last` are the numbers of its messages."""

    rows: tuple[Row, ...]
    index: int
    count: int
    first: int
    last: int


def parts(listed: Sequence[Row], files: Mapping[int, File], *, largest: int = 0) -> list[Part]:
    """The rows in parts of at most `PART` messages and lines, numbered through; pictures count by their
    size, and so do the files to embed, which are those of at most `largest` bytes.
    """
    bounds, weight = [0], 0
    for at, row in enumerate(listed):
        step = _memory(row, files, largest)
        if weight and weight + step > PART:
            bounds.append(_back_to_head(listed, at, bounds[-1]))
            weight = 0
        weight += step
    cuts = list(zip(bounds, [*bounds[1:], len(listed)], strict=True))
    done, made = 0, []
    for index, (start, end) in enumerate(cuts):
        rows = tuple(listed[start:end])
        count = sum(isinstance(row, MessageRow) for row in rows)
        made.append(Part(rows, index, len(cuts), done + 1, done + count))
        done += count
    return made


def _memory(row: Row, files: Mapping[int, File], largest: int) -> int:
    """What a row weighs in messages."""
    match row:
        case MessageRow(message=message):
            held = [files[number] for number in message.file_ids if number in files]
            sizes = sum(min(file.size, _PRINTED) for file in held if file.kind is FileKind.IMAGE)
            sizes += sum(file.size for file in held if file.size <= largest)
            return 1 + len(message.text) // _LONG_TEXT + sizes // _LONG_PICTURE
        case SystemLines(messages=messages):
            return len(messages)
        case _:
            return 0


def _back_to_head(listed: Sequence[Row], at: int, floor: int) -> int:
    """Where to cut: not between a session's or a day's head and what follows it."""
    while at - 1 > floor and isinstance(listed[at - 1], SessionBar | DayBreak):
        at -= 1
    return at


def numbering(listed: Sequence[Row]) -> dict[int, int]:
    """Message id to its number in the margin."""
    ids = (row.message.id for row in listed if isinstance(row, MessageRow))
    return {identity: number for number, identity in enumerate(ids, start=1)}


@dataclass(slots=True)
class Pages:
    """One part as data. `pictures` collects the bytes that the template asks for by name, `attached` the names under
    which files by their ids stand within the PDF, `notes` what went amiss.
    """

    export: Export
    part: Part
    numbers: dict[int, int]
    refused: frozenset[str] = frozenset()
    pictures: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    attached: dict[int, str] = field(default_factory=dict)
    _body: Body = field(init=False)
    _messages: dict[int, Message] = field(init=False)
    _senders: dict[int, Person] = field(default_factory=dict)
    _stored: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        transcript = self.export.transcript
        here = {key: number for key, number in self.numbers.items() if self.part.first <= number <= self.part.last}
        names = {file.id: file.name for file in transcript.files.values()}
        self._body = Body(facts.context(self.export), self.export.root, here, names)
        self._messages = {message.id: message for message in transcript.messages}
        if self.export.options.files == "embedded":
            spoken = [row.message for row in self.part.rows if isinstance(row, MessageRow)]
            self.attached = unique_names(going(self.export, spoken))

    def data(self, listed: Sequence[Row], files: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Everything the template is given; `files` are the names of all parts with what each holds."""
        export, part = self.export, self.part
        rows = list(self._headed())
        told = omissions.untold(export) if part.index == part.count - 1 else []
        first = part.index == 0
        options = export.options
        title = facts.title(export)
        known = dict(facts.facts(export, listed)) if first else {}
        return {
            "lang": language(),
            "kind": _("Open Lines conversation"),
            "host": fit(export.host),
            "title": fit(title),
            "author": fit(export.exported_by),
            "part": self._part_name(),
            "running": [
                fit(cut(title, room(TITLE, options))),
                fit(cut(" · ".join(self._running()), room(RUNNING, options))),
            ],
            "footer": fit(facts.written_line(export)),
            "facts": [[label, fit(value)] for label, value in known.items()],
            "people": [[fit(name), fit(role)] for name, role in facts.people(export)] if first else [],
            "files": [[fit(name), holds] for name, holds in files] if first else [],
            "cover": self._cover() if first else None,
            "rows": rows,
            "index": _index(rows),
            "numbered": export.options.numbered,
            "missing": [fit(sentence) for sentence in told],
            "lacking": fit(omissions.lacking(export)) if first else "",
            "attached": [self._attachment(number, name) for number, name in self.attached.items()],
            **page(options),
            "labels": {
                "page": _("page {n} of {total}") if part.count == 1 else _("page {n}"),
                "messages": _("messages {first}–{last}"),
                "message": _("message {first}"),
                "continued": _("{day}, continued"),
                "missing": _("Could not be read"),
                "files": _("This conversation fills several files"),
                "evidence": _("Evidence, SHA-256"),
                "participants": _("Participants"),
                "to": _("Message {n}"),
            },
        }

    def _cover(self) -> dict[str, Any] | None:
        made = cover(self.export)
        if made is None:
            return None
        groups = [
            [name, [[fit(each.name), fit(each.detail), each.sha256] for each in digests]]
            for name, digests in made.groups
        ]
        return {"facts": [[label, fit(value)] for label, value in made.circumstances], "groups": groups}

    def _part_name(self) -> str:
        part = self.part
        return _("part {n} of {total}").format(n=part.index + 1, total=part.count) if part.count > 1 else ""

    def _running(self) -> list[str]:
        """What the head of each page tells beside the title."""
        known = [value for _label, value in facts.facts(self.export, self.part.rows)]
        return [value for value in (self._part_name(), known[0], *known[2:4]) if value not in ("", "—")]

    # --- rows -----------------------------------------------------------------------------------------------------

    def _headed(self) -> Iterator[dict[str, Any]]:
        """The rows; a part that begins within a session or a day names it again."""
        part = self.part
        if part.rows and not isinstance(part.rows[0], SessionBar):
            name = _("Conversation, continued") if part.index else _("Conversation")
            yield {"k": "session", "name": name, "rest": ""}
            if part.index and not isinstance(part.rows[0], DayBreak) and (message := _first_message(part.rows)):
                yield {"k": "day", "name": _("{day}, continued").format(day=long_date(message.date))}
        before: Message | None = None
        for at, row in enumerate(part.rows):
            message = _first_message(part.rows[at : at + 2])
            yield self._row(row, before, message)
            before = message or before

    def _row(self, row: Row, before: Message | None, message: Message | None) -> dict[str, Any]:
        match row:
            case SessionBar(session=session):
                name = _("Session {id}").format(id=session.id)
                return {"k": "session", "name": name, "rest": fit(facts.session_line(session))}
            case DayBreak(day=day):
                zone = facts.zone_change(before.date if before else None, message.date) if message else ""
                return {"k": "day", "name": ", ".join(filter(None, [long_date(day), zone]))}
            case SystemLines(messages=messages):
                return {"k": "lines", "lines": [[clock(line.date), self._line(line)] for line in messages]}
            case SessionEnd(message=last):
                name, rest = facts.ending(row)
                pairs = [[label, fit(value)] for label, value in facts.ratings(row, self.export)]
                return {"k": "end", "name": name, "rest": rest, "ratings": pairs, "text": self._line(last)}
            case Aside(text=text):
                return {"k": "day", "name": fit(text)}
            case MessageRow():
                return self._message(row)

    def _line(self, message: Message) -> list[Any]:
        return self._body.line(message.text, markdown=message.markdown)

    def _message(self, row: MessageRow) -> dict[str, Any]:
        message, side = row.message, _side(row)
        files = self.export.transcript.files_of(message)
        pictures = [file for file in files if file.kind is FileKind.IMAGE and not file.missing]
        ground = SHADE if side == "team" else PAPER
        made: dict[str, Any] = {
            "k": "msg",
            "n": self.numbers[message.id],
            "side": side,
            "name": fit(facts.heading(row)),
            "marks": fit(" · ".join(facts.marks(row, self.export))),
            "wait": facts.waited(row),
            "reply": self._reply(message),
            "text": self._body.items(message.text, markdown=message.markdown, ground=ground),
            "gone": fit(facts.instead(message)),
            "cards": [self._body.card(card) for card in message.cards],
            "buttons": _buttons(message),
            "likes": fit(facts.reactions(message, self.export)),
        }
        self._add_files(made, pictures, [file for file in files if file not in pictures], row)
        made["keep"] = len(message.text) <= SMALL and len(made["files"]) < 9 and _height(message) < 9
        made["open"] = "" if made["keep"] else self._goes_on(row)
        return {key: value for key, value in made.items() if value}

    def _goes_on(self, row: MessageRow) -> str:
        """What stands at the head of a page that begins within the message."""
        name = fit(cut(facts.heading(row), RUNNING // 2))
        if not self.export.options.numbered:
            return _("{name}, continued").format(name=name)
        return _("message {n}, {name}, continued").format(n=self.numbers[row.message.id], name=name)

    def _reply(self, message: Message) -> list[Any]:
        """The message replied to, in short: author, time, text, its number when it stands in this part."""
        asked = self._messages.get(message.reply_to)
        if asked is None:
            return []
        author = facts.person_name(self.export.transcript.author(asked))
        number = self._body.numbers.get(asked.id, 0)
        return [fit(author), clock(asked.date), fit(facts.in_short(asked, self.export)), number]

    # --- files ----------------------------------------------------------------------------------------------------

    def _add_files(
        self, made: dict[str, Any], pictures: Sequence[File], others: Sequence[File], row: MessageRow
    ) -> None:
        """Pictures that can be shown, and a row for each other file."""
        shown: list[list[Any]] = []
        names: list[Any] = []
        for file in others:
            self._senders[file.id] = row.author
        made["files"] = [self._file_row(file) for file in others]
        for file in pictures:
            placed, problem = self._picture(file, row, alone=len(pictures) == 1)
            if placed:
                shown.append(placed)
                names += [*([", "] if names else []), self._named(file)]
            else:
                made["files"].append(self._file_row(file, problem))
        made["pictures"] = shown
        made["names"] = names

    def _file_row(self, file: File, problem: str = "") -> list[str]:
        """Icon, name, what is known of the file, and the address of the place where it was saved."""
        within = _("attached to this file") if file.id in self.attached else ""
        detail = ", ".join(filter(None, [facts.file_detail(file, self.export), within, problem]))
        return [_ICONS[file.kind], fit(facts.file_name(file)), fit(detail), quote(self.export.beside.get(file.id, ""))]

    def _named(self, file: File) -> Any:
        """A picture's name, linked to where it was saved."""
        name, path = fit(facts.file_name(file)), self.export.beside.get(file.id)
        return ["a", quote(path), [name]] if path else name

    def _attachment(self, number: int, name: str) -> list[str]:
        """A file within the PDF: its name, where the compiler finds it, its type, and what a reader says of it."""
        file = self.export.transcript.files[number]
        sender = facts.person_name(self._senders[number])
        return [name, attachment_place(number), mime_type(file), fit(described(file, sender))]

    def _picture(self, file: File, row: MessageRow, *, alone: bool) -> tuple[list[Any], str]:
        """Name, description, width and height in points; or why there is no picture."""
        self._senders[file.id] = row.author
        content = self.export.pictures.get(file.id)
        if content is None:
            return [], _("not read")
        found = shape(content)
        if found is not None and found.too_large:
            return [], self._amiss(file, _("too large to print"))
        digest = hashlib.sha256(content).hexdigest()[:20]
        name = self._stored.get(digest) or self._store(digest, content)
        if found is None or not name or name in self.refused:
            return [], self._amiss(file, _("damaged, or no picture that can be printed"))
        width, height = fitted(found.width, found.height, alone=alone)
        told = _("{name}, picture sent by {author}").format(
            name=facts.file_name(file), author=facts.person_name(row.author)
        )
        return [name, fit(told), width, height], ""

    def _store(self, digest: str, content: bytes) -> str:
        """Keep a picture as it is printed, once for all its places; its name, or nothing where it is damaged."""
        made = for_print(content, *PIXELS)
        if made is None:
            return ""
        name = self._stored[digest] = f"{digest}.{made.kind}"
        self.pictures[name] = made.content
        return name

    def _amiss(self, file: File, problem: str) -> str:
        self.notes.append(f"{facts.file_name(file)}: {problem}.")
        return problem


_ICONS = {
    FileKind.IMAGE: "image",
    FileKind.VIDEO: "video",
    FileKind.AUDIO: "mic",
    FileKind.VOICE: "mic",
    FileKind.DOCUMENT: "file",
}


def _side(row: MessageRow) -> str:
    message = row.message
    if row.author.side is Side.CLIENT:
        return "client"
    unknown = message.kind is MessageKind.UNKNOWN and row.author.side is Side.SYSTEM
    return "inside" if message.deleted or message.internal or unknown else "team"


def _buttons(message: Message) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    for button in message.buttons:
        if button.new_line and lines[-1]:
            lines.append([])
        lines[-1].append(fit(button.text))
    return [line for line in lines if line]


def _height(message: Message) -> int:
    """How many lines a message takes by its breaks and cards, roughly."""
    cells = sum(len(getattr(block, "cells", "x")) for card in message.cards for block in card.blocks)
    return message.text.count("\n") // 2 + cells


def _first_message(rows: Sequence[Row]) -> Message | None:
    for row in rows:
        if isinstance(row, MessageRow | SessionEnd):
            return row.message
        if isinstance(row, SystemLines):
            return row.messages[0]
    return None


def _index(rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """For each row: the last message's number so far, the day it belongs to, and whether it names a day itself."""
    last, day, out = 0, "", []
    for row in rows:
        last = row.get("n", last)
        day = row["name"] if row["k"] == "day" else day
        out.append([last, day, row["k"] in ("day", "session")])
    return out
