"""Bad input is normal input: what a portal, a proxy or a stranger may send, over real sockets with TLS.

Each time there is one clear sentence, nothing hangs, what was read stays, and the secret goes to nobody else.
"""

import json
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize

from tests.loopback import CODE, DAY, NOW, Issued, Loopback, Reply, Request, good, issue, listening, tunnel
from tests.wine import need_own_authority
from viewer.bitrix import (
    BadAnswer,
    FileGone,
    Moved,
    NotPortal,
    OpenInBrowser,
    Portal,
    PortalError,
    ProxyRefused,
    ServerFault,
    Unauthorised,
    Unreachable,
    Untrusted,
    Webhook,
)
from viewer.chat import File, FileKind, parse_reference
from viewer.cli import PARTLY, REFUSED, UNREACHABLE, main
from viewer.demo import DemoPortal
from viewer.errors import ViewerError
from viewer.export import safe_name
from viewer.library import fetch_file, list_sessions, open_dialogue, save_bytes, sources
from viewer.ui.pictures import decoded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def company(folder: Path) -> Issued:
    """The company's own authority, which no system knows."""
    return issue(folder, "Zerno Authority", authority=True)


@pytest.fixture(scope="module")
def right(folder: Path, company: Issued) -> Issued:
    return issue(folder, "right", by=company)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxies of the machine that runs the tests are none of theirs."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def demo_answering(demo: DemoPortal) -> Callable[[Request], Reply]:
    """The demo portal, behind a socket."""

    def answering(request: Request) -> Reply:
        told = demo.respond("POST", f"https://{DemoPortal.HOST}{request.path}", request.headers, request.body)
        return Reply(told.body, told.status, told.headers)

    return answering


def refused(portal: Portal, method: str = "profile") -> PortalError:
    """The error of a call, which names itself and holds no secret."""
    try:
        with pytest.raises(PortalError) as caught:
            portal.call(method, subject="343")
    finally:
        portal.close()
    error = caught.value
    assert error.title
    assert error.detail
    assert CODE not in f"{error!s} {error!r} {vars(error)} {error.__cause__}"
    return error


# --- certificates ---


def test_the_companys_certificate_opens_a_portal_that_the_system_does_not_trust(
    company: Issued, right: Issued, folder: Path
) -> None:
    with listening(lambda _request: good({"ID": "17"}), right) as server:
        for authority in (company.file, _as_der(company, folder)):
            portal = server.portal(authority)
            assert portal.call("profile").result == {"ID": "17"}
            portal.close()
        error = refused(server.portal())
        assert isinstance(error, Untrusted)
        assert "company's certificate" in error.advice
    assert len(server.asked) == 2


def _as_der(issued: Issued, folder: Path) -> Path:
    import ssl

    file = folder / "authority.cer"
    file.write_bytes(ssl.PEM_cert_to_DER_cert(issued.file.read_text(encoding="utf-8")))
    return file


@pytest.mark.parametrize(
    ("what", "reason", "word"),
    [
        ("self-signed", "self", "signed by itself"),
        ("expired", "time", "has expired"),
        ("another name", "name", "not made for"),
        ("a stranger's", "", "who issued"),
    ],
)
def test_a_bad_certificate_ends_the_talk_before_anything_is_said(
    what: str, reason: str, word: str, folder: Path, company: Issued
) -> None:
    stranger = issue(folder, "Stranger", authority=True)
    made = {
        "self-signed": lambda: issue(folder, "self"),
        "expired": lambda: issue(folder, "old", by=company, since=NOW - 9 * DAY, until=NOW - DAY),
        "another name": lambda: issue(folder, "other", by=company, host="other.example"),
        "a stranger's": lambda: issue(folder, "strange", by=stranger),
    }[what]()
    with listening(lambda _request: good(1), made) as server:
        error = refused(server.portal(company.file))
    assert isinstance(error, Untrusted)
    if sys.platform == "linux":  # other systems have words of their own for it
        assert error.reason == reason
        assert word in error.detail
    assert server.heard == b""
    assert server.visits == 1  # it will not pass, so it is not tried again


# --- proxies and strangers ---


