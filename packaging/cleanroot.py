"""A system that has nothing yet: a new minimal Debian in a folder. It takes root and debootstrap."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dev


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


def make(root: Path, name: str = "") -> None:
    """Set up a minimal Debian there unless there is one, which fetches packages as this machine does.

    `name` is that of its release, this machine's own by default.
    """
    if not (root / "usr/bin/apt-get").exists():
        dev.say("setting up a minimal Debian ...")
        quietly(["debootstrap", "--variant=minbase", name or suite(), root, mirror()])
    _carry_settings(root, apt_sources() if name in ("", suite()) else [])


def within(root: Path, *command: str | Path, user: int = 0, **given: str) -> list[str | Path]:
    """The command that runs a command in the system of a folder, with these variables alone."""
    settings = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LANG": "C.UTF-8",
        "DEBIAN_FRONTEND": "noninteractive",
        **given,
    }
    words = [f"{key}={value}" for key, value in settings.items()]
    return ["/usr/sbin/chroot", f"--userspec={user}:{user}", root, "/usr/bin/env", "-i", *words, *command]


def suite() -> str:
    """The name of this Debian, for debootstrap."""
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    names = [line.partition("=")[2].strip('"') for line in text.splitlines() if line.startswith("VERSION_CODENAME=")]
    return names[0] if names else "stable"


def _carry_settings(root: Path, sources: list[Path]) -> None:
    """The clean root fetches packages the way this machine does."""
    files = [Path("/etc/resolv.conf"), Path("/etc/hosts"), *sources]
    for folder in ("/etc/apt/apt.conf.d", "/etc/apt/trusted.gpg.d", "/usr/share/keyrings"):
        files += [file for file in Path(folder).glob("*") if file.is_file()]
    for file in files:
        goal = root / str(file).lstrip("/")
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, goal)


@contextmanager
def mounted(root: Path, *shared: str) -> Iterator[None]:
    """The root with its processes, and with these folders of the machine in it, as long as the block runs."""
    places = [
        (["-t", "proc", "proc"], root / "proc"),
        *((["--bind", name], root / name.lstrip("/")) for name in shared),
    ]
    done = []
    try:
        for how, place in places:
            place.mkdir(parents=True, exist_ok=True)
            if subprocess.run(["mount", *how, place], capture_output=True, check=False).returncode == 0:
                done.append(place)
        yield
    finally:
        for place in reversed(done):
            subprocess.run(["umount", "-l", place], check=False)


def quietly(command: list[str | Path]) -> None:
    """Run a step, and end the build with what it said where it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        dev.stop(f"This step failed: {' '.join(map(str, command))}\n{(done.stdout + done.stderr)[-3000:]}")
