"""The pictures of a dialogue, one at a time over the conversation: next and previous, zoom, copy, save."""

# ruff: noqa: ARG002 (Qt's own signatures)

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from viewer.chat import File
from viewer.errors import ViewerError
from viewer.i18n import _, moment, size
from viewer.ui import theme as themes
from viewer.ui.frame import Caption, Trouble, side_button
from viewer.ui.tasks import Task
from viewer.ui.zoom import Lens

_EDGE = 72  # pixels at the sides where the wheel turns pages
_NOTCH = 120  # of a wheel
_PAN = 60  # pixels that an arrow key moves a picture larger than the window


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture and the message that brought it."""

    file: File
    author: str
    when: datetime
    message: int


@dataclass(frozen=True, slots=True)
class Loader:
    """Where pictures come from: `load` tells levels as of `pictures.levels`; `preview` is what is here at once."""

    load: Callable[[File, Callable[[list[QImage] | None], object], Callable[[ViewerError], object]], Task]
    prefetch: Callable[[File], object]
    preview: Callable[[int], QPixmap | None]


class Gallery(QWidget):
    """Lies over the widget `over`, a child of `parent`; dark in every theme, as pictures look best that way.

    Signals: `closed(int)` with the message of the picture seen last; `save_asked(int)`, `outside_asked(int)` and
    `browse_asked(int)` with a file's id.
    """

    closed = Signal(int)
    save_asked = Signal(int)
    outside_asked = Signal(int)
    browse_asked = Signal(int)

    def __init__(self, parent: QWidget, over: QWidget, loader: Loader) -> None:
        super().__init__(parent)
        self._look = themes.theme("dark")
        self._over, self._loader = over, loader
        self._shots: Sequence[Shot] = ()
        self._index = 0
        self._levels: list[QImage] = []
        self._task: Task | None = None
        self._turned = 0  # of the wheel, towards the next notch
        self._grip: QPointF | None = None
        self.lens = Lens()
        self.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPalette(themes.palette(self._look))
        self.caption = Caption(self._look, self)
        self.trouble = Trouble(self._look, self)
        self.previous = side_button("chevron-left", _("Previous picture") + " (←)", self._look, self)
        self.next = side_button("chevron-right", _("Next picture") + " (→)", self._look, self)
        self._connect()
        over.installEventFilter(self)

    def _connect(self) -> None:
        caption, trouble = self.caption, self.trouble
        self.previous.clicked.connect(lambda: self.step(-1))
        self.next.clicked.connect(lambda: self.step(1))
        caption.smaller.clicked.connect(lambda: self._zoom(-1))
        caption.larger.clicked.connect(lambda: self._zoom(1))
        caption.scale.clicked.connect(self._toggle_fit)
        caption.copy.clicked.connect(self.copy)
        caption.save.clicked.connect(lambda: self.save_asked.emit(self.shot.file.id))
        caption.outside.clicked.connect(lambda: self.outside_asked.emit(self.shot.file.id))
        caption.close_.clicked.connect(self.leave)
        trouble.retry.clicked.connect(self._load)
        trouble.browse.clicked.connect(lambda: self.browse_asked.emit(self.shot.file.id))

    # --- what is shown ---

    def open(self, shots: Sequence[Shot], index: int) -> None:
        """Show one of the pictures of a dialogue."""
        self._shots = shots
        self.setGeometry(self._over.geometry())
        self.show()
        self.raise_()
        self.setFocus()
        self._turn_to(index)

    def leave(self) -> None:
        """Close, and go back to the message."""
        if self.isVisible():
            shot = self.shot
            self.hide()
            self.closed.emit(shot.message)

    @property
    def shot(self) -> Shot:
        """What is shown."""
        return self._shots[self._index]

    @property
    def loaded(self) -> bool:
        """Whether the picture itself is here, not only its preview."""
        return bool(self._levels)

    def step(self, by: int) -> None:
        """Show the next picture, or the one before; nothing happens at the ends."""
        self._turn_to(self._index + by)

    def copy(self) -> None:
        """Copy the whole picture."""
        if self._levels:
            QGuiApplication.clipboard().setImage(self._levels[0])
            self.caption.say(_("Copied"))

    def _turn_to(self, index: int) -> None:
        if 0 <= index < len(self._shots):
            self._index = index
            shot, count = self.shot, len(self._shots)
            place = _("{n} of {count}").format(n=index + 1, count=count)
            told = f"{shot.author}, {moment(shot.when)}" if shot.author else moment(shot.when)
            self.caption.show_picture(shot.file.name, told, place)
            self.setAccessibleName(", ".join(filter(None, (shot.file.name, told, place))))
            self.previous.setEnabled(index > 0)
            self.next.setEnabled(index < count - 1)
            self._load()

    def _load(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._levels = []
        self.lens.fit()
        self.trouble.hide()
        self._take_size()
        self._task = self._loader.load(self.shot.file, self._came, self._failed)
        self._tell()

    def _came(self, levels: list[QImage] | None) -> None:
        if levels:
            self._levels = levels
            self._take_size()
            self._tell()
            if self._index + 1 < len(self._shots):
                self._loader.prefetch(self._shots[self._index + 1].file)

    def _failed(self, error: ViewerError) -> None:
        self._task = None
        self.trouble.tell(error, browse=self.shot.file.url_download.startswith(("https://", "http://")))
        self._place()
        self._tell()
        if not self.focusWidget() or not self.focusWidget().isVisible():
            self.setFocus()

    def _take_size(self) -> None:
        """Let the lens know how large the picture is, as far as that is known."""
        file, preview = self.shot.file, self._loader.preview(self.shot.file.id)
        own = QSizeF(file.width, file.height)
        if self._levels:
            own = QSizeF(self._levels[0].size())
        elif own.isEmpty() and preview is not None:
            own = QSizeF(preview.size())
        self.lens.take(own, QSizeF(self._stage.size()), self.devicePixelRatioF())

    @property
    def _stage(self) -> QRectF:
        """Where the picture stands: all but the caption."""
        top = self.caption.height()
        return QRectF(0, top, self.width(), max(self.height() - top, 1))

    def _tell(self) -> None:
        """Let the caption say how large, and how the loading goes."""
        shot, levels = self.shot, self._levels
        facts = [size(shot.file.size)] if shot.file.size else []
        wide, tall = (levels[0].width(), levels[0].height()) if levels else (shot.file.width, shot.file.height)
        if wide and tall:
            facts.insert(0, f"{wide} × {tall}")
        if not levels and not self.trouble.isVisible():
            facts.append(_("Loading…"))
        self.caption.show_state(
            " · ".join(facts), f"{self.lens.percent} %" if levels else "", loaded=bool(levels), fits=self.lens.fits
        )
        self.update()

    # --- zoom ---

    def _zoom(self, steps: float, at: QPointF | None = None) -> None:
        if self._levels:
            self.lens.zoom(1.25**steps, at)
            self._tell()

    def _zoom_to(self, scale: float | None, at: QPointF | None = None) -> None:
        if self._levels:
            self.lens.set(scale, at)
            self._tell()

    def _toggle_fit(self) -> None:
        self._zoom_to(1.0 if self.lens.fits else None)

    def _pan(self, across: int, down: int) -> None:
        self.lens.move(QPointF(across * _PAN, down * _PAN))
        self.update()

    # --- Qt ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.window)
        if self.trouble.isVisible() or not self._shots:
            return
        painter.setClipRect(self._stage)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        goal = self.lens.target.translated(self._stage.topLeft())
        preview = self._loader.preview(self.shot.file.id)
        if self._levels:
            wanted = goal.width() * self.devicePixelRatioF()
            fitting = [level for level in self._levels if level.width() >= wanted] or self._levels[:1]
            painter.drawImage(goal, fitting[-1], QRectF(fitting[-1].rect()))
        elif preview is not None and not goal.isEmpty():
            painter.drawPixmap(goal, preview, QRectF(preview.rect()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        self.caption.setGeometry(0, 0, self.width(), self.caption.sizeHint().height())
        stage = self._stage.toRect()
        for button, x in ((self.previous, 12), (self.next, self.width() - self.next.width() - 12)):
            button.move(x, stage.center().y() - button.height() // 2)
        wide = min(460, stage.width() - 2 * _EDGE)
        self.trouble.setFixedWidth(max(wide, 200))
        self.trouble.adjustSize()
        self.trouble.move(stage.center() - self.trouble.rect().center())
        if self._shots:
            self._take_size()
            self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.setGeometry(self._over.geometry())
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # a window that is minimised keeps its picture
            if self._task is not None:
                self._task.cancel()
            self._task, self._levels, self._grip = None, [], None

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._meaning(event):
            event.accept()  # the window has other uses for some of these keys
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._meaning(event)
        if act is not None:
            act()
        else:
            event.ignore()

    def _meaning(self, event: QKeyEvent) -> Callable[[], object] | None:
        key = Qt.Key
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held & Qt.KeyboardModifier.ControlModifier:
            return {
                key.Key_Plus: lambda: self._zoom(1), key.Key_Equal: lambda: self._zoom(1),
                key.Key_Minus: lambda: self._zoom(-1), key.Key_Underscore: lambda: self._zoom(-1),
                key.Key_0: lambda: self._zoom_to(None), key.Key_1: lambda: self._zoom_to(1.0), key.Key_C: self.copy,
            }.get(key(event.key()))  # fmt: skip
        if held:
            return None
        return {
            key.Key_Left: lambda: self.step(-1), key.Key_Right: lambda: self.step(1),
            key.Key_PageUp: lambda: self.step(-1), key.Key_PageDown: lambda: self.step(1),
            key.Key_Home: lambda: self._turn_to(0), key.Key_End: lambda: self._turn_to(len(self._shots) - 1),
            key.Key_Up: lambda: self._pan(0, 1), key.Key_Down: lambda: self._pan(0, -1),
            key.Key_S: lambda: self.save_asked.emit(self.shot.file.id),
            key.Key_O: lambda: self.outside_asked.emit(self.shot.file.id), key.Key_Escape: self.leave,
        }.get(key(event.key()))  # fmt: skip

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        """Tab stays among the buttons: what lies beneath cannot be seen."""
        caption = (*self.caption.buttons, self.trouble.retry, self.trouble.browse)
        ring = [self, *(each for each in (self.previous, self.next, *caption) if each.isVisible() and each.isEnabled())]
        here = next_of(ring, self.window().focusWidget())
        ring[(here + (1 if next else -1)) % len(ring)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn, at = event.angleDelta().y(), event.position()
        event.accept()
        if _EDGE <= at.x() < self.width() - _EDGE:
            self._zoom(turn / _NOTCH, at - self._stage.topLeft())
            return
        self._turned += turn
        if abs(self._turned) >= _NOTCH:
            self.step(-1 if self._turned > 0 else 1)
            self._turned = 0

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        if event.button() is Qt.MouseButton.LeftButton and self.lens.movable:
            self._grip = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self.lens.move(event.position() - self._grip)
            self._grip = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._zoom_to(1.0 if self.lens.fits else None, event.position() - self._stage.topLeft())


def next_of(ring: Sequence[QWidget], focused: QWidget | None) -> int:
    """Where the focus stands in a ring of widgets; at its beginning when it is elsewhere."""
    return next((number for number, each in enumerate(ring) if each is focused), 0)
