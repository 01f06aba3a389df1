"""The download of macOS: the application in a disk image; signed and notarised where the secrets for it are given.

Without them the application bears PyInstaller's ad hoc signature, and the user allows its first start by hand
(packaging/README.md tells the steps). Not yet proven: it takes a Mac.

The application is notarised by itself and bears Apple's word before it goes into the image, for its user drags it out
of there and may start it without a network; the image is what he downloads and opens, so it bears its own.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import desktop
import dev
import job
import product

ENTITLEMENTS = dev.ROOT / "packaging" / "macos" / "entitlements.plist"
NOTARY = ("MACOS_NOTARY_KEY", "MACOS_NOTARY_KEY_ID", "MACOS_NOTARY_ISSUER")  # the file of a key, and whose it is
SERVICES = "/System/Library/Frameworks/CoreServices.framework/Frameworks/LaunchServices.framework"
REGISTER = f"{SERVICES}/Support/lsregister"  # tells Launch Services of an application
PAUSES = (5.0, 10.0, 20.0, 40.0)  # seconds before a step is tried again
# What ends by itself: the indexer of macOS looks into an image that was just made or mounted (hdiutil), and Apple's
# word on a file spreads to its servers a little after it was given (stapler).
PASSING = {"hdiutil": ("resource busy",), "stapler": ("error 65", "record not found")}


def build(app: Path, out: Path) -> Path:
    """Put the application into a disk image; its path."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{product.COMMAND}-{product.version()}-macos-{platform.machine()}.dmg"
    run_all(signing(app, os.environ))
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder, f"{app.name}.zip")
        if notary(os.environ):
            run(["ditto", "-c", "-k", "--keepParent", str(app), str(packed)])
            notarise(packed, app, os.environ)
        image = Path(folder, "image")
        image.mkdir()
        run(["ditto", str(app), str(image / app.name)])  # with all that a signature covers
        (image / "Applications").symlink_to("/Applications")
        run(["hdiutil", "create", "-volname", product.NAME, "-srcfolder", str(image), "-fs", "HFS+", "-format", "UDZO",
             "-ov", str(file)])  # fmt: skip
    run_all(sealing(file, os.environ))
    if notary(os.environ):
        notarise(file, file, os.environ)
    run_all(assessing(app, file, os.environ))
    return file


def try_image(file: Path) -> list[job.Step]:
    """Copy the application out of the image, as its user would, and do the job with it."""
    with tempfile.TemporaryDirectory() as folder:
        mounted, copied = Path(folder, "image"), Path(folder, f"{product.NAME}.app")
        run(["hdiutil", "attach", str(file), "-nobrowse", "-readonly", "-mountpoint", str(mounted)])
        try:
            run(["ditto", str(mounted / copied.name), str(copied)])
        finally:
            run(["hdiutil", "detach", str(mounted)])
        run(["codesign", "--verify", "--deep", "--strict", str(copied)])
        run_all(assessing(copied, file, os.environ))
        run([REGISTER, "-f", str(copied)])  # as the Finder does with what is dragged into a folder of applications
        return job.do(copied / "Contents" / "MacOS" / product.COMMAND, opens=desktop.by_macos)


def signing(app: Path, given: Mapping[str, str]) -> list[list[str]]:
    """The commands that sign the application; PyInstaller signed each part from the inside out by itself.

    None without an identity.
    """
    if not given.get("MACOS_IDENTITY"):
        return []
    outermost = ["codesign", "--force", "--timestamp", "--options", "runtime", "--entitlements", str(ENTITLEMENTS),
                 "--sign", given["MACOS_IDENTITY"], str(app)]  # fmt: skip
    return [outermost, ["codesign", "--verify", "--deep", "--strict", str(app)]]


def sealing(file: Path, given: Mapping[str, str]) -> list[list[str]]:
    """The commands that sign the image; none without an identity."""
    if not given.get("MACOS_IDENTITY"):
        return []
    return [["codesign", "--timestamp", "--sign", given["MACOS_IDENTITY"], str(file)],
            ["codesign", "--verify", "--strict", str(file)]]  # fmt: skip


def notary(given: Mapping[str, str]) -> list[str]:
    """How Apple's notary is told who asks; nothing without all secrets, and without a signature to look at."""
    if not given.get("MACOS_IDENTITY") or not all(given.get(name) for name in NOTARY):
        return []
    key, number, issuer = (given[name] for name in NOTARY)
    return ["--key", key, "--key-id", number, "--issuer", issuer]


def notarise(sent: Path, stapled: Path, given: Mapping[str, str]) -> None:
    """Have Apple look at a file and staple its word to what that file is, or holds; the build ends where it refuses."""
    who = notary(given)
    answer = run(["xcrun", "notarytool", "submit", str(sent), *who, "--wait", "--output-format", "json"])
    number, status = verdict(answer)
    if status != "Accepted":
        if number:
            dev.say(run(["xcrun", "notarytool", "log", number, *who]))
        dev.stop(f"Apple's notary does not accept {sent.name}: {status or answer.strip()[:500] or 'no answer'}")
    run_all([["xcrun", "stapler", "staple", str(stapled)], ["xcrun", "stapler", "validate", str(stapled)]])


def verdict(answer: str) -> tuple[str, str]:
    """The number and the status in an answer of the notary, each "" where it has none; its exit code tells neither."""
    try:
        told = json.loads(answer)
    except ValueError:
        return "", ""
    if not isinstance(told, dict):
        return "", ""
    return str(told.get("id") or ""), str(told.get("status") or "")


def assessing(app: Path, file: Path, given: Mapping[str, str]) -> list[list[str]]:
    """The commands that ask macOS whether it lets a user start the application and open the image.

    None without a notary: macOS refuses an application that it does not know, until its user allows it.
    """
    if not notary(given):
        return []
    return [
        ["xcrun", "stapler", "validate", str(app)],
        ["spctl", "--assess", "-vv", "--type", "execute", str(app)],
        ["spctl", "--assess", "-vv", "--type", "open", "--context", "context:primary-signature", str(file)],
    ]


def run_all(commands: list[list[str]]) -> None:
    """Run commands one after another; the first that fails ends the build."""
    for command in commands:
        run(command)


def run(command: list[str]) -> str:
    """Run a step, again after a pause where what stood in its way ends by itself; what it printed.

    The build ends where it fails, but for the notary, whose answer tells more than its exit code.
    """
    pauses = iter(PAUSES)
    while True:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
                              errors="replace", check=False)  # fmt: skip
        if not done.returncode or command[:2] == ["xcrun", "notarytool"]:
            return done.stdout
        told = f"{done.stdout}{done.stderr}".strip()
        pause = next(pauses, None) if passes(command, told) else None
        if pause is None:
            dev.stop(f"This step failed with code {done.returncode}: {' '.join(command[:3])}\n{told[-3000:]}")
        dev.say(f"{' '.join(command[:2])}: {told[-200:]}; again in {pause:.0f} s")
        time.sleep(pause)


def passes(command: list[str], told: str) -> bool:
    """Whether what a failed step says ends by itself."""
    reasons = [reason for name in command[:2] for reason in PASSING.get(name, ())]
    return any(reason in told.lower() for reason in reasons)
