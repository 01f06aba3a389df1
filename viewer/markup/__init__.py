"""Markup: message source to nodes, and nodes to each output. No HTML parser ever sees a message's text unescaped."""

import re

from viewer.markup import emoji
from viewer.markup.colors import contrast, readable
from viewer.markup.data import Json, data
from viewer.markup.emoji import is_emoji_only
from viewer.markup.links import Links
from viewer.markup.nodes import Node, Nodes
from viewer.markup.parser import parse_bbcode
from viewer.markup.plain import one_line, plain
from viewer.markup.richtext import rich
from viewer.markup.visitor import Context, mentions, walk

__all__ = [
    "Context", "Json", "Node", "Nodes", "contrast", "data", "is_emoji_only", "mentions", "parse", "plain", "readable",
    "rich", "snippet", "walk",
]  # fmt: skip

_SNIPPET_SOURCE = 2000
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x85\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = "\x0b\x0c\x85\u2028\u2029"


def parse(source: str, *, base: str = "", markdown: bool = False) -> Nodes:
    """What a message says. `base` is the portal's root, against which paths become links; never raises."""
    source = emoji.decoded(_UNFIT.sub(_fit, source).strip())
    links = Links(base.rstrip("/") if base.startswith(("https://", "http://")) else "")
    if markdown:
        from viewer.markup.markdown import parse_markdown

        return parse_markdown(source, links)
    return parse_bbcode(source, links)


def _fit(found: re.Match[str]) -> str:
    """A character that no text may hold, as one that it may."""
    return "\n" if found[0] in _LINE_ENDS else "\ufffd"


def snippet(source: str) -> str:
    """A message as one line for the list."""
    return one_line(parse(source[:_SNIPPET_SOURCE]))