@pytest.mark.parametrize(("status", "visits"), [(407, 1), (403, 1), (502, 4)])
def test_a_proxy_that_refuses_is_named_and_hears_no_secret(
    status: int, visits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(lambda _request: Reply(b"<html>no</html>", status)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://user:hushhush@{proxy.place}")
        portal = Portal(Webhook.parse(f"https://portal.example/rest/17/{CODE}/"), pace=proxy.portal().pace)
        error = refused(portal)
    assert isinstance(error, ProxyRefused)
    assert str(status) in error.detail
    assert "hushhush" not in str(error)
    assert [request.line for request in proxy.asked] == ["CONNECT portal.example:443 HTTP/1.1"] * visits
    assert CODE.encode() not in proxy.heard


def test_a_proxy_that_lets_through_sees_no_secret(
    monkeypatch: pytest.MonkeyPatch, company: Issued, right: Issued
) -> None:
    with listening(lambda _request: good(1), right) as server, tunnel() as (place, asked):
        monkeypatch.setenv("https_proxy", place)  # without http://, as many write it
        portal = server.portal(company.file)
        assert portal.call("profile").result == 1
        portal.close()
    assert asked == [f"CONNECT {server.place} HTTP/1.1".encode()]
    assert [request.method for request in server.asked] == ["profile"]


def test_a_portal_that_is_exempt_from_the_proxy_is_asked_without_it(
    monkeypatch: pytest.MonkeyPatch, company: Issued, right: Issued
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with listening(lambda _request: good(1), right) as server:
        portal = server.portal(company.file)
        assert portal.call("profile").result == 1
        portal.close()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_never_followed_to_another_host(status: int, company: Issued, right: Issued) -> None:
    with listening(lambda _request: good("caught"), right) as stranger:
        away = Reply(b"", status, {"Location": f"{stranger.root}/rest/17/{CODE}/profile"})
        with listening(lambda _request: away, right) as server:
            error = refused(server.portal(company.file))
            assert isinstance(error, Moved)
            assert error.host == stranger.place
            file = server.portal(company.file)
            with pytest.raises(OpenInBrowser):
                file.fetch(f"{server.root}/rest/download?token=1")
            with pytest.raises(OpenInBrowser):
                file.fetch(f"{stranger.root}/rest/download?token=1")
            file.close()
        assert (stranger.visits, stranger.heard) == (0, b"")


def test_nobody_there(company: Issued, right: Issued) -> None:
    with listening(lambda _request: good(1), right) as server:
        pass
    error = refused(server.portal(company.file))
    assert type(error) is Unreachable
    assert server.place in error.detail


def test_a_portal_that_speaks_no_tls(company: Issued) -> None:
    with listening(lambda _request: good(1)) as server:
        portal = Portal(
            Webhook.parse(f"https://{server.place}/rest/17/{CODE}/"), authority=company.file, pace=server.portal().pace
        )
        assert isinstance(refused(portal), Unreachable)
    assert CODE.encode() not in server.heard


# --- answers ---

PAGE = b"<!DOCTYPE html><html><body>blocked</body></html>"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(b'{"result": 1}', length=400), BadAnswer),
        (Reply(b'{"result": {"a": 1}}', length=9), BadAnswer),
        (Reply(b'{"result": [1, 2'), BadAnswer),
        (Reply(b""), BadAnswer),
        (Reply(b'{"result": 1}', headers={"Content-Encoding": "gzip"}), BadAnswer),
        (Reply(b'{"error": "NO_AUTH_FOUND", "error_description": "x"}'), Unauthorised),
        (Reply(PAGE), NotPortal),
        (Reply(PAGE, 403), NotPortal),
        (Reply(PAGE, 502), ServerFault),
        (Reply(b'{"result": 1}', length=2**40), BadAnswer),
        (Reply(b"\x00\xff\xfe" * 1000), BadAnswer),
    ],
)
def test_what_comes_in_the_place_of_an_answer(
    reply: Reply, kind: type[PortalError], company: Issued, right: Issued
) -> None:
    with listening(lambda _request: reply, right) as server:
        assert type(refused(server.portal(company.file))) is kind


