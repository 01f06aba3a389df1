"""Input made to hurt: work grows with length and no faster, and half a megabyte of it comes out."""

import sys
from types import FrameType

import pytest

from tests.markup.wellformed import SAFE, text_of
from viewer.markup import Context, commonmark, data, html, parse, plain, rich

RULE = "-" * 54
UNITS = [
    *("[b]", "[/b]", "[b]x[/i]", "[b][i][u][/b]", "[", "]", "[[", "[url]", "[url=", "[url=http://a]", "[url=[a]"),
    *("[url=[url=x]", "[code]", "[code]\n", "[send]", "[user=1 replace]", "[user=1]x", "[icon=http://a title=", "[b "),
    *("a.b.", "a@", "a@b.", "@", "://", "http://", "http://a.", "http://a/[", "http://a:1@", "http://a/)", "+7 ", "+"),
    *(">>", ">>\n", ">>\n\n", f"{RULE}\n", f"{RULE}\nA [b] [c] \n", "A [", '"', " ", "  ", "\t", "#BR#", "\r", "\n"),
    *("&gt;", ":f09f", ":f09f918d", "/me ", "\u200d", "👍", "\ud800", "\x00", "-", "ж"),
]
ids = [repr(unit[-20:]) for unit in UNITS]


def work(source: str) -> int:
    """How many calls it takes to parse and to write in every way."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        nodes = parse(source, base="https://zerno.bitrix24.example")
        for write in (rich, html, plain, commonmark, data):
            write(nodes, Context())
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("unit", UNITS, ids=ids)
def test_work_grows_with_length_and_no_faster(unit: str) -> None:
    work(unit)
    once, twice = work(unit * 500), work(unit * 1000)
    assert twice <= 2.2 * once + 100


@pytest.mark.timeout(30)
@pytest.mark.parametrize("unit", UNITS, ids=ids)
def test_much_of_it_comes_out(unit: str) -> None:
    nodes = parse(unit * (100_000 // len(unit)))
    assert text_of(rich(nodes, Context())) or not unit.strip()
    assert plain(nodes, Context()) or not unit.strip()
    assert data(nodes, Context()) or not unit.strip()
    assert text_of(html(nodes, Context()), SAFE) or not unit.strip()
    assert commonmark(nodes, Context()) or not plain(nodes, Context()).strip()


@pytest.mark.timeout(30)
@pytest.mark.parametrize("tail", ["", "@", "]", "[/url]", "[/code]", "://"])
@pytest.mark.parametrize("unit", ["a.b.", "[url=", "[user=1]", "[b][url=http://a]", "http://a.b:", "x"])
def test_a_late_end_costs_nothing(unit: str, tail: str) -> None:
    source = unit * (100_000 // len(unit)) + tail
    assert len(plain(parse(source), Context())) > 1000


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit", ["[", "*", "_", "`", "![", "> ", "- ", "|", "<", "&", "~~", "[a](", "**a ", "://", "a\n"]
)
def test_markdown_bears_it_too(unit: str) -> None:
    nodes = parse(unit * (20_000 // len(unit)), markdown=True)
    text_of(rich(nodes, Context()))
    assert parse("x " * 50_000, markdown=True)
