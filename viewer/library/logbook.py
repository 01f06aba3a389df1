"""What the program writes down of itself: a log with rotation in the system's folder for logs, and reports of faults.

Neither holds a secret or a word of a message: texts are masked (`design.md` §5), and of an error only its kind and the
places in the program are told, for its own text may hold anything.
"""

import faulthandler
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import IO

import platformdirs

from viewer import __version__
from viewer.settings import APP_NAME

log = logging.getLogger(__name__)
_OURS = logging.getLogger("viewer")  # of others, only warnings are written

LARGEST = 512 * 1024  # bytes of one log file
KEPT = 3  # older files beside it
_PARTS = ("PySide6-Essentials", "httpx", "keyring", "truststore", "typst")
_DEEPEST = 60  # places of a stack that are told
_MOST_CAUSES = 5
_PLACE = re.compile(r'File "([^"]+)"')


def default_folder() -> Path:
    """The system's folder for the logs of this program."""
    return platformdirs.user_log_path(APP_NAME, appauthor=False)


def stack(error: BaseException) -> str:
    """An error as its kind and the places it went through, with what caused it; never its text."""
    parts = []
    for each in _causes(error):
        frames = extract_tb(each.__traceback__)[-_DEEPEST:]
        places = [f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
        parts.append("\n".join([f"{type(each).__module__}.{type(each).__qualname__}", *places]))
    return "\ncaused by ".join(parts)


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in seen and len(seen) < _MOST_CAUSES:
        seen.append(following)
        yield following
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _short(file: str) -> str:
    """The place of a source file in its package: what stands above it may name the user."""
    parts = Path(file).parts
    for root in ("viewer", "site-packages"):
        if root in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(root) - (root == "viewer") :])
    return "/".join(parts[-2:])


def report(what: str, now: datetime) -> str:
    """A fault as text for those who look after the program: versions, platform, `what`; no secret, no message."""
    import platform
    import ssl

    from viewer.bitrix.masking import masked

    machine = f"{platform.system()} {platform.release()} {platform.machine()}"
    lines = [
        f"Open Lines Viewer {__version__}, {'packaged' if getattr(sys, 'frozen', False) else 'from Python'}",
        now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        f"{machine} · Python {platform.python_version()} · {ssl.OPENSSL_VERSION}",
        " · ".join(f"{name} {_version(name)}" for name in _PARTS),
        "",
        what.rstrip(),
    ]
    return masked("\n".join(lines)) + "\n"


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "?"


class _Plainly(logging.Formatter):
    """Masks what is told, and of an error writes only its stack."""

    def format(self, record: logging.LogRecord) -> str:
        from viewer.bitrix.masking import masked

        error = record.exc_info[1] if record.exc_info else None
        plain = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None})
        told = super().format(plain)
        return masked(f"{told}\n{stack(error)}" if error is not None else told)


class _Log(logging.Handler):
    """The log's files, opened with the first line: what turns them over takes a while to load, and the window waits.

    A disk that refuses, or another window that holds the file, costs lines and nothing else.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._opened: logging.Handler | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Our own news, and warnings of others."""
        return record.levelno >= (logging.INFO if record.name.startswith("viewer") else logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        if self._opened is None:
            self._opened = _turning_over(self._file)
        self._opened.emit(record)

    def close(self) -> None:
        """Close the file."""
        if self._opened is not None:
            with suppress(OSError):  # what a full disk did not take is written once more
                self._opened.close()
        super().close()


def _turning_over(file: Path) -> logging.Handler:
    """The file of the log, which makes room for a new one when it is full."""
    from io import TextIOWrapper
    from logging.handlers import RotatingFileHandler

    class File(RotatingFileHandler):
        def _open(self) -> TextIOWrapper:
            """Every file begins with the name of the program that writes it."""
            stream = super()._open()
            stream.write(f"--- Open Lines Viewer {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n")
            return stream

        def handleError(self, record: logging.LogRecord) -> None:
            """Do without the line."""

    made = File(file, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", delay=True)
    made.setFormatter(_Plainly("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return made


class Logbook:
    """The log of a running program, and the file where a fault of the machine's own code leaves its stack.

    `last_fault` is what that file held from the run before, "" when it ended well.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.last_fault = ""
        self._handler: logging.Handler | None = None
        self._fault: IO[str] | None = None

    def open(self) -> None:
        """Begin to write. Where the folder refuses, nothing is written and nothing fails."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._open_fault(self.folder / "fault.log")
            self._handler = _Log(self.folder / "viewer.log")
        except OSError as error:
            log.info("no log is kept: %s", type(error).__name__)
            return
        logging.getLogger().addHandler(self._handler)
        _OURS.setLevel(logging.INFO)

    def _open_fault(self, file: Path) -> None:
        with suppress(OSError):
            told = file.read_text(encoding="utf-8", errors="replace")
            self.last_fault = _PLACE.sub(lambda found: f'File "{_short(found[1])}"', told).strip()
        self._fault = file.open("w", encoding="utf-8")
        faulthandler.enable(self._fault)

    def close(self) -> None:
        """Write no more. What the disk refuses then is lost, and nothing fails."""
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None
            _OURS.setLevel(logging.NOTSET)
        if self._fault is not None:
            faulthandler.disable()
            with suppress(OSError), self._fault as file:
                file.truncate(0)  # the end was good: what Windows survived is no fault
            self._fault = None
