"""`openlines-viewer self-test`: does this installation do what its users do, and find what it needs?

Each check is named and reported; the packaged program is tested by running it (`design.md` §7). The window is worked
as by a user, with the mouse: from the list to a PDF with pictures, and to paper. A windowed program on
Windows has no standard output, so the report can go to a file.
"""

import base64
import json
import ssl
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QEventLoop,
    QIODevice,
    QLibraryInfo,
    Qt,
    QTimer,
    QTranslator,
    SignalInstance,
    qVersion,
)
from PySide6.QtGui import QColor, QIcon, QImage, QImageReader, QImageWriter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest

from viewer import __version__, i18n, modules, resources, settings
from viewer.library.choices import Choices
from viewer.library.sources import demo_source
from viewer.ui import theme as themes
from viewer.ui.application import application
from viewer.ui.desk import Desk
from viewer.ui.tasks import Tasks
from viewer.ui.window import MainWindow
from viewer.vault import best_vault

LIMIT_MS = 30_000
PICTURES = ("gif", "ico", "jpeg", "png", "svg", "webp")  # that Qt must be able to draw
_BUNDLES = (  # where the certificates of a Linux system may stand, as truststore looks for them
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem",
    "/etc/ssl/ca-bundle.pem",
)
_FEWEST_COLOURS = 8  # of a picture with text in it: smoothed letters alone have more
_WIDTH, _HEIGHT = 1000, 700  # pixels
_SHOWN = 343  # the session of the demo portal with every kind of message, card and file, pictures among them
_PICTURES = 12  # that are different, in its PDF
_GIF = base64.b64decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=")  # one pixel: Qt writes none


def run(output: Path | None, checks: Mapping[str, Callable[[], str]] | None = None) -> int:
    """Run every check; 0 when all are well. Each returns in a few words what it found, or raises."""
    report: dict[str, str] = {
        "version": f"{__version__}, {'packaged' if getattr(sys, 'frozen', False) else 'from Python'}",
        "python": sys.version.split()[0],
        "qt": qVersion(),
    }
    failed = []
    with _Opened() as opened:
        for name, check in (checks or _checks(opened)).items():
            started = time.monotonic()
            try:
                said = check()
                report[name] = f"ok, {said} ({time.monotonic() - started:.2f} s)"
            except Exception as error:  # noqa: BLE001 (a self-test reports whatever fails)
                failed.append(name)
                report[name] = f"FAILED: {type(error).__name__}: {error}"
    report["result"] = "failed: " + ", ".join(failed) if failed else "ok"
    _tell(report, output)
    return 1 if failed else 0


def _checks(opened: "_Opened") -> dict[str, Callable[[], str]]:
    return {
        "resources": _resources,
        "languages": _languages,
        "modules": _modules,
        "pictures": _pictures,
        "printed pictures": _printed_pictures,
        "zones": _zones,
        "licences": _licences,
        "trust": _trust,
        "keyring": _keyring,
        "window": opened.show,
        "dialogue": opened.dialogue,
        "pdf": opened.pdf,
        "print": opened.print,
    }


def _tell(report: dict[str, str], output: Path | None) -> None:
    if sys.stdout is not None:
        sys.stdout.write("".join(f"{name}: {said}\n" for name, said in report.items()))
    if output is not None:
        output.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")


# --- what lies on the disk ---------------------------------------------------------------------------------------


def _resources() -> str:
    counts = {
        part: sum(1 for _file in resources.path(part).iterdir()) for part in ("icons", "themes", "templates", "fonts")
    }
    empty = [part for part, count in counts.items() if not count]
    if empty:
        raise LookupError(f"nothing in {', '.join(empty)}")
    return f"{sum(counts.values())} files"


def _languages() -> str:
    before = i18n.language()
    try:
        i18n.use("ru")
        if i18n._("Participants") == "Participants":
            raise LookupError("the Russian catalogue is empty")
    finally:
        i18n.use(before)
    words = QTranslator()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not words.load("qtbase_ru", folder):
        raise LookupError("Qt's own Russian words are missing")
    return f"{', '.join(i18n.LANGUAGES)}, and Qt's own words in Russian"


def _modules() -> str:
    """Every module that the program imports anywhere is there, those of late imports too."""
    asked = modules.everything()
    failing = sorted({f"{each.module} ({why})" for each in asked if (why := each.fails())})
    if failing:
        raise LookupError(f"missing: {', '.join(failing)}")
    return f"{len({each.module for each in asked})} modules"


