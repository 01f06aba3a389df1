"""Dialogs by each of their names, the chat of a user code, people, and the check of a connection."""

from typing import Any

import pytest

from tests.bitrix.scripted import Clock, bad, good, script
from viewer import bitrix
from viewer.bitrix import BadAnswer, MissingScope, NoSuchThing, NotMember, Refused, Unauthorised, connection, dialogs
from viewer.bitrix.dialogs import parse_dialog
from viewer.bitrix.people import parse_person, resolve
from viewer.chat import CrmLink, Person, Reference, ReferenceKind, Side

DIALOG = {
    "id": 1777, "name": "Green Guest #17 - Bitrix24 Documentation", "owner": 27, "message_count": 104,
    "entity_type": "LINES", "entity_id": "livechat|22|1775|599",
    "entity_data_1": "Y|LEAD|1209|N|N|343|1773682918|0|0|0",
    "entity_data_2": "LEAD|1209|COMPANY|0|CONTACT|7|DEAL|0", "date_create": "2026-03-13T16:50:15+01:00",
}  # fmt: skip


@pytest.mark.parametrize(
    ("reference", "params"),
    [
        (Reference(ReferenceKind.SESSION, "343"), {"SESSION_ID": 343}),
        (Reference(ReferenceKind.CHAT, "1777"), {"CHAT_ID": 1777}),
        (Reference(ReferenceKind.USER_CODE, "livechat|22|1775|599"), {"USER_CODE": "livechat|22|1775|599"}),
    ],
)
def test_by_each_name(reference: Reference, params: dict[str, object]) -> None:
    portal = script(imopenlines__dialog__get=good(DIALOG))
    dialog = dialogs.get(portal.portal(), reference)
    assert portal.asked[0].body == params
    assert (dialog.chat_id, dialog.session_id, dialog.owner_id, dialog.message_count) == (1777, 343, 27, 104)
    assert (dialog.connector, dialog.line_id, dialog.user_code) == ("livechat", 22, "livechat|22|1775|599")
    assert dialog.crm == (CrmLink("lead", 1209), CrmLink("contact", 7))


def test_what_is_refused() -> None:
    chat = Reference(ReferenceKind.CHAT, "5")
    with pytest.raises(NotMember) as caught:
        dialogs.get(script(imopenlines__dialog__get=bad("ACCESS_ERROR")).portal(), chat)
    assert caught.value.subject == "chat5"
    with pytest.raises(NoSuchThing, match="not an open line"):
        dialogs.get(script(imopenlines__dialog__get=good({**DIALOG, "entity_type": "CALL"})).portal(), chat)
    with pytest.raises(BadAnswer):
        dialogs.get(script(imopenlines__dialog__get=good([])).portal(), chat)


@pytest.mark.parametrize(
    ("data", "session"),
    [("Y|LEAD|1209|N|N|343|1|0|0|0", 343), ("N|NONE|0|N|N|0|1684478426|0|0|0", 0), ("N|NONE|0", 0), ("", 0), (None, 0)],
)
def test_the_session_in_entity_data(data: object, session: int) -> None:
    assert parse_dialog({"id": 1, "entityData1": data}).session_id == session


@pytest.mark.parametrize(
    ("first", "second", "crm"),
    [
        ("N|NONE|0|N|N|1", "", ()),
        ("Y|DEAL|12", "DEAL|12|CONTACT|3", (CrmLink("deal", 12), CrmLink("contact", 3))),
        ("N|DEAL|12", "CONTACT|3|DEAL", (CrmLink("contact", 3),)),
        ("Y|ALIEN|12", "ALIEN|5|LEAD|x", ()),
    ],
)
def test_bound_records(first: str, second: str, crm: tuple[CrmLink, ...]) -> None:
    assert parse_dialog({"id": 1, "entity_data_1": first, "entity_data_2": second}).crm == crm


@pytest.mark.parametrize("code", ["imol|livechat|22|1775|599", "livechat|22|1775|599"])
def test_a_user_code_is_kept_without_its_prefix(code: str) -> None:
    assert parse_dialog({"id": 1, "entity_id": code}).user_code == "livechat|22|1775|599"


def test_the_chat_of_a_user_code() -> None:
    assert (
        bitrix.sessions.open_chat(script(imopenlines__session__open=good({"chatId": "1763"})).portal(), "a|1|2|3")
        == 1763
    )
    assert bitrix.sessions.open_chat(script(imopenlines__session__open=good({"chatId": 5})).portal(), "a|1|2|3") == 5
    with pytest.raises(Refused):
        bitrix.sessions.open_chat(script(imopenlines__session__open=bad("ACCESS_DENIED")).portal(), "a|1|2|3")
    with pytest.raises(NoSuchThing):
        bitrix.sessions.open_chat(script(imopenlines__session__open=good([])).portal(), "a|1|2|3")


