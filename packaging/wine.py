"""The installer of Windows, tried on Linux: compiled around a stand-in for the program, then installed, upgraded and
removed by Wine. It proves files, shortcut and registry; that the program starts on Windows takes Windows.

    apt-get install nsis wine64 wine xvfb
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import dev
import installer
import product
import trial

PROGRAMS = ("/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64")
TARGET = "amd64-unicode"  # Debian's NSIS has it; Wine without its 32-bit half needs it


def can() -> bool:
    """Whether this machine has what the trial takes."""
    return sys.platform == "linux" and bool(shutil.which("makensis")) and all(Path(each).exists() for each in PROGRAMS)


def stand_in(folder: Path) -> Path:
    """A folder with the shape of the bundle."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "_internal" / "PySide6").mkdir(parents=True)
    for name in (f"{product.NAME}.exe", f"{product.COMMAND}.exe", "_internal/PySide6/Qt6Core.dll"):
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def run(made: Path, work: Path) -> None:
    """Install, upgrade, remove; the build ends where something is missing, or left over."""
    payload = stand_in(work / "payload")
    setup = installer.setup(payload, work, made, TARGET)
    prefix = work / "prefix"
    shutil.rmtree(prefix, ignore_errors=True)
    with trial.framebuffer() as (display, _pixels):
        given = {**trial.clean(work), "WINEPREFIX": str(prefix), "WINEDEBUG": "-all", "DISPLAY": display,
                 "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=", "USER": "user"}  # fmt: skip
        _wine(given, "wineboot", "-i")
        _wine(given, str(setup), "/S")
        home = _home(prefix)
        _expect(sorted(_files(payload)) == sorted(set(_files(home)) - {"Uninstall.exe"}), "the files are not all there")
        _expect(len(list(prefix.rglob(f"{product.NAME}.lnk"))) == 1, "there is no entry in the Start menu")
        text = (prefix / "user.reg").read_text(encoding="utf-8", errors="replace")
        for key in (f"Classes\\\\{product.SCHEME}\\\\shell\\\\open\\\\command", "Classes\\\\.json\\\\OpenWithProgids",
                    f"CurrentVersion\\\\Uninstall\\\\{product.NAME}"):  # fmt: skip
            _expect(f"{key}]" in text, f"the registry lacks {key}")
        (home / "_internal" / "old.dll").write_text("of the version before", encoding="utf-8")
        (home / "mine.txt").write_text("the user's own", encoding="utf-8")
        _wine(given, str(setup), "/S")
        _expect(not (home / "_internal" / "old.dll").exists(), "an old library survives an upgrade")
        _wine(given, str(home / "Uninstall.exe"), "/S")
        _expect(_files(home) == ["mine.txt"], "the uninstaller leaves something, or takes what is the user's")
        text = (prefix / "user.reg").read_text(encoding="utf-8", errors="replace")
        _expect(f"Classes\\\\{product.SCHEME}" not in text and product.NAME not in text, "the registry keeps something")
    dev.say("Wine: the installer installs, upgrades in place, and removes what it installed")


def _wine(given: Mapping[str, str], *command: str) -> None:
    """Run a Windows program and wait until all of it has ended; Wine wants its output read."""
    wine, server = PROGRAMS
    subprocess.run([wine, *command], env=given, stdin=subprocess.DEVNULL, capture_output=True, timeout=trial.PATIENCE,
                   check=False)  # fmt: skip
    subprocess.run([server, "-w"], env=given, timeout=trial.PATIENCE, check=False)


def _home(prefix: Path) -> Path:
    found = list(prefix.glob(f"drive_c/users/*/AppData/Local/Programs/{product.NAME}"))
    _expect(len(found) == 1, "nothing was installed")
    return found[0]


def _files(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def _expect(well: bool, words: str) -> None:
    if not well:
        dev.stop(f"Wine: {words}.")
