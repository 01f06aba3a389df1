"""What is to be exported, what came of it, and what can go wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from viewer.chat import (
    DayBreak,
    Message,
    MessageKind,
    MessageRow,
    Row,
    SystemLines,
    Transcript,
    messages_of,
    rows,
)
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
    `files` holds the bytes of the files that go with the export, by file id; `beside` where those stand that were
    saved in a folder of their own, as paths from the export's folder. What `options` leave out is gone from
    `transcript`, `rows` and `messages`, so that no format can let it through.
    """

    transcript: Transcript
    host: str = ""
    portal: str = ""
    exported_at: datetime = field(default_factory=lambda: datetime.now(UTC).astimezone())
    exported_by: str = ""
    version: str = ""
    pictures: Mapping[int, bytes] = field(default_factory=dict)
    beside: Mapping[int, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    internal: bool = True
    redacted: int | None = None
    evidence: str = ""
    options: Options = field(default_factory=Options)
    files: Mapping[int, bytes] = field(default_factory=dict)
    filters: str = ""  # of the list that the conversation was taken from, in words

    def __post_init__(self) -> None:
        if not self.options.votes:
            object.__setattr__(self, "transcript", _without_votes(self.transcript))

    @property
    def root(self) -> str:
        """The portal's address, against which paths become links."""
        return f"https://{self.host}" if self.host else ""

    def rows(self) -> list[Row]:
        """The rows to write, oldest first."""
        listed = rows(self.transcript)
        if not self.options.system:
            listed = _compact(row for row in listed if not isinstance(row, SystemLines))
        if not self.options.votes:
            listed = _compact(_without_vote_lines(listed))
        if not self.options.ruler:
            listed = [replace(row, waited=None) if isinstance(row, MessageRow) else row for row in listed]
        return listed if self.internal else _without_internal(listed)

    def messages(self) -> list[Message]:
        """The messages to write, oldest first."""
        if self.internal and self.options.system and self.options.votes:
            return list(self.transcript.messages)
        return [message for row in self.rows() for message in messages_of(row)]


@dataclass(frozen=True, slots=True)
class Result:
    """What was written. `path` is the first file of `parts`; `pages` is 0 for what has none; `notes` are sentences.

    `files` are the dialogue's own files that were saved beside.
    """

    path: Path
    pages: int = 0
    notes: tuple[str, ...] = ()
    parts: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()


def _without_votes(transcript: Transcript) -> Transcript:
    """The conversation without ratings and comments on them."""
    return replace(
        transcript,
        sessions=tuple(replace(each, client_vote="", head_vote=0, head_comment="") for each in transcript.sessions),
        messages=tuple(replace(message, votes=None) if message.votes else message for message in transcript.messages),
    )


def _without_vote_lines(listed: list[Row]) -> Iterator[Row]:
    """The rows without the portal's lines that tell of ratings."""
    for row in listed:
        if isinstance(row, SystemLines):
            kept = tuple(each for each in row.messages if each.kind is not MessageKind.VOTE)
            if kept:
                yield SystemLines(kept)
        elif not (isinstance(row, MessageRow) and row.message.kind is MessageKind.VOTE):
            yield row


def _without_internal(listed: list[Row]) -> list[Row]:
    """The rows that the client saw."""
    return _compact(
        row
        for row in listed
        if not isinstance(row, SystemLines) and not (isinstance(row, MessageRow) and row.message.internal)
    )


def _compact(listed: Iterable[Row]) -> list[Row]:
    """The rows; a day of which nothing is left goes too."""
    kept: list[Row] = []
    for row in listed:
        if isinstance(row, DayBreak) and kept and isinstance(kept[-1], DayBreak):
            kept.pop()
        kept.append(row)
    if kept and isinstance(kept[-1], DayBreak):
        kept.pop()
    return kept
