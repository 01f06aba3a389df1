"""Cards in every form that servers and senders give them."""

import pytest

from viewer.bitrix.cards import parse_cards
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
    TextBlock,
    UnknownBlock,
)

MESSAGE = {"MESSAGE": "[B]Hi[/B]"}
HI = TextBlock("[B]Hi[/B]")


@pytest.mark.parametrize(
    "value",
    [
        [{"ID": 1, "BLOCKS": [MESSAGE]}],
        [{"id": 1, "blocks": [{"message": "[B]Hi[/B]"}]}],
        {"ID": 1, "BLOCKS": [MESSAGE]},
        {"blocks": {"0": MESSAGE}},
        {"blocks": MESSAGE},
        {"0": {"blocks": [MESSAGE]}},
        [MESSAGE],
        MESSAGE,
        [{"blocks": ["[B]Hi[/B]"]}],
        [{"blocks": [{"message": ["[B]Hi[/B]"]}]}],
    ],
)
def test_one_card_in_many_forms(value: object) -> None:
    assert parse_cards(value) == (Card((HI,)),)


@pytest.mark.parametrize(
    "junk", [None, 1684478426, "N", [], {}, [1684478426], [[]], [None], [{"id": 5}], {"a": 1}, True]
)
def test_junk_is_no_card(junk: object) -> None:
    assert parse_cards(junk) == ()


@pytest.mark.parametrize(
    ("given", "color", "token", "description"),
    [
        ({"color": "#df532d", "colorToken": "alert"}, "#df532d", "alert", ""),
        ({"COLOR": "#ABC"}, "#aabbcc", "base", ""),
        ({"color": "transparent", "description": "SKIP_MESSAGE"}, "transparent", "base", ""),
        ({"color": "red", "COLOR_TOKEN": "loud", "DESCRIPTION": "for the preview"}, "", "base", "for the preview"),
        ({"color": None, "description": None}, "", "base", ""),
    ],
)
def test_what_stands_around_the_blocks(given: dict[str, object], color: str, token: str, description: str) -> None:
    assert parse_cards([{"blocks": [MESSAGE], **given}]) == (Card((HI,), color, token, description),)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"MESSAGE": "a &amp; b<br/>c"}, TextBlock("a & b\nc")),
        ({"HTML": "<b>a</b><br>c &lt;"}, TextBlock("a\nc <")),
        ({"LINK": {"LINK": "/crm/", "NAME": "Deal"}}, LinkBlock((LinkItem("Deal", "/crm/"),))),
        ({"LINK": [{"LINK": "https://a.ru"}]}, LinkBlock((LinkItem("https://a.ru", "https://a.ru"),))),
        ({"link": ["https://a.ru"]}, LinkBlock((LinkItem("https://a.ru", "https://a.ru"),))),
        ({"LINK": [{"NAME": "Ann", "USER_ID": 5}]}, LinkBlock((LinkItem("Ann"),))),
        ({"LINK": [{"CHAT_ID": 5}]}, LinkBlock((LinkItem("chat5"),))),
        (
            {"RICH_LINK": [{"NAME": "N", "LINK": "https://a.ru", "DESC": "d", "PREVIEW": "/p.png"}]},
            LinkBlock((LinkItem("N", "https://a.ru", "d", "/p.png"),), rich=True),
        ),
        (
            {"richLink": [{"name": "N", "link": "https://a.ru", "html": "<i>h</i>", "extraImage": "/e.png"}]},
            LinkBlock((LinkItem("N", "https://a.ru", "h", "/e.png"),), rich=True),
        ),
        (
            {"USER": [{"NAME": "Ann", "AVATAR": "/a.png", "LINK": "/u"}]},
            PersonBlock((PersonItem("Ann", "/u", "/a.png"),)),
        ),
        ({"USER": {"USER_ID": 7}}, PersonBlock((PersonItem("user7"),))),
        (
            {"IMAGE": [{"LINK": "/i.png", "WIDTH": "10", "HEIGHT": 20}]},
            ImageBlock((ImageItem("/i.png", width=10, height=20),)),
        ),
        ({"IMAGE": [{"PREVIEW": "/p.png", "NAME": "N"}]}, ImageBlock((ImageItem("", "N", "/p.png"),))),
        ({"FILE": [{"LINK": "/f/a.pdf?x=1", "SIZE": "7"}]}, FileBlock((FileItem("a.pdf", "/f/a.pdf?x=1", 7),))),
        ({"FILE": {"NAME": "n.txt"}}, FileBlock((FileItem("n.txt"),))),
        ({"DELIMITER": {"SIZE": 400, "COLOR": "#c6c6c6"}}, Delimiter(400, "#c6c6c6")),
        ({"delimiter": []}, Delimiter()),
        ({"delimiter": {"size": 1e308}}, Delimiter(2000)),
        ({"CAROUSEL": {"a": ["x", {"b": "y"}], "c": 3}}, UnknownBlock("carousel", "x\ny\n3")),
    ],
)
def test_blocks(block: object, expected: Block) -> None:
    assert parse_cards([{"blocks": [block]}]) == (Card((expected,)),)


@pytest.mark.parametrize(
    "block", [{"MESSAGE": ""}, {"LINK": []}, {"USER": None}, {"IMAGE": [{}]}, {"FILE": ""}, {"GRID": []}]
)
def test_an_empty_block_is_left_out(block: object) -> None:
    assert parse_cards([{"blocks": [block, MESSAGE]}]) == (Card((HI,)),)


def test_a_grid_mixes_displays() -> None:
    cells = [
        {"display": "ROW", "name": "Name", "value": "John", "colorToken": "base"},
        {"DISPLAY": "LINE", "NAME": "Phone", "VALUE": "+1123", "WIDTH": 100, "COLOR": "#f00"},
        {"DISPLAY": "COLUMN", "VALUE": "v"},
        {"DISPLAY": "CARD", "NAME": "n", "LINK": "/x"},
        {"DISPLAY": "TABLE", "NAME": "n"},
        {"DISPLAY": "FANCY", "VALUE": 5, "COLOR_TOKEN": "primary"},
    ]
    expected = GridBlock(
        (
            Cell(Display.ROW, "Name", "John"),
            Cell(Display.LINE, "Phone", "+1123", width=100, color="#ff0000"),
            Cell(Display.ROW, "", "v"),
            Cell(Display.LINE, "n", url="/x"),
            Cell(Display.TABLE, "n"),
            Cell(Display.BLOCK, "", "5", token="primary"),
        )
    )
    assert parse_cards([{"blocks": [{"GRID": cells}]}]) == (Card((expected,)),)


def test_addresses_are_joined_with_the_portals() -> None:
    (card,) = parse_cards([{"blocks": [{"link": [{"link": "/crm/1/", "name": "x"}]}]}], "https://a.ru")
    assert card.blocks == (LinkBlock((LinkItem("x", "https://a.ru/crm/1/"),)),)


def test_text_deep_within_an_unknown_block_is_found() -> None:
    deep: object = "bottom"
    for _ in range(50):
        deep = {"x": deep}
    (card,) = parse_cards([{"blocks": [{"ODD": deep}]}])
    assert card.blocks == (UnknownBlock("odd", "bottom"),)
