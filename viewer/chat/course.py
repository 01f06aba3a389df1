"""The course of a session: when who wrote, on one line from its first message to its last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from viewer.chat.message import Message
from viewer.chat.person import Person
from viewer.chat.rows import MessageRow, Row

PAUSE = timedelta(hours=1)  # a longer silence takes no more room than this


class Moment(NamedTuple):  # a long session has thousands of them, and a tuple is made sooner than a frozen dataclass
    """A message on the line; `at` is its place, from 0.0 to 1.0, `began` that of the question it answers."""

    at: float
    message: Message
    author: Person
    waited: timedelta | None = None
    began: float | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """Messages in their order. `pauses` are the places where a silence was cut short."""

    moments: tuple[Moment, ...] = ()
    pauses: tuple[float, ...] = ()

    @property
    def start(self) -> datetime | None:
        """When the first message was written."""
        return self.moments[0].message.date if self.moments else None

    @property
    def end(self) -> datetime | None:
        """When the last message was written."""
        return self.moments[-1].message.date if self.moments else None


def course(listed: Iterable[Row]) -> Course:
    """The course of the messages in some rows; lines of the system do not stand on it."""
    rows = [row for row in listed if isinstance(row, MessageRow)]
    if not rows:
        return Course()
    longest, passed = PAUSE.total_seconds(), 0.0
    places, cut = [passed], []
    for before, after in pairwise([row.message.date.timestamp() for row in rows]):
        silence = max(after - before, 0.0)
        if silence > longest:
            cut.append(passed + longest / 2)
        passed += min(silence, longest)
        places.append(passed)
    whole = passed or 1.0
    at = {row.message.id: place / whole for row, place in zip(rows, places, strict=True)}
    moments = tuple(Moment(at[row.message.id], row.message, row.author, row.waited, at.get(row.asked)) for row in rows)
    return Course(moments, tuple(place / whole for place in cut))
