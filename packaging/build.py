"""The double-click program: one script on Linux, Windows and macOS, each building its own kind.

    python packaging/build.py bundle      the folder that runs without Python, in build/dist
    python packaging/build.py package     what is downloaded, in dist/: .deb and .tar.xz, or setup and .zip, or .dmg
    python packaging/build.py check       both, then everything that this machine can prove of them (Linux)
    python packaging/build.py wheel       a wheel, installed alone in a new environment outside, and its self-test
    python packaging/build.py trial       the job of its users, done with the program in the bundle
    python packaging/build.py installed   install what lies in dist/, the job in it, and on Windows its removal
    python packaging/build.py libraries   install what Qt and the trial ask of this Linux, on a new machine
    python packaging/build.py sums        SHA256SUMS of what lies in dist/
    python packaging/build.py windows-trial   bundle, installer and job of Windows, on Linux with Wine (root, 5 GB)
    python packaging/build.py pins        renew packaging/requirements-build.txt from the constraints

The build has an environment of its own in build/venv, with exactly the files whose digests stand in
packaging/requirements-build.txt.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import deb
import desktop
import dev
import dmg
import installer
import job
import linux
import product
import rig
import trial
import wine

ROOT = dev.ROOT
PINS = ROOT / "packaging" / "requirements-build.txt"
BUILD, OUT = ROOT / "build", ROOT / "dist"
MADE, BUNDLE = BUILD / "made", BUILD / "dist" / product.COMMAND


def run(command: list[str | Path], **more: str) -> None:
    """Run a step of the build; its failure ends the build."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **more}, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        dev.stop(f"This step failed with code {done.returncode}: {' '.join(map(str, command))}")


