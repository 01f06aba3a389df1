"""A conversation as JSON, in a schema of its own that does not change with the portal.

    {"schema": "openlines-viewer/1",
     "title", "host", "portal", "exported_at", "exported_by", "filters", "version", "language", "missing": [sentence],
     "evidence": {"content", "answers": [{"method", "subject", "read_at", "size", "sha256"}]} | null,
     "dialog": {"chat_id", "name", "user_code", "connector", "line_id", "crm": [{"type", "id"}]} | null,
     "sessions": [{"id", "line", "connector", "operator_id", "operator", "opened", "closed", "status",
                   "close_reason", "client_vote", "head_vote", "head_comment",
                   "figures": {"messages", "by_client", "by_operators", "by_bots", "files", "first_reply",
                               "longest_wait", "duration"}}],
     "people": [{"id", "name", "side", "position"}],
     "files": [{"id", "name", "kind", "size", "width", "height", "date", "author_id", "missing", "read",
                "path"}],
     "messages": [message]}

A message is {"id", "chat_id", "session_id", "date", "author_id", "author", "side", "kind", "internal", "text",
"markdown", "plain", "nodes", "cards", "files": [id], "buttons": [{"text", "url"}], "edited", "deleted", "pinned",
"delivery", "reply_to", "forward", "likes": [person id], "reactions": [{"code", "emoji", "people": [id], "count"}],
"sticker": {"url", "name"} | null, "votes", "problem", "number", "in_session", "waited"}. Dates are ISO 8601 with the
offset the portal sent, waits and lengths whole seconds. `text` is the markup source, `nodes` the same as
`viewer.markup.data` describes. `number` is the one in the margin of a PDF, 0 for the portal's own lines; `session_id`
stands on the messages that open and close a session, `in_session` on all. A card is {"color", "token", "description",
"blocks": [{"type", ...}]} with the fields of `viewer.chat.card`. What is not known is "", 0, null or an empty list;
keys are never left out. Keys may be added within this version.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any

from viewer.chat import Card, Figures, File, Message, MessageRow, Session
from viewer.export import facts, omissions
from viewer.export.document import Export
from viewer.export.evidence import answers
from viewer.export.tables import seconds, session_figures, session_parts, sessions_of
from viewer.i18n import language
from viewer.markup import Context, data, parse, plain

SCHEMA = "openlines-viewer/1"

_LONE = re.compile(r"[\ud800-\udfff]")


def text(export: Export) -> str:
    """The conversation as one JSON document."""
    return "".join(pieces(export))


def pieces(export: Export) -> Iterator[str]:
    """The same, message by message."""
    yield _dumped(_head(export)).removesuffix("\n}") + ',\n "messages": ['
    mark = ""
    for message in _messages(export):
        yield f"{mark}\n  " + _dumped(message).replace("\n", "\n  ")
        mark = ","
    yield "\n ]\n}\n"


def document(export: Export) -> dict[str, Any]:
    """The conversation as plain values."""
    return {**_head(export), "messages": list(_messages(export))}


def _dumped(value: dict[str, Any]) -> str:
    made = json.dumps(value, ensure_ascii=False, indent=1, default=_plainly)
    return _LONE.sub("\ufffd", made)


def _head(export: Export) -> dict[str, Any]:
    """Everything but the messages."""
    transcript = export.transcript
    dialog = transcript.dialog
    return {
        "schema": SCHEMA,
        "title": facts.title(export),
        "host": export.host,
        "portal": export.portal,
        "exported_at": export.exported_at.isoformat(),
        "exported_by": export.exported_by,
        "filters": export.filters,
        "version": export.version,
        "language": language(),
        "missing": omissions.untold(export),
        "evidence": {"content": export.evidence, "answers": answers(transcript)} if export.evidence else None,
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
        "sessions": [
            {**_session(session), "figures": _figures(session_figures(session, messages, transcript))}
            for session, messages in session_parts(export)
            if session.id
        ],
        "people": [
            {"id": person.id, "name": person.name, "side": person.side.value, "position": person.position}
            for person in transcript.people.values()
        ],
        "files": [_file(file, export) for file in transcript.files.values()],
    }


def _messages(export: Export) -> Iterator[dict[str, Any]]:
    """The messages of the rows that are exported."""
    context, placed = facts.context(export), sessions_of(export.transcript)
    spoken = [row for row in export.rows() if isinstance(row, MessageRow)]
    numbers = {row.message.id: (number, row.waited) for number, row in enumerate(spoken, start=1)}
    for message in export.messages():
        number, waited = numbers.get(message.id, (0, None))
        yield {
            **_message(message, export, context),
            "number": number,
            "in_session": placed[message.id],
            "waited": seconds(waited),
        }


def _session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "line": session.line_name,
        "connector": session.connector,
        "operator_id": session.operator_id,
        "operator": session.operator_name,
        "opened": _iso(session.opened),
        "closed": _iso(session.closed),
        "status": session.status,
        "close_reason": session.close_reason,
        "client_vote": session.client_vote,
        "head_vote": session.head_vote,
        "head_comment": session.head_comment,
    }


def _figures(known: Figures) -> dict[str, Any]:
    return {
        "messages": known.messages,
        "by_client": known.by_client,
        "by_operators": known.by_team,
        "by_bots": known.by_bot,
        "files": known.files,
        "first_reply": seconds(known.first_reply),
        "longest_wait": seconds(known.longest_wait),
        "duration": seconds(known.duration),
    }


def _file(file: File, export: Export) -> dict[str, Any]:
    """A file without its addresses: they open only for the one who is signed in, and may carry a signature."""
    return {
        "id": file.id,
        "name": file.name,
        "kind": file.kind.value,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "date": _iso(file.date),
        "author_id": file.author_id,
        "missing": file.missing,
        "read": file.id in export.pictures or file.id in export.files,
        "path": export.beside.get(file.id, ""),
    }


def _message(message: Message, export: Export, context: Context) -> dict[str, Any]:
    author = export.transcript.author(message)
    nodes = parse(message.text, base=export.root, markdown=message.markdown)
    return {
        "id": message.id,
        "chat_id": message.chat_id,
        "session_id": message.session_id,
        "date": message.date.isoformat(),
        "author_id": message.author_id,
        "author": author.name,
        "side": author.side.value,
        "kind": message.kind.value,
        "internal": message.internal,
        "text": message.text,
        "markdown": message.markdown,
        "plain": plain(nodes, context),
        "nodes": data(nodes, context),
        "cards": [_card(card) for card in message.cards],
        "files": list(message.file_ids),
        "buttons": [{"text": button.text, "url": button.url} for button in message.buttons],
        "edited": message.edited,
        "deleted": message.deleted,
        "pinned": message.pinned,
        "delivery": message.delivery.value,
        "reply_to": message.reply_to,
        "forward": asdict(message.forward) if message.forward else None,
        "likes": list(message.likes),
        "reactions": [{**asdict(reaction), "emoji": reaction.emoji} for reaction in message.reactions],
        "sticker": asdict(message.sticker) if message.sticker else None,
        "votes": asdict(message.votes) if message.votes else None,
        "problem": message.problem,
    }


def _card(card: Card) -> dict[str, Any]:
    blocks = [{"type": type(block).__name__.removesuffix("Block").lower(), **asdict(block)} for block in card.blocks]
    return {"color": card.color, "token": card.token, "description": card.description, "blocks": blocks}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _plainly(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no place in the schema")
