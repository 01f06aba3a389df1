"""Writing for the user: beside the goal and renamed when whole, so that no half of a file ever stands there."""

import os
import threading
from contextlib import suppress
from pathlib import Path

from viewer.errors import ViewerError
from viewer.i18n import _


def save_bytes(data: bytes, path: Path, *, private: bool = False) -> Path:
    """Write `data` to `path`, whole or not at all. Raises ViewerError when the disk refuses.

    A `private` file can be read by nobody but the user, where the system knows such a thing.
    """
    beside = path.with_name(f".{os.getpid()}-{threading.get_ident():x}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(beside, flags, 0o600 if private else 0o666), "wb") as file:
            file.write(data)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise unwritable(path, error) from None
    return path


def unwritable(path: Path, error: OSError) -> ViewerError:
    """What the disk refused, in the user's words."""
    return ViewerError(
        _("The file could not be written."),
        f"{path}: {error.strerror or type(error).__name__}.",
        _("Check the folder and the free space, or choose another place."),
    )
