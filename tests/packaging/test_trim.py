"""What goes into a bundle and what stays out."""

import pytest
import trim

from viewer import modules
from viewer.modules import Import


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6\\plugins\\imageformats\\qjpeg.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/plugins/imageformats/libqwebp.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/translations/qtbase_ru.qm",
        "viewer/resources/locale/ru/LC_MESSAGES/viewer.mo",
        "viewer/demo/conversations/ru_90.txt",
        "libssl.so.3",
        "libxcb-cursor.so.0",
        "PySide6/Qt6Core.dll",
        "PySide6/Qt6Network.dll",
        "PySide6/Qt/lib/libQt6PrintSupport.so.6",
        "PIL/_imaging.cpython-311-x86_64-linux-gnu.so",
        "PySide6/Qt/lib/libQt6OpenGL.so.6",
    ],
)
def test_what_is_used_goes_in(place: str) -> None:
    assert trim.wanted(place)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/plugins/imageformats/qtiff.dll",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/translations/qt_ru.qm",
        "viewer/resources/locale/ru/LC_MESSAGES/viewer.po",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/opengl32sw.dll",
        "icuuc.dll",
        "libX11.so.6",
        "libstdc++.so.6",
        "libxcb.so.1",
        "libfontconfig.so.1",
    ],
)
def test_what_is_not_used_stays_out(place: str) -> None:
    assert not trim.wanted(place)


def test_only_what_is_asked_for_is_reached() -> None:
    files = {
        "PySide6/QtGui.abi3.so": "gui",
        "PySide6/Qt/lib/libQt6Gui.so.6": "qtgui",
        "libicu.so.73": "icu",
        "PySide6/Qt/plugins/platforms/libqxcb.so": "xcb",
        "libxcb-cursor.so.0": "cursor",
        "libgtk-3.so.0": "gtk",
        "libcairo.so.2": "cairo",
        "libpython3.11.so.1.0": "python",
    }
    asks = {"gui": ["libQt6Gui.so.6", "libc.so.6"], "qtgui": ["libicu.so.73"], "xcb": ["libxcb-cursor.so.0"],
            "gtk": ["libcairo.so.2"], "cairo": ["libgtk-3.so.0"]}  # fmt: skip
    kept = trim.reached(files, lambda source: asks.get(source, []))
    assert set(files) - kept == {"libgtk-3.so.0", "libcairo.so.2"}


def test_every_keyring_and_trust_store_is_brought_in() -> None:
    for system in ("SecretService", "Windows", "macOS"):
        assert f"keyring.backends.{system}" in trim.BROUGHT_IN
    for system in ("_openssl", "_windows", "_macos"):
        assert f"truststore.{system}" in trim.BROUGHT_IN
    assert not set(trim.LEFT_OUT) & set(trim.BROUGHT_IN)


# --- what the program imports ---


def test_every_import_of_the_program_is_found() -> None:
    found = modules.everything()
    asked = {each.module for each in found} | {f"{each.module}.{each.name}" for each in found}
    assert {"PIL.Image", "PySide6.QtPrintSupport", "typst", "keyring", "viewer.cli.exporting"} <= asked
    assert Import("PIL", "Image", "viewer.export.pictures") in found, "late imports stand within functions"


def test_an_import_below_hundreds_of_constants_is_found() -> None:
    above = "".join(f"number_{each} = {each}.5\n" for each in range(300))
    code = compile(f"{above}from late.one import two\nimport three.four as five\n", "m", "exec")
    assert modules.imports([("m", code)]) == {Import("late.one", "two", "m"), Import("three.four", "", "m")}


def test_nothing_that_the_program_imports_is_left_out_of_a_bundle() -> None:
    assert trim.left_out_though_imported(modules.everything()) == []


@pytest.mark.parametrize("left", ["PIL", "PySide6.QtPrintSupport", "viewer.export.pictures"])
def test_an_import_that_is_left_out_is_named(monkeypatch: pytest.MonkeyPatch, left: str) -> None:
    monkeypatch.setattr(trim, "LEFT_OUT", [*trim.LEFT_OUT, left])
    found = trim.left_out_though_imported(modules.everything())
    assert found
    assert all(f"{each.module}.{each.name}".startswith(left) for each in found)


def test_an_import_that_is_not_in_the_bundle_is_named() -> None:
    asked = [Import("PIL", "Image", "a"), Import("PySide6.QtGui", "QImage", "b"), Import("json", "", "c")]
    assert trim.missing(asked, {"PIL", "PIL.Image"}, ["PySide6/QtGui.abi3.so"]) == []
    assert trim.missing(asked, {"PIL"}, ["PySide6\\\\QtGui.pyd".replace("\\\\\\\\", "\\\\")]) == []
    assert trim.missing(asked, {"json"}, ["PySide6/QtCore.abi3.so"]) == asked[:2]


def test_an_import_that_fails_says_why() -> None:
    assert Import("json", "loads", "a").fails() == ""
    assert Import("msvcrt", "", "a").fails() == Import("fcntl", "", "a").fails() == "", "each on its own system"
    assert "no_such_module" in Import("no_such_module", "", "a").fails()
    assert Import("json", "nothing_like_it", "a").fails().startswith("ModuleNotFoundError")
