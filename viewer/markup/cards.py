"""What an attachment card says, as parts that every output shows in its own way (`bitrix24-api.md` §8).

Addresses are checked here: a part's `url` may be opened, or is empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from viewer.chat import (
    Block,
    Card,
    Cell,
    Delimiter,
    Display,
    FileBlock,
    GridBlock,
    ImageBlock,
    LinkBlock,
    LinkItem,
    PersonBlock,
    PersonKind,
    TextBlock,
    UnknownBlock,
)
from viewer.i18n import _, size
from viewer.markup.colors import contrast, readable
from viewer.markup.emoji import decoded
from viewer.markup.fit import fit
from viewer.markup.links import Links
from viewer.markup.nodes import Colored, Link, Nodes, Text
from viewer.markup.parser import parse_bbcode
from viewer.markup.visitor import walk

PAPER = "#ffffff"
_TOKENS = {"primary": "#0b6a75", "secondary": "#5c6971", "alert": "#b02a22", "base": "#3b444a"}


class Role(Enum):
    """What an entry of a card is."""

    LINK = "link"
    PERSON = "person"
    CHAT = "chat"
    BOT = "bot"
    PICTURE = "picture"
    FILE = "file"
    UNKNOWN = "unknown"


_ROLES = {PersonKind.USER: Role.PERSON, PersonKind.CHAT: Role.CHAT, PersonKind.BOT: Role.BOT}


@dataclass(frozen=True, slots=True)
class Prose:
    """A text of its own."""

    nodes: Nodes


@dataclass(frozen=True, slots=True)
class Entry:
    """A link, a person, a picture, a file or a block of an unknown kind. `title` is empty for an unnamed picture."""

    role: Role
    title: str
    url: str = ""
    detail: Nodes = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """A cell of a grid: a name, a value, or both. `width` in pixels as the sender wished, 0 for any."""

    name: Nodes
    value: Nodes
    display: Display
    width: int = 0
    token: str = "base"


@dataclass(frozen=True, slots=True)
class Divider:
    """A rule, `size` in pixels; `color` is `#rrggbb` or empty."""

    size: int
    color: str = ""


Part = Prose | Entry | Pair | Divider


def parts(card: Card, base: str = "") -> Iterator[Part]:
    """The parts of a card in its order; `base` as for `parse`. A card without blocks says its description."""
    reader = _Reader(Links(base.rstrip("/") if base.startswith(("https://", "http://")) else ""))
    for block in card.blocks or (TextBlock(card.description),):
        yield from reader.block(block)


def stripe(card: Card, ground: str = PAPER) -> str:
    """The colour of a card's edge, at least 3:1 on its ground."""
    color = card.color if card.color.startswith("#") else token_color(card.token)
    return color if contrast(color, ground) >= 3 else readable(color, ground)


def token_color(token: str) -> str:
    """Our colour for one of the portal's four tokens; it does not publish its own (§8)."""
    return _TOKENS.get(token, _TOKENS["base"])


def title_of(entry: Entry) -> str:
    """The entry's title, or what stands for it."""
    if entry.role is Role.UNKNOWN:
        return _("Unknown part: {name}").format(name=entry.title)
    return entry.title or (_("Picture") if entry.role is Role.PICTURE else _("File"))


class _Reader:
    """Reads blocks with one portal's links."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def block(self, block: Block) -> Iterator[Part]:
        match block:
            case TextBlock(text=text):
                yield Prose(self._nodes(text))
            case GridBlock(cells=cells):
                yield from map(self._cell, cells)
            case Delimiter(size=width, color=color):
                yield Divider(width, color)
            case UnknownBlock(name=name, text=text):
                yield Entry(Role.UNKNOWN, fit(name), detail=self._nodes(text))
            case LinkBlock() | PersonBlock() | ImageBlock() | FileBlock():
                yield from self._listed(block)

    def _listed(self, block: LinkBlock | PersonBlock | ImageBlock | FileBlock) -> Iterator[Entry]:
        match block:
            case LinkBlock(links=links):
                for link in links:
                    yield from self._link(link)
            case PersonBlock(people=people):
                for person in people:
                    yield Entry(_ROLES[person.kind], fit(person.name), self._address(person.url))
            case ImageBlock(images=images):
                for image in images:
                    address = self._address(image.url) or self._address(image.preview)
                    yield Entry(Role.PICTURE, fit(image.name), address)
            case FileBlock(files=files):
                for file in files:
                    detail: Nodes = (Text(size(file.size)),) if file.size else ()
                    yield Entry(Role.FILE, fit(file.name), self._address(file.url), detail)

    def _link(self, link: LinkItem) -> Iterator[Entry]:
        yield Entry(Role.LINK, fit(link.title), self._address(link.url), self._nodes(link.text))
        if link.preview and (address := self._address(link.preview)):
            yield Entry(Role.PICTURE, "", address)

    def _cell(self, cell: Cell) -> Pair:
        name, value = self._nodes(cell.name), self._nodes(cell.value)
        url = self._address(cell.url)
        if url and not any(isinstance(node, Link) for node in walk(value or name)):
            linked: Nodes = (Link(url, value or name or (Text(url),)),)
            name, value = (name, linked) if value or not name else (linked, value)
        if cell.color:
            value = (Colored(cell.color, value),) if value else value
        return Pair(name, value, cell.display, cell.width, cell.token)

    def _nodes(self, source: str) -> Nodes:
        return parse_bbcode(fit(decoded(source)).strip(), self._links) if source else ()

    def _address(self, url: str) -> str:
        return self._links.address(url) if url else ""
