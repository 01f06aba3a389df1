"""What a filter says in words, and what it can be set to: for chips, the popover and the page of no matches."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from viewer.chat import Choice, CrmLink, Filter, Session, choices, connector_name
from viewer.i18n import _, ngettext, short_date

PERIODS = (7, 14, 30, 56, 90, 180, 366)
RECORD = "record"  # stands beside the names of the filter's own fields


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter's field; `words` as it stands in a menu."""

    words: str
    value: Choice


class Names:
    """The lines, operators and channels that were ever listed, to be offered and to be named."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}
        self._operators: dict[str, str] = {}
        self._channels: set[str] = set()

    def learn(self, sessions: Iterable[Session]) -> None:
        """Take in what these sessions tell. A line or an operator without an id is known by its name."""
        for session in sessions:
            if session.line_id or session.line_name:
                self._lines[_key(session.line_id, session.line_name)] = session.line_name
            if session.operator_id or session.operator_name:
                self._operators[_key(session.operator_id, session.operator_name)] = session.operator_name
            if session.connector:
                self._channels.add(connector_name(session.connector))

    def options(self, field: str) -> list[Option]:
        """What `line`, `operator` or `connector` can be set to, by name; those of one name are one option."""
        if field == "connector":
            return [Option(name, (name,)) for name in sorted(self._channels, key=str.casefold)]
        found: dict[str, list[str]] = {}
        for value, name in self._known(field).items():
            found.setdefault(name or f"#{value}", []).append(value)
        return [Option(name, tuple(sorted(found[name]))) for name in sorted(found, key=str.casefold)]

    def name(self, field: str, chosen: Choice) -> str:
        """What is chosen, in words; an id whose name is not known yet as "#27"."""
        known = self._known(field)
        names = [known.get(each) or (f"#{each}" if each.isdecimal() else each) for each in choices(chosen)]
        return ", ".join(dict.fromkeys(names))

    def _known(self, field: str) -> dict[str, str]:
        return {"line": self._lines, "operator": self._operators}.get(field, {})


def _key(number: int, name: str) -> str:
    return str(number) if number else name


def fixed_options(field: str) -> list[Option]:
    """What the other fields can be set to: `status`, `client_vote`, `rating` and `has_crm`."""
    return {
        "status": [Option(_("Still open"), "open"), Option(_("Closed"), "closed")],
        "client_vote": [
            Option(_("Client: good"), "like"),
            Option(_("Client: bad"), "dislike"),
            Option(_("Client did not vote"), "none"),
        ],
        "rating": [Option(_("Rated"), "rated"), Option(_("Unrated"), "unrated")],
        "has_crm": [Option(_("With a CRM record"), "yes"), Option(_("Without a CRM record"), "no")],
    }[field]


def value_of(wanted: Filter, field: str) -> Choice:
    """What a field of the popover is set to; empty when it does not narrow."""
    if field == "rating":
        return "rated" if wanted.rated else "unrated" if wanted.unrated else ""
    if field == "has_crm":
        return {None: "", True: "yes", False: "no"}[wanted.has_crm]
    if field in ("line", "operator", "connector"):
        return choices(getattr(wanted, field))
    return str(getattr(wanted, field))


def with_value(wanted: Filter, field: str, value: Choice) -> Filter:
    """The filter with a field set to something else."""
    if field == "rating":
        return replace(wanted, rated=value == "rated", unrated=value == "unrated")
    if field == "has_crm":
        return replace(wanted, has_crm={"yes": True, "no": False}.get(str(value)))
    return replace(wanted, **{field: value})  # type: ignore[arg-type]


FIELDS = ("line", "operator", "connector", "status", "client_vote", "rating", "has_crm")


def active(wanted: Filter, names: Names) -> dict[str, str]:
    """What narrows, by field, in words; the text that is looked for last."""
    told = {}
    for field in FIELDS:
        value = value_of(wanted, field)
        if not value:
            continue
        if field in ("line", "operator", "connector"):
            titled = {"line": _("Line: {name}"), "operator": _("Operator: {name}"), "connector": _("Channel: {name}")}
            told[field] = titled[field].format(name=names.name(field, value))
        else:
            told[field] = next(option.words for option in fixed_options(field) if option.value == value)
    if text := wanted.text.strip():
        told["text"] = _("Text: {text}").format(text=text)
    return told


def record_name(link: CrmLink) -> str:
    """A CRM record as it is called: "Deal 123"."""
    named = {
        "lead": _("Lead {id}"),
        "deal": _("Deal {id}"),
        "contact": _("Contact {id}"),
        "company": _("Company {id}"),
    }
    return named.get(link.type, "{id}").format(id=link.id)


def count_words(shown: int, total: int, *, whole: bool) -> str:
    """How many sessions are shown, and of how many where those are all there are."""
    if shown == total or not whole:
        return ngettext("{n} session", "{n} sessions", shown).format(n=shown)
    return ngettext("{n} of {total} session", "{n} of {total} sessions", total).format(n=shown, total=total)


def order_words(order: str) -> str:
    """An order of the list in words."""
    named = {
        "newest": _("Newest first"),
        "oldest": _("Oldest first"),
        "messages": _("Most messages first"),
        "client": _("By client's name"),
    }
    return named[order]


def look_words(look: str) -> str:
    """How rows look, in words."""
    return {"cards": _("Cards, three lines a chat"), "columns": _("Columns, one line a chat")}[look]


def period_words(days: int) -> str:
    """A length of time that the list looks back."""
    if days >= 365:
        return _("1 year")
    if days % 7 == 0 and days < 84:
        return ngettext("{n} week", "{n} weeks", days // 7).format(n=days // 7)
    if days % 30 == 0:
        return ngettext("{n} month", "{n} months", days // 30).format(n=days // 30)
    return ngettext("{n} day", "{n} days", days).format(n=days)


def span_words(first: date, last: date, today: date) -> str:
    """Days from one to another: "9–14 Mar", "28 Feb – 3 Mar"; with the year where it is not this one."""
    year = last.year != today.year
    if first == last:
        return short_date(last, year=year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{short_date(last, year=year)}"
    return f"{short_date(first, year=first.year != last.year)} – {short_date(last, year=year)}"


def longer(days: int) -> int:
    """The next longer period."""
    return next((period for period in PERIODS if period > days), PERIODS[-1])
