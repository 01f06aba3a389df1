"""Dates, lengths and sizes as each language writes them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from viewer import i18n

MOMENT = datetime(2026, 3, 11, 13, 9, tzinfo=timezone(timedelta(hours=3)))


def test_dates_in_english() -> None:
    assert i18n.long_date(date(2026, 3, 11)) == "Wednesday, 11 March 2026"
    assert i18n.long_date(date(2026, 5, 1)) == "Friday, 1 May 2026"
    assert i18n.moment(MOMENT) == "11 Mar 2026 13:09"
    assert i18n.offset_name(MOMENT) == "UTC+3"
    assert i18n.offset_name(MOMENT.astimezone(UTC)) == "UTC"
    assert i18n.offset_name(MOMENT.astimezone(timezone(-timedelta(hours=3, minutes=30)))) == "UTC−3:30"


def test_dates_in_russian() -> None:
    i18n.use("ru")
    assert i18n.long_date(date(2026, 5, 11)) == "понедельник, 11 мая 2026"
    assert i18n.duration(timedelta(minutes=39)) == "39 мин"
    assert i18n.size(1_500_000) == "1,4 МБ"


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=20), "0 min"), (timedelta(minutes=39), "39 min"), (timedelta(minutes=60), "1 h"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"), (timedelta(days=3, hours=4), "3 d 4 h"), (-timedelta(5), "0 min"),
    ],
)  # fmt: skip
def test_lengths(span: timedelta, words: str) -> None:
    assert i18n.duration(span) == words


def test_sizes() -> None:
    assert [i18n.size(count) for count in (0, 1023, 253_952, 1_500_000)] == ["0 B", "1023 B", "248 KB", "1.4 MB"]


def test_a_list_names_a_moment_by_its_nearness() -> None:
    now = datetime(2026, 3, 14, 14, tzinfo=UTC)
    times = [now - timedelta(hours=2), now - timedelta(days=3), now - timedelta(days=20), now - timedelta(days=300)]
    assert [i18n.list_time(when, now) for when in times] == ["12:00", "Wed", "22 Feb", "18 May 2025"]


@pytest.mark.parametrize(
    ("value", "spoken"), [("ru_RU.UTF-8", "ru"), ("Russian_Russia.1251", "ru"), ("de_DE", "en"), ("C", "en")]
)
def test_the_systems_language(monkeypatch: pytest.MonkeyPatch, value: str, spoken: str) -> None:
    monkeypatch.setenv("LC_ALL", value)
    i18n.use("")
    assert i18n.language() == spoken
