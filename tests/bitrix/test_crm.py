"""The sessions of a CRM record, from its activities and from its chats."""

from typing import Any

import pytest

from tests.bitrix.scripted import Answer, Script, bad, good
from tests.bitrix.test_listing import ABSENT, ACTIVITY, RECENT_ITEM, ROW, names
from viewer.bitrix import BadRequest, MissingScope, SourceNote
from viewer.bitrix.crm import by_crm
from viewer.chat import CrmLink, Filter, Session

CHATS, ACTIVITIES, DIALOG, V2 = (
    "imopenlines.crm.chat.get", "crm.activity.list", "imopenlines.dialog.get", "imopenlines.v2.Session.list",
)  # fmt: skip
OTHER = {
    "id": 1801, "name": "Bob - Shop", "entity_type": "LINES", "entity_id": "telegrambot|22|1|601",
    "entity_data_1": "Y|DEAL|12|N|N|350|1|0|0|0", "owner": 28,
}  # fmt: skip
DIALOGS = {"1777": RECENT_ITEM["chat"], "1801": OTHER}


def record(**also: Any) -> Script:
    def batch(body: Any) -> Answer:
        result: dict[str, object] = {}
        errors: dict[str, object] = {}
        for key, line in body["cmd"].items():
            method, _, query = line.partition("?")
            if method == DIALOG and (dialog := DIALOGS.get(query.removeprefix("CHAT_ID="))):
                result[key] = dialog
            elif method == V2 and V2 in also:
                result[key] = also[V2]
            else:
                errors[key] = {"error": "ACCESS_ERROR" if method == DIALOG else "ERROR_METHOD_NOT_FOUND"}
        return good({"result": result, "result_error": errors})

    chats = [{"CHAT_ID": "1777", "CONNECTOR_ID": "livechat"}, {"CHAT_ID": "1801"}, {"CHAT_ID": "1801"}]
    replies = {CHATS: good(chats), ACTIVITIES: good([ACTIVITY]), "batch": batch, **names()}
    return Script(replies | {name: reply for name, reply in also.items() if name != V2})


def found(script: Script, notes: list[SourceNote] | None = None, wanted: Filter | None = None) -> list[Session]:
    told = (notes if notes is not None else []).append
    return [each for page in by_crm(script.portal(), "deal", 12, wanted=wanted, told=told) for each in page]


def test_activities_and_chats_together() -> None:
    notes: list[SourceNote] = []
    script = record()
    first, second = found(script, notes)
    assert (first.id, first.chat_id, first.client_name, first.line_name) == (343, 1777, "Ann", "Shop")
    assert (second.id, second.chat_id, second.client_name, second.connector) == (350, 1801, "Bob", "telegrambot")
    assert (second.crm, second.opened) == (CrmLink("deal", 12), None)
    asked = {each.method: each.body for each in script.asked}
    assert asked[CHATS] == {"CRM_ENTITY_TYPE": "deal", "CRM_ENTITY": 12, "ACTIVE_ONLY": "N"}
    assert asked[ACTIVITIES]["filter"]["BINDINGS"] == [{"OWNER_TYPE_ID": 2, "OWNER_ID": 12}]
    assert notes == []


def test_votes_come_from_the_list_of_all_sessions_where_there_is_one() -> None:
    script = record(**{V2: {"sessions": [ROW], "hasNextPage": False}})
    session = found(script)[0]
    assert (session.client_vote, session.head_vote, session.message_count) == ("like", 4, 14)
    assert session.snippet == "Ann, chat"
    assert [each.id for each in found(record(**{V2: {"sessions": [ROW]}}), wanted=Filter(unrated=True))] == [350]


def test_votes_that_nobody_tells_do_not_narrow() -> None:
    notes: list[SourceNote] = []
    assert len(found(record(), notes, Filter(rated=True))) == 2
    assert "Votes and ratings are not told" in notes[0].detail


def test_the_rest_of_the_filter_counts() -> None:
    assert [each.id for each in found(record(), wanted=Filter(connector="Telegram"))] == [350]
    assert [each.id for each in found(record(), wanted=Filter(status="closed"))] == [343]


@pytest.mark.parametrize("refusal", [ABSENT, bad("ACCESS_DENIED", 403)])
def test_activities_alone(refusal: Answer) -> None:
    notes: list[SourceNote] = []
    assert [each.id for each in found(record(**{CHATS: refusal}), notes)] == [343]
    assert "Shown are the sessions that CRM activities name." in notes[0].detail


def test_chats_alone() -> None:
    notes: list[SourceNote] = []
    script = record(**{ACTIVITIES: bad("insufficient_scope", 401)})
    assert [each.id for each in found(script, notes)] == [343, 350]
    assert "only the newest session" in notes[0].detail
    assert "“crm”" in notes[0].advice


def test_a_chat_that_is_not_open_is_counted() -> None:
    notes: list[SourceNote] = []
    chats = good([{"CHAT_ID": "1777"}, {"CHAT_ID": "9"}, {"CHAT_ID": "10"}])
    assert [each.id for each in found(record(**{CHATS: chats}), notes)] == [343]
    assert "2 more chats are not open to you." in notes[0].detail


def test_a_record_without_dialogues() -> None:
    empty = bad("CRM_CHAT_EMPTY_CRM_DATA")
    notes: list[SourceNote] = []
    assert found(record(**{CHATS: empty, ACTIVITIES: good([])}), notes) == []
    assert notes == []


def test_neither_way_is_open() -> None:
    with pytest.raises(MissingScope):
        found(record(**{CHATS: bad("ACCESS_DENIED", 403), ACTIVITIES: bad("insufficient_scope", 401)}))


def test_another_kind_of_record() -> None:
    with pytest.raises(BadRequest):
        list(by_crm(record().portal(), "invoice", 5))
