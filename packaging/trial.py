"""Running what was built, as on a computer that knows nothing of this project: its self-test, its first start, and
what then stands on the screen.

The screen is a virtual one whose pixels lie in a file, so that "the window is there" means that it can be seen.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import dev
import product

PATIENCE = 180.0  # seconds
STARTS = 7  # of which the quickest counts: the machine may be busy with other work
TARGETS = {"download": 80.0, "start": 1.0}  # megabytes, seconds from the start to the window


def clean(home: Path, **more: str) -> dict[str, str]:
    """The variables of a user who has nothing of this project: no path to its environment, an empty home."""
    home.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("PYTHON", "QT_"))}
        return {**kept, **more}
    return {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": tempfile.gettempdir(), **more}


def self_test(program: Path, report: Path) -> dict[str, str]:
    """Run the program's own test; what it reports. The build ends when it fails."""
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="openlines-home-") as fresh, _screen() as screen:
        done = subprocess.run([program.absolute(), "self-test", report.absolute()], cwd=fresh, check=False,
                              env=clean(Path(fresh), **screen), stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, timeout=PATIENCE)  # fmt: skip
    told: dict[str, str] = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    if done.returncode or told.get("result") != "ok":
        dev.say(json.dumps(told, indent=1, ensure_ascii=False))
        dev.stop(f"The self-test of {program} ended with code {done.returncode}.")
    return told


def say_report(report: Mapping[str, str]) -> None:
    """Print what a self-test reported."""
    for name, said in report.items():
        dev.say(f"    {name}: {said}")


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """A virtual screen on Linux, the real one elsewhere."""
    if sys.platform != "linux":
        yield {}
        return
    with framebuffer() as (display, _pixels):
        yield {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}


