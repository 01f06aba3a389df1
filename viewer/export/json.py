"""A conversation as JSON, for programs. The schema is stable; `SCHEMA` names its version.

- `schema`, `title`, `host`, `exported_at`, `exported_by`, `missing` (sentences: what could not be read)
- `dialog`: `chat_id`, `name`, `user_code`, `connector`, `line_id`, `crm` [{`type`, `id`}]
- `sessions`: the fields of a session, dates in ISO 8601
- `people`: `id`, `name`, `side` (client, operator, bot, system), `position`
- `messages`, oldest first: `id`, `session_id`, `author_id`, `author`, `date` (ISO 8601 with the portal's own offset),
  `kind`, `text` (markup source), `plain`, `files` (ids), `cards`, `buttons`, `likes`, `reply_to`, `edited`, `deleted`,
  `pinned`, `delivery`, `internal`, `votes`
- `files`: `id`, `name`, `kind`, `size` in bytes, `width`, `height`, `author`, `missing`
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from viewer.chat import File, Message, Session
from viewer.export import facts
from viewer.export.document import Export
from viewer.markup import Context, parse, plain

SCHEMA = "openlines-viewer/1"


def as_json(export: Export) -> str:
    """The whole conversation."""
    return json.dumps(_document(export), ensure_ascii=False, indent=1) + "\n"


def _document(export: Export) -> dict[str, Any]:
    transcript, dialog = export.transcript, export.transcript.dialog
    context = facts.context(export)
    messages = [each for each in transcript.messages if export.internal or not each.internal]
    return {
        "schema": SCHEMA,
        "title": facts.title(export),
        "host": export.host,
        "exported_at": export.exported_at.isoformat(timespec="seconds"),
        "exported_by": export.exported_by,
        "missing": list(export.missing),
        "dialog": {
            "chat_id": dialog.chat_id,
            "name": dialog.name,
            "user_code": dialog.user_code,
            "connector": dialog.connector,
            "line_id": dialog.line_id,
            "crm": [asdict(link) for link in dialog.crm],
        }
        if dialog
        else None,
        "sessions": [_session(session, export) for session in transcript.sessions],
        "people": [
            {"id": each.id, "name": each.name, "side": each.side.value, "position": each.position}
            for each in transcript.people.values()
        ],
        "messages": [_message(message, export, context) for message in messages],
        "files": [_file(file) for message in messages for file in transcript.files_of(message)],
    }


def _session(session: Session, export: Export) -> dict[str, Any]:
    told = {each.name: _plain(getattr(session, each.name)) for each in fields(session)}
    if not export.internal:
        told.pop("head_vote")
        told.pop("head_comment")
    return told


def _message(message: Message, export: Export, context: Context) -> dict[str, Any]:
    author = export.transcript.author(message)
    return {
        "id": message.id,
        "session_id": message.session_id or None,
        "author_id": message.author_id,
        "author": author.name,
        "date": message.date.isoformat(),
        "kind": message.kind.value,
        "text": message.text,
        "plain": plain(parse(message.text, markdown=message.markdown), context),
        "files": list(message.file_ids),
        "cards": [_plain(card) for card in message.cards],
        "buttons": [button.text for button in message.buttons],
        "likes": list(message.likes),
        "reply_to": message.reply_to or None,
        "edited": message.edited,
        "deleted": message.deleted,
        "pinned": message.pinned,
        "delivery": message.delivery.value,
        "internal": message.internal,
        "votes": _plain(message.votes),
    }


def _file(file: File) -> dict[str, Any]:
    return {
        "id": file.id,
        "name": file.name,
        "kind": file.kind.value,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "author": file.author_name,
        "missing": file.missing,
    }


def _plain(value: Any) -> Any:
    """A record as JSON has it; the blocks of a card carry their kind."""
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return round(value.total_seconds())
        case Enum():
            return value.value
        case tuple():
            return [_plain(each) for each in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return dict(_named(value))
    return value


def _named(value: Any) -> Iterator[tuple[str, Any]]:
    name = type(value).__name__
    if name.endswith("Block") or name == "Delimiter":
        yield "block", name.removesuffix("Block").lower()
    for each in fields(value):
        yield each.name, _plain(getattr(value, each.name))
