"""What both dialects can say, they say alike; and which dialect a text is in."""

import pytest

from tests.markup.golden import BASE
from viewer.markup import Context, card_html, commonmark, data, html, looks_like_markdown, parse, plain, revealed, rich
from viewer.markup.fit import MARKS, fit

RULE = "-" * 54


@pytest.mark.parametrize(
    ("messenger", "markdown"),
    [
        ("plain words", "plain words"),
        ("[b]bold[/b] word", "**bold** word"),
        ("[i]italic[/i]", "*italic*"),
        ("[s]struck[/s]", "~~struck~~"),
        ("[b]a [i]b[/i][/b]", "**a *b***"),
        ("one\ntwo", "one\ntwo"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("[code]x = 1\ny[/code]", "```\nx = 1\ny\n```"),
        ("before\n[code]x[/code]\nafter", "before\n```\nx\n```\nafter"),
        (">>quoted\n>>twice\nafter", "> quoted\n> twice\n\nafter"),
        ("[url=https://zerno.example/a]site[/url]", "[site](https://zerno.example/a)"),
        ("[url=/crm/deal/details/5/]a deal[/url]", "[a deal](/crm/deal/details/5/)"),
        ("see https://zerno.example/b.", "see https://zerno.example/b."),
        ("sales@zerno.example, +7 900 000-12-34", "sales@zerno.example, +7 900 000-12-34"),
        ("[user=27]Ирина[/user]", "[user=27]Ирина[/user]"),
        ("[chat=imol|343]it[/chat]", "[chat=imol|343]it[/chat]"),
        ("[rating=4] [like]", "[rating=4] [like]"),
        ("<b>HTML</b> & co", "<b>HTML</b> & co"),
        ("[url=javascript:x]a[/url]", "[url=javascript:x]a[/url]"),
        ("👍 ❤️", "👍 ❤️"),
    ],
)
def test_both_dialects_make_the_same(messenger: str, markdown: str) -> None:
    one, other = parse(messenger, base=BASE), parse(markdown, base=BASE, markdown=True)
    context = Context(base=BASE)
    assert data(one, context) == data(other, context)
    for write in (plain, rich, html, commonmark):
        assert write(one, context) == write(other, context)


@pytest.mark.parametrize(
    "source",
    [
        "## Title",
        "```\nx\n```",
        "| a | b |\n| --- | --- |",
        "so **very** good",
        "[x](https://a.example)",
        "use `ls` here",
        "~~~\nx\n~~~",
    ],
)
def test_signs_of_markdown(source: str) -> None:
    assert looks_like_markdown(f"first line\n{source}")


@pytest.mark.parametrize(
    "source",
    [
        "",
        "2 * 3 ** 4",
        "#1 in sales",
        "- one\n- two",
        "a_b_c",
        RULE,
        "[b]x[/b]",
        "** **",
        "`",
        "price | sum",
        "> quote",
    ],
)
def test_no_sign_of_markdown(source: str) -> None:
    assert not looks_like_markdown(source)


# --- signs that would break a line or hide a text ---


@pytest.mark.parametrize(
    ("source", "fitted"),
    [
        ("plain", "plain"),
        ("a\x07b\x9fc", "a\ufffdb\ufffdc"),
        ("a\u2028b\x0bc", "a\nb\nc"),
        ("x\u202egpj.exe", "x\ufffdgpj.exe"),
        ("\u202dx", "\ufffdx"),
        ("a\u2067b\nc", "a\u2067b\u2069\nc"),
        ("a\u202ab\u202cc", "a\u202ab\u202cc"),
        ("\u2067\u202ba\u2069b", "\u2067\u202ba\u2069b"),
        ("\u2067\u202ca", "\u2067\u202ca\u2069"),
        ("\u2069\u202c", "\u2069\u202c"),
        ("e\u0301\u0302\u0303", "e\u0301\u0302\u0303"),
        ("e" + "\u0301" * 7, "e" + "\u0301" * MARKS + "\u25cc" + "\u0301" * MARKS + "\u25cc\u0301"),
        ("\u200b\u200d\ufeff", "\u200b\u200d\ufeff"),
    ],
)
def test_no_sign_breaks_out(source: str, fitted: str) -> None:
    assert fit(source) == fitted


def test_a_text_as_typed_hides_nothing() -> None:
    assert revealed("a\u202eb\u200bc\x07\nd\te") == "a⟨U+202E⟩b⟨U+200B⟩c⟨U+0007⟩\nd\te"


# --- links in disguise ---


@pytest.mark.parametrize(
    ("source", "host"),
    [
        ("[url=https://evil.example/x]bank.example[/url]", "evil.example"),
        ("[url=https://evil.example/]https://bank.example/login[/url]", "evil.example"),
        ("[url=https://evil.example/][b]www.bank.example[/b][/url]", "evil.example"),
        ("[url=mailto:a@evil.example]a@bank.example[/url]", "a@evil.example"),
        ("[url=https://bank.example/login]bank.example[/url]", ""),
        ("[url=https://www.bank.example/]bank.example[/url]", ""),
        ("[url=https://xn--e1afmkfd.xn--p1ai/]пример.рф[/url]", ""),
        ("[url=https://zerno.example/1]Прайс.pdf[/url]", ""),
        ("[url=https://evil.example/]our site[/url]", ""),
        ("https://bank.example", ""),
    ],
)
def test_a_link_that_names_another_host(source: str, host: str) -> None:
    nodes = parse(source)
    assert data(nodes, Context())[0][4:] == ([host] if host else [])  # type: ignore[index, union-attr]
    assert ("title=" in rich(nodes, Context())) is bool(host)
    assert (f"</a> ({host})" in html(nodes, Context())) is bool(host)
    assert (f") ({host})" in commonmark(nodes, Context()).replace("\\", "")) is bool(host)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("www.zerno.example/a", "http://www.zerno.example/a"),
        ("8 (495) 000-11-22", "tel:+74950001122"),
        ("8-800-000-35-35", "tel:+78000003535"),
        ("89000001234", "tel:+79000001234"),
        ("+7 900 000-12-34", "tel:+79000001234"),
        ("http://кофе.рф:8080/меню(1)", "http://кофе.рф:8080/меню(1)"),
    ],
)
def test_what_is_an_address(text: str, url: str) -> None:
    links = [item for item in data(parse(f"see {text}, please"), Context()) if isinstance(item, list)]
    assert links == [["a", url, [text], True]]


@pytest.mark.parametrize(
    "text", ["www.", "www.x", "awww.b.example", "81234567890", "1 8 495 000 11 22 33", "48-1207", "v8.9"]
)
def test_what_is_no_address(text: str) -> None:
    assert all(isinstance(item, str) for item in data(parse(text), Context()))


def test_a_card_without_blocks_says_what_it_is_about() -> None:
    from viewer.chat import Card

    assert "only this" in card_html(Card((), description="only this"), Context())
