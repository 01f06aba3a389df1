"""What each method answers. A method takes the portal and its parameters, keys in upper case, and gives the result."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from viewer.demo import shapes
from viewer.demo.faults import Refusal
from viewer.demo.world import HEAD, LINES, Chat, Session

if TYPE_CHECKING:
    from viewer.demo.portal import DemoPortal

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A result with `total` and `next` beside it."""

    result: object
    more: dict[str, object] = field(default_factory=dict)


SCOPES: Mapping[str, frozenset[str]] = {
    "imopenlines": frozenset({"imopenlines"}), "im": frozenset({"im"}), "crm": frozenset({"crm"}),
    "disk": frozenset({"disk"}), "user": frozenset({"user", "user_brief", "user_basic"}),
}  # fmt: skip


def _number(value: object) -> int:
    try:
        return int(str(value).removeprefix("chat"))
    except ValueError:
        return 0


# --- who asks ---


def profile(portal: "DemoPortal", _params: Params) -> object:
    """§2.3"""
    return shapes.profile(portal.world)


def scope(portal: "DemoPortal", _params: Params) -> object:
    """§2.3"""
    return sorted(portal.scopes)


def method_get(portal: "DemoPortal", params: Params) -> object:
    """§2.3"""
    name = str(params.get("NAME", "")).lower()
    there = name in METHODS and name not in portal.absent
    return {"isExisting": there, "isAvailable": there and (name.partition(".")[0] in portal.scopes or "." not in name)}


def server_time(portal: "DemoPortal", _params: Params) -> object:
    """§2.3"""
    return shapes.iso(datetime.fromtimestamp(portal.clock()).astimezone())


def revision(_portal: "DemoPortal", _params: Params) -> object:
    """§2.3"""
    return {"rest": 19, "web": 1, "mobile": 1}


def users(portal: "DemoPortal", params: Params) -> object:
    """`im.user.list.get` (§5.5)."""
    ids = params.get("ID")
    if not isinstance(ids, list):
        raise Refusal(400, "INVALID_FORMAT")
    found = [shapes.user_row(portal.world.users[_number(each)]) for each in ids if _number(each) in portal.world.users]
    return found if params.get("RESULT_TYPE") == "array" else shapes.mapping((row["id"], row) for row in found)


def employees(portal: "DemoPortal", params: Params) -> object:
    """`user.get`: employees only (§5.5)."""
    everyone = [person for person in portal.world.users.values() if person.kind == "employee"]
    rows = [{"ID": str(each.id), "NAME": each.first, "LAST_NAME": each.last, "ACTIVE": True} for each in everyone]
    return _paged(rows, params, len(rows))


# --- chats ---


def _chat(portal: "DemoPortal", params: Params) -> Chat | None:
    world = portal.world
    if code := str(params.get("USER_CODE", "")).removeprefix("imol|"):
        return next((chat for chat in world.chats.values() if chat.code == code), None)
    if session := world.sessions.get(_number(params.get("SESSION_ID"))):
        return world.chats[session.chat_id]
    return world.chats.get(_number(params.get("CHAT_ID") or params.get("DIALOG_ID")))


def dialog_get(portal: "DemoPortal", params: Params) -> object:
    """§4"""
    chat = _chat(portal, params)
    if chat is None or any(session.denied for session in chat.sessions):
        raise Refusal(400, "ACCESS_ERROR")
    return shapes.dialog(portal.world, chat)


def session_open(portal: "DemoPortal", params: Params) -> object:
    """§3.6: the id is a string here."""
    chat = _chat(portal, {"USER_CODE": params.get("USER_CODE", "")})
    if chat is None or any(session.denied for session in chat.sessions):
        raise Refusal(400, "ACCESS_DENIED")
    return {"chatId": str(chat.id)}


def history_get(portal: "DemoPortal", params: Params) -> object:
    """§5"""
    if not params.get("SESSION_ID") and not params.get("CHAT_ID"):
        raise Refusal(400, "MISSING_REQUIRED_PARAM")
    session = portal.world.sessions.get(_number(params.get("SESSION_ID")))
    if not params.get("SESSION_ID"):
        chat = portal.world.chats.get(_number(params.get("CHAT_ID")))
        if chat is None or not chat.member:
            raise Refusal(400, "ACCESS_DENIED")
        session = chat.sessions[-1]
    if session is None or session.denied:
        raise Refusal(400, "ACCESS_DENIED", "Вы не можете открыть этот разговор, т.к. у вас недостаточно прав.")
    return shapes.history(portal.world, portal.world.chats[session.chat_id], session)


