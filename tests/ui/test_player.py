"""Sounds in their message: one at a time, paused, moved and sped up; and opened outside where nothing can sound."""

import importlib.util
import sys
from collections.abc import Callable
from enum import Enum
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QPointF, Qt, QUrl
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.opened import PATIENCE, Open, click, demo, file_named, go, of_file, reveal, spot, window
from viewer.chat import File
from viewer.demo import DemoPortal
from viewer.ui.player import SPEEDS, Playback, Player, qt_sound, sound_installed
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.window import MainWindow

__all__ = ["demo", "window"]


class FakeSound:
    """A sound of ten seconds whose time passes only when a test says so."""

    def __init__(self) -> None:
        self.changed: Callable[[], object] = lambda: None
        self.problem = ""
        self.playing = False
        self.position = 0
        self.length = 0
        self.speed = 1.0
        self.path: Path | None = None

    def load(self, path: Path) -> None:
        self.path, self.position, self.length = path, 0, 10_000

    def play(self) -> None:
        self.playing = True

    def pause(self) -> None:
        self.playing = False

    def stop(self) -> None:
        self.playing, self.path = False, None

    def seek(self, position: int) -> None:
        self.position = position

    def set_speed(self, speed: float) -> None:
        self.speed = speed


@pytest.fixture
def sound() -> FakeSound:
    return FakeSound()


@pytest.fixture
def player(sound: FakeSound, qtbot: QtBot) -> Player:
    made = Player()
    made.make_sound = lambda: sound
    assert made.ready()
    return made


def test_one_at_a_time(player: Player, sound: FakeSound, tmp_path: Path) -> None:
    player.await_file(1)
    assert player.state(1) == Playback(waiting=True)
    player.play(1, tmp_path / "1")
    assert player.state(1) == Playback(playing=True, length=10_000)
    player.await_file(2)
    assert not sound.playing
    assert player.state(1) is None
    player.play(1, tmp_path / "1")
    assert player.current == 2, "what comes late is not what the user wants now"
    player.play(2, tmp_path / "2")
    assert sound.path == tmp_path / "2"
    assert player.state(0) is None


def test_pause_go_on_and_again_from_the_beginning(player: Player, sound: FakeSound, tmp_path: Path) -> None:
    player.toggle()
    assert sound.path is None
    player.await_file(1)
    player.play(1, tmp_path / "1")
    sound.position = 4000
    player.toggle()
    assert player.state(1) == Playback(position=4000, length=10_000)
    player.toggle()
    assert sound.playing
    sound.position, sound.playing = 10_000, False
    player.toggle()
    assert (sound.position, sound.playing) == (0, True)


def test_a_moment_and_a_speed(player: Player, sound: FakeSound, tmp_path: Path) -> None:
    player.seek(1, 0.5)
    player.await_file(1)
    player.play(1, tmp_path / "1")
    for share, position in ((0.5, 5000), (-1, 0), (7, 10_000)):
        player.seek(1, share)
        assert sound.position == position
    player.seek(2, 0.1)
    assert sound.position == 10_000
    speeds = []
    for _step in SPEEDS:
        player.next_speed()
        speeds.append(sound.speed)
    assert speeds == [1.25, 1.5, 2.0, 1.0]
    player.next_speed()
    player.await_file(2)
    player.play(2, tmp_path / "2")
    assert sound.speed == 1.25, "it stays for the next one"


def test_what_cannot_be_decoded_is_told_once(player: Player, sound: FakeSound, tmp_path: Path, qtbot: QtBot) -> None:
    player.await_file(1)
    player.play(1, tmp_path / "1")
    sound.problem = "no such codec"
    with qtbot.waitSignal(player.failed, timeout=PATIENCE) as told:
        sound.changed()
    assert told.args == [1, "no such codec"]
    assert player.state(1) is None
    sound.changed()


