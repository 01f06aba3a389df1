"""What stands within a message of the page of HTML: the markup's writer, with anchors, and colours for two grounds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from viewer.chat import Message
from viewer.export import facts
from viewer.export.document import Export
from viewer.markup import Context, is_emoji_only, parse, readable
from viewer.markup.html import Writer, escaped
from viewer.markup.nodes import Colored, Leaf, MessageLink, Node, Quote

LIGHT, DARK = "#d9ecec", "#17393e"  # the bubbles hardest to read on: a colour that does there, does on all


class Body:
    """The texts and cards of one conversation; `anchors` by message id are those of its page."""

    def __init__(self, export: Export, anchors: Mapping[int, str]) -> None:
        self._root = export.root
        self._context = facts.context(export)
        self._portal = replace(self._context, mention_mark="")
        self._anchors = anchors

    def text(self, message: Message) -> str:
        """A message's text as a block; empty where there is none."""
        nodes = parse(message.text, base=self._root, markdown=message.markdown)
        made = _Writer(self._context, self._anchors).text(nodes)
        kind = "text emoji" if is_emoji_only(nodes) else "text"
        return f'<div class="{kind}" dir="auto">{made}</div>\n' if made else ""

    def line(self, message: Message) -> str:
        """A line of the portal's own; the people it names are not being called."""
        nodes = parse(message.text, base=self._root, markdown=message.markdown)
        return _Writer(self._portal, self._anchors).text(nodes)

    def cards(self, message: Message) -> Iterator[str]:
        """Each card as a block."""
        for card in message.cards:
            yield _Writer(self._context, self._anchors).card(card) + "\n"


class _Writer(Writer):
    """Links messages to their places in the page, and keeps colours readable by day and by night."""

    def __init__(self, context: Context, anchors: Mapping[int, str]) -> None:
        super().__init__(context)
        self._anchors = anchors

    def _node(self, node: Node) -> str:
        if isinstance(node, Colored):
            inks = f"--light:{readable(node.color, LIGHT)};--dark:{readable(node.color, DARK)}"
            return f'<span class="ink" style="{inks}">{self._inner(node.children)}</span>'
        return super()._node(node)

    def _leaf(self, leaf: Leaf, shown: str) -> str:
        if isinstance(leaf, MessageLink):
            return self._within(leaf.message_id, shown)
        return super()._leaf(leaf, shown)

    def _heading(self, level: int, inner: str) -> str:
        """A paragraph: the headings of the page are those of sessions, days and messages."""
        return f'<p class="h{level}">{inner}</p>'

    def _quote(self, quote: Quote) -> str:
        author = f"<cite>{escaped(quote.author)}</cite>" if quote.author else ""
        head = self._within(quote.message_id, author) if author else ""
        if quote.date:
            head += f" {escaped(quote.date)}"
        inner = self.text(quote.children)
        return f"<blockquote>{head}{'<br>' if head and inner else ''}{inner}</blockquote>"

    def _within(self, number: int, shown: str) -> str:
        """A link to a message of the page; what is not there is only told."""
        anchor = self._anchors.get(number)
        return f'<a href="#{anchor}">{shown}</a>' if anchor and not self._linked else shown
