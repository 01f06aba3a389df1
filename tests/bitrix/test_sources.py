"""Where a list comes from: switched without a question, said once, remembered, and nothing lost on the way."""

import gc
import weakref
from typing import Any

import pytest

from tests.bitrix.scripted import Answer, Script, bad, good
from tests.bitrix.test_listing import ABSENT, ACTIVITY, CRM, RECENT, RECENT_ITEM, ROW, SINCE, UNTIL, V2, names
from viewer import i18n
from viewer.bitrix import MissingScope, Portal, PortalError, Refused, Source, SourceNote, Unreachable, listing
from viewer.chat import Filter, Session

NONE = good({"items": [], "hasMore": False})


def listed(portal: Portal, notes: list[SourceNote] | None = None, wanted: Filter | None = None) -> list[Session]:
    told = (notes if notes is not None else []).append
    return [each for page in listing.listed(portal, SINCE, UNTIL, wanted=wanted, told=told) for each in page]


def rights(scopes: list[str], missing: str = "") -> Answer:
    """The answer to the question after rights."""
    known = {"isExisting": True, "isAvailable": True}
    told = {"scope": scopes, "crm": known, "own": known}
    return good({"result": told | ({missing: {"isExisting": False, "isAvailable": False}} if missing else {})})


def stand_ins(refusal: Answer = ABSENT, /, **also: Any) -> Script:
    replies = {V2: refusal, CRM: good([ACTIVITY]), RECENT: good({"items": [RECENT_ITEM], "hasMore": False})}
    return Script({**replies, **names(), **also})


def test_a_complete_list_needs_no_word() -> None:
    notes: list[SourceNote] = []
    script = Script({V2: good({"sessions": [ROW], "hasNextPage": False}), **names()})
    portal = script.portal()
    assert len(listed(portal, notes)) == 1
    assert notes == []
    assert listing.note_of(portal) is None


@pytest.mark.parametrize(
    ("refusal", "title"),
    [
        (ABSENT, "This portal cannot list all sessions."),
        (bad("TARIFF_RESTRICTION"), "The portal's plan has no reports on Open Lines."),
        (bad("ACCESS_DENIED", 403), "You may not list all sessions of this portal."),
        (bad("100"), "This portal cannot list all sessions."),
    ],
)
def test_a_switch_is_said_once_and_remembered(refusal: Answer, title: str) -> None:
    notes: list[SourceNote] = []
    script = stand_ins(refusal, batch=rights(["imopenlines", "im", "crm"]))
    portal = script.portal()
    for _turn in range(3):
        assert [each.id for each in listed(portal, notes)] == [343]
    assert script.methods.count(V2) == 1
    assert script.methods.count("batch") == 1
    assert [note.title for note in notes] == [title]
    assert notes[0].sources == (Source.CRM, Source.OWN)
    assert "bound to CRM records and those of your own chats" in str(notes[0])
    assert listing.note_of(portal) == notes[0]


def test_a_switch_is_said_in_russian_too() -> None:
    i18n.use("ru")
    notes: list[SourceNote] = []
    listed(stand_ins().portal(), notes)
    assert notes[0].title == "Этот портал не умеет показывать список всех сессий."


@pytest.mark.parametrize(
    ("told", "asked", "sources", "words"),
    [
        (rights(["imopenlines", "im"]), RECENT, (Source.OWN,), "Tick “crm” in the webhook"),
        (rights(["imopenlines", "crm"]), CRM, (Source.CRM,), "Tick “im” in the webhook"),
        (rights(["imopenlines", "im", "crm"], missing="crm"), RECENT, (Source.OWN,), "your own chats"),
    ],
)
def test_what_the_rights_do_not_allow_is_not_tried(
    told: Answer, asked: str, sources: tuple[Source, ...], words: str
) -> None:
    notes: list[SourceNote] = []
    script = stand_ins(batch=told)
    assert listed(script.portal(), notes)
    assert {CRM, RECENT} & set(script.methods) == {asked}
    assert notes[0].sources == sources
    assert words in str(notes[0])


def test_a_permission_that_is_ticked_after_all_sources_were_shut_counts_at_once() -> None:
    script = stand_ins(batch=[rights(["imopenlines"]), rights(["imopenlines", "im"])])
    portal = script.portal()
    with pytest.raises(MissingScope):
        listed(portal)
    assert [each.id for each in listed(portal)] == [343]


def test_votes_that_nobody_tells_do_not_narrow_and_that_is_said() -> None:
    notes: list[SourceNote] = []
    portal = stand_ins().portal()
    assert listed(portal, notes)
    assert [each.id for each in listed(portal, notes, Filter(rated=True, client_vote="like"))] == [343]
    assert len(notes) == 2
    assert "Votes and ratings are not told" in notes[1].detail
    assert listed(portal, notes, Filter(line="Sale")) == []


