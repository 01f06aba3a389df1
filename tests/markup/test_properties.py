"""What holds for any source: nothing raises, nothing visible is lost, no tag in rich text is not ours."""

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.markup.wellformed import text_of
from viewer.markup import Context, data, is_emoji_only, mentions, parse, plain, rich, snippet
from viewer.markup.nodes import Link, Node, Nodes, Picture, Text
from viewer.markup.visitor import children, walk

BASE = "https://zerno.bitrix24.example"
PIECES = [
    *("[b]", "[/b]", "[I]", "[/I]", "[u]", "[/u]", "[s]", "[/s]", "[size=20]", "[/size]", "[color=#f00]", "[/color]"),
    *("[url]", "[/url]", "[url=https://a.example/]", "[url=/crm/]", "[url=javascript:x]", "[code]", "[/code]"),
    *("[user=5]", "[user=6 replace]", "[user=all]", "[/user]", "[chat=7]", "[chat=imol|8]", "[/chat]", "[send]"),
    *("[/send]", "[put=x]", "[/put]", "[call]", "[call=+7 495 000-11-22]", "[/call]", "[pch=1]", "[/pch]"),
    *("[icon=https://a.example/i.png title=x]", "[img size=small]", "[/img]", "[disk=3]", "[rating=5]", "[like]"),
    *("[br]", "#BR#", "\n", "\r\n", "\n\n", "\n>>", "\n&gt;&gt;", "\n" + "-" * 54 + "\n", "Ann [Today] #chat1/2\n"),
    *("https://a.example/x", "https://", "://", "a@b.example", "+79990001122", "/me ", " ", "  ", "\t", "<b>", "&amp;"),
    *("[url=", "[user=", "[", "]", "[/", "=", '"', "'", "*", "`", "- ", "# ", "| ", "> ", "~~", "![", "](", ")"),
    *("привет", "ж", "ёлка ", "мир,", "да!"),
]
sources = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=80)
checked = settings(deadline=None, max_examples=200, database=None)


def cyrillic(text: str) -> Counter[str]:
    """The letters of a text that no tag is made of."""
    return Counter(char for char in text if "а" <= char.lower() <= "я" or char in "ёЁ")


def depth(nodes: Nodes) -> int:
    """How deep the tree goes."""
    return max((1 + max(map(depth, children(node)), default=0) for node in nodes), default=0)


@checked
@given(sources, st.booleans())
def test_nothing_visible_is_lost(source: str, markdown: bool) -> None:
    nodes = parse(source, base=BASE, markdown=markdown)
    assert cyrillic(source) <= cyrillic(plain(nodes, Context()))
    assert cyrillic(source) <= cyrillic(json.dumps(data(nodes, Context()), ensure_ascii=False))


@checked
@given(sources, st.booleans())
def test_rich_text_is_well_formed_and_ours(source: str, markdown: bool) -> None:
    nodes = parse(source, base=BASE, markdown=markdown)
    assert cyrillic(text_of(rich(nodes, Context()))) >= cyrillic(plain(nodes, Context(), addresses=False))


@checked
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="[#>-&\u2028\u2029"), max_size=80))
def test_text_without_markup_stays_as_it_is(source: str) -> None:
    expected = source.strip().replace("\u00a0", " ").replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    nodes = parse(source)
    assert plain(nodes, Context()).replace("\u00a0", " ") == expected or source.lstrip().startswith("/")
    assert text_of(rich(nodes, Context())) == expected or source.lstrip().startswith("/")


@checked
@given(sources, st.booleans())
def test_the_tree_keeps_its_promises(source: str, markdown: bool) -> None:
    nodes = parse(source, base=BASE, markdown=markdown)
    assert depth(nodes) <= 80
    for node in walk(nodes):
        assert holds(node)


def holds(node: Node) -> bool:
    """What `nodes` promises of one node."""
    match node:
        case Text(text=text):
            return bool(text) and not {"\n", "\r", "\u2028", "\u2029"} & set(text)
        case Link(url=url, children=inner):
            plainly = url.lower().startswith(("http://", "https://", "mailto:", "tel:"))
            return plainly and bool(inner) and not any(isinstance(other, Link) for other in walk(inner))
        case Picture(url=url):
            return url.lower().startswith(("http://", "https://"))
        case _:
            return True


@checked
@given(sources)
def test_small_questions_have_answers(source: str) -> None:
    nodes = parse(source)
    assert "\n" not in snippet(source)
    assert all(number >= 0 for number in mentions(nodes))
    assert is_emoji_only(nodes) in (True, False)
