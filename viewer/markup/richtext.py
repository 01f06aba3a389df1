"""The tree as the subset of HTML that `QTextDocument` reads, for the screen.

Inner links have schemes of the program's own, for the window to follow: `olv:session/343`, `olv:chat/12`,
`olv:message/chat12/345`, `olv:person/27`, `olv:file/5`, `olv:picture?url=...&size=20`. Blocks are tables, since this
dialect knows borders and paddings only there.
"""

from html import escape
from urllib.parse import urlencode

from viewer.i18n import _
from viewer.markup.html import NBSP, Writer, escaped, indented
from viewer.markup.nodes import (
    Action,
    ChatLink,
    DriveFile,
    Leaf,
    Link,
    Mention,
    MessageLink,
    Nodes,
    Picture,
    Quote,
)
from viewer.markup.visitor import Context

_HEADING_PIXELS = (20, 18, 16, 15, 14, 13)


def rich(nodes: Nodes, context: Context) -> str:
    """The text as HTML for one `QTextDocument`."""
    return _Rich(context).text(nodes)


class _Rich(Writer):
    """Writes in the colours and sizes of the context."""

    def _followed(self, link: Link, inner: str, host: str) -> str:
        tip = _("Leads to {host}, not to what its text names").format(host=host) if host else ""
        return self._styled(link.url, inner, tip=tip)

    def _opened(self, url: str, inner: str) -> str:
        return self._styled(url, inner)

    def _styled(self, url: str, inner: str, style: str = "", tip: str = "") -> str:
        if self._linked:
            return inner
        told = f' title="{escape(tip)}"' if tip else ""
        return f'<a href="{escape(url)}"{told} style="color:{self._context.link_color};{style}">{inner}</a>'

    def _mono(self, text: str) -> str:
        style = f"font-family:'{escape(self._context.mono_family)}';background-color:{self._context.code_background}"
        lines = (indented(line) for line in text.split("\n"))
        return f'<span style="{style}">{"<br>".join(lines)}</span>'

    def _heading(self, level: int, inner: str) -> str:
        size = self._pixels(_HEADING_PIXELS[level - 1])
        return f'<p style="margin:6px 0 2px 0;font-size:{size}px;font-weight:600">{inner}</p>'

    def _listing(self, inner: str, start: int) -> str:
        name = f'ol start="{start}"' if start else "ul"
        return f'<{name} style="margin:2px 0 2px 0">{inner}</{name[:2]}>'

    def _rule(self) -> str:
        return f'<hr style="background-color:{self._context.line_color}">'

    def _code(self, text: str) -> str:
        lines = "<br>".join(indented(line) for line in text.split("\n"))
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
        author = f'<span style="color:{self._context.accent};font-weight:600">{escaped(quote.author)}</span>'
        date = f" {escaped(quote.date)}" if quote.date else ""
        if not quote.message_id:
            return author + date
        url = escape(f"olv:message/{quote.dialog}/{quote.message_id}")
        return f'<a href="{url}" style="text-decoration:none">{author}</a>{date}'

    def _table(self, inner: str) -> str:
        return f'<table cellspacing="0" cellpadding="4" border="1" style="{self._grid()}">{inner}</table>'

    def _grid(self) -> str:
        return f"margin:3px 0 3px 0;border-collapse:collapse;border-style:solid;border-color:{self._context.line_color}"

    def _leaf(self, leaf: Leaf, shown: str) -> str:
        match leaf:
            case Mention(person_id=number):
                style = "text-decoration:none;font-weight:600"
                return self._styled(f"olv:person/{number}", shown, style) if number else f"<b>{shown}</b>"
            case ChatLink(id=number, session=session):
                return self._styled(f"olv:{'session' if session else 'chat'}/{number}", shown)
            case MessageLink(dialog=dialog, message_id=number):
                return self._styled(f"olv:message/{dialog}/{number}", shown)
            case Picture(url=url, title=title, size=size):
                address = "olv:picture?" + urlencode({"url": url, "size": size})
                return self._styled(address, "🖼" + NBSP + escaped(title or _("Picture")))
            case DriveFile(id=number):
                return self._styled(f"olv:file/{number}", shown)
            case Action():
                style = f"background-color:{self._context.code_background};color:{self._context.accent}"
                return f'<span style="{style}">{NBSP}{shown}{NBSP}</span>'
            case _:
                return shown