def test_a_system_without_sound_is_no_failure(qtbot: QtBot) -> None:
    player = Player()
    player.make_sound = lambda: None
    assert not player.ready()
    player.await_file(1)
    player.play(1, Path("x"))
    player.stop()
    assert player.state(1) is None


@pytest.mark.skipif(importlib.util.find_spec("PySide6.QtMultimedia") is not None, reason="Qt's sound is installed")
def test_without_the_module_there_is_no_sound() -> None:
    assert not sound_installed()
    assert qt_sound() is None


class _Signal:
    """A Qt signal, as far as it is used."""

    def __init__(self) -> None:
        self._slots: list[Callable[..., object]] = []

    def connect(self, slot: Callable[..., object]) -> None:
        self._slots.append(slot)

    def emit(self, *values: object) -> None:
        for slot in self._slots:
            slot(*values)


class _Media:
    """QMediaPlayer by the names that its documentation gives; what was asked stands in `done`."""

    PlaybackState = Enum("PlaybackState", ["StoppedState", "PlayingState", "PausedState"])

    def __init__(self) -> None:
        self.done: list[tuple[str, object]] = []
        self.positionChanged, self.durationChanged = _Signal(), _Signal()
        self.playbackStateChanged, self.errorOccurred = _Signal(), _Signal()

    def __getattr__(self, name: str) -> Callable[..., None]:
        if not name.startswith(("set", "play", "pause", "stop")):
            raise AttributeError(name)
        return lambda *values: self.done.append((name, values[0] if values else None))

    def playbackState(self) -> object:
        return self.PlaybackState.PlayingState

    def position(self) -> int:
        return 1500

    def duration(self) -> int:
        return -1


def test_qts_own_sound_is_asked_by_its_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = ModuleType("PySide6.QtMultimedia")
    module.__spec__ = ModuleSpec(module.__name__, None)
    media = _Media()
    module.QMediaPlayer = lambda: media  # type: ignore[attr-defined]
    module.QMediaPlayer.PlaybackState = _Media.PlaybackState
    module.QAudioOutput = lambda: "speaker"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    assert sound_installed()
    sound = qt_sound()
    assert sound is not None
    heard: list[str] = []
    sound.changed = lambda: heard.append(sound.problem)
    sound.load(tmp_path / "a.ogg")
    sound.set_speed(1.5)
    sound.play()
    sound.seek(700)
    sound.pause()
    sound.stop()
    url = QUrl.fromLocalFile(str(tmp_path / "a.ogg"))
    assert media.done == [
        ("setAudioOutput", "speaker"), ("setSource", url), ("setPlaybackRate", 1.5), ("play", None),
        ("setPosition", 700), ("pause", None), ("stop", None), ("setSource", QUrl()),
    ]  # fmt: skip
    assert (sound.playing, sound.position, sound.length) == (True, 1500, 0)
    media.positionChanged.emit(3)
    media.errorOccurred.emit(object(), "no such codec")
    assert heard == ["", "no such codec"]


# --- in the window ---


@pytest.fixture
def heard(window: Open, sound: FakeSound) -> MainWindow:
    shown = window()
    shown.files.use_sound(lambda: sound)
    reveal(shown, file_named(shown, "song.wav"))
    return shown


def state(window: MainWindow, file: File) -> Playback | None:
    return window.files.player.state(file.id)


def of_speed(hit: Hit) -> bool:
    return hit.act is Act.LINK and str(hit.target).endswith("/speed")


def of_moment(hit: Hit) -> bool:
    return hit.act is Act.LINK and str(hit.target).startswith("olv:sound/") and not of_speed(hit)


def test_a_click_plays_and_pauses_in_the_message(heard: MainWindow, qtbot: QtBot, sound: FakeSound) -> None:
    file = file_named(heard, "song.wav")
    click(heard, of_file(file))
    qtbot.waitUntil(lambda: sound.playing, timeout=PATIENCE)
    assert sound.path is not None
    assert sound.path.read_bytes().startswith(b"RIFF")
    click(heard, of_file(file))
    assert not sound.playing
    click(heard, of_file(file))
    assert sound.playing


