"""The tree as CommonMark with tables and strikethrough: for notes, tickets and Markdown exports.

What this dialect cannot say (size, colour) is left to its text; underlining stands as `<u>`, which most readers of
Markdown show. Characters that would be markup are escaped, so that reading it back gives the same text.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from urllib.parse import quote as percent_encoded

from viewer.chat import Card
from viewer.i18n import _
from viewer.markup.cards import Divider, Entry, Pair, Prose, parts, title_of
from viewer.markup.nodes import (
    Block,
    Break,
    ChatLink,
    Code,
    Colored,
    Heading,
    Leaf,
    Link,
    Listing,
    Node,
    Nodes,
    Picture,
    Quote,
    Rule,
    Sized,
    Style,
    Styled,
    Table,
    Text,
)
from viewer.markup.plain import leaf_text
from viewer.markup.visitor import Context, chat_path, is_block, true_host, walk
from viewer.markup.visitor import children as children_of

_SIGNS = {Style.BOLD: "**", Style.ITALIC: "*", Style.STRIKE: "~~"}
_ACTIVE = re.compile(r"[\\`*_\[\]<>~|&]")
_LINE_START = re.compile(r"( *)(?:([#+=-])|([0-9]{1,9})([.)]))")
_URL_UNFIT = re.compile(r"[<>\s\\]")
_TICKS = re.compile("`+")


def commonmark(nodes: Nodes, context: Context) -> str:
    """The text as CommonMark; lines end with a line feed, the last one without."""
    return _Writer(context).text(nodes)


def card_commonmark(card: Card, context: Context) -> str:
    """An attachment card as a quote of its parts."""
    writer = _Writer(context)
    lines = "\n\n".join(filter(None, (_part(part, writer) for part in parts(card, context.base))))
    return _prefixed(lines, "> ", "> ")


def _part(part: Prose | Entry | Pair | Divider, writer: "_Writer") -> str:
    match part:
        case Prose(nodes=nodes):
            return writer.text(nodes)
        case Divider():
            return "---"
        case Entry(url=url, detail=detail):
            title = _escaped(title_of(part))
            head = f"[{title}]({_target(url)})" if url else f"**{title}**"
            told = writer.text(detail)
            return f"{head}\\\n{told}" if told else head
        case Pair(name=name, value=value):
            named, told = writer.text(name), writer.text(value)
            if not (named and told) or "\n" in named:
                return f"{named}\n\n{told}".strip()
            return f"**{named}:** {told}" if all(isinstance(node, Text) for node in name) else f"{named}: {told}"


def _escaped(text: str) -> str:
    return _ACTIVE.sub(r"\\\g<0>", text)


def _line_safe(line: str) -> str:
    """A line that begins no list, heading or rule, and keeps its first spaces."""
    found = _LINE_START.match(line)
    line = _unstarted(found) + line[found.end() :] if found else line
    bare = line.lstrip(" \t").rstrip()
    return "&nbsp;" * (len(line.rstrip()) - len(bare)) + bare


def _unstarted(found: re.Match[str]) -> str:
    space, sign, number, dot = found.groups("")
    return f"{space}\\{sign}" if sign else f"{space}{number}\\{dot}"


def _target(url: str) -> str:
    return f"<{_URL_UNFIT.sub(lambda found: percent_encoded(found[0]), url)}>"


def _prefixed(text: str, first: str, others: str) -> str:
    lines = [(others if number else first) + line for number, line in enumerate(text.split("\n"))]
    return "\n".join(line.rstrip() for line in lines)


class _Writer:
    """One walk over a tree; `_within` are the styles that are open."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._within: tuple[Style, ...] = ()

    def text(self, nodes: Nodes) -> str:
        """Blocks stand apart by blank lines; within a paragraph a line break is a hard one."""
        paragraphs: list[str] = []
        line: list[Node] = []
        for node in _flat(nodes):
            if isinstance(node, Code | Quote | Heading | Listing | Table | Rule) and is_block(node):
                paragraphs += [self._paragraph(line), self._block(node)]
                line.clear()
            else:
                line.append(node)
        return "\n\n".join(filter(None, [*paragraphs, self._paragraph(line)]))

    def _paragraph(self, nodes: Sequence[Node]) -> str:
        lines = [_line_safe(line) for line in self._inline(nodes).strip("\n").split("\n")]
        hard = [
            "\\" if line and after else "" for line, after in zip_longest(lines, lines[1:], fillvalue="")
        ]  # the last line, and one before a blank line, end by themselves
        return "\n".join(line + end for line, end in zip(lines, hard, strict=True))

    def _inline(self, nodes: Sequence[Node]) -> str:
        """A run of inline nodes. Styles are marked by signs where signs are sure to be read as such, else by tags."""
        out = ""
        for number, node in enumerate(nodes):
            if not isinstance(node, Styled):
                out += self._node(node)
                continue
            after = nodes[number + 1] if number + 1 < len(nodes) else None
            out += self._styled(node, out[-1:], after)
        return out

    def _styled(self, node: Styled, before: str, after: Node | None) -> str:
        if node.style in self._within:
            return self._inline(node.children)
        self._within = (*self._within, node.style)
        inner = self._inline(node.children)
        self._within = self._within[:-1]
        core = inner.strip()
        if not core:
            return inner
        head, tail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        follower = tail[:1] or _beginning(after)
        opened, closed = f"<{node.style.value}>", f"</{node.style.value}>"
        sure = "\n" not in core and _reads(head[-1:] or before, core[0]) and _reads(follower, core[-1])
        if sure and node.style in _SIGNS:
            opened = closed = _SIGNS[node.style]
        return f"{head}{opened}{core}{closed}{tail}"

    def _node(self, node: Node) -> str:
        match node:
            case Text(text=text):
                return _escaped(text)
            case Break():
                return "\n"
            case Sized(children=children) | Colored(children=children):
                return self._inline(children)
            case Link():
                return self._link(node)
            case Code(text=text):
                return _ticked(text.replace("\n", " "))
            case Styled() | Quote() | Heading() | Listing() | Table() | Rule():
                return self._inline(tuple(inner for part in children_of(node) for inner in part))
            case _:
                return self._leaf(node)

    def _link(self, link: Link) -> str:
        if link.bare and link.children == (Text(link.url),) and not _URL_UNFIT.search(link.url):
            return f"<{link.url}>"
        host = true_host(link)
        shown = self._inline(link.children).replace("\n", " ")
        return f"[{shown}]({_target(link.url)})" + (f" ({_escaped(host)})" if host else "")

    def _leaf(self, leaf: Leaf) -> str:
        shown = _escaped(leaf_text(leaf, self._context))
        match leaf:
            case ChatLink():
                base = self._context.base
                return f"[{shown}]({_target(base + chat_path(leaf))})" if base else shown
            case Picture(url=url, title=title):
                named = title or _("Picture")
                return f"[{_escaped(named)}]({_target(url)})"
            case _:
                return shown

    # --- blocks ---------------------------------------------------------------------------------------------------

    def _block(self, block: Block) -> str:
        match block:
            case Code(text=text):
                fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
                return f"{fence}\n{text}\n{fence}"
            case Quote():
                return _prefixed(self._quote(block), "> ", "> ")
            case Heading(level=level, children=children):
                return "#" * level + " " + self._inline(children).replace("\n", " ")
            case Listing(items=items, start=start):
                return "\n".join(self._item(item, start and start + number) for number, item in enumerate(items))
            case Table(rows=rows):
                return self._table(rows)
            case Rule():
                return "---"

    def _quote(self, quote: Quote) -> str:
        head = f"**{_escaped(quote.author)}**" if quote.author else ""
        if quote.date:
            head = f"{head} {_escaped(quote.date)}".strip()
        return "\n\n".join(filter(None, [head, self.text(quote.children)]))

    def _item(self, item: Nodes, number: int) -> str:
        mark = f"{number}. " if number else "- "
        return _prefixed(self.text(item), mark, " " * len(mark))

    def _table(self, rows: tuple[tuple[Nodes, ...], ...]) -> str:
        lines = ["| " + " | ".join(self._inline(cell).replace("\n", " ") for cell in row) + " |" for row in rows]
        columns = len(rows[0]) if rows else 0
        return "\n".join([*lines[:1], "|" + " --- |" * columns, *lines[1:]])


def _flat(nodes: Sequence[Node]) -> Iterator[Node]:
    """The nodes with blocks brought out of the styles around them."""
    for node in nodes:
        if not isinstance(node, Styled | Sized | Colored) or not any(map(is_block, walk(node.children))):
            yield node
            continue
        for child in _flat(node.children):
            yield child if is_block(child) or not isinstance(node, Styled) else Styled(node.style, (child,))


def _reads(outside: str, inside: str) -> bool:
    """Whether a sign between two characters is read as one: a letter inside, or neither letter nor sign outside."""
    if outside in ("*", "~"):
        return False
    return not outside or outside.isspace() or inside.isalnum() or not outside.isalnum()


def _beginning(node: Node | None) -> str:
    """The first character of what follows, as far as it matters to a sign before it."""
    if node is None or isinstance(node, Break):
        return ""
    return node.text[:1] if isinstance(node, Text) else "*"


def _ticked(text: str) -> str:
    fence = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") or (text.strip() and text[0] == text[-1] == " ") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
