"""The installer of Windows, tried on Linux: compiled around a stand-in for the program, then installed, upgraded and
removed by Wine, while a program runs too. It proves files, shortcut and registry; that the program starts on Windows
takes Windows.

    apt-get install nsis wine64 wine xvfb
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

import desktop
import dev
import framebuffer
import installer
import product

PROGRAMS = ("/usr/lib/wine/wine64", "/usr/lib/wine/wineserver64")
TARGET = "amd64-unicode"  # Debian's NSIS has it; Wine without its 32-bit half needs it
WAITING = Path("/usr/lib/x86_64-linux-gnu/wine/x86_64-windows/cmd.exe")
BOTH = (f"{product.NAME}.exe", f"{product.COMMAND}.exe")
PROGID = "OpenLinesViewer.Answer"  # as windows/setup.nsi names a saved answer
OTHERS = {"mine.txt", "Uninstall.exe"}  # what the payload does not hold
# As Wine writes the registry down: the heading of a section, or a line.
KEYS = (
    f"Classes\\\\{product.SCHEME}\\\\shell\\\\open\\\\command]",
    '"OpenLinesViewer.Answer"=""',
    f"Classes\\\\Applications\\\\{product.NAME}.exe\\\\SupportedTypes]",
    f"Software\\\\{product.NAME}\\\\Capabilities\\\\FileAssociations]",
    f'"{product.NAME}"="Software\\\\{product.NAME}\\\\Capabilities"',
    f"App Paths\\\\{product.NAME}.exe]",
    f"App Paths\\\\{product.COMMAND}.exe]",
    f"CurrentVersion\\\\Uninstall\\\\{product.NAME}]",
)


def can() -> bool:
    """Whether this machine has what the trial takes."""
    wine = all(Path(each).exists() for each in (*PROGRAMS, WAITING))
    return sys.platform == "linux" and wine and bool(shutil.which("makensis"))


def stand_in(folder: Path) -> Path:
    """A folder with the shape of the bundle; each program is one that waits for a word: Wine's command prompt."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "_internal" / "PySide6").mkdir(parents=True)
    for name in BOTH:
        shutil.copyfile(WAITING, folder / name)
    (folder / "_internal" / "PySide6" / "Qt6Core.dll").write_text("Qt", encoding="utf-8")
    return folder


def run(made: Path, work: Path) -> None:
    """Install, upgrade, refuse while a program runs, remove; the build ends where something is missing, or left."""
    payload = stand_in(work / "payload")
    setup = installer.setup(payload, work, made, TARGET)
    prefix = work / "prefix"
    shutil.rmtree(prefix, ignore_errors=True)
    with framebuffer.framebuffer() as (display, _pixels):
        given = {**desktop.clean(work), "WINEPREFIX": str(prefix), "WINEDEBUG": "-all", "DISPLAY": display,
                 "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=", "USER": "user"}  # fmt: skip
        _wine(given, "wineboot", "-i")
        _end(given)
        _expect(_wine(given, str(setup), "/S") == 0, "the installer fails")
        home = _home(prefix)
        _expect(sorted(_files(payload)) == sorted(set(_files(home)) - {"Uninstall.exe"}), "the files are not all there")
        _expect(len(list(prefix.rglob(f"{product.NAME}.lnk"))) == 1, "there is no entry in the Start menu")
        _end(given)
        registry = (prefix / "user.reg").read_text(encoding="utf-8", errors="replace")
        for key in KEYS:
            _expect(key in registry, f"the registry lacks {key}")
        _expect(_opens_json(registry) == PROGID, "a double click opens no saved answer")
        (home / "_internal" / "old.dll").write_text("of the version before", encoding="utf-8")
        (home / "mine.txt").write_text("the user's own", encoding="utf-8")
        _refuses(given, setup, home)
        _expect(_wine(given, str(setup), "/S") == 0, "an upgrade fails")
        _expect(not (home / "_internal" / "old.dll").exists(), "an old library survives an upgrade")
        _expect(sorted(_files(payload)) == sorted(set(_files(home)) - OTHERS), "an upgrade leaves something")
        _expect(_remove(given, home) == 0, "the uninstaller fails")
        _expect(set(_files(home)) == OTHERS, "the uninstaller leaves something, or takes what is the user's")
        _end(given)
        registry = (prefix / "user.reg").read_text(encoding="utf-8", errors="replace")
        for key in KEYS:
            _expect(key not in registry, f"the registry keeps {key}")
        _expect(_opens_json(registry) == "", "a double click still asks for the program")
        _wine(given, "reg", "add", "HKCU\\Software\\Classes\\.json", "/ve", "/d", "Another.Program", "/f")
        _wine(given, str(setup), "/S")
        _wine(given, str(home / "Uninstall.exe"), "/S")  # as the settings of Windows call it
        _end(given)
        _expect(_files(home) == ["mine.txt"], "the uninstaller leaves something, or takes what is the user's")
        _expect(not list(prefix.rglob(f"{product.NAME}.lnk")), "the Start menu keeps its entry")
        registry = (prefix / "user.reg").read_text(encoding="utf-8", errors="replace")
        _expect(_opens_json(registry) == "Another.Program", "another program lost its files")
    dev.say("Wine: the installer installs, upgrades, refuses while a program runs, and removes what it installed")


