"""What the pointer can meet in a row, and a place in its text."""

from dataclasses import dataclass
from enum import Enum, auto


class Act(Enum):
    """What a click does."""

    LINK = auto()  # `target` is an address
    FILE = auto()  # a file's id
    RETRY = auto()  # a file's id
    JUMP = auto()  # a message's id in this conversation
    FOLD = auto()  # the id of the first of the folded lines
    MENU = auto()  # a session's id
    NONE = auto()  # only a tip


@dataclass(frozen=True, slots=True)
class Hit:
    """Something under the pointer. Two hits are equal when they do the same."""

    act: Act
    target: str | int = ""
    tip: str = ""

    @property
    def clickable(self) -> bool:
        """Whether a hand is shown."""
        return self.act is not Act.NONE


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the text of the transcript: row, part of the row, character of the part."""

    row: int
    part: int
    offset: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Marked text; `anchor` is where the mouse went down."""

    anchor: Position
    cursor: Position

    @property
    def empty(self) -> bool:
        """Whether nothing is marked."""
        return self.anchor == self.cursor

    def span(self, row: int, part: int, length: int) -> tuple[int, int] | None:
        """The marked characters of a part that is `length` long, None where none are."""
        first, last = sorted((self.anchor, self.cursor))
        if first == last or not (first.row, first.part) <= (row, part) <= (last.row, last.part):
            return None
        start = first.offset if (first.row, first.part) == (row, part) else 0
        end = last.offset if (last.row, last.part) == (row, part) else length
        return (start, end) if start < end else None
