"""The desktop of a user who has nothing of this project, for trying what was built: an empty home, a screen, what the
program writes down, and files and links handed to it as a double click does.

On Linux the screen is a virtual one and the home a new folder; on Windows the folders of the program are new ones, and
on macOS it is the home of the build machine itself.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import deb
import dev
import framebuffer
import product

PATIENCE = 180.0  # seconds
_LOOK_AGAIN = 0.1
_FOLDERS = ("APPDATA", "COMMON_APPDATA", "LOCAL_APPDATA", "PERSONAL", "DOWNLOADS")  # that platformdirs asks Windows for


def clean(home: Path, **more: str) -> dict[str, str]:
    """The variables of a user who has nothing of this project: no path to its environment, an empty home."""
    home.mkdir(parents=True, exist_ok=True)
    if dev.ON_LINUX:
        return {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": tempfile.gettempdir(), **more}
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("PYTHON", "QT_", "OPEN"))}
    moved = {f"WIN_PD_OVERRIDE_{name}": str(home / name.lower()) for name in _FOLDERS} if os.name == "nt" else {}
    return {**kept, **moved, **more}


@contextmanager
def session(folder: Path) -> Iterator[Session]:
    """A session of its own; what ran in it is not ended with it."""
    if dev.ON_LINUX:
        with framebuffer.framebuffer() as (display, pixels):
            yield Session(folder, clean(folder / "home", DISPLAY=display, QT_QPA_PLATFORM="xcb"), pixels)
    else:
        yield Session(folder, clean(folder / "home"), None)


class Session:
    """The variables that programs are started with, and what is seen of them: the log, and the pixels on Linux."""

    def __init__(self, folder: Path, given: dict[str, str], pixels: Path | None) -> None:
        self.folder, self.given, self._pixels = folder, given, pixels
        self._log = _log_of(folder / "home")
        self._known = 0

    def apart(self) -> dict[str, Any]:
        """How a program is started that goes on by itself."""
        return {"env": self.given, "cwd": self.folder, "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                "stderr": subprocess.DEVNULL}  # fmt: skip

    def self_test(self, program: Path) -> dict[str, str]:
        """Run the program's own test; what it reports. The build ends when it fails.

        On Linux it runs beside a keyring that is open, where there is one to be had.
        """
        report = self.folder / "self-test.json"
        if not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))):
            return self_test([program], report, self.given)
        unlock = 'printf trial | gnome-keyring-daemon --unlock --components=secrets > /dev/null && exec "$@"'
        with tempfile.TemporaryDirectory(prefix="openlines-keyring-") as fresh:
            inside = ["dbus-run-session", "--", "sh", "-c", unlock, "sh", str(program)]
            return self_test(inside, report, {**self.given, "HOME": fresh, "XDG_RUNTIME_DIR": fresh})

    def forget_news(self) -> None:
        """Wait only for what the log will say from now on."""
        self._known = len(self._written())

    def wait_for_news(self, words: str) -> None:
        """Wait until the log says this. Raises TimeoutError, with the end of the log."""
        until = time.monotonic() + PATIENCE
        while words not in self._written()[self._known :]:
            if time.monotonic() > until:
                raise TimeoutError(f"the log does not say “{words}”, but: …{self._written()[-1500:]}")
            time.sleep(_LOOK_AGAIN)

    def count_news(self, words: str) -> int:
        """How often the log has said this by now."""
        return self._written()[self._known :].count(words)

    def _written(self) -> str:
        with suppress(OSError):
            return self._log.read_text(encoding="utf-8", errors="replace")
        return ""

    def keep_picture(self, name: str) -> None:
        """Keep what stands on the screen, to be looked at; only the virtual one gives it."""
        if self._pixels is not None:
            time.sleep(1)  # for what comes after the first paint
            framebuffer.keep(self._pixels, dev.ROOT / "build" / "trial" / f"{name}.png")

    def end(self, program: Path) -> None:
        """End every process of a program, whoever started it."""
        if dev.ON_LINUX:
            for process in _processes(program):
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGTERM)
        elif os.name == "nt":
            subprocess.run(["taskkill", "/F", "/IM", program.name], capture_output=True, check=False)
        else:
            subprocess.run(["pkill", "-f", str(program)], capture_output=True, check=False)
        until = time.monotonic() + PATIENCE
        while _runs(program) and time.monotonic() < until:
            time.sleep(_LOOK_AGAIN)


def self_test(command: Sequence[str | Path], report: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Run a program's own test; what it reports. The build ends when it fails."""
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    done = subprocess.run([*command, "self-test", report.absolute()], cwd=report.parent, env=given, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)  # fmt: skip
    told: dict[str, str] = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    if done.returncode or told.get("result") != "ok":
        dev.say(json.dumps(told, indent=1, ensure_ascii=False))
        dev.say(done.stderr.decode("utf-8", "replace")[-3000:])
        dev.stop(f"The self-test of {command[-1]} ended with code {done.returncode}.")
    return told


