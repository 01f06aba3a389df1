"""What Qt asks of a Linux system, how it is installed there, and virtual screens for the tests.

The wheels of PySide6 bring Qt but not the libraries that every desktop has: a server or a container lacks them, and
the import fails with the name of one file. Here each file is looked for beforehand, so that all that is missing can
be installed at once or named in one line.
"""

from __future__ import annotations

import ctypes
import os
import select
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

# What `import PySide6` and a drawing without a screen load: the file, Debian's package, Arch's package.
# Packages of the rpm family need no names: dnf and zypper install by the file itself.
DRAWING = {
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libEGL.so.1": ("libegl1", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype2"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libX11.so.6": ("libx11-6", "libx11"),
    "libbrotlidec.so.1": ("libbrotli1", "brotli"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2", "krb5"),
    "libzstd.so.1": ("libzstd1", "zstd"),
}
# What a window on an X screen loads beyond that.
WINDOW = {
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libx11"),
}
# The same on a Wayland screen.
WAYLAND = {
    "libwayland-client.so.0": ("libwayland-client0", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "wayland"),
}
# What the tests use of Debian, and the file that shows it is there.
TEST_TOOLS = {
    "xvfb": "/usr/bin/Xvfb",
    "poppler-utils": "/usr/bin/pdftoppm",
    "dbus": "/usr/bin/dbus-daemon",
    "gnome-keyring": "/usr/bin/gnome-keyring-daemon",
    "at-spi2-core": "/usr/libexec/at-spi2-registryd",
    "default-jdk-headless": "/usr/bin/javac",
    "libjaxb-java": "/usr/share/java/jaxb-runtime.jar",
    "fonts-noto-core": "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "fonts-noto-color-emoji": "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
}
# What a bundle is built and tried with: a screen, a keyring, and what opens a file or a link by its program.
TRIAL_TOOLS = {
    "binutils": "/usr/bin/objdump",
    "xvfb": "/usr/bin/Xvfb",
    "dbus": "/usr/bin/dbus-run-session",
    "gnome-keyring": "/usr/bin/gnome-keyring-daemon",
    "libglib2.0-bin": "/usr/bin/gio",
    "desktop-file-utils": "/usr/bin/update-desktop-database",
    "shared-mime-info": "/usr/bin/update-mime-database",
}
PACKAGES = {**DRAWING, **WINDOW, **WAYLAND}
FAMILIES = {
    "debian": ("debian", "ubuntu"),
    "fedora": ("fedora", "rhel", "centos"),
    "suse": ("suse", "opensuse"),
    "arch": ("arch",),
}


def loads(soname: str) -> bool:
    """Whether the system's loader finds this library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing_libraries(sonames: Iterable[str], found: Callable[[str], bool] = loads) -> list[str]:
    """Those of the libraries that the system lacks."""
    return [soname for soname in sonames if not found(soname)]


def missing_tools(tools: Mapping[str, str] = TEST_TOOLS, found: Callable[[str], bool] = os.path.exists) -> list[str]:
    """Debian's packages of tools whose file is not there."""
    return [package for package, file in tools.items() if not found(file)]


def family(os_release: str) -> str:
    """The kind of distribution that an `os-release` text describes: a key of `FAMILIES`, or ""."""
    fields: dict[str, str] = {}
    for line in os_release.splitlines():
        key, equals, value = line.partition("=")
        if equals and not key.startswith("#"):
            fields[key.strip()] = value.strip().strip("\"'").lower()
    names = [fields.get("ID", ""), *fields.get("ID_LIKE", "").split()]
    for name in names:
        for known, members in FAMILIES.items():
            if any(name == member or name.startswith(member + "-") for member in members):
                return known
    return ""


def this_family() -> str:
    """The kind of this distribution."""
    for file in ("/etc/os-release", "/usr/lib/os-release"):
        try:
            return family(Path(file).read_text(encoding="utf-8", errors="replace"))
        except OSError:
            continue
    return ""


def debian_packages(sonames: Iterable[str]) -> list[str]:
    """Debian's packages of these libraries, each once."""
    return list(dict.fromkeys(PACKAGES[soname][0] for soname in sonames))


def install_line(kind: str, sonames: list[str], packages: Iterable[str] = ()) -> str:
    """What a person copies to a terminal to get the libraries (and Debian packages), on a distribution of this kind."""
    capabilities = " ".join(shlex.quote(f"{soname}()(64bit)") for soname in sonames)
    if kind == "debian":
        return "sudo apt-get install -y " + " ".join([*debian_packages(sonames), *packages])
    if kind == "fedora":
        return f"sudo dnf install {capabilities}"
    if kind == "suse":
        return f"sudo zypper install {capabilities}"
    if kind == "arch":
        return "sudo pacman -S --needed " + " ".join(dict.fromkeys(PACKAGES[soname][1] for soname in sonames))
    return "the packages of your distribution that hold " + " ".join(sonames)


def root_prefix() -> list[str] | None:
    """What stands before a command to run it as root without a question: nothing, `sudo -n`, or None for no way."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(["sudo", "-n", "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def apt_install(packages: list[str]) -> bool:
    """Install Debian packages where this user may; the lists are fetched only when the first try fails."""
    prefix = root_prefix()
    if prefix is None or not shutil.which("apt-get"):
        return False
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    if _quietly(install):
        return True
    return _quietly([*apt, "update"]) and _quietly(install)


def _quietly(command: list[str]) -> bool:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode == 0


def has_screen(environment: Mapping[str, str]) -> bool:
    """Whether a window can be shown: an X or Wayland screen, or a platform that the user chose for Qt."""
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


class Screens:
    """Virtual X screens, one for each test process: on a shared one their windows take the focus from each other."""

    def __init__(self, count: int) -> None:
        self._servers: list[subprocess.Popen[bytes]] = []
        self.names: list[str] = []
        for _ in range(count if shutil.which("Xvfb") else 0):
            self._start()

    def _start(self) -> None:
        read, write = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1200x24", "-dpi", "96", "-nolisten", "tcp",
             "-noreset"],
            pass_fds=(write,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._servers.append(server)
        os.close(write)
        number = _line(read, seconds=20)
        os.close(read)
        if number:
            self.names.append(f":{number}")

    def close(self) -> None:
        """End the servers that this object started."""
        for server in self._servers:
            server.terminate()
        for server in self._servers:
            server.wait()


def _line(descriptor: int, seconds: float) -> str:
    """The first line that arrives on a pipe in time, or ""."""
    got = b""
    while not got.endswith(b"\n") and select.select([descriptor], [], [], seconds)[0]:
        piece = os.read(descriptor, 16)
        if not piece:
            break
        got += piece
    return got.decode("ascii", "replace").strip()
