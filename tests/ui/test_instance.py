"""One running program: who is first listens, who comes later hands over; nobody waits for one that hangs or died."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from viewer.ui import instance
from viewer.ui.instance import LARGEST, Instance, Request

SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from viewer.ui.instance import Instance, Request
second = Instance(Path(sys.argv[1]), folder=Path(sys.argv[2]), demo=sys.argv[3] == "demo")
taken = second.hand_over(Request(("343", "Ответ \\udcff.olv.json"), "/folder", new_window=True), float(sys.argv[4]))
app = QCoreApplication()
second.listen()
print("taken" if taken else "first" if second.listening else "alone", flush=True)
second.close()
"""
HANGING = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from viewer.ui.instance import Instance, Request
first = Instance(Path(sys.argv[1]), folder=Path(sys.argv[2]))
assert not first.hand_over(Request())
app = QCoreApplication()
first.listen()
print("listens", flush=True)
sys.stdin.read()
"""
ASKED = Request(("343", "Ответ \udcff.olv.json"), "/folder", new_window=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "run"
    made.mkdir(mode=0o700)
    return made


Make = Callable[..., Instance]


@pytest.fixture
def make(qapp: object, folder: Path) -> Iterator[Make]:
    made: list[Instance] = []

    def new(settings: str = "settings", *, demo: bool = False) -> Instance:
        made.append(Instance(Path(settings), demo=demo, folder=folder))
        return made[-1]

    yield new
    for each in made:
        each.close()


def first_of_all(one: Instance, patience: float = 30) -> bool:
    """Whether a start finds no other one, and listens."""
    assert not one.hand_over(Request(), patience)
    one.listen()
    return one.listening


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )


def said(process: subprocess.Popen[str]) -> str:
    told, _errors = process.communicate(timeout=60)
    return told.strip()


def second(qtbot: QtBot, folder: Path, settings: str = "settings", portal: str = "real", patience: float = 30) -> str:
    """What a second start says, while this process keeps its event loop going."""
    process = start(SECOND, settings, folder, portal, patience)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=60_000)
    return said(process)


def test_a_second_start_is_taken_over(make: Make, folder: Path, qtbot: QtBot) -> None:
    first = make()
    assert first_of_all(first)
    came: list[Request] = []
    first.asked.connect(came.append)
    assert second(qtbot, folder) == "taken"
    qtbot.waitUntil(lambda: came == [ASKED])


def test_each_settings_folder_and_its_demo_are_worlds_of_their_own(make: Make, folder: Path, qtbot: QtBot) -> None:
    for each in (make(), make(demo=True), make("other")):
        assert first_of_all(each)
    assert second(qtbot, folder, "third") == "first"
    assert second(qtbot, folder, "settings", "demo") == "taken"


def test_the_next_start_is_the_first_once_the_first_has_closed(make: Make, folder: Path, qtbot: QtBot) -> None:
    first = make()
    assert first_of_all(first)
    first.close()
    assert second(qtbot, folder) == "first"


def test_a_killed_program_is_no_obstacle(make: Make, folder: Path) -> None:
    killed = start(HANGING, "settings", folder)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "listens\n"
    killed.kill()
    said(killed)
    assert list(folder.iterdir()), "it left its lock"
    next_one = make()
    assert first_of_all(next_one)


def test_a_program_that_hangs_keeps_nobody_for_long(make: Make, folder: Path) -> None:
    hanging = start(HANGING, "settings", folder)
    assert hanging.stdout is not None
    assert hanging.stdout.readline() == "listens\n"
    other = make()
    assert not first_of_all(other, 0.2), "the lock stays with the one that lives"
    said(hanging)


def test_what_is_no_request_is_dropped_and_the_next_one_is_heard(make: Make, folder: Path, qtbot: QtBot) -> None:
    first = make()
    assert first_of_all(first)
    came: list[Request] = []
    first.asked.connect(came.append)
    for rubbish in (b"\n", b"GET / HTTP/1.1\r\n", b"{}\n", b"[" * 50_000 + b"\n", b"x" * (LARGEST + 10)):
        socket = QLocalSocket()
        socket.connectToServer(first.address)
        assert socket.waitForConnected(5000)
        socket.write(rubbish)
        qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)  # noqa: B023
        assert not socket.readAll().data()
    assert second(qtbot, folder) == "taken"
    qtbot.waitUntil(lambda: came == [ASKED])


def test_one_that_says_nothing_is_let_go(make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "_SLOWEST", 1)
    first = make()
    assert first_of_all(first)
    socket = QLocalSocket()
    socket.connectToServer(first.address)
    assert socket.waitForConnected(5000)
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2}, {"named": "343"}, {"named": [343]}, {"new_window": 1}, {"folder": None}, {"more": ""},
        {"account": ["a"]}, {"activation": 1}, {"named": ["a\0"]}, {"folder": "\0"}, {"activation": "a\0"},
        *([] if sys.platform == "win32" else [{"named": ["\ud800.json"]}]),
    ],
)  # fmt: skip
def test_a_request_of_another_kind_is_none(changed: dict[str, object]) -> None:
    assert Request.read(ASKED.line()) == ASKED
    assert Request.read(json.dumps({**json.loads(ASKED.line()), **changed}).encode()) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folders from others")
def test_a_folder_that_others_can_write_is_not_used(make: Make, folder: Path) -> None:
    folder.chmod(0o777)
    alone = make()
    assert not first_of_all(alone)
    assert not list(folder.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe has no path")
def test_a_path_too_long_for_a_socket_costs_only_the_handing_over(qapp: object, tmp_path: Path) -> None:
    alone = Instance(Path("settings"), folder=tmp_path / ("x" * 120))
    assert not first_of_all(alone)


def test_without_a_folder_for_what_passes_every_start_is_alone(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(instance.tempfile, "gettempdir", full)
    assert not first_of_all(Instance(Path("settings")))


def test_who_waits_no_longer_is_not_served() -> None:
    """A program that stood still and goes on would do again what the second start has done by itself since."""
    assert Request.read(ASKED.line(seconds=60)) == ASKED
    assert Request.read(ASKED.line(seconds=-0.01)) is None