def messages_get(portal: "DemoPortal", params: Params) -> object:
    """§6"""
    if not params.get("DIALOG_ID"):
        raise Refusal(400, "DIALOG_ID_EMPTY")
    for key in ("FIRST_ID", "LAST_ID"):
        if key in params and not str(params[key]).isdigit():
            raise Refusal(400, f"{key}_STRING")
    chat = portal.world.chats.get(_number(params["DIALOG_ID"]))
    if chat is None or not chat.member:
        raise Refusal(403, "ACCESS_ERROR")
    world, limit = portal.world, min(50, _number(params.get("LIMIT")) or 20)
    known = sorted((each for session in chat.sessions for each in world.messages(session)), key=lambda each: each.id)
    if "LAST_ID" in params:
        picked = [each for each in known if each.id < _number(params["LAST_ID"])][-limit:]
    elif "FIRST_ID" in params:
        picked = [each for each in known if each.id > _number(params["FIRST_ID"])][:limit]
    else:
        picked = known[-limit:]
    authors = dict.fromkeys(each.author_id for each in picked if each.author_id)
    files = [world.files[number] for each in picked for number in shapes.file_ids(each) if number in world.files]
    return {
        "chat_id": chat.id,
        "messages": [shapes.message_row(each, chat) for each in reversed(picked)],
        "users": [shapes.user_row(world.users[number]) for number in authors],
        "files": [shapes.file_row(file, world.users[file.author_id].name) for file in files],
    }


def dialog_users(portal: "DemoPortal", params: Params) -> object:
    """`im.dialog.users.list` (§5.5)."""
    chat = portal.world.chats.get(_number(params.get("DIALOG_ID")))
    if chat is None or not chat.member:
        raise Refusal(403, "ACCESS_ERROR")
    return [
        shapes.user_row(portal.world.users[number]) for number in (chat.client.id, chat.sessions[-1].operator_id, HEAD)
    ]


def chat_get(portal: "DemoPortal", params: Params) -> object:
    """`im.chat.get` (§3.6)."""
    chat = _chat(portal, {"USER_CODE": params.get("ENTITY_ID", "")})
    return {"ID": chat.id} if chat else None


def crm_chats(portal: "DemoPortal", params: Params) -> object:
    """`imopenlines.crm.chat.get` (§3.4)."""
    if not params.get("CRM_ENTITY_TYPE") or not params.get("CRM_ENTITY"):
        raise Refusal(400, "ERROR_ARGUMENT")
    deal = _number(params["CRM_ENTITY"]) if str(params["CRM_ENTITY_TYPE"]).lower() == "deal" else -1
    active = str(params.get("ACTIVE_ONLY", "Y")) == "Y"
    return [
        {"CHAT_ID": str(chat.id), "CONNECTOR_ID": chat.connector, "CONNECTOR_TITLE": chat.connector}
        for chat in portal.world.chats.values()
        if chat.deal == deal and not (active and chat.sessions[-1].closed)
    ]


# --- lists ---


def _sessions(portal: "DemoPortal") -> Iterator[tuple[Chat, Session]]:
    for session in portal.world.sessions.values():
        yield portal.world.chats[session.chat_id], session


def _moment(value: object) -> datetime | None:
    if not value:
        return None
    try:
        return datetime.fromisoformat(str(value)).astimezone()
    except ValueError:
        raise Refusal(400, "INVALID_FILTER") from None


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
    offset, limit = _number(params.get("OFFSET")), min(200, _number(params.get("LIMIT")) or 50)
    if offset > 10_000:
        raise Refusal(400, "OFFSET_TOO_LARGE")
    found = [(chat, session) for chat, session in _sessions(portal) if _passes(chat, session, params, periods)]
    found.sort(key=lambda pair: (pair[1].opened, pair[1].id), reverse=params.get("ORDERDIRECTION", "desc") == "desc")
    page = found[offset : offset + limit]
    rows = [shapes.session_row(chat, session) for chat, session in page]
    return {"sessions": rows, "hasNextPage": offset + limit < len(found)}


