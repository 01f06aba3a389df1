"""The user's language: messages through gettext, dates and sizes in the forms of that language.

English is the language of the source; `resources/locale` holds the catalogues. One catalogue serves the window, the
command line and the exports. Text that is made before the language is known is marked with `N_` and translated where
it is shown.
"""

import gettext
import locale
import os
from datetime import date, datetime, timedelta
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
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    names.append(locale.getlocale()[0] or "")
    for name in filter(None, names):
        short = name.lower().replace("russian", "ru").split("_")[0].split(".")[0]
        return short if short in LANGUAGES else "en"
    return "en"


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
    return _("{weekday}, {day} {month} {year}").format(
        weekday=_(_WEEKDAYS[day.weekday()]),
        day=day.day,
        month=_(_MONTHS[day.month - 1]).strip(),
        year=day.year,
    )


def short_date(day: date, *, year: bool = True) -> str:
    """A day in short: "11 Mar 2026", or "11 Mar" without the year."""
    short = f"{day.day} {_(_MONTHS_SHORT[day.month - 1])}"
    return f"{short} {day.year}" if year else short


def month_date(day: date, *, year: bool = True) -> str:
    """A day with its month in words: "11 March 2026", or "11 March" without the year."""
    named = f"{day.day} {_(_MONTHS[day.month - 1]).strip()}"
    return f"{named} {day.year}" if year else named


def weekday(day: date, *, short: bool = False) -> str:
    """The day of the week: "Wednesday", or "Wed"."""
    return _((_WEEKDAYS_SHORT if short else _WEEKDAYS)[day.weekday()])


def clock(moment: datetime) -> str:
    """The time of day in the moment's own offset: "13:09"."""
    return moment.strftime("%H:%M")


def moment(when: datetime) -> str:
    """Day and time in short: "11 Mar 2026 13:09"."""
    return f"{short_date(when)} {clock(when)}"


def list_time(when: datetime, now: datetime) -> str:
    """How a list names a moment: the time today, the weekday within a week, else the day."""
    here = when.astimezone(now.tzinfo) if when.tzinfo and now.tzinfo else when
    days = (now.date() - here.date()).days
    if days <= 0:
        return clock(here)
    if days < 7:
        return _(_WEEKDAYS_SHORT[here.weekday()])
    return short_date(here, year=here.year != now.year)


def offset_name(when: datetime) -> str:
    """The offset of a moment: "UTC+3", "UTC+5:30", "UTC"."""
    minutes = int((when.utcoffset() or timedelta()).total_seconds() // 60)
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
