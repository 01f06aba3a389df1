"""The portal's JSON as the seed pages show it: strings for ids, `[]` for `{}`, four key spellings (§5.3, §6.1)."""

from collections.abc import Iterable
from datetime import datetime

from viewer.demo.world import BOT, HEAD, ZONE, Chat, FileRecord, Line, Message, Session, User, World
from viewer.i18n import from_unix

Json = dict[str, object]
HOST = "zerno.bitrix24.example"
BLANK = "/bitrix/js/im/images/blank.gif"
COLORS = ("#4ba984", "#ba9c7b", "#58cc47", "#ab7761", "#5b8fb0", "#9c6bb5", "#c07a3c")


def iso(moment: datetime) -> str:
    """A moment as the portal writes it, in its own zone."""
    return moment.astimezone(ZONE).isoformat(timespec="seconds")


def mapping(pairs: Iterable[tuple[object, object]]) -> object:
    """An object as PHP encodes it: `[]` when empty."""
    made = {str(key): value for key, value in pairs}
    return made or []


def snake(key: str) -> str:
    """`connectorMid` as `CONNECTOR_MID`."""
    return "".join("_" + letter if letter.isupper() else letter.upper() for letter in key)


# --- people ---


def user(person: User) -> Json:
    """A user of a history (§5.5)."""
    client, bot = person.kind == "client", person.kind == "bot"
    return {
        "id": str(person.id), "name": person.name, "active": True, "firstName": person.first, "lastName": person.last,
        "workPosition": person.position or None, "color": COLORS[person.id % len(COLORS)], "avatar": BLANK,
        "avatarId": None, "birthday": False, "gender": "M", "phoneDevice": False, "phones": False, "extranet": client,
        "network": False, "bot": bot, "connector": client, "profile": f"/company/personal/user/{person.id}/",
        "externalAuthId": "imconnector" if client else "bot" if bot else "socservices", "status": "online",
        "idle": False, "lastActivityDate": False, "mobileLastDate": False, "desktopLastDate": False,
        "departments": [] if client else [1, 7], "absent": False, "type": "bot" if bot else "user",
        "services": None, "botData": None,
    }  # fmt: skip


def user_row(person: User) -> Json:
    """A user of `im.dialog.messages.get` and `im.user.list.get`."""
    row: Json = {snake(key).lower(): value for key, value in user(person).items()}
    return row | {"id": person.id, "website": "", "email": ""}


# --- files ---


def _address(file: FileRecord, action: str, more: str = "") -> str:
    query = f"action=disk.api.file.{action}&SITE_ID=s1&humanRE=1&fileId={file.id}{more}"
    query += f"&_esd=oYQLNdHU%3D&fileName={file.name}"
    return f"https://{HOST}/bitrix/services/main/ajax.php?{query}"


def file_row(file: FileRecord, author: str) -> Json:
    """A file of `im.dialog.messages.get` (§9.1)."""
    download = _address(file, "download", "&exact=N")
    picture = file.type == "image"
    viewer = {
        "viewer": "", "viewerType": "image" if picture else "unknown", "src": download, "viewerResized": "",
        "objectId": str(file.id), "viewerGroupBy": str(file.chat_id), "imChatId": file.chat_id, "title": file.name,
        "actions": '[{"type":"download"}]',
    }  # fmt: skip
    preview = {"250": _address(file, "showImage", "&width=250&height=250&signature=c28f&exact=Y")}
    return {
        "id": file.id, "chatId": file.chat_id, "date": iso(file.moment), "type": file.type, "name": file.name,
        "extension": file.extension, "size": file.size,
        "image": {"height": file.height, "width": file.width} if picture else False, "status": "done", "progress": 100,
        "authorId": file.author_id, "authorName": author, "urlPreview": download if picture else "",
        "urlShow": _address(file, "showImage", "&width=1280&height=1280&signature=d100") if picture else download,
        "urlDownload": download, "viewerAttrs": viewer, "mediaUrl": {"preview": preview} if picture else [],
        "isTranscribable": False, "isVideoNote": False, "isVoiceNote": file.name.startswith("voice"),
    }  # fmt: skip


