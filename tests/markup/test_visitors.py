"""What the visitors make of their context."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from tests.markup.golden import BASE
from viewer import i18n, markup
from viewer.markup import Context, contrast, data, html, is_emoji_only, mentions, parse, plain, readable, rich, snippet
from viewer.markup.nodes import Break, Link, Mention, Text

RULE = "-" * 54
PEOPLE = Context(people={27: "Ирина Соколова"})


def test_the_front_door_lists_what_is_there() -> None:
    assert markup.__all__ == sorted(markup.__all__)
    assert all(hasattr(markup, name) for name in markup.__all__)


def test_a_mention_reads_by_who_made_it() -> None:
    nodes = parse("[USER=27]Ира[/USER] [USER=27 REPLACE]Ира[/USER] [USER=27][/USER] [USER=5][/USER]")
    assert plain(nodes, PEOPLE) == "@Ира Ирина Соколова @Ирина Соколова @User 5"
    assert plain(nodes, replace(PEOPLE, mention_mark="")) == "Ира Ирина Соколова Ирина Соколова User 5"
    assert plain(nodes, Context()) == "@Ира Ира @User 27 @User 5"


def test_a_moment_is_told_in_the_readers_zone() -> None:
    nodes = parse("[TIMESTAMP=1700000000 FORMAT=FORMAT_DATETIME]")
    moscow = Context(zone=timezone(timedelta(hours=3)))
    assert plain(nodes, Context()) == "14 Nov 2023 22:13"
    assert plain(nodes, moscow) == "15 Nov 2023 01:13"
    assert data(nodes, moscow) == [["time", 1700000000, "15 Nov 2023 01:13"]]


def test_a_moment_of_any_year_is_told() -> None:
    nodes = parse("[TIMESTAMP=253401999999 FORMAT=FORMAT_DATETIME]")
    assert plain(nodes, Context()) == "28 Dec 9999 12:26"
    assert 'datetime="9999-12-28T12:26:39+00:00"' in html(nodes, Context())


def test_the_same_tree_speaks_the_readers_language() -> None:
    nodes = parse("[DISK=5]")
    assert plain(nodes, Context()) == "[File]"
    i18n.use("ru")
    assert plain(nodes, Context()) == f"[{i18n._('File')}]"


def test_addresses_follow_link_texts_where_wanted() -> None:
    nodes = parse(
        "[url=https://zerno.example/]site[/url] https://zerno.example/b [url=mailto:a@b.example]a@b.example[/url]"
    )
    assert plain(nodes, Context()) == "site (https://zerno.example/) https://zerno.example/b a@b.example"
    assert plain(nodes, Context(), addresses=False) == "site https://zerno.example/b a@b.example"


@pytest.mark.parametrize("background", ["#ffffff", "#d9ecec", "#17393e", "#fff4d9", "#777777", "#000000"])
@pytest.mark.parametrize("color", ["#ffff00", "#000000", "#ffffff", "#777777", "#ff0000", "#00f0f0"])
def test_colours_can_be_read(color: str, background: str) -> None:
    made = readable(color, background)
    assert contrast(made, background) >= 4.5
    assert made == color or contrast(color, background) < 4.5


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_sizes_follow_the_zoom() -> None:
    assert 'font-size:40px"' in rich(parse("[size=20]a[/size]"), Context(zoom=2))


def test_a_link_within_a_link_is_not_made() -> None:
    nodes = parse("[url=https://a.example/][user=27]Ира[/user] [icon=https://b.example/i.png] [code]x[/code][/url]")
    assert rich(nodes, PEOPLE).count("<a ") == 1
    assert "<table" not in rich(nodes, PEOPLE)


def test_the_author_of_a_quote_leads_to_the_message() -> None:
    html = rich(parse(f"{RULE}\nAnn Lee [Today] #chat12/345\nx\n{RULE}"), Context())
    assert 'href="olv:message/chat12/345"' in html


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("  Hello,\n\n[b]world[/b]\t! ", "Hello, world !"),
        (f"{RULE}\nAnn [Today]\nWhere?\n{RULE}\nHere.", "Here."),
        (">>Where?", "> Where?"),
        ("[url=https://zerno.example/]site[/url]", "site"),
        ("[USER=1 REPLACE]Ann[/USER] joined", "Ann joined"),
        ("", ""),
        ("x" * 5000, "x" * 300),
    ],
)
def test_a_snippet_is_one_line(source: str, line: str) -> None:
    assert snippet(source) == line


def test_mentions_are_listed_once_in_order() -> None:
    nodes = parse("[b][USER=5]a[/USER][/b]\n>>[USER=3]b[/USER]\n[USER=5]c[/USER] [USER=all]d[/USER]")
    assert mentions(nodes) == (5, 3, 0)


@pytest.mark.parametrize("source", ["👍", "❤️", "👨‍👩‍👧 🇷🇺", "👍🏽\n🙏", "1️⃣", "☺️ ", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "⭐⌛✅"])
def test_emoji_alone(source: str) -> None:
    assert is_emoji_only(parse(source))


@pytest.mark.parametrize("source", ["", "1", "a👍", "👍.", "[b]👍[/b]", "©", "#", "👍" * 201, "№"])
def test_not_emoji_alone(source: str) -> None:
    assert not is_emoji_only(parse(source))


def test_parts_are_values() -> None:
    assert parse("a\nb") == (Text("a"), Break(), Text("b"))
    assert parse("[user=all]x[/user]") == (Mention(0, "x"),)
    assert hash(Context()) == hash(Context(people={1: "a"}))


@pytest.mark.parametrize("base", [BASE, BASE + "/"])
def test_paths_lead_into_the_portal(base: str) -> None:
    assert parse("[url]/crm/[/url]", base=base) == (Link(f"{BASE}/crm/", (Text("/crm/"),), bare=True),)


def test_a_strange_portal_address_links_nothing() -> None:
    assert parse("[url]/crm/[/url]", base="javascript:") == (Text("/crm/"),)


@pytest.mark.parametrize("length", [2048, 2049])
def test_an_address_is_linked_up_to_its_limit(length: int) -> None:
    address = "https://zerno.example/".ljust(length, "x")
    linked = length == 2048
    assert isinstance(parse(address)[0], Link) is linked
    assert isinstance(parse(f"[url={address}]a[/url]")[0], Link) is linked
    assert plain(parse(address), Context()) == address


def test_line_ends_and_unfit_characters() -> None:
    assert plain(parse("a\r\nb\rc\u2028d\x0be\x00f\ud800g"), Context()) == "a\nb\nc\nd\ne\ufffdf\ufffdg"
