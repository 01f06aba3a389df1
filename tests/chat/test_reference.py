"""Whatever a supervisor may paste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.chat import Reference, ReferenceKind, parse_reference

SESSION, CHAT, CODE = ReferenceKind.SESSION, ReferenceKind.CHAT, ReferenceKind.USER_CODE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("343", Reference(SESSION, "343")),
        ("  0343 ", Reference(SESSION, "343")),
        ("imol|343", Reference(SESSION, "343")),
        ("IMOL|343", Reference(SESSION, "343")),
        ("chat1777", Reference(CHAT, "1777")),
        ("Chat1777", Reference(CHAT, "1777")),
        ("livechat|22|1775|599", Reference(CODE, "livechat|22|1775|599")),
        ("imol|livechat|22|1775|599", Reference(CODE, "livechat|22|1775|599")),
        ("livechat%7C22%7C1775%7C599", Reference(CODE, "livechat|22|1775|599")),
        ("https://a.bitrix24.ru/online/?IM_DIALOG=chat1777", Reference(CHAT, "1777")),
        ("https://a.bitrix24.ru/online/?IM_HISTORY=imol|343", Reference(SESSION, "343")),
        ("https://a.bitrix24.ru/online/?IM_HISTORY=imol%7C343&x=1", Reference(SESSION, "343")),
        ("https://a.b24.ru/?im_dialog=imol%7Clivechat%7C22%7C1775%7C599", Reference(CODE, "livechat|22|1775|599")),
        ("/online/?IM_HISTORY=imol|343", Reference(SESSION, "343")),
        ("<https://a.bitrix24.ru/online/?IM_DIALOG=chat5>", Reference(CHAT, "5")),
        ("https://a.bitrix24.ru/#/x?IM_DIALOG=chat5", Reference(CHAT, "5")),
    ],
)  # fmt: skip
def test_forms(text: str, expected: Reference) -> None:
    assert parse_reference(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "  ", "0", "chat", "chat0", "-5", "3.4", "hello", "a|b", "livechat|x|1|2", "https://a.ru/", "https://[",
     "imol|", "https://a.ru/?IM_DIALOG=https://b.ru/?IM_DIALOG=chat1", "9" * 40],
)  # fmt: skip
def test_what_names_no_dialogue(text: str) -> None:
    assert parse_reference(text) is None


@given(st.text(max_size=200))
def test_anything_else_is_none_and_never_a_fault(text: str) -> None:
    found = parse_reference(text)
    assert found is None or parse_reference(str(found)) == found
