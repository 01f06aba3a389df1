"""Whatever a supervisor may paste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.chat import CrmLink, Reference, ReferenceKind, parse_crm, parse_reference

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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deal 123", CrmLink("deal", 123)),
        ("Deal:0123", CrmLink("deal", 123)),
        ("lead#5", CrmLink("lead", 5)),
        ("D_123", CrmLink("deal", 123)),
        ("co_4", CrmLink("company", 4)),
        ("C_4", CrmLink("contact", 4)),
        ("L_4", CrmLink("lead", 4)),
        ("Сделка №7", CrmLink("deal", 7)),
        ("компания 7", CrmLink("company", 7)),
        ("/crm/deal/details/123/", CrmLink("deal", 123)),
        ("crm/contact/show/9", CrmLink("contact", 9)),
        ("https://a.bitrix24.ru/crm/company/details/3/?IFRAME=Y", CrmLink("company", 3)),
        (" <https://a.bitrix24.ru/crm/type/1/details/6/> ", CrmLink("lead", 6)),
    ],
)
def test_crm_records(text: str, expected: CrmLink) -> None:
    assert parse_crm(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "123", "deal", "deal 0", "D_0", "X_5", "d5", "invoice 5", "/crm/deal/kanban/", "/crm/deal/details/0/",
     "/crm/deal/details/12x/", "/crm/type/31/details/5/", "https://[/crm/deal/details/5/", "imol|343",
     "deal " + "9" * 40],
)  # fmt: skip
def test_what_names_no_crm_record(text: str) -> None:
    assert parse_crm(text) is None


@given(st.text(max_size=200))
def test_a_crm_record_or_none_and_never_a_fault(text: str) -> None:
    found = parse_crm(text)
    assert found is None or parse_crm(f"{found.type} {found.id}") == parse_crm(found.path) == found


@pytest.mark.parametrize(
    ("link", "kind", "value"),
    [
        ("olv:343", ReferenceKind.SESSION, "343"),
        ("OLV://343/", ReferenceKind.SESSION, "343"),
        ("olv:chat1777", ReferenceKind.CHAT, "1777"),
        ("olv:imol%7C343", ReferenceKind.SESSION, "343"),
    ],
)
def test_a_link_to_this_program_names_a_dialogue(link: str, kind: ReferenceKind, value: str) -> None:
    assert parse_reference(link) == Reference(kind, value)


def test_a_link_to_this_program_names_a_record() -> None:
    assert parse_crm("olv:deal:123") == CrmLink("deal", 123)


@pytest.mark.parametrize("link", ["olv:", "olv:--demo", "olv:../x", "olv:olv:"])
def test_a_link_that_names_nothing_is_nothing(link: str) -> None:
    assert parse_reference(link) is None
