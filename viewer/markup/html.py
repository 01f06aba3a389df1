"""The tree as HTML that is safe anywhere: for the clipboard and for pages.

Every tag here is ours (`ELEMENTS`, `ATTRIBUTES`): text and addresses are escaped, and what is not text comes from the
fixed strings below. Nothing in it is fetched when it is shown: pictures by address are links.
"""

import re
from html import escape

from viewer.chat import Card
from viewer.i18n import _, from_unix
from viewer.markup.cards import Divider, Entry, Pair, Prose, Role, parts, stripe, title_of, token_color
from viewer.markup.colors import readable
from viewer.markup.nodes import (
    Action,
    Block,
    Break,
    ChatLink,
    Code,
    Colored,
    Heading,
    Leaf,
    Link,
    Listing,
    Mention,
    Node,
    Nodes,
    Picture,
    Quote,
    Rule,
    Sized,
    Styled,
    Table,
    Text,
    Timestamp,
)
from viewer.markup.plain import leaf_text
from viewer.markup.visitor import Context, chat_path, true_host

ELEMENTS = frozenset(
    ["a", "b", "blockquote", "br", "cite", "code", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "kbd", "li",
     "ol", "p", "pre", "s", "span", "table", "td", "th", "time", "tr", "u", "ul"]
)  # fmt: skip
ATTRIBUTES = frozenset(["class", "colspan", "datetime", "dir", "href", "rel", "start", "style", "title"])

_SPACES = re.compile(r"\t|  +")
NBSP = "\u00a0"
_TAB = NBSP * 4
_SIGNS = {
    Role.LINK: "🔗", Role.PERSON: "👤", Role.CHAT: "💬", Role.BOT: "🤖", Role.PICTURE: "🖼", Role.FILE: "📄",
    Role.UNKNOWN: "❔",
}  # fmt: skip


def html(nodes: Nodes, context: Context) -> str:
    """The text as a fragment; put it where each line may have a direction of its own (`dir="auto"`)."""
    return Writer(context).text(nodes)


def card_html(card: Card, context: Context) -> str:
    """An attachment card as one `div`."""
    return Writer(context).card(card)


def _spaces(found: re.Match[str]) -> str:
    run = found[0]
    return _TAB if run == "\t" else NBSP * (len(run) - 1) + " "


def escaped(text: str) -> str:
    """Characters as HTML text in which no space is lost (§7.1)."""
    if "  " in text or "\t" in text:
        text = _SPACES.sub(_spaces, text)
    return escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text


def indented(text: str) -> str:
    """As `escaped`, at the beginning of a line, where HTML would drop a space."""
    return escaped(NBSP + text[1:] if text.startswith(" ") else text)


