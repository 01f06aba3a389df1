"""The Markdown dialect: messages of bots and assistants on newer portals, supervisors' notes, the help pages.

markdown-it does the parsing, without HTML and without its own search for links, which takes quadratic time. Its flat
stream of tokens becomes the same nodes as the messenger's markup; texts in it may hold the messenger's own tags.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from viewer.markup.links import Links, linked
from viewer.markup.nodes import (
    Break,
    Code,
    Heading,
    Link,
    Listing,
    Node,
    Nodes,
    Picture,
    Quote,
    Rule,
    Style,
    Styled,
    Table,
    Text,
)
from viewer.markup.parser import parse_bbcode
from viewer.markup.visitor import is_block

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LENGTH_LIMIT = 40_000  # a longer text is shown in the messenger's markup: this parser's time is not linear everywhere
_NESTING = 24
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,20}")
_STYLES = {"strong": Style.BOLD, "em": Style.ITALIC, "s": Style.STRIKE}


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # 55 ms, and most portals have no Markdown

    class Open(MarkdownIt):
        """Reads every address; what may be opened is decided in `links`."""

        def validateLink(self, url: str) -> bool:  # noqa: ARG002
            return True

        def normalizeLink(self, url: str) -> str:
            return url  # as it was written: nobody reads %D0%B6

        def normalizeLinkText(self, link: str) -> str:
            return link

    made = Open("commonmark", {"html": False, "linkify": False, "maxNesting": _NESTING})
    made.disable("reference")  # a definition would vanish from the text
    return made.enable(["table", "strikethrough"])


def parse_markdown(source: str, links: Links) -> Nodes:
    """The nodes of a text in Markdown."""
    if len(source) > LENGTH_LIMIT:
        return parse_bbcode(source, links)
    tokens = _parser().parse(source)
    if any(token.level >= _NESTING - 2 for token in tokens):  # what lies deeper, the parser drops
        return parse_bbcode(source, links)
    return _Reader(tokens, links).blocks("")


def _code(info: str, text: str) -> Nodes:
    """Lines of code; what stands behind the fence is kept unless it only names a language."""
    if info and not _LANGUAGE.fullmatch(info):
        text = f"{info}\n{text}" if text else info
    return (Code(text),) if text else ()


class _Reader:
    """Reads the stream of tokens from the front; every `…_open` is read up to its `…_close`."""

    def __init__(self, tokens: "list[Token]", links: Links) -> None:
        self._tokens = iter(tokens)
        self._links = links

    def blocks(self, closing: str) -> Nodes:
        """The blocks up to the token of type `closing`; paragraphs are parted by a blank line."""
        out: list[Node] = []
        for token in self._tokens:
            if token.type == closing:
                break
            nodes = self._block(token)
            if not nodes:
                continue
            if out and not is_block(out[-1]) and not is_block(nodes[0]):
                out += [Break(), Break()]
            out += nodes
        return tuple(out)

    def _block(self, token: "Token") -> Nodes:
        match token.type:
            case "inline":
                return _Inline(token.children or [], self._links).nodes("")
            case "heading_open":
                return (Heading(int(token.tag[1:]), self.blocks("heading_close")),)
            case "blockquote_open":
                return (Quote(self.blocks("blockquote_close")),)
            case "bullet_list_open":
                return (Listing(self._parts("list_item", "bullet_list_close")),)
            case "ordered_list_open":
                start = int(token.attrGet("start") or 1)
                return (Listing(self._parts("list_item", "ordered_list_close"), start),)
            case "fence" | "code_block":
                return _code(token.info.strip(), token.content.removesuffix("\n"))
            case "hr":
                return (Rule(),)
            case "table_open":
                return (Table(self._rows()),)
            case _:  # paragraphs open and close around their text
                return ()

    def _parts(self, name: str, closing: str) -> tuple[Nodes, ...]:
        """The parts of a list."""
        parts: list[Nodes] = []
        for token in self._tokens:
            if token.type == closing:
                break
            if token.type == f"{name}_open":
                parts.append(self.blocks(f"{name}_close"))
        return tuple(parts)

    def _rows(self) -> tuple[tuple[Nodes, ...], ...]:
        rows: list[list[Nodes]] = []
        for token in self._tokens:
            match token.type:
                case "table_close":
                    break
                case "tr_open":
                    rows.append([])
                case "th_open" | "td_open":
                    rows[-1].append(self.blocks(token.type.replace("open", "close")))
        return tuple(tuple(row) for row in rows)


class _Inline:
    """Reads the tokens of one line of text."""

    def __init__(self, tokens: "list[Token]", links: Links, *, in_link: bool = False) -> None:
        self._tokens = iter(tokens)
        self._links = links
        self._in_link = in_link

    def nodes(self, closing: str) -> Nodes:
        """The nodes up to the token of type `closing`."""
        out: list[Node] = []
        for token in self._tokens:
            if token.type == closing:
                break
            out += self._node(token)
        return tuple(out)

    def _node(self, token: "Token") -> Nodes:
        match token.type:
            case "text":
                return self._text(token.content)
            case "softbreak" | "hardbreak":
                return (Break(),)
            case "code_inline":
                return (Code(token.content, inline=True),)
            case "strong_open" | "em_open" | "s_open":
                name = token.type.removesuffix("_open")
                inner = self.nodes(f"{name}_close")
                return (Styled(_STYLES[name], inner),) if inner else ()
            case "link_open":
                return self._link(token)
            case "image":
                return self._image(token)
            case _:
                return (Text(token.content),) if token.content else ()

    def _text(self, text: str) -> Nodes:
        if not text:
            return ()
        if self._in_link:
            return (Text(text),)
        return parse_bbcode(text, self._links) if "[" in text else tuple(linked(text))

    def _link(self, token: "Token") -> Nodes:
        self._in_link = True
        inner = self.nodes("link_close")
        self._in_link = False
        if title := token.attrGet("title"):
            inner = (*inner, Text(f" ({title})"))
        address = str(token.attrGet("href") or "")
        if token.markup == "autolink" and (url := self._links.address(address)):
            return (Link(url, inner, bare=True),)
        if self._links.known(address):
            return self._links.link(address, inner)
        return (*inner, Text(f" ({address})")) if address and token.markup != "autolink" else inner

    def _image(self, token: "Token") -> Nodes:
        address = str(token.attrGet("src") or "")
        url = self._links.address(address)
        if url.lower().startswith("http"):
            return (Picture(url, token.content),)
        return (Text(f"{token.content} ({address})".strip()),)
