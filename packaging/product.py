"""What the program is called and what it opens, told to each system in its own form. Nothing here runs or is built."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import date
from pathlib import Path

NAME = "Open Lines Viewer"
COMMAND = "openlines-viewer"
PUBLISHER = "Open Lines Viewer"
# One name for the system to know the program by: the bundle of macOS; on Linux the menu entry, the icon, the kind of
# file and the metadata. The last part of a name that is read backwards names the program.
IDENTIFIER = "app.openlines.viewer"
SUMMARY = {
    "en": "Read, judge and file customer dialogues of Bitrix24 Open Lines",
    "ru": "Чтение, оценка и выгрузка диалогов открытых линий Битрикс24",
}
DESCRIPTION = {  # in paragraphs
    "en": (
        "A window for supervisors: the dialogues of a Bitrix24 portal's open lines as they were, with every picture.",
        "Find a dialogue, read it, rate the operator's work, export it as PDF, HTML, text or tables.",
    ),
    "ru": (
        "Окно для руководителей: диалоги открытых линий портала Битрикс24 такими, какими они были, с картинками.",
        "Найдите диалог, прочитайте, оцените работу оператора, сохраните в PDF, HTML, текст или таблицы.",
    ),
}
SCHEME = "olv"  # olv:343, olv:chat1777: what the command line takes after the colon
SUFFIX = "olv.json"  # a saved answer of the portal; other .json files open by "Open with"
MIME = "application/x-openlines-answer+json"
OLDEST_MACOS = "13.0"  # what Qt 6.11 needs

ROOT = Path(__file__).resolve().parent.parent


def version() -> str:
    """The version that `viewer/__init__.py` states."""
    text = (ROOT / "viewer" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError("viewer/__init__.py states no version")
    return found[1]


def four_numbers(text: str) -> tuple[int, int, int, int]:
    """A version as Windows counts: "0.1.0" is 0, 1, 0, 0; a suffix such as "rc1" is left out."""
    numbers = [int(part) for part in re.findall(r"\d+", re.split(r"[a-z+-]", text, maxsplit=1)[0])]
    first, second, third, fourth = (*numbers, 0, 0, 0, 0)[:4]
    return first, second, third, fourth


def macos_version(text: str) -> str:
    """A version as macOS compares it: three numbers, and of one before its release the stage: "1.2.0rc3" is 1.2.0fc3.

    Raises ValueError for a version that macOS cannot compare.
    """
    found = re.fullmatch(r"\d+(?:\.\d+)*(?:(a|b|rc)(\d+))?", text)
    if found is None:
        raise ValueError(f"macOS cannot compare the version {text}")
    stage = f"{found[1].replace('rc', 'fc')}{found[2]}" if found[1] else ""
    return ".".join(map(str, four_numbers(text)[:3])) + stage


def version_resource() -> str:
    """The version data of a Windows program, in the form that PyInstaller reads."""
    numbers = four_numbers(version())
    strings = {
        "CompanyName": PUBLISHER,
        "FileDescription": NAME,
        "FileVersion": version(),
        "InternalName": COMMAND,
        "ProductName": NAME,
        "ProductVersion": version(),
    }
    table = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0x0, OS=0x40004,"
        " fileType=0x1, subtype=0x0, date=(0, 0)),"
        f" kids=[StringFileInfo([StringTable('040904B0', [{table}])]),"
        " VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


def info_plist() -> dict[str, object]:
    """What macOS is told of the program beside its name, icon and version."""
    return {
        "CFBundleDisplayName": NAME,
        "CFBundleLocalizations": ["en", "ru"],  # without it the system's own panels stay English
        "CFBundleShortVersionString": ".".join(map(str, four_numbers(version())[:3])),
        "CFBundleVersion": macos_version(version()),
        "CFBundleURLTypes": [{"CFBundleURLName": IDENTIFIER, "CFBundleURLSchemes": [SCHEME]}],
        # Launch Services looks at the end of a name alone, so a saved answer is to macOS what every .json file is: the
        # program joins "Open With" of them all and takes none away from another program.
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "JSON",
                "LSItemContentTypes": ["public.json"],
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
            }
        ],
        "LSApplicationCategoryType": "public.app-category.business",
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,  # dark where the system is dark
    }


def desktop_entry(command: str = COMMAND) -> str:
    """The menu entry of Linux desktops.

    `%U` hands over all files that were chosen together, as addresses, and links as they are.
    """
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            f"Name={NAME}",
            f"Comment={SUMMARY['en']}",
            f"Comment[ru]={SUMMARY['ru']}",
            f"Exec={command} open %U",
            f"TryExec={command}",
            f"Icon={IDENTIFIER}",
            f"StartupWMClass={COMMAND}",
            "Terminal=false",
            "Categories=Office;Viewer;",
            f"MimeType=x-scheme-handler/{SCHEME};{MIME};",
            "Keywords=Bitrix24;Open Lines;chat;",
            "Actions=new-window;",
            "",
            "[Desktop Action new-window]",
            "Name=New Window",
            "Name[ru]=Новое окно",
            f"Exec={command} --new-window",
            "",
        )
    )


def mime_types() -> str:
    """The kind of file that a saved answer is, for Linux desktops."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{MIME}">
    <comment>Saved answer of Bitrix24</comment>
    <comment xml:lang="ru">Сохранённый ответ Битрикс24</comment>
    <sub-class-of type="application/json"/>
    <glob pattern="*.{SUFFIX}"/>
  </mime-type>
</mime-info>
"""


def metainfo(day: date, pictures: str = "") -> str:
    """What the software centres of Linux show (AppStream); `day` is the version's.

    `pictures` is the address of a folder with the pictures: a picture that lies in a file is not allowed there, so
    without an address there is none.
    """
    root = ET.Element("component", type="desktop-application")

    def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
        made = ET.SubElement(parent, tag, attributes)
        made.text = text or None
        return made

    def spoken(parent: ET.Element, tag: str, texts: Mapping[str, str]) -> None:
        for language, text in texts.items():
            made = add(parent, tag, text)
            if language != "en":
                made.set("xml:lang", language)

    add(root, "id", IDENTIFIER)
    add(root, "metadata_license", "CC0-1.0")
    add(root, "project_license", "LicenseRef-proprietary")
    add(root, "name", NAME)
    spoken(root, "summary", SUMMARY)
    add(root, "developer_name", PUBLISHER)
    description = add(root, "description")
    for number in range(len(DESCRIPTION["en"])):
        spoken(description, "p", {language: texts[number] for language, texts in DESCRIPTION.items()})
    add(root, "launchable", f"{IDENTIFIER}.desktop", type="desktop-id")
    if pictures:
        shown = add(add(root, "screenshots"), "screenshot", type="default")
        spoken(shown, "caption", {"en": "A dialogue beside the list", "ru": "Диалог рядом со списком"})
        add(shown, "image", f"{pictures.rstrip('/')}/window.png", type="source")
    provides = add(root, "provides")
    add(provides, "binary", COMMAND)
    for kind in (MIME, f"x-scheme-handler/{SCHEME}"):
        add(provides, "mediatype", kind)
    add(root, "content_rating", type="oars-1.1")
    add(add(root, "releases"), "release", version=version(), date=day.isoformat())
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
