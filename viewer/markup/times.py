"""TIMESTAMP: the portal's names for forms of date and time, in the reader's language (`bitrix24-api.md` §7.2).

The names are the columns of the portal's table of cultures, with those for day and time together. What each holds
(weekday or not, month in words or in short, year or not) is kept; the order is that of the reader's language.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

from viewer import i18n

LATEST = 253_402_000_000  # in the last days of the year 9999: what a datetime of any offset can hold


def _seconds(when: datetime) -> str:
    return when.strftime("%H:%M:%S")


def _short_day(when: datetime) -> str:
    return i18n.short_date(when, year=False)


def _day(when: datetime) -> str:
    return i18n.month_date(when, year=False)


def _weekday(when: datetime) -> str:
    return f"{i18n.weekday(when)}, {_day(when)}"


def _short_weekday(when: datetime) -> str:
    return f"{i18n.weekday(when, short=True)}, {_day(when)}"


def _shortest_weekday(when: datetime) -> str:
    return f"{i18n.weekday(when, short=True)}, {_short_day(when)}"


def _long(when: datetime) -> str:
    return f"{i18n.month_date(when)} {i18n.clock(when)}"


def _full(when: datetime) -> str:
    return f"{i18n.long_date(when)} {i18n.clock(when)}"


FORMATS: Mapping[str, Callable[[datetime], str]] = {
    "SHORT_TIME_FORMAT": i18n.clock,
    "LONG_TIME_FORMAT": _seconds,
    "SHORT_DATE_FORMAT": i18n.short_date,
    "MEDIUM_DATE_FORMAT": i18n.short_date,
    "LONG_DATE_FORMAT": i18n.month_date,
    "FULL_DATE_FORMAT": i18n.long_date,
    "DAY_MONTH_FORMAT": _day,
    "DAY_SHORT_MONTH_FORMAT": _short_day,
    "DAY_OF_WEEK_MONTH_FORMAT": _weekday,
    "SHORT_DAY_OF_WEEK_MONTH_FORMAT": _short_weekday,
    "SHORT_DAY_OF_WEEK_SHORT_MONTH_FORMAT": _shortest_weekday,
    "FORMAT_DATE": i18n.short_date,
    "FORMAT_DATETIME": i18n.moment,
    "SHORT_DATETIME_FORMAT": i18n.moment,
    "MEDIUM_DATETIME_FORMAT": i18n.moment,
    "LONG_DATETIME_FORMAT": _long,
    "FULL_DATETIME_FORMAT": _full,
}


def shown(unix: int, form: str, zone: tzinfo) -> str:
    """A moment in the form that the portal names; day and time where the form is not known."""
    return FORMATS.get(form, i18n.moment)(i18n.here(i18n.from_unix(unix, zone)))
