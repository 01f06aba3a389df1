"""Open Lines Viewer from a checkout: one script, the same commands on Windows, macOS and Linux.

    python packaging/dev.py demo [ARGS]        set up what is missing, open the window on the embedded demo portal
    python packaging/dev.py test [ARGS]        set up, run every check, then pytest with ARGS
    python packaging/dev.py test --floor       pytest with the oldest PySide6 that is supported, in .venv-floor
    python packaging/dev.py catalogues [ARGS]  update and compile the translations (see packaging/catalogues.py)
    python packaging/dev.py bench [NAME...]    run the benchmarks of tests/benchmarks

The set-up is a virtual environment in .venv with the versions of packaging/constraints.txt; it is made once and again
only when those change. On Linux the libraries that Qt asks of the system are installed where that is allowed without
a question, and named otherwise. Only Python 3.11 or newer is needed to start.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NoReturn

import linux

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
OLDEST_PYTHON = (3, 11)
OLDEST_PYSIDE = "6.9.3"
MOST_LINES = 80  # of a failed check
LONGEST = 1500  # seconds of the tests, where nobody watches
ON_LINUX = sys.platform.startswith("linux")


def say(text: str) -> None:
    """Print one line at once, whatever the encoding of the terminal."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def stop(sentence: str) -> NoReturn:
    """End with one sentence on standard error and exit code 2."""
    print(sentence, file=sys.stderr, flush=True)
    raise SystemExit(2)


class Environment:
    """One virtual environment of the checkout."""

    def __init__(self, name: str = ".venv", pins: Mapping[str, str] | None = None) -> None:
        self.folder = ROOT / name
        self.pins = dict(pins or {})
        self._scripts = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.script("python")

    def script(self, name: str) -> Path:
        """The path of a program of the environment."""
        return self._scripts / (name + ".exe" if os.name == "nt" else name)

    def prepare(self, extra: str = "") -> None:
        """Create the environment and install the project, unless the stamp says that nothing changed since."""
        stamps = [self.folder / f"openlines-{kind}.stamp" for kind in ("run", extra) if kind]
        wanted = stamp(ROOT / "pyproject.toml", CONSTRAINTS, version=self._version(), pins=self.pins)
        if self.python.exists() and _text(stamps[-1]) == wanted:
            return
        say(f"Setting up {self.folder.name} with Python {sys.version.split()[0]} (a minute, once) ...")
        began = time.monotonic()
        self._create()
        self._install(extra)
        wanted = stamp(ROOT / "pyproject.toml", CONSTRAINTS, version=self._version(), pins=self.pins)
        for file in stamps:
            file.write_text(wanted, encoding="utf-8")
        say(f"Set up in {time.monotonic() - began:.0f} s.")

    def _version(self) -> str:
        """The Python of the environment, as its own file tells it."""
        for line in _text(self.folder / "pyvenv.cfg").splitlines():
            key, _, value = line.partition("=")
            if key.strip() in ("version", "version_info"):
                return value.strip()
        return ""

    def _create(self) -> None:
        if Path(sys.prefix).resolve() == self.folder.resolve():
            return
        _need_venv()
        usable = self.python.exists() and _numbers(self._version()) >= OLDEST_PYTHON
        self._run([sys.executable, "-m", "venv", *([] if usable else ["--clear"]), str(self.folder)],
                  f"{self.folder} could not be created; is the folder writable?")  # fmt: skip
        (self.folder / ".gitignore").write_text("*\n", encoding="utf-8")

    def _install(self, extra: str) -> None:
        """Build tools first, then the project without build isolation: nothing is resolved outside the pins."""
        with tempfile.TemporaryDirectory() as folder:
            pins = Path(folder) / "constraints.txt"
            pins.write_text(constraints(_text(CONSTRAINTS), self.pins), encoding="utf-8")
            pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet",
                   "--no-warn-script-location", "--constraint", str(pins)]  # fmt: skip
            if os.name != "nt" and os.geteuid() == 0:
                pip.append("--root-user-action=ignore")
            failed = "pip could not install the pinned versions; its lines above tell why."
            self._run([*pip, "hatchling", "editables"], failed)
            self._run([*pip, "--no-build-isolation", "--editable", f".[{extra}]" if extra else "."], failed)

    def _run(self, command: list[str], failed: str) -> None:
        if subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
            stop(failed)


