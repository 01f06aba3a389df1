"""The methods that list: sessions, activities, recent chats, lines (`bitrix24-api.md` §3)."""

import operator
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from viewer.demo import shapes
from viewer.demo.faults import Refusal
from viewer.demo.parameters import Page, Params, number, paged
from viewer.demo.world import LINES, ZONE, Chat, Session

if TYPE_CHECKING:
    from viewer.demo.portal import DemoPortal


PROVIDER = "IMOPENLINES_SESSION"


def _sessions(portal: "DemoPortal") -> Iterator[tuple[Chat, Session]]:
    for session in portal.world.sessions.values():
        yield portal.world.chats[session.chat_id], session


def _moment(value: object) -> datetime | None:
    if not value:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise Refusal(400, "INVALID_FILTER") from None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def _wanted(params: Params, one: str, many: str) -> frozenset[str]:
    values = params.get(many) or ([params[one]] if params.get(one) else [])
    return frozenset(str(value) for value in values)


def _truth(value: object) -> bool | None:
    return None if value is None else str(value).lower() in ("true", "y", "1")


def session_list(portal: "DemoPortal", params: Params) -> object:
    """§3.1; this method's parameters are camelCase, folded to upper case here."""
    periods = [
        (_moment(params.get(f"{name}FROM")), _moment(params.get(f"{name}TO"))) for name in ("DATECREATE", "DATECLOSE")
    ]
    if any(start and end and end - start > timedelta(days=366) for start, end in periods):
        raise Refusal(400, "PERIOD_TOO_LARGE")
    offset, limit = number(params.get("OFFSET")), min(200, number(params.get("LIMIT")) or 50)
    if offset > 10_000:
        raise Refusal(400, "OFFSET_TOO_LARGE")
    passes = _passing(params, periods)
    found = [(chat, session) for chat, session in _sessions(portal) if passes(chat, session)]
    found.sort(key=lambda pair: (pair[1].opened, pair[1].id), reverse=params.get("ORDERDIRECTION", "desc") == "desc")
    page = found[offset : offset + limit]
    rows = [shapes.session_row(chat, session) for chat, session in page]
    return {"sessions": rows, "hasNextPage": offset + limit < len(found)}


def _passing(params: Params, periods: list[tuple[datetime | None, datetime | None]]) -> Callable[[Chat, Session], bool]:
    lines, operators = _wanted(params, "CONFIGID", "CONFIGIDLIST"), _wanted(params, "OPERATORID", "OPERATORIDLIST")
    sources, vote = _wanted(params, "SOURCE", "SOURCELIST"), str(params.get("VOTE", ""))
    status, reason = params.get("STATUS"), params.get("CLOSEREASON")
    rated, bound = _truth(params.get("HASVOTEHEAD")), _truth(params.get("HASCRM"))

    def passes(chat: Chat, session: Session) -> bool:
        return (
            _within(session.opened, *periods[0])
            and _within(session.closed, *periods[1])
            and (not lines or str(chat.line.id) in lines)
            and (not operators or str(session.operator_id) in operators)
            and (not sources or chat.connector in sources)
            and (not status or session.status == status)
            and (not reason or session.reason == reason)
            and (not vote or vote == session.client_vote or (vote == "any" and session.client_vote != "none"))
            and (rated is None or rated == bool(session.head_vote))
            and (bound is None or bound == bool(chat.deal))
        )

    return passes


def _within(moment: datetime | None, start: datetime | None, end: datetime | None) -> bool:
    if start is None and end is None:
        return True
    return moment is not None and (start is None or moment >= start) and (end is None or moment <= end)


def activities(portal: "DemoPortal", params: Params) -> object:
    """`crm.activity.list` (§3.2): only sessions of chats with a deal; they are bound to the client's contact too."""
    wanted = dict(params.get("FILTER") or {})
    bound = wanted.pop("BINDINGS", [])
    bindings = {(number(each.get("OWNER_TYPE_ID")), number(each.get("OWNER_ID"))) for each in bound}
    ours = wanted.pop("PROVIDER_ID", PROVIDER) == PROVIDER
    tests = [_test(key, value) for key, value in wanted.items()]
    found = [
        (chat, session)
        for chat, session in _sessions(portal)
        if ours
        and chat.deal
        and (not bindings or not bindings.isdisjoint({(2, chat.deal), (3, chat.client.id)}))
        and all(test(chat, session) for test in tests)
    ]
    found.sort(key=lambda pair: -pair[1].id)
    page = paged(found, params, len(found))
    assert isinstance(page.result, list)
    return Page([shapes.activity(portal.world, *pair) for pair in page.result], page.more)


def _test(key: str, value: object) -> Callable[[Chat, Session], bool]:
    """A condition of the filter: on a date or the id with a sign, or on the line or the operator."""
    sign, name = re.fullmatch(r"([<>=]*)(.*)", key).groups()  # type: ignore[union-attr]
    compare = {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}.get(sign, operator.eq)
    if name in ("CREATED", "START_TIME"):
        moment = _moment(value)
        return lambda _chat, session: moment is None or compare(session.opened, moment)
    if name == "ID":
        return lambda _chat, session: compare(shapes.ACTIVITY + session.id, number(value))
    numbers: dict[str, Callable[[Chat, Session], int]] = {
        "PROVIDER_TYPE_ID": lambda chat, _session: chat.line.id,
        "RESPONSIBLE_ID": lambda _chat, session: session.operator_id,
        "OWNER_ID": lambda chat, _session: chat.deal,
        "OWNER_TYPE_ID": lambda _chat, _session: 2,
    }
    if name not in numbers:
        raise Refusal(400, "INVALID_FILTER")
    own = numbers[name]
    return lambda chat, session: compare(own(chat, session), number(value))


def recent_list(portal: "DemoPortal", params: Params) -> object:
    """§3.3: the supervisor's own chats."""
    offset, limit = number(params.get("OFFSET")), min(200, number(params.get("LIMIT")) or 50)
    own = [chat for chat in portal.world.chats.values() if chat.member]
    own.sort(key=lambda chat: chat.sessions[-1].opened, reverse=True)
    items = [shapes.recent(portal.world, chat) for chat in own[offset : offset + limit]]
    return Page({"items": items, "hasMore": offset + limit < len(own), "hasMorePages": False}, {"total": -1})


def search(portal: "DemoPortal", params: Params) -> object:
    """`im.search.chat.list` (§3.6)."""
    words = str(params.get("FIND_LINES", "")).lower()
    if len(words) < 2:
        raise Refusal(400, "FIND_SHORT")
    found = [chat for chat in portal.world.chats.values() if words in chat.name.lower()]
    offset, limit = number(params.get("OFFSET")), min(50, number(params.get("LIMIT")) or 10)
    more: dict[str, object] = {"total": len(found)}
    if offset + limit < len(found):
        more["next"] = offset + limit
    return Page([shapes.dialog(portal.world, chat) for chat in found[offset : offset + limit]], more)


def lines(_portal: "DemoPortal", params: Params) -> object:
    """`imopenlines.config.list.get` (§3.5)."""
    asked = params.get("PARAMS")
    asked = asked if isinstance(asked, dict) else {}
    offset, limit = number(asked.get("offset")), min(200, number(asked.get("limit")) or 50)
    return [shapes.line_row(line) for line in LINES][offset : offset + limit]