def flattened(value: object) -> object:
    """Keys that were camelCase already, as a history flattens them (§5.3)."""
    if isinstance(value, dict):
        return {key.lower(): flattened(inner) for key, inner in value.items()}
    return value


# --- messages ---


def history_message(message: Message, chat: Chat) -> Json:
    """A message of a history (§5.4)."""
    plain = message.text.replace("[B]", "<b>").replace("[/B]", "</b>").replace("\n", "<br />")
    return {
        "id": str(message.id), "chatid": str(chat.id), "senderid": str(message.author_id),
        "recipientid": f"chat{chat.id}", "date": iso(message.moment), "text": message.text, "textlegacy": plain,
        "params": {key: value for key, value in message.params.items() if key != "reactions"} or [],
    }  # fmt: skip


def reactions(messages: Iterable[Message]) -> dict[str, object]:
    """What newer methods put beside messages (§10.1). No history is known to have it; that of the showcase does."""
    listed: list[Json] = [
        {
            "messageId": message.id,
            "reactionCounters": {code: len(people) for code, people in given.items()},
            "reactionUsers": given,
            "ownReactions": [],
        }
        for message in messages
        if isinstance(given := message.params.get("reactions"), dict)
    ]
    return {"reactions": listed} if listed else {}


def message_row(message: Message, chat: Chat) -> Json:
    """A message of `im.dialog.messages.get` (§6)."""
    params = {snake(key): value for key, value in message.params.items() if key != "reactions"}
    return {
        "id": message.id, "chat_id": chat.id, "author_id": message.author_id, "date": iso(message.moment),
        "text": message.text, "unread": False, "uuid": None, "replaces": [], "params": params or [],
        "disappearing_date": None,
    }  # fmt: skip


# --- chats ---


def entity_data(chat: Chat) -> tuple[str, str]:
    """`entity_data_1` and `_2` (§4)."""
    last = max(chat.sessions, key=lambda session: session.id)
    created = int(chat.sessions[0].opened.timestamp())
    kind = f"Y|DEAL|{chat.deal}" if chat.deal else "N|NONE|0"
    return (
        f"{kind}|N|N|{last.id}|{created}|0|0|0",
        f"LEAD|0|COMPANY|0|CONTACT|{chat.client.id}|DEAL|{chat.deal}" if chat.deal else "",
    )


def _count(world: World, chat: Chat) -> int:
    return sum(session.count or len(world.messages(session)) for session in chat.sessions)


def history_chat(world: World, chat: Chat) -> Json:
    """The chat of a history (§5.6)."""
    first, second = entity_data(chat)
    members = [chat.client.id, chat.sessions[-1].operator_id]
    return {
        "id": str(chat.id), "parentChatId": 0, "parentMessageId": 0, "name": chat.name,
        "owner": str(chat.sessions[-1].operator_id), "color": COLORS[chat.id % len(COLORS)], "extranet": False,
        "avatar": BLANK, "call": "0", "callNumber": "", "entityType": "LINES", "entityId": chat.code,
        "entityData1": first, "entityData2": second, "entityData3": "", "messageCount": _count(world, chat),
        "public": "", "muteList": {str(member): False for member in members}, "managerList": [members[1]],
        "dateCreate": iso(chat.sessions[0].opened), "type": "lines",
        "entityLink": {"type": "LINES", "url": "", "id": chat.code}, "permissions": dict(_PERMISSIONS),
        "textFieldEnabled": True, "backgroundId": None, "messageType": "L", "isNew": False,
    }  # fmt: skip


_PERMISSIONS = {
    "manageUsersAdd": "member", "manageUsersDelete": "manager", "manageUi": "member", "manageSettings": "owner",
    "manageMessages": "member", "canPost": "member",
}  # fmt: skip