@pytest.mark.parametrize("fault", [bad("ACCESS_DENIED"), OSError("gone")])
def test_what_came_stays_when_a_stand_in_fails_half_way(fault: Any) -> None:
    """Another source may still know the rest; a network that fails ends the work at once."""
    rows = [{**ACTIVITY, "ASSOCIATED_ENTITY_ID": str(number)} for number in range(1, 51)]
    first = good(rows, total=80, next=50)
    script = stand_ins(**{CRM: [first, fault], "batch": bad("ERROR_METHOD_NOT_FOUND", 404)})
    found: list[Session] = []

    def read() -> None:
        for page in listing.listed(script.portal(), SINCE, UNTIL):
            found.extend(page)

    with pytest.raises(PortalError) as told:
        read()
    refused = isinstance(told.value, Refused)
    assert refused or isinstance(told.value, Unreachable)
    assert len(found) == (51 if refused else 50)


def test_activities_come_several_pages_a_request() -> None:
    rows = [{**ACTIVITY, "ID": str(number), "ASSOCIATED_ENTITY_ID": str(number)} for number in range(1000, 0, -1)]

    def told(start: int) -> dict[str, Any]:
        return {"result": rows[start : start + 50], "total": 1000, **({"next": start + 50} if start < 950 else {})}

    def batch(body: Any) -> Answer:
        if "scope" in body["cmd"]:
            return bad("ERROR_METHOD_NOT_FOUND", 404)
        if any("im.user" in line for line in body["cmd"].values()):
            return good({"result": {key: [] for key in body["cmd"]}})
        starts = {key: int(line.rpartition("start=")[2]) for key, line in body["cmd"].items()}
        assert all(at < 1000 for at in starts.values()), "no page beyond the last is asked for"
        found = {key: told(at) for key, at in starts.items()}
        parts = {"result": "result", "result_total": "total", "result_next": "next"}
        return good(
            {name: {key: page[part] for key, page in found.items() if part in page} for name, part in parts.items()}
        )

    first = good(**told(0))
    script = stand_ins(**{CRM: first, RECENT: NONE, "batch": batch})
    assert [each.id for each in listed(script.portal())] == list(range(1000, 0, -1))
    assert script.methods.count(CRM) == 1
    assert script.methods.count("batch") == 2


def test_recent_chats_are_read_no_further_than_the_period() -> None:
    def item(number: int, day: str, *, pinned: bool = False) -> dict[str, Any]:
        lines = {"id": number, "status": 40, "date_create": f"{day}T10:00:00+03:00"}
        return {**RECENT_ITEM, "id": f"chat{number}", "pinned": pinned, "lines": lines,
                "date_last_activity": f"{day}T11:00:00+03:00", "chat": {**RECENT_ITEM["chat"], "id": number}}  # type: ignore[dict-item]  # fmt: skip

    pages = [
        good({"items": [item(1, "2020-01-01", pinned=True), item(2, "2026-02-01")], "hasMore": True}),
        good({"items": [item(1, "2020-01-01", pinned=True), item(3, "2026-01-01")], "hasMore": True}),
        good({"items": [item(1, "2020-01-01", pinned=True), item(4, "2025-12-01")], "hasMore": True}),
        OSError("not asked for"),
    ]
    script = stand_ins(bad("TARIFF_RESTRICTION"), **{CRM: good([]), RECENT: pages})
    assert [each.id for each in listed(script.portal())] == [2, 3]
    assert script.methods.count(RECENT) == 3


def test_names_are_remembered_as_long_as_the_portal_is_open() -> None:
    script = Script({V2: good({"sessions": [ROW], "hasNextPage": False}), **names()})
    portal = script.portal()
    for _turn in range(2):
        (session,) = listed(portal)
        assert (session.line_name, session.client_name) == ("Shop", "Ann")
    assert script.methods.count("im.user.list.get") == script.methods.count("imopenlines.config.list.get") == 1


def test_a_line_is_asked_for_by_the_number_of_its_name() -> None:
    script = Script({V2: good({"sessions": [ROW], "hasNextPage": False}), **names()})
    assert listed(script.portal(), wanted=Filter(line="sho", loose=True))
    asked = next(each.body for each in script.asked if each.method == V2)
    assert asked["configIdList"] == [22]


def test_what_was_remembered_goes_with_the_portal() -> None:
    portal = stand_ins().portal()
    listed(portal)
    gone = weakref.ref(portal)
    portal.close()
    del portal
    gc.collect()
    assert gone() is None
