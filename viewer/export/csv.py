"""A conversation as CSV for spreadsheets: two tables, messages and sessions, in UTF-8 with a byte order mark.

The first line holds the names of the columns, the same in every language. Fields are parted by a comma, in Russian by
a semicolon: a spreadsheet that opens a file by a double click splits it at the list separator of its region, and shows
all of it in one column where that is another sign. Texts are quoted, numbers are not; dates are ISO 8601 with their
offset; yes is 1, no is 0. A text that begins with = + - @, a tab, a line's end or an apostrophe stands after an
apostrophe, so that no spreadsheet takes it for a formula; without its first apostrophe such a text is as it was.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from viewer.errors import Cancelled
from viewer.export import omissions
from viewer.export.document import Cancel, Export, Progress, Result
from viewer.export.files import Drafts
from viewer.export.tables import MESSAGES, SESSIONS, Column, Value, Values, message_rows, session_rows
from viewer.i18n import here, language

MARK = "\ufeff"
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")


def separator() -> str:
    """What parts the fields in the language spoken now."""
    return ";" if language() == "ru" else ","


def places(path: Path) -> tuple[Path, Path]:
    """The files of messages and of sessions that `path` stands for."""
    messages, sessions = (path.with_name(f"{path.stem} {table}{path.suffix}") for table in ("messages", "sessions"))
    return messages, sessions


def write_csv(export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None) -> Result:
    """Write both tables beside `path`, or neither; tables tell no sentences, so the result tells what was left out.

    Raises ExportError or Cancelled.
    """
    written = places(path)
    with Drafts() as drafts:
        for done, (place, pieces) in enumerate(
            zip(written, (messages(export), sessions(export)), strict=True), start=1
        ):
            drafts.add(place, _encoded(pieces, cancel))
            if progress is not None:
                progress(done, len(written))
        drafts.keep()
    return Result(written[0], notes=tuple(filter(None, [omissions.left_out(export)])), parts=written)


def _encoded(pieces: Iterable[str], cancel: Cancel | None) -> Iterator[bytes]:
    for piece in pieces:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        yield piece.encode("utf-8", errors="replace")


def messages(export: Export) -> Iterator[str]:
    """The table of messages, line by line."""
    return _lines(MESSAGES, message_rows(export))


def sessions(export: Export) -> Iterator[str]:
    """The table of sessions, line by line."""
    return _lines(SESSIONS, session_rows(export))


def _lines(columns: Sequence[Column], rows: Iterable[Values]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator(), quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    buffer.write(MARK)
    writer.writerow([column.name for column in columns])
    yield buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([_field(value) for value in row])
        yield buffer.getvalue()


def _field(value: Value) -> str | int:
    match value:
        case None:
            return ""
        case bool() | int():
            return int(value)
        case datetime():
            return here(value).isoformat()
        case str():
            return f"'{value}" if value.startswith(_ACTIVE) else value