def dialog(world: World, chat: Chat) -> Json:
    """The answer of `imopenlines.dialog.get` (§4)."""
    first, second = entity_data(chat)
    owner = chat.sessions[-1].operator_id
    last = world.messages(chat.sessions[-1])[-1].id
    allowed = ("avatar", "rename", "extend", "call", "mute", "leave", "leave_owner", "send", "user_list")
    return {
        "id": chat.id, "parent_chat_id": 0, "parent_message_id": 0, "name": chat.name, "description": None,
        "owner": owner, "extranet": False, "avatar": "", "color": COLORS[chat.id % len(COLORS)], "type": "lines",
        "counter": 0, "user_counter": 2, "message_count": _count(world, chat), "unread_id": 0,
        "restrictions": dict.fromkeys(allowed, True), "last_message_id": last, "last_id": last, "marked_id": 0,
        "disk_folder_id": 0, "entity_type": "LINES", "entity_id": chat.code, "entity_data_1": first,
        "entity_data_2": second, "entity_data_3": "N", "mute_list": [],
        "date_create": iso(chat.sessions[0].opened), "message_type": "L", "public": "",
        "role": "member" if chat.member else "guest", "entity_link": {"type": "LINES", "url": "", "id": chat.code},
        "text_field_enabled": True, "background_id": None,
        "permissions": {snake(key).lower(): value for key, value in _PERMISSIONS.items()}, "is_new": False,
        "readed_list": [], "manager_list": [owner],
        "last_message_views": {"message_id": last, "first_viewers": [], "count_of_viewers": 0},
        "dialog_id": f"chat{chat.id}",
    }  # fmt: skip


def history(world: World, chat: Chat, session: Session) -> Json:
    """The answer of `imopenlines.session.history.get` (§5.2)."""
    messages = world.messages(session)
    newest = sorted(messages, key=lambda message: -message.moment.timestamp())
    authors = dict.fromkeys(message.author_id for message in messages if message.author_id)
    files = [world.files[number] for message in messages for number in file_ids(message) if number in world.files]
    operators = [number for number in authors if world.users[number].kind == "employee"]
    return {
        "chatId": chat.id, "canJoin": "Y", "canVoteHead": "Y" if session.rateable else "N", "sessionId": session.id,
        "sessionVoteHead": session.head_vote, "sessionCommentHead": session.head_comment or None,
        "userId": f"chat{chat.id}",
        "message": mapping((message.id, history_message(message, chat)) for message in newest),
        "usersMessage": {f"chat{chat.id}": [str(message.id) for message in newest]},
        "users": mapping((number, user(world.users[number])) for number in authors),
        "openlines": {"canvoteashead": {str(chat.line.id): session.rateable}},
        "userInGroup": mapping([(1, {"id": 1, "users": [str(number) for number in operators]})] if operators else []),
        "woUserInGroup": [], "chat": {str(chat.id): history_chat(world, chat)},
        "userBlockChat": {str(chat.id): {str(number): False for number in authors}},
        "userInChat": {str(chat.id): list(authors)},
        "files": mapping((file.id, flattened(file_row(file, world.users[file.author_id].name))) for file in files),
        **reactions(messages),
    }  # fmt: skip


def file_ids(message: Message) -> list[int]:
    """The files a message names."""
    named = message.params.get("fileId")
    return [number for number in named if isinstance(number, int)] if isinstance(named, list) else []


# --- lists ---


def session_row(chat: Chat, session: Session) -> Json:
    """A row of `imopenlines.v2.Session.list` (§3.1)."""
    client = chat.client.id
    messages = session.messages
    asked = next((each.moment for each in messages if each.author_id == client), None)
    answers = (
        each.moment for each in messages if each.author_id not in (0, BOT, client) and asked and each.moment > asked
    )
    answered = next(answers, None)
    return {
        "id": session.id, "configId": chat.line.id, "userId": client, "chatId": chat.id, "source": chat.connector,
        "operatorId": session.operator_id, "userCode": chat.code, "dateCreate": iso(session.opened),
        "dateClose": iso(session.closed) if session.closed else None,
        "dateFirstAnswer": iso(answered) if answered else None,
        "dateOperatorAnswer": iso(answered) if answered else None,
        "status": session.status, "closeReason": session.reason or None, "vote": session.client_vote,
        "voteHead": session.head_vote or None, "commentHead": session.head_comment or None,
        "crmEntityType": "deal" if chat.deal else None, "crmEntityId": chat.deal or None,
        "queueTransfers": session.transfers, "messageCount": session.count or len(messages),
        "waitAnswer": int((answered - asked).total_seconds()) if answered and asked else None,
        "waitClose": int((session.closed - session.opened).total_seconds()) if session.closed else None,
        "kpiFirstAnswer": None,
    }  # fmt: skip


