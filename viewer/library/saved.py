"""Answers of the portal that somebody saved, opened without it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from viewer.chat import Batch, Origin
from viewer.errors import ViewerError
from viewer.i18n import _, size

_HEAD = 4096  # bytes that show what kind of file it is
LARGEST = 256 * 1024 * 1024  # bytes of one file: a history of a hundred thousand messages takes a third of it


def open_saved(paths: Sequence[Path]) -> Iterator[Batch]:
    """The conversation in saved answers: the pages of one chat belong together.

    Whether it may be rated is left open: the portal it came from is not asked. Raises ViewerError for a file that
    cannot be read, and what `viewer.bitrix.read_saved` raises for one that is no history.
    """
    from viewer.bitrix import read_saved

    for path in paths:
        content = _content(path)
        _check_kind(content, path.name)
        yield replace(read_saved(content), can_vote=None, origins=(origin_of(content, path.name),))


def origin_of(content: bytes, name: str) -> Origin:
    """What to remember of a saved answer that is read now."""
    return Origin.of(content, name, datetime.now(UTC))


def _check_kind(content: bytes, name: str) -> None:
    """Raise ViewerError for a picture, a document or another file that is no text in JSON at all."""
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head and not head.startswith((b"{", b"[", b"<", b"\xff\xfe", b"\xfe\xff")):  # "<": told as a web page
        raise ViewerError(
            _("{path} is no saved answer.").format(path=name),
            _("An answer of the portal in JSON was expected."),
            _("Save the answer again, exactly as the portal sent it."),
        )


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise ViewerError(
                _("{path} is too large.").format(path=path.name),
                _("A saved answer may take {size}.").format(size=size(LARGEST)),
            )
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ViewerError(_("{path} cannot be read.").format(path=path.name), f"{reason}.") from None