def stamp(*files: Path, version: str, pins: Mapping[str, str]) -> str:
    """A fingerprint of everything that an installed environment depends on."""
    digest = hashlib.sha256(repr((version, sorted(pins.items()), str(ROOT))).encode())
    for file in files:
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def constraints(text: str, pins: Mapping[str, str]) -> str:
    """The constraints with the versions of some packages replaced."""
    kept = [line for line in text.splitlines() if line.partition("==")[0].strip().lower() not in pins]
    return "\n".join([*kept, *(f"{name}=={version}" for name, version in pins.items())]) + "\n"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _need_venv() -> None:
    """Debian ships Python without the part that fills a virtual environment."""
    with suppress(ImportError):
        __import__("ensurepip")
        return
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    say(f"This Python cannot create virtual environments; installing {package} ...")
    if not (ON_LINUX and linux.apt_install([package])):
        stop(f"Python's venv module is incomplete here. Please run: sudo apt-get install -y {package}")


def need_libraries(sonames: list[str], tools: Sequence[str] = ()) -> bool:
    """See to the system libraries of Qt on Linux; False, with the line to copy, when they cannot be installed."""
    lacking = linux.missing_libraries(sonames)
    if not lacking and not tools:
        return True
    kind = linux.this_family()
    packages = [*linux.debian_packages(lacking), *tools]
    if kind == "debian":
        say(f"Installing system packages: {' '.join(packages)} ...")
        if linux.apt_install(packages):
            return True
    if lacking or kind == "debian":
        say(f"Missing system packages. Please run:\n    {linux.install_line(kind, lacking, tools)}")
    return not lacking


def demo(arguments: list[str]) -> int:
    """Open the window on the embedded demo portal."""
    if ON_LINUX:
        if not linux.has_screen(os.environ):
            stop("There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open. "
                 "On a server: xvfb-run python3 packaging/dev.py demo")  # fmt: skip
        wayland = linux.WAYLAND if os.environ.get("WAYLAND_DISPLAY") else {}
        if not need_libraries([*linux.DRAWING, *linux.WINDOW, *wayland]):
            return 2
    environment = Environment()
    environment.prepare()
    command = [str(environment.python), "-m", "viewer", "--demo", *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def test(arguments: list[str]) -> int:
    """Every check, then pytest; the last line of a good run is pytest's own."""
    floor = "--floor" in arguments
    arguments = [argument for argument in arguments if argument != "--floor"]
    pins = {"pyside6-essentials": OLDEST_PYSIDE, "shiboken6": OLDEST_PYSIDE}
    environment = Environment(".venv-floor", pins) if floor else Environment()
    if ON_LINUX:
        need_libraries([*linux.DRAWING, *linux.WINDOW], linux.missing_tools())
    environment.prepare("dev")
    failed = [] if floor else _checks(environment)
    workers = 1 if _chooses_workers(arguments) else min(len(_processors()), 8)
    spread = ["-n", str(workers)] if workers > 1 else []
    with Surroundings(workers) as surroundings:
        command = [str(environment.python), "-m", "pytest", "-p", "screens", *spread, *arguments]
        passed = ended(command, surroundings.variables, None if sys.stdin.isatty() else LONGEST)
    if failed:
        say(f"Failed besides pytest: {', '.join(failed)} (shown above)")
    return 0 if passed and not failed else 1


def ended(command: list[str], variables: Mapping[str, str], longest: float | None) -> bool:
    """Whether a command ends well within `longest` seconds; one that stands still is ended, for silence tells nothing.

    With a limit the command and all that it starts are a group of their own, which ends together.
    """
    alone = longest is not None and hasattr(os, "killpg")
    with subprocess.Popen(command, cwd=ROOT, env=variables, start_new_session=alone) as running:
        try:
            return running.wait(longest) == 0
        except subprocess.TimeoutExpired:
            say(f"FAILED  did not end within {longest:.0f} s: {' '.join(command[1:4])}")
            return False
        finally:
            _end(running, alone)


def _end(running: subprocess.Popen[bytes], alone: bool) -> None:
    """End a process that is still there, and its group."""
    for word in ("SIGTERM", "SIGKILL") if alone else ():
        with suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(running.pid, getattr(signal, word))
            running.wait(10)
    if running.poll() is None:
        running.kill()


def _checks(environment: Environment) -> list[str]:
    """Run the checks that are not tests, a line each; the names of those that failed."""
    python = str(environment.python)
    checks = {
        "ruff check": [python, "-m", "ruff", "check", "."],
        "ruff format": [python, "-m", "ruff", "format", "--check", "."],
        "mypy --strict": [python, "-m", "mypy", "--strict"],
        "lint-imports": [str(environment.script("lint-imports"))],
        "catalogues": [python, "packaging/catalogues.py", "check"],
    }
    variables = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    failed = []
    for name, command in checks.items():
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)  # fmt: skip
        say(f"{'FAILED' if done.returncode else 'ok':6}  {name:14} {time.monotonic() - began:5.1f} s")
        if done.returncode:
            failed.append(name)
            lines = done.stdout.decode("utf-8", "replace").rstrip().splitlines()
            say("\n".join(lines[:MOST_LINES]))
            if len(lines) > MOST_LINES:
                say(f"... and {len(lines) - MOST_LINES} more lines: {' '.join(command)}")
    return failed


