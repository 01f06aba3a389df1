"""Attachment cards, the ATTACH of a message (`bitrix24-api.md` §8). All texts are markup source."""

from dataclasses import dataclass
from enum import Enum


class Display(Enum):
    """How one cell of a grid stands."""

    BLOCK = "BLOCK"
    LINE = "LINE"
    ROW = "ROW"
    TABLE = "TABLE"


@dataclass(frozen=True, slots=True)
class TextBlock:
    """MESSAGE, or HTML of an old server already turned into text."""

    text: str


@dataclass(frozen=True, slots=True)
class LinkItem:
    """One entry of LINK or RICH_LINK. `title` is never empty; `preview` is a picture's address."""

    title: str
    url: str = ""
    text: str = ""
    preview: str = ""


@dataclass(frozen=True, slots=True)
class LinkBlock:
    """LINK; `rich` for RICH_LINK, the preview card of the first link in a text."""

    links: tuple[LinkItem, ...]
    rich: bool = False


class PersonKind(Enum):
    """What an entry of USER stands for (AVATAR_TYPE)."""

    USER = "USER"
    CHAT = "CHAT"
    BOT = "BOT"


@dataclass(frozen=True, slots=True)
class PersonItem:
    """One entry of USER. `name` is never empty."""

    name: str
    url: str = ""
    avatar: str = ""
    kind: PersonKind = PersonKind.USER


@dataclass(frozen=True, slots=True)
class PersonBlock:
    """USER."""

    people: tuple[PersonItem, ...]


@dataclass(frozen=True, slots=True)
class ImageItem:
    """One entry of IMAGE; sizes in pixels, 0 when unknown."""

    url: str
    name: str = ""
    preview: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """IMAGE: pictures by address, not files of the portal."""

    images: tuple[ImageItem, ...]


@dataclass(frozen=True, slots=True)
class FileItem:
    """One entry of FILE; `size` in bytes, 0 when unknown."""

    name: str
    url: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class FileBlock:
    """FILE: files by address."""

    files: tuple[FileItem, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid; `name` or `value` may be empty. `color` is `#rrggbb` or empty."""

    display: Display
    name: str = ""
    value: str = ""
    url: str = ""
    width: int = 0
    color: str = ""
    token: str = "base"


@dataclass(frozen=True, slots=True)
class GridBlock:
    """GRID."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Delimiter:
    """DELIMITER: a rule, `size` in pixels."""

    size: int = 200
    color: str = ""


@dataclass(frozen=True, slots=True)
class UnknownBlock:
    """A block of a kind that this program does not know: shown by name with the texts found in it."""

    name: str
    text: str


Block = TextBlock | LinkBlock | PersonBlock | ImageBlock | FileBlock | GridBlock | Delimiter | UnknownBlock


@dataclass(frozen=True, slots=True)
class Card:
    """A card. `color` is `#rrggbb`, "transparent" or empty; `token` one of primary, secondary, alert, base."""

    blocks: tuple[Block, ...]
    color: str = ""
    token: str = "base"
    description: str = ""
