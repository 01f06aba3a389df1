"""One look after the other, and what each says: on the demo portal, over real sockets, and without any network."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bitrix.scripted import Answer, Clock, Script, bad, good
from tests.loopback import CODE, DAY, NOW, Issued, Loopback, Reply, Request, issue, listening
from tests.wine import need_own_authority
from viewer import i18n
from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.bitrix.diagnosis import NAMES, diagnose
from viewer.bitrix.findings import Finding, Outcome, report
from viewer.demo import DemoPortal
from viewer.errors import Cancelled, ViewerError

ROOT = f"https://{DemoPortal.HOST}"
OK, WARNING, FAILED, SKIPPED = Outcome.OK, Outcome.WARNING, Outcome.FAILED, Outcome.SKIPPED
PEOPLE = ("Марина", "Лещенко", "Вересова", "Кремнёв")


def on_demo(demo: DemoPortal, **options: object) -> list[Finding]:
    def opened() -> Portal:
        clock = Clock()
        return Portal(
            Webhook.parse(demo.WEBHOOK),
            transport=embedded(demo.respond),
            pace=Pace(clock=clock, wait=clock.wait),
        )

    return list(diagnose(ROOT, opened, embedded=True, **options))  # type: ignore[arg-type]


def on_script(script: Script) -> list[Finding]:
    return list(diagnose(ROOT, script.portal, embedded=True))


def on_server(server: Loopback, authority: Path | None) -> list[Finding]:
    if authority is not None:
        need_own_authority()
    return list(diagnose(server.root, lambda: server.portal(authority), authority=authority))


def outcomes(findings: list[Finding]) -> list[Outcome]:
    return [finding.outcome for finding in findings]


def answering(demo: DemoPortal) -> Callable[[Request], Reply]:
    def answer(request: Request) -> Reply:
        told = demo.respond("POST", f"{ROOT}{request.path}", request.headers, request.body)
        return Reply(told.body, told.status, told.headers)

    return answer


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def company(tmp_path: Path) -> Issued:
    return issue(tmp_path, "Zerno Authority", authority=True)


@pytest.fixture
def right(tmp_path: Path, company: Issued) -> Issued:
    return issue(tmp_path, "right", by=company)


# --- the portal ---


def test_the_demo_portal_is_in_order() -> None:
    findings = on_demo(DemoPortal(limits=False))
    assert [finding.name for finding in findings] == list(NAMES)
    assert outcomes(findings) == [OK, SKIPPED, SKIPPED, SKIPPED, *[OK] * 6]
    assert findings[9].text == "Revision 19 of the REST interface."


def test_what_is_missing_is_named_with_what_it_costs() -> None:
    scopes = frozenset({"imopenlines", "crm", "user"})
    findings = on_demo(DemoPortal(limits=False, scopes=scopes, absent=frozenset({"imopenlines.v2.session.list"})))
    permissions, functions = findings[6], findings[7]
    assert (permissions.outcome, functions.outcome) == (WARNING, WARNING)
    assert "im (names and files may be missing); disk (" in permissions.text
    assert "user_brief" not in permissions.text
    assert "tick im, disk" in permissions.advice
    assert "imopenlines.v2.Session.list (not all sessions are listed)" in functions.text
    assert "im.v2.File.download" in functions.text


def test_without_the_lines_nothing_works_and_the_rest_is_still_looked_at() -> None:
    findings = on_demo(DemoPortal(limits=False, scopes=frozenset({"im"})))
    assert outcomes(findings)[4:] == [OK, OK, FAILED, FAILED, OK, FAILED]
    assert "imopenlines (nothing can be read)" in findings[6].text


def test_a_webhook_that_is_refused_is_told_once_and_the_rest_is_not_tried() -> None:
    findings = on_script(Script({"/rest/": bad("NO_AUTH_FOUND", 401)}))
    assert outcomes(findings)[4:] == [FAILED, SKIPPED, SKIPPED, SKIPPED, SKIPPED, SKIPPED]
    assert "does not accept this webhook" in findings[4].text
    assert findings[4].advice


def test_a_user_who_has_left() -> None:
    assert on_script(Script({"profile": good({})}))[4].outcome is FAILED


def test_a_secret_that_is_not_here() -> None:
    def opened() -> Portal:
        raise ViewerError("The webhook is not on this computer.", "", "Connect the portal again.")

    findings = list(diagnose(ROOT, opened, embedded=True))
    assert (findings[4].outcome, findings[4].advice) == (FAILED, "Connect the portal again.")
    assert len(findings) == len(NAMES)


@pytest.mark.parametrize(
    ("minutes", "outcome", "word"), [(0, OK, "agree"), (9, WARNING, "ahead"), (-61, WARNING, "1 h")]
)
def test_the_clock(minutes: int, outcome: Outcome, word: str) -> None:
    demo = DemoPortal(limits=False, clock=NOW.timestamp)
    clock = on_demo(demo, now=lambda: NOW + timedelta(minutes=minutes))[5]
    assert clock.outcome is outcome
    assert word in clock.text


def test_limits_that_were_met_are_told() -> None:
    script = Script({"profile": good({"ID": "7"}), "/rest/": bad("QUERY_LIMIT_EXCEEDED", 503)})
    findings = on_script(script)
    assert findings[8].outcome is WARNING
    assert "busy" in findings[8].text
    assert script.methods.count("scope") == 1  # a look is no siege


def test_answers_of_another_shape_are_no_failure_of_the_program() -> None:
    odds: tuple[object, ...] = (None, [], "", 7, "text", {"x": []}, [[]])
    for odd in odds:
        findings = on_script(Script({"profile": good({"ID": "7"}), "/rest/": good(odd)}))
        assert len(findings) == len(NAMES)
    assert len(on_script(Script({"/rest/": Answer(200, b"{")}))) == len(NAMES)


def test_it_can_be_cancelled() -> None:
    stop = threading.Event()
    looks = diagnose(ROOT, Script({"/rest/": good(1)}).portal, embedded=True, cancel=stop)
    next(looks)
    stop.set()
    with pytest.raises(Cancelled):
        next(looks)


# --- the network ---


def test_a_portal_on_a_socket(company: Issued, right: Issued) -> None:
    with listening(answering(DemoPortal(limits=False)), right) as server:
        findings = on_server(server, company.file)
        assert outcomes(findings) == [OK] * len(NAMES)
        assert "127.0.0.1" in findings[0].text
        assert "issued by Zerno Authority" in findings[2].text
        assert company.file.name in findings[2].text
        assert str(company.file.parent) not in findings[2].text
        assert CODE not in server.asked[0].line


def test_a_certificate_that_ends_soon(tmp_path: Path, company: Issued) -> None:
    soon = issue(tmp_path, "soon", by=company, until=NOW + 3 * DAY)
    with listening(answering(DemoPortal(limits=False)), soon) as server:
        assert on_server(server, company.file)[2].outcome is WARNING


@pytest.mark.parametrize("what", ["unknown", "expired", "name", "file"])
def test_a_certificate_that_is_not_trusted_tells_whose_it_is(
    what: str, tmp_path: Path, company: Issued, right: Issued
) -> None:
    cases: dict[str, Callable[[], tuple[Issued, Path | None, str]]] = {
        "unknown": lambda: (right, None, "Zerno Authority"),
        "expired": lambda: (
            issue(tmp_path, "old", by=company, since=NOW - 9 * DAY, until=NOW - DAY), company.file, "Zerno Authority"
        ),
        "name": lambda: (issue(tmp_path, "other", by=company, host="other.example"), company.file, "Zerno Authority"),
        "file": lambda: (right, tmp_path / "missing.pem", "missing.pem"),
    }  # fmt: skip
    shown, authority, word = cases[what]()
    with listening(answering(DemoPortal(limits=False)), shown) as server:
        findings = on_server(server, authority)
    assert outcomes(findings)[2:4] == [FAILED, SKIPPED]
    assert word in findings[2].text
    assert findings[2].untrusted
    assert findings[2].advice
    assert CODE.encode() not in server.heard


@pytest.mark.parametrize(
    ("reply", "outcome", "word"),
    [
        (Reply(b"", 302, {"Location": "https://new.example/rest/"}), FAILED, "new.example"),
        (Reply(b"", 302, {"Location": "/auth/"}), FAILED, "other than the portal"),
        (Reply(b"<html>blocked</html>", 403), FAILED, "web page"),
        (Reply(b"<html>gateway</html>", 502), WARNING, "failed"),
        (Reply(b"{", length=50), FAILED, "cannot be read"),
        (Reply(b'{"error": "PORTAL_DELETED"}', 410), FAILED, "closed"),
    ],
)
def test_an_answer_that_is_none(reply: Reply, outcome: Outcome, word: str, company: Issued, right: Issued) -> None:
    with listening(lambda _request: reply, right) as server:
        findings = on_server(server, company.file)
    assert findings[3].outcome is outcome
    assert word in findings[3].text
    if outcome is FAILED:
        assert CODE.encode() not in server.heard


def test_nobody_there_and_a_name_that_nobody_knows(company: Issued) -> None:
    with listening(lambda _request: Reply(), None) as server:
        pass
    assert outcomes(on_server(server, None))[:4] == [OK, OK, FAILED, SKIPPED]
    lost = list(diagnose("https://no.such.host.invalid", Script({}).portal))
    assert outcomes(lost)[0] is FAILED
    assert "no.such.host.invalid" in lost[0].text
    assert len(lost) == len(NAMES)


def test_the_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(lambda _request: Reply(b"", 407)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://user:hushhush@{proxy.place}")
        findings = list(diagnose("https://portal.invalid", Script({}).portal))
    assert outcomes(findings)[:4] == [WARNING, OK, FAILED, SKIPPED]
    assert proxy.place in findings[1].text
    assert "407" in findings[2].text
    assert "hushhush" not in report(findings, "portal.invalid", datetime.now(UTC))
    monkeypatch.setenv("https_proxy", "socks5://user:hushhush@127.0.0.1:9")
    findings = list(diagnose("https://portal.invalid", Script({}).portal))
    assert outcomes(findings)[1:3] == [FAILED, FAILED]
    assert "hushhush" not in str(findings)


# --- the report ---


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_report_holds_no_secret_and_no_person(language: str, company: Issued, right: Issued) -> None:
    i18n.use(language)
    demo = DemoPortal(limits=False, scopes=frozenset({"imopenlines"}))
    with listening(answering(demo), right) as server:
        findings = on_server(server, company.file)
        text = report(findings, server.place, datetime(2026, 3, 11, 12, tzinfo=UTC))
        said = b" ".join([server.heard, *(demo_answer(demo, name) for name in ("profile", "scope"))])
    assert server.place in text
    assert "2026-03-11 12:00:00 UTC" in text
    assert "[ok]" in text
    assert "[warning]" in text
    for secret in (CODE, "/17/", "rest/17", *PEOPLE, str(Path.home()), str(company.file.parent)):
        assert secret not in text
    assert PEOPLE[0] in said.decode()  # it was told, and is left out


def demo_answer(demo: DemoPortal, method: str) -> bytes:
    told = demo.respond("POST", f"{ROOT}/rest/17/{CODE}/{method}", {}, b"{}")
    return json.dumps(json.loads(told.body), ensure_ascii=False).encode()