def _passes(
    chat: Chat, session: Session, params: Params, periods: list[tuple[datetime | None, datetime | None]]
) -> bool:
    lines, operators = _wanted(params, "CONFIGID", "CONFIGIDLIST"), _wanted(params, "OPERATORID", "OPERATORIDLIST")
    sources, vote = _wanted(params, "SOURCE", "SOURCELIST"), str(params.get("VOTE", ""))
    rated, bound = _truth(params.get("HASVOTEHEAD")), _truth(params.get("HASCRM"))
    return (
        (not lines or str(chat.line.id) in lines)
        and (not operators or str(session.operator_id) in operators)
        and (not sources or chat.connector in sources)
        and (not params.get("STATUS") or session.status == params["STATUS"])
        and (not params.get("CLOSEREASON") or session.reason == params["CLOSEREASON"])
        and (not vote or vote == session.client_vote or (vote == "any" and session.client_vote != "none"))
        and (rated is None or rated == bool(session.head_vote))
        and (bound is None or bound == bool(chat.deal))
        and _within(session.opened, *periods[0])
        and _within(session.closed, *periods[1])
    )


def _within(moment: datetime | None, start: datetime | None, end: datetime | None) -> bool:
    if start is None and end is None:
        return True
    return moment is not None and (start is None or moment >= start) and (end is None or moment <= end)


def activities(portal: "DemoPortal", params: Params) -> object:
    """`crm.activity.list` (§3.2): only sessions of chats with a deal."""
    wanted = params.get("FILTER") or {}
    rows = []
    for chat, session in sorted(_sessions(portal), key=lambda pair: -pair[1].id):
        row = shapes.activity(portal.world, chat, session)
        if chat.deal and all(_matches(row, key, value) for key, value in wanted.items()):
            rows.append(row)
    return _paged(rows, params, len(rows))


def _matches(row: Mapping[str, object], key: str, value: object) -> bool:
    sign, name = re.fullmatch(r"([<>=!@%]*)(.*)", key).groups()  # type: ignore[union-attr]
    own = row.get(name)
    if sign in (">=", ">", "<=", "<") and name != "ID":
        first, second = _moment(own), _moment(value)
        if first is None or second is None:
            return True
        return first >= second if sign.startswith(">") else first <= second
    if sign == ">":
        return _number(own) > _number(value)
    return str(own) == str(value)


def _paged(rows: list[Any], params: Params, total: int) -> Page:
    """Fifty rows from `start` (§1.9)."""
    start = _number(params.get("START"))
    more: dict[str, object] = {"total": total}
    if start >= 0 and start + 50 < total:
        more["next"] = start + 50
    return Page(rows[max(0, start) : max(0, start) + 50], more)


def recent_list(portal: "DemoPortal", params: Params) -> object:
    """§3.3: the supervisor's own chats."""
    offset, limit = _number(params.get("OFFSET")), min(200, _number(params.get("LIMIT")) or 50)
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
    offset, limit = _number(params.get("OFFSET")), min(50, _number(params.get("LIMIT")) or 10)
    more: dict[str, object] = {"total": len(found)}
    if offset + limit < len(found):
        more["next"] = offset + limit
    return Page([shapes.dialog(portal.world, chat) for chat in found[offset : offset + limit]], more)


def lines(_portal: "DemoPortal", params: Params) -> object:
    """`imopenlines.config.list.get` (§3.5)."""
    asked = params.get("PARAMS")
    asked = asked if isinstance(asked, dict) else {}
    offset, limit = _number(asked.get("offset")), min(200, _number(asked.get("limit")) or 50)
    return [shapes.line_row(line) for line in LINES][offset : offset + limit]


# --- votes and files ---


def head_vote(portal: "DemoPortal", params: Params) -> object:
    """§11.1, the only call that changes anything."""
    session = portal.world.sessions.get(_number(params.get("SESSION_ID")))
    if not params.get("SESSION_ID"):
        raise Refusal(400, "EMPTY_SESSION_ID")
    if not params.get("RATING") and not params.get("COMMENT"):
        raise Refusal(400, "EMPTY_VOTE_PARAMS")
    if session is None or session.denied:
        raise Refusal(400, "ACCESS_DENIED")
    session.head_vote = _number(params.get("RATING")) or session.head_vote
    session.head_comment = str(params.get("COMMENT", session.head_comment))
    return True


