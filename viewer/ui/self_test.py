"""`openlines-viewer self-test`: does this installation start, render, export and find what it needs?

Each check is named and reported; the packaged program is tested by running it (`design.md` §7). A windowed program on
Windows has no standard output, so the report can go to a file.
"""

import json
import ssl
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import Self

from PySide6.QtCore import QByteArray, QEventLoop, QLibraryInfo, QTimer, QTranslator, qVersion
from PySide6.QtGui import QIcon, QImage, QImageReader

from viewer import __version__, i18n, resources, settings
from viewer.chat import Reference, ReferenceKind, Session
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
        "pictures": _pictures,
        "licences": _licences,
        "trust": _trust,
        "keyring": _keyring,
        "window": opened.show,
        "dialogue": opened.dialogue,
        "pdf": opened.pdf,
    }


def _tell(report: dict[str, str], output: Path | None) -> None:
    if output is not None:
        output.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    if sys.stdout is not None:
        sys.stdout.write("".join(f"{name}: {said}\n" for name, said in report.items()))


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
        window.start()
        self._window = window
        _wait(desk.list_busy, lambda busy: not busy)
        if not desk.sessions:
            raise RuntimeError("the list stayed empty")
        if _is_blank(window.grab().toImage()):
            raise RuntimeError("the window is empty")
        return f"{app.platformName()}, {len(desk.sessions)} sessions"

    def dialogue(self) -> str:
        """Open a dialogue and see that it is drawn."""
        desk = self.window.desk
        newest = max(desk.sessions, key=lambda session: session.id)
        desk.open(Reference(ReferenceKind.SESSION, str(_readable(desk.sessions, newest).id)))
        _wait(desk.opened, lambda: True)
        if not desk.rows or _is_blank(self.window.conversation.view.grab().toImage()):
            raise RuntimeError("nothing was drawn")
        return f"{len(desk.rows)} rows"

    def pdf(self) -> str:
        """Export the dialogue, and draw the first page of what was written."""
        from viewer.export.readback import drawn_page

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "self-test.pdf"
            self.window.exporter.start("session", Choices(template="self-test"), Path(folder))
            _wait(self.window.exporter.finished, lambda _job: True)
            if not path.is_file():
                raise RuntimeError("no PDF was written")
            size = path.stat().st_size
            page = QImage.fromData(QByteArray(drawn_page(path)))
        if _is_blank(page):
            raise RuntimeError("the first page of the PDF is empty")
        return f"{size // 1024} KB, first page of {page.width()} x {page.height()} points read back"


def _readable(sessions: list[Session], fallback: Session) -> Session:
    return next((session for session in sessions if 0 < session.message_count < 200), fallback)


def _is_blank(picture: QImage) -> bool:
    """Whether a picture shows nothing: fewer colours than letters on a ground have."""
    if picture.isNull():
        return True
    across, down = max(1, picture.width() // 200), max(1, picture.height() // 200)
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), across) for y in range(0, picture.height(), down)}
    return len(colours) < _FEWEST_COLOURS


def _wait(signal: object, enough: Callable[..., bool]) -> None:
    """Run the event loop until `signal` comes with what is wanted; TimeoutError after `LIMIT_MS`."""
    loop = QEventLoop()
    came = Event()

    def arrived(*values: object) -> None:
        if enough(*values):
            came.set()
            loop.quit()

    signal.connect(arrived)  # type: ignore[attr-defined]
    QTimer.singleShot(LIMIT_MS, loop, loop.quit)
    loop.exec()
    signal.disconnect(arrived)  # type: ignore[attr-defined]
    if not came.is_set():
        raise TimeoutError("no answer in time")
