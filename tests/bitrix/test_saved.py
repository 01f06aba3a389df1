"""Saved answers: the samples of the documentation as golden files, other forms of the same, and what is no answer.

`OPENLINES_GOLDEN=1 pytest tests/bitrix/test_saved.py` writes the golden files anew; read the difference.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.bitrix import BadAnswer, Refused, read_saved
from viewer.chat import Batch, Message, MessageKind, Side, Transcript

SAMPLES = Path(__file__).parent.parent / "samples"
GOLDEN = Path(__file__).parent / "golden"


def described(batch: Batch) -> Iterator[str]:
    """A conversation as a person reads it."""
    if batch.dialog:
        yield f"dialog {batch.dialog}"
    if batch.session:
        yield f"session {batch.session}"
    yield f"can vote {batch.can_vote}, expected {batch.expected}"
    yield from (f"person {person}" for person in batch.people)
    yield from (f"file {file}" for file in batch.files)
    for message in batch.messages:
        yield from _message(message)


def _message(message: Message) -> Iterator[str]:
    place = f"#{message.id} by {message.author_id} in chat{message.chat_id}"
    yield f"{message.date.isoformat()} {place}: {message.kind.value}"
    plain = Message(0, 0, 0, message.date)
    for name in Message.__slots__:
        value = getattr(message, name)
        if name not in ("id", "chat_id", "author_id", "date", "kind", "raw") and value != getattr(plain, name):
            yield f"    {name}: {value!r}"


@pytest.mark.parametrize("name", ["seed_000", "seed_001", "seed_003", "old_server", "camel_bare"])
def test_golden(name: str) -> None:
    batch = read_saved((SAMPLES / f"{name}.json").read_bytes())
    text = "\n".join(described(batch)) + "\n"
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("OPENLINES_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_the_same_history_in_other_clothes() -> None:
    """Lists for objects, camelCase, numbers for strings, no envelope: the same conversation."""
    true = read_saved((SAMPLES / "seed_000.json").read_bytes())
    other = read_saved((SAMPLES / "camel_bare.json").read_text(encoding="utf-8"))
    assert other.messages == true.messages[-1:]
    assert (other.people, other.files, other.dialog, other.can_vote) == (
        true.people,
        true.files,
        true.dialog,
        true.can_vote,
    )


def test_an_old_servers_text_is_unescaped_once() -> None:
    batch = read_saved((SAMPLES / "old_server.json").read_bytes())
    start, message = batch.messages
    assert message.text == 'Tom & Jerry <3\nsecond line "q"'
    assert (start.kind, start.session_id) == (MessageKind.SESSION_START, 12)
    assert batch.people[0].side is Side.CLIENT


def test_text_of_a_newer_server_is_left_alone() -> None:
    history = {"result": {"message": {"1": {"id": "1", "text": "&lt;b&gt;", "textlegacy": "&lt;b&gt;"}}}}
    assert read_saved(json.dumps(history)).messages[0].text == "&lt;b&gt;"


def test_every_answer_survives_the_byte_order_mark_and_utf16() -> None:
    text = (SAMPLES / "seed_003.json").read_text(encoding="utf-8")
    for encoding in ("utf-8-sig", "utf-16"):
        assert read_saved(text.encode(encoding)) == read_saved(text)


@pytest.mark.parametrize(
    ("saved", "title"),
    [
        (b"", "The file is empty."),
        (b" \n", "The file is empty."),
        ((SAMPLES / "truncated.json").read_bytes(), "The file is not a whole answer."),
        (b"hello", "The file is not a whole answer."),
        ((SAMPLES / "page.html").read_bytes(), "The file is a web page."),
        ((SAMPLES / "not_a_history.json").read_bytes(), "The file is not a history."),
        (b"{}", "The file is not a history."),
        (b"[]", "The file is not a history."),
        (b'{"result": null}', "The file is not a history."),
        (b'{"result": {"message": "text"}}', "The file is not a history."),
    ],
)
def test_what_is_no_history(saved: bytes, title: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        read_saved(saved)
    assert caught.value.title == title


def test_a_saved_error_is_told_as_that_error() -> None:
    with pytest.raises(Refused) as caught:
        read_saved((SAMPLES / "error.json").read_bytes())
    assert caught.value.code == "ACCESS_DENIED"
    assert "недостаточно" not in str(caught.value)


def test_an_empty_history_is_an_empty_conversation() -> None:
    batch = read_saved('{"result": {"chatId": 5, "sessionId": 7, "message": [], "users": [], "chat": [], "files": []}}')
    assert batch.messages == ()
    assert batch.session is not None
    assert batch.session.id == 7


def test_pages_can_be_put_together() -> None:
    pages = [
        {
            "result": {
                "chat_id": 5,
                "messages": [{"id": at, "author_id": 1, "date": f"2026-01-0{at}T10:00:00Z", "text": "a"}],
            }
        }
        for at in (3, 1, 2)
    ]
    transcript = Transcript()
    for page in pages:
        transcript = transcript.with_batch(read_saved(json.dumps(page)))
    assert [message.id for message in transcript.messages] == [1, 2, 3]
