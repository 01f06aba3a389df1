"""The list of sessions from each source, and from the next when one is not available."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.bitrix.scripted import Answer, Script, bad, good
from viewer.bitrix import MissingScope, PlanNeeded, PortalError, Refused, Unreachable, listing, sessions
from viewer.bitrix.activities import parse_activity
from viewer.bitrix.recents import parse_recent
from viewer.bitrix.sessions import parse_session
from viewer.chat import CrmLink, Session

V2, CRM, RECENT = "imopenlines.v2.Session.list", "crm.activity.list", "im.recent.list"
SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
ABSENT = bad("ERROR_METHOD_NOT_FOUND", 404)

ROW = {
    "id": 343, "configId": 22, "userId": 599, "chatId": 1777, "source": "livechat", "operatorId": 27,
    "userCode": "livechat|22|1775|599", "dateCreate": "2026-02-01T10:00:00+03:00",
    "dateClose": "2026-02-01T11:00:00+03:00",
    "dateFirstAnswer": None, "status": "closed", "closeReason": "operator", "vote": "like", "voteHead": 4,
    "commentHead": "well", "crmEntityType": "deal", "crmEntityId": 12, "queueTransfers": 2, "messageCount": 14,
    "waitAnswer": 90, "kpiFirstAnswer": True,
}  # fmt: skip
SESSION = Session(
    343, 1777, 22, "", "livechat", 27, "", 599, "", "livechat|22|1775|599",
    datetime.fromisoformat("2026-02-01T10:00:00+03:00"), datetime.fromisoformat("2026-02-01T11:00:00+03:00"),
    "closed", "operator", "like", 4, "well", 14, timedelta(seconds=90), 2, CrmLink("deal", 12),
)  # fmt: skip
ACTIVITY = {
    "ID": "9", "ASSOCIATED_ENTITY_ID": "343", "ORIGIN_ID": "IMOL_343", "PROVIDER_TYPE_ID": "22",
    "PROVIDER_PARAMS": {"USER_CODE": "imol|livechat|22|1775|599"}, "RESULT_SOURCE_ID": "livechat",
    "SUBJECT": "Ann, chat",
    "START_TIME": "2026-02-01T10:00:00+03:00", "END_TIME": "2026-02-01T11:00:00+03:00", "COMPLETED": "Y",
    "RESPONSIBLE_ID": "27", "OWNER_TYPE_ID": "2", "OWNER_ID": "12",
}  # fmt: skip
RECENT_ITEM = {
    "id": "chat1777", "chat_id": 1777, "title": "Ann - Shop",
    "message": {"id": 5, "text": "thanks", "date": "2026-02-02T10:00:00+03:00"},
    "chat": {
        "id": 1777, "name": "Ann - Shop", "type": "lines", "entity_type": "LINES", "entity_id": "livechat|22|1775|599",
        "entity_data_1": "Y|DEAL|12|N|N|343|1|0|0|0", "owner": 27, "message_count": 14,
    },
    "lines": {"id": 343, "status": 40, "date_create": "2026-02-01T10:00:00+03:00"},
}  # fmt: skip


def names(**also: Answer) -> dict[str, Any]:
    people = [
        {"id": 27, "name": "Olga", "external_auth_id": "default"},
        {"id": 599, "name": "Ann", "connector": True},
    ]
    return {
        "imopenlines.config.list.get": good([{"ID": "22", "LINE_NAME": "Shop"}]),
        "im.user.list.get": good(people),
        **also,
    }


def listed(script: Script) -> list[Session]:
    return [session for page in listing.listed(script.portal(), SINCE, UNTIL) for session in page]


# --- rows ---


def test_a_row_of_the_new_list() -> None:
    assert parse_session(ROW) == SESSION


def test_a_row_of_the_new_list_that_knows_little() -> None:
    row = {
        "id": "5",
        "operatorId": None,
        "dateClose": None,
        "vote": "none",
        "voteHead": None,
        "waitAnswer": None,
        "userCode": "599",
    }
    assert parse_session(row) == Session(5)
    assert parse_session({}) is None


def test_an_activity() -> None:
    session = parse_activity(ACTIVITY)
    assert session is not None
    assert (session.id, session.line_id, session.connector, session.operator_id) == (343, 22, "livechat", 27)
    assert (session.client_id, session.user_code) == (599, "livechat|22|1775|599")
    assert (session.opened, session.closed, session.status) == (SESSION.opened, SESSION.closed, "closed")
    assert (session.crm, session.snippet) == (CrmLink("deal", 12), "Ann, chat")


def test_an_open_activity_names_no_end_and_takes_the_code_from_its_address() -> None:
    given = {**ACTIVITY, "ASSOCIATED_ENTITY_ID": "", "COMPLETED": "N", "PROVIDER_PARAMS": [], "RESULT_SOURCE_ID": ""}
    given |= {"COMMUNICATIONS": [{"TYPE": "IM", "VALUE": "imol|telegrambot|3|44|55"}], "PROVIDER_TYPE_ID": ""}
    session = parse_activity(given)
    assert session is not None
    assert (session.id, session.closed, session.status) == (343, None, "")
    assert (session.user_code, session.connector, session.line_id) == ("telegrambot|3|44|55", "telegrambot", 3)
    assert parse_activity({"ID": "5"}) is None


@pytest.mark.parametrize(
    ("number", "status"),
    [(0, "new"), (5, "new"), (10, "answered"), (40, "answered"), (60, "closed"), (65, "spam"), (69, "closed")],
)
def test_a_recent_chat(number: int, status: str) -> None:
    item = {**RECENT_ITEM, "lines": {"id": 343, "status": number, "date_create": "2026-02-01T10:00:00+03:00"}}
    session = parse_recent(item)
    assert session is not None
    assert (session.id, session.chat_id, session.line_id, session.status) == (343, 1777, 22, status)
    assert (session.client_name, session.line_name, session.snippet) == ("Ann", "Shop", "thanks")
    assert (session.closed is not None) == (number >= 60)


def test_what_is_no_open_line_is_no_session() -> None:
    assert parse_recent({"id": "5", "type": "user", "chat": {"id": 5, "type": "chat"}}) is None
    without = {**RECENT_ITEM, "lines": []}
    session = parse_recent(without)
    assert session is not None
    assert session.id == 343


# --- sources ---


def test_all_sessions_with_names() -> None:
    script = Script({V2: good({"sessions": [ROW], "hasNextPage": False}), **names()})
    (session,) = listed(script)
    assert (session.line_name, session.operator_name, session.client_name) == ("Shop", "Olga", "Ann")
    assert script.methods == [V2, "imopenlines.config.list.get", "im.user.list.get"]
    asked = script.asked[0].body
    assert (asked["dateCreateFrom"], asked["dateCreateTo"]) == (
        "2026-01-01T00:00:00+00:00",
        "2026-03-01T00:00:00+00:00",
    )
    assert (asked["limit"], asked["offset"]) == (200, 0)


def test_pages_are_followed_and_names_asked_for_once() -> None:
    def page(body: Any) -> Answer:
        more = body["offset"] < 400
        rows = [{**ROW, "id": 10_000 - body["offset"] - at} for at in range(200)]
        return good({"sessions": rows, "hasNextPage": more})

    script = Script({V2: page, **names()})
    found = listed(script)
    assert len({session.id for session in found}) == len(found) == 600
    assert {session.client_name for session in found} == {"Ann"}
    assert script.methods.count("im.user.list.get") == 1
    assert script.methods.count("imopenlines.config.list.get") == 1


def test_more_sessions_than_the_offset_reaches() -> None:
    """10,200 rows at most by offset: the period is then asked anew, up to the oldest seen."""
    first = datetime(2026, 2, 28, tzinfo=UTC)
    rows = [
        {**ROW, "id": 20_000 - at, "dateCreate": (first - timedelta(minutes=at)).isoformat()} for at in range(11_000)
    ]

    def page(body: Any) -> Answer:
        assert body["offset"] <= 10_000
        fitting = [row for row in rows if str(row["dateCreate"]) <= body["dateCreateTo"]]
        at = body["offset"]
        return good({"sessions": fitting[at : at + 200], "hasNextPage": len(fitting) > at + 200})

    found = listed(Script({V2: page, **names()}))
    assert len({session.id for session in found}) == len(found) == 11_000


def test_a_long_period_is_cut_into_years() -> None:
    spans: list[timedelta] = []

    def page(body: Any) -> Answer:
        spans.append(datetime.fromisoformat(body["dateCreateTo"]) - datetime.fromisoformat(body["dateCreateFrom"]))
        return good({"sessions": [], "hasNextPage": False})

    script = Script({V2: page})
    assert list(sessions.all_of_period(script.portal(), UNTIL - timedelta(days=1000), UNTIL)) == []
    assert [span.days for span in spans] == [365, 365, 270]


@pytest.mark.parametrize(
    "refusal", [ABSENT, bad("TARIFF_RESTRICTION"), bad("ACCESS_DENIED"), bad("100"), bad("INVALID_FILTER")]
)
def test_activities_and_recent_chats_stand_in(refusal: Answer) -> None:
    other = {
        **RECENT_ITEM,
        "id": "chat9",
        "lines": {"id": 350, "status": 0, "date_create": "2026-02-01T10:00:00+03:00"},
    }
    recent = good({"items": [RECENT_ITEM, other, dict[str, object](id="5", type="user")], "hasMore": False})
    script = Script({V2: refusal, CRM: good([ACTIVITY, ACTIVITY]), RECENT: recent, **names()})
    found = listed(script)
    assert [session.id for session in found] == [343, 350]
    assert found[0].snippet == "Ann, chat"
    asked = next(asked.body for asked in script.asked if asked.method == CRM)
    assert asked["filter"]["PROVIDER_ID"] == "IMOPENLINES_SESSION"


def test_recent_chats_alone() -> None:
    recent = [good({"items": [RECENT_ITEM], "hasMore": True}), good({"items": [RECENT_ITEM], "hasMore": True})]
    script = Script({V2: ABSENT, CRM: bad("insufficient_scope", 401), RECENT: recent, **names()})
    assert [session.id for session in listed(script)] == [343]
    assert script.methods.count(RECENT) == 2


def test_what_lies_outside_the_period_is_left_out() -> None:
    old = {**RECENT_ITEM, "lines": {"id": 1, "status": 40, "date_create": "2020-01-01T00:00:00Z"}}
    script = Script({V2: ABSENT, CRM: good([]), RECENT: good({"items": [old], "hasMore": False}), **names()})
    assert listed(script) == []


@pytest.mark.parametrize(
    ("refusals", "kind"),
    [
        ((ABSENT, bad("insufficient_scope", 401), bad("insufficient_scope", 401)), MissingScope),
        ((bad("TARIFF_RESTRICTION"), bad("ACCESS_DENIED", 403), bad("ERROR_METHOD_NOT_FOUND", 404)), Refused),
        ((bad("TARIFF_RESTRICTION"), ABSENT, ABSENT), PlanNeeded),
    ],
)
def test_no_source_at_all(refusals: tuple[Answer, Answer, Answer], kind: type[PortalError]) -> None:
    script = Script(dict(zip((V2, CRM, RECENT), refusals, strict=True)))
    with pytest.raises(kind):
        listed(script)


def test_a_network_that_fails_is_no_reason_to_try_the_next_source() -> None:
    import httpx

    script = Script({V2: httpx.ConnectError("no")})
    with pytest.raises(Unreachable):
        listed(script)
    assert set(script.methods) == {V2}


def test_a_refusal_in_the_middle_is_told() -> None:
    pages = [good({"sessions": [ROW], "hasNextPage": True}), bad("ACCESS_DENIED")]
    script = Script({V2: pages, **names()})
    with pytest.raises(Refused):
        listed(script)


def test_names_fail_softly_and_are_not_asked_for_again() -> None:
    shut = names(
        **{"imopenlines.config.list.get": bad("ACCESS_DENIED"), "im.user.list.get": bad("insufficient_scope", 401)}
    )
    pages = [
        good({"sessions": [ROW], "hasNextPage": True}),
        good({"sessions": [{**ROW, "id": 2, "userId": 3}], "hasNextPage": False}),
    ]
    script = Script({V2: pages, **shut})
    assert [session.client_name for session in listed(script)] == ["", ""]
    assert script.methods.count("im.user.list.get") == 1


def test_many_people_are_asked_for_in_one_batch() -> None:
    def batch(body: Any) -> Answer:
        assert len(body["cmd"]) == 5
        assert body["cmd"]["c0"].startswith("im.user.list.get?ID[0]=")
        return good({"result": {key: [] for key in body["cmd"]}})

    rows = [{**ROW, "id": at + 1, "userId": 1000 + at} for at in range(200)]
    script = Script({V2: good({"sessions": rows, "hasNextPage": False}), **names(), "batch": batch})
    assert len(listed(script)) == 200
    assert script.methods[-1] == "batch"


def test_lines_beyond_one_page() -> None:
    pages = [
        good([{"ID": str(at), "LINE_NAME": f"L{at}"} for at in range(1, 201)]),
        good([{"ID": "201", "LINE_NAME": "L201"}]),
    ]
    script = Script({"imopenlines.config.list.get": pages})
    assert len(listing.line_names(script.portal())) == 201
    assert script.asked[1].body["PARAMS"]["offset"] == 200
