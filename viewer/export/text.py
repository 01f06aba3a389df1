"""A conversation as plain text: oldest first, each message under its time and author, cards as "name: value"."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from viewer.chat import (
    Block,
    Card,
    DayBreak,
    Delimiter,
    FileBlock,
    GridBlock,
    ImageBlock,
    LinkBlock,
    LinkItem,
    Message,
    MessageRow,
    PersonBlock,
    SessionBar,
    SessionEnd,
    SystemLines,
    TextBlock,
    UnknownBlock,
)
from viewer.export import facts
from viewer.export.document import Export
from viewer.i18n import _, clock, long_date, size
from viewer.markup import Context, parse, plain

_RULE = "=" * 72
_INDENT = "    "


def as_text(export: Export) -> str:
    """The whole conversation."""
    return "\n".join([*_head(export), *_rows(export), *_tail(export)]) + "\n"


def _head(export: Export) -> Iterator[str]:
    yield facts.title(export)
    if export.host:
        yield export.host
    yield ""
    told = facts.facts(export, export.rows())
    width = max(len(name) for name, _value in told) + 2
    yield from (f"{name + ':':<{width}}{value}" for name, value in told)
    yield ""
    yield from (f"{name} ({what})" if what else name for name, what in facts.people(export))
    yield _RULE


def _rows(export: Export) -> Iterator[str]:
    context = facts.context(export)
    before: datetime | None = None
    number = 0
    for row in export.rows():
        match row:
            case SessionBar(session=session):
                yield f"\n{_('Session {id}').format(id=session.id)}  {facts.session_line(session)}".rstrip()
            case DayBreak(day=day):
                yield f"\n--- {long_date(day)} ---"
            case SystemLines(messages=messages):
                for message in messages:
                    yield from _system(message, context)
            case SessionEnd():
                name, rest = facts.ending(row)
                yield f"\n{name}  {rest}"
                yield from _indented(_source(row.message, context))
                yield from (f"{_INDENT}{label}: {value}" for label, value in facts.ratings(row))
            case MessageRow(message=message):
                number += 1
                if zone := facts.zone_change(before, message.date):
                    yield f"\n({zone})"
                before = message.date
                yield from _message(row, number, export, context)


def _system(message: Message, context: Context) -> Iterator[str]:
    text = _source(message, context, mark="")
    yield from (
        f"{_INDENT if index else f'[{clock(message.date)}]'} {line}" for index, line in enumerate(text.split("\n"))
    )


def _source(message: Message, context: Context, mark: str = "@") -> str:
    chosen = context if mark else Context(people=context.people, zone=context.zone, mention_mark="")
    return plain(parse(message.text, markdown=message.markdown), chosen)


def _message(row: MessageRow, number: int, export: Export, context: Context) -> Iterator[str]:
    message = row.message
    told = [*facts.marks(row, export), *filter(None, [facts.waited(row)])]
    counted = f"{number}. " if export.numbered else ""
    yield f"\n{counted}{facts.heading(row)} · {' · '.join(told)}"
    if message.reply_to:
        yield f"{_INDENT}> {_answered(message, export, context)}"
    if absent := facts.instead(message):
        yield f"{_INDENT}({absent})"
    yield from _indented(_source(message, context))
    for card in message.cards:
        yield from (f"{_INDENT}| {line}" for line in _card(card, context))
    for file in export.transcript.files_of(message):
        yield f"{_INDENT}[{facts.file_name(file)}: {facts.file_detail(file)}]"
    if message.buttons:
        yield _INDENT + " ".join(f"[{button.text}]" for button in message.buttons)
    if liked := facts.reactions(message, export):
        yield _INDENT + liked


def _answered(message: Message, export: Export, context: Context) -> str:
    found = next((each for each in export.transcript.messages if each.id == message.reply_to), None)
    if found is None:
        return _("in reply to message {id}").format(id=message.reply_to)
    said = " ".join(_source(found, context).split())
    return f"{facts.person_name(export.transcript.author(found))}: {said[:200]}{'…' if len(said) > 200 else ''}"


def _indented(text: str) -> Iterator[str]:
    return (f"{_INDENT}{line}".rstrip() for line in text.split("\n") if text)


def _card(card: Card, context: Context) -> Iterator[str]:
    for block in card.blocks:
        yield from (line for text in _block(block, context) for line in text.split("\n"))


def _block(block: Block, context: Context) -> Iterator[str]:
    def said(source: str) -> str:
        return plain(parse(source), context)

    match block:
        case TextBlock(text=text):
            yield said(text)
        case LinkBlock(links=links):
            yield from _links(links, context)
        case PersonBlock(people=people):
            yield from (person.name for person in people)
        case ImageBlock(images=images):
            yield from (f"[{image.name or _('Picture')}: {image.url}]" for image in images)
        case FileBlock(files=files):
            yield from (f"[{file.name}{': ' + size(file.size) if file.size else ''}]" for file in files)
        case GridBlock(cells=cells):
            for cell in cells:
                yield ": ".join(part for part in (said(cell.name), said(cell.value)) if part)
        case Delimiter():
            yield "-" * 20
        case UnknownBlock(name=name, text=text):
            yield f"{name}: {said(text)}"


def _links(links: Iterable[LinkItem], context: Context) -> Iterator[str]:
    for link in links:
        yield link.title + (f" ({link.url})" if link.url and link.url != link.title else "")
        if link.text:
            yield plain(parse(link.text), context)


def _tail(export: Export) -> Iterator[str]:
    yield f"\n{_RULE}"
    yield from (f"{_('Could not be read')}: {sentence}" for sentence in export.missing)
    if sentence := facts.left_out(export):
        yield sentence
    yield facts.written_line(export)
