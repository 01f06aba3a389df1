"""Watches over every test: no secret in a log, an error's words, what is printed, or a file (`design.md` §5)."""

import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bitrix import scripted
from viewer.demo import portal as demo
from viewer.errors import ViewerError

SECRETS = (demo.CODE, scripted.CODE, "hushhush")  # the webhooks' codes, and the password of a proxy
_ANY = re.compile("|".join([*SECRETS, r"/rest/download\S*[?&]token=[0-9a-f]+t[0-9a-f]+"]), re.IGNORECASE)
_LARGEST = 64 * 1024 * 1024  # bytes of a file that are read


def leaked(text: str) -> bool:
    """Whether a secret stands in a text."""
    return _ANY.search(text) is not None


class _Listener(logging.Handler):
    def __init__(self, found: list[str]) -> None:
        super().__init__(logging.NOTSET)
        self.found = found

    def emit(self, record: logging.LogRecord) -> None:
        told = record.getMessage()
        if record.exc_text:
            told += record.exc_text
        elif record.exc_info and record.exc_info[0]:
            told += "".join(traceback.format_exception(*record.exc_info))
        if leaked(told):
            self.found.append(f"log of {record.name}, {record.levelname}")


@contextmanager
def watching() -> Iterator[list[str]]:
    """Where a secret was told, so far: in the log on any level, or in the words of an error."""
    found: list[str] = []
    listener, root, made = _Listener(found), logging.getLogger(), ViewerError.__init__
    level = root.level

    def watched(self: ViewerError, *arguments: Any, **named: Any) -> None:
        made(self, *arguments, **named)
        if leaked(f"{self.title} {self.detail} {self.advice}"):
            found.append(f"words of {type(self).__name__}")

    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    ViewerError.__init__ = watched  # type: ignore[method-assign]
    try:
        yield found
    finally:
        ViewerError.__init__ = made  # type: ignore[method-assign]
        root.setLevel(level)
        root.removeHandler(listener)


def files_that_tell(folder: Path) -> list[str]:
    """The files of a folder with a secret in their bytes or their name."""
    found = []
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as stream:
                content = stream.read(_LARGEST).decode("latin-1")
            if leaked(content) or leaked(file.name):
                found.append(f"file {file.relative_to(folder)}")
    return found
