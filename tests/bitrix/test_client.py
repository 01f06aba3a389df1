"""One call from question to answer: repeats, pauses, redirects, cancelling, and what never leaves."""

import hashlib
import json
import logging
import socket
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.bitrix.scripted import CODE, HOST, WEBHOOK, Answer, Script, bad, good, script
from viewer.bitrix import (
    BadAnswer,
    BadAuthority,
    BadProxy,
    BadRequest,
    Busy,
    MethodMissing,
    Moved,
    NotPortal,
    OverBudget,
    Portal,
    PortalError,
    ProxyRefused,
    ServerFault,
    TimedOut,
    Unauthorised,
    Unreachable,
    Untrusted,
    Webhook,
    Why,
)
from viewer.bitrix.answers import Answer as Read
from viewer.bitrix.answers import query
from viewer.bitrix.transport import proxy_for
from viewer.errors import Cancelled


def test_how_a_call_looks_on_the_wire() -> None:
    portal = script(profile=good({"ID": "7"}))
    portal.portal().call("profile", {"A": [1, "ё"]})
    asked = portal.asked[0]
    assert (asked.verb, asked.url, asked.body) == ("POST", WEBHOOK + "profile", {"A": [1, "ё"]})
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["accept"] == "application/json"
    assert asked.headers["user-agent"].startswith("OpenLinesViewer/")


def told(sent: Answer) -> Read:
    return replace(script(x=sent).portal().call("x"), origins=())


def test_what_an_answer_tells() -> None:
    time = {"finish": 1773224138.5, "duration": 0.25, "operating_reset_at": 1773224738, "operating": 0.1}
    answer = told(good([1], next=50, total=120, time=time))
    assert answer == Read([1], next=50, total=120, seconds=0.25, resets_in=pytest.approx(599.5), used=0.1)  # type: ignore[arg-type]
    iso = {"date_finish": "2026-03-11T13:15:38+02:00", "operating_reset_at": "2026-03-11T13:25:38+02:00"}
    assert told(good(None, total=-1, time=iso)) == Read(None, resets_in=600.0)
    assert told(good(0)) == Read(0)


def test_an_answer_knows_the_bytes_that_it_was_read_from() -> None:
    before = datetime.now(UTC)
    sent = good({"ID": "7"})
    (origin,) = script(profile=sent).portal().call("profile", subject="7").origins
    assert (origin.method, origin.subject, origin.size) == ("profile", "7", len(sent.body))
    assert origin.sha256 == hashlib.sha256(sent.body).hexdigest()
    assert before <= origin.read_at <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (bad("QUERY_LIMIT_EXCEEDED", 503), Busy),
        (bad("INTERNAL_SERVER_ERROR", 500), ServerFault),
        (Answer(502, b"<html>"), ServerFault),
        (httpx.ConnectError("no route"), Unreachable),
        (httpx.ReadTimeout("slow"), TimedOut),
        (httpx.ProxyError("502 Bad Gateway"), ProxyRefused),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), Unreachable),
        (bad("OPERATION_TIME_LIMIT", 429), OverBudget),
    ],
)
def test_a_read_is_tried_four_times_a_write_once(fault: Answer | Exception, kind: type[PortalError]) -> None:
    portal = script(x=[fault, fault, fault, good("at last")])
    assert portal.portal().call("x").result == "at last"
    assert len(portal.asked) == 4

    portal = script(x=fault)
    with pytest.raises(kind):
        portal.portal().call("x", subject="343")
    assert len(portal.asked) == 4

    portal = script(x=fault)
    with pytest.raises(kind) as caught:
        portal.portal().call("x", subject="343", write=True)
    assert len(portal.asked) == 1
    assert (caught.value.method, caught.value.subject) == ("x", "343")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (bad("NO_AUTH_FOUND", 401), Unauthorised),
        (bad("ERROR_METHOD_NOT_FOUND", 404), MethodMissing),
        (Answer(200, b"<!doctype html>"), NotPortal),
        (Answer(200, b'{"result": [1, 2'), BadAnswer),
        (httpx.RemoteProtocolError("closed without a full answer"), BadAnswer),
        (httpx.ProxyError("407 Proxy Authentication Required"), ProxyRefused),
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"), Untrusted),
    ],
)
def test_what_will_not_pass_is_asked_once(fault: Answer | Exception, kind: type[PortalError]) -> None:
    portal = script(x=fault)
    with pytest.raises(kind):
        portal.portal().call("x")
    assert len(portal.asked) == 1
    assert portal.clock.waits == []