def test_a_click_on_the_bars_goes_there_and_one_on_the_speed_is_faster(
    heard: MainWindow, qtbot: QtBot, sound: FakeSound
) -> None:
    file = file_named(heard, "song.wav")
    click(heard, of_file(file))
    qtbot.waitUntil(lambda: sound.playing, timeout=PATIENCE)
    place = spot(heard, of_moment)
    hit = heard.conversation.view.hit_at(QPointF(place))
    assert hit is not None
    assert hit.tip.startswith("Go to 0:0")
    QTest.mouseClick(heard.conversation.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert 3000 < sound.position < 7000
    click(heard, of_speed)
    assert sound.speed == 1.25
    assert state(heard, file) == Playback(playing=True, position=sound.position, length=10_000, speed=1.25)


def test_another_sound_silences_the_first(heard: MainWindow, qtbot: QtBot, sound: FakeSound) -> None:
    first, other = file_named(heard, "voice_0012.wav"), file_named(heard, "song.wav")
    click(heard, of_file(first))
    qtbot.waitUntil(lambda: sound.playing, timeout=PATIENCE)
    click(heard, of_file(other))
    qtbot.waitUntil(lambda: heard.files.player.state(other.id) == Playback(True, length=10_000), timeout=PATIENCE)
    assert state(heard, first) is None
    go(heard, qtbot, "347")
    assert heard.files.player.current == 0


def test_a_sound_that_does_not_come_says_why_in_its_place(
    heard: MainWindow, qtbot: QtBot, sound: FakeSound, demo: DemoPortal
) -> None:
    file = file_named(heard, "song.wav")
    record = demo.world.files.pop(file.id)
    click(heard, of_file(file))
    view = heard.conversation.view
    qtbot.waitUntil(lambda: bool(view.pictures.failure(file.id)), timeout=PATIENCE)
    assert view.pictures.failure(file.id) == "The file is no longer there."
    assert heard.files.player.current == 0
    demo.world.files[file.id] = record
    click(heard, of_file(file, Act.RETRY))
    qtbot.waitUntil(lambda: sound.playing, timeout=PATIENCE)
    assert not view.pictures.failure(file.id)


def test_a_closed_window_is_silent(heard: MainWindow, qtbot: QtBot, sound: FakeSound) -> None:
    click(heard, of_file(file_named(heard, "song.wav")))
    qtbot.waitUntil(lambda: sound.playing, timeout=PATIENCE)
    heard.close()
    assert sound.path is None


def test_what_cannot_be_played_here_is_offered_outside(heard: MainWindow, qtbot: QtBot, sound: FakeSound) -> None:
    file = file_named(heard, "song.wav")
    click(heard, of_file(file))
    qtbot.waitUntil(lambda: sound.playing, timeout=PATIENCE)
    sound.problem = "no such codec"
    sound.changed()
    assert heard.conversation.notice.text.text() == "song.wav cannot be played here."


@pytest.mark.parametrize("loads", [True, False])
def test_without_sound_a_click_opens_it_outside(window: Open, qtbot: QtBot, loads: bool) -> None:
    shown = window()
    view = shown.conversation.view
    view.pictures.sounds = None
    if not loads:
        shown.files.use_sound(lambda: None)
    urls: list[str] = []
    shown.files.downloads.show = lambda url: urls.append(url.fileName())
    file = file_named(shown, "song.wav")
    reveal(shown, file)
    tip = view.hit_at(QPointF(spot(shown, of_file(file))))
    assert tip is not None
    assert ("Opens in another program" in tip.tip) is loads
    click(shown, of_file(file))
    qtbot.waitUntil(lambda: urls == ["song.wav"], timeout=PATIENCE)
    assert view.pictures.sounds is None
