"""What stands within a message, as data for the template: the markup's items dressed for paper, and cards.

Items are those of `viewer.markup.data` with the web's own things settled: links to messages become links to their
numbers, mentions bold text, colours readable ones, characters such as a page can hold. Kinds that the template knows:
br, b, i, u, s, size, color, a, n (link to a message's number), btn, code, quote, h, list, table, hr.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from viewer.chat import (
    Block,
    Card,
    Cell,
    Delimiter,
    Display,
    FileBlock,
    GridBlock,
    ImageBlock,
    LinkBlock,
    LinkItem,
    PersonBlock,
    TextBlock,
    UnknownBlock,
)
from viewer.export.glyphs import fit
from viewer.i18n import _, size
from viewer.markup import Context, contrast, data, parse, readable
from viewer.markup.links import Links

Items = list[Any]

PAPER = "#ffffff"
SHADE = "#f2f4f4"  # the team's box
DEPTH = 10  # deeper, only the text is kept: the typesetter bounds its own depth
COLUMNS = 8  # a table with more columns is written line by line
LINE_COLUMNS = 4
_STRIPES = {"primary": "#0b6a75", "secondary": "#5c6971", "alert": "#b02a22", "base": "#3b444a"}


@dataclass(frozen=True, slots=True)
class Body:
    """How the texts of one part of a conversation become items. `numbers` are those that the part holds."""

    context: Context
    root: str
    numbers: Mapping[int, int]
    files: Mapping[int, str]

    def items(self, source: str, *, markdown: bool = False, ground: str = PAPER) -> Items:
        """A message's text as items."""
        nodes = parse(source, base=self.root, markdown=markdown)
        return self._dressed(data(nodes, self.context), ground, 0)

    def line(self, source: str, *, markdown: bool = False) -> Items:
        """A line of the portal's own as items; the people it names are not being called."""
        nodes = parse(source, base=self.root, markdown=markdown)
        return self._dressed(data(nodes, replace(self.context, mention_mark="")), PAPER, 0)

    def _dressed(self, items: Sequence[Any], ground: str, depth: int) -> Items:
        out: Items = []
        for item in items:
            if isinstance(item, str):
                out.append(fit(item))
            elif depth >= DEPTH:
                out.extend(fit(text) for text in _texts(item))
            else:
                out.append(self._item(item, ground, depth))
        return out

    def _item(self, item: list[Any], ground: str, depth: int) -> Any:
        def kids(at: int) -> Items:
            return self._dressed(item[at], ground, depth + 1)

        match item[0]:
            case "br" | "hr" as kind:
                return [kind]
            case "b" | "i" | "u" | "s" as kind:
                return [kind, kids(1)]
            case "size" | "h" | "a" as kind:
                return [kind, item[1], kids(2)]
            case "color":
                return ["color", readable(item[1], ground), kids(2)]
            case "@":
                return ["b", [fit(item[2])]]
            case "code":
                return ["code", fit(item[1]), item[2]]
            case "quote":
                head = item[1]
                return ["quote", fit(head["author"]), fit(head["date"]), self.numbers.get(head["message"], 0), kids(2)]
            case "list":
                return ["list", item[1], [self._dressed(each, ground, depth + 1) for each in item[2]]]
            case "table":
                return self._table([[self._dressed(cell, ground, depth + 1) for cell in row] for row in item[1]])
            case _:
                return self._leaf(item)

    def _leaf(self, item: list[Any]) -> Any:
        match item[0]:
            case "msg":
                number = self.numbers.get(item[2], 0)
                return ["n", number, fit(item[3])] if number else fit(item[3])
            case "chat":
                path = f"/online/?IM_HISTORY=imol|{item[1]}" if item[2] else f"/online/?IM_DIALOG=chat{item[1]}"
                return ["a", self.root + path, [fit(item[3])]] if self.root else fit(item[3])
            case "pic":
                return ["a", item[1], [fit(item[2] or _("Picture"))]]
            case "file":
                return fit(self.files.get(item[1]) or item[2])
            case "button":
                return ["btn", fit(item[2])]
            case "stars":
                return fit(item[2])
            case _:
                return fit(" ".join(_texts(item)))

    def _table(self, rows: list[list[Items]]) -> Any:
        if rows and len(rows[0]) <= COLUMNS:
            return ["table", rows]
        lines: Items = []
        for row in rows:
            for number, cell in enumerate(row):
                lines += ([" | "] if number else []) + cell
            lines.append(["br"])
        return ["size", 13, lines]

    # --- cards ----------------------------------------------------------------------------------------------------

    def card(self, card: Card) -> dict[str, Any]:
        """A card: the colour of its stripe, and its blocks."""
        return {"stripe": stripe(card), "blocks": [made for block in card.blocks for made in self._block(block)]}

    def _block(self, block: Block) -> list[Items]:
        match block:
            case TextBlock(text=text):
                return [["text", self.items(text)]]
            case LinkBlock(links=links):
                return [["link", *self._link(link)] for link in links]
            case PersonBlock(people=people):
                return [["link", fit(person.name), self._address(person.url), []] for person in people]
            case ImageBlock(images=images):
                told = [(image.name or _("Picture"), image.url) for image in images]
                return [["link", fit(name), self._address(url), [_("picture by address, not in this file")]]
                        for name, url in told]  # fmt: skip
            case FileBlock(files=files):
                return [["link", fit(file.name), self._address(file.url), [size(file.size)] if file.size else []]
                        for file in files]  # fmt: skip
            case GridBlock(cells=cells):
                return self._grid(cells)
            case Delimiter():
                return [["rule"]]
            case UnknownBlock(name=name, text=text):
                return [["text", [["i", [fit(name)]], ["br"], *self.items(text)]]]

    def _link(self, link: LinkItem) -> tuple[str, str, Items]:
        return fit(link.title), self._address(link.url), self.items(link.text)

    def _address(self, url: str) -> str:
        return Links(self.root).address(url) if url else ""

    def _grid(self, cells: Sequence[Cell]) -> list[Items]:
        """A grid by runs of one display; a change of kind is marked by a rule."""
        out: list[Items] = []
        for display, run in groupby(cells, key=lambda cell: cell.display):
            pairs = [[self.items(cell.name), self._value(cell)] for cell in run]
            if out:
                out.append(["rule"])
            if display is Display.LINE:
                for start in range(0, len(pairs), LINE_COLUMNS):
                    out.append(["line", pairs[start : start + LINE_COLUMNS]])  # noqa: PERF401
            else:
                out.append(["stack" if display is Display.BLOCK else "rows", pairs, display is Display.TABLE])
        return out

    def _value(self, cell: Cell) -> Items:
        shown = self.items(cell.value)
        if cell.color:
            shown = [["color", readable(cell.color, PAPER), shown]]
        url = self._address(cell.url)
        return [["a", url, shown]] if url and shown else shown


def stripe(card: Card) -> str:
    """The colour of a card's stripe, at least 3:1 on paper."""
    color = card.color if card.color.startswith("#") else _STRIPES.get(card.token, _STRIPES["base"])
    return color if contrast(color, PAPER) >= 3 else readable(color, PAPER)


def _texts(item: Any) -> list[str]:
    """The texts of an item of any kind, without the address of a link."""
    if isinstance(item, str):
        return [item]
    if not isinstance(item, list):
        return []
    parts = item if item and isinstance(item[0], list) else item[1:]
    if item and item[0] == "br":
        return [" "]
    if item and item[0] in ("a", "color"):
        parts = item[2:]
    return [text for part in parts for text in _texts(part)]
