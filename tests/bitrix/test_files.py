"""The ways to a file's bytes, and what comes instead of them."""

import threading
from pathlib import Path

import pytest

from tests.bitrix.scripted import CODE, HOST, Answer, Script, bad, good
from viewer.bitrix import BadAnswer, FileGone, NotPortal, OpenInBrowser, Unreachable, files
from viewer.bitrix.client import FILE_LIMIT
from viewer.bitrix.files import parse_file
from viewer.chat import File, FileKind
from viewer.errors import Cancelled

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
LOGIN = Answer(200, b"\n <!DOCTYPE html><html><body>login", {"Content-Type": "text/html"})
FILE = File(5437, "2311.png", FileKind.IMAGE, url_download=f"https://{HOST}/bitrix/services/main/ajax.php?fileId=5437")
ATTACHED = {"Content-Disposition": "attachment; filename=x", "Content-Type": "application/octet-stream"}
BY_CHAT = good({"downloadUrl": "/rest/download.json?token=t0k3n"})
BY_DRIVE = good(
    {"ID": "5437", "DOWNLOAD_URL": f"https://{HOST}/rest/7/{CODE}/download/?token=d1sk", "DELETED_TYPE": "0"}
)
DENIED = bad("ACCESS_DENIED", 403)


def scripted(
    by_chat: Answer = BY_CHAT, by_drive: Answer = BY_DRIVE, bytes_: Answer | None = None, disk: Answer | None = None
) -> Script:
    served = bytes_ or Answer(200, PNG, ATTACHED)
    return Script(
        {
            "im.v2.File.download": by_chat,
            "disk.file.get": by_drive,
            "token=t0k3n": served,
            "token=d1sk": disk or served,
        }
    )


def test_by_the_chat() -> None:
    portal = scripted()
    assert files.fetch(portal.portal(), FILE, 1763) == PNG
    call, download = portal.asked
    assert call.body == {"dialogId": "chat1763", "fileId": 5437}
    assert (download.verb, download.url) == ("GET", f"https://{HOST}/rest/download.json?token=t0k3n")
    assert download.headers["referer"] == f"https://{HOST}/"
    assert download.headers["accept"] == "*/*"
    assert download.headers["accept-language"]
    assert download.headers["user-agent"].startswith("OpenLinesViewer/")


@pytest.mark.parametrize(
    "first",
    [DENIED, bad("ERROR_METHOD_NOT_FOUND", 404), bad("insufficient_scope", 401), good({}), good([]), bad("100", 400)],
)
def test_by_the_drive_when_the_chat_is_shut(first: Answer) -> None:
    portal = scripted(by_chat=first)
    assert files.fetch(portal.portal(), FILE, 1763) == PNG
    assert portal.methods[:2] == ["im.v2.File.download", "disk.file.get"]


def test_by_the_drive_when_the_chats_link_leads_to_a_login_page() -> None:
    assert files.fetch(scripted(bytes_=LOGIN, disk=Answer(200, PNG, ATTACHED)).portal(), FILE, 1763) == PNG


def test_without_a_chat_only_the_drive_is_asked() -> None:
    portal = scripted()
    assert files.fetch(portal.portal(), FILE) == PNG
    assert portal.methods[0] == "disk.file.get"


def test_in_the_browser_when_every_way_is_shut() -> None:
    with pytest.raises(OpenInBrowser) as caught:
        files.fetch(scripted(DENIED, DENIED).portal(), FILE, 1763)
    assert caught.value.url == FILE.url_download
    assert "browser" in caught.value.advice


def test_in_the_browser_by_its_number_when_it_has_no_address() -> None:
    with pytest.raises(OpenInBrowser) as caught:
        files.fetch(scripted(DENIED, DENIED).portal(), File(8, "x", FileKind.DOCUMENT))
    assert caught.value.url == f"https://{HOST}/disk/downloadFile/8/"


def test_a_link_that_was_used_up_says_nothing_of_the_webhook() -> None:
    portal = scripted(bytes_=bad("NO_AUTH_FOUND", 401), disk=Answer(200, PNG, ATTACHED))
    assert files.fetch(portal.portal(), FILE, 1763) == PNG
    with pytest.raises(OpenInBrowser):
        files.fetch(scripted(bytes_=bad("NO_AUTH_FOUND", 401)).portal(), FILE, 1763)


