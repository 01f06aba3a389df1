"""What a list is narrowed to, by what is known of each session."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.chat import CrmLink, Filter, Session
from viewer.chat.filter import told_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KNOWN = Session(
    343, 1777, 22, "Опт 2", "telegrambot", 27, "Ольга Дрозд", 599, "Семён Лаптев", opened=NOON, closed=NOON,
    status="closed", client_vote="like", head_vote=4, crm=CrmLink("deal", 12), snippet="Спасибо",
)  # fmt: skip
UNKNOWN = Session(5)


@pytest.mark.parametrize(
    ("wanted", "known", "unknown"),
    [
        (Filter(), True, True),
        (Filter(text="семен СПАСИБО 343"), True, False),
        (Filter(text="telegram chat1777"), True, False),
        (Filter(text="нет"), False, False),
        (Filter(line="Опт 2"), True, False),
        (Filter(line="22"), True, False),
        (Filter(line="Опт"), False, False),
        (Filter(line="опт", loose=True), True, False),
        (Filter(line="2", loose=True), False, False),
        (Filter(line=("7", "Опт 2")), True, False),
        (Filter(line=("", "")), True, True),
        (Filter(operator="дрозд", loose=True), True, False),
        (Filter(operator=("28", "29")), False, False),
        (Filter(operator="0"), False, False),
        (Filter(connector="Telegram"), True, False),
        (Filter(connector="TELEGRAMBOT"), True, False),
        (Filter(connector=("livechat", "telegram")), True, False),
        (Filter(connector="Web chat"), False, False),
        (Filter(status="closed"), True, False),
        (Filter(status="open"), False, True),
        (Filter(client_vote="like"), True, False),
        (Filter(client_vote="none"), False, True),
        (Filter(rated=True), True, False),
        (Filter(unrated=True), False, True),
        (Filter(has_crm=True), True, False),
        (Filter(has_crm=False), False, True),
        (Filter(since=NOON, until=NOON), True, True),
        (Filter(since=datetime(2026, 3, 3, tzinfo=UTC)), False, True),
        (Filter(until=datetime(2026, 3, 2, tzinfo=UTC)), False, True),
        (Filter(line="22", status="open"), False, False),
    ],
)
def test_what_fits(wanted: Filter, known: bool, unknown: bool) -> None:
    assert (wanted.fits(KNOWN), wanted.fits(UNKNOWN)) == (known, unknown)


def test_spam_is_closed() -> None:
    assert Filter(status="closed").fits(Session(1, status="spam"))
    assert Filter(status="open").fits(Session(1, status="paused"))


def test_what_narrows() -> None:
    assert not Filter(since=NOON, until=NOON, loose=True, line=("", "")).narrows
    for wanted in (Filter(line="a"), Filter(rated=True), Filter(has_crm=False), Filter(connector=("x",))):
        assert wanted.narrows


def test_what_needs_votes_or_names_is_left_out_on_request() -> None:
    wanted = Filter(text="x", line=("22", "23"), operator="Olga", rated=True, client_vote="like", status="open")
    assert wanted.asks_votes
    assert wanted.without_votes() == Filter(text="x", line=("22", "23"), operator="Olga", status="open")
    assert wanted.without_names() == Filter(line=("22", "23"), rated=True, client_vote="like", status="open")


LATER = datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "wanted", "held"),
    [
        (Filter(), Filter(text="a", line="2", rated=True, has_crm=False, since=NOON, until=LATER), True),
        (Filter(since=NOON), Filter(since=LATER), True),
        (Filter(since=LATER), Filter(since=NOON), False),
        (Filter(since=NOON), Filter(), False),
        (Filter(until=NOON), Filter(until=LATER), False),
        (Filter(until=LATER), Filter(until=NOON), True),
        (Filter(line=("22", "23")), Filter(line="22"), True),
        (Filter(line="22"), Filter(line=("22", "23")), False),
        (Filter(line="22"), Filter(), False),
        (Filter(operator="5"), Filter(operator="5", status="open"), True),
        (Filter(connector="vk"), Filter(connector="ok"), False),
        (Filter(status="open"), Filter(status="closed"), False),
        (Filter(client_vote="like"), Filter(), False),
        (Filter(unrated=True), Filter(unrated=True, text="a"), True),
        (Filter(rated=True), Filter(unrated=True), False),
        (Filter(has_crm=False), Filter(), False),
        (Filter(text="a"), Filter(text=" a "), True),
        (Filter(text="a"), Filter(), False),
    ],
)
def test_what_holds_what(asked: Filter, wanted: Filter, held: bool) -> None:
    assert asked.covers(wanted) == held


def test_a_filter_is_told_plainly_and_read_again_without_its_period() -> None:
    wanted = Filter(text="ё", line=("22", "23"), operator="5", connector="VK", status="open", client_vote="none",
                    rated=True, has_crm=False)  # fmt: skip
    told = json.loads(json.dumps(replace(wanted, since=NOON, until=NOON).plain()))
    assert Filter.of_plain(told) == replace(wanted, operator=("5",), connector=("VK",))
    assert Filter().plain() == {}
    assert Filter(has_crm=True).plain() == {"has_crm": True}


@given(
    st.dictionaries(
        st.sampled_from([*Filter.__slots__, "other"]),
        st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text() | st.integers()),
    )
)
def test_damaged_values_do_not_narrow(told: dict[str, object]) -> None:
    read = Filter.of_plain(told)
    assert read.fits(KNOWN) in (True, False)
    assert Filter.of_plain(read.plain()) == read


def test_text_may_be_looked_for_in_what_was_put_together_before() -> None:
    assert Filter(text="СЕМЕН опт").fits(KNOWN, told_of(KNOWN))
    assert not Filter(text="анна").fits(KNOWN, told_of(KNOWN))
