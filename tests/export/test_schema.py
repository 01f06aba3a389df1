"""The schema of the JSON export: every key, of the type that the module's head promises, in each conversation."""

import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.export.conversation import CLIENT, EXPORT, TRANSCRIPT, at, said
from viewer.chat import CrmLink, Forward, Message, MessageKind, Sticker, Transcript
from viewer.export import Export
from viewer.export import json as module
from viewer.export.json import document, text

Shape = Any  # a type, a tuple of types, a list of one shape, or a dict of shapes

DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)")
FIGURES: Shape = {
    "messages": int, "by_client": int, "by_operators": int, "by_bots": int, "files": int,
    "first_reply": (int, None), "longest_wait": (int, None), "duration": int,
}  # fmt: skip
SESSION: Shape = {
    "id": int, "line": str, "connector": str, "operator_id": int, "operator": str, "opened": ("date", None),
    "closed": ("date", None), "status": str, "close_reason": str, "client_vote": str, "head_vote": int,
    "head_comment": str, "figures": FIGURES,
}  # fmt: skip
FILE: Shape = {
    "id": int, "name": str, "kind": str, "size": int, "width": int, "height": int, "date": ("date", None),
    "author_id": int, "missing": bool, "read": bool, "path": str,
}  # fmt: skip
MESSAGE: Shape = {
    "id": int, "chat_id": int, "session_id": int, "date": "date", "author_id": int, "author": str, "side": str,
    "kind": str, "internal": bool, "text": str, "markdown": bool, "plain": str, "nodes": list,
    "cards": [{"color": str, "token": str, "description": str, "blocks": list}], "files": [int],
    "buttons": [{"text": str, "url": str}], "edited": bool, "deleted": bool, "pinned": bool, "delivery": str,
    "reply_to": int, "forward": ({"message_id": int, "person_id": int, "chat_title": str}, None), "likes": [int],
    "reactions": [{"code": str, "emoji": str, "people": [int], "count": int}],
    "sticker": ({"url": str, "name": str}, None),
    "votes": ({"session_id": int, "client": int, "head": int, "comment": str}, None), "problem": str, "number": int,
    "in_session": int, "waited": (int, None),
}  # fmt: skip
DOCUMENT: Shape = {
    "schema": str, "title": str, "host": str, "portal": str, "exported_at": "date", "exported_by": str,
    "filters": str, "version": str, "language": str, "missing": [str],
    "evidence": (
        {"content": str,
         "answers": [{"method": str, "subject": str, "read_at": "date", "size": int, "sha256": str}]},
        None,
    ),
    "dialog": (
        {"chat_id": int, "name": str, "user_code": str, "connector": str, "line_id": int,
         "crm": [{"type": str, "id": int}]},
        None,
    ),
    "sessions": [SESSION], "people": [{"id": int, "name": str, "side": str, "position": str}], "files": [FILE],
    "messages": [MESSAGE],
}  # fmt: skip


def faults(value: Any, shape: Shape, place: str = "") -> list[str]:
    """Where a value is not of its shape."""
    if isinstance(shape, tuple):
        return [] if any(not faults(value, each) for each in shape) else [f"{place}: {value!r}"]
    if isinstance(shape, dict):
        if not isinstance(value, dict) or set(value) != set(shape):
            return [f"{place}: {sorted(set(value) ^ set(shape)) if isinstance(value, dict) else value!r}"]
        return [fault for name, each in shape.items() for fault in faults(value[name], each, f"{place}.{name}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{place}: {value!r}"]
        return [fault for at, each in enumerate(value) for fault in faults(each, shape[0], f"{place}[{at}]")]
    if shape == "date":
        good = isinstance(value, str) and bool(DATE.match(value)) and bool(datetime.fromisoformat(value).tzinfo)
    else:
        good = value is None if shape is None else type(value) is shape
    return [] if good else [f"{place}: {value!r}"]


RICH = replace(
    TRANSCRIPT,
    dialog=replace(TRANSCRIPT.dialog, crm=(CrmLink("deal", 1),)) if TRANSCRIPT.dialog else None,
    messages=(
        *TRANSCRIPT.messages,
        said(90, CLIENT, at(9, 0, 13), "", sticker=Sticker("", "cat"), kind=MessageKind.UNKNOWN, problem="x"),
        said(91, CLIENT, at(9, 1, 13), "x", forward=Forward(5, 12, "chat")),
    ),
)


@pytest.mark.parametrize(
    "export",
    [EXPORT, replace(EXPORT, transcript=RICH), replace(EXPORT, internal=False), Export(Transcript())],
    ids=["conversation", "rich", "seen", "empty"],
)
def test_every_value_is_of_its_type(export: Export) -> None:
    made = json.loads(text(export))
    assert faults(made, DOCUMENT) == []
    assert made == json.loads(json.dumps(document(export), default=module._plainly))


def test_a_wrong_value_is_found() -> None:
    made = json.loads(text(EXPORT))
    made["messages"][3]["date"] = "yesterday"
    made["sessions"][0]["head_vote"] = True
    del made["files"][0]["kind"]
    assert faults(made, DOCUMENT) == [
        ".sessions[0].head_vote: True",
        ".files[0]: ['kind']",
        ".messages[3].date: 'yesterday'",
    ]


def test_every_key_is_described() -> None:
    told = module.__doc__ or ""
    keys = [*DOCUMENT, *SESSION, *FIGURES, *FILE, *MESSAGE]
    assert [key for key in keys if f'"{key}"' not in told] == []
    assert module.SCHEMA in told
    assert re.fullmatch(r"[a-z-]+/\d+", module.SCHEMA)


def test_it_reads_as_one_document_does() -> None:
    made = text(replace(EXPORT, transcript=RICH))
    assert made.startswith('{\n "schema": "openlines-viewer/1",\n')
    assert made.endswith("\n ]\n}\n")
    assert made == json.dumps(json.loads(made), ensure_ascii=False, indent=1) + "\n"


def test_figures_votes_and_numbers() -> None:
    made = document(EXPORT)
    assert made["sessions"][0]["figures"]["first_reply"] == 720
    numbers = {message["id"]: message["number"] for message in made["messages"]}
    assert (numbers[1], numbers[2], numbers[12], numbers[13]) == (0, 1, 0, 11)
    assert {message["in_session"] for message in made["messages"]} == {321}
    assert [message["waited"] for message in made["messages"] if message["waited"]] == [720, 180, 60]


def test_no_address_of_a_file_is_written() -> None:
    files = {1: replace(TRANSCRIPT.files[1], url_show="https://h.example/f?sign=topsecret", url_download="x?topsecret")}
    message = Message(3, 1777, CLIENT, at(9, 0), "", file_ids=(1,))
    assert "topsecret" not in text(replace(EXPORT, transcript=replace(TRANSCRIPT, messages=(message,), files=files)))
