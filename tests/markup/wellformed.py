"""A reader of HTML that refuses whatever the writer did not make itself."""

from collections.abc import Mapping
from html.parser import HTMLParser

from viewer.markup.html import ATTRIBUTES, ELEMENTS

RICH: Mapping[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "a": "href style title",
        "b": "",
        "i": "",
        "u": "",
        "s": "",
        "span": "style",
        "p": "style",
        "ul": "style",
        "ol": "style start",
        "li": "",
        "table": "cellspacing cellpadding border style",
        "tr": "",
        "th": "",
        "td": "style bgcolor",
        "br": "",
        "hr": "style",
    }.items()
}
SAFE: Mapping[str, frozenset[str]] = dict.fromkeys(ELEMENTS, ATTRIBUTES)
EMPTY = {"br", "hr"}
SCHEMES = ("http://", "https://", "mailto:", "tel:")


class WellFormed(HTMLParser):
    """Collects the text; fails on a foreign tag, attribute or scheme, a wrong nesting, a link within a link."""

    def __init__(self, allowed: Mapping[str, frozenset[str]]) -> None:
        super().__init__(convert_charrefs=True)
        self.allowed = allowed
        self.schemes = (*SCHEMES, "olv:") if allowed is RICH else SCHEMES
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= self.allowed[tag]
        href = dict(attrs).get("href")
        assert href is None or href.lower().startswith(self.schemes)
        assert not (tag == "a" and "a" in self.open)
        if tag in EMPTY:
            self.text.append("\n")
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def text_of(html: str, allowed: Mapping[str, frozenset[str]] = RICH) -> str:
    """The characters of well-formed HTML, breaks as line feeds, no-break spaces as spaces."""
    reader = WellFormed(allowed)
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return "".join(reader.text).replace("\u00a0", " ")
