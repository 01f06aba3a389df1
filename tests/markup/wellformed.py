"""A reader of rich text that refuses whatever is not ours."""

from html.parser import HTMLParser

ALLOWED = {
    "a": {"href", "style"},
    "b": set(),
    "i": set(),
    "u": set(),
    "s": set(),
    "span": {"style"},
    "p": {"style"},
    "ul": {"style"},
    "ol": {"style", "start"},
    "li": set(),
    "table": {"cellspacing", "cellpadding", "border", "style"},
    "tr": set(),
    "th": set(),
    "td": {"style", "bgcolor"},
    "br": set(),
    "hr": {"style"},
}
EMPTY = {"br", "hr"}
SCHEMES = ("http://", "https://", "mailto:", "tel:", "olv:")


class WellFormed(HTMLParser):
    """Collects the text; fails on a foreign tag, attribute or scheme, a wrong nesting, a link within a link."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= ALLOWED[tag]
        href = dict(attrs).get("href")
        assert href is None or href.lower().startswith(SCHEMES)
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


def text_of(html: str) -> str:
    """The characters of well-formed rich text, breaks as line feeds, no-break spaces as spaces."""
    reader = WellFormed()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return "".join(reader.text).replace("\u00a0", " ")
