"""Pictures of the transcript as they arrive: what is here, what is asked for, what failed.

Somebody else fetches and decodes (`TranscriptView.picture_needed`); elements only say at what size they would draw.
"""

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPixmap

from viewer.ui.player import Playback

Sounds = Callable[[int], Playback | None]  # how far the sound of a file is; None for one that does not play
KEPT = 96 * 1024 * 1024  # bytes of decoded pictures


class Pictures:
    """Decoded pictures by file id, the latest of them; `wanted` gathers what paint missed.

    `sounds` tells of those that play; None where they open in another program.
    """

    def __init__(self, limit: int = KEPT) -> None:
        self._limit = limit
        self._kept: OrderedDict[int, QPixmap] = OrderedDict()
        self._bytes = 0
        self._asked: dict[int, QSize] = {}
        self._failed: dict[int, str] = {}
        self.wanted: dict[int, QSize] = {}
        self.sounds: Sounds | None = None

    def get(self, number: int, size: QSize) -> QPixmap | None:
        """The picture, if it is here; asks for it, or for a larger one, where it is not. `size` in device pixels."""
        kept = self._kept.get(number)
        if kept is not None:
            self._kept.move_to_end(number)
        asked = self._asked.get(number)
        larger = asked is None or size.width() > asked.width() * 1.25 or size.height() > asked.height() * 1.25
        if larger and number not in self._failed:
            self.wanted[number] = size
        return kept

    def peek(self, number: int) -> QPixmap | None:
        """The picture, if it is here, at whatever size."""
        return self._kept.get(number)

    def take_wanted(self) -> dict[int, QSize]:
        """What was missed since the last call; it counts as asked for from now on."""
        taken, self.wanted = self.wanted, {}
        self._asked.update(taken)
        return taken

    def failure(self, number: int) -> str:
        """Why a file cannot be shown, or nothing."""
        return self._failed.get(number, "")

    def put(self, number: int, image: QImage) -> None:
        """A picture came."""
        self._drop(number)
        self._failed.pop(number, None)
        self._kept[number] = QPixmap.fromImage(image)
        self._bytes += _weight(self._kept[number])
        while self._bytes > self._limit and len(self._kept) > 1:
            oldest = next(iter(self._kept))
            self._drop(oldest)
            self._asked.pop(oldest, None)

    def fail(self, number: int, reason: str) -> None:
        """A picture will not come."""
        self._failed[number] = reason

    def retry(self, number: int) -> None:
        """Ask for a picture again when it is next seen."""
        self._failed.pop(number, None)
        self._asked.pop(number, None)

    def clear(self) -> None:
        """Forget everything: another conversation is shown."""
        self._kept.clear()
        self._asked.clear()
        self._failed.clear()
        self.wanted.clear()
        self._bytes = 0

    def _drop(self, number: int) -> None:
        gone = self._kept.pop(number, None)
        if gone is not None:
            self._bytes -= _weight(gone)


def _weight(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
