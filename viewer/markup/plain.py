"""The tree as plain text: for the clipboard, search, text exports, and one line of it for the list."""

from viewer.chat import Card
from viewer.i18n import _
from viewer.markup import times
from viewer.markup.cards import Divider, Entry, Pair, Prose, parts, title_of
from viewer.markup.nodes import (
    Action,
    Attachment,
    Block,
    Break,
    ChatLink,
    Code,
    Colored,
    DriveFile,
    Heading,
    Leaf,
    Link,
    Listing,
    Mention,
    MessageLink,
    Nodes,
    Picture,
    Quote,
    Rating,
    Rule,
    Sized,
    Styled,
    Table,
    Text,
    Timestamp,
)
from viewer.markup.visitor import Context, chat_text, mention_name, message_text

STARS = 5


def plain(nodes: Nodes, context: Context, *, addresses: bool = True) -> str:
    """The text as a person would type it; with `addresses`, a link's address follows its text in brackets."""
    writer = _Writer(context, addresses)
    writer.write(nodes)
    return "".join(writer.out)


def rating_text(rating: Rating) -> str:
    """Stars with their number, or a thumb."""
    if not rating.stars:
        return "👍" if rating.value > 0 else "👎"
    return "★" * rating.value + "☆" * (STARS - rating.value) + f" {rating.value}/{STARS}"


def leaf_text(leaf: Leaf, context: Context) -> str:
    """How a leaf reads without its address."""
    match leaf:
        case Mention():
            return mention_name(leaf, context)
        case ChatLink():
            return chat_text(leaf)
        case MessageLink():
            return message_text(leaf)
        case Rating():
            return rating_text(leaf)
        case Picture(title=title):
            name = _("Picture")
            return f"[{name}: {title}]" if title else f"[{name}]"
        case DriveFile():
            name = _("File")
            return f"[{name}]"
        case Attachment():
            name = _("Attachment")
            return f"[{name}]"
        case Timestamp(unix=unix, format=form):
            return times.shown(unix, form, context.zone)
        case Action(text=text):
            return text


def card_plain(card: Card, context: Context) -> str:
    """An attachment card, one line a part: names and values as "name: value", addresses behind titles."""
    return "\n".join(filter(None, (_part(part, context) for part in parts(card, context.base))))


def _part(part: Prose | Entry | Pair | Divider, context: Context) -> str:
    match part:
        case Prose(nodes=nodes):
            return plain(nodes, context)
        case Entry(url=url, detail=detail):
            title = title_of(part)
            return " — ".join(filter(None, [title, url if url != title else "", plain(detail, context)]))
        case Pair(name=name, value=value):
            return ": ".join(filter(None, [plain(name, context), plain(value, context)]))
        case Divider():
            return "-" * 20


class _Writer:
    """Text being written. A block begins on a new line, and what follows it begins on another."""

    def __init__(self, context: Context, addresses: bool) -> None:
        self.out: list[str] = []
        self._context = context
        self._addresses = addresses
        self._after_block = False

    def write(self, nodes: Nodes) -> None:
        for node in nodes:
            match node:
                case Text(text=text):
                    self._add(text)
                case Break():
                    self._add("\n")
                case Styled() | Sized() | Colored():
                    self.write(node.children)
                case Link():
                    self._link(node)
                case Code(text=text, inline=True):
                    self._add(text)
                case Code() | Quote() | Heading() | Listing() | Table() | Rule():
                    self._block(node)
                case Picture(url=url):
                    self._add(leaf_text(node, self._context) + (f" {url}" if self._addresses else ""))
                case _:
                    self._add(leaf_text(node, self._context))

    def _add(self, text: str) -> None:
        if self._after_block:
            self.out.append("\n")
            self._after_block = False
        self.out.append(text)

    def _inner(self, nodes: Nodes) -> str:
        return plain(nodes, self._context, addresses=self._addresses)

    def _link(self, link: Link) -> None:
        self.write(link.children)
        if self._addresses and not link.bare:
            address = link.url.removeprefix("mailto:").removeprefix("tel:")
            if self._inner(link.children) not in (link.url, address):
                self._add(f" ({address})")

    def _block(self, block: Block) -> None:
        if self.out and not self._after_block and not self.out[-1].endswith("\n"):
            self.out.append("\n")
        self._add(self._block_text(block))
        self._after_block = True

    def _block_text(self, block: Block) -> str:
        match block:
            case Code(text=text):
                return text
            case Quote():
                return _prefixed(self._quote(block), "> ", "> ")
            case Heading(children=children):
                return self._inner(children)
            case Listing(items=items, start=start):
                return "\n".join(self._item(item, start and start + number) for number, item in enumerate(items))
            case Table(rows=rows):
                return "\n".join(" | ".join(self._inner(cell).replace("\n", " ") for cell in row) for row in rows)
            case Rule():
                return "—" * 10

    def _item(self, item: Nodes, number: int) -> str:
        mark = f"{number}. " if number else "• "
        return _prefixed(self._inner(item), mark, " " * len(mark))

    def _quote(self, quote: Quote) -> str:
        head = f"{quote.author} [{quote.date}]" if quote.date else quote.author
        text = self._inner(quote.children)
        return f"{head}\n{text}" if head and text else head or text


def _prefixed(text: str, first: str, others: str) -> str:
    """The text with a mark before each line."""
    lines = [(others if number else first) + line for number, line in enumerate(text.split("\n"))]
    return "\n".join(line.rstrip() if not line.strip(" >") else line for line in lines)


_NOBODY = Context(mention_mark="")
SNIPPET_LIMIT = 300


def one_line(nodes: Nodes, context: Context = _NOBODY) -> str:
    """A line for the list: what was written, without quotes unless there is nothing else."""
    own = tuple(node for node in nodes if not isinstance(node, Quote))
    return " ".join(plain(own or nodes, context, addresses=False).split())[:SNIPPET_LIMIT]