def python() -> Path:
    """The Python of the build's environment, which is made anew when the pins changed.

    Where `OPENLINES_BUILD_PYTHON` names a Python, it has the pins already.
    """
    if given := os.environ.get("OPENLINES_BUILD_PYTHON"):
        return Path(given)
    environment = dev.Environment("build/venv")
    stamp, wanted = (
        environment.folder / "build.stamp",
        hashlib.sha256(sys.version.encode() + PINS.read_bytes()).hexdigest(),
    )
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        run([sys.executable, "-m", "venv", "--clear", environment.folder])
        run([environment.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--require-hashes", "--only-binary", ":all:", "-r", PINS])  # fmt: skip
        stamp.write_text(wanted, encoding="utf-8")
    return environment.python


def epoch() -> str:
    """The time that all files of a build bear: the last commit's, in seconds since 1970."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    if told:
        return told
    done = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    return done.stdout.strip() or "1767225600"


def bundle() -> Path:
    """Build the folder (on macOS the application); its path."""
    interpreter = python()
    run([interpreter, "packaging/icons.py", MADE])
    run([interpreter, "packaging/notices.py", MADE / "licences"])
    (MADE / "version.txt").write_text(product.version_resource(), encoding="utf-8")
    updates = MADE / "updates.txt"  # where this build asks for newer versions; without it, it never does
    updates.unlink(missing_ok=True)
    if address := os.environ.get("OPENLINES_UPDATES"):
        updates.write_text(address, encoding="utf-8")
    began = time.monotonic()
    run([interpreter, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level=WARN", f"--distpath={BUNDLE.parent}",
         f"--workpath={BUILD / 'work'}", "packaging/openlines-viewer.spec"],
        OPENLINES_MADE=str(MADE), PYTHONHASHSEED="0", SOURCE_DATE_EPOCH=epoch())  # fmt: skip
    if sys.platform == "linux":
        deb.gather_system_licences(BUNDLE)
    dev.say(f"bundle: {megabytes(weight(BUNDLE))} MB in {time.monotonic() - began:.0f} s")
    return BUNDLE.with_name(f"{product.NAME}.app") if sys.platform == "darwin" else BUNDLE


def package() -> list[Path]:
    """Build what is downloaded, from the bundle that lies there."""
    if not BUNDLE.exists():
        bundle()
    OUT.mkdir(exist_ok=True)
    if sys.platform == "win32":
        installer.sign(sorted(BUNDLE.glob("*.exe")), os.environ)
        made = [installer.setup(BUNDLE, OUT, MADE), installer.portable(BUNDLE, OUT)]
        installer.sign(made[:1], os.environ)
    elif sys.platform == "darwin":
        made = [dmg.build(BUNDLE.with_name(f"{product.NAME}.app"), OUT)]
    else:
        made = [deb.package(BUNDLE, MADE, OUT, epoch()), deb.tarball(BUNDLE, MADE, OUT, epoch())]
    for file in made:
        dev.say(f"{file.name}: {megabytes(file.stat().st_size)} MB")
    return made


def check() -> None:
    """Build, and prove what this machine can."""
    if sys.platform != "linux":
        dev.stop("On this system: bundle, package, and trial of the program that was installed.")
    bundle()
    files = package()
    trial.on_linux(BUNDLE, files, MADE, BUILD / "trial")
    if wine.can():
        wine.run(MADE, BUILD / "wine")
    else:
        dev.say("no makensis or no Wine: the installer of Windows is left out")
    wheel()
    sums()


def wheel() -> Path:
    """Build a wheel, install it alone in a new environment outside the checkout, and run its self-test."""
    environment = dev.Environment()
    environment.prepare("dev")
    OUT.mkdir(exist_ok=True)
    run([environment.python, "-m", "hatchling", "build", "-t", "wheel", "-d", OUT], SOURCE_DATE_EPOCH=epoch())
    made = max(OUT.glob("*.whl"), key=lambda file: file.stat().st_mtime)
    with tempfile.TemporaryDirectory(prefix="openlines-wheel-") as folder:
        run([sys.executable, "-m", "venv", folder])
        scripts = Path(folder, "Scripts" if os.name == "nt" else "bin")
        run([scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--constraint", dev.CONSTRAINTS, made])  # fmt: skip
        alone = scripts / (product.COMMAND + (".exe" if os.name == "nt" else ""))
        with desktop.session(Path(folder, "trial")) as session:
            told = session.self_test(alone)
        dev.say(f"{made.name}: installed alone, self-test {told['result']}")
    return made


def program() -> Path:
    """The program in the bundle."""
    if sys.platform == "darwin":
        return BUNDLE.with_name(f"{product.NAME}.app") / "Contents" / "MacOS" / product.COMMAND
    return BUNDLE / (f"{product.NAME}.exe" if sys.platform == "win32" else product.COMMAND)


def try_bundle() -> None:
    """Do the job of its users with the program in the bundle."""
    if sys.platform == "win32":
        steps = job.do(BUNDLE / f"{product.COMMAND}.exe", program())
    elif sys.platform == "darwin":
        steps = job.do(program())
    else:
        steps = job.do(program(), opens=desktop.by_linux_told(program(), MADE))
    _keep("trial-bundle.md", steps)


def try_installed() -> None:
    """Install each download as its user would, and do the job with what was installed."""
    if sys.platform == "win32":
        steps = installer.try_setup(next(OUT.glob("*-setup.exe")))
    elif sys.platform == "darwin":
        steps = dmg.try_image(next(OUT.glob("*.dmg")))
    else:
        package = next(OUT.glob("*.deb")).resolve()
        if not linux.apt_install([str(package)]):
            dev.stop(f"{package.name} could not be installed.")
        steps = job.do(Path("/usr/bin", product.COMMAND), opens=desktop.by_linux)
    _keep("trial-installed.md", steps)


def _keep(name: str, steps: list[job.Step]) -> None:
    """Keep the log of a trial beside the downloads."""
    OUT.mkdir(exist_ok=True)
    (OUT / name).write_text(job.table(steps), encoding="utf-8", newline="\n")


def libraries() -> None:
    """Install what Qt, the build and its trial ask of a Debian or Ubuntu."""
    dev.need_libraries([*linux.DRAWING, *linux.WINDOW, *linux.WAYLAND], linux.missing_tools(linux.TRIAL_TOOLS))


def windows_trial() -> None:
    """Build and try the program of Windows in Wine. It proves much, and is no gate: Wine is not Windows."""
    rig.run(Path(os.environ.get("OPENLINES_RIG", BUILD / "windows-rig")), installer.setup)


def sums() -> None:
    """Write the SHA-256 of every file in dist/."""
    files = sorted(file for file in OUT.iterdir() if file.is_file() and file.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
    (OUT / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")
    dev.say("".join(lines).rstrip())


def pins() -> None:
    """Ask uv for the digests of the pinned versions, for all systems at once; no address is written."""
    uv = shutil.which("uv") or dev.stop("uv is needed for this: pip install uv")
    head = "# The exact files that a bundle is made of, for all systems: python packaging/build.py pins renews them.\n"
    done = subprocess.run(
        [uv, "pip", "compile", "-q", "pyproject.toml", "--extra", "build", "--universal", "--generate-hashes",
         "--no-header", "--no-annotate", "--python-version", "3.11", "--constraint", dev.CONSTRAINTS],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    if done.returncode:
        dev.stop("uv could not resolve the pins: " + done.stderr.strip())
    PINS.write_text(head + done.stdout, encoding="utf-8", newline="\n")


def weight(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def megabytes(count: int) -> str:
    """A number of bytes in millions."""
    return f"{count / 1e6:.1f}"


def main(arguments: list[str]) -> int:
    """Run one command."""
    commands: dict[str, Callable[[], object]] = {
        "bundle": bundle, "package": package, "check": check, "wheel": wheel, "trial": try_bundle,
        "installed": try_installed, "libraries": libraries, "sums": sums, "pins": pins,
        "windows-trial": windows_trial,
    }  # fmt: skip
    if len(arguments) != 1 or arguments[0] not in commands:
        dev.say((__doc__ or "").strip())
        return 0 if arguments in (["-h"], ["--help"]) else 2
    commands[arguments[0]]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
