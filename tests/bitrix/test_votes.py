"""The rating on the wire: one request whatever happens, and what the history tells of it."""

import json

import httpx
import pytest

from tests.bitrix.scripted import Answer, Script, bad, good
from viewer import i18n
from viewer.bitrix import (
    BadAnswer,
    BadRequest,
    Busy,
    MissingScope,
    Moved,
    NotPortal,
    PortalError,
    Refused,
    ServerFault,
    TimedOut,
    Unauthorised,
    Unreachable,
    Untrusted,
    votes,
)
from viewer.chat import Rating

VOTE, HISTORY = votes.METHOD, "imopenlines.session.history.get"


def history(**more: object) -> Answer:
    return good({"chatId": 1763, "sessionId": 321, "message": [], **more})


def test_how_a_rating_looks_on_the_wire() -> None:
    portal = Script({VOTE: good(True)})
    votes.vote(portal.portal(), 321, 4, "  Хорошо 👍\nно долго ")
    assert portal.asked[0].body == {"SESSION_ID": 321, "RATING": 4, "COMMENT": "Хорошо 👍\nно долго"}
    votes.vote(portal.portal(), 321, 5)
    assert portal.asked[1].body == {"SESSION_ID": 321, "RATING": 5}
    votes.vote(portal.portal(), 321, 5, "")
    assert portal.asked[2].body == {"SESSION_ID": 321, "RATING": 5, "COMMENT": ""}
    votes.vote(portal.portal(), 321, comment="Only words")
    assert portal.asked[3].body == {"SESSION_ID": 321, "COMMENT": "Only words"}


def test_half_a_character_is_no_reason_to_fail() -> None:
    portal = Script({VOTE: good(True)})
    votes.vote(portal.portal(), 321, 4, "cut \ud83d")
    assert portal.asked[0].body["COMMENT"] == "cut \ufffd"


@pytest.mark.parametrize(
    ("session", "rating", "comment", "code"),
    [
        (321, 0, None, "EMPTY_VOTE_PARAMS"),
        (321, 0, " \n", "EMPTY_VOTE_PARAMS"),
        (321, 6, None, "EMPTY_VOTE_PARAMS"),
        (321, -1, "x", "EMPTY_VOTE_PARAMS"),
        (0, 4, None, "EMPTY_SESSION_ID"),
    ],
)
def test_what_the_portal_would_not_take_is_not_sent(session: int, rating: int, comment: str | None, code: str) -> None:
    portal = Script({VOTE: good(True)})
    with pytest.raises(BadRequest) as caught:
        votes.vote(portal.portal(), session, rating, comment)
    assert caught.value.code == code
    assert portal.asked == []


@pytest.mark.parametrize(
    ("fault", "kind", "uncertain"),
    [
        (httpx.ReadTimeout("slow"), TimedOut, True),
        (httpx.ReadError("broken"), Unreachable, True),
        (httpx.RemoteProtocolError("closed"), BadAnswer, True),
        (Answer(200, b'{"result": tr'), BadAnswer, True),
        (Answer(200, b"<!doctype html>"), NotPortal, True),
        (Answer(502, b"<html>"), ServerFault, True),
        (bad("INTERNAL_SERVER_ERROR", 500), ServerFault, True),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED]"), Untrusted, False),
        (bad("QUERY_LIMIT_EXCEEDED", 503), Busy, False),
        (bad("ACCESS_DENIED", 400), Refused, False),
        (bad("EMPTY_VOTE_PARAMS", 400), BadRequest, False),
        (bad("NO_AUTH_FOUND", 401), Unauthorised, False),
        (bad("insufficient_scope", 401), MissingScope, False),
        (Answer(302, b"", {"location": "https://new.example/rest/"}), Moved, False),
    ],
)
def test_it_is_sent_once_whatever_comes(fault: Answer | Exception, kind: type[PortalError], uncertain: bool) -> None:
    portal = Script({VOTE: fault})
    with pytest.raises(kind) as caught:
        votes.vote(portal.portal(), 321, 4, "x")
    assert portal.methods == [VOTE]
    assert portal.clock.waits == []
    assert (caught.value.method, caught.value.subject) == (VOTE, "321")
    assert votes.uncertain(caught.value) is uncertain


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("en", "The portal did not accept the rating.", "The right “Conversation rating” is missing"),
        ("ru", "Портал не принял оценку.", "Нет права «Оценка диалога»"),
    ],
)
def test_a_missing_right_is_named(language: str, title: str, detail: str) -> None:
    i18n.use(language)
    with pytest.raises(Refused) as caught:
        votes.vote(Script({VOTE: bad("ACCESS_DENIED")}).portal(), 321, 4)
    assert caught.value.title == title
    assert str(votes.no_right(321)) == str(caught.value)
    assert detail in caught.value.detail


def test_the_standing_is_read_from_the_history() -> None:
    portal = Script({HISTORY: history(canVoteHead="Y", sessionVoteHead="4", sessionCommentHead=" Fine ")})
    assert votes.standing(portal.portal(), 321) == votes.Standing(Rating(4, "Fine"), True)
    assert portal.asked[0].body == {"SESSION_ID": 321}


@pytest.mark.parametrize(
    ("told", "allowed"),
    [
        ({"canVoteHead": "N"}, False),
        ({}, False),
        ({"canVoteHead": True}, True),
        ({"canVoteHead": "N", "openlines": {"canvoteashead": {"22": True}}}, True),
        ({"openlines": {"canvoteashead": {"31": True}}}, False),
        ({"openlines": []}, False),
    ],
)
def test_the_right_stands_with_the_session_or_its_line(told: dict[str, object], allowed: bool) -> None:
    chat = {"1763": {"id": "1763", "entityId": "livechat|22|1761|599"}}
    portal = Script({HISTORY: history(chat=chat, **told)})
    assert votes.standing(portal.portal(), 321) == votes.Standing(Rating(), allowed)


def test_a_standing_that_is_no_history() -> None:
    portal = Script({HISTORY: Answer(200, json.dumps({"result": {"chatId": 1}}).encode())})
    with pytest.raises(BadAnswer):
        votes.standing(portal.portal(), 321)
