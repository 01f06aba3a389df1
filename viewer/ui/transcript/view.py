"""The transcript: a scene of rows that can be read, followed, marked and copied."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from viewer.chat import MessageRow, Row, Transcript
from viewer.i18n import _
from viewer.ui.theme import Theme, palette
from viewer.ui.transcript import ruler
from viewer.ui.transcript.aids import Aids
from viewer.ui.transcript.build import speech
from viewer.ui.transcript.context import Context, Reading
from viewer.ui.transcript.copying import marked_data, row_data
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.keyboard import Keyboard
from viewer.ui.transcript.pointer import Pointer
from viewer.ui.transcript.scene import Scene


class TranscriptView(Scene):
    """Reads like a chat, however long it is.

    Signals, besides those of `Scene`:
    - `link_activated(str)`: an address, or one of the program's own: `olv:open/ID` (a message in Bitrix24),
      `olv:raw/ID`, `olv:file/ID` (in the browser), `olv:person/ID`, `olv:chat/ID`, `olv:message/CHAT/ID`,
      `olv:picture?…`
    - `file_activated(int)`, `retry_file(int)`: a file's id
    - `session_requested(int)`: a link to another session; `session_menu(int, QPoint)`: the dots of a session bar
    - `message_menu(int, QPoint)`: a context menu is asked for at a point of the screen
    - `zoom_changed(int)`: by keys or wheel
    """

    link_activated = Signal(str)
    file_activated = Signal(int)
    retry_file = Signal(int)
    session_requested = Signal(int)
    session_menu = Signal(int, QPoint)
    message_menu = Signal(int, QPoint)
    zoom_changed = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Conversation"))
        self.viewport().setMouseTracking(True)
        self.aids = Aids(self)
        self.pointer = Pointer(self, self.activate)
        self.keyboard = Keyboard(self)
        self.laid_out.connect(self.pointer.refresh)

    # --- what is shown ---

    def set_rows(self, rows: list[Row], transcript: Transcript) -> None:
        """Show a conversation. Rows of the same one keep the place of the reader."""
        if _chat_of(transcript) != _chat_of(self.stage.context.transcript):
            self._forget()
        focused = self._message_of(self.focused)
        self._set_transcript(transcript)
        self.stage.set_rows(rows)
        self.aids.reset()
        self.pointer.clear()
        found = self.stage.row_of(focused) if focused else None
        self.focused = -1 if found is None else found
        self.changed()

    def extend_rows(self, rows: list[Row], transcript: Transcript | None = None) -> None:
        """Rows came after the shown ones."""
        if transcript is not None:
            self._set_transcript(transcript)
        self.stage.append(rows)
        self.aids.tell()
        self.changed()

    def prepend_rows(self, rows: list[Row], transcript: Transcript | None = None) -> None:
        """Rows came before the shown ones; what is read stays where it is."""
        if transcript is not None:
            self._set_transcript(transcript)
        self.stage.prepend(rows)
        self.pointer.shift(len(rows))
        self.aids.shift(len(rows))
        self.focused += len(rows) if self.focused >= 0 else 0
        self.changed()

    def clear(self) -> None:
        """Show nothing."""
        self._forget()
        self._set_transcript(Transcript())
        self.stage.set_rows([])
        self.aids.reset()
        self.changed()

    def scroll_to_start(self) -> None:
        """Show the first row."""
        self.stage.go(0)
        self.changed()

    def scroll_to_end(self) -> None:
        """Show the last row."""
        self.stage.go_to_end()
        self.changed()

    def scroll_by(self, distance: float) -> None:
        """Move by pixels of the screen, downwards for a positive distance."""
        self.stage.scroll(distance / self.scale)
        self.changed()

    def current_message(self) -> int:
        """The message the keyboard stands on, else the first one in sight; 0 when there is none."""
        shown = [self.focused] if self.focused >= 0 else [shown.row for shown in self.stage.shown]
        return next((self._message_of(row) for row in shown if self._message_of(row)), 0)

    # --- how it is shown ---

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self.dress(theme)
        self._set_context(replace(self.stage.context, theme=theme, palette=palette(theme)), moved=False)

    def set_zoom(self, percent: int) -> None:
        """Scale the transcript, 80 to 200 per cent."""
        percent = max(80, min(200, percent))
        if percent != self.zoom:
            self.zoom = percent
            self.changed()
            self.zoom_changed.emit(percent)

    def set_compact(self, compact: bool) -> None:
        """Stand closer together, or not."""
        self._set_context(replace(self.stage.context, compact=compact))

    def set_base(self, base: str) -> None:
        """The portal's address, against which relative links become links."""
        self._set_context(replace(self.stage.context, base=base))

    def set_norm(self, norm: timedelta) -> None:
        """How long a client may wait before the ruler warns."""
        self._set_context(replace(self.stage.context, norm=norm), moved=False)

    def reading(self, message_id: int) -> Reading:
        """How a message is read."""
        message = self.stage.context.message(message_id)
        return self.stage.context.reading(message) if message else Reading.MESSENGER

    def read_as(self, message_id: int, reading: Reading) -> None:
        """Read a message in another way."""
        context = self.stage.context
        self.stage.context = replace(context, readings={**context.readings, message_id: reading})
        self._drop(message_id)

    def set_picture(self, file_id: int, image: QImage) -> None:
        """A picture that was asked for."""
        failed = bool(self.pictures.failure(file_id))
        self.pictures.put(file_id, image)
        self._file_changed(file_id, moved=failed)

    def set_picture_failed(self, file_id: int, reason: str) -> None:
        """A picture, or another file, that cannot be had, and why."""
        self.pictures.fail(file_id, reason)
        self._file_changed(file_id, moved=True)

    def _file_changed(self, file_id: int, *, moved: bool) -> None:
        if moved:
            self.stage.drop_file(file_id)
            self.changed()
        self.viewport().update()

    # --- what the pointer and the keys do ---

    def activate(self, hit: Hit, spot: QPointF) -> None:
        """Do what a click on `hit` does."""
        match hit:
            case Hit(act=Act.LINK, target=str(target)):
                self._follow(target)
            case Hit(act=Act.FILE, target=int(number)):
                self.file_activated.emit(number)
            case Hit(act=Act.RETRY, target=int(number)):
                self.pictures.retry(number)
                self._file_changed(number, moved=True)
                self.retry_file.emit(number)
            case Hit(act=Act.JUMP, target=int(number)):
                self._jump(number)
            case Hit(act=Act.FOLD, target=int(number)):
                self._fold(number)
            case Hit(act=Act.MENU, target=int(number)):
                self.session_menu.emit(number, self.viewport().mapToGlobal(spot.toPoint()))

    def _follow(self, address: str) -> None:
        if address.startswith("olv:session/") and address[12:].isdigit():
            self.session_requested.emit(int(address[12:]))
        elif address.startswith("olv:message/") and address.rpartition("/")[2].isdigit():
            if not self._is_here(address) or not self.show_message(int(address.rpartition("/")[2])):
                self.link_activated.emit(address)
        else:
            self.link_activated.emit(address)

    def _is_here(self, address: str) -> bool:
        dialog = self.stage.context.transcript.dialog
        return dialog is None or address.split("/")[1] in ("", f"chat{dialog.chat_id}")

    def _jump(self, message_id: int) -> None:
        if not self.show_message(message_id):
            dialog = self.stage.context.transcript.dialog
            self.link_activated.emit(f"olv:message/chat{dialog.chat_id if dialog else 0}/{message_id}")

    def _fold(self, message_id: int) -> None:
        context = self.stage.context
        self.stage.context = replace(context, unfolded=context.unfolded ^ {message_id})
        self._drop(message_id)

    def _drop(self, message_id: int) -> None:
        row = self.stage.row_of(message_id)
        if row is not None:
            self.stage.drop(row)
        self.changed()

    def focus_row(self, row: int) -> None:
        """Put the keyboard on a row and bring it into sight."""
        self.focused, self.ring = row, True
        shown = self.stage.shown_row(row)
        if shown is None:
            self.stage.go(row, -self.stage.height / 3)
        elif shown.y + shown.layout.outline.top() < self.covered:
            self.stage.scroll(shown.y + shown.layout.outline.top() - self.covered - 8)
        elif shown.y + shown.layout.height > self.stage.height and shown.y > self.covered:
            self.stage.scroll(min(shown.y + shown.layout.height - self.stage.height + 8, shown.y - self.covered))
        self.aids.focus(row)
        self.changed()

    def describe(self, row: int) -> str:
        """A row in words, with the wait that it ended."""
        item = self.stage.rows[row]
        if not isinstance(item, MessageRow):
            return self.stage.layout(row).speech
        said = speech(item, self.stage.context)
        waited = ruler.spoken(item.waited, self.stage.context.norm) if item.waited is not None else ""
        return ", ".join(filter(None, (said, waited)))

    # --- inside ---

    def _forget(self) -> None:
        self.pictures.clear()
        self.stage.context = replace(self.stage.context, unfolded=frozenset(), readings={})
        self.stage.rows = []
        self.stage.go(0)
        self.forget_places()
        self.focused = self.lit = -1

    def _set_transcript(self, transcript: Transcript) -> None:
        names = {person.id: person.name for person in transcript.people.values()}
        self.stage.context = replace(self.stage.context, transcript=transcript, names=names)

    def _set_context(self, context: Context, *, moved: bool = True) -> None:
        self.stage.set_context(context, moved=moved)
        self.changed()

    def _message_of(self, row: int) -> int:
        item = self.stage.rows[row] if 0 <= row < len(self.stage.rows) else None
        return item.message.id if isinstance(item, MessageRow) else 0

    def copy(self) -> None:
        """Copy what is marked; with nothing marked, the message that the keyboard stands on, in words."""
        marked = marked_data(self.stage, self.selection)
        if marked is not None:
            QGuiApplication.clipboard().setMimeData(marked)
        elif self.focused >= 0 and self.ring and (told := row_data(self.stage, self.focused, head=True)) is not None:
            QGuiApplication.clipboard().setMimeData(told)

    def _menu(self, row: int, spot: QPoint) -> None:
        number = self._message_of(row)
        if number:
            self.message_menu.emit(number, spot)

    # --- Qt ---

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        return self.keyboard.step(forward=next) or super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keyboard.pressed(event):
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turn = event.angleDelta().y()
            self.set_zoom(self.zoom + (10 if turn > 0 else -10 if turn < 0 else 0))
        elif not event.pixelDelta().isNull() and QGuiApplication.platformName() != "xcb":  # unreliable there, says Qt
            self.scroll_by(-event.pixelDelta().y())
        else:
            lines = QGuiApplication.styleHints().wheelScrollLines()
            self.scroll_by(-event.angleDelta().y() / 120 * lines * 20)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.ring = False
        self.pointer.pressed(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointer.moved(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.released(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointer.double_clicked(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            if self.focused >= 0:
                self._menu(self.focused, self.viewport().mapToGlobal(self.viewport().rect().center()))
            return
        found = self.row_at(QPointF(event.pos()))
        if found is not None:
            self._menu(found[0].row, event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self.pointer.left()
        elif event.type() is QEvent.Type.ToolTip and self.pointer.tell(event):
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.keyboard.entered(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


def _chat_of(transcript: Transcript) -> int:
    if transcript.dialog is not None:
        return transcript.dialog.chat_id
    return transcript.messages[0].chat_id if transcript.messages else 0