def file_download(portal: "DemoPortal", params: Params) -> object:
    """`im.v2.File.download` (§9.3)."""
    file = portal.world.files.get(_number(params.get("FILEID")))
    if file is None:
        raise Refusal(400, "FILE_NOT_FOUND")
    if file.lost in ("v2", "both"):
        raise Refusal(403, "ACCESS_DENIED")
    return {"downloadUrl": portal.link(file.id)}


def disk_file(portal: "DemoPortal", params: Params) -> object:
    """`disk.file.get` (§9.3)."""
    file = portal.world.files.get(_number(params.get("ID")))
    if file is None:
        raise Refusal(400, "ERROR_NOT_FOUND")
    if file.lost == "both":
        raise Refusal(400, "ACCESS_DENIED")
    page = f"https://{shapes.HOST}/company/personal/user/17/disk/file/{file.id}/"
    return {
        "ID": str(file.id), "NAME": file.name, "SIZE": str(file.size), "TYPE": "file", "DELETED_TYPE": 0,
        "DOWNLOAD_URL": portal.link(file.id), "DETAIL_URL": page,
    }  # fmt: skip


# --- batch ---

_REFERENCE = re.compile(r"\$result\[([^\]]+)\]((?:\[[^\]]+\])*)")


def batch(portal: "DemoPortal", params: Params) -> object:
    """§1.8, with references to earlier results."""
    commands = params.get("CMD") or {}
    commands = dict(enumerate(commands)) if isinstance(commands, list) else commands
    if len(commands) > 50:
        raise Refusal(400, "ERROR_BATCH_LENGTH_EXCEEDED")
    done: dict[str, dict[str, object]] = {
        name: {} for name in ("result", "result_error", "result_total", "result_next", "result_time")
    }
    for key, line in commands.items():
        _run(portal, str(key), str(line), done)
        if done["result_error"] and str(params.get("HALT", "0")) == "1":
            break
    return {name: _php(values) for name, values in done.items()}


def _run(portal: "DemoPortal", key: str, line: str, done: dict[str, dict[str, object]]) -> None:
    method, _, query = line.partition("?")
    try:
        if method.lower() == "batch":
            raise Refusal(405, "ERROR_BATCH_METHOD_NOT_ALLOWED")
        told = portal.call(method, _unflattened(_REFERENCE.sub(lambda found: _referred(found, done["result"]), query)))
    except Refusal as refusal:
        done["result_error"][key] = {"error": refusal.code, "error_description": refusal.text}
        return
    for part in ("result", "total", "next", "time"):
        if part in told:
            done["result" if part == "result" else f"result_{part}"][key] = told[part]


def _referred(found: re.Match[str], results: Mapping[str, object]) -> str:
    value: Any = results.get(found[1])
    for step in re.findall(r"\[([^\]]+)\]", found[2]):
        value = value[int(step)] if isinstance(value, list) else (value or {}).get(step)
    return str(value)


def _unflattened(query: str) -> Params:
    """`filter[PROVIDER_ID]=x&ID[]=1` as nested values."""
    made: Params = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        name, *steps = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", key)
        if not steps:
            made[name] = value
        elif steps[0] == "" or steps[0].isdigit():
            made.setdefault(name, []).append(value)
        else:
            made.setdefault(name, {})[steps[0]] = value
    return made


def _php(values: dict[str, object]) -> object:
    """A map as PHP encodes it: a list when empty or when the keys count from 0 (§1.8)."""
    if [str(number) for number in range(len(values))] == list(values):
        return list(values.values())
    return values


METHODS: dict[str, Callable[["DemoPortal", Params], object]] = {
    "profile": profile, "scope": scope, "method.get": method_get, "server.time": server_time, "batch": batch,
    "imopenlines.revision.get": revision, "imopenlines.config.list.get": lines,
    "imopenlines.v2.session.list": session_list, "imopenlines.dialog.get": dialog_get,
    "imopenlines.session.open": session_open, "imopenlines.session.history.get": history_get,
    "imopenlines.session.head.vote": head_vote, "imopenlines.crm.chat.get": crm_chats,
    "im.recent.list": recent_list, "im.search.chat.list": search, "im.chat.get": chat_get, "im.user.list.get": users,
    "im.dialog.messages.get": messages_get, "im.dialog.users.list": dialog_users,
    "im.v2.file.download": file_download, "disk.file.get": disk_file, "crm.activity.list": activities,
    "user.get": employees,
}  # fmt: skip
