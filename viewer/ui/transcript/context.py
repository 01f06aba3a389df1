"""What layout and paint are given: nothing in this package reaches for anything else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from functools import cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPalette

from viewer.chat import Message, Transcript
from viewer.ui.theme import Theme, font, line_height
from viewer.ui.transcript.hits import Hit, Marked, Selection
from viewer.ui.transcript.pictures import Pictures

GUTTER = 76.0  # left of everything: the ruler of waits
AVATAR = 28.0
INDENT = GUTTER + AVATAR + 8.0  # where the client's bubbles begin
EDGE = 16.0  # left of bars
RIGHT = 8.0  # beside the scroll bar
PAD_X = 12.0
CHARACTERS = 68


class Reading(Enum):
    """How the text of a message is read."""

    MESSENGER = "messenger"  # in the messenger's own markup
    MARKDOWN = "markdown"
    TYPED = "typed"  # as it was typed, every sign of markup shown


@dataclass(frozen=True, slots=True, eq=False)
class Type:
    """A font with its measures."""

    font: QFont
    metrics: QFontMetricsF
    line: float

    def width(self, text: str) -> float:
        """How wide a text is on one line."""
        return self.metrics.horizontalAdvance(text)


@cache
def type_of(role: str) -> Type:
    """A role of the type scale, measured."""
    made = font(role)
    metrics = QFontMetricsF(made)
    return Type(made, metrics, max(float(line_height(role)), round(metrics.height())))


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """How rows are laid out and drawn. `width` is in layout units: pixels of the screen divided by the zoom."""

    theme: Theme
    width: float
    pictures: Pictures
    transcript: Transcript
    compact: bool = False
    names: Mapping[int, str] = field(default_factory=dict)  # of people, by id
    base: str = ""  # the portal's address, for links that are relative to it
    norm: timedelta = timedelta(minutes=10)
    palette: QPalette = field(default_factory=QPalette)
    unfolded: frozenset[int] = frozenset()
    readings: Mapping[int, Reading] = field(default_factory=dict)  # of messages whose reader has chosen one

    @property
    def pad_y(self) -> float:
        """Space above and below the content of a bubble."""
        return 4.0 if self.compact else 8.0

    @property
    def gap(self) -> float:
        """Space between messages."""
        return 5.0 if self.compact else 10.0

    @property
    def right(self) -> float:
        """The right edge of everything."""
        return max(self.width - RIGHT, INDENT + 120.0)

    @property
    def widest(self) -> float:
        """The widest content of a bubble."""
        characters = type_of("body").metrics.averageCharWidth() * CHARACTERS
        column = (self.right - GUTTER) * 0.8 - 2 * PAD_X
        return max(float(int(min(characters, column, self.right - INDENT - 2 * PAD_X))), 96.0)

    def reading(self, message: Message) -> Reading:
        """How a message is read: as its reader has chosen, else as its author is thought to have meant it."""
        meant = Reading.MARKDOWN if message.markdown else Reading.MESSENGER
        return self.readings.get(message.id, meant)

    def message(self, number: int) -> Message | None:
        """A message of the conversation by its id."""
        return find_message(self.transcript, number)


def find_message(transcript: Transcript, number: int) -> Message | None:
    """A message by its id; ids mostly grow with time, so a bisection nearly always finds it."""
    messages = transcript.messages
    low, high = 0, len(messages)
    while low < high:
        middle = (low + high) // 2
        if messages[middle].id < number:
            low = middle + 1
        else:
            high = middle
    if low < len(messages) and messages[low].id == number:
        return messages[low]
    return next((message for message in messages if message.id == number), None)


@dataclass(frozen=True, slots=True, eq=False)
class PaintState:
    """What changes from one paint to the next without moving anything."""

    row: int = -1  # of what is painted now
    hover: Hit | None = None
    selection: Selection | None = None
    clip: QRectF = field(default_factory=QRectF)
    marked: Marked | None = None  # what was looked for
