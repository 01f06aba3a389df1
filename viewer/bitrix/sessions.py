"""Sessions: all of a period where the portal can list them, and by user code (`bitrix24-api.md` §3.1, §3.6)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from viewer.bitrix import errors
from viewer.bitrix.client import Portal
from viewer.bitrix.dialogs import crm_link, user_code
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import flag, items, moment, record, whole, words
from viewer.chat import Session

METHOD = "imopenlines.v2.Session.list"
PAGE = 200
FURTHEST = 10_000  # the largest offset
PERIOD = timedelta(days=365)  # the longest period is 366 days


def open_chat(portal: Portal, code: str, *, cancel: Cancel | None = None) -> int:
    """The chat of a user code: a mere look-up, in spite of the method's name (§3.6). Raises Refused."""
    answer = portal.call("imopenlines.session.open", {"USER_CODE": code}, subject=code, cancel=cancel)
    chat_id = whole(record(answer.result).get("chatid"))
    if not chat_id:
        raise errors.NoSuchThing(method="imopenlines.session.open", subject=code)
    return chat_id


def all_of_period(
    portal: Portal, since: datetime, until: datetime, *, cancel: Cancel | None = None
) -> Iterator[tuple[Session, ...]]:
    """Every session created in a period, newest first, page by page, whoever took part.

    Raises MethodMissing on older portals, PlanNeeded where the plan has no reports.
    """
    seen: set[int] = set()
    end = until
    while end > since:
        begin = max(since, end - PERIOD)
        turn = begin
        for page, oldest in _period(portal, begin, end, cancel):
            fresh = tuple(session for session in page if session.id not in seen)
            seen.update(session.id for session in fresh)
            if fresh:
                yield fresh
            turn = oldest or turn
        end = turn if turn < end else begin


def _period(
    portal: Portal, begin: datetime, end: datetime, cancel: Cancel | None
) -> Iterator[tuple[tuple[Session, ...], datetime | None]]:
    """The pages of one period, each with where to go on when the offset may not grow any more, else None."""
    for offset in range(0, FURTHEST + 1, PAGE):
        params = {
            "dateCreateFrom": begin.isoformat(timespec="seconds"),
            "dateCreateTo": end.isoformat(timespec="seconds"),
            "orderDirection": "desc",
            "limit": PAGE,
            "offset": offset,
        }
        answer = record(portal.call(METHOD, params, cancel=cancel).result)
        if "sessions" not in answer:
            raise errors.BadAnswer(method=METHOD)
        page = tuple(session for item in items(answer["sessions"]) if (session := parse_session(item)))
        more = flag(answer.get("hasnextpage"))
        opened = [session.opened for session in page if session.opened]
        yield page, min(opened) if more and opened and offset == FURTHEST else None
        if not more or not page:
            return


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
