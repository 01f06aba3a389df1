"""The demo portal behaves like a portal: shapes of the seed pages, rights, limits, faults."""

import hashlib
import json
import re
import struct
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from viewer.demo import Answer, DemoPortal, Fault
from viewer.demo.regular import REGULAR

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(scope="module")
def portal() -> DemoPortal:
    return DemoPortal(limits=False, big=300)


def ask(portal: DemoPortal, method: str, **params: Any) -> tuple[int, Any]:
    answer = portal.respond("POST", portal.WEBHOOK + method, {}, json.dumps(params).encode())
    return answer.status, json.loads(answer.body)


def result(portal: DemoPortal, method: str, **params: Any) -> Any:
    status, told = ask(portal, method, **params)
    assert status == 200, told
    return told["result"]


def code(portal: DemoPortal, method: str, **params: Any) -> tuple[int, str]:
    status, told = ask(portal, method, **params)
    return status, told.get("error", "")


# --- how much there is ---


def test_there_is_enough_to_review(portal: DemoPortal) -> None:
    world = portal.world
    assert len({chat.line.id for chat in world.chats.values()}) >= 3
    assert len({session.operator_id for session in world.sessions.values()} | {33, 17}) >= 6
    assert len(world.chats) >= 40
    assert all(1 <= len(chat.sessions) <= 8 for chat in world.chats.values())
    assert 2000 <= sum(len(session.messages) for session in world.sessions.values()) <= 3500
    days = [each.opened.date() for each in world.sessions.values() if each.chat_id != REGULAR]
    assert timedelta(days=45) < max(days) - min(days) <= timedelta(days=56)


def test_later_sessions_of_a_chat_have_higher_numbers(portal: DemoPortal) -> None:
    for chat in portal.world.chats.values():
        told = [(session.id, session.opened) for session in chat.sessions]
        assert told == sorted(told)
        assert [opened for _number, opened in told] == sorted(opened for _number, opened in told)


def test_the_long_chat_has_its_messages() -> None:
    history = result(DemoPortal(limits=False), "imopenlines.session.history.get", SESSION_ID=345)
    assert len(history["message"]) == 10_000


def test_every_answer_is_the_same_on_every_run() -> None:
    def digest() -> str:
        portal = DemoPortal(limits=False, big=50, clock=lambda: 1_773_500_000.0)
        made = hashlib.sha256()
        for number in sorted(portal.world.sessions):
            params = {"SESSION_ID": number}
            url = portal.WEBHOOK + "imopenlines.session.history.get"
            made.update(portal.respond("POST", url, {}, json.dumps(params).encode()).body)
        return made.hexdigest()

    assert digest() == digest()


# --- shapes ---


def _keys(value: Any) -> set[str]:
    return set(value) if isinstance(value, dict) else set()


def test_a_history_is_spelled_as_the_seed_page(portal: DemoPortal) -> None:
    seed = json.loads((SAMPLES / "seed_000.json").read_text(encoding="utf-8"))["result"]
    ours = result(portal, "imopenlines.session.history.get", SESSION_ID=321)
    assert _keys(seed) == _keys(ours)
    for name in ("message", "users", "files"):
        theirs, own = next(iter(seed[name].values())), next(iter(ours[name].values()))
        assert _keys(theirs) == _keys(own), name
        assert {key: type(value) for key, value in theirs.items() if key in ("id", "chatid", "senderid")} == {
            key: type(value) for key, value in own.items() if key in ("id", "chatid", "senderid")
        }
    assert _keys(next(iter(seed["chat"].values()))) == _keys(next(iter(ours["chat"].values())))
    dates = [message["date"] for message in ours["message"].values()]
    assert dates == sorted(dates, reverse=True)


def test_nothing_is_an_empty_list_where_php_says_so(portal: DemoPortal) -> None:
    plain = result(portal, "imopenlines.session.history.get", SESSION_ID=154)
    assert plain["files"] == []
    assert any(message["params"] == [] for message in plain["message"].values())


def test_pages_of_messages_are_spelled_as_the_seed_page(portal: DemoPortal) -> None:
    seed = json.loads((SAMPLES / "seed_003.json").read_text(encoding="utf-8"))["result"]
    ours = result(portal, "im.dialog.messages.get", DIALOG_ID="chat1777", LIMIT=50)
    assert _keys(seed) == _keys(ours)
    assert _keys(seed["messages"][0]) == _keys(ours["messages"][0])
    assert _keys(seed["files"][0]) == _keys(ours["files"][0])
    assert isinstance(ours["messages"][0]["id"], int)


