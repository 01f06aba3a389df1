"""The licence texts of everything that a bundle carries, gathered from what is installed: notices.py FOLDER.

Runs in the environment of the build. A part without any licence text stops the build: nothing is shipped unnamed.
"""

from __future__ import annotations

import re
import shutil
import sys
import sysconfig
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "packaging" / "licences"
# The wheels of Qt hold no licence text; ours say what applies.
TEXTS = {
    "pyside6-essentials": ["Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt"],
    "shiboken6": ["Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt"],
    "typst": ["typst-fonts.txt"],
}
FONTS = ["OFL.txt", "DejaVu.txt"]
_LICENCE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
# Not in a bundle, though the requirements of others name them.
_BUILD_ONLY = {"pyinstaller-hooks-contrib", "altgraph", "macholib", "pefile", "setuptools", "packaging"}


def shipped() -> list[metadata.Distribution]:
    """The packages that the program needs on this system, the loader of PyInstaller among them, by name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, found = [*project["dependencies"], "pyinstaller"], {}
    while waiting:
        line = waiting.pop()
        name = plain(re.split(r"[\s;<>=!~\[(]", line, maxsplit=1)[0])
        if name in found or name in _BUILD_ONLY or "extra ==" in line:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # of another system, or of another Python
        waiting += found[name].requires or []
    return [found[name] for name in sorted(found)]


def plain(name: str) -> str:
    """The name of a package as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_files(part: metadata.Distribution) -> list[Path]:
    """The licence texts that a package brings along."""
    return [
        Path(str(part.locate_file(file)))
        for file in part.files or []
        if ".dist-info" in file.parts[0] and _LICENCE.search(file.name) and "METADATA" not in file.name
    ]


def licence_name(part: metadata.Distribution) -> str:
    """The short name of a package's licence, as it states it."""
    fields = [*(part.metadata.get_all("License-Expression") or []), *(part.metadata.get_all("License") or []), ""]
    told = str(fields[0])
    if not told or "\n" in told:
        kinds = [line for line in part.metadata.get_all("Classifier") or [] if line.startswith("License ::")]
        told = str(kinds[0]).rpartition(":: ")[2] if kinds else "see its text"
    return told


def gather(target: Path) -> list[str]:
    """Write a folder of texts for each part, and NOTICES.txt over them all; the names of the parts. Raises ValueError
    for a part without a licence text."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    table = []
    for part in shipped():
        name = plain(part.metadata["Name"])
        files = [*licence_files(part), *(OWN / text for text in TEXTS.get(name, ()))]
        if not files:
            raise ValueError(f"no licence text of {name}")
        folder = target / f"{name}-{part.version}"
        folder.mkdir()
        for file in files:
            shutil.copyfile(file, folder / file.name)
        table.append((f"{name} {part.version}", licence_name(part)))
    (target / "fonts").mkdir()
    for name in FONTS:
        shutil.copyfile(ROOT / "resources" / "fonts" / name, target / "fonts" / name)
    table.append(("fonts: Noto, Libertinus, DejaVu", "OFL-1.1, Bitstream-Vera"))
    (target / "python").mkdir()
    shutil.copyfile(python_licence(), target / "python" / "LICENSE.txt")
    table.append((f"python {sys.version.split()[0]}", "PSF-2.0"))
    width = max(len(name) for name, _licence in table) + 2
    lines = [f"{name:{width}}{licence}" for name, licence in table]
    told = "Open Lines Viewer is made with the work of many others. The licence of each stands in a folder beside\n"
    (target / "NOTICES.txt").write_text(told + "this file.\n\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return [name for name, _licence in table]


def python_licence() -> Path:
    """The licence of this Python. Raises ValueError where it came without one."""
    for folder in (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)):
        for name in ("LICENSE.txt", "LICENSE"):
            if (folder / name).is_file():
                return folder / name
    for file in Path(f"/usr/share/doc/python3.{sys.version_info[1]}").glob("copyright"):
        return file
    raise ValueError("no licence text of Python")


if __name__ == "__main__":
    print("\n".join(gather(Path(sys.argv[1]))))
