"""What one Linux machine can prove of its bundle and its downloads: the job inside each, how soon the window is there,
how large the downloads are, and that the package runs in a system that has nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import cleanroot
import desktop
import dev
import job
import product
from desktop import clean
from framebuffer import framebuffer, is_blank, keep

PATIENCE = 180.0  # seconds
STARTS = 7  # of which the quickest counts: the machine may be busy with other work
TARGETS = {"download": 80.0, "start": 1.0}  # megabytes, seconds from the start to the window


class Start(NamedTuple):
    """How long a program took to its window: seconds on the clock, and of processors.

    Where others keep the machine busy, the clock tells of them, and the processors of the program.
    """

    clock: float
    processors: float


def start(command: list[str | Path], shot: Path | None = None) -> Start:
    """Start a program; how long until its window can be seen. `shot` keeps a picture of it, five seconds later."""
    with framebuffer() as (display, pixels), tempfile.TemporaryDirectory(prefix="openlines-home-") as home:
        given = clean(Path(home), DISPLAY=display, QT_QPA_PLATFORM="xcb")
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
                keep(pixels, shot)
            return took
        finally:
            running.terminate()
            running.wait()


def _used(process: int) -> float:
    """The seconds of processors that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def on_linux(bundle: Path, files: list[Path], made: Path, work: Path) -> None:
    """Everything that a Linux machine can prove of its bundle and its downloads. Stops at the first failure."""
    work.mkdir(parents=True, exist_ok=True)
    program = bundle / product.COMMAND
    dev.say("the job, in the bundle:")
    job.do(program, opens=desktop.by_linux_told(program, made))
    first = start([program, "--demo"])
    took = min(start([program, "--demo"]) for _ in range(STARTS))
    start([program, "--demo", "open", "343"], work / "window.png")
    dev.say(f"first start: {first.clock:.2f} s; picture of the window in {work / 'window.png'}")
    _unpacked(files, made)
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


def _unpacked(files: list[Path], made: Path) -> None:
    """The job with the program in each download, unpacked somewhere else."""
    for file in files:
        with tempfile.TemporaryDirectory(prefix="openlines-unpacked-") as folder:
            if file.suffix == ".deb":
                subprocess.run(["dpkg-deb", "-x", file, folder], check=True)
                program = Path(folder, "usr", "bin", product.COMMAND)
            else:
                subprocess.run(["tar", "-C", folder, "-xf", file], check=True)
                program = Path(folder, file.name.removesuffix(".tar.xz"), product.COMMAND)
            dev.say(f"the job, in {file.name}, unpacked:")
            job.do(program, opens=desktop.by_linux_told(program, made))


def in_clean_root(package: Path, work: Path) -> None:
    """Install the package by apt into a new minimal Debian, where no Python is, and run it there."""
    root = work / "root"
    cleanroot.make(root)
    shutil.copyfile(package, root / "root" / package.name)
    with cleanroot.mounted(root):
        if subprocess.run(cleanroot.within(root, "which", "python3"), capture_output=True, check=False).returncode == 0:
            dev.stop("There is a Python in the clean root.")
        cleanroot.quietly(cleanroot.within(root, "apt-get", "-qq", "update"))
        cleanroot.quietly(cleanroot.within(root, "apt-get", "-qq", "install", "-y", "--reinstall",
                                           "--no-install-recommends", f"/root/{package.name}"))  # fmt: skip
        (root / "tmp/nobody").mkdir(exist_ok=True, mode=0o777)
        (root / "tmp/nobody").chmod(0o777)
        nobody: list[str | Path] = [
            "/usr/sbin/chroot",
            "--userspec=65534:65534",
            root,
            "env",
            "HOME=/tmp/nobody",
            "TMPDIR=/tmp",
        ]
        with framebuffer() as (display, _pixels):
            done = subprocess.run([*nobody, product.COMMAND, "self-test"], capture_output=True, encoding="utf-8",
                                  env=clean(work, DISPLAY=display), timeout=PATIENCE, check=False)  # fmt: skip
        dev.say(done.stdout.rstrip())
        if done.returncode:
            dev.stop(f"The self-test failed in the clean root: {done.stderr[-2000:]}")
        took = start([*nobody, product.COMMAND, "--demo", "open", "343"], work / "clean-root.png")
        dev.say(f"clean root: installed by apt, self-test ok, window after {took.clock:.2f} s, "
                f"picture in {work / 'clean-root.png'}")  # fmt: skip
