"""The names of lines, operators and clients in a list (`bitrix24-api.md` §3.5, §5.5)."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar
from weakref import WeakKeyDictionary

from viewer.bitrix import errors, people
from viewer.bitrix.client import Portal
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import items, record, whole, words
from viewer.chat import Person, Session

log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(slots=True)
class _Known:
    """What a portal told so far; kept as long as the portal is open, so that a reload asks for news alone."""

    lines: dict[int, str] | None = None
    people: dict[int, Person] = field(default_factory=dict)


_known: WeakKeyDictionary[Portal, _Known] = WeakKeyDictionary()


class Names:
    """Names for listed sessions, asked for once each; a refusal ends the asking until the next list."""

    def __init__(self, portal: Portal, cancel: Cancel | None) -> None:
        self._portal = portal
        self._cancel = cancel
        self._known = _known.setdefault(portal, _Known())
        self._lines = self._known.lines
        self._asked: set[int] = set()
        self._silent = False

    def lines(self) -> dict[int, str]:
        """The portal's lines by id; none when it does not tell."""
        if self._lines is None:
            self._known.lines = _softly(lambda: line_names(self._portal, cancel=self._cancel))
            self._lines = self._known.lines or {}
        return self._lines

    def given(self, page: Iterable[Session]) -> tuple[Session, ...]:
        """The sessions with the names that are known or can be asked for."""
        sessions = tuple(page)
        lines = self.lines()
        self._ask({number for each in sessions for number in (each.operator_id, each.client_id)})
        return tuple(self._named(session, lines) for session in sessions)

    def _ask(self, ids: set[int]) -> None:
        wanted = ids - self._asked - self._known.people.keys() - {0}
        if not wanted or self._silent:
            return
        self._asked |= wanted
        found = _softly(lambda: people.resolve(self._portal, wanted, cancel=self._cancel))
        self._silent = found is None
        self._known.people |= found or {}

    def _named(self, session: Session, lines: dict[int, str]) -> Session:
        operator, client = (self._known.people.get(number) for number in (session.operator_id, session.client_id))
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