class Writer:
    """One walk over a tree. `_linked` is true inside a link, where no second link may begin."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._linked = False

    def text(self, nodes: Nodes) -> str:
        """The nodes of a line's beginning."""
        out: list[str] = []
        fresh = True
        for node in nodes:
            out.append(indented(node.text) if fresh and isinstance(node, Text) else self._node(node))
            fresh = isinstance(node, Break)
        return "".join(out)

    def _node(self, node: Node) -> str:
        match node:
            case Text(text=text):
                return escaped(text)
            case Break():
                return "<br>"
            case Styled(style=style, children=children):
                return f"<{style.value}>{self._inner(children)}</{style.value}>"
            case Link():
                return self._anchor(node)
            case Sized(pixels=pixels, children=children):
                return self._span(f"font-size:{self._pixels(pixels)}px", children)
            case Colored(color=color, children=children):
                return self._span(f"color:{readable(color, self._context.background)}", children)
            case Code(text=text) if node.inline or self._linked:
                return self._mono(text)
            case Code() | Quote() | Heading() | Listing() | Table() | Rule():
                return self._block(node)
            case _:
                return self._leaf(node, escaped(leaf_text(node, self._context)))

    def _inner(self, nodes: Nodes) -> str:
        return "".join([self._node(node) for node in nodes])

    def _pixels(self, pixels: int) -> int:
        return max(1, round(pixels * self._context.zoom))

    def _span(self, style: str, children: Nodes) -> str:
        return f'<span style="{style}">{self._inner(children)}</span>'

    # --- links ----------------------------------------------------------------------------------------------------

    def _anchor(self, link: Link) -> str:
        if self._linked:
            return self._inner(link.children)
        self._linked = True
        inner = self._inner(link.children)
        self._linked = False
        return self._followed(link, inner, true_host(link))

    def _followed(self, link: Link, inner: str, host: str) -> str:
        """A link around ready HTML; `host` is where it leads when its text names another."""
        return self._opened(link.url, inner) + (f" ({escaped(host)})" if host else "")

    def _opened(self, url: str, inner: str) -> str:
        return inner if self._linked else f'<a href="{escape(url)}" rel="noopener noreferrer">{inner}</a>'

    # --- blocks ---------------------------------------------------------------------------------------------------

    def _mono(self, text: str) -> str:
        return f"<code>{escaped(text).replace(chr(10), '<br>')}</code>"

    def _block(self, block: Block) -> str:
        match block:
            case Code(text=text):
                return self._code(text)
            case Quote():
                return self._quote(block)
            case Heading(level=level, children=children):
                return self._heading(level, self._inner(children))
            case Listing(items=items, start=start):
                return self._listing("".join(f"<li>{self.text(item)}</li>" for item in items), start)
            case Table(rows=rows):
                return self._table("".join(self._row(row, "td" if at else "th") for at, row in enumerate(rows)))
            case Rule():
                return self._rule()

    def _code(self, text: str) -> str:
        return f"<pre><code>{escape(text, quote=False)}</code></pre>"

    def _quote(self, quote: Quote) -> str:
        head = f"<cite>{escaped(quote.author)}</cite>" if quote.author else ""
        if quote.date:
            head += f" {escaped(quote.date)}"
        inner = self.text(quote.children)
        return f"<blockquote>{head}{'<br>' if head and inner else ''}{inner}</blockquote>"

    def _heading(self, level: int, inner: str) -> str:
        return f"<h{level}>{inner}</h{level}>"

    def _listing(self, inner: str, start: int) -> str:
        if not start:
            return f"<ul>{inner}</ul>"
        return f'<ol start="{start}">{inner}</ol>' if start != 1 else f"<ol>{inner}</ol>"

    def _row(self, row: tuple[Nodes, ...], name: str) -> str:
        return "<tr>" + "".join(f"<{name}>{self.text(cell)}</{name}>" for cell in row) + "</tr>"

    def _table(self, inner: str) -> str:
        return f"<table>{inner}</table>"

    def _rule(self) -> str:
        return "<hr>"

    # --- leaves ---------------------------------------------------------------------------------------------------

    def _leaf(self, leaf: Leaf, shown: str) -> str:
        match leaf:
            case Mention():
                return f"<b>{shown}</b>"
            case ChatLink():
                return self._opened(self._context.base + chat_path(leaf), shown) if self._context.base else shown
            case Picture(url=url, title=title):
                named = title or _("Picture")
                return self._opened(url, f"🖼{NBSP}{escaped(named)}")
            case Timestamp(unix=unix):
                told = from_unix(unix, self._context.zone).isoformat()
                return f'<time datetime="{told}">{shown}</time>'
            case Action():
                return f"<kbd>{shown}</kbd>"
            case _:
                return shown

    # --- cards ----------------------------------------------------------------------------------------------------

    def card(self, card: Card) -> str:
        """A card: an edge of its colour, and its parts; neighbouring cells make one table."""
        out: list[str] = []
        cells: list[str] = []
        for part in parts(card, self._context.base):
            if isinstance(part, Pair):
                cells.append(self._cell(part))
                continue
            out += _tabled(cells)
            out.append(self._part(part))
        out += _tabled(cells)
        edge = "border-left:4px solid " + stripe(card, self._context.background)
        return f'<div class="card" style="{edge};padding-left:8px">{"".join(out)}</div>'

    def _part(self, part: Prose | Entry | Divider) -> str:
        match part:
            case Prose(nodes=nodes):
                return f"<p>{self.text(nodes)}</p>"
            case Divider():
                return "<hr>"
            case Entry(role=role, url=url, detail=detail):
                title = f"{_SIGNS[role]}{NBSP}{escaped(title_of(part))}"
                shown = self._opened(url, title) if url else f"<b>{title}</b>"
                return f"<p>{shown}{'<br>' if detail else ''}{self.text(detail)}</p>"

    def _cell(self, pair: Pair) -> str:
        name, value = self.text(pair.name), self.text(pair.value)
        if value and pair.token != "base":
            color = readable(token_color(pair.token), self._context.background)
            value = f'<span style="color:{color}">{value}</span>'
        if name and value:
            return f"<tr><th>{name}</th><td>{value}</td></tr>"
        return f'<tr><td colspan="2">{name or value}</td></tr>'


def _tabled(cells: list[str]) -> list[str]:
    made = [f"<table>{''.join(cells)}</table>"] if cells else []
    cells.clear()
    return made
