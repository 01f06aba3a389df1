"""Tolerant reading: values in every form, large texts in pieces, junk that raises nothing but ViewerError."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.bitrix import Refused, read_saved
from viewer.bitrix.activities import parse_activity
from viewer.bitrix.answers import Answer, batch_answers, read_answer
from viewer.bitrix.cards import parse_cards
from viewer.bitrix.dialogs import parse_dialog
from viewer.bitrix.files import parse_files
from viewer.bitrix.histories import parse_history
from viewer.bitrix.messages import parse_message, parse_page
from viewer.bitrix.people import parse_people
from viewer.bitrix.reading import (
    decimal,
    decode,
    flag,
    items,
    link,
    moment,
    record,
    unescaped,
    whole,
    wholes,
    without_tags,
    words,
)
from viewer.bitrix.recents import parse_recent
from viewer.bitrix.sessions import parse_session
from viewer.bitrix.webhook import Webhook
from viewer.chat import Transcript, rows
from viewer.errors import ViewerError

NAN = float("nan")


def test_keys_in_every_spelling_are_one_key() -> None:
    for key in ("authorId", "author_id", "AUTHOR_ID", "authorid", "AuthorID"):
        assert record({key: 5}) == {"authorid": 5}
    assert record({"chatId": None, "chat_id": 5}) == {"chatid": 5}
    assert record({"chatId": 4, "chat_id": 5}) == {"chatid": 4}
    assert record([]) == record(None) == record("x") == {}


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5), ("5", 5), (" 5 ", 5), ("-5", -5), (5.9, 5), ("5.9", 5), (True, 1), (None, 0), ("", 0), ("x5", 0),
        ("²", 0), (NAN, 0), (float("inf"), 0), ("9" * 400, 0), (2**80, 0), (1e300, 0), ([5], 0), ({}, 0),
    ],
)  # fmt: skip
def test_whole(value: object, number: int) -> None:
    assert whole(value) == number


@pytest.mark.parametrize(
    ("value", "number"), [("1.5", 1.5), (2, 2), (None, 0), ("x", 0), (NAN, 0), (10**400, 0), ([], 0)]
)
def test_decimal(value: object, number: float) -> None:
    assert decimal(value) == number


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (True, True),
        ("Y", True),
        ("y", True),
        (1, True),
        ("true", True),
        ("N", False),
        ("", False),
        (0, False),
        (None, False),
        ([1], False),
    ],
)
def test_flag(value: object, answer: bool) -> None:
    assert flag(value) is answer


EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("value", "when"),
    [
        ("2026-03-11T13:12:46+02:00", datetime(2026, 3, 11, 13, 12, 46, tzinfo=EAST)),
        ("2026-03-11T11:12:46Z", datetime(2026, 3, 11, 11, 12, 46, tzinfo=UTC)),
        ("2026-03-11 11:12:46", datetime(2026, 3, 11, 11, 12, 46, tzinfo=UTC)),
        (1773223966, datetime(2026, 3, 11, 10, 12, 46, tzinfo=UTC)),
        ("1773223966.0", datetime(2026, 3, 11, 10, 12, 46, tzinfo=UTC)),
        (32_536_850_401, datetime(3001, 1, 19, 22, 0, 1, tzinfo=UTC)),  # Windows itself converts none after it
        ("1970-01-01T00:00:00+03:00", datetime(1969, 12, 31, 21, tzinfo=UTC)),
        (False, None),
        (None, None),
        (0, None),
        (-1, None),
        (-86_400_000_000, None),
        ("0000-00-00 00:00:00", None),
        ("0000-00-00", None),
        ("1969-12-31T23:59:59Z", None),
        (999_999_999_999_999, None),
        ("", None),
        ("tomorrow", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-12:00", None),
        (1e300, None),
        (NAN, None),
        (5, None),
    ],
)
def test_moment(value: object, when: datetime | None) -> None:
    assert moment(value) == when


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("/upload/a.png", "https://p.ru/upload/a.png"),
        ("https://cdn.ru/a.png", "https://cdn.ru/a.png"),
        ("/bitrix/js/im/images/blank.gif", ""),
        ("", ""),
        (None, ""),
        (False, ""),
        ("http://[broken", ""),
    ],
)
def test_link(value: object, address: str) -> None:
    assert link(value, "https://p.ru") == address


def test_lists_and_texts() -> None:
    assert items({"a": 1, "b": 2}) == items([1, 2]) == [1, 2]
    assert items(None) == items("ab") == []
    assert wholes({"0": "5", "1": None}) == wholes("5") == wholes([5]) == (5,)
    assert (words(5), words(None), words(True), words([1])) == ("5", "", "", "")
    assert unescaped("a<br />\nb &amp;amp; c") == "a\nb &amp; c"
    assert without_tags("<b>x</b> 1 < 2 &gt; 0") == "x 1 < 2 > 0"


# --- decoding in pieces ---

_SURROGATES = re.compile(r"[\ud800-\udfff]")


def test_a_large_text_is_decoded_as_json_does() -> None:
    message: dict[str, object] = {"id": "1", "text": 'é"\\ 😀', "n": [1, 2.5, -3e4, None, True, {"x": []}]}
    value = {
        "result": {"message": {str(at): message for at in range(3000)}, "list": [[], {}, [message]], "e": {}},
        "t": 0,
    }
    for indent in (None, 1):
        text = json.dumps(value, indent=indent)
        assert len(text) > 200_000
        assert decode(text) == decode(text.encode()) == value


@pytest.mark.parametrize("end", ["", "}", "]", ",", "x", '{"a"', '{"a":1,', "[1,", "[1 2]", '{"a" 1}', "{1:2}", "[],"])
def test_a_large_broken_text_is_refused_as_json_does(end: str) -> None:
    text = " " * 200_000 + end
    with pytest.raises(ValueError, match=r".*"):
        json.loads(text)
    with pytest.raises(ValueError, match=r".*"):
        decode(text)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_pieces_and_json_agree(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False)):
        padded = " " * 200_000 + text + "\n"
        assert decode(padded) == json.loads(text)
        if not _SURROGATES.search(text):  # which no bytes hold
            assert decode(("\ufeff" + padded).encode()) == json.loads(text)


def test_bytes_that_are_no_utf_8_are_shown_as_such() -> None:
    body = b'{"result": {"text": "' + b"\xff\xd0" + b'", "k\xff": 1, "n": "\xd0\x96"}}' + b" " * 200_000
    assert decode(body) == {"result": {"text": "\ufffd\ufffd", "k\ufffd": 1, "n": "Ж"}}


# --- junk ---

KEYS = (
    "result", "error", "message", "messages", "users", "files", "chat", "params", "attach", "blocks", "MESSAGE", "grid",
    "link", "rich_link", "user", "image", "file", "delimiter", "id", "chatid", "senderid", "author_id", "date", "text",
    "textlegacy", "fileId", "FILE_ID", "keyboard", "BUTTONS", "class", "componentId", "imolVoteSid", "imolVoteUser",
    "entity_data_1", "entityId", "entityType", "name", "sessionId", "canVoteHead", "openlines", "canvoteashead",
    "lines", "size", "color", "forward", "like", "isDeleted", "title", "status", "time", "next", "result_error",
    "0", "5", "COMMUNICATIONS", "VALUE", "PROVIDER_PARAMS", "USER_CODE", "ASSOCIATED_ENTITY_ID", "waitAnswer",
)  # fmt: skip
TEXTS = (
    "", "Y", "N", "0", "5", "-1", "²", "chat5", "livechat|22|1|5", "imol|a|²|c|d", "imol|5",
    "2026-03-11T13:12:46+02:00",
    "0001-01-01T00:00:00", "LINES", "<br />&amp;", "http://[", "bx-messenger-content-item-ol-start", "9" * 5000,
    "Y|LEAD|5|N|N|7", "LEAD|x|DEAL", "\ud800", "lines", "[USER=5][/USER]",
)  # fmt: skip
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(TEXTS)
    | st.integers(-5, 10)
)  # fmt: skip
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=8),
    max_leaves=40,
)

Reader = Callable[[Any], object]


def _drained(parse: Callable[[Any], Iterator[Any]]) -> Reader:
    return lambda value: list(parse(value))


READERS: tuple[Reader, ...] = (
    parse_message,
    parse_cards,
    parse_people,
    parse_files,
    parse_dialog,
    parse_session,
    parse_activity,
    parse_recent,
    parse_page,
    _drained(parse_history),
    lambda value: batch_answers(value, {"0": ("x", {}), "5": ("y", {})}),
    lambda value: read_answer(json.dumps(value), 200),
    lambda value: read_saved(json.dumps(value)),
    lambda value: read_saved(json.dumps({"result": {"message": value, "users": value, "files": value, "chat": value}})),
    lambda value: read_saved(json.dumps({"messages": value, "users": value})),
)


@settings(max_examples=400, deadline=None)
@given(junk)
def test_junk_raises_nothing_but_a_viewer_error(value: Any) -> None:
    for reader in READERS:
        with suppress(ViewerError):
            reader(value)


@settings(max_examples=200, deadline=None)
@given(st.lists(junk, max_size=6))
def test_as_many_messages_come_out_as_went_in(value: list[Any]) -> None:
    (batch,) = parse_history({"message": value})
    assert len(batch.messages) == len(value)
    assert rows(Transcript().with_batch(batch)) or not value


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_an_answer_or_an_error(body: bytes) -> None:
    for status in (200, 302, 403, 500):
        with suppress(ViewerError):
            assert isinstance(read_answer(body, status), Answer)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="htps:/rest1a.?#[]@ \n'\"curl|%", max_size=60) | st.text(max_size=30))
def test_any_text_is_a_webhook_or_an_error(text: str) -> None:
    with suppress(ViewerError):
        assert isinstance(Webhook.parse(text), Webhook)


def test_refused_is_told_from_a_saved_answer() -> None:
    with pytest.raises(Refused):
        read_saved('{"error": "ACCESS_DENIED"}')
