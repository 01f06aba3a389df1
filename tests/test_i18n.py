"""Dates, lengths and sizes as each language writes them."""

import time
from collections.abc import Iterator
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


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer in Vladivostok, ten hours before Greenwich."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone cannot be changed for one test")
    monkeypatch.setenv("TZ", "XXX-10")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_east")
@pytest.mark.parametrize(
    ("zone", "told", "offset", "nearness"),
    [
        ("portal", "11 Mar 2026 23:30", "UTC+3", "Wed"),
        ("mine", "12 Mar 2026 06:30", "UTC+10", "06:30"),
        ("utc", "11 Mar 2026 20:30", "UTC", "20:30"),
        ("Asia/Kolkata", "12 Mar 2026 02:00", "UTC+5:30", "02:00"),
    ],
)
def test_every_name_of_a_moment_is_in_the_chosen_zone(zone: str, told: str, offset: str, nearness: str) -> None:
    late = datetime(2026, 3, 11, 23, 30, tzinfo=timezone(timedelta(hours=3)))
    now = late + timedelta(hours=1)
    i18n.use_zone(zone)
    assert i18n.zone() == zone
    assert i18n.moment(late) == told
    assert f"{i18n.short_date(late)} {i18n.clock(late)}" == told
    assert i18n.month_date(late).split()[0] == told.split(maxsplit=1)[0]
    assert i18n.long_date(late) == i18n.long_date(i18n.day_of(late))
    assert i18n.day_of(late).day == int(told.split(maxsplit=1)[0])
    assert i18n.offset_name(late) == offset
    assert i18n.list_time(late, now) == nearness
    assert i18n.here(i18n.here(late)) == late


@pytest.mark.usefixtures("far_east")
def test_a_day_begins_in_the_chosen_zone() -> None:
    day = date(2026, 3, 11)
    for zone, hours in (("portal", 10), ("mine", 10), ("utc", 0), ("Asia/Tokyo", 9)):
        i18n.use_zone(zone)
        assert i18n.midnight(day) == datetime(2026, 3, 11, tzinfo=timezone(timedelta(hours=hours)))
        assert i18n.day_of(i18n.midnight(day)) == day


@pytest.mark.usefixtures("far_east")
def test_a_moment_of_this_computer_names_its_offset_among_the_portals() -> None:
    kept = datetime(2026, 3, 11, 20, 30, tzinfo=UTC)
    assert i18n.own_clock(kept) == "06:30 (UTC+10)"
    i18n.use_zone("mine")
    assert i18n.own_clock(kept) == "06:30"


def test_a_moment_without_an_offset_or_at_the_end_of_time_stays_as_it_is() -> None:
    i18n.use_zone("Asia/Tokyo")
    assert i18n.clock(datetime(2026, 3, 11, 13, 9)) == "13:09"  # noqa: DTZ001
    last = datetime.max.replace(tzinfo=UTC)
    assert i18n.here(last) == last


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "Europe", "../etc/passwd", "UTC+3"])
def test_what_is_no_zone_is_refused_and_the_chosen_one_stays(name: str) -> None:
    i18n.use_zone("utc")
    with pytest.raises(ValueError, match=r".*"):
        i18n.use_zone(name)
    assert i18n.zone() == "utc"