def _chooses_workers(arguments: list[str]) -> bool:
    return any(argument.startswith(("-n", "--numprocesses", "--pdb")) for argument in arguments)


def _processors() -> list[int]:
    if ON_LINUX:
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


class Surroundings(ExitStack):
    """The variables of a test run: no secret and no taste of the user's, a screen, a home that can be written."""

    def __init__(self, workers: int) -> None:
        super().__init__()
        self.variables = test_variables(os.environ)
        folder = tempfile.mkdtemp(prefix="openlines-test-")
        self.callback(shutil.rmtree, folder, ignore_errors=True)
        for name in ("HOME", "XDG_RUNTIME_DIR") if ON_LINUX else ():
            if not os.access(self.variables.get(name) or "/nowhere", os.W_OK):
                self.variables[name] = str(Path(folder, name.lower()))
                Path(folder, name.lower()).mkdir(mode=0o700)
        if ON_LINUX:
            self._show(workers)

    def _show(self, workers: int) -> None:
        """Virtual screens where there is Xvfb; drawing without a screen otherwise."""
        screens = linux.Screens(workers)
        self.callback(screens.close)
        if screens.names and not linux.missing_libraries(linux.WINDOW):
            self.variables.update(QT_QPA_PLATFORM="xcb", DISPLAY=screens.names[0],
                                  OPENLINES_TEST_SCREENS=" ".join(screens.names))  # fmt: skip
        else:
            self.variables.update(QT_QPA_PLATFORM="offscreen")


def test_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The user's variables without those that would reach into a test: his webhook, his session, his Qt settings."""
    dropped = ("OPENLINES_", "QT_", "WAYLAND_DISPLAY", "SESSION_MANAGER")
    kept = {name: value for name, value in environment.items() if not name.startswith(dropped)}
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT / "packaging"), environment.get("PYTHONPATH")]))
    kept.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    kept.setdefault("PYTHONIOENCODING", "utf-8")
    kept["PYTHONWARNDEFAULTENCODING"] = "1"  # the filter of pyproject.toml tells what becomes of it
    locale = next(filter(None, (environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    if ON_LINUX and "utf" not in locale.lower():
        kept["LC_ALL"] = "C.UTF-8"  # Qt warns of any other, and a warning fails a test
    return kept


def catalogues(arguments: list[str]) -> int:
    """Update and compile the translations, or what the arguments ask of packaging/catalogues.py."""
    environment = Environment()
    environment.prepare("dev")
    command = [str(environment.python), "packaging/catalogues.py", *(arguments or ["update"])]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def bench(names: list[str]) -> int:
    """Run the benchmarks one after another; 1 when one of them failed."""
    scripts = sorted((ROOT / "tests" / "benchmarks").glob("[!_]*.py"))
    chosen = [script for script in scripts if not names or any(name in script.stem for name in names)]
    if not chosen:
        stop(f"No such benchmark. There are: {', '.join(script.stem for script in scripts) or 'none'}")
    if ON_LINUX:
        need_libraries([*linux.DRAWING, *linux.WINDOW], linux.missing_tools())
    environment = Environment()
    environment.prepare("dev")
    failed = []
    with Surroundings(1) as surroundings:
        for script in chosen:
            say(f"\n== {script.stem}")
            done = subprocess.run([environment.python, script], cwd=ROOT, env=surroundings.variables, check=False)
            failed += [script.stem] if done.returncode else []
    if failed:
        say(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


COMMANDS = {"demo": demo, "test": test, "catalogues": catalogues, "bench": bench}


def main(arguments: list[str]) -> int:
    """Run one command."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        here = "{}.{}".format(*sys.version_info[:2])
        stop(f"Open Lines Viewer needs Python 3.11 or newer; this is {here} ({sys.executable}). "
             "Start this script with a newer one, for example: python3.12 packaging/dev.py demo")  # fmt: skip
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        say((__doc__ or "").strip())
        return 0 if arguments else 2
    if arguments[0] not in COMMANDS:
        stop(f"There is no command {arguments[0]!r}. The commands: {', '.join(COMMANDS)}; --help explains them.")
    signal.signal(signal.SIGTERM, _leave)
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        stop(f"{error.strerror or error}: {error.filename or 'a file of the set-up'}")


def _leave(*_: Any) -> NoReturn:
    """Asked to end: unwind, so that the virtual screens end too."""
    raise SystemExit(143)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