def test_a_login_page_is_never_a_file() -> None:
    with pytest.raises(OpenInBrowser):
        files.fetch(scripted(bytes_=LOGIN).portal(), FILE, 1763)


@pytest.mark.parametrize(
    ("by_chat", "by_drive"),
    [
        (bad("FILE_NOT_FOUND"), bad("ERROR_NOT_FOUND")),
        (bad("FILE_NOT_FOUND"), bad("insufficient_scope", 401)),
        (bad("ERROR_METHOD_NOT_FOUND", 404), bad("ERROR_NOT_FOUND")),
        (bad("FILE_NOT_FOUND"), good({"ID": "1", "DOWNLOAD_URL": "/x", "DELETED_TYPE": 3})),
    ],
)
def test_a_deleted_file(by_chat: Answer, by_drive: Answer) -> None:
    with pytest.raises(FileGone):
        files.fetch(scripted(by_chat, by_drive).portal(), FILE, 1763)


def test_a_file_that_one_way_denies_may_still_be_there() -> None:
    with pytest.raises(OpenInBrowser):
        files.fetch(scripted(DENIED, bad("ERROR_NOT_FOUND")).portal(), FILE, 1763)


def test_the_network_is_no_reason_to_try_the_browser() -> None:
    import httpx

    portal = Script({"im.v2.File.download": httpx.ConnectError("no")})
    with pytest.raises(Unreachable):
        files.fetch(portal.portal(), FILE, 1763)


# --- the download itself ---


def test_a_page_that_is_meant_as_a_file_is_one() -> None:
    portal = Script({"a.html": Answer(200, LOGIN.body, {**ATTACHED, "Content-Type": "text/html"})})
    assert portal.portal().fetch("/a.html") == LOGIN.body


@pytest.mark.parametrize(
    "answer",
    [
        LOGIN,
        Answer(200, b"\xef\xbb\xbf<html>", {}),
        Answer(403, b"<html>", {}),
        Answer(404, b"nginx", ATTACHED),
        Answer(302, b"", {"Location": "/same"}),
    ],
)
def test_what_is_no_file(answer: Answer) -> None:
    with pytest.raises(NotPortal):
        Script({"same": answer}).portal().fetch("/same")


def test_an_error_in_json_is_told() -> None:
    with pytest.raises(FileGone):
        Script({"x": bad("FILE_NOT_FOUND", 400)}).portal().fetch("/x")
    with pytest.raises(OpenInBrowser):
        files.fetch(scripted(bytes_=bad("ACCESS_DENIED", 200)).portal(), FILE, 1763)


def test_json_may_be_a_file() -> None:
    body = b'{"name": "an error report", "errors": []}'
    assert Script({"x.json": Answer(200, body, {})}).portal().fetch("/x.json") == body


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        f"http://{HOST}/x",
        f"//evil.example/{HOST}",
        "file:///etc/passwd",
        f"https://{HOST}.evil.example/",
    ],
)
def test_other_places_are_asked_for_nothing(url: str) -> None:
    portal = Script({"x": Answer(200, PNG)})
    with pytest.raises(OpenInBrowser):
        portal.portal().fetch(url)
    assert portal.asked == []


def test_a_redirect_is_followed_at_home_only() -> None:
    portal = Script({"one": Answer(302, b"", {"Location": "/two"}), "two": Answer(200, PNG, ATTACHED)})
    assert portal.portal().fetch("/one") == PNG
    portal = Script({"one": Answer(302, b"", {"Location": "https://cdn.example/two"})})
    with pytest.raises(OpenInBrowser):
        portal.portal().fetch("/one")
    assert len(portal.asked) == 1


def test_too_large_a_file() -> None:
    portal = Script({"x": Answer(200, b"12345678", ATTACHED)})
    assert portal.portal().fetch("/x", limit=8) == b"12345678"
    with pytest.raises(BadAnswer) as caught:
        portal.portal().fetch("/x", limit=7)
    assert caught.value.code == "TOO_LARGE"
    assert FILE_LIMIT > 100 * 1024 * 1024


# --- to the disk ---


