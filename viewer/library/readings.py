"""A conversation as it grows while it is read: its rows made ready for the window, off the window's thread."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from viewer.chat import Batch, Row, Transcript, rows

PATIENCE = 1.0  # seconds between two looks at a conversation that is being read


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read so far; the first `kept` rows are those of the reading before."""

    transcript: Transcript
    rows: list[Row]
    kept: int


def readings(start: Transcript, batches: Iterable[Batch]) -> Iterator[Reading]:
    """Batches gathered into ever longer conversations; runs on the worker, so that the window never counts rows.

    The first batch is told at once, then whenever there is twice as much or `PATIENCE` has passed: telling each batch
    would cost the square of their number.
    """
    transcript, before, told = start, list[Row](), 0
    last = time.monotonic()
    shown = start
    for batch in batches:
        transcript = transcript.with_batch(batch)
        count = len(transcript.messages)
        if not count or (count < 2 * told and time.monotonic() - last < PATIENCE):
            continue
        reading = _reading(transcript, before)
        yield reading
        before, told, last = reading.rows, len(transcript.messages), time.monotonic()
        shown = transcript
    if transcript is not shown:  # names may have come after the last message
        yield _reading(transcript, before)


def _reading(transcript: Transcript, before: list[Row]) -> Reading:
    listed = rows(transcript)
    return Reading(transcript, listed, len(before) if listed[: len(before)] == before else 0)
