"""The list of sessions from whatever the portal offers, with names (`bitrix24-api.md` §3.0)."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from viewer.bitrix import activities, errors, people, recents, sessions
from viewer.bitrix.client import Portal
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import items, record, whole, words
from viewer.chat import Person, Session

log = logging.getLogger(__name__)

T = TypeVar("T")
Pages = Iterator[tuple[Session, ...]]

_UNAVAILABLE = (errors.MethodMissing, errors.PlanNeeded, errors.MissingScope, errors.Refused, errors.BadRequest)
_BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)  # Open Lines is no older


def listed(
    portal: Portal, since: datetime | None = None, until: datetime | None = None, *, cancel: Cancel | None = None
) -> Pages:
    """Sessions of a period in batches, each session once, with the names of lines, operators and clients.

    All sessions where the portal can list them; else those bound to CRM records together with one's own recent chats.
    Names that the portal does not tell stay empty. Raises the clearest refusal when no source is open.
    """
    start, end = since or _BEGINNING, until or datetime.now(UTC) + timedelta(days=1)
    names = Names(portal, cancel)
    refusals: list[errors.PortalError] = []
    for page in _sources(portal, start, end, cancel, refusals):
        yield names.given(page)
    if len(refusals) == 3:
        raise _clearest(refusals)


def _sources(
    portal: Portal, since: datetime, until: datetime, cancel: Cancel | None, refusals: list[errors.PortalError]
) -> Pages:
    yield from _open(sessions.all_of_period(portal, since, until, cancel=cancel), refusals)
    if not refusals:
        return
    seen: set[int] = set()
    for source in (activities.of_period, recents.of_period):
        for page in _open(source(portal, since, until, cancel=cancel), refusals):
            fresh = tuple(session for session in page if session.id not in seen)
            seen.update(session.id for session in fresh)
            if fresh:
                yield fresh


def _open(pages: Pages, refusals: list[errors.PortalError]) -> Pages:
    """The pages of a source; one that is not available is noted and gives none."""
    begun = False
    try:
        for page in pages:
            begun = True
            yield page
    except _UNAVAILABLE as error:
        if begun:
            raise
        log.info("a source of sessions is not available: %s", type(error).__name__)
        refusals.append(error)


def _clearest(refusals: list[errors.PortalError]) -> errors.PortalError:
    """What the user can do most about: tick a permission, then ask for a right, then the rest."""
    for kind in (errors.MissingScope, errors.Refused, errors.PlanNeeded):
        for refusal in refusals:
            if isinstance(refusal, kind):
                return refusal
    return refusals[0]


class Names:
    """Names of lines and people for listed sessions, asked for once each; a refusal ends the asking."""

    def __init__(self, portal: Portal, cancel: Cancel | None) -> None:
        self._portal = portal
        self._cancel = cancel
        self._lines: dict[int, str] | None = None
        self._people: dict[int, Person] = {}
        self._asked: set[int] = set()
        self._silent = False

    def given(self, page: tuple[Session, ...]) -> tuple[Session, ...]:
        """The sessions with the names that are known or can be asked for."""
        if self._lines is None:
            self._lines = _softly(lambda: line_names(self._portal, cancel=self._cancel)) or {}
        self._ask({number for each in page for number in (each.operator_id, each.client_id)})
        return tuple(self._named(session, self._lines) for session in page)

    def _ask(self, ids: set[int]) -> None:
        wanted = ids - self._asked
        if not wanted or self._silent:
            return
        self._asked |= wanted
        found = _softly(lambda: people.resolve(self._portal, wanted, cancel=self._cancel))
        self._silent = found is None
        self._people |= found or {}

    def _named(self, session: Session, lines: dict[int, str]) -> Session:
        operator, client = self._people.get(session.operator_id), self._people.get(session.client_id)
        return replace(
            session,
            line_name=lines.get(session.line_id) or session.line_name,
            operator_name=(operator.name if operator else "") or session.operator_name,
            client_name=(client.name if client else "") or session.client_name,
        )


def _softly(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except errors.PortalError as error:
        log.info("names not available: %s", type(error).__name__)
        return None


def line_names(portal: Portal, *, cancel: Cancel | None = None) -> dict[int, str]:
    """The names of the portal's lines by id (§3.5)."""
    found: dict[int, str] = {}
    offset = 0
    while True:
        params = {"PARAMS": {"select": ["ID", "LINE_NAME"], "limit": 200, "offset": offset}}
        rows = items(portal.call("imopenlines.config.list.get", params, cancel=cancel).result)
        page = {whole(row.get("id")): words(row.get("linename")).strip() for row in map(record, rows)}
        if page.keys() <= found.keys():
            return found
        found |= page
        if len(rows) < 200:
            return found
        offset += 200
