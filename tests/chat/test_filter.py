"""What a list is narrowed to, by what is known of each session."""

from datetime import UTC, datetime

import pytest

from viewer.chat import CrmLink, Filter, Session

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
