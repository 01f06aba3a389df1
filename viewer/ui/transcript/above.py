"""What happens at the upper end of the transcript: the reader asks for more, and it comes without moving his place."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider

from viewer.chat import Aside, DayBreak, Row, SessionBar, Transcript
from viewer.ui.transcript.stage import key_of
from viewer.ui.transcript.view import TranscriptView

_NEAR = 48.0  # this close to the first row is at the top
_UP = (Qt.Key.Key_Up, Qt.Key.Key_PageUp, Qt.Key.Key_Home)
_BAR = 6.0  # where a session bar stays below the upper edge


class Reach(QObject):
    """Tells by `reached` that the reader scrolls up at the top: by wheel, keys or scroll bar, never by a mere opening.

    A dialogue that fits the window has no way to scroll: turning the wheel up is asking all the same.
    """

    reached = Signal()

    def __init__(self, view: TranscriptView) -> None:
        super().__init__(view)
        self._view = view
        self._up = False
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().actionTriggered.connect(self._dragged)
        view.laid_out.connect(self._look)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's own signature
        control = Qt.KeyboardModifier.ControlModifier
        if isinstance(event, QWheelEvent):
            turn = event.angleDelta().y() or event.pixelDelta().y()
            self._note(turn > 0 and not event.modifiers() & control)
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            self._note(event.key() in _UP and not event.modifiers() & control)
        return False

    def _dragged(self, action: int) -> None:
        slider = self._view.verticalScrollBar()
        down = action in (
            QAbstractSlider.SliderAction.SliderSingleStepAdd.value,
            QAbstractSlider.SliderAction.SliderPageStepAdd.value,
            QAbstractSlider.SliderAction.SliderToMaximum.value,
        )
        self._note(not down and slider.sliderPosition() <= slider.value())

    def _note(self, up: bool) -> None:
        if up:
            self._up = True
            self._view.changed()

    def _look(self) -> None:
        asked, self._up = self._up, False
        stage = self._view.stage
        if asked and stage.rows and stage.anchor[0] == 0 and stage.anchor[1] < _NEAR:
            self.reached.emit()


def put_above(view: TranscriptView, rows: list[Row], transcript: Transcript) -> None:
    """Show the rows of the same conversation, of which some came above: what is read and marked stays as it is."""
    view.lay_out()
    stage, marked, focused = view.stage, view.selection, view.focused
    held = next((shown for shown in stage.shown if not isinstance(stage.rows[shown.row], Aside | DayBreak)), None)
    key = key_of(stage.rows[held.row]) if held is not None else None
    at_end, blank = stage.at_end, _blank(view)
    view.set_rows(rows, transcript)
    if held is None or key is None:
        return
    found = next((index for index in range(len(rows)) if key_of(rows[index]) == key), None)
    if found is None:
        return
    stage.go(found, -held.y)
    stage.at_end, stage.blank = at_end, blank
    if marked is not None:
        view.selection = marked
        view.pointer.shift(found - held.row)
    if focused >= held.row:
        view.focused = focused + found - held.row
    view.changed()


def _blank(view: TranscriptView) -> float:
    """How much of the window is empty below the last row."""
    stage = view.stage
    last = stage.shown[-1] if stage.shown else None
    if last is None or last.row < len(stage.rows) - 1:
        return 0.0
    return stage.empty(last.y + last.layout.height)


def go_to_session(view: TranscriptView, number: int) -> bool:
    """Bring a session's bar to the upper edge; False when the session is not here."""
    stage = view.stage
    for index in stage.bars:
        row = stage.rows[index]
        if isinstance(row, SessionBar) and row.session.id == number:
            view.measure()
            stage.go(index, stage.layout(index).outline.top() - _BAR)
            view.changed()
            return True
    return False
