"""A conversation as CommonMark: for wikis, tickets and notes.

What a message holds stands as a quote under its head, so that no text of a message can be taken for the frame around
it: not its headings, rules or lists.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from viewer.chat import (
    Aside,
    DayBreak,
    File,
    Message,
    MessageRow,
    Row,
    SessionBar,
    SessionEnd,
    SystemLines,
    messages_of,
)
from viewer.export import facts, omissions
from viewer.export.cover import cover
from viewer.export.document import Export
from viewer.i18n import _, clock, long_date
from viewer.markup import Context, Nodes, card_commonmark, commonmark, parse
from viewer.markup.fit import fit
from viewer.markup.nodes import Break, Text
from viewer.markup.visitor import is_block


def text(export: Export) -> str:
    """The whole conversation; lines end with a line feed."""
    return "".join(pieces(export))


def pieces(export: Export) -> Iterator[str]:
    """The same, block by block."""
    for number, block in enumerate(filter(None, _Blocks(export).all())):
        yield f"\n{block}\n" if number else f"{block}\n"


def said(told: str, *, bold: bool = False) -> str:
    """Characters as CommonMark that reads back as the same characters."""
    nodes: list[Text | Break] = []
    for line in fit(told).strip().splitlines():
        nodes += [*([Break()] if nodes else []), Text(line)]
    made = commonmark(tuple(nodes), Context())
    return f"**{made}**" if bold and made else made


class _Blocks:
    """The blocks of one conversation."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._context = facts.context(export)
        self._portal = replace(self._context, mention_mark="")
        self._known = {message.id: message for message in export.transcript.messages}
        self._numbers = _numbers(export)
        self._last: datetime | None = None

    def all(self) -> Iterator[str]:
        listed = self._export.rows()
        yield from self._head(listed)
        for at, row in enumerate(listed):
            yield from self._row(row, listed[at + 1 : at + 2])
        told = omissions.untold(self._export)
        if told:
            yield "## " + _("Could not be read")
            yield _listed(said(sentence) for sentence in told)

    def _head(self, listed: Sequence[Row]) -> Iterator[str]:
        export = self._export
        yield f"# {_flat(facts.title(export))}"
        yield said(" · ".join(filter(None, [_("Open Lines conversation"), export.host])))
        yield said(facts.written_line(export))
        yield said(omissions.lacking(export), bold=True)
        yield _listed(f"{said(label + ':', bold=True)} {_flat(value)}" for label, value in facts.facts(export, listed))
        if people := facts.people(export):
            yield said(_("Participants") + ":", bold=True)
            yield _listed(f"{_flat(name)} ({_flat(role)})" for name, role in people)
        if made := cover(export):
            yield "## " + _("Evidence, SHA-256")
            yield _listed(f"{said(label + ':', bold=True)} {_flat(value)}" for label, value in made.circumstances)
            for name, digests in made.groups:
                yield said(name + ":", bold=True)
                yield _listed(f"{_flat(each.name)} ({_flat(each.detail)}) `{each.sha256}`" for each in digests)

    # --- rows -----------------------------------------------------------------------------------------------------

    def _row(self, row: Row, after: Sequence[Row]) -> Iterator[str]:
        match row:
            case SessionBar(session=session):
                name = _("Session {id}").format(id=session.id)
                yield f"## {_flat(' · '.join(filter(None, [name, facts.session_line(session)])))}"
            case DayBreak(day=day):
                first = next((message.date for each in after for message in messages_of(each)), None)
                zone = facts.zone_change(self._last, first) if first else ""
                yield f"### {_flat(', '.join(filter(None, [long_date(day), zone])))}"
            case SystemLines(messages=messages):
                yield _listed(self._line(told) for told in messages)
            case SessionEnd(message=message):
                yield from self._end(row, message)
            case Aside(text=told):
                yield f"*{_flat(told)}*"
            case MessageRow():
                yield self._message_head(row)
                yield _quoted("\n\n".join(filter(None, self._held(row.message))))
        for message in messages_of(row):
            self._last = message.date

    def _line(self, message: Message) -> str:
        """A line of the portal's own after its time; a block begins below it."""
        nodes = parse(message.text, base=self._export.root, markdown=message.markdown)
        between = "\n\n" if nodes and is_block(nodes[0]) else " "
        return f"{clock(message.date)}{between}{commonmark(nodes, self._portal)}".rstrip()

    def _end(self, row: SessionEnd, message: Message) -> Iterator[str]:
        name, rest = facts.ending(row)
        yield "---"
        yield f"{said(name + ':', bold=True)} {_flat(rest)}"
        yield self._text(message, self._portal)
        yield _listed(
            f"{said(label + ':', bold=True)} {said(value)}" for label, value in facts.ratings(row, self._export)
        )

    def _message_head(self, row: MessageRow) -> str:
        number = f"[{self._numbers[row.message.id]}] " if self._export.options.numbered else ""
        marks = " · ".join(facts.marks(row, self._export))
        wait = facts.waited(row)
        head = f"{_bold(number + facts.heading(row))} ({_flat(marks)})"
        return f"{head} {said(wait, bold=True)}" if wait else head

    def _held(self, message: Message) -> Iterator[str]:
        """What a message holds, block by block."""
        if asked := self._known.get(message.reply_to):
            number = self._numbers.get(asked.id) if self._export.options.numbered else None
            author = facts.person_name(self._export.transcript.author(asked))
            named = f"{f'[{number}] ' if number else ''}{author} {clock(asked.date)}"
            yield _quoted(f"{_bold(named)}: {_flat(facts.in_short(asked, self._export))}")
        yield self._text(message, self._context)
        if gone := facts.instead(message):
            yield f"*{_flat(gone)}*"
        yield from (card_commonmark(card, self._context) for card in message.cards)
        yield _listed(
            f"{self._named(file)}, {_flat(facts.file_detail(file, self._export))}"
            for file in self._export.transcript.files_of(message)
        )
        yield " ".join(_flat(f"[{button.text}]") for button in message.buttons)
        yield _flat(facts.reactions(message, self._export))

    def _named(self, file: File) -> str:
        """A file's name, linked to where it was saved."""
        name, path = _flat(facts.file_name(file)), self._export.beside.get(file.id)
        return f"[{name}](<{quote(path)}>)" if path else name

    def _text(self, message: Message, context: Context) -> str:
        nodes: Nodes = parse(message.text, base=self._export.root, markdown=message.markdown)
        return commonmark(nodes, context)


def _numbers(export: Export) -> dict[int, int]:
    spoken = (row.message.id for row in export.rows() if isinstance(row, MessageRow))
    return {identity: number for number, identity in enumerate(spoken, start=1)}


def _flat(told: str) -> str:
    """Characters within one line."""
    return said(" ".join(told.split()))


def _bold(told: str) -> str:
    return said(" ".join(told.split()), bold=True)


def _listed(entries: Iterator[str]) -> str:
    return "\n".join(f"- {_indented(entry)}" for entry in entries if entry)


def _indented(entry: str) -> str:
    return entry.replace("\n", "\n  ")


def _quoted(block: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in block.split("\n")) if block else ""
