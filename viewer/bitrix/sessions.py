"""Sessions: all of a period where the portal can list them, and by user code (`bitrix24-api.md` §3.1, §3.6)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from viewer.bitrix import errors
from viewer.bitrix.answers import Answer
from viewer.bitrix.client import BATCH_LIMIT, Portal
from viewer.bitrix.dialogs import crm_link, user_code
from viewer.bitrix.pace import Cancel
from viewer.bitrix.paging import List, groups
from viewer.bitrix.reading import flag, items, moment, record, whole, words
from viewer.chat import Filter, Session, choices, is_connector_name

METHOD = "imopenlines.v2.Session.list"
PAGE = 200
FURTHEST = 10_000  # the largest offset
PERIOD = timedelta(days=365)  # the longest period is 366 days
_SHORTEST = timedelta(hours=1)  # nothing shorter is cut in two
_NEAR = timedelta(minutes=1)  # how far two sources may differ in a session's opening
MANY = 1000  # ids in a list, at most

BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)  # Open Lines is no older
_AHEAD = timedelta(days=365)  # how far the clock of this computer may be behind the portal's


def askable(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """The part of a period that may have sessions: whatever a user bounds it by, the portal knows nothing beyond.

    It ends before it begins where no session can be.
    """
    return max(since, BEGINNING), min(until, datetime.now(UTC) + _AHEAD)


def open_chat(portal: Portal, code: str, *, cancel: Cancel | None = None) -> int:
    """The chat of a user code: a mere look-up, in spite of the method's name (§3.6). Raises Refused."""
    answer = portal.call("imopenlines.session.open", {"USER_CODE": code}, subject=code, cancel=cancel)
    chat_id = whole(record(answer.result).get("chatid"))
    if not chat_id:
        raise errors.NoSuchThing(method="imopenlines.session.open", subject=code)
    return chat_id


def all_of_period(
    portal: Portal, since: datetime, until: datetime, *, wanted: Filter | None = None, cancel: Cancel | None = None
) -> Iterator[tuple[Session, ...]]:
    """Every session created in a period, each once, newest first, several pages together, whoever took part.

    The portal itself filters by line and operator (by id), connector (by code), status, client's vote, whether rated
    and whether bound to a CRM record; text, names and channels by name it cannot, so what comes is to be filtered by
    `wanted` once more. An open session has one of three statuses, and the portal takes one: they come one after the
    other, and so do closed ones and spam. No more of the period is asked for than `askable` leaves.

    Raises MethodMissing on older portals, PlanNeeded where the plan has no reports.
    """
    wanted = wanted or Filter()
    since, until = askable(since, until)
    asked = facets(wanted)
    seen: set[int] = set()
    for status in _STATUSES.get(wanted.status, ({},)):
        begun = False
        try:
            for page in _newest_first(portal, since, until, asked | status, seen, cancel):
                begun = True
                yield page
        except errors.BadRequest:
            if begun or not asked | status:
                raise
            # What one server takes another may refuse; the sessions are filtered here as well.
            yield from _newest_first(portal, since, until, {}, seen, cancel)
            return


def in_full(portal: Portal, known: Sequence[Session], *, cancel: Cancel | None = None) -> dict[int, Session]:
    """What the list of all sessions tells of sessions whose opening is known, by id: 50 sessions a request.

    Each is asked for by its line and its moment, since the list takes no ids. Raises as `all_of_period` does.
    """
    found: dict[int, Session] = {}
    timed = [(session, session.opened) for session in known if session.opened]
    for at in range(0, len(timed), BATCH_LIMIT):
        commands = {
            f"s{session.id}": (METHOD, _pages(opened - _NEAR, opened + _NEAR, _line_of(session)).params(0))
            for session, opened in timed[at : at + BATCH_LIMIT]
        }
        for answer in portal.batch(commands, cancel=cancel).values():
            if isinstance(answer, errors.PortalError):
                raise answer
            found |= {session.id: session for session in _rows(answer)}
    return {session.id: found[session.id] for session in known if session.id in found}


def _line_of(session: Session) -> "Facets":
    return {"configIdList": [session.line_id]} if session.line_id else {}


Facets = dict[str, object]

_STATUSES: dict[str, tuple[Facets, ...]] = {
    "open": ({"status": "new"}, {"status": "answered"}, {"status": "paused"}),
    "closed": ({"status": "closed"}, {"status": "spam"}),
}


