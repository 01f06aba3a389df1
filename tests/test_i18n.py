"""Dates, lengths and sizes as each language writes them."""

import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Self

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
    ("environment", "spoken"),
    [
        ({"LC_ALL": "ru_RU.UTF-8"}, "ru"),
        ({"LC_ALL": "Russian_Russia.1251"}, "ru"),
        ({"LC_ALL": "de_DE"}, "en"),
        ({"LC_ALL": "C"}, "en"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "ru_RU.UTF-8"}, "en"),
        ({"LC_MESSAGES": "ru_RU.UTF-8", "LANG": "en_US.UTF-8"}, "ru"),
        ({"LANG": "ru_RU@euro"}, "ru"),
        ({"LANGUAGE": "de:ru:en", "LANG": "de_DE.UTF-8"}, "ru"),
        ({"LANGUAGE": "en:ru", "LANG": "ru_RU.UTF-8"}, "en"),
        ({"LANGUAGE": "ru", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANGUAGE": "ru", "LANG": "POSIX"}, "en"),
        ({"LANGUAGE": "ru"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environments_language(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], spoken: str) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    speak(monkeypatch, environment)
    assert i18n.language() == spoken


def speak(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
        if name in environment:
            monkeypatch.setenv(name, environment[name])
    i18n.use("")


@pytest.mark.parametrize("system", ["win32", "darwin"])
@pytest.mark.parametrize(
    ("preferred", "spoken"),
    [(["ru-RU", "en-US"], "ru"), (["de-DE", "ru"], "ru"), (["en-RU", "ru-RU"], "en"), (["fr"], "en"), ([], "en")],
)
def test_without_an_environment_the_system_is_asked(
    monkeypatch: pytest.MonkeyPatch, system: str, preferred: list[str], spoken: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setitem(i18n._ASKED, system, lambda: preferred)
    speak(monkeypatch, {})
    assert i18n.language() == spoken
    speak(monkeypatch, {"LANG": "ru_RU.UTF-8"})
    assert i18n.language() == "ru", "what is set for this start counts"


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_a_system_that_has_no_such_call_speaks_english(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    def missing() -> list[str]:
        raise OSError("no such library")

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setitem(i18n._ASKED, system, missing)
    speak(monkeypatch, {})
    assert i18n.language() == "en"


@pytest.mark.skipif(sys.platform not in i18n._ASKED, reason="elsewhere the environment alone tells it")
def test_this_system_names_its_languages() -> None:
    assert all(re.fullmatch(r"[a-z]{2,3}([-_].+)?", name) for name in i18n._ASKED[sys.platform]())


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


class LikeWindows(datetime):
    """A datetime on a system that cannot convert every year, as Windows cannot."""

    def astimezone(self, tz: tzinfo | None = None) -> Self:
        if tz is None and not 1970 < self.year < 3000:
            raise OSError(22, "Invalid argument")
        return super().astimezone(tz)


@pytest.fixture(params=[datetime, LikeWindows])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[datetime]:
    """The datetime of this system, then that of one that can convert less."""
    monkeypatch.setattr(i18n, "datetime", request.param)
    return request.param  # type: ignore[no-any-return]


DAYS = (date.min, date(999, 1, 1), date(1969, 1, 1), date(1970, 1, 1), date(2026, 3, 11), date(3500, 1, 1), date.max)


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("zone", ["portal", "mine", "utc", "Asia/Tokyo", "America/New_York"])
def test_every_day_of_the_calendar_begins_and_ends(zone: str) -> None:
    i18n.use_zone(zone)
    edges = [each for day in DAYS for each in (i18n.midnight(day), i18n.last_second(day))]
    assert [each.date() for each in edges[::2]] == [each.date() for each in edges[1::2]] == list(DAYS)
    assert edges == sorted(edges)
    assert all(end - start == timedelta(hours=23, minutes=59, seconds=59) for start, end in batched(edges))


@pytest.mark.usefixtures("far_east")
def test_the_first_day_of_the_calendar_begins_before_it_does_in_greenwich() -> None:
    i18n.use_zone("mine")
    assert i18n.midnight(date.min).utcoffset() == timedelta(hours=10)
    assert i18n.midnight(date.min) < i18n.last_second(date.min) < i18n.now()


def batched(edges: Sequence[datetime]) -> Iterable[tuple[datetime, datetime]]:
    return zip(edges[::2], edges[1::2], strict=True)


def test_a_day_on_which_clocks_change_is_whole() -> None:
    i18n.use_zone("America/Asuncion")  # puts its clocks back at midnight: the hour before comes twice
    day = date(2024, 3, 23)
    start, end = (edge.astimezone(UTC) for edge in (i18n.midnight(day), i18n.last_second(day)))
    assert end - start == timedelta(hours=24, minutes=59, seconds=59)


@pytest.mark.usefixtures("far_east")
def test_a_moment_that_the_system_cannot_convert_is_still_shown_here(system: type[datetime]) -> None:
    i18n.use_zone("mine")
    for year in (1, 1969, 1970, 3500, 9998):
        when = system(year, 1, 1, 20, tzinfo=UTC)
        assert i18n.here(when) == when
        assert i18n.clock(when) == i18n.own_clock(when) == "06:00"
        assert i18n.offset_name(when) == "UTC+10"


@pytest.mark.parametrize("seconds", [-62_135_596_800, -1, 0, 1_773_223_966, 32_536_850_401, 253_402_300_799])
def test_unix_seconds_of_any_year(seconds: int) -> None:
    when = i18n.from_unix(seconds)
    assert (when - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() == seconds
    assert when.tzinfo is UTC


def test_seconds_beyond_the_calendar() -> None:
    for seconds in (-62_135_596_801, 253_402_300_800, 1e300):
        with pytest.raises(OverflowError):
            i18n.from_unix(seconds)


def test_a_moment_without_an_offset_or_at_the_end_of_time_stays_as_it_is() -> None:
    i18n.use_zone("Asia/Tokyo")
    assert i18n.clock(datetime(2026, 3, 11, 13, 9)) == "13:09"  # noqa: DTZ001
    last = datetime.max.replace(tzinfo=UTC)
    assert i18n.here(last) == last


NO_ZONES = (
    "", " ", "Mars/Olympus", "Europe", "Europe/", "Europe/Moscow ", "Europe\\Moscow", "Europe//Moscow",
    "./Europe/Moscow", "..", "../etc/passwd", "Europe/../Europe/Moscow", "/usr/share/zoneinfo/Europe/Moscow",
    "C:\\Windows", "\\\\host\\zone", "con", "UTC+3", "a\0b", "Москва", "\ud800",
)  # fmt: skip


@pytest.mark.parametrize("name", NO_ZONES)
def test_what_is_no_zone_is_refused_and_the_chosen_one_stays(name: str) -> None:
    i18n.use_zone("utc")
    with pytest.raises(ValueError, match=r".*"):
        i18n.use_zone(name)
    assert i18n.zone() == "utc"


def test_letter_case_of_a_zone_does_not_count() -> None:
    for typed, name in (("europe/moscow", "Europe/Moscow"), ("AMERICA/NEW_YORK", "America/New_York"), ("Utc", "utc")):
        i18n.use_zone(typed)
        assert i18n.zone() == name


def test_a_missing_table_of_zones_is_told_from_a_wrong_name(no_zone_table: None) -> None:
    with pytest.raises(i18n.NoZoneTable):
        i18n.use_zone("Europe/Moscow")
    for name in i18n.ZONES:
        i18n.use_zone(name)
        assert i18n.zone() == name
