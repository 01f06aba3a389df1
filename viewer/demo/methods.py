"""What each method answers. A method takes the portal and its parameters, keys in upper case, and gives the result."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from viewer.demo import shapes
from viewer.demo.batches import batch
from viewer.demo.faults import Refusal
from viewer.demo.lists import activities, lines, recent_list, search, session_list
from viewer.demo.parameters import Params, number, paged
from viewer.demo.world import HEAD, Chat
from viewer.i18n import from_unix

if TYPE_CHECKING:
    from viewer.demo.portal import DemoPortal


SCOPES: Mapping[str, frozenset[str]] = {
    "imopenlines": frozenset({"imopenlines"}), "im": frozenset({"im"}), "crm": frozenset({"crm"}),
    "disk": frozenset({"disk"}), "user": frozenset({"user", "user_brief", "user_basic"}),
}  # fmt: skip


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
    return shapes.iso(from_unix(portal.clock()))


def revision(_portal: "DemoPortal", _params: Params) -> object:
    """§2.3"""
    return {"rest": 19, "web": 1, "mobile": 1}


def users(portal: "DemoPortal", params: Params) -> object:
    """`im.user.list.get` (§5.5)."""
    ids = params.get("ID")
    if not isinstance(ids, list):
        raise Refusal(400, "INVALID_FORMAT")
    found = [shapes.user_row(portal.world.users[number(each)]) for each in ids if number(each) in portal.world.users]
    return found if params.get("RESULT_TYPE") == "array" else shapes.mapping((row["id"], row) for row in found)


def employees(portal: "DemoPortal", params: Params) -> object:
    """`user.get`: employees only (§5.5)."""
    everyone = [person for person in portal.world.users.values() if person.kind == "employee"]
    rows = [{"ID": str(each.id), "NAME": each.first, "LAST_NAME": each.last, "ACTIVE": True} for each in everyone]
    return paged(rows, params, len(rows))


# --- chats ---


def _chat(portal: "DemoPortal", params: Params) -> Chat | None:
    world = portal.world
    if code := str(params.get("USER_CODE", "")).removeprefix("imol|"):
        return next((chat for chat in world.chats.values() if chat.code == code), None)
    if session := world.sessions.get(number(params.get("SESSION_ID"))):
        return world.chats[session.chat_id]
    return world.chats.get(number(params.get("CHAT_ID") or params.get("DIALOG_ID")))


def dialog_get(portal: "DemoPortal", params: Params) -> object:
    """§4"""
    chat = _chat(portal, params)
    if chat is None or all(session.denied for session in chat.sessions):
        raise Refusal(400, "ACCESS_ERROR")
    return shapes.dialog(portal.world, chat)


def session_open(portal: "DemoPortal", params: Params) -> object:
    """§3.6: the id is a string here."""
    chat = _chat(portal, {"USER_CODE": params.get("USER_CODE", "")})
    if chat is None or all(session.denied for session in chat.sessions):
        raise Refusal(400, "ACCESS_DENIED")
    return {"chatId": str(chat.id)}


def history_get(portal: "DemoPortal", params: Params) -> object:
    """§5"""
    if not params.get("SESSION_ID") and not params.get("CHAT_ID"):
        raise Refusal(400, "MISSING_REQUIRED_PARAM")
    session = portal.world.sessions.get(number(params.get("SESSION_ID")))
    if not params.get("SESSION_ID"):
        chat = portal.world.chats.get(number(params.get("CHAT_ID")))
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
    chat = portal.world.chats.get(number(params["DIALOG_ID"]))
    if chat is None or not chat.member:
        raise Refusal(403, "ACCESS_ERROR")
    world, limit = portal.world, min(50, number(params.get("LIMIT")) or 20)
    known = sorted((each for session in chat.sessions for each in world.messages(session)), key=lambda each: each.id)
    if "LAST_ID" in params:
        picked = [each for each in known if each.id < number(params["LAST_ID"])][-limit:]
    elif "FIRST_ID" in params:
        picked = [each for each in known if each.id > number(params["FIRST_ID"])][:limit]
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
    chat = portal.world.chats.get(number(params.get("DIALOG_ID")))
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
    """`imopenlines.crm.chat.get` (§3.4): by the deal, or by the client's contact where there is a deal."""
    kind, record = str(params.get("CRM_ENTITY_TYPE", "")).lower(), number(params.get("CRM_ENTITY"))
    if kind not in ("lead", "deal", "contact", "company") or not record:
        raise Refusal(400, "ERROR_ARGUMENT")
    active = str(params.get("ACTIVE_ONLY", "Y")) == "Y"
    return [
        {"CHAT_ID": str(chat.id), "CONNECTOR_ID": chat.connector, "CONNECTOR_TITLE": chat.connector}
        for chat in portal.world.chats.values()
        if chat.deal
        and {"deal": chat.deal, "contact": chat.client.id}.get(kind) == record
        and not (active and chat.sessions[-1].closed)
    ]


# --- votes and files ---


def head_vote(portal: "DemoPortal", params: Params) -> object:
    """§11.1, the only call that changes anything."""
    session = portal.world.sessions.get(number(params.get("SESSION_ID")))
    if not params.get("SESSION_ID"):
        raise Refusal(400, "EMPTY_SESSION_ID")
    stars = number(params.get("RATING"))
    if not 1 <= stars <= 5 and not params.get("COMMENT"):
        raise Refusal(400, "EMPTY_VOTE_PARAMS")
    if session is None or session.denied or not session.rateable:
        raise Refusal(400, "ACCESS_DENIED")
    session.head_vote = stars if 1 <= stars <= 5 else session.head_vote
    session.head_comment = str(params.get("COMMENT", session.head_comment))
    return True


def file_download(portal: "DemoPortal", params: Params) -> object:
    """`im.v2.File.download` (§9.3)."""
    file = portal.world.files.get(number(params.get("FILEID")))
    if file is None:
        raise Refusal(400, "FILE_NOT_FOUND")
    if file.lost in ("v2", "both"):
        raise Refusal(403, "ACCESS_DENIED")
    return {"downloadUrl": portal.link(file.id)}


def disk_file(portal: "DemoPortal", params: Params) -> object:
    """`disk.file.get` (§9.3)."""
    file = portal.world.files.get(number(params.get("ID")))
    if file is None:
        raise Refusal(400, "ERROR_NOT_FOUND")
    if file.lost == "both":
        raise Refusal(400, "ACCESS_DENIED")
    page = f"https://{shapes.HOST}/company/personal/user/17/disk/file/{file.id}/"
    return {
        "ID": str(file.id), "NAME": file.name, "SIZE": str(file.size), "TYPE": "file", "DELETED_TYPE": 0,
        "DOWNLOAD_URL": portal.link(file.id), "DETAIL_URL": page,
    }  # fmt: skip


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
