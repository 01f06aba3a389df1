"""Tokens: the first ones, one renewal for all, kept before they are used, and every answer of the sign-in server."""

import json
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import httpx
import pytest

from tests.bitrix.office import CLIENT_ID, CLIENT_SECRET, CODE, HOST, NOW, Loopback, Office
from tests.bitrix.scripted import Answer, bad
from viewer import i18n
from viewer.bitrix import (
    Application,
    BadAnswer,
    BadRequest,
    BadSignIn,
    Busy,
    Grant,
    MissingScope,
    NoSignInServer,
    NotPortal,
    OAuth,
    PlanNeeded,
    Portal,
    PortalError,
    Secret,
    ServerFault,
    SignIn,
    SignInAgain,
    SignInServer,
    Unauthorised,
    Untrusted,
    WrongApplication,
    connection,
)
from viewer.errors import Cancelled, ViewerError

THREADS = 20


class Shelf:
    """A vault for one sign-in. `events` tells what happened to it."""

    def __init__(self, grant: Grant | None = None) -> None:
        self.kept = grant
        self.events: list[str] = []
        self.hold: AbstractContextManager[object] = nullcontext()
        self.refuses: BaseException | None = None

    def load(self) -> Grant | None:
        return self.kept

    def save(self, grant: Grant) -> None:
        self.events.append(f"saved {grant.access.reveal()}")
        if self.refuses is not None:
            raise self.refuses
        self.kept = grant

    def alone(self) -> AbstractContextManager[object]:
        return self.hold


# --- the first tokens ---


def test_a_code_becomes_a_sign_in_that_opens_the_portal() -> None:
    office = Office()
    grant = office.server().exchange(office.application, SignIn(office.application).code(CODE))
    assert office.asked == [
        {
            "grant_type": "authorization_code",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "code": CODE,
        }
    ]
    assert (grant.endpoint, grant.expires, grant.user_id) == (f"https://{HOST}/rest/", NOW + 3600, 7)
    portal = office.portal(office.access_with(grant))
    assert portal.call("profile", {"A": 1}).result == {"path": "/rest/profile", "A": 1}
    assert connection.check(portal).user_name == "Анна"
    assert office.used == ["access-t0ken-1"] * 2
    assert (portal.root, portal.host, portal.access.user_id) == (f"https://{HOST}", HOST, 7)


def test_over_a_real_socket() -> None:
    with Loopback() as office:
        server = SignInServer()
        access = OAuth(server.exchange(office.application, Secret(CODE)), server=server)
        portal = Portal(access)
        try:
            assert portal.call("profile").result == {"path": "/rest/profile"}
            office.expired = True
            assert portal.call("scope").result == {"path": "/rest/scope"}
        finally:
            portal.close()
        assert [asked["grant_type"] for asked in office.asked] == ["authorization_code", "refresh_token"]
        assert office.used == ["access-t0ken-1", "access-t0ken-1", "access-t0ken-2"]


@pytest.mark.parametrize(
    ("told", "endpoint"),
    [
        ("", f"https://{HOST}/rest/"),
        (f"https://{HOST}/rest", f"https://{HOST}/rest/"),
        (f"https://{HOST.upper()}:443/portal/rest/", f"https://{HOST}/portal/rest/"),
    ],
)
def test_where_calls_go(told: str, endpoint: str) -> None:
    office = Office()
    office.extra = {"client_endpoint": told}
    assert office.grant().endpoint == endpoint


@pytest.mark.parametrize("told", ["https://other.example/rest/", f"http://{HOST}/rest/", "https://[/", "rest"])
def test_a_token_goes_to_no_other_portal(told: str) -> None:
    office = Office()
    office.extra = {"client_endpoint": told}
    with pytest.raises(BadSignIn) as caught:
        office.grant()
    assert caught.value.title == "This sign-in is for another portal."


def test_a_renewal_that_tells_another_portal_is_not_lost() -> None:
    office = Office()
    access = office.access_with(office.grant())
    office.extra = {"client_endpoint": "https://moved.example/rest/", "user_id": None}
    office.expired = True
    office.portal(access).call("profile")
    assert (access.grant.endpoint, access.grant.user_id) == (f"https://{HOST}/rest/", 7)
    assert access.token() == Secret("access-t0ken-2")


# --- every answer of the sign-in server ---

