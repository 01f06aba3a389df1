"""The window worked as by a user, with the mouse: from the list to a PDF with pictures, and to paper."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Self

from PySide6.QtCore import QByteArray, QEventLoop, Qt, QTimer, SignalInstance
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest

from viewer import settings
from viewer.library.choices import Choices
from viewer.library.sources import demo_source
from viewer.ui import theme as themes
from viewer.ui.application import application
from viewer.ui.desk import Desk
from viewer.ui.self_test.blank import is_blank
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow

LIMIT_MS = 30_000
_WIDTH, _HEIGHT = 1000, 700  # pixels
_SHOWN = 343  # the session of the demo portal with every kind of message, card and file, pictures among them
_PICTURES = 12  # that are different, in its PDF


class Worked:
    """The demo portal in a real window, from the check that opens it to the end."""

    def __init__(self) -> None:
        self._window: MainWindow | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._window is not None:
            self._window.close()

    @property
    def window(self) -> MainWindow:
        """The window; RuntimeError when it could not be shown."""
        if self._window is None:
            raise RuntimeError("there is no window")
        return self._window

    def show(self) -> str:
        """Show the window and read the list."""
        app = application()
        look = themes.theme("light")
        themes.apply(app, look)
        desk = Desk(Tasks())
        desk.use(demo_source())
        window = MainWindow(desk, settings.Store(None), look)
        window.resize(_WIDTH, _HEIGHT)
        window.show()
        self._window = window
        with _Awaited(desk.list_busy, lambda busy: not busy):
            window.start()
        if not desk.sessions:
            raise RuntimeError("the list stayed empty")
        if is_blank(window.grab().toImage()):
            raise RuntimeError("the window is empty")
        return f"{app.platformName()}, {len(desk.sessions)} sessions"

    def dialogue(self) -> str:
        """Choose a dialogue in the list with the mouse, and see that it is drawn."""
        window, rows = self.window, self.window.dialogues.list
        index = window.dialogues.model.reveal(_SHOWN)
        if not index.isValid():
            raise LookupError(f"session {_SHOWN} is not in the list")
        rows.scrollTo(index)
        with _Awaited(window.desk.opened):
            QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(index).center())
        if str(window.desk.reference) != str(_SHOWN):
            raise RuntimeError(f"{window.desk.reference} was opened")
        if not window.desk.rows or is_blank(window.conversation.view.grab().toImage()):
            raise RuntimeError("nothing was drawn")
        return f"{len(window.desk.rows)} rows"

    def pdf(self) -> str:
        """Export the dialogue with the mouse; draw what was written, and count its pictures."""
        from viewer.export.readback import drawn_page, pictures_in

        window = self.window
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "self-test.pdf"
            window.store.change(export_folder=folder, export_scope="session",
                                export_last=Choices(template="self-test").plain())  # fmt: skip
            QTest.mouseClick(window.toolbar.export_button, Qt.MouseButton.LeftButton)
            dialog = window.exporter.dialog
            if dialog is None or not dialog.isVisible():
                raise RuntimeError("the dialog of the export did not open")
            with _Awaited(window.exporter.finished):
                QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
            told = dialog.run_page.head.text()
            dialog.close()
            if not path.is_file():
                raise RuntimeError(f"no PDF was written: {told}")
            content = path.read_bytes()
            page = QImage.fromData(QByteArray(drawn_page(path)))
        if is_blank(page):
            raise RuntimeError("the first page of the PDF is empty")
        count = pictures_in(content)
        if count != _PICTURES:
            raise RuntimeError(f"{count} pictures are in the PDF, and {_PICTURES} should be")
        size = f"{len(content) // 1024} KB, {count} pictures"
        return f"{size}, first page of {page.width()} x {page.height()} points read back"

    def print(self) -> str:
        """Look at the dialogue as it is printed, and print a page, to a file."""
        window = self.window
        window.exporter.print()
        printer = window.exporter.printer
        if printer is None:
            raise RuntimeError("there is no printing")
        with _Awaited(printer.drawn):
            pass
        preview = printer.dialog
        if preview is None or is_blank(preview.sheets.grab().toImage()):
            raise RuntimeError("the preview is empty")
        count = len(preview.sheets.pages)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "printed.pdf"
            printer.ask_printer = lambda _parent, _pages: _to_file(path)
            with _Awaited(printer.printed) as printed:
                preview.print.click()
            preview.close()
            if printed.values != (1,) or not path.is_file():
                raise RuntimeError(f"nothing was printed: {printed.values}")
        return f"a preview of {count} pages, one printed"


def _to_file(path: Path) -> QPrinter:
    """A printer that writes its first page to a file, whatever is connected to this computer."""
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(1, 1)
    return printer


class _Awaited:
    """Runs the event loop at the end of a `with` block until a signal came that is `enough`; `values` are what it told.

    Raises TimeoutError after `LIMIT_MS`.
    """

    def __init__(self, signal: SignalInstance, enough: Callable[..., bool] = lambda *_values: True) -> None:
        self.values: tuple[object, ...] | None = None
        self._signal, self._enough = signal, enough
        self._loop = QEventLoop()

    def __enter__(self) -> Self:
        self._signal.connect(self._arrived)
        return self

    def __exit__(self, kind: object, *_error: object) -> None:
        if self.values is None and kind is None:
            QTimer.singleShot(LIMIT_MS, self._loop, self._loop.quit)
            self._loop.exec()
        self._signal.disconnect(self._arrived)
        if self.values is None and kind is None:
            raise TimeoutError("no answer in time")

    def _arrived(self, *values: object) -> None:
        if self.values is None and self._enough(*values):
            self.values = values
            self._loop.quit()
