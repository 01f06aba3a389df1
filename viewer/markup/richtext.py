"""The tree as the subset of HTML that `QTextDocument` reads, for the screen.

Every tag here is ours: text and addresses are escaped, and what is not text comes from the fixed strings below. Inner
links have schemes of the program's own, for the window to follow: `olv:session/343`, `olv:chat/12`,
`olv:message/chat12/345`, `olv:person/27`, `olv:file/5`, `olv:picture?url=...&size=20`.
"""

import re
from html import escape
from urllib.parse import urlencode

from viewer.i18n import _
from viewer.markup.colors import readable
from viewer.markup.nodes import (
    Action,
    Block,
    Break,
    ChatLink,
    Code,
    Colored,
    DriveFile,
    Heading,
    Leaf,
    Link,
    Listing,
    Mention,
    MessageLink,
    Node,
    Nodes,
    Picture,
    Quote,
    Rule,
    Sized,
    Styled,
    Table,
    Text,
)
from viewer.markup.plain import leaf_text
from viewer.markup.visitor import Context

_SPACES = re.compile(r"\t|  +")
_NBSP = "\u00a0"
_TAB = _NBSP * 4
_HEADING_PIXELS = (20, 18, 16, 15, 14, 13)


def rich(nodes: Nodes, context: Context) -> str:
    """The text as HTML for one `QTextDocument`."""
    return _Rich(context).text(nodes)


def _spaces(found: re.Match[str]) -> str:
    run = found[0]
    return _TAB if run == "\t" else _NBSP * (len(run) - 1) + " "


def _escaped(text: str) -> str:
    """Characters as HTML text in which no space is lost (§7.1)."""
    if "  " in text or "\t" in text:
        text = _SPACES.sub(_spaces, text)
    return escape(text, quote=False)


def _indented(text: str) -> str:
    """As `_escaped`, at the beginning of a line, where HTML would drop a space."""
    return _escaped(_NBSP + text[1:] if text.startswith(" ") else text)