ANSWERS: list[tuple[Answer | Exception, type[PortalError], str]] = [
    (bad("invalid_client", 401), WrongApplication, "id or its secret"),
    (bad("WRONG_CLIENT", 200), WrongApplication, "id or its secret"),
    (bad("wrong_client", 400), WrongApplication, "id or its secret"),
    (bad("APPLICATION_NOT_FOUND", 401), WrongApplication, "deleted"),
    (bad("", 401), WrongApplication, "administrator"),
    (bad("invalid_request", 400), BadRequest, "sign-in server did not understand"),
    (bad("unsupported_grant_type", 400), BadRequest, "UNSUPPORTED_GRANT_TYPE"),
    (bad("insufficient_scope", 403), MissingScope, "permission"),
    (bad("invalid_scope", 400), MissingScope, "permission"),
    (bad("PAYMENT_REQUIRED", 402), PlanNeeded, "plan"),
    (bad("QUERY_LIMIT_EXCEEDED", 503), Busy, "busy"),
    (bad("", 429), Busy, "busy"),
    (bad("INTERNAL_SERVER_ERROR", 500), ServerFault, "failed"),
    (Answer(502, b"<html>"), ServerFault, "failed"),
    (Answer(200, b"\xef\xbb\xbf <html>login</html>"), NotPortal, "other than the sign-in server"),
    (Answer(403, b"<html>firewall</html>"), NotPortal, "other than the sign-in server"),
    (Answer(302, b"", {"Location": "https://elsewhere.example/"}), NotPortal, "other than the sign-in server"),
    (Answer(200, b'{"access_token": "a'), BadAnswer, "cannot be read"),
    (Answer(200, b"[]"), BadAnswer, "cannot be read"),
    (Answer(200, b'{"access_token": "access-t0ken-9"}'), BadAnswer, "cannot be read"),
    (Answer(200, b" " * (1024 * 1024 + 1)), BadAnswer, "cannot be read"),
    (httpx.ConnectError("no route"), NoSignInServer, "oauth.bitrix.info"),
    (httpx.ReadTimeout("slow"), NoSignInServer, "oauth.bitrix.info"),
    (httpx.ConnectError("CERTIFICATE_VERIFY_FAILED"), Untrusted, "oauth.bitrix.info"),
]


@pytest.mark.parametrize(("fault", "kind", "word"), ANSWERS)
@pytest.mark.parametrize("renewing", [False, True])
def test_each_answer_of_the_sign_in_server(
    fault: Answer | Exception, kind: type[PortalError], word: str, renewing: bool
) -> None:
    office = Office()
    grant = office.grant()
    office.fault = fault

    def ask() -> Grant:
        return office.server().refresh(grant) if renewing else office.grant()

    for language in ("en", "ru"):
        i18n.use(language)
        with pytest.raises(PortalError) as caught:
            ask()
        assert type(caught.value) is kind
        assert (word in str(caught.value)) or language == "ru"
        assert "{" not in str(caught.value)
        assert "секретные" not in str(caught.value)
        shown = f"{caught.value!r} {caught.value.__dict__}"
        assert not any(secret in shown for secret in (CLIENT_SECRET, CODE, "refresh-t0ken"))


def test_a_code_that_comes_late_is_told_apart_from_a_sign_in_that_is_over() -> None:
    office = Office()
    with pytest.raises(SignInAgain) as late:
        office.server().exchange(office.application, Secret("anotherc0de"))
    assert "30 seconds" in late.value.detail
    grant = office.grant()
    office.number += 1
    with pytest.raises(SignInAgain) as over:
        office.server().refresh(grant)
    assert over.value.title == "The sign-in has expired."
    assert over.value.advice == "Sign in again."


# --- one renewal ---


