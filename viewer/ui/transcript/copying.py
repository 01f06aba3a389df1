"""What is marked, for the clipboard: the words alone within one message, with author and time across several."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QMimeData

from viewer.chat import Message, MessageRow, SystemLines
from viewer.i18n import clock, short_date
from viewer.markup import Context as Markup
from viewer.markup import card_html, card_plain, html, parse, plain
from viewer.ui.transcript.context import Context, Reading
from viewer.ui.transcript.hits import Selection
from viewer.ui.transcript.stage import Stage


@dataclass(frozen=True, slots=True)
class Piece:
    """A row's share of what is marked: who and when, where the row tells it, and the words in both forms."""

    head: str
    text: str
    rich: str


def marked_text(stage: Stage, marked: Selection | None) -> str:
    """What is marked, as text."""
    pieces = _pieces(stage, marked)
    return _text(pieces, heads=len(pieces) > 1)


def marked_data(stage: Stage, marked: Selection | None) -> QMimeData | None:
    """The same for the clipboard, with its formatting for programs that take it; None when nothing is marked."""
    pieces = _pieces(stage, marked)
    return _data(pieces, heads=len(pieces) > 1) if pieces else None


def row_data(stage: Stage, row: int, *, head: bool) -> QMimeData | None:
    """A whole row for the clipboard, with its author and time where `head` is wanted."""
    piece = _whole(stage, row)
    return _data([piece], heads=head) if piece is not None else None


def _text(pieces: Sequence[Piece], *, heads: bool) -> str:
    return "\n\n".join("\n".join(filter(None, (piece.head if heads else "", piece.text))) for piece in pieces)


def _data(pieces: Sequence[Piece], *, heads: bool) -> QMimeData:
    told = QMimeData()
    told.setText(_text(pieces, heads=heads))
    told.setHtml("".join(f"<p>{_bold(piece.head) if heads else ''}{piece.rich}</p>" for piece in pieces))
    return told


def _bold(head: str) -> str:
    return f"<b>{escape(head)}</b><br>" if head else ""


def _pieces(stage: Stage, marked: Selection | None) -> list[Piece]:
    if marked is None or marked.empty:
        return []
    first, last = sorted((marked.anchor, marked.cursor))
    found = []
    for row in range(max(first.row, 0), min(last.row, len(stage.rows) - 1) + 1):
        inside = first.row < row < last.row  # such a row need not be laid out only to be copied
        piece = _whole(stage, row) if inside else _part(stage, marked, row, alone=first.row == last.row)
        if piece is not None:
            found.append(piece)
    return found


def _part(stage: Stage, marked: Selection, row: int, *, alone: bool) -> Piece | None:
    """What is marked of the first or the last row; where that is all its text, its files belong to it too."""
    spans = [(part, marked.span(row, part.part, part.length)) for part in stage.layout(row).texts()]
    everything = all(span == (0, part.length) or not part.length for part, span in spans)
    whole = _whole(stage, row) if everything else None
    if whole is not None and not (alone and spans):
        return whole
    text = "\n".join(part.words(*span) for part, span in spans if span is not None)
    if not text:
        return None
    return Piece(_head(stage, row), text, whole.rich if whole else escape(text).replace("\n", "<br>"))


def _whole(stage: Stage, row: int) -> Piece | None:
    """All that a message says, from its source."""
    item, context = stage.rows[row], stage.context
    reading = Markup(people=context.names, base=context.base)
    match item:
        case MessageRow(message=message) if not message.deleted:
            said, rich_said = _said(message, context, reading)
            names = [file.name for file in context.transcript.files_of(message) if file.name]
            text = [said, *(card_plain(card, reading) for card in message.cards), *names]
            rich = [rich_said, *(card_html(card, reading) for card in message.cards), *map(escape, names)]
            return Piece(_head(stage, row), "\n".join(filter(None, text)), "<br>".join(filter(None, rich)))
        case SystemLines(messages=messages):
            told = [plain(parse(each.text, base=context.base), reading) for each in messages]
            return Piece("", "\n".join(told), "<br>".join(map(escape, told)))
        case _:
            return None


def _said(message: Message, context: Context, reading: Markup) -> tuple[str, str]:
    """A message's own words in both forms, as the reader has chosen to read them."""
    chosen = context.reading(message)
    if chosen is Reading.TYPED:
        return message.text, escape(message.text).replace("\n", "<br>")
    nodes = parse(message.text, base=context.base, markdown=chosen is Reading.MARKDOWN)
    return plain(nodes, reading), html(nodes, reading)


def _head(stage: Stage, row: int) -> str:
    """Author, day and time of a message."""
    item = stage.rows[row]
    if not isinstance(item, MessageRow):
        return ""
    when = f"{short_date(item.message.date)} {clock(item.message.date)}"
    return ", ".join(filter(None, (item.author.name, when)))


def next_message(stage: Stage, row: int, by: int) -> int:
    """The next row with a message before (-1) or after (1) another; the same one at the end."""
    at = row + by
    while 0 <= at < len(stage.rows):
        if isinstance(stage.rows[at], MessageRow):
            return at
        at += by
    return row
