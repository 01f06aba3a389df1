"""The other sessions of a chat: no method lists them, so lists are narrowed and sieved (`bitrix24-api.md` §5.7)."""

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from viewer.bitrix import activities, sessions
from viewer.bitrix.client import Portal
from viewer.bitrix.listing import BEGINNING
from viewer.bitrix.pace import Cancel
from viewer.bitrix.sources import UNAVAILABLE, Source, offer
from viewer.chat import Dialog, Filter, Message, MessageKind, Session

log = logging.getLogger(__name__)

Pages = Iterator[tuple[Session, ...]]

_LEEWAY = timedelta(minutes=5)  # between the making of a chat and its first session
_NAMED = re.compile(r"imol(?:\||%7C)(\d{1,18})", re.IGNORECASE)


def is_first(dialog: Dialog | None, session: Session) -> bool:
    """Whether a session is surely the chat's first one: the chat was made when it began."""
    created = dialog.created if dialog else None
    return created is not None and session.opened is not None and session.opened <= created + _LEEWAY


def named_in(messages: Iterable[Message]) -> Iterator[int]:
    """The sessions that opening lines name: a forked session names the one it comes from."""
    for message in messages:
        if message.kind is MessageKind.SESSION_START:
            yield from map(int, _NAMED.findall(message.text))


def listed(portal: Portal, dialog: Dialog, until: datetime | None = None, *, cancel: Cancel | None = None) -> Pages:
    """The sessions of a chat that were opened before `until`, newest first, from whichever lists are open.

    First the list of all sessions, narrowed to the chat's line and channel and read back to the day the chat was
    made; then the activities of its CRM records. A list that is not available is passed over; neither is sure to be
    whole: both are limited by rights. Raises PortalError for what is more than a refusal.
    """
    end = until or datetime.now(UTC) + timedelta(days=1)
    known = offer(portal)
    if Source.ALL not in known.shut:
        try:
            for page in _of_all(portal, dialog, end, cancel):
                yield tuple(session for session in page if _is_of(session, dialog))
        except UNAVAILABLE as error:
            known.close(Source.ALL, error)
    if Source.CRM not in known.shut:
        for link in dialog.crm:
            try:
                for page in activities.of_record(portal, link, cancel=cancel):
                    yield tuple(_at_home(session, dialog) for session in page if _is_of(session, dialog))
            except UNAVAILABLE as error:
                log.info("activities not told: %s", type(error).__name__)
                return


def _of_all(portal: Portal, dialog: Dialog, until: datetime, cancel: Cancel | None) -> Pages:
    since = dialog.created - _LEEWAY if dialog.created else BEGINNING
    wanted = Filter(line=str(dialog.line_id) if dialog.line_id else "", connector=dialog.connector)
    yield from sessions.all_of_period(portal, min(since, until - _LEEWAY), until, wanted=wanted, cancel=cancel)


def _is_of(session: Session, dialog: Dialog) -> bool:
    if session.chat_id:
        return session.chat_id == dialog.chat_id
    return bool(session.user_code) and session.user_code == dialog.user_code


def _at_home(session: Session, dialog: Dialog) -> Session:
    """A session of a source that does not tell chats."""
    return session.with_news(Session(session.id, dialog.chat_id))
