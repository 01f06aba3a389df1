"""The course of a session: when who wrote, on one line from its first message to its last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from viewer.chat.message import Message
from viewer.chat.person import Person
from viewer.chat.rows import MessageRow, Row

PAUSE = timedelta(hours=1)  # a longer silence takes no more room than this


@dataclass(frozen=True, slots=True)
class Moment:
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
    places, cut, passed = [0.0], [], timedelta()
    for before, row in pairwise(rows):
        silence = max(row.message.date - before.message.date, timedelta())
        if silence > PAUSE:
            cut.append(passed + PAUSE / 2)
        passed += min(silence, PAUSE)
        places.append(passed / timedelta(seconds=1))
    whole = places[-1] or 1.0
    at = {row.message.id: place / whole for row, place in zip(rows, places, strict=True)}
    moments = tuple(Moment(at[row.message.id], row.message, row.author, row.waited, at.get(row.asked)) for row in rows)
    return Course(moments, tuple(place / timedelta(seconds=1) / whole for place in cut))
