"""What every visitor of the tree shares: the reader's circumstances, the names of people, and the way down."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from viewer.i18n import _
from viewer.markup.links import disguise
from viewer.markup.nodes import (
    ChatLink,
    Code,
    Colored,
    Heading,
    Link,
    Listing,
    Mention,
    MessageLink,
    Node,
    Nodes,
    Quote,
    Rule,
    Sized,
    Styled,
    Table,
    Text,
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a visitor needs to know besides the tree. Colours are `#rrggbb` (mock-ups, `design-notes.md` §1).

    `people` are names by id; `base` is the portal's root, for outputs that leave the program. `zone` is where moments
    are shown. `mention_mark` stands before a mention that a person typed; the portal's own lines have none. The rest
    serves rich text: `background` is what the text lies on, `zoom` scales the sizes given in pixels.
    """

    people: Mapping[int, str] = field(default_factory=dict, hash=False)
    zone: tzinfo = UTC
    mention_mark: str = "@"
    base: str = ""
    color: str = "#1a2226"
    quiet_color: str = "#4a5860"
    link_color: str = "#0a5f8c"
    accent: str = "#0b6a75"
    line_color: str = "#dde2e5"
    background: str = "#ffffff"
    code_background: str = "#ffffff"
    mono_family: str = "monospace"
    zoom: float = 1.0


def children(node: Node) -> Iterator[Nodes]:
    """The texts inside a node, in reading order."""
    match node:
        case Styled() | Sized() | Colored() | Link() | Quote() | Heading():
            yield node.children
        case Listing(items=items):
            yield from items
        case Table(rows=rows):
            for row in rows:
                yield from row


def walk(nodes: Nodes) -> Iterator[Node]:
    """Every node of the tree, parents before children."""
    for node in nodes:
        yield node
        for inner in children(node):
            yield from walk(inner)


def mentions(nodes: Nodes) -> tuple[int, ...]:
    """The ids of the people mentioned, each once, in reading order; 0 is everybody."""
    return tuple(dict.fromkeys(node.person_id for node in walk(nodes) if isinstance(node, Mention)))


def is_block(node: Node) -> bool:
    """Whether the node stands on lines of its own."""
    match node:
        case Code(inline=inline):
            return not inline
        case Quote() | Heading() | Listing() | Table() | Rule():
            return True
        case _:
            return False


def mention_name(mention: Mention, context: Context) -> str:
    """How a mention reads: the typed name, the person's present name, or a number (§7.2)."""
    known = context.people.get(mention.person_id, "")
    name = (known or mention.name) if mention.replace else (mention.name or known)
    if not name:
        name = _("User {id}").format(id=mention.person_id) if mention.person_id else _("Everybody")
    return name if mention.replace else context.mention_mark + name


def true_host(link: Link) -> str:
    """Where a link leads, when its text names another host; else ""."""
    if link.bare:
        return ""
    return disguise(link.url, "".join(node.text for node in walk(link.children) if isinstance(node, Text)))


def chat_text(link: ChatLink) -> str:
    """How a link to a chat or a session reads."""
    return link.text or (_("Session {id}") if link.session else _("Chat {id}")).format(id=link.id)


def chat_path(link: ChatLink) -> str:
    """Where a link to a chat or a session leads within the portal (§11.2)."""
    return f"/online/?IM_HISTORY=imol%7C{link.id}" if link.session else f"/online/?IM_DIALOG=chat{link.id}"


def message_text(link: MessageLink) -> str:
    """How a link to a message reads."""
    return link.text or _("Message {id}").format(id=link.message_id)