@contextmanager
def framebuffer(width: int = 1440, height: int = 900) -> Iterator[tuple[str, Path]]:
    """A virtual X screen: its name, and the file that holds its pixels."""
    with tempfile.TemporaryDirectory(prefix="openlines-screen-") as folder:
        read, write = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-fbdir", folder,
             "-nolisten", "tcp", "-noreset"],
            pass_fds=(write,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        try:
            with os.fdopen(read, encoding="ascii") as stream:
                number = stream.readline().strip()
            yield f":{number}", Path(folder, "Xvfb_screen0")
        finally:
            server.terminate()
            server.wait()


def picture(dump: bytes) -> tuple[int, int, bytes]:
    """Width, height and RGB bytes of an X window dump with 32 bits a pixel."""
    head = struct.unpack(">25I", dump[:100])
    size, width, height, line, colours = head[0], head[4], head[5], head[12], head[19]
    start = size + 12 * colours
    rows = []
    for row in range(height):
        pixels = dump[start + row * line : start + row * line + 4 * width]
        rgb = bytearray(3 * width)
        rgb[0::3], rgb[1::3], rgb[2::3] = pixels[2::4], pixels[1::4], pixels[0::4]
        rows.append(bytes(rgb))
    return width, height, b"".join(rows)


def png(width: int, height: int, rgb: bytes) -> bytes:
    """A picture as a PNG file."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + rgb[3 * width * row : 3 * width * (row + 1)] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def is_blank(pixels: Path) -> bool:
    """Whether nothing but the empty screen is to be seen in its middle."""
    with pixels.open("rb") as dump:
        head = struct.unpack(">25I", dump.read(100))
        size, height, line, colours = head[0], head[5], head[12], head[19]
        dump.seek(size + 12 * colours + line * (height // 2))
        return len(set(dump.read(line)[::4])) <= 1


class Start(NamedTuple):
    """How long a program took to its window: seconds on the clock, and of processors.

    Where others keep the machine busy, the clock tells of them, and the processors of the program.
    """

    clock: float
    processors: float


def start(command: list[str | Path], shot: Path | None = None) -> Start:
    """Start a program; how long until its window can be seen. `shot` keeps a picture of it, five seconds later."""
    with framebuffer() as (display, pixels), tempfile.TemporaryDirectory(prefix="openlines-home-") as home:
        given = {**clean(Path(home)), "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        began = time.monotonic()
        running = subprocess.Popen(command, env=given, cwd=home, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            while is_blank(pixels):
                if time.monotonic() - began > PATIENCE or running.poll() is not None:
                    dev.stop(f"{command[0]} showed no window.")
                time.sleep(0.01)
            took = Start(time.monotonic() - began, _used(running.pid))
            if shot is not None:
                time.sleep(5)
                shot.parent.mkdir(parents=True, exist_ok=True)
                shot.write_bytes(png(*picture(pixels.read_bytes())))
            return took
        finally:
            running.terminate()
            running.wait()


def _used(process: int) -> float:
    """The seconds of processors that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def on_linux(bundle: Path, files: list[Path], work: Path) -> None:
    """Everything that a Linux machine can prove of its bundle and its downloads. Stops at the first failure."""
    work.mkdir(parents=True, exist_ok=True)
    program = bundle / product.COMMAND
    say_report(self_test(program, work / "bundle.json"))
    first = start([program, "--demo"])
    took = min(start([program, "--demo"]) for _ in range(STARTS))
    start([program, "--demo", "open", "343"], work / "window.png")
    dev.say(f"first start: {first.clock:.2f} s; picture of the window in {work / 'window.png'}")
    _unpacked(files, work)
    with_keyring(program, work / "keyring.json")
    sizes = {file.name: file.stat().st_size / 1e6 for file in files}
    dev.say(table(sizes, took))
    if os.geteuid() == 0 and shutil.which("debootstrap"):
        in_clean_root(next(file for file in files if file.suffix == ".deb"), work)
    else:
        dev.say("no debootstrap, or not root: the clean root is left out")
    if max(sizes.values()) > TARGETS["download"] or min(took) > TARGETS["start"]:
        dev.stop("A goal was missed.")


def table(sizes: Mapping[str, float], took: Start) -> str:
    """The figures as rows of a table in Markdown."""
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    started = f"{took.clock:.2f} s; {took.processors:.2f} s of processors ({machine})"
    rows = [f"| {name} | {size:.1f} MB | at most {TARGETS['download']:.0f} MB |" for name, size in sizes.items()]
    return "\n".join([*rows, f"| start to window, warm | {started} | under {TARGETS['start']:.0f} s |"])


def _unpacked(files: list[Path], work: Path) -> None:
    """The self-test of the program in each download, unpacked somewhere else."""
    for file in files:
        with tempfile.TemporaryDirectory(prefix="openlines-unpacked-") as folder:
            if file.suffix == ".deb":
                subprocess.run(["dpkg-deb", "-x", file, folder], check=True)
                program = Path(folder, "usr", "bin", product.COMMAND)
            else:
                subprocess.run(["tar", "-C", folder, "-xf", file], check=True)
                program = Path(folder, file.name.removesuffix(".tar.xz"), product.COMMAND)
            self_test(program, work / f"{file.name}.json")
            dev.say(f"{file.name}: unpacked, self-test ok")


def with_keyring(program: Path, report: Path) -> None:
    """The self-test in a desktop session whose keyring is open: secrets are then kept by it. Left out without one."""
    if not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))):
        dev.say("no dbus-run-session or gnome-keyring-daemon: the keyring is left out")
        return
    unlock = 'printf trial | gnome-keyring-daemon --unlock --components=secrets > /dev/null && exec "$@"'
    with tempfile.TemporaryDirectory(prefix="openlines-keyring-") as fresh, _screen() as screen:
        given = clean(Path(fresh), **screen, XDG_RUNTIME_DIR=fresh)
        subprocess.run(["dbus-run-session", "--", "sh", "-c", unlock, "sh", program, "self-test", report], env=given,
                       stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False)  # fmt: skip
    told = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    if not str(told.get("keyring")).startswith("ok, system"):
        dev.stop(f"The keyring of the session was not used: {told.get('keyring')}")
    dev.say(f"keyring of a desktop session: {told['keyring']}")


