"""A conversation as plain text: oldest first, for people and for search."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from viewer.chat import Aside, DayBreak, Message, MessageRow, Row, SessionBar, SessionEnd, SystemLines
from viewer.export import facts, omissions
from viewer.export.cover import cover
from viewer.export.document import Export
from viewer.i18n import _, clock, long_date
from viewer.markup import Context, card_plain, parse, plain

INDENT = "    "
_RULE = "=" * 72
_THIN = "-" * 72


def text(export: Export) -> str:
    """The whole conversation; lines end with a line feed."""
    return "".join(pieces(export))


def pieces(export: Export) -> Iterator[str]:
    """The same, line by line."""
    for line in _Lines(export).all():
        yield line.replace("\x00", "\ufffd") + "\n"


class _Lines:
    """The lines of one conversation."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._context = facts.context(export)
        self._portal = replace(self._context, mention_mark="")
        self._known = {message.id: message for message in export.transcript.messages}
        self._number = 0

    def all(self) -> Iterator[str]:
        listed = self._export.rows()
        yield from self._head(listed)
        before: Message | None = None
        for at, row in enumerate(listed):
            yield from self._row(row, before, listed[at + 1] if at + 1 < len(listed) else None)
            before = _message(row) or before
        told = omissions.untold(self._export)
        if told:
            yield from ("", _RULE, _("Could not be read"), *(f"- {sentence}" for sentence in told))

    def _head(self, listed: Sequence[Row]) -> Iterator[str]:
        export = self._export
        yield facts.title(export)
        yield " · ".join(filter(None, [_("Open Lines conversation"), export.host]))
        yield facts.written_line(export)
        yield from filter(None, [omissions.lacking(export)])
        yield ""
        yield from (f"{label}: {value}" for label, value in facts.facts(export, listed))
        if people := facts.people(export):
            yield _("Participants") + ": " + "; ".join(f"{name} ({role})" for name, role in people)
        if made := cover(export):
            yield from ("", _("Evidence, SHA-256"), *(f"{label}: {value}" for label, value in made.circumstances))
            for name, digests in made.groups:
                yield from ("", f"{name}:")
                for each in digests:
                    yield from (f"{INDENT}{each.name} ({each.detail})", f"{INDENT}{each.sha256}")

    # --- rows -----------------------------------------------------------------------------------------------------

    def _row(self, row: Row, before: Message | None, after: Row | None) -> Iterator[str]:
        match row:
            case SessionBar(session=session):
                line = facts.session_line(session)
                yield from ("", _RULE, " · ".join(filter(None, [_("Session {id}").format(id=session.id), line])))
            case DayBreak(day=day):
                first = _message(after)
                zone = facts.zone_change(before.date if before else None, first.date) if first else ""
                yield from ("", f"--- {', '.join(filter(None, [long_date(day), zone]))} ---")
            case SystemLines(messages=messages):
                yield ""
                for told in messages:
                    yield from _hung(f"{INDENT}{clock(told.date)}  ", self._plain(told, self._portal))
            case SessionEnd(message=message):
                name, rest = facts.ending(row)
                yield from ("", _THIN, f"{name}: {rest}")
                yield from filter(None, [self._plain(message, self._portal)])
                yield from (f"{label}: {value}" for label, value in facts.ratings(row, self._export))
            case Aside(text=text):
                yield from ("", f"--- {text} ---")
            case MessageRow():
                yield from ("", *self._spoken(row))

    def _spoken(self, row: MessageRow) -> Iterator[str]:
        """A message: its head, then everything it holds, indented."""
        self._number += 1
        number = f"[{self._number}] " if self._export.options.numbered else ""
        wait = facts.waited(row)
        yield f"{number}{facts.heading(row)} ({' · '.join(facts.marks(row, self._export))}){f' {wait}' if wait else ''}"
        for line in self._held(row.message):
            yield from (f"{INDENT}{part}" if part else "" for part in line.split("\n"))

    def _held(self, message: Message) -> Iterator[str]:
        if asked := self._known.get(message.reply_to):
            author = facts.person_name(self._export.transcript.author(asked))
            yield f"> {author} {clock(asked.date)}: {facts.in_short(asked, self._export)}"
        yield from filter(None, [self._plain(message, self._context), facts.instead(message)])
        for card in message.cards:
            yield from (f"| {line}" for line in card_plain(card, self._context).split("\n"))
        for file in self._export.transcript.files_of(message):
            yield f"[{facts.file_name(file)}, {facts.file_detail(file, self._export)}]"
        if message.buttons:
            yield " ".join(f"[{button.text}]" for button in message.buttons)
        yield from filter(None, [facts.reactions(message, self._export)])

    def _plain(self, message: Message, context: Context) -> str:
        return plain(parse(message.text, base=self._export.root, markdown=message.markdown), context)


def _message(row: Row | None) -> Message | None:
    match row:
        case MessageRow(message=message) | SessionEnd(message=message):
            return message
        case SystemLines(messages=messages):
            return messages[0]
        case _:
            return None


def _hung(head: str, told: str) -> Iterator[str]:
    """A text after its head, the lines that follow indented alike."""
    first, *others = told.split("\n")
    yield head + first
    yield from (" " * len(head) + line for line in others)
