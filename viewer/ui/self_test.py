"""`openlines-viewer self-test`: does this installation start, render, export and find what it needs?

Each check is named and reported; the packaged program is tested by running it (`design.md` §7). A windowed program on
Windows has no standard output, so the report can go to a file.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from PySide6.QtCore import QEventLoop, QTimer, qVersion

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


def run(output: Path | None) -> int:
    """Run every check; 0 when all are well."""
    report: dict[str, str] = {"version": __version__, "python": sys.version.split()[0], "qt": qVersion()}
    failed = []
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("resources", _resources),
        ("languages", _languages),
        ("trust", _trust),
        ("keyring", _keyring),
        ("window", _window),
    )
    for name, check in checks:
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


def _tell(report: dict[str, str], output: Path | None) -> None:
    if output is not None:
        output.write_text(json.dumps(report, indent=1), encoding="utf-8")
    if sys.stdout is not None:
        sys.stdout.write("".join(f"{name}: {said}\n" for name, said in report.items()))


def _resources() -> str:
    count = sum(1 for part in ("icons", "themes", "templates", "fonts") for _file in resources.path(part).iterdir())
    return f"{count} files"


def _languages() -> str:
    before = i18n.language()
    try:
        i18n.use("ru")
        if i18n._("Participants") == "Participants":
            raise LookupError("the Russian catalogue is empty")
    finally:
        i18n.use(before)
    return ", ".join(i18n.LANGUAGES)


def _trust() -> str:
    from viewer.bitrix.transport import trust

    return f"verify mode {trust().verify_mode.name}"


def _keyring() -> str:
    return best_vault().status


def _window() -> str:
    """The demo portal in a real window: the list, a dialogue, a PDF read back by its first bytes."""
    app = application()
    store = settings.Store(None)
    look = themes.theme("light")
    themes.apply(app, look)
    desk = Desk(Tasks())
    desk.use(demo_source())
    window = MainWindow(desk, store, look)
    try:
        window.show()
        window.start()
        _wait(desk.list_busy, lambda busy: not busy)
        newest = max(desk.sessions, key=lambda session: session.id)
        desk.open(Reference(ReferenceKind.SESSION, str(_readable(desk.sessions, newest).id)))
        _wait(desk.opened, lambda: True)
        if window.grab().isNull() or not desk.rows:
            raise RuntimeError("nothing was shown")
        return f"{len(desk.sessions)} sessions, {len(desk.rows)} rows, {_pdf(window)}"
    finally:
        window.close()


def _readable(sessions: list[Session], fallback: Session) -> Session:
    return next((session for session in sessions if 0 < session.message_count < 200), fallback)


def _pdf(window: MainWindow) -> str:
    with tempfile.TemporaryDirectory() as folder:
        window.exporter.start("session", Choices(template="self-test"), Path(folder))
        _wait(window.exporter.finished, lambda _job: True)
        data = (Path(folder) / "self-test.pdf").read_bytes()
        if not data.startswith(b"%PDF-"):
            raise RuntimeError("the PDF was not written")
        return f"PDF of {len(data) // 1024} KB"


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