def test_the_pauses_grow() -> None:
    portal = script(x=bad("INTERNAL_SERVER_ERROR", 500))
    with pytest.raises(ServerFault):
        portal.portal().call("x")
    assert portal.clock.waits == [1, 2, 4]


def test_a_busy_portal_is_left_alone_and_the_user_is_told() -> None:
    told: list[float] = []
    portal = script(x=[bad("QUERY_LIMIT_EXCEEDED", 503), good(1)])
    portal.portal(on_wait=told.append).call("x")
    assert told == [2, 0]
    assert portal.clock.now == 1002


def test_a_spent_budget_is_waited_for_as_the_last_good_answer_told() -> None:
    time = {"finish": 1000.0 + 10**9, "operating_reset_at": 1120 + 10**9}
    told: list[float] = []
    portal = script(x=[good(1, time=time), bad("OPERATION_TIME_LIMIT", 429), good(2)])
    client = portal.portal(on_wait=told.append)
    client.call("x")
    assert client.call("x").result == 2
    assert told == [121, 0]


def test_a_spent_budget_that_stays_spent_tells_when_it_ends() -> None:
    portal = script(x=bad("OPERATION_TIME_LIMIT", 429))
    with pytest.raises(OverBudget) as caught:
        portal.portal().call("x")
    assert caught.value.reset is not None


def test_what_a_method_used_is_told_by_its_answers_and_those_in_a_batch() -> None:
    time = {"finish": 10**9, "operating": 31.5, "operating_reset_at": 10**9 + 120}
    inner = {"result": {"a": 1, "b": 2}, "result_time": {"a": time, "b": {"operating": "7", "finish": 10**9}}}
    inner["result_error"] = {"c": {"error": "OPERATION_TIME_LIMIT", "error_description": "x"}}
    portal = script(x=good(1, time=time | {"operating": 30}), batch=good(inner)).portal()
    portal.call("x")
    assert [(each.method, each.used, each.resets_in) for each in portal.limits().budgets] == [("x", 30.0, 120.0)]
    found = portal.batch({"a": ("x", {}), "b": ("y", {}), "c": ("z", {})})
    assert isinstance(found["c"], OverBudget)
    assert found["c"].reset is not None
    assert [(each.method, each.used, each.resets_in, each.closed_for) for each in portal.limits().budgets] == [
        ("z", 480.0, None, 5.0),
        ("x", 31.5, 120.0, 0),
        ("y", 7.0, None, 0),
    ]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (bad("QUERY_LIMIT_EXCEEDED", 503), Why.BUSY),
        (bad("OPERATION_TIME_LIMIT", 429), Why.BUDGET),
        (bad("INTERNAL_SERVER_ERROR", 500), Why.FAULT),
        (httpx.ConnectError("no route"), Why.FAULT),
    ],
)
def test_why_a_call_waits(fault: Answer | Exception, why: Why) -> None:
    seen: list[tuple[Why, int]] = []

    def told(seconds: float) -> None:
        if seconds:
            now = client.limits()
            seen.append((now.why, now.waiting))

    client = script(x=[fault, good(1)]).portal(on_wait=told)
    client.call("x")
    assert seen == [(why, 1)]
    assert (client.limits().why, client.limits().waiting, client.limits().in_flight) == (Why.FREE, 0, 0)


def test_a_spent_budget_holds_up_no_other_method() -> None:
    time = {"finish": 10**9, "operating": 480, "operating_reset_at": 10**9 + 120}
    portal = script(x=[good(1, time=time), bad("OPERATION_TIME_LIMIT", 429)], y=good(2))
    client = portal.portal()
    client.call("x")
    with pytest.raises(OverBudget):
        client.call("x", write=True)
    assert client.call("y").result == 2
    assert portal.clock.waits == []
    (budget,) = client.limits().budgets
    assert (budget.method, budget.closed_for) == ("x", 121)


def test_every_portal_object_of_a_host_keeps_one_pace() -> None:
    portals = [Portal(Webhook.parse(f"https://Shared.Example:443/rest/{user}/{CODE}/")) for user in (1, 2)]
    portals += [Portal(Webhook.parse(f"https://other.example/rest/1/{CODE}/"))]
    try:
        assert portals[0].pace is portals[1].pace
        assert portals[0].pace is not portals[2].pace
        pace = portals[0].pace
        assert (pace.rate, pace.burst, pace.in_flight) == (1.5, 10, 2)
        with portals[0].pace.turn("x"):
            assert portals[1].limits().in_flight == 1
            assert portals[2].limits().in_flight == 0
    finally:
        for portal in portals:
            portal.close()


