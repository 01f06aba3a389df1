"""What stands within a message on paper."""

from typing import Any

import pytest

from viewer.bitrix.cards import parse_cards
from viewer.export.body import EMOJI, Body
from viewer.markup import Context

ROOT = "https://zerno.example"
BODY = Body(Context(people={27: "Ирина"}, base=ROOT), ROOT, {5: 2}, {})


def test_lines_have_a_direction_each_where_a_text_holds_both() -> None:
    made = BODY.items("שלום\nok\n12:30\nשלום")
    assert made == [["dir", True, ["שלום"]], ["dir", False, ["ok"]], ["dir", False, ["12:30"]], ["dir", True, ["שלום"]]]
    assert BODY.items("one\ntwo") == ["one", ["br"], "two"]


@pytest.mark.parametrize(("source", "large"), [("👍", True), ("👨‍👩‍👧 🇷🇺", True), ("ok 👍", False)])
def test_emoji_alone_are_large(source: str, large: bool) -> None:
    assert (BODY.items(source)[0][0:2] == ["size", EMOJI]) is large


def test_no_space_is_dropped() -> None:
    assert BODY.items("a  b\n\tc\n d") == ["a\u00a0 b", ["br"], "\u00a0" * 4 + "c", ["br"], "\u00a0d"]


def test_a_link_in_disguise_names_its_host() -> None:
    assert BODY.items("[url=https://evil.example/]bank.example[/url]") == [
        ["a", "https://evil.example/", ["bank.example", " (evil.example)"]]
    ]


def test_a_card_in_the_templates_own_words() -> None:
    grid = [
        {"DISPLAY": "ROW", "NAME": "Name", "VALUE": "John"},
        {"DISPLAY": "TABLE", "NAME": "a", "VALUE": "1"},
        *({"DISPLAY": "LINE", "NAME": str(number), "VALUE": "x"} for number in range(5)),
        {"NAME": "over", "VALUE": "under", "COLOR_TOKEN": "alert"},
    ]
    blocks: list[Any] = [{"MESSAGE": "Hi"}, {"GRID": grid}, {"IMAGE": [{"LINK": f"{ROOT}/cup.png"}]}, {"ODD": "kept"}]
    (card,) = parse_cards([{"COLOR": "#df532d", "BLOCKS": [*blocks, {"DELIMITER": {}}]}], ROOT)
    made = BODY.card(card)
    assert made["stripe"] == "#df532d"
    assert made["blocks"] == [
        ["text", ["Hi"]],
        ["rows", [[["Name"], ["John"]]], False],
        ["rule"],
        ["rows", [[["a"], ["1"]]], True],
        ["rule"],
        ["line", [[[str(number)], ["x"]] for number in range(4)]],
        ["line", [[["4"], ["x"]]]],
        ["rule"],
        ["stack", [[["over"], [["color", "#b02a22", ["under"]]]]], False],
        ["link", "Picture", f"{ROOT}/cup.png", ["picture by address, not in this file"]],
        ["text", [["i", ["Unknown part: odd"]], ["br"], "kept"]],
        ["rule"],
    ]
