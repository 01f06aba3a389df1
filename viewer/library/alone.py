"""One window at a time: a lock that all windows of this program on this computer obey."""

import hashlib
import logging
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import platformdirs

from viewer.disk import locked
from viewer.settings import APP_NAME

log = logging.getLogger(__name__)

_PATIENCE = 100.0  # seconds; who holds it longer than a renewal can take has come to a stop


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
            held = stack.enter_context(locked(folder / name, time.monotonic() + patience))
        except OSError as error:
            log.info("no lock: %s", type(error).__name__)
            held = False
        yield held
