"""The build's parts: pins, licences, packages, pictures of a screen. `build.py check` tries the bundle itself."""

import hashlib
import os
import re
import shutil
import struct
import subprocess
import sys
import tomllib
import zipfile
from contextlib import suppress
from importlib import metadata
from pathlib import Path, PureWindowsPath

import build
import deb
import desktop
import framebuffer
import icons
import installer
import notices
import product
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[2]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="packages of Linux")


# --- the pins ---


def pinned() -> dict[str, str]:
    text = build.PINS.read_text(encoding="utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"^(\S+?)==(\S+)", text, re.MULTILINE)}


def test_every_file_of_the_build_has_digests_and_no_address() -> None:
    text = build.PINS.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.partition("\n")[2])
    assert len(blocks) > 30
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text


SYSTEMS = {"linux": ("posix", "Linux"), "win32": ("nt", "Windows"), "darwin": ("posix", "Darwin")}


@pytest.mark.parametrize("python", ["3.11", "3.13"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_dependency_is_in_the_bundle_of_every_system(system: str, python: str) -> None:
    """A dependency that the pins leave out is missing in the bundle: tzdata was, and no zone had a name on Windows."""
    os_name, platform = SYSTEMS[system]
    there = {"sys_platform": system, "os_name": os_name, "platform_system": platform, "python_version": python,
             "python_full_version": f"{python}.0", "platform_python_implementation": "CPython",
             "implementation_name": "cpython", "extra": ""}  # fmt: skip
    lines = re.findall(r"^(\S[^\\\n]*)", build.PINS.read_text(encoding="utf-8").partition("\n")[2], re.MULTILINE)
    held = [each for each in map(Requirement, lines) if each.marker is None or each.marker.evaluate(there)]
    pinned = {canonicalize_name(each.name): next(iter(each.specifier)).version for each in held}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, seen = [*project["dependencies"], *project["optional-dependencies"]["build"]], set()
    while waiting:
        wanted = Requirement(waiting.pop())
        name = canonicalize_name(wanted.name)
        if name in seen or (wanted.marker is not None and not wanted.marker.evaluate(there)):
            continue
        seen.add(name)
        assert name in pinned, f"{name} is missing in requirements-build.txt for {system}"
        assert wanted.specifier.contains(pinned[name]), f"{name} {pinned[name]} is not {wanted.specifier}"
        with suppress(metadata.PackageNotFoundError):  # of another system: its own needs are not known here
            if metadata.version(name) == pinned[name]:  # nor are those of another version
                waiting += metadata.requires(name) or []
    assert len(seen) > 15
    assert ("tzdata" in seen) is (system == "win32")


def test_the_build_takes_the_versions_that_were_tested() -> None:
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    tested = dict(line.split("==") for line in lines if "==" in line)
    wanted = {canonicalize_name(name): version for name, version in tested.items()}
    found = pinned()
    assert {name for name, version in found.items() if name in wanted and wanted[name] != version} == set()
    assert {"pyside6-essentials", "pyinstaller", "pillow", "typst", "keyring"} <= set(found)


# --- licences ---


def test_every_part_has_its_licence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_BUILD_ONLY", {*notices._BUILD_ONLY, "pyinstaller"})  # only the build has it
    names = notices.gather(tmp_path / "licences")
    assert {"httpx 0.28.1", "keyring 25.7.0"} <= set(names)
    qt = next((tmp_path / "licences").glob("pyside6-essentials-*"))
    assert {file.name for file in qt.iterdir()} >= {"Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt"}
    assert (tmp_path / "licences" / "fonts" / "OFL.txt").is_file()
    assert (tmp_path / "licences" / "python" / "LICENSE.txt").is_file()
    table = (tmp_path / "licences" / "NOTICES.txt").read_text(encoding="utf-8")
    assert "LGPL-3.0-only" in table
    assert "pytest" not in table, "only what is shipped"


def test_a_part_without_a_licence_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "TEXTS", {})
    brought = notices.licence_files
    monkeypatch.setattr(notices, "licence_files", lambda part: [] if "PySide6" in part.name else brought(part))
    with pytest.raises(ValueError, match="no licence text of pyside6"):
        notices.gather(tmp_path / "licences")


# --- Linux ---


@linux_only
def test_the_libraries_of_a_program_become_packages(tmp_path: Path) -> None:
    shutil.copy(shutil.which("bash") or "/bin/bash", tmp_path / "program")
    (tmp_path / "text").write_text("no program", encoding="utf-8")
    assert [file.name for file in deb.programs(tmp_path)] == ["program"]
    assert all(name.startswith("libtinfo") for name in deb.needed(tmp_path)), "the C library is everywhere"
    (tmp_path / "libtinfo.so.6").write_text("", encoding="utf-8")
    assert deb.needed(tmp_path) == set(), "what is carried is not asked for"
    assert deb.oldest_libc(tmp_path).startswith("2.")


def test_packages_are_named_once_and_a_stranger_stops_the_build() -> None:
    names = deb.packages({"libX11.so.6", "libX11-xcb.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0"})
    assert names == ["libglib2.0-0", "libx11-6", "libx11-xcb1"]
    with pytest.raises(KeyError):
        deb.packages({"libnobody.so.1"})


def test_the_head_of_the_package_names_what_it_needs() -> None:
    told = deb.control(["libegl1"], 1234, "2.35", "amd64")
    assert "Depends: libc6 (>= 2.35), ca-certificates, libegl1\n" in told
    assert f"Version: {product.version()}\n" in told
    assert told.endswith("\n")
    long = told.partition("Description: ")[2].splitlines()[1:]
    assert all(line.startswith(" ") and len(line) <= 80 for line in long), "Debian reads no other long description"


@linux_only
@pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="the tools of Debian")
def test_a_package_and_an_archive_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    bundle, made = tmp_path / "dist" / "bundle", tmp_path / "made"
    (bundle / "_internal" / "licences").mkdir(parents=True)
    (bundle / "_internal" / "licences" / "NOTICES.txt").write_text("all", encoding="utf-8")
    shutil.copy(shutil.which("true") or "/bin/true", bundle / product.COMMAND)
    made.mkdir()
    for name in (*(f"{size}.png" for size in deb.PICTURES), "app.svg"):
        (made / name).write_text(name, encoding="utf-8")
    digests = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        files = [pack(bundle, made, tmp_path / name, "1767225600") for pack in (deb.package, deb.tarball)]
        digests.append([hashlib.sha256(file.read_bytes()).hexdigest() for file in files])
        os.utime(bundle / product.COMMAND, (1, 1))
    assert digests[0] == digests[1]
    listing = subprocess.run(["dpkg-deb", "-c", files[0]], capture_output=True, encoding="utf-8", check=True).stdout
    for place in ("usr/bin/openlines-viewer -> ../lib", "usr/share/applications/app.openlines.viewer.desktop",
                  "usr/share/mime/packages/app.openlines.viewer.xml", "hicolor/scalable/apps/app.openlines.viewer.svg",
                  "usr/share/metainfo/app.openlines.viewer.metainfo.xml",
                  "usr/share/doc/openlines-viewer/copyright"):  # fmt: skip
        assert place in listing
    assert all(line.split()[1] == "root/root" for line in listing.splitlines())