def facets(wanted: Filter) -> Facets:
    """What the portal can narrow by itself, in its own words (§3.1); the status apart."""
    found: Facets = {}
    for name, choice in (("configIdList", wanted.line), ("operatorIdList", wanted.operator)):
        chosen = choices(choice)
        if chosen and len(chosen) <= MANY and all(each.isdecimal() for each in chosen):
            found[name] = [whole(each) for each in chosen]
    connectors = [each.lower() for each in choices(wanted.connector)]
    if connectors and not any(map(is_connector_name, connectors)):
        found["sourceList"] = connectors
    if wanted.client_vote:
        found["vote"] = wanted.client_vote
    if wanted.rated != wanted.unrated:
        found["hasVoteHead"] = wanted.rated
    if wanted.has_crm is not None:
        found["hasCrm"] = wanted.has_crm
    return found


def _newest_first(
    portal: Portal, since: datetime, until: datetime, asked: Facets, seen: set[int], cancel: Cancel | None
) -> Iterator[tuple[Session, ...]]:
    """The sessions of a period of any length: a span is cut in two where the portal says that it is too much.

    Those in `seen` are left out, and what is given is put there.
    """
    spans = _years(since, until)
    while spans:
        begin, end = spans.pop()
        oldest = end
        further = False
        try:
            for answers in groups(portal, _pages(begin, end, asked), pages=FURTHEST // PAGE + 1, cancel=cancel):
                page = [session for answer in answers for session in _rows(answer)]
                further = not _is_last(answers[-1])
                oldest = min([oldest, *(session.opened for session in page if session.opened)])
                fresh = tuple({each.id: each for each in page if each.id not in seen}.values())
                seen.update(session.id for session in fresh)
                if fresh:
                    yield fresh
        except errors.BadRequest as error:
            if error.code == "PERIOD_TOO_LARGE" and end - begin > _SHORTEST:
                middle = begin + (end - begin) / 2
                spans += [(begin, middle), (middle, end)]
                continue
            if error.code != "OFFSET_TOO_LARGE" or not further:
                raise
        if further:  # the rest of the span, from the oldest session on: those of the same second come twice
            spans.append((begin, oldest if oldest < end else end - timedelta(seconds=1)))


def _years(since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """A period in spans that the portal takes, the newest last."""
    spans = []
    while until > since:
        begin = max(since, until - PERIOD)
        spans.append((begin, until))
        until = begin
    return spans[::-1]


def _pages(begin: datetime, end: datetime, asked: Facets) -> List:
    return List(
        METHOD,
        lambda number: {
            "dateCreateFrom": begin.isoformat(timespec="seconds"),
            "dateCreateTo": end.isoformat(timespec="seconds"),
            "orderDirection": "desc",
            "limit": PAGE,
            "offset": number * PAGE,
            **asked,
        },
        _is_last,
    )


def _rows(answer: Answer) -> list[Session]:
    told = record(answer.result)
    if "sessions" not in told:
        raise errors.BadAnswer(method=METHOD)
    return [session for item in items(told["sessions"]) if (session := parse_session(item))]


def _is_last(answer: Answer) -> bool:
    told = record(answer.result)
    return not (flag(told.get("hasnextpage")) and items(told.get("sessions")))


def parse_session(value: object) -> Session | None:
    """A row of the list; None for what has no id."""
    given = record(value)
    number = whole(given.get("id"))
    if number <= 0:
        return None
    wait = given.get("waitanswer")
    return Session(
        number,
        chat_id=whole(given.get("chatid")),
        line_id=whole(given.get("configid")),
        connector=words(given.get("source")),
        operator_id=whole(given.get("operatorid")),
        client_id=whole(given.get("userid")),
        user_code=user_code(given.get("usercode")),
        opened=moment(given.get("datecreate")),
        closed=moment(given.get("dateclose")),
        status=words(given.get("status")).lower(),
        close_reason=words(given.get("closereason")),
        client_vote=vote if (vote := words(given.get("vote")).lower()) in ("like", "dislike") else "",
        head_vote=min(max(whole(given.get("votehead")), 0), 5),
        head_comment=words(given.get("commenthead")),
        message_count=whole(given.get("messagecount")),
        first_answer=timedelta(seconds=max(0, min(whole(wait), 10**9))) if wait is not None else None,
        transfers=whole(given.get("queuetransfers")),
        crm=crm_link(given.get("crmentitytype"), given.get("crmentityid")),
    )
