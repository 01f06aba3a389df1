"""Files on the disk: written whole, tried again while another program holds them, changed by one program at a time.

Nothing here knows a word for people: what the system refuses is raised as the OSError that it is.
"""

import errno
import json
import logging
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from glob import escape
from pathlib import Path
from typing import IO, Any, Generic, Literal, Self, TypeVar

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Content = TypeVar("Content", bound=dict[str, Any] | list[Any])

PATIENCE = 2.0  # seconds; a scanner or a backup lets go of a small file much sooner
_LITTLE_PATIENCE = 0.1  # seconds, where the last attempt was in vain: a window waits for it
_FIRST_WAIT, _LONGEST_WAIT = 0.001, 0.01  # seconds between two attempts
_LARGEST = 32 * 1024 * 1024  # bytes of a shared file that are read

# Windows takes so many UTF-16 units of a path, and fewer of a folder that is to be made: room for an 8.3 name.
_LONGEST_PATH, _LONGEST_FOLDER, _LONGEST_NAME = 259, 247, 255
_ERROR_PATH_NOT_FOUND, _ERROR_INVALID_NAME, _ERROR_FILENAME_EXCED_RANGE = 3, 123, 206

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        """Lock a file. Raises BlockingIOError where another holds it, and OSError."""
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno == errno.EINVAL:  # a disk that knows no locks
                raise
            # Windows tells EACCES, Wine the number of whatever failed before.
            raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK)) from None

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


def when_let_go(act: Callable[[], Answer], until: float) -> Answer:
    """What `act` returns, tried again until the time `until` of `time.monotonic` while another program holds its file.

    Raises OSError. That a file is held is a PermissionError on Windows, and on its folders that Linux and macOS mount.
    """
    wait = _FIRST_WAIT
    while True:
        try:
            return act()
        except (BlockingIOError, PermissionError):
            if time.monotonic() >= until:
                raise
        time.sleep(wait)
        wait = min(2 * wait, _LONGEST_WAIT)


@contextmanager
def locked(path: Path, until: float) -> Iterator[bool]:
    """Hold a file, empty and never removed, against all programs and threads that do the same.

    Yields False when another holds it until the time `until` of `time.monotonic`. Raises OSError where the disk takes
    no such file or knows no locks. The lock goes with the process that holds it.
    """
    # `filelock` does the same; it takes 70 ms to load, a tenth of our start, and removes the file on Windows.
    with ExitStack() as stack:
        file = stack.enter_context(when_let_go(lambda: path.open("ab"), until))
        try:
            when_let_go(partial(_lock, file), until)
        except (BlockingIOError, PermissionError):
            held = False
        else:
            held = True
            stack.callback(_unlock, file)
        yield held


# --- written whole ------------------------------------------------------------------------------------------------


