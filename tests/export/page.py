"""A reader of exported pages that refuses whatever the writer should not make, and what programs read of the rest."""

import re
from html.parser import HTMLParser
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from viewer.markup.html import ATTRIBUTES, ELEMENTS

FRAME = frozenset(
    ["html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "article", "dl",
     "dt", "dd", "small", "figure", "figcaption", "img"]
)  # fmt: skip
FRAME_ATTRIBUTES = frozenset(
    ["lang", "charset", "http-equiv", "content", "name", "id", "aria-label", "alt", "src", "width", "height"]
)
EMPTY = frozenset(["meta", "img", "br", "hr"])
LINKS = ("#", "http://", "https://", "mailto:", "tel:")


class Page(HTMLParser):
    """The text of a page, its anchors, links, pictures and headings."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.images: list[dict[str, str]] = []
        self.headings: list[tuple[str, str]] = []
        self.metas: list[dict[str, str]] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert tag in ELEMENTS | FRAME
        assert set(given) <= ATTRIBUTES | FRAME_ATTRIBUTES
        assert "url(" not in given.get("style", "")
        if "src" in given:
            assert given["src"].startswith("data:image/")
        if "href" in given:
            assert given["href"].startswith(LINKS)
            assert "a" not in self.open
            self.links.append(given["href"])
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "img":
            self.images.append(given)
        if tag == "meta":
            self.metas.append(given)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((tag, ""))
        if tag not in EMPTY:
            self.open.append(tag)
        elif tag in ("br", "hr"):
            self.texts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            assert "url(" not in data
            assert "@import" not in data
            return
        self.texts.append(data)
        if self.headings and any(re.fullmatch("h[1-6]", tag) for tag in self.open):
            tag, told = self.headings[-1]
            self.headings[-1] = (tag, told + data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_pi = unknown_decl = handle_comment

    def handle_decl(self, decl: str) -> None:
        assert decl == "DOCTYPE html"

    @property
    def text(self) -> str:
        return "".join(self.texts).replace("\u00a0", " ")


def sheets(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The values of a workbook, sheet by sheet, as Excel shows them: `_x005F_` stands for an underscore."""
    book = load_workbook(path, read_only=True)
    try:
        rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    finally:
        book.close()
    return {
        name: [tuple(unescape(each) if isinstance(each, str) else each for each in row) for row in told]
        for name, told in rows.items()
    }
