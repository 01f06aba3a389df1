"""The two downloads of Windows: an installer for one user, and a folder in a zip that needs no installation.

The installer is compiled by NSIS, which also runs on Linux: there the script is checked on a stand-in for the program.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePath

import desktop
import dev
import job
import product

SCRIPT = dev.ROOT / "packaging" / "windows" / "setup.nsi"
MACHINE = "win64"
TIMESTAMPS = "http://timestamp.digicert.com"  # so that a signature outlives its certificate
SUSPENDED = 0x4  # CREATE_SUSPENDED of Windows


def makensis() -> str:
    """The compiler of NSIS; the build ends where there is none."""
    standard = Path(os.environ.get("PROGRAMFILES(X86)", "C:/"), "NSIS", "makensis.exe")
    found = shutil.which("makensis") or (str(standard) if standard.is_file() else "")
    return found or dev.stop("NSIS is needed for the installer: its program makensis was not found.")


def definitions(payload: Path, icon: Path, output: Path) -> dict[str, str]:
    """What the script is told."""
    return {
        "NAME": product.NAME,
        "COMMAND": product.COMMAND,
        "PUBLISHER": product.PUBLISHER,
        "SCHEME": product.SCHEME,
        "SUMMARY_EN": product.SUMMARY["en"],
        "SUMMARY_RU": product.SUMMARY["ru"],
        "VERSION": product.version(),
        "NUMBERS": ".".join(map(str, product.four_numbers(product.version()))),
        "PAYLOAD": str(payload.resolve() / "*"),
        "ICON": str(icon.resolve()),
        "OUTPUT": str(output.resolve()),
    }


def setup(bundle: Path, out: Path, made: Path, target: str = "") -> Path:
    """Compile the installer; its path. Any warning of the compiler ends the build.

    `target` is another kind of installer than NSIS makes by itself, for Wine without its 32-bit half.
    """
    out.mkdir(parents=True, exist_ok=True)
    output = out / f"{product.COMMAND}-{product.version()}-{MACHINE}-setup.exe"
    told = definitions(bundle, made / "app.ico", output) | ({"TARGET": target} if target else {})
    given = [f"-D{name}={text}" for name, text in told.items()]
    command = [makensis(), "-V2", "-WX", "-INPUTCHARSET", "UTF8", *given, str(SCRIPT)]
    spoken = {**os.environ, "LC_ALL": "C.UTF-8"}  # elsewhere than on Windows it reads what it is told by the locale
    done = subprocess.run(command, env=spoken, capture_output=True, encoding="utf-8", errors="replace",
                          check=False)  # fmt: skip
    if done.returncode:
        dev.stop(f"makensis failed: {(done.stdout + done.stderr)[-3000:]}")
    return output


def sign(files: list[Path], given: Mapping[str, str]) -> None:
    """Sign programs with the certificate that is given as base64 of a .pfx, or leave them as they are without one."""
    if not given.get("WINDOWS_CERTIFICATE"):
        return
    tool = shutil.which("signtool") or _newest_signtool()
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder, "certificate.pfx")
        certificate.write_bytes(base64.b64decode(given["WINDOWS_CERTIFICATE"]))
        command = [tool, "sign", "/fd", "SHA256", "/td", "SHA256", "/tr", TIMESTAMPS, "/f", str(certificate),
                   "/p", given.get("WINDOWS_CERTIFICATE_PASSWORD", "")]  # fmt: skip
        if subprocess.run([*command, *map(str, files)], capture_output=True, check=False).returncode:
            dev.stop("signtool failed.")


def _newest_signtool() -> str:
    kits = Path(os.environ.get("PROGRAMFILES(X86)", "C:/"), "Windows Kits", "10", "bin")
    found = sorted(kits.glob("*/x64/signtool.exe"))
    return str(found[-1]) if found else dev.stop("signtool was not found: it comes with the Windows SDK.")


def removal(home: PurePath) -> str:
    """The command line that removes the program at `home` without a question and ends when that is done.

    One text, for the quotes that a list of arguments would get around a folder with a space make NSIS read another
    folder: `_?=` stands last and bare.
    """
    return f'"{home / "Uninstall.exe"}" /S _?={home}'


def try_setup(file: Path) -> list[job.Step]:
    """Install as a user does, do the job with what was installed, install over it, and remove it again.

    While either program runs, neither an upgrade nor a removal may touch anything.
    """
    home = Path(os.environ["LOCALAPPDATA"], "Programs", product.NAME)
    command, window = home / f"{product.COMMAND}.exe", home / f"{product.NAME}.exe"

    def install() -> str:
        subprocess.run([file, "/S"], check=True)
        return f"{len(digests(home))} files"

    def refuse() -> str:
        before = digests(home)
        codes = []
        for program in (command, window):
            # Held at its first instruction: it runs for as long as it takes, and does nothing.
            with subprocess.Popen([program], creationflags=SUSPENDED) as held:
                try:
                    codes += [subprocess.run(line, check=False).returncode for line in (f'"{file}" /S', removal(home))]
                finally:
                    held.kill()
            job.expect(digests(home) == before, f"something is changed while {program.name} runs")
        job.expect(0 not in codes, f"the installer or the uninstaller goes on while a program runs: codes {codes}")
        return f"nothing is changed; codes {codes}"

    def remove() -> str:
        subprocess.run(removal(home), check=True)
        left = [each.name for each in home.iterdir()]
        job.expect(left == ["Uninstall.exe"], f"left behind: {', '.join(left)}")
        return "left is the uninstaller alone, which ran"

    return [
        job.tried("installed without a question", install),
        *job.do(command, window, opens=desktop.by_windows),
        job.tried("an upgrade and a removal while a program runs", refuse),
        job.tried("an upgrade", install),
        job.tried("removed", remove),
    ]


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in a folder, by its place in it."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def portable(bundle: Path, out: Path) -> Path:
    """Pack the folder into a zip; its path."""
    out.mkdir(parents=True, exist_ok=True)
    name = f"{product.COMMAND}-{product.version()}-{MACHINE}"
    file = out / f"{name}.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for source in sorted(bundle.rglob("*")):
            if source.is_file():
                packed.write(source, Path(name, source.relative_to(bundle)))
    return file