ACTIVITY = 9000  # what the ids of activities are above those of sessions


def activity(world: World, chat: Chat, session: Session) -> Json:
    """A row of `crm.activity.list` (§3.2)."""
    end = session.closed or world.now()
    return {
        "ID": str(ACTIVITY + session.id), "ASSOCIATED_ENTITY_ID": str(session.id), "ORIGIN_ID": f"IMOL_{session.id}",
        "PROVIDER_ID": "IMOPENLINES_SESSION", "PROVIDER_TYPE_ID": str(chat.line.id),
        "PROVIDER_PARAMS": {"USER_CODE": chat.code}, "RESULT_SOURCE_ID": chat.connector, "TYPE_ID": "6",
        "SUBJECT": f"{chat.client.name} ({chat.line.name})", "CREATED": iso(session.opened), "LAST_UPDATED": iso(end),
        "START_TIME": iso(session.opened), "END_TIME": iso(end), "COMPLETED": "Y" if session.closed else "N",
        "RESPONSIBLE_ID": str(session.operator_id), "DIRECTION": "1", "OWNER_TYPE_ID": "2", "OWNER_ID": str(chat.deal),
        "COMMUNICATIONS": [
            {"TYPE": "IM", "VALUE": f"imol|{chat.code}", "ENTITY_ID": str(chat.client.id), "ENTITY_TYPE_ID": "3"},
        ],
    }  # fmt: skip


_STATUSES = {"new": 0, "answered": 40, "closed": 60, "spam": 65}


def recent(world: World, chat: Chat) -> Json:
    """An item of `im.recent.list` (§3.3)."""
    session = chat.sessions[-1]
    last = world.messages(session)[-1]
    row: Json = {"id": last.id, "text": last.text, "file": False, "author_id": last.author_id, "attach": False}
    return {
        "id": f"chat{chat.id}", "chat_id": chat.id, "type": "chat", "title": chat.name,
        "avatar": {"url": "", "color": COLORS[chat.id % len(COLORS)]},
        "message": row | {"date": iso(last.moment), "status": "received"}, "counter": 0, "last_id": last.id,
        "pinned": False, "unread": False, "date_update": iso(last.moment), "date_last_activity": iso(last.moment),
        "user": {"id": 0}, "chat": dialog(world, chat),
        "lines": {"id": session.id, "status": _STATUSES[session.status], "date_create": iso(session.opened)},
        "options": [],
    }  # fmt: skip


def line_row(line: Line) -> Json:
    """A row of `imopenlines.config.list.get` (§3.5)."""
    return {"ID": str(line.id), "LINE_NAME": line.name, "ACTIVE": "Y", "LANGUAGE_ID": line.language, "CRM": "Y"}


def profile(world: World) -> Json:
    """The answer of `profile` (§2.3)."""
    head = world.users[HEAD]
    return {
        "ID": str(HEAD), "ADMIN": False, "NAME": head.first, "LAST_NAME": head.last, "PERSONAL_GENDER": "F",
        "TIME_ZONE": "Europe/Moscow", "TIME_ZONE_OFFSET": 0,
    }  # fmt: skip


def time_of(seconds: float, operating: float, reset: int) -> Json:
    """The `time` of an answer (§1.3)."""
    shown = from_unix(seconds)
    return {
        "start": int(seconds), "finish": seconds + 0.02, "duration": 0.02, "processing": 0, "date_start": iso(shown),
        "date_finish": iso(shown), "operating_reset_at": reset, "operating": operating,
    }  # fmt: skip
