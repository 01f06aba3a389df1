"""The user's language: messages through gettext, dates and sizes in the forms of that language.

English is the language of the source; `resources/locale` holds the catalogues. One catalogue serves the window, the
command line and the exports. Text that is made before the language is known is marked with `N_` and translated where
it is shown.

Every time is shown in one zone, the chosen one: `here` is the only place that converts a moment, and whatever names a
day or a time goes through it, so that rows, list, details, calendar and exports agree.
"""

import gettext
import locale
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache

from viewer import resources

DOMAIN = "viewer"
LANGUAGES = {"en": "English", "ru": "Русский"}

_state: dict[str, str] = {"language": "en"}


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, resources.path("locale"), [language], fallback=True)


def system_language() -> str:
    """The language of the user's system where it is one of ours, else English."""
    wanted = _wanted_by_environment(os.environ)
    if not wanted and sys.platform in _ASKED:
        try:
            wanted = _ASKED[sys.platform]()
        except (AttributeError, OSError, ValueError):  # an older system, which has no such call
            wanted = []
    return next((short for name in wanted if (short := _short(name)) in LANGUAGES), "en")


def _wanted_by_environment(environment: Mapping[str, str]) -> list[str]:
    """The languages that the environment asks for, the dearest first, by the rules of gettext.

    What `LANGUAGE` lists counts only where a language is set at all, and none in the locale C.
    """
    set_ = next(filter(None, (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if not set_ or set_.partition(".")[0] in ("C", "POSIX"):
        return [set_] if set_ else []
    return [*filter(None, environment.get("LANGUAGE", "").split(":")), set_]


def _short(name: str) -> str:
    """The language in the name of a locale, as each system writes it: ru_RU.UTF-8, ru-RU, Russian_Russia.1251."""
    language = re.split(r"[-_.@]", name.lower(), maxsplit=1)[0]
    return {"russian": "ru", "english": "en"}.get(language, language)


def _of_windows() -> list[str]:
    """The languages of menus and dialogs: the locale that Python tells is that of dates and numbers."""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    by_name, count, size = 0x8, ctypes.c_ulong(), ctypes.c_ulong()
    asked = (by_name, ctypes.byref(count), None, ctypes.byref(size))
    if kernel.GetUserPreferredUILanguages(*asked) and size.value:
        names = ctypes.create_unicode_buffer(size.value)
        if kernel.GetUserPreferredUILanguages(by_name, ctypes.byref(count), names, ctypes.byref(size)):
            return ctypes.wstring_at(names, size.value).rstrip("\0").split("\0")
    return [locale.windows_locale.get(kernel.GetUserDefaultUILanguage(), "")]


def _of_macos() -> list[str]:
    """The languages in the order of the system's settings: what the Finder starts has no LANG."""
    import ctypes

    foundation = ctypes.CDLL("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")
    reference, index = ctypes.c_void_p, ctypes.c_long
    for name, result, arguments in (
        ("CFLocaleCopyPreferredLanguages", reference, []),
        ("CFArrayGetCount", index, [reference]),
        ("CFArrayGetValueAtIndex", reference, [reference, index]),
        ("CFStringGetCString", ctypes.c_bool, [reference, ctypes.c_char_p, index, ctypes.c_uint32]),
        ("CFRelease", None, [reference]),
    ):
        call = getattr(foundation, name)
        call.restype, call.argtypes = result, arguments
    found = foundation.CFLocaleCopyPreferredLanguages()
    if not found:
        return []
    try:
        names = []
        for place in range(foundation.CFArrayGetCount(found)):
            text = ctypes.create_string_buffer(64)
            utf8 = 0x08000100
            if foundation.CFStringGetCString(foundation.CFArrayGetValueAtIndex(found, place), text, len(text), utf8):
                names.append(text.value.decode())
        return names
    finally:
        foundation.CFRelease(found)


_ASKED: dict[str, Callable[[], list[str]]] = {"win32": _of_windows, "darwin": _of_macos}


def use(language: str) -> None:
    """Speak `language` ("en", "ru", or "" for the system's) from now on."""
    chosen = language or system_language()
    _state["language"] = chosen if chosen in LANGUAGES else "en"


def language() -> str:
    """The language spoken now: a key of `LANGUAGES`."""
    return _state["language"]


def N_(message: str) -> str:
    """Mark a message for the catalogues without translating it yet."""
    return message


def _(message: str) -> str:
    """The message in the user's language."""
    return _catalogue(language()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of the message that fits `n`, with `{n}` left for the caller to fill."""
    return _catalogue(language()).ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """The message in the user's language, told apart by `context` where one English word has two meanings."""
    return _catalogue(language()).pgettext(context, message)


# --- the zone of the times ----------------------------------------------------------------------------------------

ZONES = ("mine", "portal", "utc")

_zone: dict[str, str | tzinfo | None] = {"name": "portal", "place": None}


class NoZoneTable(ValueError):
    """The IANA table of zones is not installed: Windows has none of its own, a minimal Linux may have none."""


def use_zone(name: str) -> None:
    """Show times from now on in the zone of this computer ("mine"), of the portal ("portal"), in "utc", or in a zone
    of the IANA table ("Europe/Moscow"); letter case does not count.

    The portal's is the offset that each of its dates carries: it sends the server's, not the user's
    (`bitrix24-api.md` §5.4). Raises ValueError for a name that is no zone, NoZoneTable where no place can be looked up.
    """
    place: tzinfo | None = None
    if name.lower() in ZONES:
        name = name.lower()
        place = UTC if name == "utc" else None
    else:
        name, place = _listed_zone(name)
    _zone.update(name=name, place=place)


def _listed_zone(name: str) -> tuple[str, tzinfo]:
    """A zone of the IANA table, and its name as the table writes it.

    The name is compared with those of the table and never made a path: systems differ in the letter case, separators
    and spaces that a path may have.
    """
    from zoneinfo import ZoneInfo, available_timezones

    names = available_timezones()
    if not names:
        raise NoZoneTable(name)
    found = next((each for each in names if each.casefold() == name.casefold()), None)
    if found is None:
        raise ValueError(name)
    return found, ZoneInfo(found)


def zone() -> str:
    """The zone of the times that are shown: one of `ZONES`, or a name of the IANA table."""
    return str(_zone["name"])


def here(when: datetime) -> datetime:
    """A moment in the chosen zone; one without an offset, or at the end of the calendar, stays as it is."""
    if _zone["name"] == "portal" or when.tzinfo is None:
        return when
    place = _zone["place"]
    try:
        return when.astimezone(place) if isinstance(place, tzinfo) else _own(when)
    except OverflowError:  # before the year 1 or after 9999 there
        return when


def _own(when: datetime) -> datetime:
    """A moment in the zone of this computer; a day and time without an offset are those of this computer.

    Where the system cannot convert it (Windows knows 1970 to 3000), with the offset of today. Raises OverflowError
    where that leads out of the calendar.
    """
    try:
        return when.astimezone()
    except (OSError, OverflowError, ValueError):
        place = datetime.now().astimezone().tzinfo
        return when.astimezone(place) if when.tzinfo else when.replace(tzinfo=place)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def from_unix(seconds: float, place: tzinfo = UTC) -> datetime:
    """The moment so many seconds after 1970, in any year on any system. Raises OverflowError beyond the calendar."""
    return (_EPOCH + timedelta(seconds=seconds)).astimezone(place)


def day_of(when: datetime) -> date:
    """The day of a moment in the chosen zone."""
    return here(when).date()


def now() -> datetime:
    """This moment in the chosen zone; in this computer's, where the portal's is chosen: it is not known before a
    date of the portal is.
    """
    return here(datetime.now().astimezone())


def midnight(day: date) -> datetime:
    """When a day begins in the chosen zone; in this computer's, where the portal's is chosen."""
    return _moment_of(day, time())


def last_second(day: date) -> datetime:
    """The last second of a day, in the zone of `midnight`."""
    return _moment_of(day, time(23, 59, 59, fold=1))  # fold: where clocks are put back at midnight it comes twice


def _moment_of(day: date, clock: time) -> datetime:
    when, place = datetime.combine(day, clock), _zone["place"]
    return when.replace(tzinfo=place) if isinstance(place, tzinfo) else _own(when)


def own_clock(when: datetime) -> str:
    """The time of day of a moment that this computer dates; its offset is named where the portal's is shown around."""
    if _zone["name"] == "portal":
        mine = _own(when)
        return f"{clock(mine)} ({offset_name(mine)})"
    return clock(when)


# --- dates --------------------------------------------------------------------------------------------------------


def _day(when: date) -> date:
    return here(when) if isinstance(when, datetime) else when


_WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_WEEKDAYS_SHORT = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
# As they stand beside a day number: in Russian in the genitive.
_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May "), N_("June"),
    N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
_MONTHS_SHORT = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip


def long_date(day: date) -> str:
    """A day in words: "Wednesday, 11 March 2026"."""
    day = _day(day)
    return _("{weekday}, {day} {month} {year}").format(
        weekday=_(_WEEKDAYS[day.weekday()]),
        day=day.day,
        month=_(_MONTHS[day.month - 1]).strip(),
        year=day.year,
    )


def short_date(day: date, *, year: bool = True) -> str:
    """A day in short: "11 Mar 2026", or "11 Mar" without the year."""
    day = _day(day)
    short = f"{day.day} {_(_MONTHS_SHORT[day.month - 1])}"
    return f"{short} {day.year}" if year else short


def month_date(day: date, *, year: bool = True) -> str:
    """A day with its month in words: "11 March 2026", or "11 March" without the year."""
    day = _day(day)
    named = f"{day.day} {_(_MONTHS[day.month - 1]).strip()}"
    return f"{named} {day.year}" if year else named


def weekday(day: date, *, short: bool = False) -> str:
    """The day of the week: "Wednesday", or "Wed"."""
    return _((_WEEKDAYS_SHORT if short else _WEEKDAYS)[_day(day).weekday()])


def clock(moment: datetime) -> str:
    """The time of day: "13:09"."""
    return here(moment).strftime("%H:%M")


def moment(when: datetime) -> str:
    """Day and time in short: "11 Mar 2026 13:09"."""
    when = here(when)
    return f"{short_date(when)} {clock(when)}"


def full_moment(when: datetime) -> str:
    """Day and time to the second with their zone: "Wednesday, 11 March 2026, 13:09:04 (UTC+3)"."""
    return f"{long_date(when)}, {here(when):%H:%M:%S} ({offset_name(when)})"


def list_time(when: datetime, today: datetime) -> str:
    """How a list names a moment: the time today, the weekday within a week, else the day."""
    shown = here(when)
    today = today.astimezone(shown.tzinfo) if shown.tzinfo and today.tzinfo else today
    days = (today.date() - shown.date()).days
    if days <= 0:
        return clock(shown)
    if days < 7:
        return weekday(shown, short=True)
    return short_date(shown, year=shown.year != today.year)


def offset_name(when: datetime) -> str:
    """The offset of a moment as it is shown: "UTC+3", "UTC+5:30", "UTC"."""
    minutes = int((here(when).utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def duration(span: timedelta) -> str:
    """A length of time in its two largest units: "39 min", "2 h 5 min", "3 d 4 h"."""
    minutes = max(0, round(span.total_seconds() / 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        short = _("{n} h").format(n=hours)
        return f"{short} " + _("{n} min").format(n=minutes) if minutes else short
    days, hours = divmod(hours, 24)
    short = _("{n} d").format(n=days)
    return f"{short} " + _("{n} h").format(n=hours) if hours else short


def size(count: int) -> str:
    """A number of bytes as people read it: "248 KB", "1.4 MB"."""
    if count < 1024:
        return _("{n} B").format(n=count)
    if count < 1024 * 1024:
        return _("{n} KB").format(n=round(count / 1024))
    short = f"{count / 1024 / 1024:.1f}".removesuffix(".0")
    return _("{n} MB").format(n=short.replace(".", ",") if language() == "ru" else short)