def test_a_moved_portal_is_not_followed() -> None:
    portal = script(x=Answer(302, b"", {"Location": "https://new.example/rest/7/" + CODE + "/x"}))
    with pytest.raises(Moved) as caught:
        portal.portal().call("x")
    assert caught.value.host == "new.example"
    assert len(portal.asked) == 1
    assert CODE not in str(caught.value)


@pytest.mark.parametrize("location", ["/auth/?backurl=x", "", f"https://{HOST}/auth/"])
def test_a_redirect_to_the_login_page_is_no_move(location: str) -> None:
    with pytest.raises(NotPortal):
        script(x=Answer(302, b"", {"Location": location})).portal().call("x")


def test_pages_follow_next() -> None:
    portal = script(x=[good([1], next=50), good([2], next=100), good([3])])
    assert [answer.result for answer in portal.portal().pages("x", {"select": ["ID"]})] == [[1], [2], [3]]
    assert [asked.body["start"] for asked in portal.asked] == [0, 50, 100]


def test_pages_end_when_next_does_not_grow() -> None:
    portal = script(x=good([1], next=50))
    assert len(list(portal.portal().pages("x", {}))) == 2


# --- batch ---


def test_a_batch_sends_query_strings() -> None:
    portal = script(batch=good({"result": {"a": 1, "b": 2}}))
    found = portal.portal().batch({"a": ("x", {"Q": "ё|&", "F": {"ID": [1, 2]}}), "b": ("y", {})})
    assert portal.asked[0].body == {"halt": 0, "cmd": {"a": "x?Q=%D1%91%7C%26&F[ID][0]=1&F[ID][1]=2", "b": "y?"}}
    assert found == {"a": Read(1), "b": Read(2)}


def test_query_of_booleans_and_nothing() -> None:
    assert query({"a": True, "b": False, "c": None, "d": []}) == "a=Y&b=N&c="


def test_a_batch_in_all_its_forms() -> None:
    error = {"error": "insufficient_scope", "error_description": "x"}
    forms = [
        {"result": {"0": "p"}, "result_error": {"1": error}, "result_total": [], "result_next": [], "result_time": []},
        {"result": ["p"], "result_error": {"1": error}, "result_total": {"0": 7}, "result_next": {"0": 50}},
        {"result": ["p"], "result_error": [None, error]},
    ]
    for form in forms:
        found = script(batch=good(form)).portal().batch({"0": ("x", {}), "1": ("im.y", {}), "2": ("z", {})})
        assert isinstance(found["0"], Read)
        assert found["0"].result == "p"
        error_one = found["1"]
        assert isinstance(error_one, PortalError)
        assert (error_one.code, error_one.method) == ("INSUFFICIENT_SCOPE", "im.y")
        assert isinstance(found["2"], BadAnswer)
    empty = script(batch=good([])).portal().batch({"a": ("x", {})})
    assert isinstance(empty["a"], BadAnswer)


def test_a_batch_takes_fifty_commands() -> None:
    portal = script(batch=good([]))
    with pytest.raises(BadRequest):
        portal.portal().batch({f"c{number}": ("x", {}) for number in range(51)})
    assert portal.asked == []


# --- cancelling ---


def test_nothing_is_asked_once_cancelled() -> None:
    stop = threading.Event()
    stop.set()
    portal = script(x=good(1))
    with pytest.raises(Cancelled):
        portal.portal().call("x", cancel=stop)
    assert portal.asked == []


def test_no_answer_once_cancelled_and_no_other_attempt() -> None:
    stop = threading.Event()

    def answer_late(_body: object) -> Answer:
        stop.set()
        return bad("INTERNAL_SERVER_ERROR", 500)

    portal = script(x=answer_late)
    with pytest.raises(Cancelled):
        portal.portal().call("x", cancel=stop)
    assert len(portal.asked) == 1


def test_a_closed_portal_asks_nothing() -> None:
    portal = script(x=good(1))
    client = portal.portal()
    client.close()
    with pytest.raises(Cancelled):
        client.call("x")
    assert portal.asked == []


def test_no_cookie_is_kept() -> None:
    portal = script(x=Answer(200, b'{"result": 1}', {"Set-Cookie": "PHPSESSID=abc; path=/"}))
    client = portal.portal()
    client.call("x")
    client.call("x")
    assert "cookie" not in portal.asked[1].headers