# --- Windows and macOS, as far as this machine goes ---


@pytest.mark.skipif(not shutil.which("makensis"), reason="NSIS")
def test_the_installer_compiles_without_a_warning(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    (bundle / "_internal").mkdir(parents=True)
    (bundle / f"{product.NAME}.exe").write_bytes(b"MZ")
    icon = QImage(16, 16, QImage.Format.Format_ARGB32)
    icon.fill(0xFF0B6A75)
    assert icon.save(str(tmp_path / "app.ico"))
    file = installer.setup(bundle, tmp_path / "out", tmp_path)
    assert file.read_bytes()[:2] == b"MZ"
    assert file.name == f"openlines-viewer-{product.version()}-win64-setup.exe"


def test_the_installer_asks_for_no_rights_and_takes_back_what_it_wrote() -> None:
    text = installer.SCRIPT.read_text(encoding="utf-8")
    install, uninstall = text.split('Section "Uninstall"')
    assert "RequestExecutionLevel user" in install
    assert "HKLM" not in text
    written = set(re.findall(r'WriteReg\w+ HKCU "([^"]+)" "([^"]*)"', install))
    gone = re.findall(r'DeleteRegKey HKCU "([^"]+)"', uninstall)
    values = set(re.findall(r'DeleteRegValue HKCU "([^"]+)" "([^"]+)"', uninstall))
    assert len(written) > 20
    kept = {(key, name) for key, name in written if not any(f"{key}\\".startswith(f"{each}\\") for each in gone)}
    opened = {("${CLASSES}\\.json", "")}  # the double click, where no program had it, goes where it is still ours
    assert kept - opened == values, "what is in a key of others goes alone"
    assert opened <= kept
    assert '${If} $0 == "${PROGID}"\n      DeleteRegValue HKCU "${CLASSES}\\.json" ""' in uninstall
    assert 'RMDir /r "$INSTDIR"' not in text, "a folder of the user's may hold files of his own"


def test_every_word_of_the_installer_is_in_both_languages() -> None:
    text = installer.SCRIPT.read_text(encoding="utf-8")
    words = re.findall(r"LangString (\w+) \$\{LANG_(\w+)\}", text)
    assert {word for word, language in words if language == "ENGLISH"} == {
        word for word, language in words if language == "RUSSIAN"
    }
    assert {word for word, _language in words} == set(re.findall(r"\$\(([A-Z]+)\)", text))


def test_the_uninstaller_is_told_its_folder_bare_and_last() -> None:
    line = installer.removal(PureWindowsPath("C:/Users/Марина/Programs/Open Lines Viewer"))
    assert line == (
        r'"C:\Users\Марина\Programs\Open Lines Viewer\Uninstall.exe" /S _?=C:\Users\Марина\Programs\Open Lines Viewer'
    )


def test_a_zip_holds_the_folder_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "bundle" / "_internal").mkdir(parents=True)
    (tmp_path / "bundle" / "_internal" / "a.dll").write_text("a", encoding="utf-8")
    file = installer.portable(tmp_path / "bundle", tmp_path)
    assert zipfile.ZipFile(file).namelist() == [f"openlines-viewer-{product.version()}-win64/_internal/a.dll"]