def test_something_that_is_no_http(company: Issued, right: Issued) -> None:
    class Babble(Reply):
        @property
        def bytes(self) -> bytes:
            return b"220 mail.example ESMTP\r\n\r\n"

    with listening(lambda _request: Babble(), right) as server:
        assert type(refused(server.portal(company.file))) is BadAnswer


# --- the network goes away ---


def member_chat(demo: DemoPortal) -> int:
    """A chat that the supervisor is in, and that is long enough for several pages."""
    chat = max(
        (each for each in demo.world.chats.values() if each.member),
        key=lambda each: sum(len(list(demo.world.messages(session))) for session in each.sessions),
    )
    return chat.id


def gathered(batches: Iterator[Any]) -> tuple[list[Any], PortalError | None]:
    """What came, and how it ended."""
    came: list[Any] = []
    try:
        came.extend(batches)
    except PortalError as error:
        return came, error
    return came, None


def test_what_arrived_before_the_network_went_stays(company: Issued, right: Issued) -> None:
    demo = DemoPortal(limits=False, big=20)
    honest, pages = demo_answering(demo), 0

    def answering(request: Request) -> Reply:
        nonlocal pages
        reply = honest(request)
        if request.method == "imopenlines.session.history.get":
            return Reply(b'{"error": "ACCESS_DENIED"}', 400)
        if request.method == "im.dialog.messages.get":
            pages += 1
            if pages > 1:
                return Reply(reply.body[: len(reply.body) // 2], length=len(reply.body))
        return reply

    reference = parse_reference(f"chat{member_chat(demo)}")
    assert reference is not None
    with listening(answering, right) as server:
        portal = server.portal(company.file)
        batches, error = gathered(open_dialogue(portal, reference))
        portal.close()
    assert any(batch.messages for batch in batches)
    assert isinstance(error, BadAnswer)
    assert error.method == "im.dialog.messages.get"


def test_a_list_that_breaks_off_keeps_its_first_pages(company: Issued, right: Issued) -> None:
    demo = DemoPortal(limits=False, big=20)
    honest, pages = demo_answering(demo), 0

    def answering(request: Request) -> Reply:
        nonlocal pages
        reply = honest(request)
        if request.method != "imopenlines.v2.Session.list":
            return reply
        pages += 1
        if pages > 1:
            return Reply(reply.body[:99], length=len(reply.body))
        told = json.loads(reply.body)["result"]
        return good({"sessions": told["sessions"][:50], "hasNextPage": True})

    with listening(answering, right) as server:
        portal = server.portal(company.file)
        batches, error = gathered(list_sessions(portal))
        portal.close()
    assert any(batches)
    assert isinstance(error, BadAnswer)


# --- files ---


def downloads(body: bytes, headers: dict[str, str] | None = None) -> Callable[[Request], Reply]:
    """A portal whose every file is this."""

    def answering(request: Request) -> Reply:
        if request.path.startswith("/rest/download"):
            return Reply(body, headers=headers or {"Content-Type": "image/png"})
        return good({"downloadUrl": "/rest/download?token=once"})

    return answering


def bomb(width: int, height: int) -> bytes:
    """The head of a PNG that would be so large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def fetched(server: Loopback, company: Issued, file: File) -> bytes:
    portal = server.portal(company.file)
    try:
        return fetch_file(portal, file, 1777)
    finally:
        portal.close()


PICTURE = File(7, "photo.png", FileKind.IMAGE, extension="png")


def test_a_login_page_is_no_picture(company: Issued, right: Issued) -> None:
    with listening(downloads(PAGE), right) as server, pytest.raises(OpenInBrowser) as caught:
        fetched(server, company, PICTURE)
    assert caught.value.advice
    assert CODE not in caught.value.url


def test_a_deleted_file_is_told(company: Issued, right: Issued) -> None:
    gone = Reply(b'{"error": "FILE_NOT_FOUND"}', 400)
    with listening(lambda _request: gone, right) as server, pytest.raises(FileGone):
        fetched(server, company, PICTURE)


def test_a_picture_bomb_is_not_decoded(company: Issued, right: Issued) -> None:
    with listening(downloads(bomb(60_000, 60_000)), right) as server:
        data = fetched(server, company, PICTURE)
    with pytest.raises(ViewerError, match="too large") as caught:
        decoded(data, QSize(300, 200))
    assert "60000 × 60000" in caught.value.detail


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n", bomb(10, 10)[:40], b"GIF89a" + b"\xff" * 50])
def test_a_broken_picture_is_told(data: bytes) -> None:
    with pytest.raises(ViewerError):
        decoded(data, QSize(300, 200))


@pytest.mark.parametrize(
    "name",
    [
        "../../.bashrc",
        "..\\..\\boot.ini",
        "/etc/passwd",
        "C:\\Windows\\win.ini",
        "CON",
        "con.txt",
        "NUL.png",
        "line\nbreak\r.png",
        "invoice\u202egnp.exe",
        "x" * 300 + ".png",
        "я" * 300 + ".docx",
        "",
        ".",
        "..",
        "a\x00b.png",
        "name. ",
    ],
)
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path, company: Issued, right: Issued) -> None:
    chosen = tmp_path / "saved"
    with listening(downloads(b"bytes"), right) as server:
        path = chosen / safe_name(name or "file-7")
        assert save_bytes(fetched(server, company, File(7, name, FileKind.DOCUMENT)), path) == path
    (saved,) = chosen.iterdir()
    assert saved.read_bytes() == b"bytes"
    assert saved.resolve().parent == chosen.resolve()
    assert len(saved.name) <= 120
    assert not set(saved.name) & set("\\/:\n\r\0\u202e")
    assert saved.name.split(".")[0].casefold() not in ("con", "nul", "")


# --- the command line ---


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, company: Issued) -> Iterator[Callable[[Loopback, str], int]]:
    """The command line before a server, its certificate trusted and its pauses taking no time."""
    opened: list[Portal] = []

    def run(server: Loopback, *arguments: str) -> int:
        def open_webhook(_webhook: Webhook, _authority: Path | None = None) -> Portal:
            opened.append(server.portal(company.file))
            return opened[-1]

        need_own_authority()
        monkeypatch.setattr(sources, "_open", open_webhook)
        monkeypatch.setenv(sources.ENVIRONMENT, server.webhook.address.reveal())
        return main(arguments)

    yield run
    for portal in opened:
        portal.close()


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(b"", 302, {"Location": "https://new.example/"}), REFUSED),
        (Reply(PAGE), REFUSED),
        (Reply(b'{"error": "NO_AUTH_FOUND"}', 401), REFUSED),
        (Reply(b'{"result": ', length=900), REFUSED),
        (Reply(PAGE, 502), REFUSED),
    ],
)
def test_the_command_line_says_one_line(
    reply: Reply, code: int, command: Callable[..., int], right: Issued, capsys: pytest.CaptureFixture[str]
) -> None:
    with listening(lambda _request: reply, right) as server:
        assert command(server, "export", "343", "--format", "txt") == code
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1
    assert CODE not in told.err


def test_the_command_line_tells_a_portal_that_is_not_reached(
    command: Callable[..., int], folder: Path, right: Issued, capsys: pytest.CaptureFixture[str]
) -> None:
    with listening(lambda _request: good(1), right) as server:
        pass
    assert command(server, "list") == UNREACHABLE
    with listening(lambda _request: good(1), issue(folder, "self")) as server:
        assert command(server, "list") == UNREACHABLE
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_the_command_line_exports_the_others_when_one_is_refused(
    command: Callable[..., int], right: Issued, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = DemoPortal(limits=False, big=20)
    honest = demo_answering(demo)

    def answering(request: Request) -> Reply:
        if request.method == "imopenlines.session.history.get" and json.loads(request.body)["SESSION_ID"] == 321:
            return Reply(PAGE)
        return honest(request)

    with listening(answering, right) as server:
        assert command(server, "export", "321", "288", "--format", "txt", "-o", str(tmp_path)) == PARTLY
    assert len(list(tmp_path.glob("*.txt"))) == 1
    failures = [line for line in capsys.readouterr().err.splitlines() if line.startswith("openlines-viewer:")]
    assert len(failures) == 1
    assert failures[0].startswith("openlines-viewer: 321:")