def _opens_json(registry: str) -> str:
    """Which program opens .json files by a double click, as the registry of a user tells it; "" for none."""
    _before, found, rest = registry.partition("[Software\\\\Classes\\\\.json]")
    told = re.search(r'^@="(.*)"$', rest.partition("\n[")[0], re.MULTILINE) if found else None
    return told[1] if told else ""


def _refuses(given: Mapping[str, str], setup: Path, home: Path) -> None:
    """See that neither an upgrade nor a removal changes a byte while one of the programs runs."""
    before = installer.digests(home)
    sign = Path(given["WINEPREFIX"], "drive_c", "running.txt")
    for name in BOTH:
        with subprocess.Popen([PROGRAMS[0], home / name], env=given, stdin=subprocess.PIPE, text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:  # fmt: skip
            try:
                print("echo it runs > C:\\running.txt", file=running.stdin, flush=True)
                began = time.monotonic()
                while not sign.exists():
                    _expect(time.monotonic() - began < desktop.PATIENCE, f"{name} does not run")
                    time.sleep(0.1)
                codes = [_wine(given, str(setup), "/S"), _remove(given, home)]
            finally:
                running.kill()
        sign.unlink()
        _expect(0 not in codes, f"the installer or the uninstaller goes on while {name} runs: codes {codes}")
        _expect(installer.digests(home) == before, f"something is changed while {name} runs")


def _wine(given: Mapping[str, str], *command: str) -> int:
    """Run a Windows program; its code. A pipe for its output would stay open in the services that Wine starts."""
    return subprocess.run([PROGRAMS[0], *command], env=given, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, timeout=desktop.PATIENCE, check=False).returncode  # fmt: skip


def _remove(given: Mapping[str, str], home: Path) -> int:
    """Remove the program by the very line that is used on Windows; its code. A batch file keeps the line as it is."""
    drive = Path(given["WINEPREFIX"], "drive_c")
    line = installer.removal(PureWindowsPath("C:/", home.relative_to(drive)))
    (drive / "remove.bat").write_text(f"@{line}\n@exit %ERRORLEVEL%\n", encoding="ascii", newline="\r\n")
    return _wine(given, "cmd", "/c", "C:\\remove.bat")


def _end(given: Mapping[str, str]) -> None:
    """Wait until all programs of Windows have ended and the registry is written."""
    subprocess.run([PROGRAMS[1], "-w"], env=given, timeout=desktop.PATIENCE, check=False)


def _home(prefix: Path) -> Path:
    found = list(prefix.glob(f"drive_c/users/*/AppData/Local/Programs/{product.NAME}"))
    _expect(len(found) == 1, "nothing was installed")
    return found[0]


def _files(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def _expect(well: bool, words: str) -> None:
    if not well:
        dev.stop(f"Wine: {words}.")
