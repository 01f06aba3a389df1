"""Progress on a terminal's standard error, for what takes over a second; silence anywhere else."""

import sys
import time
from types import TracebackType
from typing import Self

PATIENCE = 1.0  # seconds


class Progress:
    """A line that is rewritten in place: `with Progress("Reading 343") as progress: progress.advance(3, 10)`."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._started = time.monotonic()
        self._shown = False
        self._quiet = sys.stderr is None or not sys.stderr.isatty()

    def advance(self, done: int, total: int) -> None:
        """`done` of `total` parts are through."""
        if self._quiet or time.monotonic() - self._started < PATIENCE:
            return
        self._shown = True
        share = f" {done * 100 // total} %" if total else f" {done}"
        sys.stderr.write(f"\r\x1b[K{self._words}…{share}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Make room for a line of news."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
