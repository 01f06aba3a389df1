"""What each system is told of the program."""

import configparser
import plistlib
import re
import xml.etree.ElementTree as ET

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
    assert told["Exec"] == "openlines-viewer open %u"
    assert "x-scheme-handler/olv;" in told["MimeType"]
    assert product.MIME in told["MimeType"]
    assert "application/json;" not in told["MimeType"], "no file is taken from another program"
    assert told["Comment[ru]"].startswith("Чтение")


def test_saved_answers_are_a_kind_of_json() -> None:
    kind = ET.fromstring(product.mime_types().encode())[0]  # noqa: S314 (it is our own)
    assert kind.get("type") == product.MIME
    named = {child.tag.rpartition("}")[2]: child for child in kind}
    assert named["glob"].get("pattern") == "*.olv.json"
    assert named["sub-class-of"].get("type") == "application/json"
