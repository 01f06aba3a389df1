"""What is to be exported, what came of it, and what can go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from viewer.chat import DayBreak, Message, MessageRow, Row, SessionEnd, SystemLines, Transcript, rows
from viewer.errors import ViewerError
from viewer.export.options import Options

Progress = Callable[[int, int], object]


class ExportError(ViewerError):
    """A file could not be written or typeset."""


class Cancel(Protocol):
    """What can be asked whether the user stopped the work; `threading.Event` is one."""

    def is_set(self) -> bool:
        """Whether to stop."""


@dataclass(frozen=True, slots=True)
class Export:
    """One conversation, ready to be written, in the language spoken now.

    `pictures` holds the bytes of the files that could be read, by file id; `missing` tells in sentences what could
    not. Without `internal`, what the client never saw is left out, `redacted` says in how many places personal data
    were replaced, `evidence` is the digest of the messages where there is one: the first page says all of it.
    """

    transcript: Transcript
    host: str = ""
    portal: str = ""
    exported_at: datetime = field(default_factory=lambda: datetime.now(UTC).astimezone())
    exported_by: str = ""
    version: str = ""
    pictures: Mapping[int, bytes] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    numbered: bool = True
    internal: bool = True
    redacted: int | None = None
    evidence: str = ""
    options: Options = field(default_factory=Options)
    files: Mapping[int, bytes] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The portal's address, against which paths become links."""
        return f"https://{self.host}" if self.host else ""

    def rows(self) -> list[Row]:
        """The rows to write, oldest first."""
        listed = rows(self.transcript)
        return listed if self.internal else _without_internal(listed)

    def messages(self) -> list[Message]:
        """The messages to write, oldest first."""
        if self.internal:
            return list(self.transcript.messages)
        return [row.message for row in self.rows() if isinstance(row, MessageRow | SessionEnd)]


@dataclass(frozen=True, slots=True)
class Result:
    """What was written. `path` is the first file of `parts`; `pages` is 0 for what has none; `notes` are sentences."""

    path: Path
    pages: int = 0
    notes: tuple[str, ...] = ()
    parts: tuple[Path, ...] = ()


def _without_internal(listed: list[Row]) -> list[Row]:
    """The rows that the client saw; a day on which he saw nothing goes too."""
    kept: list[Row] = []
    for row in listed:
        if isinstance(row, SystemLines) or (isinstance(row, MessageRow) and row.message.internal):
            continue
        if isinstance(row, DayBreak) and kept and isinstance(kept[-1], DayBreak):
            kept.pop()
        kept.append(row)
    if kept and isinstance(kept[-1], DayBreak):
        kept.pop()
    return kept
