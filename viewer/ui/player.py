"""Voice and audio played in their message, where Qt's sound module is installed; one at a time.

QtMultimedia comes with PySide6-Addons, which not every installation has: it is looked for when it is first needed,
and whoever asks is told when it is not there.
"""

import importlib
import importlib.util
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QUrl, Signal

log = logging.getLogger(__name__)

SPEEDS = (1.0, 1.25, 1.5, 2.0)
_MODULE = "PySide6.QtMultimedia"


@dataclass(frozen=True, slots=True)
class Playback:
    """How far a sound is; times in milliseconds, `length` 0 while it is not known. `waiting`: it is being fetched."""

    playing: bool = False
    waiting: bool = False
    position: int = 0
    length: int = 0
    speed: float = 1.0


class Sound(Protocol):
    """What makes a sound audible. `changed` is called whenever anything below may have changed.

    `problem` says why nothing can be heard, in the words of the system; empty while all is well.
    """

    changed: Callable[[], object]
    problem: str

    @property
    def playing(self) -> bool: ...
    @property
    def position(self) -> int: ...
    @property
    def length(self) -> int: ...
    def load(self, path: Path) -> None: ...
    def play(self) -> None: ...
    def pause(self) -> None: ...
    def stop(self) -> None: ...
    def seek(self, position: int) -> None: ...
    def set_speed(self, speed: float) -> None: ...


class QtSound:
    """Sound by QtMultimedia; only to be made where `sound_installed`."""

    def __init__(self) -> None:
        module: Any = importlib.import_module(_MODULE)
        self.changed: Callable[[], object] = lambda: None
        self.problem = ""
        self._states = module.QMediaPlayer.PlaybackState
        self._output = module.QAudioOutput()
        self._player = module.QMediaPlayer()
        self._player.setAudioOutput(self._output)
        for signal in (self._player.positionChanged, self._player.durationChanged, self._player.playbackStateChanged):
            signal.connect(lambda _value: self.changed())
        self._player.errorOccurred.connect(self._failed)

    @property
    def playing(self) -> bool:
        """Whether it sounds now."""
        return bool(self._player.playbackState() == self._states.PlayingState)

    @property
    def position(self) -> int:
        """How far it is, in milliseconds."""
        return int(self._player.position())

    @property
    def length(self) -> int:
        """How long it is, in milliseconds; 0 until it is known."""
        return max(0, int(self._player.duration()))

    def load(self, path: Path) -> None:
        """Take a file."""
        self.problem = ""
        self._player.setSource(QUrl.fromLocalFile(str(path)))

    def play(self) -> None:
        """Go on from where it is."""
        self._player.play()

    def pause(self) -> None:
        """Fall silent and stay where it is."""
        self._player.pause()

    def stop(self) -> None:
        """Fall silent and let go of the file."""
        self._player.stop()
        self._player.setSource(QUrl())

    def seek(self, position: int) -> None:
        """Go to a moment, in milliseconds."""
        self._player.setPosition(position)

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast as it was spoken."""
        self._player.setPlaybackRate(speed)

    def _failed(self, _kind: object, words: str) -> None:
        self.problem = words or "?"
        self.changed()


def sound_installed() -> bool:
    """Whether Qt's sound module is there."""
    return importlib.util.find_spec(_MODULE) is not None


def qt_sound() -> Sound | None:
    """Qt's sound, or None where it is missing or cannot be loaded (a system without its libraries)."""
    if not sound_installed():
        return None
    try:
        return QtSound()
    except (ImportError, OSError) as error:
        log.info("no sound: %s", type(error).__name__)
        return None


class Player(QObject):
    """Plays one file at a time.

    `make_sound` may be replaced (by tests) before anything is played. Signals: `changed(int)` something moved in a
    file's playback; `failed(int, str)` a file cannot be played, with the system's words.
    """

    changed = Signal(int)
    failed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.make_sound: Callable[[], Sound | None] = qt_sound
        self._sound: Sound | None = None
        self._file = 0
        self._waiting = 0
        self._speed = SPEEDS[0]

    @property
    def current(self) -> int:
        """The file that plays, pauses or is being fetched; 0 when there is none."""
        return self._waiting or self._file

    def ready(self) -> bool:
        """Whether sounds can be played here; loads the module on first use."""
        if self._sound is None:
            self._sound = self.make_sound()
            if self._sound is not None:
                self._sound.changed = self._moved
        return self._sound is not None

    def state(self, number: int) -> Playback | None:
        """How far a file is; None for one that is not the current one."""
        if number == self._waiting and number:
            return Playback(waiting=True, speed=self._speed)
        if self._sound is None or number != self._file or not number:
            return None
        return Playback(
            self._sound.playing, position=self._sound.position, length=self._sound.length, speed=self._speed
        )

    def await_file(self, number: int) -> None:
        """A file is being fetched to be played; whatever plays falls silent."""
        self.stop()
        self._waiting = number
        self.changed.emit(number)

    def play(self, number: int, path: Path) -> None:
        """Play a file that was fetched, unless the user has gone on to another one."""
        if self._sound is None or number != self._waiting:
            return
        self._waiting, self._file = 0, number
        self._sound.load(path)
        self._sound.set_speed(self._speed)
        self._sound.play()
        self.changed.emit(number)

    def toggle(self) -> None:
        """Pause, or go on; from the beginning where the end was reached."""
        if self._sound is None or not self._file:
            return
        if self._sound.playing:
            self._sound.pause()
        else:
            if self._sound.length and self._sound.position >= self._sound.length:
                self._sound.seek(0)
            self._sound.play()
        self.changed.emit(self._file)

    def seek(self, number: int, share: float) -> None:
        """Go to a share of a file's length, 0 to 1."""
        if self._sound is not None and number == self._file and self._sound.length:
            self._sound.seek(round(self._sound.length * min(max(share, 0.0), 1.0)))
            self.changed.emit(number)

    def next_speed(self) -> None:
        """Play at the next of `SPEEDS`; it stays for the files to come."""
        self._speed = SPEEDS[(SPEEDS.index(self._speed) + 1) % len(SPEEDS)]
        if self._sound is not None:
            self._sound.set_speed(self._speed)
        if self.current:
            self.changed.emit(self.current)

    def stop(self) -> None:
        """Play nothing."""
        before, self._file, self._waiting = self.current, 0, 0
        if self._sound is not None and before:
            self._sound.stop()
        if before:
            self.changed.emit(before)

    def _moved(self) -> None:
        if self._sound is None or not self._file:
            return
        number, problem = self._file, self._sound.problem
        if problem:
            self._file = 0
            self._sound.stop()
            self.failed.emit(number, problem)
        self.changed.emit(number)
