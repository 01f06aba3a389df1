"""What a bundle is made of: which parts of Qt and of the build machine stay out of it, and which modules go in.

The names are those of PyInstaller's tables: the file's place in the bundle, with forward slashes on every system.
"""

from __future__ import annotations

import fnmatch
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from viewer.modules import Import

# Modules that nothing of ours asks for, but that a library imports when it finds them. Where one of ours asks for one
# of these, the build ends (`left_out_though_imported`).
LEFT_OUT = [
    "_tkinter", "curses", "distutils", "doctest", "ensurepip", "httpx._main", "idlelib", "lib2to3", "numpy",
    "pip", "pydoc", "pygments", "readline", "rich", "setuptools", "tkinter", "turtledemo", "unittest", "click",
    *(f"PySide6.Qt{name}" for name in (
        "Concurrent", "Designer", "Help", "OpenGL", "OpenGLWidgets", "Qml", "Quick",
        "QuickControls2", "QuickTest", "QuickWidgets", "Sql", "UiTools", "Xml")),
    # Pillow reads and writes PNG, JPEG, GIF and WebP for us: no AVIF (5 MB), no letters, no colour profiles, no window.
    *(f"PIL.{name}" for name in (
        "AvifImagePlugin", "ImageCms", "ImageFont", "ImageMath", "ImageMorph", "ImageQt", "ImageTk", "_avif",
        "_imagingcms", "_imagingft", "_imagingmath", "_imagingmorph", "_imagingtk")),
]  # fmt: skip

# Modules that are found by name while the program runs.
BROUGHT_IN = [
    "keyring.backends.SecretService", "keyring.backends.Windows", "keyring.backends.chainer", "keyring.backends.fail",
    "keyring.backends.macOS", "keyring.backends.null", "truststore._macos", "truststore._openssl",
    "truststore._windows",
]  # fmt: skip

# Packages whose version the diagnostics and the report of a crash name, and whose entry points are looked up.
NAMED = ["PySide6-Essentials", "httpx", "keyring", "markdown-it-py", "pillow", "truststore", "typst", "XlsxWriter"]

# Plug-ins of Qt that are of use, by their folder; every folder that is not named here goes.
_PLUGINS = {
    "iconengines": ("*svgicon*",),
    "imageformats": ("*qgif*", "*qico*", "*qjpeg*", "*qsvg*", "*qwebp*"),
    "platforminputcontexts": ("*compose*", "*ibus*"),
    "platforms": ("*qcocoa*", "*qminimal.*", "*qoffscreen*", "*qwayland*", "*qwindows*", "*qxcb*"),
    "platformthemes": ("*xdgdesktopportal*",),  # never qgtk3: it draws in GTK of the build machine
    "styles": ("*",),
    "wayland-decoration-client": ("*adwaita*", "*bradient*"),
    "wayland-graphics-integration-client": ("*wayland-egl*",),
    "wayland-shell-integration": ("*xdg-shell*",),
}
_LANGUAGES = ("qtbase_en.qm", "qtbase_ru.qm")

# Parts of Qt that nothing of ours asks for, and what Windows brings itself.
_PARTS = (
    "*Qt6Designer*", "*Qt6Pdf*", "*Qt6Qml*", "*Qt6Quick*", "*Qt6Sql*",
    "*Qt6VirtualKeyboard*", "QtPdf", "QtQml", "QtQmlModels", "QtQuick", "QtVirtualKeyboard",
    "opengl32sw.dll", "d3dcompiler*.dll", "icuuc*.dll", "icudt*.dll", "icuin*.dll",
)  # fmt: skip

