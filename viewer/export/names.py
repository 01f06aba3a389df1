"""Names of files: ours, that Windows, macOS and Linux all accept, and a user's, that this system must accept."""

import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path, PurePath

from viewer.export.document import ExportError
from viewer.i18n import _

LIMIT = 120
ON_WINDOWS = sys.platform == "win32"

_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"
}
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_UNNAMEABLE = re.compile(r'[\\/:*?"<>|\0-\x1f]')
_TAIL = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")


def safe_name(name: str, *, limit: int = LIMIT) -> str:
    """The name as near to itself as three systems allow; at most `limit` characters, and bytes for Linux.

    Path parts, controls, bidi overrides and the names Windows keeps for devices go; the extension stays.
    """
    shown = "".join(_fit(char) for char in unicodedata.normalize("NFC", name))
    shown = _trimmed(_FORBIDDEN.sub("_", " ".join(shown.split())))
    stem, tail = _parted(shown)
    stem = _trimmed(_shortened(stem, limit - len(tail) - 1)) or "file"
    if _is_reserved(stem):
        stem = f"_{stem}"
    return stem + tail


def need_name(path: PurePath, *, windows: bool = ON_WINDOWS) -> None:
    """Raise ExportError where a part of a path names no file or folder on Windows.

    Windows itself would write elsewhere without a word: `aux.txt` is a device, `a:b.txt` a hidden stream of the file
    `a`, and `a.` is `a`.
    """
    for part in path.parts[bool(path.anchor) :] if windows else ():
        if part != ".." and (_UNNAMEABLE.search(part) or part != part.rstrip(" .") or _is_reserved(part)):
            raise ExportError(
                _("“{name}” can be no name of a file or folder on Windows.").format(name=part),
                advice=_(
                    "Choose a name that is no device's, such as CON or AUX, has none of {signs}, "
                    "and ends in neither a dot nor a space."
                ).format(signs='\\ / : * ? " < > |'),
            )


def _is_reserved(name: str) -> bool:
    return name.partition(".")[0].strip().casefold() in _RESERVED


def _alone(path: Path) -> tuple[Path, ...]:
    return (path,)


def free_path(path: Path, places: Callable[[Path], tuple[Path, ...]] = _alone) -> Path:
    """The path, or one with a number when something stands there already; `places` are the files it stands for."""
    number, free = 1, path
    while any(map(stands, places(free))):
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free


def stands(place: Path) -> bool:
    """Whether something is there. What the system cannot even look up, it says when it is written."""
    try:
        return place.exists() or place.is_symlink()
    except OSError:
        return False


def _fit(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") else char


def _trimmed(text: str) -> str:
    return text.strip(" .")


def _parted(name: str) -> tuple[str, str]:
    found = _TAIL.search(name)
    return (name[: found.start()], found[0]) if found and found.start() else (name, "")


def _shortened(stem: str, limit: int) -> str:
    """At most `limit` characters and 200 bytes of UTF-8 (a name may have 255), cut between characters."""
    cut = stem[:limit].encode()[:200].decode(errors="ignore")
    while len(cut) < len(stem) and cut and unicodedata.combining(stem[len(cut)]):
        cut = cut[:-1]
    return cut