class Drafts:
    """Files that appear all together, or not at all: each is written beside its place, and renamed by `keep`.

    A context manager: what was not kept is removed at its end. What its methods raise is an OSError whose `filename`
    is the place of the file, not that of its draft. Files that are `private` can be read by nobody but the user, where
    the system knows such a thing; those that are `lasting` outlive a power cut.
    """

    def __init__(self, *, private: bool = False, lasting: bool = True, patience: float = PATIENCE) -> None:
        self._mode = 0o600 if private else 0o666
        self._lasting, self._patience = lasting, patience
        self._written: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        for draft, _path in self._written:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def draft(self, path: Path) -> Path:
        """An empty file for others to write what is to stand at `path`."""
        with _about(path):
            draft = _new_draft(path, self._mode)
        self._written.append((draft, path))
        return draft

    def add(self, path: Path, content: bytes | Iterable[bytes]) -> None:
        """Write what is to stand at `path`, whole or piece by piece."""
        draft = self.draft(path)
        with _about(path), draft.open("wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)

    def keep(self) -> None:
        """Put everything into its place."""
        for draft, path in self._written:
            with _about(path):
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                if self._lasting:
                    with draft.open("r+b") as file:
                        os.fsync(file.fileno())
        until = time.monotonic() + self._patience
        for draft, path in self._written:
            with _about(path):
                when_let_go(partial(draft.replace, path), until)


def write_whole(
    path: Path,
    content: bytes | Iterable[bytes],
    *,
    private: bool = False,
    lasting: bool = True,
    patience: float = PATIENCE,
) -> None:
    """Write a file, whole or not at all; pieces one after another. Raises OSError."""
    with Drafts(private=private, lasting=lasting, patience=patience) as drafts:
        drafts.add(path, content)
        drafts.keep()


@contextmanager
def _about(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def _new_draft(path: Path, mode: int) -> Path:
    """A new empty file beside `path`, with a name no longer than its own: where that has room, this one has."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for _attempt in range(_ATTEMPTS):
        draft = path.with_name(_draft_name(len(path.name)))
        with suppress(FileExistsError):
            if draft.name != path.name:
                os.close(os.open(draft, flags, mode))
                return draft
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


_ATTEMPTS = 100  # there are few names of two characters


def _draft_name(longest: int) -> str:
    chance = secrets.token_hex(8)
    name = f".{chance}.part"
    return name if len(name) <= longest else f".{chance}"[:longest] if longest > 1 else chance[:1]


def too_long(path: Path, error: OSError) -> Literal["", "name", "path"]:
    """What the system refused as too long; Windows says so in several ways, some of which say little."""
    name = _units(path.name) > _LONGEST_NAME
    told = getattr(error, "winerror", None)
    if sys.platform == "win32":
        vague = error.errno in (errno.ENOENT, errno.EINVAL) or told in (_ERROR_PATH_NOT_FOUND, _ERROR_INVALID_NAME)
        if error.errno == errno.ENAMETOOLONG:
            return "path" if _exceeds(path) and not name else "name"
        if not (told == _ERROR_FILENAME_EXCED_RANGE or (vague and (name or _exceeds(path)))):
            return ""
        return "name" if name else "path"
    if error.errno != errno.ENAMETOOLONG:
        return ""
    return "path" if len(os.fsencode(path)) >= os.pathconf("/", "PC_PATH_MAX") else "name"


def _exceeds(path: Path) -> bool:
    """Whether a path or its folder is longer than what Windows takes of one."""
    text = os.path.abspath(path)  # noqa: PTH100 (`Path.absolute` leaves `..` in it)
    if text.startswith("\\\\?\\"):
        return False
    return _units(text) > _LONGEST_PATH or _units(os.path.dirname(text)) > _LONGEST_FOLDER  # noqa: PTH120


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# --- changed by several programs ----------------------------------------------------------------------------------


class SharedFile(Generic[Content]):
    """A small JSON object or list in a file that several running programs read and change; only the user may read it.

    Beside it stand a copy of what was written last, which is used where the file itself is damaged or gone, and the
    file of the lock. A damaged file is set aside before it is written again.
    """

    def __init__(self, path: Path, kind: type[Content], *, patience: float = PATIENCE) -> None:
        # A link, as people make who keep their settings elsewhere, stays one: what it leads to is written.
        self.path = path = path.resolve() if path.is_symlink() else path
        self.copy_path = path.with_name(f"{path.name}.last")
        self.lock_path = path.with_name(f"{path.name}.lock")
        self._kind, self._patience = kind, patience
        self._refused = False  # by the disk, at the last change
        self._seen: tuple[int, ...] = ()

    def has_news(self) -> bool:
        """Whether somebody else has written it since it was read or written here."""
        return self._stamp() != self._seen

    def read(self, *, patience: float | None = None) -> Content:
        """What it holds; nothing where it does not exist. Raises OSError when it cannot be read now."""
        return self._read(time.monotonic() + (self._patience if patience is None else patience))[0]

    def change(self, edit: Callable[[Content], Content]) -> Content:
        """Write what `edit` makes of what the file holds by now; returns that.

        Raises OSError when it could not be locked, read or written: then it is as it was.
        """
        until = time.monotonic() + (min(self._patience, _LITTLE_PATIENCE) if self._refused else self._patience)
        self._refused = True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._alone(until):
            held, damaged = self._read(until)
            changed = edit(held)
            if damaged is not None:
                self._set_aside(damaged)
            self._write(changed, until)
        self._refused = False
        return changed

    def copy(self) -> Content:
        """What was written last, as the copy has it; nothing where there is none to be read."""
        try:
            return self._parsed(self.copy_path.read_bytes()) or self._kind()
        except OSError:
            return self._kind()

    def discard_damaged(self) -> None:
        """Remove what was set aside: it may hold what the user has removed since. What the disk refuses stays."""
        for place in self.path.parent.glob(f"{escape(self.path.name)}.damaged*"):
            try:
                place.unlink(missing_ok=True)
            except OSError as error:
                log.info("%s is not removed: %s", place.name, type(error).__name__)

    @contextmanager
    def _alone(self, until: float) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                held = stack.enter_context(locked(self.lock_path, until))
            except OSError as error:  # a disk without locks: whole writes are all there is
                log.info("%s is changed without a lock: %s", self.path.name, type(error).__name__)
                held = True
            if not held:
                raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT), str(self.lock_path))
            yield

    def _read(self, until: float) -> tuple[Content, bytes | None]:
        """What the file or its copy holds, and the bytes of the file where they are damaged."""
        stamp = self._stamp()
        try:
            data = when_let_go(self.path.read_bytes, until)
        except FileNotFoundError:
            return self.copy(), None
        self._seen = stamp
        told = self._parsed(data)
        if told is not None:
            return told, None
        log.info("%s is damaged, its copy is used", self.path.name)
        return self.copy(), data

    def _parsed(self, data: bytes) -> Content | None:
        try:
            told = json.loads(data) if len(data) <= _LARGEST else None
        except (ValueError, RecursionError):
            return None
        return told if isinstance(told, self._kind) else None

    def _write(self, content: Content, until: float) -> None:
        data = _encoded(content)
        write_whole(self.path, data, private=True, patience=until - time.monotonic())
        self._seen = self._stamp()
        try:
            write_whole(self.copy_path, data, private=True, lasting=False, patience=0)
        except OSError as error:
            log.info("%s has no copy: %s", self.path.name, type(error).__name__)

    def _stamp(self) -> tuple[int, ...]:
        """What is another when the file was written again; nothing where it does not exist."""
        try:
            told = self.path.stat()
        except OSError:
            return ()
        return told.st_mtime_ns, told.st_ino, told.st_size

    def _set_aside(self, damaged: bytes) -> None:
        place, number = self.path.with_name(f"{self.path.name}.damaged"), 1
        while place.exists():
            number += 1
            place = self.path.with_name(f"{self.path.name}.damaged-{number}")
        write_whole(place, damaged, private=True)


def _encoded(content: dict[str, Any] | list[Any]) -> bytes:
    """JSON with a line for each entry: a person can read it, and `indent` would take ten times as long."""
    told = partial(json.dumps, ensure_ascii=False)
    if isinstance(content, dict):
        opening, lines, closing = "{", [f"{told(str(key))}: {told(value)}" for key, value in content.items()], "}"
    else:
        opening, lines, closing = "[", [told(value) for value in content], "]"
    text = "\n".join([opening, ",\n".join(lines), closing]) if lines else opening + closing
    return text.encode("utf-8", "surrogatepass")  # names of files on Linux may be no text
