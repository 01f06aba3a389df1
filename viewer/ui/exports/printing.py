"""Print preview and printing of a dialogue: the pages of the PDF, drawn by the compiler that typesets it.

Qt's own reader of PDF files is in no package this program has, so the pages come as pictures: at the screen's
resolution to look at, at a printer's to print. A page is decoded when it is to be seen or printed, never all at once.
"""

import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.errors import Cancelled, ViewerError
from viewer.export.files import unwritable
from viewer.i18n import _, ngettext
from viewer.library.batch import Item, Plan
from viewer.library.choices import Choices
from viewer.library.scopes import PortalReader
from viewer.ui.enter import Enter
from viewer.ui.room import Prompt
from viewer.ui.tasks import Task, Tasks
from viewer.ui.theme import Theme

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow

SCREEN_PPI, PAPER_PPI = 110.0, 220.0
_KEPT = 8  # decoded pages
_GAP = 16


def ask_printer(parent: QWidget, pages: int) -> QPrinter | None:
    """Which printer, as the user says it; None when he does not want to."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    prompt = QPrintDialog(printer, parent)
    prompt.setMinMax(1, max(1, pages))
    return printer if prompt.exec() == QDialog.DialogCode.Accepted else None


class Sheets(QAbstractScrollArea):
    """Pages below one another, as wide as the window allows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.look = theme
        self.pages: list[Path] = []
        self._shape = QSize(210, 297)
        self._decoded: OrderedDict[int, QImage] = OrderedDict()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("area", "canvas")
        self.setAccessibleName(_("Pages"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)

    def add(self, page: Path) -> None:
        """One more page."""
        if not self.pages and not (first := QImage(str(page))).isNull():
            self._shape = first.size()
        self.pages.append(page)
        self._measure()
        self.viewport().update()

    @property
    def current(self) -> int:
        """The page in sight, from 1."""
        step = self._size().height() + _GAP
        return min(
            len(self.pages), 1 + (self.verticalScrollBar().value() + self.viewport().height() // 2) // max(1, step)
        )

    def _size(self) -> QSize:
        wide = max(200, min(self.viewport().width() - 2 * _GAP, 900))
        return QSize(wide, round(wide * self._shape.height() / max(1, self._shape.width())))

    def _measure(self) -> None:
        size = self._size()
        whole = len(self.pages) * (size.height() + _GAP) + _GAP
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, whole - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(60)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.viewport().rect(), self.look.canvas)
        size, top = self._size(), self.verticalScrollBar().value()
        step = size.height() + _GAP
        left = (self.viewport().width() - size.width()) / 2
        for number in range(max(0, top // step), min(len(self.pages), (top + self.viewport().height()) // step + 1)):
            spot = QRectF(left, _GAP + number * step - top, size.width(), size.height())
            painter.fillRect(spot, Qt.GlobalColor.white)
            painter.drawImage(spot, self._image(number))
            painter.setPen(self.look.line)
            painter.drawRect(spot)

    def _image(self, number: int) -> QImage:
        image = self._decoded.pop(number, None) or QImage(str(self.pages[number]))
        self._decoded[number] = image
        while len(self._decoded) > _KEPT:
            self._decoded.popitem(last=False)
        return image


class PreviewDialog(Prompt):
    """Pages on screen. Signals: `print_asked()`, `left()`."""

    print_asked = Signal()
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, 820, 760)
        self.setWindowTitle(_("Print preview"))
        self.sheets = Sheets(theme)
        self.words = QLabel(_("Typesetting…"))
        self.words.setProperty("tone", "secondary")
        self.words.setWordWrap(True)
        self.print = QPushButton(_("Print…"))
        self.print.setProperty("kind", "primary")
        self.print.setEnabled(False)
        self.print.clicked.connect(self.print_asked)
        self.close_button = QPushButton(_("Close"))
        self.close_button.clicked.connect(self.close)
        foot = QFrame()
        foot.setProperty("area", "foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 10, 20, 10)
        row.addWidget(self.words, 1)
        row.addWidget(self.close_button)
        row.addWidget(self.print)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sheets, 1)
        column.addWidget(foot)
        Enter(self, self.print)
        self.sheets.verticalScrollBar().valueChanged.connect(lambda _value: self.tell())
        self.finished.connect(lambda _code: self.left.emit())

    def tell(self) -> None:
        """Which page is in sight."""
        if self.print.isEnabled():
            self.words.setText(_("Page {n} of {count}").format(n=self.sheets.current, count=len(self.sheets.pages)))


class Printer(QObject):
    """Draws pages on a worker, shows them, and paints them onto a printer, on a worker too.

    `ask_printer` may be replaced (by tests). Signals: `drawn(int)` pages to look at, `printed(object)`: the number of
    pages, or a `ViewerError`.
    """

    drawn = Signal(int)
    printed = Signal(object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._tasks: Tasks = window.desk.tasks
        self._task: Task | None = None
        self._plan: Plan | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.dialog: PreviewDialog | None = None
        self.ask_printer: Callable[[QWidget, int], QPrinter | None] = ask_printer

    def preview(self, item: Item, choices: Choices) -> None:
        """Show a dialogue as it is printed."""
        self._leave()
        window = self._window
        source = window.desk.source
        host, portal, user = (source.host, source.title, source.user_name) if source else ("", "", "")
        plan = self._plan = Plan((item,), choices, Path(), host, portal, user)
        dialog = self.dialog = PreviewDialog(window.theme, window)
        dialog.print_asked.connect(self.print)
        dialog.left.connect(self._leave)
        dialog.show()
        self._folder = tempfile.TemporaryDirectory(prefix="openlines-", ignore_cleanup_errors=True)
        folder = Path(self._folder.name)
        work = self._drawing(plan, SCREEN_PPI, folder)
        self._task = self._tasks.run(work, on_batch=dialog.sheets.add, on_done=self._all_drawn, on_failure=self._failed)

    def _drawing(self, plan: Plan, ppi: float, folder: Path) -> Callable[[Event], Iterator[Path]]:
        from viewer.library.printing import draw

        desk = self._window.desk

        def work(cancel: Event) -> Iterator[Path]:
            made: list[Path] = []

            def take(content: bytes) -> None:
                path = folder / f"{ppi:.0f}-{len(made)}.png"
                try:
                    path.write_bytes(content)
                except OSError as error:
                    if cancel.is_set():  # the preview was closed, and its folder went with it
                        raise Cancelled from None
                    raise unwritable(path, error) from None
                made.append(path)

            draw(plan, PortalReader(desk.portal, desk.cache), ppi, take, cancel)
            return iter(made)

        return work

    def _all_drawn(self, _none: object) -> None:
        dialog = self.dialog
        if dialog is not None:
            dialog.print.setEnabled(bool(dialog.sheets.pages))
            dialog.tell()
            self.drawn.emit(len(dialog.sheets.pages))

    def _failed(self, error: ViewerError) -> None:
        if self.dialog is not None:
            self.dialog.words.setText(str(error))
        self.printed.emit(error)

    def print(self) -> None:
        """Ask for a printer and print every page."""
        dialog, plan, folder = self.dialog, self._plan, self._folder
        if dialog is None or plan is None or folder is None:
            return
        printer = self.ask_printer(dialog, len(dialog.sheets.pages))
        if printer is None:
            return
        paper = QPageSize.PageSizeId.Letter if plan.choices.options.paper == "letter" else QPageSize.PageSizeId.A4
        printer.setPageSize(QPageSize(paper))
        printer.setPageOrientation(QPageLayout.Orientation.Portrait)
        printer.setFullPage(True)
        drawing = self._drawing(plan, PAPER_PPI, Path(folder.name))
        wanted = _range(printer)
        dialog.words.setText(_("Printing…"))
        dialog.print.setEnabled(False)

        def work(cancel: Event) -> int:
            return _paint(printer, drawing(cancel), wanted, cancel)

        self._task = self._tasks.run(work, on_done=self._all_printed, on_failure=self._failed)

    def _all_printed(self, count: int | None) -> None:
        dialog = self.dialog
        if dialog is None or count is None:
            return
        dialog.print.setEnabled(True)
        words = ngettext("{n} page was sent to the printer.", "{n} pages were sent to the printer.", count)
        dialog.words.setText(words.format(n=count))
        self.printed.emit(count)

    def _leave(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        if self.dialog is not None:
            dialog, self.dialog = self.dialog, None
            dialog.deleteLater()


def _range(printer: QPrinter) -> range | None:
    """The pages that are wanted, None for all."""
    if printer.printRange() is QPrinter.PrintRange.PageRange and printer.fromPage():
        return range(printer.fromPage(), max(printer.fromPage(), printer.toPage()) + 1)
    return None


def _paint(printer: QPrinter, pages: Iterator[Path], wanted: range | None, cancel: Event) -> int:
    """Paint pages onto a printer, one in memory at a time; how many there were."""
    painter = QPainter()
    if not painter.begin(printer):
        raise ViewerError(_("The printer does not answer."), advice=_("Choose another printer, or export a PDF."))
    count = 0
    try:
        for number, path in enumerate(pages, 1):
            if cancel.is_set():
                printer.abort()
                raise Cancelled
            if wanted is not None and number not in wanted:
                continue
            if count:
                printer.newPage()
            sheet = printer.pageLayout().fullRectPixels(printer.resolution())
            painter.drawImage(QRectF(0, 0, sheet.width(), sheet.height()), QImage(str(path)))
            path.unlink(missing_ok=True)
            count += 1
    finally:
        painter.end()
    return count
