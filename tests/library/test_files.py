"""Files of a dialogue on the demo portal: fetched once, saved whole, several to a folder."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bitrix.scripted import Clock
from viewer.bitrix import FileGone, OpenInBrowser, Pace, Portal, Webhook, embedded
from viewer.chat import File, FileKind, Transcript, parse_reference
from viewer.demo import DemoPortal, Fault
from viewer.errors import Cancelled, ViewerError
from viewer.library import fetch_file, open_dialogue, save_file, save_files
from viewer.library.cache import FileCache
from viewer.library.files import file_name

CHAT = 1789  # with lost files
WAYS = ["im.v2.file.download", "disk.file.get"]


@pytest.fixture
def demo() -> DemoPortal:
    return DemoPortal(limits=False, big=20)


@pytest.fixture
def portal(demo: DemoPortal) -> Iterator[Portal]:
    clock = Clock()
    made = Portal(
        Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=Pace(clock=clock, wait=clock.wait)
    )
    yield made
    made.close()


@pytest.fixture
def files(portal: Portal, demo: DemoPortal) -> dict[str, File]:
    transcript = Transcript()
    reference = parse_reference("347")
    assert reference is not None
    for batch in open_dialogue(portal, reference):
        transcript = transcript.with_batch(batch)
    demo.calls.clear()
    listed = (file for message in transcript.messages for file in transcript.files_of(message))
    return {file.name or "gone": file for file in listed}


@pytest.fixture
def cache(tmp_path: Path) -> FileCache:
    return FileCache("a", tmp_path / "cache")


def test_a_file_is_fetched_once(
    portal: Portal, demo: DemoPortal, files: dict[str, File], cache: FileCache, tmp_path: Path
) -> None:
    data = fetch_file(portal, files["box.png"], CHAT, cache=cache)
    asked = list(demo.calls)
    assert fetch_file(portal, files["box.png"], CHAT, cache=cache) == data
    saved = save_file(portal, files["box.png"], tmp_path / "new" / "box.png", CHAT, cache=cache)
    assert saved.read_bytes() == data
    assert demo.calls == asked


def test_saving_goes_through_the_disk_and_tells_how_far_it_is(
    portal: Portal, files: dict[str, File], cache: FileCache, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    path = save_file(
        portal, files["box.png"], tmp_path / "box.png", CHAT, cache=cache,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    data = path.read_bytes()
    assert told[-1] == (len(data), len(data))
    assert cache.get(files["box.png"].id) == data
    assert fetch_file(portal, files["box.png"], CHAT) == data


@pytest.mark.parametrize(("name", "kind"), [("login.png", OpenInBrowser), ("gone", FileGone)])
def test_what_is_no_file_is_not_saved(
    portal: Portal, files: dict[str, File], cache: FileCache, tmp_path: Path, name: str, kind: type[ViewerError]
) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "x.png").write_bytes(b"before")
    with pytest.raises(kind):
        save_file(portal, files[name], folder / "x.png", CHAT, cache=cache)
    assert [path.name for path in folder.iterdir()] == ["x.png"]
    assert (folder / "x.png").read_bytes() == b"before"
    assert cache.get(files[name].id) is None


def test_a_place_that_cannot_be_written_is_told(portal: Portal, files: dict[str, File], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ViewerError) as caught:
        save_file(portal, files["box.png"], tmp_path / "file" / "box.png", CHAT)
    assert caught.value.title == "box.png could not be saved."
    assert "token" not in str(caught.value)


def test_several_files_to_one_folder(
    portal: Portal, demo: DemoPortal, files: dict[str, File], cache: FileCache, tmp_path: Path
) -> None:
    (tmp_path / "box.png").write_bytes(b"the user's own")
    told: list[tuple[int, int]] = []
    saved = list(
        save_files(
            portal, list(files.values()), tmp_path, CHAT, cache=cache, progress=lambda *step: told.append(step)
        )
    )  # fmt: skip
    assert {each.file.name or "gone": each.path.name if each.path else "" for each in saved} == {
        "box.png": "box (2).png", "gone": "", "договор_2026.docx": "", "login.png": "",
    }  # fmt: skip
    assert {type(each.problem) for each in saved if each.problem} == {FileGone, OpenInBrowser}
    assert (tmp_path / "box.png").read_bytes() == b"the user's own"
    assert [done for done, _total in told] == sorted(done for done, _total in told)
    assert told[-1][0] == told[-1][1] == sum(file.size for file in files.values())
    demo.fail("download", Fault.html(), Fault.html())
    (again,) = save_files(portal, [files["box.png"]], tmp_path, CHAT)
    assert again.problem is not None


def test_stopping_keeps_what_is_saved(portal: Portal, files: dict[str, File], tmp_path: Path) -> None:
    stop = threading.Event()
    steps = save_files(portal, [files["box.png"], files["box.png"]], tmp_path, CHAT, cancel=stop)
    first = next(steps)
    stop.set()
    with pytest.raises(Cancelled):
        next(steps)
    assert list(tmp_path.glob("*.*")) == [first.path]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b\\c:d?.png", "a_b_c_d_.png"), ("con.txt", "_con.txt"), ("inv\u202egnp.exe", "invgnp.exe"),
        ("../../.bashrc", "_.._.bashrc"), ("", "File 7"), ("Договор 1.docx", "Договор 1.docx"),
    ],
)  # fmt: skip
def test_names_are_safe(name: str, safe: str) -> None:
    file: Any = File(7, name, FileKind.DOCUMENT)
    assert file_name(file) == safe
