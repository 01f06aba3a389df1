"""What a message says, as a tree: the one thing that parsers make and visitors read.

A text is a tuple of nodes. Blocks (`Quote`, `Code` unless inline, `Heading`, `Listing`, `Table`, `Rule`) stand among
inline nodes as the messenger writes them, each on lines of its own: the line break before and after a block is part of
the block and is not repeated as `Break`. Addresses in `Link` and `Picture` are already checked: only schemes that may
be opened become links (`design.md` §5).
"""

from dataclasses import dataclass
from enum import Enum


class Style(Enum):
    """A way to set text."""

    BOLD = "b"
    ITALIC = "i"
    UNDERLINE = "u"
    STRIKE = "s"


@dataclass(frozen=True, slots=True)
class Text:
    """Characters as they are; never holds a line break."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break."""


@dataclass(frozen=True, slots=True)
class Styled:
    """B, I, U, S."""

    style: Style
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Sized:
    """SIZE; `pixels` 8..30, where 13 is the body."""

    pixels: int
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Colored:
    """COLOR; `color` is `#rrggbb`. A visitor keeps it readable on its own background."""

    color: str
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link to `url` (http, https, mailto, tel). `bare` when the text is the address itself."""

    url: str
    children: tuple["Node", ...]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A person (USER), by id; 0 is everybody. `name` may be empty: the reader of the tree knows people by id."""

    person_id: int
    name: str
    replace: bool = False


@dataclass(frozen=True, slots=True)
class ChatLink:
    """CHAT: a chat (`session` False) or an open-line session (`imol|ID`)."""

    id: int
    session: bool
    text: str


@dataclass(frozen=True, slots=True)
class MessageLink:
    """CONTEXT: a message of a chat; `dialog` is `chat12` or `3:4`."""

    dialog: str
    message_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """CODE: opaque text with its own line breaks (`\\n`); `inline` only in the Markdown dialect."""

    text: str
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote: `>>` lines, or a message quoted between rules of 54 hyphens with author, date text and anchor."""

    children: tuple["Node", ...]
    author: str = ""
    date: str = ""
    dialog: str = ""
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class Rating:
    """RATING (1..5 stars), LIKE (value 1) or DISLIKE (value -1), told apart by `stars`."""

    value: int
    stars: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """IMG or ICON: a picture by address, fetched only when the reader asks. `size` in pixels, 0 for its own."""

    url: str
    title: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class DriveFile:
    """DISK: a file of the Drive, by id."""

    id: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """ATTACH: an attachment card of the message, by id, as old servers name it within the text."""

    id: int


@dataclass(frozen=True, slots=True)
class Timestamp:
    """TIMESTAMP: a moment in Unix seconds and the portal's name for the form to show it in."""

    unix: int
    format: str


@dataclass(frozen=True, slots=True)
class Action:
    """SEND and PUT: a button's label, inert. `kind` is send or put; `value` is what it would send."""

    kind: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the Markdown dialect, `level` 1..6."""

    level: int
    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of the Markdown dialect; `start` is 0 for bullets, else the first number."""

    items: tuple[tuple["Node", ...], ...]
    start: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the Markdown dialect; the first row is the head."""

    rows: tuple[tuple[tuple["Node", ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal rule."""


Inline = Text | Break | Styled | Sized | Colored | Link
Block = Code | Quote | Heading | Listing | Table | Rule
Leaf = Mention | ChatLink | MessageLink | Rating | Picture | DriveFile | Attachment | Timestamp | Action
Node = Inline | Block | Leaf
Nodes = tuple[Node, ...]