# --- a root without anything -------------------------------------------------------------------------------------


def apt_sources() -> list[Path]:
    """The files that name package mirrors."""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted(folder.glob("sources.list.d/*"))]
    return [file for file in files if file.suffix in (".list", ".sources") and file.is_file()]


def mirror() -> str:
    """The package mirror that this machine itself uses."""
    for file in apt_sources():
        for line in file.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if words and words[0] in ("deb", "URIs:"):
                return next((word for word in words if "://" in word), "")
    return ""


def in_clean_root(package: Path, work: Path) -> None:
    """Install the package by apt into a new minimal Debian, where no Python is, and run it there."""
    root = work / "root"
    if not (root / "usr/bin/apt-get").exists():
        dev.say("setting up a minimal Debian ...")
        _quietly(["debootstrap", "--variant=minbase", suite(), root, mirror()])
    _carry_settings(root)
    shutil.copyfile(package, root / "root" / package.name)
    chroot = ["/usr/sbin/chroot", str(root), "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
              "DEBIAN_FRONTEND=noninteractive"]  # fmt: skip
    with _mounted(root):
        if subprocess.run([*chroot, "which", "python3"], capture_output=True, check=False).returncode == 0:
            dev.stop("There is a Python in the clean root.")
        _quietly([*chroot, "apt-get", "-qq", "update"])
        _quietly([*chroot, "apt-get", "-qq", "install", "-y", "--reinstall", "--no-install-recommends",
                  f"/root/{package.name}"])  # fmt: skip
        nobody = ["/usr/sbin/chroot", "--userspec=65534:65534", str(root), "env", "HOME=/tmp/nobody", "TMPDIR=/tmp"]
        (root / "tmp/nobody").mkdir(exist_ok=True, mode=0o777)
        (root / "tmp/nobody").chmod(0o777)
        with framebuffer() as (display, _pixels):
            done = subprocess.run([*nobody, product.COMMAND, "self-test"], capture_output=True, encoding="utf-8",
                                  env=clean(work, DISPLAY=display), timeout=PATIENCE, check=False)  # fmt: skip
        dev.say(done.stdout.rstrip())
        if done.returncode:
            dev.stop(f"The self-test failed in the clean root: {done.stderr[-2000:]}")
        took = start([*nobody, product.COMMAND, "--demo", "open", "343"], work / "clean-root.png")
        dev.say(f"clean root: installed by apt, self-test ok, window after {took.clock:.2f} s, "
                f"picture in {work / 'clean-root.png'}")  # fmt: skip


def suite() -> str:
    """The name of this Debian, for debootstrap."""
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    names = [line.partition("=")[2].strip('"') for line in text.splitlines() if line.startswith("VERSION_CODENAME=")]
    return names[0] if names else "stable"


def _carry_settings(root: Path) -> None:
    """The clean root fetches packages the way this machine does."""
    files = [Path("/etc/resolv.conf"), Path("/etc/hosts"), *apt_sources()]
    for folder in ("/etc/apt/apt.conf.d", "/etc/apt/trusted.gpg.d", "/usr/share/keyrings"):
        files += [file for file in Path(folder).glob("*") if file.is_file()]
    for file in files:
        goal = root / str(file).lstrip("/")
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, goal)


@contextmanager
def _mounted(root: Path) -> Iterator[None]:
    proc = root / "proc"
    mounted = subprocess.run(["mount", "-t", "proc", "proc", proc], capture_output=True, check=False).returncode == 0
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", proc], check=False)


def _quietly(command: list[str | Path]) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        dev.stop(f"This step failed: {' '.join(map(str, command))}\n{(done.stdout + done.stderr)[-3000:]}")