def _printed_pictures() -> str:
    """Pictures of every kind are made smaller for paper."""
    from viewer.export.pictures import for_print

    drawn = QImage(60, 40, QImage.Format.Format_RGB32)
    drawn.fill(QColor("teal"))
    given = {"gif": _GIF, **{kind: _encoded(drawn, kind) for kind in ("jpeg", "png", "webp")}}
    failing = [kind for kind, content in given.items() if for_print(content, 12, 8) is None]
    if failing:
        raise LookupError(f"no {', '.join(failing)} can be printed")
    return ", ".join(given)


def _encoded(picture: QImage, kind: str) -> bytes:
    into = QBuffer()
    into.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(into, QByteArray(kind.encode())).write(picture):
        raise LookupError(f"Qt writes no {kind}")
    return bytes(into.data().data())


def _zones() -> str:
    """The table of time zones is there."""
    before = i18n.zone()
    try:
        i18n.use_zone("Europe/Moscow")
        told = i18n.here(datetime(2026, 7, 1, 12, tzinfo=UTC))
    finally:
        i18n.use_zone(before)
    if told.hour != 15:
        raise LookupError(f"Moscow is not three hours before Greenwich, but {told.utcoffset()}")
    return "Europe/Moscow"


def _pictures() -> str:
    application()
    known = {bytes(each.data()).decode() for each in QImageReader.supportedImageFormats()}
    missing = [kind for kind in PICTURES if kind not in known]
    if missing:
        raise LookupError(f"Qt cannot draw {', '.join(missing)}")
    if _is_blank(QIcon(str(resources.path("icons", "app.svg"))).pixmap(64, 64).toImage()):
        raise LookupError("the icon is empty")
    return ", ".join(PICTURES)


def _licences() -> str:
    """A packaged program carries the licences of its parts; from Python each part has its own."""
    if not getattr(sys, "frozen", False):
        return "from Python, each part brings its own"
    folder = Path(getattr(sys, "_MEIPASS", "")) / "licences"
    parts = [each for each in folder.iterdir() if each.is_dir()]
    if not (folder / "NOTICES.txt").is_file() or not any(folder.glob("pyside6*/LGPL-3.0.txt")):
        raise LookupError("the licence of Qt is missing")
    return f"{len(parts)} parts"


# --- what the system offers --------------------------------------------------------------------------------------


def _trust() -> str:
    """The context that every connection is made with, and how many authorities the system trusts."""
    from viewer.bitrix.transport import trust

    context = trust()
    if context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname:
        raise RuntimeError("certificates would not be checked")
    if sys.platform in ("win32", "darwin"):
        return "the system itself judges certificates"
    count = _authorities()
    if not count:
        raise LookupError("the system trusts nobody: its certificates (package ca-certificates) are missing")
    return f"{count} authorities of the system"


def _authorities() -> int:
    """How many authorities a Linux system trusts: in the file or folder that OpenSSL names, else where others look."""
    paths = ssl.get_default_verify_paths()
    for file in filter(None, (paths.cafile, *_BUNDLES)):
        if Path(file).is_file():
            return Path(file).read_bytes().count(b"-----BEGIN CERTIFICATE-----")
    return sum(1 for _file in Path(paths.capath).iterdir()) if paths.capath else 0


def _keyring() -> str:
    """Whether secrets are kept between starts: one is written, read and deleted where there is a keyring."""
    vault = best_vault()
    if vault.status != "system":
        return f"session, secrets are kept until the program ends: {vault.problem or 'no keyring'}"
    account, secret = "self-test", uuid.uuid4().hex
    try:
        vault.save(account, secret)
        if vault.status != "system":
            return f"session, secrets are kept until the program ends: {vault.problem}"
        if vault.load(account) != secret:
            raise LookupError("the keyring gave back something else")
    finally:
        vault.delete(account)
    return f"system, {vault!r}"


# --- the window --------------------------------------------------------------------------------------------------


class _Opened:
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
        if _is_blank(window.grab().toImage()):
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
        if not window.desk.rows or _is_blank(window.conversation.view.grab().toImage()):
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
        if _is_blank(page):
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
        if preview is None or _is_blank(preview.sheets.grab().toImage()):
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


def _is_blank(picture: QImage) -> bool:
    """Whether a picture shows nothing: fewer colours than letters on a ground have."""
    if picture.isNull():
        return True
    across, down = max(1, picture.width() // 200), max(1, picture.height() // 200)
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), across) for y in range(0, picture.height(), down)}
    return len(colours) < _FEWEST_COLOURS


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