def test_a_dialog_is_the_same_by_each_of_its_four_names(portal: DemoPortal) -> None:
    by_chat = result(portal, "imopenlines.dialog.get", CHAT_ID=1763)
    for params in ({"DIALOG_ID": "chat1763"}, {"SESSION_ID": 288}, {"USER_CODE": by_chat["entity_id"]}):
        assert result(portal, "imopenlines.dialog.get", **params) == by_chat
    assert by_chat["entity_data_1"].split("|")[5] == "321"
    assert result(portal, "imopenlines.session.open", USER_CODE=by_chat["entity_id"]) == {"chatId": "1763"}


# --- every kind of message ---

TAGS = ("B", "I", "U", "S", "SIZE", "COLOR", "URL", "USER", "CHAT", "CONTEXT", "CALL", "PCH", "SEND", "PUT", "ICON",
        "IMG", "DISK", "TIMESTAMP", "RATING", "LIKE", "CODE", "BR")  # fmt: skip
PARAMS = ("fileId", "attach", "keyboard", "like", "isDeleted", "isEdited", "isDelivered", "isError", "isPinned",
          "replyId",
          "forwardId", "name", "class", "componentId", "connectorMid", "imolSid", "imolForm", "imolVote", "imolVoteSid",
          "imolVoteUser", "imolVoteHead", "imolCommentHead", "crmFormId", "crmFormFilled", "code")  # fmt: skip


def test_every_tag_and_parameter_occurs(portal: DemoPortal) -> None:
    messages = [message for _session, message in portal.world.all_messages()]
    texts = "\n".join(message.text for message in messages)
    assert [tag for tag in TAGS if not re.search(rf"\[{tag}[\]= ]", texts)] == []
    assert [name for name in PARAMS if not any(name in message.params for message in messages)] == []
    assert "-" * 54 in texts
    assert re.search(r"(?m)^>>", texts)


def test_every_block_of_a_card_occurs(portal: DemoPortal) -> None:
    told = json.dumps([message.params.get("attach") for _session, message in portal.world.all_messages()])
    for name in ("message", "link", "richLink", "user", "image", "file", "grid", "GRID", "delimiter", "carousel"):
        assert f'"{name}"' in told
    for display in ("BLOCK", "ROW", "COLUMN", "LINE", "CARD", "TABLE"):
        assert f'"{display}"' in told


def test_files_of_every_kind_occur(portal: DemoPortal) -> None:
    files = portal.world.files.values()
    assert {file.type for file in files} == {"image", "audio", "video", "file"}
    assert {"png", "pdf", "docx", "xlsx", "csv", "txt", "wav", "mp4"} <= {file.extension for file in files}
    counts = {
        len(message.params["fileId"]) for _session, message in portal.world.all_messages() if "fileId" in message.params
    }
    assert {1, 2, 4, 5, 7} <= counts


# --- files ---


def fetched(portal: DemoPortal, method: str, **params: Any) -> Answer:
    told = result(portal, method, **params)
    return portal.respond("GET", told.get("downloadUrl") or told.get("DOWNLOAD_URL"), {}, b"")


def test_a_picture_is_a_png_of_the_size_it_claims(portal: DemoPortal) -> None:
    for file in [file for file in portal.world.files.values() if file.type == "image" and not file.lost][:6]:
        data = fetched(portal, "im.v2.File.download", dialogId=f"chat{file.chat_id}", fileId=file.id).body
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", data[16:24]) == (file.width, file.height)
        start = data.index(b"IDAT")
        length = struct.unpack(">I", data[start - 4 : start])[0]
        assert len(zlib.decompress(data[start + 4 : start + 4 + length])) == file.height * (3 * file.width + 1)


def test_a_link_works_once(portal: DemoPortal) -> None:
    number = next(file.id for file in portal.world.files.values() if not file.lost)
    url = result(portal, "im.v2.File.download", fileId=number)["downloadUrl"]
    assert portal.respond("GET", url, {}, b"").status == 200
    assert portal.respond("GET", url, {}, b"").status == 401


