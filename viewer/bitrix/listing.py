"""The list of sessions from whatever the portal offers, filtered and with names (`bitrix24-api.md` §3.0)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from viewer.bitrix import activities, errors, recents, sessions
from viewer.bitrix.client import Portal
from viewer.bitrix.names import Names, line_names
from viewer.bitrix.pace import Cancel
from viewer.bitrix.sessions import BEGINNING
from viewer.bitrix.sources import UNAVAILABLE, Offer, OnNote, Source, SourceNote, ask_rights, offer, stand_in_note
from viewer.chat import Choice, Filter, Session, choices, is_named

__all__ = ["BEGINNING", "Pages", "Sieve", "line_names", "listed", "note_of"]

Pages = Iterator[tuple[Session, ...]]


def listed(
    portal: Portal,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    wanted: Filter | None = None,
    told: OnNote | None = None,
    cancel: Cancel | None = None,
) -> Pages:
    """Sessions of a period in batches, each session once, with the names of lines, operators and clients.

    All sessions where the portal can list them; else those bound to CRM records together with one's own recent chats,
    which `told` is told, once for as long as the portal is open. The same filter gives the same answer from each
    source, except for votes and ratings: the stand-ins know none, are not narrowed by them, and `told` hears that.
    `since` and `until` go before those of `wanted`. Names that the portal does not tell stay empty.

    Raises the clearest refusal when no source is open. What was yielded before any error is good.
    """
    wanted = wanted or Filter()
    start, end = since or wanted.since or BEGINNING, until or wanted.until or datetime.now(UTC) + timedelta(days=1)
    sieve = Sieve(replace(wanted, since=start, until=end), Names(portal, cancel))
    known = offer(portal)
    if Source.ALL not in known.shut:
        everything = sessions.all_of_period(portal, start, end, wanted=sieve.wanted, cancel=cancel)
        yield from sieve.passed(_open(known, Source.ALL, everything))
        if Source.ALL not in known.shut:
            known.say(None, told)
            return
    yield from _stand_ins(portal, known, sieve, told, cancel)


def _stand_ins(portal: Portal, known: Offer, sieve: "Sieve", told: OnNote | None, cancel: Cancel | None) -> Pages:
    """CRM activities, then one's own recent chats; a session that both know is given once."""
    ask_rights(portal, known, cancel)
    blind = sieve.wanted.asks_votes
    sieve.wanted = sieve.wanted.without_votes()
    period = sessions.askable(sieve.wanted.since or BEGINNING, sieve.wanted.until or datetime.now(UTC))
    seen: set[int] = set()
    failure: errors.PortalError | None = None
    for source, of_period in ((Source.CRM, activities.of_period), (Source.OWN, recents.of_period)):
        if source in known.shut:
            continue
        try:
            for page in sieve.passed(_open(known, source, of_period(portal, *period, cancel=cancel))):
                known.say(stand_in_note(known, blind=blind), told)
                fresh = tuple(session for session in page if session.id not in seen)
                seen.update(session.id for session in fresh)
                if fresh:
                    yield fresh
        except UNAVAILABLE as error:
            failure = failure or error  # refused half-way: the next source may still know the rest
    if {Source.CRM, Source.OWN} <= known.shut.keys():
        raise known.refusal(Source.ALL, Source.CRM, Source.OWN)
    known.say(stand_in_note(known, blind=blind), told)
    if failure is not None:
        raise failure


def _open(known: Offer, source: Source, pages: Pages) -> Pages:
    """The pages of a source; one that is not available is noted and gives none."""
    begun = False
    try:
        for page in pages:
            begun = True
            yield page
    except UNAVAILABLE as error:
        if begun:
            raise
        known.close(source, error)


def note_of(portal: Portal) -> SourceNote | None:
    """What the portal's last list was missing; None when it was complete, or there was none yet."""
    return offer(portal).note


class Sieve:
    """Lets the wanted sessions pass and gives them names. Lines are known by id from the start, where possible."""

    def __init__(self, wanted: Filter, names: Names) -> None:
        self.names = names
        self.wanted = replace(wanted, line=_ids(wanted.line, names.lines, loose=wanted.loose))

    def passed(self, pages: Pages) -> Pages:
        """What is wanted of each page. Names are asked for only of what the rest of the filter leaves."""
        for page in pages:
            unnamed = self.wanted.without_names()
            found = self.names.given(session for session in page if unnamed.fits(session))
            if unnamed != self.wanted:
                found = tuple(session for session in found if self.wanted.fits(session))
            if found:
                yield found


def _ids(wanted: Choice, lines: Callable[[], dict[int, str]], *, loose: bool) -> Choice:
    """Lines by their ids instead of names; a name that no line bears stays, and is then looked for here."""
    found: list[str] = []
    for each in choices(wanted):
        named = [str(number) for number, name in lines().items() if is_named(each, name, loose=loose)]
        found += named or [each]
    return tuple(dict.fromkeys(found))