def test_nothing_is_signed_without_secrets(tmp_path: Path) -> None:
    installer.sign([tmp_path / "none.exe"], {})


# --- pictures ---


def test_the_icon_is_drawn(tmp_path: Path) -> None:
    icons.draw(64, tmp_path / "64.png")
    picture = QImage(str(tmp_path / "64.png"))
    assert (picture.width(), picture.height()) == (64, 64)
    assert picture.pixelColor(32, 4).name() == "#0b6a75"
    assert picture.pixelColor(0, 0).alpha() == 0


def dump(width: int, height: int, pixels: bytes) -> bytes:
    """An X window dump with one colour in its table."""
    head = [0] * 25
    head[0], head[4], head[5], head[12], head[19] = 104, width, height, 4 * width, 1
    return struct.pack(">25I", *head) + bytes(4) + bytes(12) + pixels


def test_a_picture_of_the_screen_is_read(tmp_path: Path) -> None:
    blue, red = b"\xff\x00\x00\x00", b"\x00\x00\xff\x00"
    file = tmp_path / "screen"
    file.write_bytes(dump(2, 1, blue + red))
    assert framebuffer.picture(file.read_bytes()) == (2, 1, b"\x00\x00\xff\xff\x00\x00")
    assert not framebuffer.is_blank(file)
    shown = QImage.fromData(framebuffer.png(*framebuffer.picture(file.read_bytes())))
    assert [shown.pixelColor(x, 0).name() for x in (0, 1)] == ["#0000ff", "#ff0000"]
    file.write_bytes(dump(2, 1, blue + blue))
    assert framebuffer.is_blank(file)


def test_a_trial_sees_nothing_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("OPENLINES_WEBHOOK", "secret")
    seen = desktop.clean(tmp_path / "home", DISPLAY=":7")
    assert seen["DISPLAY"] == ":7"
    assert not {"PYTHONPATH", "OPENLINES_WEBHOOK", "VIRTUAL_ENV"} & set(seen) or sys.platform == "win32"


def test_a_failed_self_test_ends_the_build(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):  # Python knows no file "self-test"
        desktop.self_test([sys.executable], tmp_path / "report.json", desktop.clean(tmp_path / "home"))


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--help"]) == 0
    told = capsys.readouterr().out
    for command in ("bundle", "package", "check", "wheel", "trial", "installed", "libraries", "sums", "pins"):
        assert f"build.py {command}" in told
    assert build.main(["nonsense"]) == 2