# --- people ---


@pytest.mark.parametrize(
    ("given", "side"),
    [
        ({"connector": True}, Side.CLIENT),
        ({"connector": False, "externalAuthId": "imconnector"}, Side.CLIENT),
        ({"bot": True, "connector": False}, Side.BOT),
        ({"external_auth_id": "bot"}, Side.BOT),
        ({"type": "bot"}, Side.BOT),
        ({"external_auth_id": "socservices"}, Side.OPERATOR),
        ({}, Side.OPERATOR),
    ],
)
def test_sides(given: dict[str, object], side: Side) -> None:
    person = parse_person({"id": "5", "name": "N", **given})
    assert person is not None
    assert person.side is side


def test_a_person_in_both_spellings() -> None:
    camel = {"id": "5", "firstName": "Ann", "lastName": "Lee", "workPosition": "Head", "avatar": "/a.png"}
    snake = {
        "ID": 5,
        "first_name": "Ann",
        "last_name": "Lee",
        "work_position": "Head",
        "avatar": "x",
        "avatar_hr": "/a.png",
    }
    expected = Person(5, "Ann Lee", Side.OPERATOR, "Head", "https://p.ru/a.png")
    assert parse_person(camel, "https://p.ru") == parse_person(snake, "https://p.ru") == expected
    assert parse_person({"name": "nobody"}) is None


def test_people_come_as_an_object_or_a_list() -> None:
    for result in ([{"id": 5, "name": "A"}], {"5": {"id": 5, "name": "A"}, "6": None}):
        portal = script(im__user__list__get=good(result))
        assert list(resolve(portal.portal(), [5, 6, 0, -1, 5])) == [5]
        assert portal.asked[0].body == {"ID": [5, 6], "RESULT_TYPE": "array"}
    nobody = script()
    assert resolve(nobody.portal(), []) == {}
    assert nobody.asked == []


# --- the check of a connection ---

PROFILE = {"ID": "7", "NAME": "Марина", "LAST_NAME": "Лещенко", "ADMIN": False}


def checked(*, profile: Any = PROFILE, scope: Any = ("imopenlines", "im"), method: Any = None) -> connection.Checked:
    told = {
        "profile": profile,
        "scope": list(scope),
        "list": {"isExisting": True, "isAvailable": True} if method is None else method,
    }
    portal = script(batch=good({"result": told}))
    found = connection.check(portal.portal(), clock=Clock())
    assert portal.methods == ["batch"]
    return found


def test_a_webhook_that_works() -> None:
    found = checked()
    assert (found.user_name, found.user_id, found.scopes) == ("Марина Лещенко", 7, ("imopenlines", "im"))
    assert (found.can_list, found.missing, found.lacking) == (True, (), ("crm", "disk"))


def test_a_portal_that_tells_little() -> None:
    found = checked(profile=[], method=[])
    assert (found.user_name, found.user_id, found.can_list) == ("", 7, None)
    assert checked(method={"isExisting": False, "isAvailable": False}).can_list is False


def test_a_webhook_without_open_lines() -> None:
    with pytest.raises(MissingScope) as caught:
        checked(scope=("crm",))
    assert caught.value.scope == "imopenlines"


def test_a_webhook_that_does_not_work() -> None:
    with pytest.raises(Unauthorised):
        connection.check(script(batch=bad("INVALID_CREDENTIALS", 401)).portal())
    fault = {"error": "NO_AUTH_FOUND", "error_description": "x"}
    with pytest.raises(Unauthorised):
        connection.check(script(batch=good({"result": [], "result_error": {"profile": fault}})).portal())


# --- the front door ---


def test_exported_names() -> None:
    public = {name for name in vars(bitrix) if not name.startswith("_") and name not in _inner()}
    assert public == set(bitrix.__all__)
    assert sorted(bitrix.__all__) == list(bitrix.__all__)


def _inner() -> set[str]:
    """Modules that are loaded and not handed out."""
    import types

    return {name for name, value in vars(bitrix).items() if isinstance(value, types.ModuleType)} - set(bitrix.__all__)


def test_the_network_library_waits_for_its_first_use() -> None:
    import subprocess
    import sys

    loaded = "{'httpx', 'keyring', 'truststore'} & set(sys.modules)"
    program = f"import sys, viewer.bitrix, viewer.library.transcripts, viewer.vault; sys.exit(bool({loaded}))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