def test_the_refused_files(portal: DemoPortal) -> None:
    lost = {file.lost: file.id for file in portal.world.files.values() if file.lost}
    assert code(portal, "im.v2.File.download", fileId=lost["v2"]) == (403, "ACCESS_DENIED")
    assert fetched(portal, "disk.file.get", id=lost["v2"]).body.startswith(b"\x89PNG")
    assert code(portal, "disk.file.get", id=lost["both"]) == (400, "ACCESS_DENIED")
    assert b"<html" in fetched(portal, "im.v2.File.download", fileId=lost["login"]).body
    assert code(portal, "im.v2.File.download", fileId=1) == (400, "FILE_NOT_FOUND")


def test_addresses_inside_messages_lead_to_a_login_page(portal: DemoPortal) -> None:
    history = result(portal, "imopenlines.session.history.get", SESSION_ID=321)
    url = next(iter(history["files"].values()))["urldownload"]
    assert b"<html" in portal.respond("GET", url, {}, b"").body


# --- rights and limits ---


@pytest.mark.parametrize(
    ("method", "params", "expected"),
    [
        ("imopenlines.session.history.get", {}, (400, "MISSING_REQUIRED_PARAM")),
        ("imopenlines.session.history.get", {"SESSION_ID": 417}, (400, "ACCESS_DENIED")),
        ("imopenlines.session.history.get", {"SESSION_ID": 99999}, (400, "ACCESS_DENIED")),
        ("imopenlines.session.history.get", {"CHAT_ID": 1763}, (400, "ACCESS_DENIED")),
        ("imopenlines.dialog.get", {"CHAT_ID": 1785}, (400, "ACCESS_ERROR")),
        ("imopenlines.session.open", {"USER_CODE": "a|1|2|3"}, (400, "ACCESS_DENIED")),
        ("im.dialog.messages.get", {}, (400, "DIALOG_ID_EMPTY")),
        ("im.dialog.messages.get", {"DIALOG_ID": "chat1763"}, (403, "ACCESS_ERROR")),
        ("im.dialog.messages.get", {"DIALOG_ID": "chat1777", "LAST_ID": "x"}, (400, "LAST_ID_STRING")),
        ("im.search.chat.list", {"FIND_LINES": "a"}, (400, "FIND_SHORT")),
        ("imopenlines.v2.Session.list", {"offset": 10001}, (400, "OFFSET_TOO_LARGE")),
        ("imopenlines.v2.Session.list",
         {"dateCreateFrom": "2024-01-01T00:00:00+03:00", "dateCreateTo": "2026-01-01T00:00:00+03:00"},
         (400, "PERIOD_TOO_LARGE")),
        ("imopenlines.session.head.vote", {"SESSION_ID": 321}, (400, "EMPTY_VOTE_PARAMS")),
        ("no.such.method", {}, (404, "ERROR_METHOD_NOT_FOUND")),
        ("imopenlines.crm.chat.get", {}, (400, "ERROR_ARGUMENT")),
    ],
)  # fmt: skip
def test_refusals(portal: DemoPortal, method: str, params: dict[str, Any], expected: tuple[int, str]) -> None:
    assert code(portal, method, **params) == expected


def test_wrong_secrets_and_plain_http_are_refused(portal: DemoPortal) -> None:
    def status(url: str) -> tuple[int, str]:
        answer = portal.respond("POST", url, {}, b"{}")
        return answer.status, json.loads(answer.body)["error"]

    assert status(f"https://{portal.HOST}/rest/17/wrong/profile") == (401, "INVALID_CREDENTIALS")
    assert status(f"https://{portal.HOST}/rest/profile") == (401, "NO_AUTH_FOUND")
    assert status(portal.WEBHOOK.replace("https", "http") + "profile") == (400, "INVALID_REQUEST")


def test_a_missing_tick_is_insufficient() -> None:
    portal = DemoPortal(limits=False, big=10, scopes=frozenset({"imopenlines"}))
    assert code(portal, "im.recent.list") == (401, "insufficient_scope")
    assert code(portal, "profile") == (200, "")


def test_requests_that_come_too_fast_are_refused_until_the_bucket_drains() -> None:
    now = [1000.0]
    portal = DemoPortal(clock=lambda: now[0], big=10)
    codes = [code(portal, "profile") for _number in range(52)]
    assert codes[:50] == [(200, "")] * 50
    assert codes[50] == (503, "QUERY_LIMIT_EXCEEDED")
    now[0] += 10
    assert code(portal, "profile") == (200, "")


