"""One window at a time: a lock that all windows of this program on this computer obey."""

import hashlib
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO

import platformdirs

from viewer.settings import APP_NAME

log = logging.getLogger(__name__)

_PATIENCE = 100.0  # seconds; who holds it longer than a renewal can take has come to a stop
_LOOK_AGAIN = 0.02  # seconds

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes], kind: int = msvcrt.LK_NBLCK) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), kind, 1)

    def _unlock(file: IO[bytes]) -> None:
        _lock(file, msvcrt.LK_UNLCK)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


@contextmanager
def alone(account: str, patience: float = _PATIENCE) -> Iterator[bool]:
    """Hold the entry of an account against all other windows and threads that do the same.

    Yields False when it is not held: after `patience` seconds, or where the disk knows no locks. The lock is an empty
    file that stays; it goes with the process that holds it.
    """
    folder = platformdirs.user_state_path(APP_NAME, appauthor=False)
    name = hashlib.sha256(account.encode()).hexdigest()[:16] + ".lock"
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context((folder / name).open("ab"))
            held = _locked(file, patience)
        except OSError as error:
            log.info("no lock: %s", type(error).__name__)
            held = False
        if held:
            stack.callback(_unlock, file)
        yield held


def _locked(file: IO[bytes], patience: float) -> bool:
    until = time.monotonic() + patience
    while True:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):  # the latter on Windows
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOK_AGAIN)
        else:
            return True