def together(calls: list[Callable[[], object]]) -> list[object]:
    """What calls on as many threads return or raise."""
    came: list[object] = [None] * len(calls)

    def work(at: int, call: Callable[[], object]) -> None:
        try:
            came[at] = call()
        except Exception as error:  # noqa: BLE001 -- looked at by the test
            came[at] = error

    threads = [threading.Thread(target=work, args=(at, call)) for at, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_twenty_threads_share_one_renewal() -> None:
    """All twenty are refused before the first of them learns of it."""
    office = Office()
    shelf = Shelf()
    portal = office.portal(office.access_with(office.grant(), shelf))
    office.expired = True
    office.pause = threading.Barrier(THREADS, timeout=60).wait
    results = together([lambda: portal.call("profile").result] * THREADS)
    assert results == [{"path": "/rest/profile"}] * THREADS
    assert [asked["grant_type"] for asked in office.asked] == ["authorization_code", "refresh_token"]
    assert shelf.events == ["saved access-t0ken-2"]
    assert office.used.count("access-t0ken-2") == THREADS


def test_two_windows_share_one_renewal() -> None:
    """The one that comes second finds in the vault what the first has kept, and spends nothing."""
    office = Office()
    grant = office.grant()
    shelf = Shelf(grant)
    shelf.hold = threading.Lock()
    portals = [office.portal(office.access_with(grant, shelf)) for _ in range(2)]
    office.expired = True
    office.pause = threading.Barrier(2, timeout=60).wait
    results = together([lambda portal=portal: portal.call("profile").result for portal in portals])  # type: ignore[misc]
    assert results == [{"path": "/rest/profile"}] * 2
    assert len(office.asked) == 2
    assert shelf.events == ["saved access-t0ken-2"]


def test_what_another_window_has_kept_is_used_unless_it_has_expired_too() -> None:
    office = Office()
    first = office.grant()
    shelf = Shelf(first)
    ours, theirs = (office.portal(office.access_with(first, shelf)) for _ in range(2))
    office.expired = True
    theirs.call("profile")
    assert ours.call("profile").result
    assert len(office.asked) == 2
    office.expired = True
    office.now += 3601
    theirs.call("profile")
    office.expired = True
    office.now += 3601
    assert ours.call("profile").result, "an hour later, what the other window has kept is spent too"
    assert [asked.get("refresh_token") for asked in office.asked[1:]] == [f"refresh-t0ken-{n}" for n in (1, 2, 3)]


def test_a_window_that_could_not_be_held_off_was_quicker() -> None:
    office = Office()
    first = office.grant()
    shelf = Shelf(first)
    office.expired = True
    access = office.access_with(first, shelf)
    refresh = access._server.refresh

    def slow(grant: Grant) -> Grant:
        shelf.kept = office.server().refresh(grant)
        return refresh(grant)

    access._server.refresh = slow  # type: ignore[method-assign]
    assert office.portal(access).call("profile").result
    assert shelf.events == []


# --- kept before it is used ---


class Crash(BaseException):
    """The program ends here."""


def test_a_crash_before_the_new_tokens_are_kept_finds_them_unused() -> None:
    office = Office()
    shelf = Shelf()
    shelf.refuses = Crash()
    portal = office.portal(office.access_with(office.grant(), shelf))
    office.expired = True
    with pytest.raises(Crash):
        portal.call("profile")
    assert shelf.events == ["saved access-t0ken-2"]
    assert office.used == ["access-t0ken-1"]


def test_a_crash_after_they_were_kept_loses_nothing() -> None:
    office = Office()
    shelf = Shelf()
    access = office.access_with(office.grant(), shelf)
    office.expired = True
    access.renew(access.token(), SignInAgain("EXPIRED_TOKEN"), None)
    assert shelf.kept is not None
    after = office.portal(office.access_with(Grant.read(shelf.kept.values()), shelf))
    assert after.call("profile").result
    assert len(office.asked) == 2


def test_a_vault_that_refuses_costs_nothing_but_the_next_start() -> None:
    office = Office()
    first = office.grant()
    shelf = Shelf(first)
    shelf.refuses = ViewerError("locked")
    portal = office.portal(office.access_with(first, shelf))
    for number in (2, 3):
        office.expired = True
        assert portal.call("profile").result
        assert office.used[-1] == f"access-t0ken-{number}"


def test_a_vault_that_cannot_be_read_is_done_without() -> None:
    office = Office()
    shelf = Shelf()

    def load() -> Grant | None:
        raise ViewerError("locked")

    shelf.load = load  # type: ignore[method-assign]
    portal = office.portal(office.access_with(office.grant(), shelf))
    office.expired = True
    assert portal.call("profile").result


# --- when it is not renewed ---


def test_nothing_is_renewed_before_the_portal_says_so() -> None:
    office = Office()
    portal = office.portal(office.access_with(office.grant()))
    office.now += 7200
    portal.call("profile")
    assert len(office.asked) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("NO_AUTH_FOUND", SignInAgain),
        ("INVALID_CREDENTIALS", SignInAgain),
        ("", SignInAgain),
        ("user_access_error", Unauthorised),
        ("APPLICATION_NOT_FOUND", WrongApplication),
        ("insufficient_scope", MissingScope),
    ],
)
def test_other_refusals_are_told_and_not_renewed(code: str, kind: type[PortalError]) -> None:
    office = Office()
    portal = office.portal(office.access_with(office.grant()))
    office._call = lambda *_: bad(code, 401)  # type: ignore[method-assign]
    with pytest.raises(PortalError) as caught:
        portal.call("im.recent.list", subject="343")
    assert type(caught.value) is kind
    assert (caught.value.method, caught.value.subject) == ("im.recent.list", "343")
    assert "webhook" not in caught.value.title
    assert len(office.asked) == 1


def test_a_sign_in_that_is_over_is_not_asked_for_again_and_again() -> None:
    office = Office()
    shelf = Shelf()
    portal = office.portal(office.access_with(office.grant(), shelf))
    office.number += 1
    for _ in range(3):
        with pytest.raises(SignInAgain):
            portal.call("profile")
    assert len(office.asked) == 2
    shelf.kept = office.grant()
    assert portal.call("profile").result, "another window has signed in again"