def test_a_file_goes_to_the_disk_as_it_comes(tmp_path: Path) -> None:
    big = PNG + bytes(900_000)
    portal = scripted(bytes_=Answer(200, big, ATTACHED))
    told: list[tuple[int, int]] = []
    steps = files.fetch_to(
        portal.portal(), FILE, tmp_path / "x", 1763, progress=lambda done, total: told.append((done, total))
    )
    assert steps == len(big)
    assert (tmp_path / "x").read_bytes() == big
    assert len(told) > 2, "piece by piece"
    assert [done for done, _total in told] == sorted({done for done, _total in told})
    assert told[-1] == (len(big), len(big))
    assert portal.asked[1].headers["referer"] == f"https://{HOST}/"


@pytest.mark.parametrize("first", [LOGIN, bad("ACCESS_DENIED", 403), Answer(404, b"nginx", ATTACHED)])
def test_what_is_no_file_never_gets_to_the_disk(first: Answer, tmp_path: Path) -> None:
    with pytest.raises(OpenInBrowser):
        files.fetch_to(scripted(bytes_=first).portal(), FILE, tmp_path / "x", 1763)
    assert not (tmp_path / "x").exists()
    other = scripted(bytes_=first, disk=Answer(200, PNG, ATTACHED))
    assert files.fetch_to(other.portal(), FILE, tmp_path / "x", 1763) == len(PNG)


def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    portal = scripted(bytes_=Answer(200, b"", ATTACHED))
    assert files.fetch_to(portal.portal(), FILE, tmp_path / "x", 1763) == 0
    assert (tmp_path / "x").read_bytes() == b""


def test_a_redirect_on_the_way_to_the_disk_is_followed_at_home_only(tmp_path: Path) -> None:
    portal = scripted(bytes_=Answer(302, b"", {"Location": "/two"}))
    portal.replies["two"] = [Answer(200, PNG, ATTACHED)]
    assert files.fetch_to(portal.portal(), FILE, tmp_path / "x", 1763) == len(PNG)
    portal = scripted(bytes_=Answer(302, b"", {"Location": "https://cdn.example/two"}))
    with pytest.raises(OpenInBrowser):
        files.fetch_to(portal.portal(), FILE, tmp_path / "x", 1763)
    assert all(HOST in asked.url for asked in portal.asked)
    with pytest.raises(OpenInBrowser):
        files.fetch_to(
            scripted(bytes_=Answer(302, b"", {"Location": "/rest/x?token=t0k3n"})).portal(), FILE, tmp_path / "y", 1
        )


def test_a_download_can_be_stopped(tmp_path: Path) -> None:
    stop = threading.Event()
    portal = scripted(bytes_=Answer(200, bytes(900_000), ATTACHED))
    with pytest.raises(Cancelled):
        files.fetch_to(
            portal.portal(), FILE, tmp_path / "x", 1763, progress=lambda _done, _total: stop.set(), cancel=stop
        )
    assert (tmp_path / "x").stat().st_size < 900_000


def test_a_disk_that_refuses_is_told_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        files.fetch_to(scripted().portal(), FILE, tmp_path / "nowhere" / "x", 1763)


def test_a_broken_line_is_no_reason_to_try_the_browser_either(tmp_path: Path) -> None:
    import httpx

    portal = scripted()
    portal.replies["token=t0k3n"] = [httpx.ReadError("https://portal.example/?token=t0k3n")]
    with pytest.raises(Unreachable) as caught:
        files.fetch_to(portal.portal(), FILE, tmp_path / "x", 1763)
    assert "t0k3n" not in str(caught.value)


# --- what is told of files ---


def test_a_file_in_both_spellings() -> None:
    given = {
        "id": "7", "name": "Voice.OGG", "type": "audio", "size": "12", "image": False, "isVoiceNote": True,
        "authorId": 3, "authorName": "Ann", "urlDownload": "/d", "urlPreview": "", "date": "2026-03-11T13:12:46+02:00",
    }  # fmt: skip
    flat = {key.lower(): value for key, value in given.items()}
    for form in (given, flat):
        file = parse_file(form, f"https://{HOST}")
        assert file is not None
        assert (file.id, file.kind, file.size, file.extension) == (7, FileKind.VOICE, 12, "ogg")
        assert (file.author_id, file.author_name, file.url_download) == (3, "Ann", f"https://{HOST}/d")


def test_a_picture_sent_as_a_file_stays_a_file() -> None:
    file = parse_file({"id": 7, "name": "a.png", "type": "file", "image": {"height": 5, "width": "4"}})
    assert file is not None
    assert (file.kind, file.width, file.height) == (FileKind.DOCUMENT, 4, 5)
    assert parse_file({"name": "no id"}) is None