# Libraries of Linux that every desktop has, in a version that fits its screen and its fonts: not to be carried along.
# Those of the xcb-util family are carried: many desktops lack them, and they depend on nothing.
_OF_THE_SYSTEM = (
    "libEGL.so*", "libGL.so*", "libGLX.so*", "libGLdispatch.so*", "libX11*.so*", "libXau.so*", "libXdmcp.so*",
    "libblkid.so*", "libbrotli*.so*", "libbsd.so*", "libcom_err.so*", "libdbus-1.so*", "libexpat.so*",
    "libfontconfig.so*", "libfreetype.so*", "libgcc_s.so*", "libgcrypt.so*", "libgio-2.0.so*", "libglib-2.0.so*",
    "libgmodule-2.0.so*", "libgobject-2.0.so*", "libgpg-error.so*", "libgssapi_krb5.so*", "libgthread-2.0.so*",
    "libk5crypto.so*", "libkeyutils.so*", "libkrb5*.so*", "liblz4.so*", "libmd.so*", "libmount.so*", "libpcre*.so*",
    "libpng*.so*", "libselinux.so*", "libstdc++.so*", "libsystemd.so*", "libwayland-*.so*", "libxcb.so*",
    "libxcb-randr.so*", "libxcb-render.so*", "libxcb-shape.so*", "libxcb-shm.so*",
    "libxcb-sync.so*", "libxcb-xfixes.so*", "libxcb-xkb.so*", "libxkbcommon*.so*", "libzstd.so*", "libcap.so*",
)  # fmt: skip


def left_out_though_imported(imports: Iterable[Import]) -> list[Import]:
    """The imports of the program that would fail in a bundle, since `LEFT_OUT` names what they ask for."""
    left_out = tuple(LEFT_OUT)
    asked = ((each, (each.module, f"{each.module}.{each.name}")) for each in imports)
    return sorted(
        each
        for each, names in asked
        if any(name == left or name.startswith(f"{left}.") for name in names for left in left_out)
    )


def missing(imports: Iterable[Import], modules: Iterable[str], places: Iterable[str]) -> list[Import]:
    """The imports of the program whose module is in a bundle neither as Python nor as a library.

    `modules` are named with dots, `places` are those of the files. What Python itself brings is not looked for.
    """
    there = {*modules, *(PurePosixPath(place.replace("\\", "/")).as_posix().partition(".")[0] for place in places)}
    return sorted(
        each
        for each in imports
        if each.module.partition(".")[0] not in sys.stdlib_module_names
        and not {each.module, each.module.replace(".", "/")} & there
    )


def wanted(place: str) -> bool:
    """Whether the file that would stand at this place of the bundle is of use there."""
    path = PurePosixPath(place.replace("\\", "/"))
    name = path.name
    if any(fnmatch.fnmatchcase(name, pattern) for pattern in (*_PARTS, *_OF_THE_SYSTEM)):
        return False
    if "plugins" in path.parts and "PySide6" in path.parts:
        kinds = _PLUGINS.get(path.parts[path.parts.index("plugins") + 1], ())
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in kinds)
    if path.suffix == ".qm":
        return name in _LANGUAGES
    return path.suffix not in (".po", ".pyi")


def reached(files: Mapping[str, str], asked: Callable[[str], Iterable[str]]) -> set[str]:
    """The places of a bundle that are needed: every module and plug-in, and the libraries that they ask for in turn.

    `files` holds the source of each place; `asked` tells the names of the libraries that a source asks for. What came
    in only with a plug-in that was left out, as the whole of GTK does, is not reached.
    """
    libraries = {PurePosixPath(place).name: place for place in files if _is_library(place)}
    kept: set[str] = set()
    waiting = [place for place in files if not _is_library(place)]
    while waiting:
        place = waiting.pop()
        if place not in kept:
            kept.add(place)
            names = (PurePosixPath(name).name for name in asked(files[place]))
            waiting += [libraries[name] for name in names if name in libraries]
    return kept


def _is_library(place: str) -> bool:
    """Whether it is a library that others load by name; Python's own is loaded by the program itself."""
    path = PurePosixPath(place)
    name = path.name
    return name.startswith("lib") and ".so" in name and "plugins" not in path.parts and "libpython" not in name
