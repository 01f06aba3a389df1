"""Messages: kinds, parameters in every spelling, and what cannot be read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.bitrix.scripted import good, script
from viewer.bitrix import BadAnswer
from viewer.bitrix.histories import parse_history
from viewer.bitrix.messages import NEVER, pages, parse_message, parse_page
from viewer.chat import Button, Delivery, Forward, Message, MessageKind, Votes

OL = "bx-messenger-content-item-ol-"


def message(params: object = None, /, **given: object) -> Message:
    return parse_message(
        {"id": 5, "author_id": 0, "date": "2026-03-11T13:12:46+02:00", "text": "t", "params": params, **given}
    )


@pytest.mark.parametrize(
    ("params", "author", "kind"),
    [
        ({}, 103, MessageKind.TEXT),
        ([], 103, MessageKind.TEXT),
        ({"class": OL + "output"}, 103, MessageKind.TEXT),
        ({"class": OL + "start"}, 0, MessageKind.SESSION_START),
        ({"CLASS": "x " + OL + "start y"}, 0, MessageKind.SESSION_START),
        ({"class": OL + "end"}, 0, MessageKind.SESSION_END),
        ({"class": OL + "end", "componentId": "bx-imopenlines-message", "imolVoteSid": 4}, 0, MessageKind.SESSION_END),
        (
            {"class": OL + "output", "componentId": "bx-imopenlines-message", "imolForm": "offline"},
            0,
            MessageKind.AUTOMATIC,
        ),
        ({"class": OL + "output bx-messenger-content-item-vote", "imolVote": "like"}, 0, MessageKind.VOTE_REQUEST),
        ({"class": OL + "output", "imolVote": 321}, 0, MessageKind.VOTE_REQUEST),
        ({"class": "bx-messenger-content-item-system"}, 0, MessageKind.NOTE),
        ({"componentId": "bx-imopenlines-form", "crmFormId": "3", "connectorMid": ["1"]}, 0, MessageKind.FORM),
        ({"attach": [{"blocks": [{"message": "m"}]}]}, 0, MessageKind.NOTE),
        ({"componentId": "bx-imopenlines-message", "imolVoteHead": 0}, 0, MessageKind.SESSION_END),
        ({"connectorMid": ["18149"]}, 0, MessageKind.AUTOMATIC),
        ({"IMOL_SID": 4}, 0, MessageKind.SESSION_START),
        ({"CODE": ["CHAT_JOIN"], "NOTIFY": "N"}, 0, MessageKind.MEMBER),
        ([], 0, MessageKind.SYSTEM),
    ],
)
def test_kinds(params: object, author: int, kind: MessageKind) -> None:
    assert message(params, author_id=author).kind is kind


@pytest.mark.parametrize(
    ("params", "text", "session"),
    [
        ({"class": OL + "start", "imolSid": "343"}, "", 343),
        ({"class": OL + "start"}, "Начат новый диалог №[URL=/online/?IM_HISTORY=imol|12]12[/URL]", 12),
        (
            {"class": OL + "start"},
            "[URL=/online/?IM_HISTORY=imol%7C14]14[/URL] on [URL=/online/?IM_HISTORY=imol%7C12]12[/URL]",
            14,
        ),
        ({"class": OL + "start"}, "no link", 0),
        ({"class": OL + "end", "imolVoteSid": 469}, "t", 469),
        ({"class": OL + "output", "imolVote": "321"}, "t", 321),
        ({}, "see imol|12", 0),
    ],
)
def test_sessions(params: object, text: str, session: int) -> None:
    assert message(params, text=text).session_id == session


def test_the_session_that_a_clients_message_opened() -> None:
    assert message({"IMOL_SID": 343}, author_id=9).session_id == 343


@pytest.mark.parametrize(
    ("params", "votes"),
    [
        (
            {"imolVoteSid": 4, "imolVoteUser": 5, "imolVoteHead": "3", "imolCommentHead": "a &amp; b"},
            Votes(4, 5, 3, "a & b"),
        ),
        ({"IMOL_VOTE_SID": "4", "IMOL_VOTE_USER": "1"}, Votes(4, 1)),
        ({"imolVoteSid": 4, "imolVoteUser": "like"}, Votes(4, 5)),
        ({"imolVoteSid": 4, "imolVoteUser": 77, "imolVoteHead": 77}, Votes(4, 5, 5)),
        ({}, None),
    ],
)
def test_votes(params: dict[str, object], votes: Votes | None) -> None:
    assert message({"class": OL + "end", **params}).votes == votes


def test_the_clients_answer_to_a_rating_request() -> None:
    asked = {"class": OL + "output bx-messenger-content-item-vote"}
    assert message({**asked, "imolVote": 321}).votes == Votes(321)
    assert message({**asked, "imolVote": "dislike"}).votes == Votes(0, 1)
    assert message({"imolVote": "like"}, author_id=3).votes is None


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"isEdited": "Y"}, {"edited": True}),
        ({"IS_EDITED": True}, {"edited": True}),
        ({"isDeleted": "Y"}, {"deleted": True}),
        ({"IS_DELETED": "N"}, {"deleted": False}),
        ({"IS_PINNED": True}, {"pinned": True}),
        ({"isDelivered": "N"}, {"delivery": Delivery.PENDING}),
        ({"IS_DELIVERED": "Y"}, {"delivery": Delivery.DELIVERED}),
        ({"IS_DELIVERED": None}, {"delivery": Delivery.DELIVERED}),
        ({"SENDING": "Y"}, {"delivery": Delivery.PENDING}),
        ({"isError": "Y", "isDelivered": "N"}, {"delivery": Delivery.FAILED}),
        ({"REPLY_ID": "8"}, {"reply_to": 8}),
        ({"FORWARD_ID": 7, "FORWARD_USER_ID": "6", "FORWARD_CHAT_TITLE": "News"}, {"forward": Forward(7, 6, "News")}),
        ({"forward": {"id": 7, "userId": 6}}, {"forward": Forward(7, 6)}),
        ({"LIKE": [547, "3", "x"]}, {"likes": (547, 3)}),
        ({"like": {"0": 547}}, {"likes": (547,)}),
        ({"FILE_ID": [1, "2"]}, {"file_ids": (1, 2)}),
        ({"fileId": 5437}, {"file_ids": (5437,)}),
        ({"NAME": "Robot", "AVATAR": "/upload/r.png"}, {"author_name": "Robot", "author_avatar": "/upload/r.png"}),
        ({"keyboard": "N"}, {"buttons": ()}),
    ],
)
def test_parameters(params: object, expected: dict[str, Any]) -> None:
    found = message(params, author_id=3)
    assert {name: getattr(found, name) for name in expected} == expected


def test_a_keyboard() -> None:
    buttons = [
        {"TEXT": "Yes", "LINK": "/x", "DISPLAY": "LINE"},
        {"TYPE": "NEWLINE"},
        {"text": "No", "action": "SEND"},
        {"TEXT": ""},
        None,
    ]
    expected = (Button("Yes", "/x"), Button("No", new_line=True))
    assert message({"KEYBOARD": {"BUTTONS": buttons}}).buttons == expected
    assert message({"keyboard": buttons}).buttons == expected


def test_the_dates_offset_is_kept() -> None:
    assert message().date.isoformat() == "2026-03-11T13:12:46+02:00"
    assert message(date="2026-03-11T13:12:46").date.isoformat() == "2026-03-11T13:12:46+00:00"
    assert message(date=1773224138).date == datetime(2026, 3, 11, 10, 15, 38, tzinfo=UTC)


def test_an_empty_message_says_that_it_may_be_a_sticker() -> None:
    found = message(text="", author_id=4)
    assert found.kind is MessageKind.UNKNOWN
    assert "sticker" in found.problem
    assert message(text="", author_id=0).problem == "An empty line of the portal."


@pytest.mark.parametrize(
    "params", [{"FILE_ID": [1]}, {"ATTACH": [{"BLOCKS": [{"MESSAGE": "x"}]}]}, {"IS_DELETED": "Y"}, {"FORWARD_ID": 3}]
)
def test_an_empty_text_with_something_else_is_no_problem(params: object) -> None:
    found = message(params, text="", author_id=4)
    assert (found.kind, found.problem) == (MessageKind.TEXT, "")


def test_the_old_rendering_stands_in_for_a_missing_text() -> None:
    found = message(text=None, textlegacy="<b>A</b> &amp; <a href='/x'>B</a><br />C")
    assert found.text == "A & B\nC"


@pytest.mark.parametrize(
    ("junk", "text"),
    [
        (None, ""),
        (7, "7"),
        (True, ""),
        ("just text", "just text"),
        ([], ""),
        ([1], ""),
        ({}, ""),
        ({"id": "x"}, ""),
        ({"date": "yesterday", "text": "kept"}, "kept"),
    ],
)
def test_nothing_is_dropped(junk: object, text: str) -> None:
    found = parse_message(junk)
    assert (found.kind, found.text) == (MessageKind.UNKNOWN, text)
    assert found.problem
    assert found.id < 0


def test_halves_of_broken_characters_do_not_travel_on() -> None:
    assert message(text="a\ud83d b").text.encode() == "a\ufffd b".encode()


def test_a_message_without_a_date_stands_where_its_number_puts_it() -> None:
    given = {
        str(at): {"id": str(at), "senderid": "1", "text": "x", "textlegacy": "x", "date": date}
        for at, date in ((1, "2026-01-01T10:00:00Z"), (2, "?"), (3, "2026-01-02T10:00:00Z"))
    }
    (batch,) = parse_history({"chatId": 4, "message": given})
    assert [each.id for each in batch.messages] == [1, 2, 3]
    assert batch.messages[1].kind is MessageKind.UNKNOWN
    assert NEVER not in [each.date for each in batch.messages]


def test_messages_of_one_second_stand_by_number() -> None:
    given = [{"id": at, "senderid": 1, "text": "x", "date": "2026-01-01T10:00:00Z"} for at in (12, 2, 101)]
    (batch,) = parse_history({"chatId": 4, "message": given})
    assert [each.id for each in batch.messages] == [2, 12, 101]


def test_a_long_history_comes_in_portions() -> None:
    given = {
        str(at): {"id": str(at), "senderid": "1", "text": "x", "date": "2026-01-01T10:00:00Z"} for at in range(1, 1201)
    }
    batches = list(parse_history({"chatId": 4, "sessionId": 9, "message": given}))
    assert [len(batch.messages) for batch in batches] == [500, 500, 200]
    assert {batch.expected for batch in batches} == {1200}
    assert [batch.session is not None for batch in batches] == [True, False, False]


# --- pages of a chat ---


def page(*ids: int) -> object:
    listed = [{"id": at, "chat_id": 5, "author_id": 1, "date": "2026-01-01T10:00:00Z", "text": "x"} for at in ids]
    return {"chat_id": 5, "messages": listed, "users": [], "files": []}


def test_paging_back_to_the_beginning() -> None:
    portal = script(im__dialog__messages__get=[good(page(9, 8, 7)), good(page(7, 6, 5)), good(page())])
    found = [[each.id for each in batch.messages] for batch in pages(portal.portal(), 5)]
    assert found == [[7, 8, 9], [5, 6]]
    assert [asked.body for asked in portal.asked] == [
        {"DIALOG_ID": "chat5", "LIMIT": 50},
        {"DIALOG_ID": "chat5", "LIMIT": 50, "LAST_ID": 7},
        {"DIALOG_ID": "chat5", "LIMIT": 50, "LAST_ID": 5},
    ]


@pytest.mark.parametrize("stuck", [page(9, 8), page(10, 9, 8), page(10)])
def test_paging_stops_when_the_server_does_not_go_on(stuck: object) -> None:
    portal = script(im__dialog__messages__get=[good(page(9, 8)), good(stuck)])
    found = [each.id for batch in pages(portal.portal(), 5) for each in batch.messages]
    assert sorted(set(found)) == sorted(found)
    assert len(portal.asked) == 2


def test_what_is_no_page() -> None:
    with pytest.raises(BadAnswer):
        parse_page([])
