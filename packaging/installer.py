"""The two downloads of Windows: an installer for one user, and a folder in a zip that needs no installation.

The installer is compiled by NSIS, which also runs on Linux: there the script is checked on a stand-in for the program.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import dev
import product
import trial

SCRIPT = dev.ROOT / "packaging" / "windows" / "setup.nsi"
MACHINE = "win64"
TIMESTAMPS = "http://timestamp.digicert.com"  # so that a signature outlives its certificate


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
    done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
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


def try_setup(file: Path, report: Path) -> None:
    """Install without a question, run the self-test of what was installed, install over it, and remove it again."""
    home = Path(os.environ["LOCALAPPDATA"], "Programs", product.NAME)
    for _time in ("first", "upgrade"):
        subprocess.run([file, "/S"], check=True)
        trial.self_test(home / f"{product.NAME}.exe", report)
    subprocess.run([home / "Uninstall.exe", "/S", f"_?={home}"], check=True)  # _?= keeps it from leaving a copy behind
    left = [each.name for each in home.iterdir() if each.name != "Uninstall.exe"]
    if left:
        dev.stop(f"The uninstaller left {', '.join(left)}.")


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
