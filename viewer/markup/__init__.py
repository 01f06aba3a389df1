"""Markup: message source to nodes, and nodes to each output. No HTML parser ever sees a message's text unescaped."""

import re
from functools import lru_cache

from viewer.markup import emoji
from viewer.markup.colors import contrast, readable
from viewer.markup.commonmark import card_commonmark, commonmark
from viewer.markup.data import Json, data
from viewer.markup.dialect import looks_like_markdown
from viewer.markup.emoji import is_emoji_only
from viewer.markup.fit import fit, revealed
from viewer.markup.html import card_html, html
from viewer.markup.links import Links, linked
from viewer.markup.nodes import Node, Nodes
from viewer.markup.parser import parse_bbcode
from viewer.markup.plain import card_plain, one_line, plain
from viewer.markup.richtext import rich
from viewer.markup.visitor import Context, mentions, walk

__all__ = [
    "Context", "Json", "Node", "Nodes", "card_commonmark", "card_html", "card_plain", "commonmark", "contrast",
    "data", "html", "is_emoji_only", "looks_like_markdown", "mentions", "parse", "plain", "readable", "revealed",
    "rich", "snippet", "walk",
]  # fmt: skip

_SNIPPET_SOURCE = 2000
_PLAIN = re.compile(r"(?!/)[^\[\r\n>&#]*+")  # a line in which no markup can be: most messages are no more


def parse(source: str, *, base: str = "", markdown: bool = False) -> Nodes:
    """What a message says. `base` is the portal's root, against which paths become links; never raises."""
    source = fit(emoji.decoded(source)).strip()
    if not markdown and _PLAIN.fullmatch(source):
        return tuple(linked(source)) if source else ()
    links = _links(base)
    if markdown:
        from viewer.markup.markdown import parse_markdown

        return parse_markdown(source, links)
    return parse_bbcode(source, links)


@lru_cache(maxsize=16)
def _links(base: str) -> Links:
    return Links(base.rstrip("/") if base.startswith(("https://", "http://")) else "")


def snippet(source: str) -> str:
    """A message as one line for the list."""
    return one_line(parse(source[:_SNIPPET_SOURCE]))
