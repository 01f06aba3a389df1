"""Where words for the user go: a console, or a box where the program was started from a desktop and has none."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TextIO

TITLE = "Open Lines Viewer"
_IN_FRONT = 0x10000  # MB_SETFOREGROUND
_APPLESCRIPT = ("on run argv", "display alert (item 1 of argv) message (item 2 of argv) as critical", "end run")


def exists() -> bool:
    """Whether somebody can read what is written to standard error.

    A program with a window has none on Windows. A program that the Finder or a desktop's menu started has one that
    nobody sees. What is piped or written to a file is read.
    """
    if sys.stderr is None or sys.stderr.closed:
        return False
    if sys.stderr.isatty():
        return True
    if sys.platform == "darwin":
        return os.getppid() != 1  # launchd starts what is double-clicked
    return os.environ.get("GIO_LAUNCHED_DESKTOP_FILE_PID", "") != str(os.getpid())


def show(news: object) -> None:
    """Show a sentence in a box and wait until it is closed; the system's own one, which works where Qt does not."""
    words = str(news)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, words, TITLE, _IN_FRONT)
    elif sys.platform == "darwin":
        script = [part for line in _APPLESCRIPT for part in ("-e", line)]
        with suppress(OSError):
            subprocess.run(["/usr/bin/osascript", *script, TITLE, words], check=False, capture_output=True)  # noqa: S603
    else:
        _show_with_qt(words)


def _show_with_qt(words: str) -> None:
    """Linux has no box of its own. Where there is no screen either, nobody is there to be told."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        from viewer.ui.box import show_box

        show_box(TITLE, words)


def flush() -> None:
    """Bring out what was written, so that a reader who has gone is met here and not when Python ends."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()


@contextmanager
def whole_streams() -> Iterator[None]:
    """Give Python the streams that the system gave it not, until the end of the block: empty, or for nobody.

    Windows gives none to a program with a window; `2>&-` takes one away. A run goes on without being heard.
    """
    with ExitStack() as at_the_end:
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:
                nowhere = at_the_end.enter_context(open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123
                setattr(sys, name, nowhere)
                at_the_end.callback(setattr, sys, name, None)
        yield


def give_up_output() -> None:
    """Write what standard output still holds, and what comes, to nowhere."""
    if sys.stdout is not None and not sys.stdout.closed:
        _to_nowhere(sys.stdout)


def reader_has_gone(error: OSError) -> bool:
    """Whether `error` came because nobody reads what this program writes: `… | head` has ended.

    What is left is written to nowhere then, so that Python does not fail on it when it ends. Windows tells a closed
    pipe as an invalid argument, like much else, so there the stream itself is asked by writing the end of a line.
    """
    if error.errno not in (errno.EPIPE, errno.EINVAL):
        return False
    gone = error.errno == errno.EPIPE
    for stream in (sys.stdout, sys.stderr):
        if stream is None or stream.closed:
            continue
        try:
            if error.errno == errno.EINVAL and stream is sys.stdout:
                stream.write("\n")
            stream.flush()
        except OSError as told:
            gone = gone or told.errno in (errno.EPIPE, errno.EINVAL)
        if gone:
            _to_nowhere(stream)
    return gone


def _to_nowhere(stream: TextIO) -> None:
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
