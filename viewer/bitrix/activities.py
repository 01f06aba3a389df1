"""Sessions by their CRM activities, where the portal cannot list sessions (`bitrix24-api.md` §3.2)."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from viewer.bitrix.client import BATCH_LIMIT, Portal
from viewer.bitrix.dialogs import client_of, crm_link, user_code
from viewer.bitrix.pace import Cancel
from viewer.bitrix.paging import List, groups
from viewer.bitrix.reading import Record, flag, items, moment, record, whole, words
from viewer.chat import CrmLink, Session

METHOD = "crm.activity.list"
PAGE = 50
_LATER = timedelta(days=1)
_OWNERS = {1: "lead", 2: "deal", 3: "contact", 4: "company"}
_SELECT = (
    "ID", "ASSOCIATED_ENTITY_ID", "ORIGIN_ID", "PROVIDER_TYPE_ID", "PROVIDER_PARAMS", "COMMUNICATIONS",
    "RESULT_SOURCE_ID", "SUBJECT", "START_TIME", "END_TIME", "CREATED", "LAST_UPDATED", "COMPLETED",
    "RESPONSIBLE_ID", "OWNER_TYPE_ID", "OWNER_ID",
)  # fmt: skip


def of_period(
    portal: Portal, since: datetime, until: datetime, *, cancel: Cancel | None = None
) -> Iterator[tuple[Session, ...]]:
    """Sessions bound to CRM records and created in a period, each once, newest first, several pages together.

    The portal filters by the period alone. An activity may be made a little later than its session, so what comes is
    to be filtered by the session's own time, and by everything else. The votes are not told.
    """
    period = {
        ">=CREATED": since.isoformat(timespec="seconds"),
        "<=CREATED": (until + _LATER).isoformat(timespec="seconds"),
    }
    return _found(portal, period, cancel)


def of_record(portal: Portal, link: CrmLink, *, cancel: Cancel | None = None) -> Iterator[tuple[Session, ...]]:
    """Sessions bound to one CRM record, each once, newest first."""
    kind = next(number for number, name in _OWNERS.items() if name == link.type)
    return _found(portal, {"BINDINGS": [{"OWNER_TYPE_ID": kind, "OWNER_ID": link.id}]}, cancel)


def _found(portal: Portal, narrowed: Mapping[str, object], cancel: Cancel | None) -> Iterator[tuple[Session, ...]]:
    params = {
        "filter": {"PROVIDER_ID": "IMOPENLINES_SESSION", **narrowed},
        "order": {"ID": "DESC"},
        "select": list(_SELECT),
    }
    pages = List(
        METHOD,
        lambda number: {**params, "start": number * PAGE},
        lambda answer: not answer.next,
        lambda answer: -(-answer.total // PAGE),
        most=BATCH_LIMIT,
    )
    seen: set[int] = set()
    for answers in groups(portal, pages, cancel=cancel):
        found: dict[int, Session] = {}
        for item in (item for answer in answers for item in items(answer.result)):
            session = parse_activity(item)
            if session and session.id not in seen:
                found.setdefault(session.id, session)
        seen |= found.keys()
        if found:
            yield tuple(found.values())


def parse_activity(value: object) -> Session | None:
    """A session's activity; None for what names no session."""
    given = record(value)
    number = whole(given.get("associatedentityid")) or whole(words(given.get("originid")).upper().removeprefix("IMOL_"))
    if number <= 0:
        return None
    code = _user_code(given)
    closed = flag(given.get("completed"))
    return Session(
        number,
        line_id=whole(given.get("providertypeid")) or (whole(code.split("|")[1]) if code else 0),
        connector=words(given.get("resultsourceid")) or code.partition("|")[0],
        operator_id=whole(given.get("responsibleid")),
        client_id=client_of(code),
        user_code=code,
        opened=moment(given.get("starttime")) or moment(given.get("created")),
        closed=moment(given.get("endtime")) if closed else None,
        status="closed" if closed else "",
        crm=crm_link(_OWNERS.get(whole(given.get("ownertypeid"))), given.get("ownerid")),
        snippet=words(given.get("subject")).strip(),
    )


def _user_code(given: Record) -> str:
    told = [record(given.get("providerparams")).get("usercode")]
    told += [record(item).get("value") for item in items(given.get("communications"))]
    return next(filter(None, map(user_code, told)), "")
