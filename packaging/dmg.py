"""The download of macOS: the application in a disk image; signed and notarised where the secrets for it are given.

Without them the application bears PyInstaller's ad hoc signature, and the user allows its first start by hand
(packaging/README.md tells the steps). Not yet proven: it takes a Mac.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import dev
import product
import trial

ENTITLEMENTS = dev.ROOT / "packaging" / "macos" / "entitlements.plist"
NOTARY = ("MACOS_NOTARY_KEY", "MACOS_NOTARY_KEY_ID", "MACOS_NOTARY_ISSUER")  # the file of a key, and whose it is


def build(app: Path, out: Path) -> Path:
    """Put the application into a disk image; its path."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{product.COMMAND}-{product.version()}-macos-{platform.machine()}.dmg"
    file.unlink(missing_ok=True)
    for command in signing(app, os.environ):
        _run(command)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(app, Path(folder, app.name), symlinks=True)
        Path(folder, "Applications").symlink_to("/Applications")
        _run(["hdiutil", "create", "-volname", product.NAME, "-srcfolder", folder, "-fs", "HFS+", "-format", "UDZO",
              str(file)])  # fmt: skip
    for command in notarising(file, os.environ):
        _run(command)
    return file


def try_image(file: Path, report: Path) -> None:
    """Copy the application out of the image, as its user would, and run its self-test."""
    with tempfile.TemporaryDirectory() as folder:
        mounted, copied = Path(folder, "image"), Path(folder, f"{product.NAME}.app")
        _run(["hdiutil", "attach", str(file), "-nobrowse", "-readonly", "-mountpoint", str(mounted)])
        try:
            shutil.copytree(mounted / copied.name, copied, symlinks=True)
        finally:
            _run(["hdiutil", "detach", str(mounted)])
        _run(["codesign", "--verify", "--deep", "--strict", str(copied)])
        trial.self_test(copied / "Contents" / "MacOS" / product.COMMAND, report)


def signing(app: Path, given: Mapping[str, str]) -> list[list[str]]:
    """The commands that check a signed application; PyInstaller signed each part from the inside out by itself.

    None without an identity.
    """
    if not given.get("MACOS_IDENTITY"):
        return []
    identity = given["MACOS_IDENTITY"]
    outermost = ["codesign", "--force", "--timestamp", "--options", "runtime", "--entitlements", str(ENTITLEMENTS),
                 "--sign", identity, str(app)]  # fmt: skip
    return [outermost, ["codesign", "--verify", "--deep", "--strict", str(app)]]


def notarising(file: Path, given: Mapping[str, str]) -> list[list[str]]:
    """The commands that sign the image, have Apple look at it and staple its word to it; none without all secrets."""
    if not given.get("MACOS_IDENTITY") or not all(given.get(name) for name in NOTARY):
        return []
    key, number, issuer = (given[name] for name in NOTARY)
    return [
        ["codesign", "--timestamp", "--sign", given["MACOS_IDENTITY"], str(file)],
        ["xcrun", "notarytool", "submit", str(file), "--key", key, "--key-id", number, "--issuer", issuer, "--wait"],
        ["xcrun", "stapler", "staple", str(file)],
    ]


def _run(command: list[str]) -> None:
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
        dev.stop(f"This step failed: {command[0]} {command[1]}")