def test_a_token_that_is_refused_although_it_is_new_ends_it() -> None:
    office = Office()
    portal = office.portal(office.access_with(office.grant()))
    office._call = lambda *_: bad("expired_token", 401)  # type: ignore[method-assign]
    with pytest.raises(SignInAgain):
        portal.call("profile")
    assert len(office.asked) == 2


def test_a_sign_in_server_that_fails_for_a_moment_is_asked_again() -> None:
    office = Office()
    portal = office.portal(office.access_with(office.grant()))
    office.expired = True
    office.fault = httpx.ConnectError("no route")
    waits: list[float] = []

    def pause(seconds: float, *_: object) -> None:
        waits.append(seconds)
        office.fault = None

    portal.pace.pause = pause  # type: ignore[method-assign, assignment]
    assert portal.call("profile").result
    assert len(waits) == 1


def test_a_rating_whose_token_had_expired_is_sent_once_more() -> None:
    """The portal refused the call before it did anything."""
    office = Office()
    portal = office.portal(office.access_with(office.grant()))
    office.expired = True
    assert portal.call("imopenlines.session.head.vote", {"RATING": 5}, write=True).result
    assert office.used == ["access-t0ken-1", "access-t0ken-2"]


def test_who_gives_up_waiting_does_not_cut_the_renewal_in_half() -> None:
    office = Office()
    shelf = Shelf()
    access = office.access_with(office.grant(), shelf)
    portal = office.portal(access)
    office.expired = True
    go, stop, saved = threading.Event(), threading.Event(), threading.Event()
    refresh, save = access._server.refresh, shelf.save

    def slow(grant: Grant) -> Grant:
        stop.set()
        assert go.wait(60)
        return refresh(grant)

    def tell(grant: Grant) -> None:
        save(grant)
        saved.set()

    access._server.refresh = slow  # type: ignore[method-assign]
    shelf.save = tell  # type: ignore[method-assign]
    with pytest.raises(Cancelled):
        portal.call("profile", cancel=stop)
    portal.close()
    go.set()
    assert saved.wait(60)
    assert shelf.kept is not None
    assert shelf.kept.access == Secret("access-t0ken-2")


# --- what is kept, what is never shown ---


def test_a_sign_in_is_kept_and_read_back() -> None:
    office = Office(server="oauth.firma.local")
    grant = office.grant()
    assert Grant.read(json.loads(json.dumps(grant.values()))) == grant
    kept = len(json.dumps(grant.values(), separators=(",", ":")))
    assert kept < 500, "with tokens of a hundred characters it stays below the 1,280 that Windows allows"


@pytest.mark.parametrize(
    "changes",
    [
        {"access": ""},
        {"refresh": ""},
        {"portal": "http://portal.example"},
        {"endpoint": "https://other.example/rest/"},
        {"endpoint": ""},
        {"secret": ""},
        {"server": "http://evil.example"},
    ],
)
def test_a_damaged_sign_in_is_told(changes: dict[str, str]) -> None:
    with pytest.raises(SignInAgain) as caught:
        Grant.read(Office().grant().values() | changes)
    assert caught.value.title == "The kept sign-in cannot be read."


def test_no_secret_in_any_log_or_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with Loopback() as office:
        server = SignInServer()
        grant = server.exchange(office.application, SignIn(office.application).code(CODE))
        access = OAuth(grant, Shelf(grant), server)
        portal = Portal(access)
        try:
            office.expired = True
            portal.call("profile")
            office.number += 1
            with pytest.raises(SignInAgain) as caught:
                portal.call("profile")
        finally:
            portal.close()
        logging.getLogger("test").info("it failed", exc_info=caught.value)
        logging.getLogger("test").info("%s %r %s", grant.values(), access, vars(access))
    assert "/oauth/token/?grant_type=" in caplog.text
    shown = f"{caplog.text} {grant!r} {access!r} {vars(access)} {caught.value!r} {caught.value.__dict__} {portal!r}"
    for secret in (CLIENT_SECRET, CLIENT_ID, CODE, "access-t0ken", "refresh-t0ken"):
        assert secret not in shown
    assert replace(grant, user_id=8) != grant


def test_an_application_of_another_portal_is_not_taken_from_the_vault() -> None:
    office = Office()
    first = office.grant()
    foreign = Application.parse("other.example", CLIENT_ID, CLIENT_SECRET)
    shelf = Shelf(Grant(foreign, "https://other.example/rest/", Secret("foreign-access"), Secret("foreign-refresh")))
    office.expired = True
    assert office.portal(office.access_with(first, shelf)).call("profile").result
    assert "foreign-access" not in office.used
