"""What holds for any source: nothing raises, nothing visible is lost, no tag in rich text is not ours."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.markup.wellformed import RICH, SAFE, text_of
from viewer.chat import (
    Block,
    Card,
    Cell,
    Delimiter,
    Display,
    FileBlock,
    FileItem,
    GridBlock,
    ImageBlock,
    ImageItem,
    LinkBlock,
    LinkItem,
    PersonBlock,
    PersonItem,
    PersonKind,
    TextBlock,
    UnknownBlock,
)
from viewer.markup import (
    Context,
    card_commonmark,
    card_html,
    card_plain,
    commonmark,
    data,
    html,
    is_emoji_only,
    mentions,
    parse,
    plain,
    rich,
    snippet,
)
from viewer.markup.fit import fit
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


def letters(text: str) -> str:
    """The Cyrillic letters of a text: no tag and nothing that a visitor adds is made of them."""
    return "".join(char for char in text if "а" <= char.lower() <= "я" or char in "ёЁ")


def in_order(wanted: str, given: str) -> bool:
    """Whether all characters of one text stand in the other, in their order."""
    rest = iter(given)
    return all(char in rest for char in wanted)


def depth(nodes: Nodes) -> int:
    """How deep the tree goes."""
    return max((1 + max(map(depth, children(node)), default=0) for node in nodes), default=0)


@checked
@given(sources, st.booleans())
def test_nothing_visible_is_lost_or_moved(source: str, markdown: bool) -> None:
    nodes = parse(source, base=BASE, markdown=markdown)
    context = Context(base=BASE)
    wanted = letters(source)
    assert in_order(wanted, plain(nodes, context))
    assert in_order(wanted, commonmark(nodes, context))
    assert in_order(wanted, json.dumps(data(nodes, context), ensure_ascii=False))
    assert in_order(wanted, text_of(rich(nodes, context), RICH))
    assert in_order(wanted, text_of(html(nodes, context), SAFE))


@checked
@given(sources, st.booleans())
def test_html_is_well_formed_and_ours(source: str, markdown: bool) -> None:
    nodes = parse(source, base=BASE, markdown=markdown)
    said = letters(plain(nodes, Context(), addresses=False))
    assert in_order(said, text_of(rich(nodes, Context()), RICH))
    assert in_order(said, text_of(html(nodes, Context(base=BASE)), SAFE))


blocks = st.one_of(
    sources.map(TextBlock),
    st.builds(UnknownBlock, st.text(max_size=9), sources),
    st.builds(LinkItem, sources, sources, sources, sources).map(lambda item: LinkBlock((item,))),
    st.builds(PersonItem, sources, sources, sources, st.sampled_from(PersonKind)).map(
        lambda item: PersonBlock((item,))
    ),
    st.builds(ImageItem, sources, sources, sources).map(lambda item: ImageBlock((item,))),
    st.builds(FileItem, sources, sources, st.integers(0, 10**12)).map(lambda item: FileBlock((item,))),
    st.lists(st.builds(Cell, st.sampled_from(Display), sources, sources, sources), max_size=4).map(
        lambda cells: GridBlock(tuple(cells))
    ),
    st.builds(Delimiter, st.integers(0, 2000)),
)
cards = st.builds(
    Card, st.lists(blocks, max_size=4).map(tuple), st.sampled_from(["", "#ffffff", "#123456", "transparent"])
)


def said_by(block: Block) -> str:
    """What a block says in words, in its order; addresses are told elsewhere."""
    match block:
        case TextBlock(text=text):
            return text
        case UnknownBlock(name=name, text=text):
            return name + text
        case LinkBlock(links=(link, *_)):
            return link.title + link.text
        case PersonBlock(people=(person, *_)):
            return person.name
        case ImageBlock(images=(image, *_)):
            return image.name
        case FileBlock(files=(file, *_)):
            return file.name
        case GridBlock(cells=cells):
            return "".join(cell.name + cell.value for cell in cells)
        case _:
            return ""


@checked
@given(cards)
def test_a_card_says_everything_everywhere(card: Card) -> None:
    context = Context(base=BASE)
    wanted = letters("".join(map(said_by, card.blocks)))
    assert in_order(wanted, card_plain(card, context))
    assert in_order(wanted, card_commonmark(card, context))
    assert in_order(wanted, text_of(card_html(card, context), SAFE))


words = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="[]"), min_size=1, max_size=40)


@checked
@given(words)
def test_commonmark_reads_back_as_it_was(source: str) -> None:
    once = plain(parse(source), Context(), addresses=False).split()
    back = parse(commonmark(parse(source), Context()), markdown=True)
    assert plain(back, Context(), addresses=False).split() == once


@checked
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="[#>-&\u2028\u2029"), max_size=80))
def test_text_without_markup_stays_as_it_is(source: str) -> None:
    expected = fit(source).strip().replace("\u00a0", " ")
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
