"""One running program per user: a second start hands over what it was asked for, and ends.

Who holds the lock listens; who finds it held connects and sends one line of JSON. Everything is bounded in size and
time, so that neither a foreign program nor one that hangs keeps anybody from working.
"""

import hashlib
import json
import logging
import os
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from viewer.settings import APP_NAME

log = logging.getLogger(__name__)

VERSION = 1  # of the line that is sent
PATIENCE = 5.0  # seconds that a second start waits for the first, which may still be starting itself
LARGEST = 256 * 1024  # bytes of a line; a command line of Windows has 32 KB
_TAKEN = b"taken\n"
_PAUSE = 0.05  # seconds between two looks for one that is starting
_SLOWEST = 3000  # milliseconds that a connection may take to send its line
_LONGEST_PATH = 100  # bytes of a socket's path that every system takes
_ANY_PROCESS = -1  # ASFW_ANY of Windows


@dataclass(frozen=True, slots=True)
class Request:
    """What a start of the program asks for.

    `named` are files, references or links as they were typed, paths relative to `folder`. `account` is the key of an
    account. `activation` is the token with which the desktop lets a window come to the front.
    """

    named: tuple[str, ...] = ()
    folder: str = ""
    account: str = ""
    new_window: bool = False
    activation: str = ""

    def line(self, seconds: float = PATIENCE) -> bytes:
        """The request as it is sent by who waits for so long."""
        return json.dumps({"version": VERSION, "until": time.time() + seconds, **asdict(self)}).encode("ascii") + b"\n"

    @classmethod
    def read(cls, line: bytes) -> "Request | None":
        """The request in a line; None for what is none, is of another version, or is not waited for any more.

        A start that waited in vain has opened a window of its own by then.
        """
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            return None
        if not isinstance(given, dict) or given.pop("version", None) != VERSION:
            return None
        until = given.pop("until", None)
        if not isinstance(until, (int, float)) or until < time.time():
            return None
        if given.keys() != {each.name for each in fields(cls)}:
            return None
        named: Any = given["named"]
        if not isinstance(named, list):
            return None
        texts = (*named, given["folder"], given["account"], given["activation"])
        well = all(map(_is_word, texts)) and isinstance(given["new_window"], bool)
        return cls(**{**given, "named": tuple(named)}) if well else None


def _is_word(value: object) -> bool:
    """Whether it is a text that can be an argument of a program: no other start could have sent it."""
    try:
        return isinstance(value, str) and b"\0" not in os.fsencode(value)
    except UnicodeEncodeError:
        return False


def activation_token() -> str:
    """The token that the desktop gave this start (freedesktop.org's startup notification), "" for none."""
    return os.environ.get("XDG_ACTIVATION_TOKEN", "") or os.environ.get("DESKTOP_STARTUP_ID", "")


def default_folder() -> Path:
    """Where the lock and the socket stand: a folder of this user that the system empties by itself."""
    kept = os.environ.get("XDG_RUNTIME_DIR", "")
    name = APP_NAME if sys.platform == "win32" else f"{APP_NAME}-{os.getuid()}"
    try:
        return Path(kept if Path(kept).is_absolute() else tempfile.gettempdir()) / name
    except OSError:  # a full disk has no such folder: one that cannot be made either, so that every start is alone
        return Path(os.devnull) / name


