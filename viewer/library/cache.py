"""Bytes of files that were fetched, on the disk of this computer: fetched once, shown again without the portal.

Links are secrets and short-lived, so that only the bytes are kept (`bitrix24-api.md` §9.3).
"""

import hashlib
import logging
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import platformdirs

from viewer.disk import write_whole
from viewer.settings import APP_NAME, CACHE_MB

log = logging.getLogger(__name__)

MB = 1024 * 1024
_DIGEST = 32  # bytes of SHA-256 before the content: what the disk has spoilt is not shown
_LARGEST_SHARE = 4  # one file takes at most this part of the limit, so that it does not drive out all others


def default_root() -> Path:
    """Where the bytes of all accounts stand on this system."""
    return platformdirs.user_cache_path(APP_NAME, appauthor=False) / "files"


class FileCache:
    """The bytes of one account's files by their id. Safe to use from several threads and several windows.

    `root` holds a folder for each account; `limit` in bytes is that of all accounts together, 0 keeps nothing. What
    was used longest ago gives way. Entries that vanished or were damaged are missed, and a disk that refuses is
    logged: no failure of the cache is a failure for the user. With `temporary` all of it goes with the object.
    """

    def __init__(self, account: str, root: Path | None = None, limit: int = CACHE_MB * MB) -> None:
        self.root = root if root is not None else default_root()
        # Account keys hold a host's name and characters that not every system takes.
        self.folder = self.root / hashlib.sha256(account.encode()).hexdigest()[:32]
        self.limit = limit
        self._lock = threading.Lock()
        self._size: int | None = None  # of everything under `root`; unknown until something is put
        self._last = 0
        self._remove: Callable[[], object] = lambda: None

    @classmethod
    def temporary(cls, limit: int = CACHE_MB * MB) -> "FileCache":
        """A cache that leaves nothing behind, for the demo portal."""
        made = cls("", Path(tempfile.mkdtemp(prefix="openlines-")), limit)
        made._remove = weakref.finalize(made, shutil.rmtree, made.root, ignore_errors=True)
        return made

    def get(self, number: int) -> bytes | None:
        """The bytes of a file; None where they are not, or not as they were put."""
        path = self._path(number)
        try:
            kept = path.read_bytes()
        except OSError:
            return None
        data = kept[_DIGEST:]
        if hashlib.sha256(data).digest() != kept[:_DIGEST]:
            log.info("file %d is damaged in the cache", number)
            self.drop(number)
            return None
        self._touch(path)
        return data

    def has(self, number: int) -> bool:
        """Whether the bytes of a file seem to be here; they are not looked at."""
        return self._path(number).is_file()

    def put(self, number: int, data: bytes) -> None:
        """Keep the bytes of a file; the longest unused give way."""
        if not data or len(data) * _LARGEST_SHARE > self.limit:
            return
        path = self._path(number)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.root.chmod(0o700)
            # What a power cut spoils is fetched again: the digest tells.
            write_whole(path, [hashlib.sha256(data).digest(), data], private=True, lasting=False)
        except OSError as error:
            log.info("file %d is not kept: %s", number, type(error).__name__)
            return
        self._touch(path)
        with self._lock:
            self._size = self._measured() if self._size is None else self._size + len(data) + _DIGEST
            if self._size > self.limit:
                self._size = self._trimmed()

    def drop(self, number: int) -> None:
        """Forget a file."""
        with suppress(OSError):
            self._path(number).unlink()

    def clear(self) -> None:
        """Forget every file of this account."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with self._lock:
            self._size = None

    def held(self) -> int:
        """How many bytes the files of all accounts take."""
        return self._measured()

    def empty(self) -> None:
        """Forget every file of every account."""
        for _used, _size, path in self._entries():
            with suppress(OSError):
                path.unlink()
        with self._lock:
            self._size = None

    def keep(self, limit: int) -> None:
        """Keep at most `limit` bytes from now on; what is too much goes at once, the longest unused first."""
        self.limit = limit
        if not limit:
            self.empty()
            return
        with self._lock:
            self._size = self._measured()
            if self._size > limit:
                self._size = self._trimmed()

    def close(self) -> None:
        """Leave nothing behind where the cache is temporary."""
        self._remove()

    def _path(self, number: int) -> Path:
        return self.folder / str(number)

    def _touch(self, path: Path) -> None:
        """Note that a file was used now: later than anything before, however coarse the clock."""
        with self._lock:
            self._last = max(time.time_ns(), self._last + 1000)
            moment = self._last
        with suppress(OSError):
            os.utime(path, ns=(moment, moment))

    def _entries(self) -> Iterator[tuple[int, int, Path]]:
        """When each entry of every account was used last, its size and its place."""
        for path in self.root.glob("*/*"):
            with suppress(OSError):
                told = path.stat()
                yield told.st_mtime_ns, told.st_size, path

    def _measured(self) -> int:
        return sum(size for _used, size, _path in self._entries())

    def _trimmed(self) -> int:
        """Let the longest unused go until a tenth of the limit is free; answers the size that is left."""
        entries = sorted(self._entries())
        left = sum(size for _used, size, _path in entries)
        for _used, size, path in entries[:-1]:
            if left <= self.limit - self.limit // 10:
                break
            with suppress(OSError):
                path.unlink()
                left -= size
        return left