def _log_of(home: Path) -> Path:
    folder = {
        "win32": home / "local_appdata" / product.COMMAND / "Logs",
        "darwin": Path.home() / "Library" / "Logs" / product.COMMAND,
    }.get(sys.platform, home / ".local" / "state" / product.COMMAND / "log")
    return folder / "viewer.log"


def _runs(program: Path) -> bool:
    """Whether a program runs still; Windows ends it at once."""
    if dev.ON_LINUX or os.name == "nt":
        return bool(_processes(program))
    return subprocess.run(["pgrep", "-f", str(program)], capture_output=True, check=False).returncode == 0


def _processes(program: Path) -> list[int]:
    """The processes of Linux that run this program."""
    found = []
    for each in Path("/proc").glob("[0-9]*") if dev.ON_LINUX else ():
        with suppress(OSError):
            if (each / "exe").readlink() == program.resolve():
                found.append(int(each.name))
    return found


# --- a double click ----------------------------------------------------------------------------------------------

Opens = Callable[[str, Session], None]


# Wine's desktop knows no kinds of file that are one user's own: there the command is taken from where Windows has it.
_BY_WINDOWS = """
import ctypes, os, subprocess, sys, winreg
named = sys.argv[1]
if not hasattr(ctypes.WinDLL("ntdll"), "wine_get_version"):
    os.startfile(named)
else:
    known = lambda name: winreg.QueryValue(winreg.HKEY_CURRENT_USER, "Software\\\\Classes\\\\" + name)
    kind = known(os.path.splitext(named)[1]) if os.path.exists(named) else named.partition(":")[0]
    subprocess.Popen(known(kind + "\\\\shell\\\\open\\\\command").replace("%1", named))
"""


def by_windows(named: str, session: Session) -> None:
    """Give a file or a link to the program that Windows knows for it; what that one finds is the session's."""
    subprocess.run([sys.executable, "-c", _BY_WINDOWS, named], **session.apart(), check=True)


def by_macos(named: str, session: Session) -> None:
    """Give a link to the program that macOS knows for it; a saved answer, which is any program's JSON, to ours."""
    chosen = ["-b", product.IDENTIFIER] if Path(named).exists() else []
    subprocess.run(["open", *chosen, named], **session.apart(), check=True)


def by_linux(named: str, session: Session) -> None:
    """Give a file or a link to the program that the desktop knows for it."""
    subprocess.run(["gio", "open", named], **session.apart(), check=True)


def by_linux_told(program: Path, made: Path) -> Opens:
    """The same for a program that is not installed: the home is told of it as its package tells the system.

    `made` is the folder of the icons.
    """

    def opens(named: str, session: Session) -> None:
        share = Path(session.given["HOME"], ".local", "share")
        deb.share(share, made, str(program))
        for tool, folder in (("update-desktop-database", "applications"), ("update-mime-database", "mime")):
            subprocess.run([tool, share / folder], env=session.given, check=True, capture_output=True)
        by_linux(named, session)

    return opens