class Instance(QObject):
    """The place of the one running program. There is one for each settings folder, and one for its demo portal.

    Signal: `asked(Request)` when another start handed something over. Used from the main thread; `hand_over` needs
    neither an event loop nor an application.
    """

    asked = Signal(object)

    def __init__(self, settings: Path, *, demo: bool = False, folder: Path | None = None) -> None:
        super().__init__()
        words = f"{settings}\n{'demo' if demo else ''}"
        name = hashlib.sha256(os.fsencode(words)).hexdigest()[:16]
        self._folder = folder or default_folder()
        self._lock = QLockFile(str(self._folder / f"{name}.lock"))
        self._lock.setStaleLockTime(0)  # however long it is held: stale is only what a dead process left
        # A pipe of Windows has a name, a socket elsewhere a path, which has to be short.
        self.address = f"{APP_NAME}-{name}" if sys.platform == "win32" else str(self._folder / f"{name}.socket")
        self._server: QLocalServer | None = None

    @property
    def listening(self) -> bool:
        """Whether this is the program that others hand over to."""
        return self._server is not None

    def hand_over(self, request: Request, patience: float = PATIENCE) -> bool:
        """Hand `request` to the running program; True when it was taken.

        False when this program is to work itself: because it is the first, and should `listen`, or because the first
        did not answer within `patience` seconds, or because the system offers no place for this.
        """
        lock = self._lock
        if not _private(self._folder) or len(os.fsencode(self.address)) > _LONGEST_PATH:
            return False
        until = time.monotonic() + patience
        met = False  # somebody who did not answer
        while True:
            if lock.tryLock(0):
                return False
            if lock.error() is not QLockFile.LockError.LockFailedError:
                log.info("no lock is kept: %s", lock.error().name)
                return False
            left = until - time.monotonic()
            if left <= 0:
                break
            taken = _send(self.address, request, left)
            if taken:
                return True
            met = met or taken is False
            time.sleep(_PAUSE)
        if not met:  # nobody listens: the number of a dead process went to another one, which holds no lock
            lock.setStaleLockTime(1)
            lock.tryLock(0)
        return False

    def listen(self) -> None:
        """Hear other starts from now on, where this is the first program; needs an application."""
        if not self._lock.isLocked():
            return
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self.address)  # what a killed program left
        server.newConnection.connect(self._connected)
        if server.listen(self.address):
            self._server = server
        else:
            log.info("other starts cannot be heard: %s", server.serverError().name)
            self.close()

    def close(self) -> None:
        """Listen no more; the next start is the first."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _connected(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            _Connection(socket, self)


class _Connection(QObject):
    """One start that hands over: its line is read, answered and told, anything else is dropped."""

    def __init__(self, socket: QLocalSocket, instance: Instance) -> None:
        super().__init__(socket)
        self._socket, self._instance = socket, instance
        socket.setReadBufferSize(LARGEST)
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(self._read)
        QTimer.singleShot(_SLOWEST, self, socket.abort)
        self._read()  # what came before this was connected

    def _read(self) -> None:
        if not self._socket.canReadLine():
            if self._socket.bytesAvailable() >= LARGEST:
                self._socket.abort()
            return
        request = Request.read(bytes(self._socket.readLine(LARGEST).data()))
        self._socket.readyRead.disconnect(self._read)
        if request is None:
            self._socket.abort()
            return
        self._socket.write(_TAKEN)
        self._socket.flush()
        self._socket.disconnectFromServer()
        instance = self._instance
        QTimer.singleShot(0, instance, lambda: instance.asked.emit(request))


def _send(address: str, request: Request, seconds: float) -> bool | None:
    """Send `request`: True when it was taken, False when who listens did not take it, None when nobody listens."""
    socket = QLocalSocket()
    until = time.monotonic() + seconds

    def left() -> int:
        return max(1, round((until - time.monotonic()) * 1000))

    socket.connectToServer(address)
    if not socket.waitForConnected(left()):
        return None
    _let_come_to_front()
    socket.write(request.line(left() / 1000))
    answer = b""
    while answer != _TAKEN and time.monotonic() < until:
        if socket.bytesToWrite() and not socket.waitForBytesWritten(left()):
            break
        if not socket.bytesAvailable() and not socket.waitForReadyRead(left()):
            break
        answer += bytes(socket.read(len(_TAKEN)).data())
    socket.abort()
    return answer == _TAKEN


def _let_come_to_front() -> None:
    """On Windows only the program that the user just started may bring a window to the front, or allow another to."""
    if sys.platform == "win32":
        import ctypes

        with suppress(AttributeError, OSError):
            ctypes.windll.user32.AllowSetForegroundWindow(_ANY_PROCESS)


def _private(folder: Path) -> bool:
    """Whether `folder` is there, made where it is missing, and belongs to this user alone."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if sys.platform == "win32":
            return True
        state = folder.lstat()
    except OSError as error:
        log.info("there is no folder for the lock: %s", type(error).__name__)
        return False
    if state.st_uid != os.getuid() or state.st_mode & 0o022 or not folder.is_dir() or folder.is_symlink():
        log.info("the folder of the lock can be written by others")
        return False
    return True
