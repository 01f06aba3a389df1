"""Tokens to nodes: spans are paired by name, then the tree is built, where crossing spans are cut and continued.

`[B]one[I]two[/B]three[/I]` reads as bold one, bold italic two, italic three, as the web client shows it. An opening
tag without its closing tag, and the reverse, stay as typed; so does a span that would lie deeper than `DEPTH_LIMIT`.
"""

import re
from dataclasses import dataclass, field

from viewer.markup import blocks
from viewer.markup.lexer import Token, tokens
from viewer.markup.links import Links, linked
from viewer.markup.nodes import Break, Code, Colored, Link, Node, Nodes, Quote, Sized, Style, Styled, Text
from viewer.markup.tags import LEAVES

DEPTH_LIMIT = 32
_BREAK: Nodes = (Break(),)
_SIZES = range(8, 31)
_COMMAND = re.compile(r"/(me|loud)[ \t]+(?=\S)", re.IGNORECASE)
_STYLES = {style.value: style for style in Style}


def parse_bbcode(source: str, links: Links) -> Nodes:
    """The nodes of a message in the messenger's own markup."""
    command = _COMMAND.match(source)
    nodes = _nodes(source[command.end() :] if command else source, links)
    match command and command[1].lower():
        case "me":
            return (Styled(Style.ITALIC, nodes),)
        case "loud":
            return (Sized(20, nodes),)
        case _:
            return nodes


def _nodes(source: str, links: Links) -> Nodes:
    found = list(tokens(source))
    quotes = blocks.may_quote(source)
    if len(found) == 1 and found[0].kind == "text" and not quotes:
        return tuple(linked(source))
    if quotes:
        found = blocks.quoted(source, found)
    return _Tree(source, found, links).build()


def _pairs(found: list[Token]) -> dict[int, int]:
    """Which opening tag (by number) belongs to which closing tag, both ways; never across the edge of a quote."""
    pairs: dict[int, int] = {}
    outside: dict[str, list[int]] = {}
    opened = outside
    for index, token in enumerate(found):
        match token.kind:
            case "open":
                opened.setdefault(token.name.rstrip("="), []).append(index)
            case "close" if waiting := opened.get(token.name):
                partner = waiting.pop()
                pairs[partner], pairs[index] = index, partner
            case "quote":
                outside.pop("url", None)  # a link never holds a quote
                opened = {}
            case "unquote":
                opened = outside
    return pairs


@dataclass(slots=True)
class _Frame:
    """A span being built. `opener` is the number of its tag, -1 for the whole text; `text` waits to be linked."""

    opener: int
    token: Token | None = None
    children: list[Node] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    continued: bool = False


class _Tree:
    """The building of one text's tree."""

    def __init__(self, source: str, found: list[Token], links: Links) -> None:
        self._source = source
        self._tokens = found
        self._links = links
        self._pairs = _pairs(found)
        self._stack = [_Frame(-1)]
        self._in_link = 0

    def build(self) -> Nodes:
        """The tree of all tokens."""
        for index, token in enumerate(self._tokens):
            match token.kind:
                case "text":
                    self._literal(token)
                case "break":
                    self._add(_BREAK)
                case "leaf":
                    self._leaf(token)
                case "open":
                    self._open(index, token)
                case "close":
                    self._close(index, token)
                case "quote":
                    self._stack.append(_Frame(index, token))
                case "unquote":
                    self._add(self._finished(self._stack.pop()))
        return self._flushed(self._stack[0])

    def _literal(self, token: Token) -> None:
        self._stack[-1].text.append(self._source[token.start : token.end])

    def _add(self, nodes: Nodes) -> None:
        frame = self._stack[-1]
        children = self._flush(frame)
        if not self._in_link:
            children.extend(nodes)
            return
        for node in nodes:
            if isinstance(node, Link):
                children.extend(node.children)
            else:
                children.append(node)

    def _leaf(self, token: Token) -> None:
        nodes = LEAVES[token.name](token, self._links)
        if nodes is None:
            self._literal(token)
            return
        if nodes and isinstance(nodes[0], Code):
            children = self._flush(self._stack[-1])
            if children and isinstance(children[-1], Break):
                children.pop()
        self._add(nodes)

    def _open(self, index: int, token: Token) -> None:
        link = token.name == "url="
        fits = index in self._pairs and len(self._stack) <= DEPTH_LIMIT
        if not fits or (link and (self._in_link or not self._links.known(token.argument.strip()))):
            self._pairs.pop(self._pairs.pop(index, -1), None)
            self._literal(token)
            return
        self._flush(self._stack[-1])
        self._stack.append(_Frame(index, token))
        self._in_link += link

    def _close(self, index: int, token: Token) -> None:
        opener = self._pairs.get(index)
        if opener is None:
            self._literal(token)
            return
        crossing: list[_Frame] = []
        while (frame := self._stack.pop()).opener != opener:
            crossing.append(frame)
            self._add(self._finished(frame))
        self._add(self._finished(frame))
        for cut in reversed(crossing):
            self._stack.append(_Frame(cut.opener, cut.token, continued=True))
            self._in_link += _is_link(cut)

    def _finished(self, frame: _Frame) -> Nodes:
        """The node of a frame that ends here."""
        inner = self._flushed(frame)
        self._in_link -= _is_link(frame)
        token = frame.token
        if token is None:
            return inner
        if token.kind == "quote":
            head = blocks.header(token.argument)
            return (Quote(inner, head.author, head.date, head.dialog, head.message_id),)
        if token.name == "url=":
            return self._links.link(token.argument.strip(), inner) if inner or not frame.continued else ()
        return _span(token, inner) if inner else ()

    def _flush(self, frame: _Frame) -> list[Node]:
        if frame.text:
            text = "".join(frame.text)
            frame.text.clear()
            frame.children.extend([Text(text)] if self._in_link else linked(text))
        return frame.children

    def _flushed(self, frame: _Frame) -> Nodes:
        return tuple(self._flush(frame))


def _is_link(frame: _Frame) -> bool:
    return frame.token is not None and frame.token.name == "url="


def _span(token: Token, inner: Nodes) -> Nodes:
    """A span as a node; PCH and SOURCE only lend their text."""
    match token.name:
        case "size=":
            pixels = int(token.argument.lower().removesuffix("px").removesuffix("pt"))
            return (Sized(min(max(pixels, _SIZES[0]), _SIZES[-1]), inner),)
        case "color=":
            digits = token.argument[1:].lower()
            return (Colored("#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)), inner),)
        case "pch=" | "source=":
            return inner
        case name:
            return (Styled(_STYLES[name], inner),)