class _Rich:
    """One walk over a tree. `_linked` is true inside a link, where no second link may begin."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._linked = False

    def text(self, nodes: Nodes) -> str:
        out: list[str] = []
        fresh = True
        for node in nodes:
            out.append(_indented(node.text) if fresh and isinstance(node, Text) else self._node(node))
            fresh = isinstance(node, Break)
        return "".join(out)

    def _node(self, node: Node) -> str:
        match node:
            case Text(text=text):
                return _escaped(text)
            case Break():
                return "<br>"
            case Styled(style=style, children=children):
                return f"<{style.value}>{self._inner(children)}</{style.value}>"
            case Link(url=url, children=children):
                return self._anchor(url, children)
            case Sized(pixels=pixels, children=children):
                return self._span(f"font-size:{self._pixels(pixels)}px", children)
            case Colored(color=color, children=children):
                return self._span(f"color:{readable(color, self._context.background)}", children)
            case Code(text=text) if node.inline or self._linked:
                return self._mono(text)
            case Code() | Quote() | Heading() | Listing() | Table() | Rule():
                return self._block(node)
            case _:
                return self._leaf(node)

    def _inner(self, nodes: Nodes) -> str:
        return "".join([self._node(node) for node in nodes])

    def _pixels(self, pixels: int) -> int:
        return max(1, round(pixels * self._context.zoom))

    def _span(self, style: str, children: Nodes) -> str:
        return f'<span style="{style}">{self._inner(children)}</span>'

    def _anchor(self, url: str, children: Nodes) -> str:
        if self._linked:
            return self._inner(children)
        self._linked = True
        inner = self._inner(children)
        self._linked = False
        return self._opened(url, inner)

    def _opened(self, url: str, inner: str, style: str = "") -> str:
        """A link around ready HTML."""
        if self._linked:
            return inner
        return f'<a href="{escape(url)}" style="color:{self._context.link_color};{style}">{inner}</a>'

    def _mono(self, text: str) -> str:
        style = f"font-family:'{escape(self._context.mono_family)}';background-color:{self._context.code_background}"
        lines = (_indented(line) for line in text.split("\n"))
        return f'<span style="{style}">{"<br>".join(lines)}</span>'

    def _block(self, block: Block) -> str:
        match block:
            case Code(text=text):
                return self._code(text)
            case Quote():
                return self._quote(block)
            case Heading(level=level, children=children):
                size = self._pixels(_HEADING_PIXELS[level - 1])
                return f'<p style="margin:6px 0 2px 0;font-size:{size}px;font-weight:600">{self._inner(children)}</p>'
            case Listing(items=items, start=start):
                name = f'ol start="{start}"' if start else "ul"
                inner = "".join(f"<li>{self.text(item)}</li>" for item in items)
                return f'<{name} style="margin:2px 0 2px 0">{inner}</{name[:2]}>'
            case Table(rows=rows):
                return self._table(rows)
            case Rule():
                return f'<hr style="background-color:{self._context.line_color}">'

    def _code(self, text: str) -> str:
        lines = "<br>".join(_indented(line) for line in text.split("\n"))
        family = escape(self._context.mono_family)
        return (
            f'<table cellspacing="0" cellpadding="6" border="1" style="{self._grid()}">'
            f'<tr><td bgcolor="{self._context.code_background}" style="font-family:\'{family}\''
            f';font-size:{self._pixels(12)}px">{lines}</td></tr></table>'
        )

    def _quote(self, quote: Quote) -> str:
        bar = f"border-left:2px solid {self._context.accent};padding-left:8px"
        head = self._quote_head(quote)
        inner = self.text(quote.children)
        color = self._context.quiet_color
        return (
            f'<table cellspacing="0" cellpadding="0" style="margin:2px 0 4px 0"><tr><td style="{bar};color:{color}">'
            f"{head}{'<br>' if head and inner else ''}{inner}</td></tr></table>"
        )

    def _quote_head(self, quote: Quote) -> str:
        if not quote.author:
            return ""
        author = f'<span style="color:{self._context.accent};font-weight:600">{_escaped(quote.author)}</span>'
        date = f" {_escaped(quote.date)}" if quote.date else ""
        if not quote.message_id:
            return author + date
        url = escape(f"olv:message/{quote.dialog}/{quote.message_id}")
        return f'<a href="{url}" style="text-decoration:none">{author}</a>{date}'

    def _table(self, rows: tuple[tuple[Nodes, ...], ...]) -> str:
        lines = []
        for number, row in enumerate(rows):
            name = "td" if number else "th"
            lines.append("<tr>" + "".join(f"<{name}>{self.text(cell)}</{name}>" for cell in row) + "</tr>")
        return f'<table cellspacing="0" cellpadding="4" border="1" style="{self._grid()}">{"".join(lines)}</table>'

    def _grid(self) -> str:
        return f"margin:3px 0 3px 0;border-collapse:collapse;border-style:solid;border-color:{self._context.line_color}"

    def _leaf(self, leaf: Leaf) -> str:
        shown = _escaped(leaf_text(leaf, self._context))
        match leaf:
            case Mention(person_id=number):
                style = "text-decoration:none;font-weight:600"
                return self._opened(f"olv:person/{number}", shown, style) if number else f"<b>{shown}</b>"
            case ChatLink(id=number, session=session):
                return self._opened(f"olv:{'session' if session else 'chat'}/{number}", shown)
            case MessageLink(dialog=dialog, message_id=number):
                return self._opened(f"olv:message/{dialog}/{number}", shown)
            case Picture(url=url, title=title, size=size):
                address = "olv:picture?" + urlencode({"url": url, "size": size})
                return self._opened(address, "🖼" + _NBSP + _escaped(title or _("Picture")))
            case DriveFile(id=number):
                return self._opened(f"olv:file/{number}", shown)
            case Action():
                style = f"background-color:{self._context.code_background};color:{self._context.accent}"
                return f'<span style="{style}">{_NBSP}{shown}{_NBSP}</span>'
            case _:
                return shown
