"""What each system is told of the program."""

import configparser
import json
import plistlib
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import product
import pytest

from viewer import __version__


def test_the_version_is_the_programs() -> None:
    assert product.version() == __version__


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("0.1.0", (0, 1, 0, 0)), ("1.2", (1, 2, 0, 0)), ("1.2.3rc4", (1, 2, 3, 0)), ("1.2.3.4.5", (1, 2, 3, 4))],
)
def test_windows_counts_in_four_numbers(text: str, numbers: tuple[int, int, int, int]) -> None:
    assert product.four_numbers(text) == numbers


def test_the_version_data_of_windows_can_be_read() -> None:
    names = ("VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct", "VarFileInfo",
             "VarStruct")  # fmt: skip
    told = eval(  # noqa: S307 (PyInstaller reads it the same way)
        product.version_resource(), {name: lambda *given, _name=name, **named: (_name, given, named) for name in names}
    )
    assert told[0] == "VSVersionInfo"
    assert f"'ProductVersion', '{__version__}'" in product.version_resource()


@pytest.mark.parametrize(
    ("text", "told"),
    [("0.1.0", "0.1.0"), ("1.2", "1.2.0"), ("1.2.3rc4", "1.2.3fc4"), ("1.2.3b1", "1.2.3b1"), ("1.2.3.4", "1.2.3")],
)
def test_macos_counts_in_three_numbers_and_a_stage(text: str, told: str) -> None:
    assert product.macos_version(text) == told


def test_a_version_that_macos_cannot_compare_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot compare"):
        product.macos_version("1.2.dev3")


def test_macos_is_told_of_links_answers_and_languages() -> None:
    told = plistlib.loads(plistlib.dumps(product.info_plist()))
    assert told["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["olv"]
    kind = told["CFBundleDocumentTypes"][0]
    assert kind["LSItemContentTypes"] == ["public.json"], "an ending of two parts matches no file"
    assert "CFBundleTypeExtensions" not in kind
    assert (kind["CFBundleTypeRole"], kind["LSHandlerRank"]) == ("Viewer", "Alternate")
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["CFBundleShortVersionString"])
    assert told["CFBundleVersion"] == product.macos_version(__version__)
    assert told["CFBundleLocalizations"] == ["en", "ru"]
    assert told["NSHighResolutionCapable"] is True


def test_the_menu_entry_of_linux_opens_what_it_is_given() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read_string(product.desktop_entry())
    told = entry["Desktop Entry"]
    assert told["Exec"] == "openlines-viewer open %U"
    assert "x-scheme-handler/olv;" in told["MimeType"]
    assert product.MIME in told["MimeType"]
    assert "application/json;" not in told["MimeType"], "no file is taken from another program"
    assert told["Comment[ru]"].startswith("Чтение")


def test_the_window_names_the_menu_entry_that_it_belongs_to() -> None:
    text = (product.ROOT / "viewer" / "ui" / "application.py").read_text(encoding="utf-8")
    assert f'setDesktopFileName("{product.IDENTIFIER}")' in text


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-utils")
def test_the_menu_entry_is_as_the_desktops_agreed(tmp_path: Path) -> None:
    file = tmp_path / f"{product.IDENTIFIER}.desktop"
    file.write_text(product.desktop_entry(), encoding="utf-8")
    done = subprocess.run(["desktop-file-validate", file], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_software_centres_are_told_in_both_languages() -> None:
    told = ET.fromstring(product.metainfo(date(2026, 11, 27)).encode())  # noqa: S314 (it is our own)
    assert told.findtext("id") == product.IDENTIFIER
    assert told.findtext("launchable") == f"{product.IDENTIFIER}.desktop"
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    for tag in ("summary", "description/p"):
        texts = told.findall(tag)
        assert [each.get(language) for each in texts] == [None, "ru"] * (len(texts) // 2)
        assert texts
    release = told.find("releases/release")
    assert release is not None
    assert (release.get("version"), release.get("date")) == (__version__, "2026-11-27")
    assert [each.text for each in told.findall("provides/mediatype")] == [product.MIME, "x-scheme-handler/olv"]
    assert told.find("screenshots") is None, "a picture takes an address"


@pytest.mark.skipif(not shutil.which("appstreamcli"), reason="appstream")
@pytest.mark.parametrize("pictures", ["", "https://example.org/pictures/"])
def test_the_software_centres_find_no_fault(pictures: str, tmp_path: Path) -> None:
    file = tmp_path / f"{product.IDENTIFIER}.metainfo.xml"
    file.write_text(product.metainfo(date(2026, 11, 27), pictures), encoding="utf-8")
    done = subprocess.run(["appstreamcli", "validate", "--no-net", "--pedantic", file], capture_output=True,
                          encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert not re.search(r"^[EWI]:", done.stdout, re.MULTILINE), done.stdout


def test_saved_answers_are_a_kind_of_json() -> None:
    kind = ET.fromstring(product.mime_types().encode())[0]  # noqa: S314 (it is our own)
    assert kind.get("type") == product.MIME
    named = {child.tag.rpartition("}")[2]: child for child in kind}
    assert named["glob"].get("pattern") == "*.olv.json"
    assert named["sub-class-of"].get("type") == "application/json"


FLATPAK = product.ROOT / "packaging" / "flatpak" / f"{product.IDENTIFIER}.yml"


def test_the_flatpak_is_made_of_this_versions_archive_and_sees_no_file_by_itself() -> None:
    text = FLATPAK.read_text(encoding="utf-8")
    assert f"\nid: {product.IDENTIFIER}\n" in text
    assert f"dist/{product.COMMAND}-{__version__}-linux-x86_64.tar.xz\n" in text
    assert "--filesystem" not in text, "what the user chooses comes by the portal"
    assert "://" not in text


@pytest.mark.skipif(not shutil.which("flatpak-builder"), reason="flatpak-builder")
def test_the_flatpak_can_be_read(tmp_path: Path) -> None:
    done = subprocess.run(["flatpak-builder", "--show-manifest", FLATPAK], cwd=tmp_path, capture_output=True,
                          encoding="utf-8", check=True)  # fmt: skip
    told = json.loads(done.stdout)
    assert told["id"] == product.IDENTIFIER
    assert told["command"] == product.COMMAND
