"""What the pointer can meet in a row, and a place in its text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """What a query met in one row: the spans of each element, in characters of its text, by the element's `id()`.

    `current` is the element and the number of the span that the reader stands on. `whole` when the row was found as
    it is, without a text: True where the reader stands on it.
    """

    spans: Mapping[int, list[tuple[int, int]]] = field(default_factory=dict)
    current: tuple[int, int] = (0, -1)
    whole: bool | None = None

    def of(self, element: object) -> list[tuple[int, int, bool]]:
        """The spans of an element; True with the current one."""
        number = self.current[1] if self.current[0] == id(element) else -1
        return [(*span, index == number) for index, span in enumerate(self.spans.get(id(element), ()))]
