"""Message source to nodes and to what a text document reads; the one place that speaks to `viewer.markup`."""

from datetime import UTC, tzinfo

from viewer.chat import Message
from viewer.markup import Context as Reading
from viewer.markup import parse, rich
from viewer.markup.nodes import Break, Code, Node, Nodes, Quote, Text
from viewer.ui.transcript.context import Context, type_of


def nodes_of(source: str, ctx: Context, *, markdown: bool = False) -> Nodes:
    """What a text says."""
    return parse(source, base=ctx.base, markdown=markdown)


def html_of(
    nodes: Nodes, ctx: Context, ground: str, zone: tzinfo = UTC, color: str = "text", *, mark: str = "@"
) -> str:
    """The nodes as rich text for a ground and a text colour, both named as the theme names them.

    `mark` stands before mentions.
    """
    look = ctx.theme
    reading = Reading(
        people=ctx.names,
        zone=zone,
        mention_mark=mark,
        color=getattr(look, color).name(),
        quiet_color=look.text2.name(),
        link_color=look.link.name(),
        accent=look.accent.name(),
        line_color=look.line.name(),
        background=getattr(look, ground).name(),
        code_background=look.surface.name(),
        mono_family=type_of("code").font.family(),
    )
    return rich(nodes, reading)


def zone_of(message: Message) -> tzinfo:
    """Where a message's moments are shown: at its own offset."""
    return message.date.tzinfo or UTC


def pieces(nodes: Nodes) -> list[Nodes | Quote | Code]:
    """The text cut at its quotes and code blocks, which stand for themselves."""
    out: list[Nodes | Quote | Code] = []
    start = 0
    for index, node in enumerate(nodes):
        if isinstance(node, Quote) or (isinstance(node, Code) and not node.inline):
            _keep(nodes[start:index], out)
            out.append(node)
            start = index + 1
    _keep(nodes[start:], out)
    return out


def _keep(nodes: Nodes, out: list[Nodes | Quote | Code]) -> None:
    trimmed = _trimmed(nodes)
    if trimmed:
        out.append(trimmed)


def _trimmed(nodes: Nodes) -> Nodes:
    start, end = 0, len(nodes)
    while start < end and _blank(nodes[start]):
        start += 1
    while end > start and _blank(nodes[end - 1]):
        end -= 1
    return nodes[start:end]


def _blank(node: Node) -> bool:
    return isinstance(node, Break) or (isinstance(node, Text) and not node.text.strip())