def test_a_silent_portal_can_be_left() -> None:
    """Over a real socket that never answers: cancelling ends the read, long before its time is up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        came = threading.Event()
        stop = threading.Event()

        def accept() -> None:
            connection, _address = server.accept()
            with connection:
                connection.recv(65536)
                stop.set()
                came.wait(30)

        thread = threading.Thread(target=accept)
        thread.start()
        portal = Portal(Webhook.parse(f"http://127.0.0.1:{server.getsockname()[1]}/rest/1/{CODE}/"))
        try:
            with pytest.raises(Cancelled):
                portal.call("profile", cancel=stop)
        finally:
            came.set()
            thread.join()
            portal.close()


def test_a_real_client_trusts_the_system_and_an_authority_of_the_company(tmp_path: Path) -> None:
    from viewer.bitrix.transport import trust

    assert trust().verify_mode is ssl.CERT_REQUIRED
    broken = tmp_path / "company.pem"
    broken.write_text("no certificate", encoding="utf-8")
    for useless in (broken, tmp_path / "missing.pem", tmp_path):
        with pytest.raises(BadAuthority, match=useless.name):
            trust(useless)


@pytest.mark.parametrize("address", ["socks5://user:hushhush@127.0.0.1:1", "ftp://127.0.0.1", "http://[::1"])
def test_a_proxy_of_another_kind_is_told_and_its_password_is_not(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", address)
    with pytest.raises(BadProxy) as caught:
        Portal(Webhook.parse(WEBHOOK)).call("profile")
    assert "hushhush" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize(
    ("set_up", "address", "proxy"),
    [
        ({}, "https://a.example/", ""),
        ({"https_proxy": "http://p:1"}, "https://a.example/", "http://p:1"),
        ({"https_proxy": "p:1"}, "https://a.example/rest/", "http://p:1"),
        ({"http_proxy": "http://p:1"}, "https://a.example/", ""),
        ({"all_proxy": "http://p:1"}, "https://a.example/", "http://p:1"),
        ({"https_proxy": "http://p:1", "no_proxy": "example"}, "https://a.example:8443/", ""),
        ({"https_proxy": "http://p:1", "no_proxy": "*"}, "https://a.example/", ""),
    ],
)
def test_which_proxy_is_used(set_up: dict[str, str], address: str, proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(name, set_up.get(name, ""))
    assert proxy_for(address) == proxy


@pytest.mark.parametrize("content", [None, b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nrubbish"])
def test_an_authority_that_cannot_be_used_is_told_by_its_name(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "company.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadAuthority) as caught:
        Portal(Webhook.parse(WEBHOOK), authority=file)
    assert "company.pem" in caught.value.detail
    assert str(tmp_path) not in str(caught.value)


# --- what never leaves ---


def test_no_secret_in_any_log_or_error(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    faults: list[Answer | Exception] = [
        bad("NO_AUTH_FOUND", 401),
        httpx.ConnectError(f"cannot connect to {WEBHOOK}"),
        httpx.InvalidURL(f"bad {WEBHOOK}"),
        Answer(200, b"{"),
    ]
    for fault in faults:
        with pytest.raises(PortalError) as caught:
            script(x=fault).portal().call("x", {"auth": CODE}, write=True)
        error = caught.value
        assert CODE not in f"{error!s} {error!r} {error.__dict__} {error.args}"
        assert error.__suppress_context__ or error.__context__ is None
        assert "секретные" not in str(error)
        logging.getLogger("test").info("it failed", exc_info=error)
    script(x=good(1)).portal().call("x")
    logging.getLogger("any.other").info("GET %s?token=%s", WEBHOOK, "tok3n")
    logging.getLogger("any.other").info({"auth": CODE})
    assert "HTTP Request: POST" in caplog.text
    assert "it failed" in caplog.text
    assert CODE not in caplog.text
    assert "tok3n" not in caplog.text
    assert "/rest/***/***/x" in caplog.text


def test_a_portal_does_not_show_its_secret() -> None:
    portal = script().portal()
    assert CODE not in repr(portal)
    assert CODE not in repr(portal.access)
    assert CODE not in repr(vars(portal))


def test_answers_are_decoded_as_utf8_whatever_they_call_themselves() -> None:
    body = json.dumps({"result": "Привет"}, ensure_ascii=False).encode()
    portal = Script({"x": Answer(200, b"\xef\xbb\xbf" + body, {"Content-Type": "text/html; charset=windows-1251"})})
    assert portal.portal().call("x").result == "Привет"