def test_paging_covers_everything_once(portal: DemoPortal) -> None:
    seen: list[int] = []
    offset = 0
    while True:
        page = result(portal, "imopenlines.v2.Session.list", offset=offset, limit=40)
        seen += [row["id"] for row in page["sessions"]]
        offset += 40
        if not page["hasNextPage"]:
            break
    assert sorted(seen) == sorted(portal.world.sessions)
    last, messages = None, []
    while True:
        more = {"LAST_ID": last} if last else {}
        rows = result(portal, "im.dialog.messages.get", DIALOG_ID="chat1777", LIMIT=50, **more)["messages"]
        if not rows:
            break
        messages += [row["id"] for row in rows]
        last = min(messages)
    assert len(messages) == len(set(messages)) == sum(len(each.messages) for each in portal.world.chats[1777].sessions)


def test_a_batch_refers_to_earlier_results_and_keeps_php_forms(portal: DemoPortal) -> None:
    commands = {
        "c1": "imopenlines.dialog.get?CHAT_ID=1777",
        "c2": "im.dialog.users.list?DIALOG_ID=$result[c1][dialog_id]",
    }
    told = result(portal, "batch", cmd=commands)
    assert told["result"]["c2"][0]["name"] == "Green Guest #17"
    assert told["result_error"] == []
    wrong = result(portal, "batch", cmd={"a": "no.such.method", "b": "profile"}, halt=1)
    assert wrong["result"] == []
    assert wrong["result_error"]["a"]["error"] == "ERROR_METHOD_NOT_FOUND"


def test_a_vote_is_really_stored() -> None:
    portal = DemoPortal(limits=False, big=10)
    assert result(portal, "imopenlines.session.head.vote", SESSION_ID=321, RATING=4, COMMENT="Хорошо") is True
    history = result(portal, "imopenlines.session.history.get", SESSION_ID=321)
    assert (history["sessionVoteHead"], history["sessionCommentHead"]) == (4, "Хорошо")


def test_a_rating_is_refused_where_the_right_is_missing() -> None:
    portal = DemoPortal(limits=False, big=10)
    history = result(portal, "imopenlines.session.history.get", SESSION_ID=347)
    assert (history["canVoteHead"], history["openlines"]["canvoteashead"]) == ("N", {"22": False})
    vote = "imopenlines.session.head.vote"
    assert code(portal, vote, SESSION_ID=347, RATING=4) == (400, "ACCESS_DENIED")
    assert code(portal, vote, SESSION_ID=321, RATING=9) == (400, "EMPTY_VOTE_PARAMS")
    assert code(portal, vote, RATING=4) == (400, "EMPTY_SESSION_ID")


def test_a_portal_may_lie_or_break_before_or_after_saving() -> None:
    portal = DemoPortal(limits=False, big=10)
    vote, session = "imopenlines.session.head.vote", portal.world.sessions[321]
    session.head_vote = 0
    portal.fail(vote, Fault.lie(), Fault.lost(), Fault.error(500, "INTERNAL_SERVER_ERROR"), Fault.drop())
    assert result(portal, vote, SESSION_ID=321, RATING=4) is True
    with pytest.raises(ConnectionError):
        code(portal, vote, SESSION_ID=321, RATING=4)
    assert code(portal, vote, SESSION_ID=321, RATING=4) == (500, "INTERNAL_SERVER_ERROR")
    assert session.head_vote == 0
    with pytest.raises(ConnectionError):
        code(portal, vote, SESSION_ID=321, RATING=4)
    assert session.head_vote == 4


def test_faults_come_one_call_each(portal: DemoPortal) -> None:
    portal.fail("profile", Fault.error(500, "INTERNAL_SERVER_ERROR"), Fault.html(403), Fault.truncated(), Fault.drop())
    assert code(portal, "profile") == (500, "INTERNAL_SERVER_ERROR")
    url = portal.WEBHOOK + "profile"
    assert portal.respond("POST", url, {}, b"{}").body.startswith(b"<!DOCTYPE")
    with pytest.raises(json.JSONDecodeError):
        json.loads(portal.respond("POST", url, {}, b"{}").body)
    with pytest.raises(ConnectionError):
        portal.respond("POST", url, {}, b"{}")
    assert code(portal, "profile") == (200, "")
