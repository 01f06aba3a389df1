"""What stands within a message, as data for the template: the markup's items dressed for paper, and cards.

Items are those of `viewer.markup.data` with the web's own things settled: links to messages become links to their
numbers, mentions bold text, colours readable ones, characters such as a page can hold. Kinds that the template knows:
br, b, i, u, s, size, color, a, n (link to a message's number), btn, code, quote, h, list, table, hr, dir (a line whose
direction is its own: whether it runs from right to left, and its items).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from viewer.chat import Card, Display
from viewer.export.glyphs import RIGHT_TO_LEFT, direction, fit
from viewer.i18n import _
from viewer.markup import Context, Nodes, data, is_emoji_only, parse, plain, readable
from viewer.markup.cards import (
    PAPER,
    Divider,
    Entry,
    Pair,
    Part,
    Prose,
    Role,
    parts,
    stripe,
    title_of,
    token_color,
)

Items = list[Any]

SHADE = "#f2f4f4"  # the team's box
DEPTH = 10  # deeper, only the text is kept: the typesetter bounds its own depth
EMOJI = 26  # pixels, where the body is 13: a message of nothing else
COLUMNS = 8  # a table with more columns is written line by line
LINE_COLUMNS = 4


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
        made = _directed(self._dressed(data(nodes, self.context), ground, 0), source)
        return [["size", EMOJI, made]] if is_emoji_only(nodes) else made

    def line(self, source: str, *, markdown: bool = False) -> Items:
        """A line of the portal's own as items; the people it names are not being called."""
        nodes = parse(source, base=self.root, markdown=markdown)
        return self._dressed(data(nodes, replace(self.context, mention_mark="")), PAPER, 0)

    def _dressed(self, items: Sequence[Any], ground: str, depth: int) -> Items:
        out: Items = []
        for item in items:
            if isinstance(item, str):
                out.append(_spaced(fit(item), fresh=not out or out[-1] == ["br"]))
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
            case "size" | "h" as kind:
                return [kind, item[1], kids(2)]
            case "a":
                return ["a", item[1], [*kids(2), *(f" ({fit(host)})" for host in item[4:])]]
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
        """A card: the colour of its stripe, and its blocks; a change of display within a grid is marked by a rule."""
        blocks: list[Items] = []
        before: Display | None = None
        for display, run in groupby(parts(card, self.root), key=_display):
            if display is None:
                blocks += [self._part(part) for part in run]
            else:
                blocks += [["rule"]] if before else []
                blocks += self._grid(display, [part for part in run if isinstance(part, Pair)])
            before = display
        return {"stripe": stripe(card), "blocks": blocks}

    def _part(self, part: Part) -> Items:
        match part:
            case Prose(nodes=nodes):
                return ["text", self._nodes(nodes)]
            case Divider():
                return ["rule"]
            case Entry(role=Role.PICTURE, url=url):
                return ["link", fit(title_of(part)), url, [_("picture by address, not in this file")]]
            case Entry(role=Role.UNKNOWN, detail=detail):
                return ["text", [["i", [fit(title_of(part))]], ["br"], *self._nodes(detail)]]
            case Entry(url=url, detail=detail):
                return ["link", fit(title_of(part)), url, self._nodes(detail)]
            case Pair():
                return ["rows", [self._pair(part)], False]

    def _grid(self, display: Display, cells: Sequence[Pair]) -> list[Items]:
        pairs = [self._pair(cell) for cell in cells]
        if display is Display.LINE:
            return [["line", pairs[start : start + LINE_COLUMNS]] for start in range(0, len(pairs), LINE_COLUMNS)]
        return [["stack" if display is Display.BLOCK else "rows", pairs, display is Display.TABLE]]

    def _pair(self, pair: Pair) -> Items:
        value = self._nodes(pair.value)
        color = token_color(pair.token) if pair.token != "base" else ""
        return [self._nodes(pair.name), [["color", readable(color, PAPER), value]] if color and value else value]

    def _nodes(self, nodes: Nodes) -> Items:
        return _directed(self._dressed(data(nodes, self.context), PAPER, 0), plain(nodes, self.context))


_NBSP = "\u00a0"


def _spaced(text: str, *, fresh: bool) -> str:
    """Text in which the typesetter drops no space: tabs and runs of spaces kept, and those at a line's beginning."""
    if "\t" in text or "  " in text:
        text = re.sub("\t|  +", lambda run: _NBSP * 4 if run[0] == "\t" else _NBSP * (len(run[0]) - 1) + " ", text)
    return _NBSP + text[1:] if fresh and text.startswith(" ") else text


def _directed(items: Items, source: str) -> Items:
    """The items, parted into lines with a direction each where the text holds both; a line without letters goes on."""
    if direction(source) != "rtl" and not RIGHT_TO_LEFT.search(source):
        return items
    lines: list[Items] = [[]]
    for item in items:
        if item == ["br"]:
            lines.append([])
        else:
            lines[-1].append(item)
    out: Items = []
    running = direction(source)
    for line in lines:
        running = direction("".join(text for item in line for text in _texts(item))) or running
        out.append(["dir", running == "rtl", line])
    return out


def _display(part: Part) -> Display | None:
    return part.display if isinstance(part, Pair) else None


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
