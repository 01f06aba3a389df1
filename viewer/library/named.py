"""What a start of the program, a drop or an event of the system names: saved answers, a dialogue, or neither.

Whatever way a name takes into the program, it is understood here.
"""

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from viewer.chat import parse_crm, parse_reference, plain_name
from viewer.errors import ViewerError
from viewer.i18n import N_, _

NO_DIALOGUE = N_(
    "This names no dialogue. Paste a session id, a chat such as chat1777, a user code, a portal link, "
    "or a CRM record such as deal 123."
)
LONGEST = 2000  # characters of a text that may name a dialogue
_ENDING = re.compile(r"\.\w{1,8}", re.ASCII)
_ADDRESS = re.compile(r"(?:olv|file|https?):|[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """What was named. `unknown` is the first text that names nothing."""

    files: tuple[Path, ...] = ()
    references: tuple[str, ...] = ()
    unknown: str = ""


def what_is_named(texts: Sequence[str], folder: Path) -> Named:
    """Tell saved answers, dialogues (or CRM records) and what is neither apart.

    A path is relative to `folder`. Nothing is looked for on the disk, so a file that is not there is a file too.
    """
    files: list[Path] = []
    references: list[str] = []
    unknown = ""
    for text in filter(None, map(_trimmed, texts)):
        path = _path(text)
        if path:
            files.append(folder / path)
        elif names_dialogue(text):
            references.append(text)
        else:
            unknown = unknown or text
    return Named(tuple(dict.fromkeys(files)), tuple(dict.fromkeys(references)), unknown)


def names_dialogue(text: str) -> bool:
    """Whether a text is a reference to a dialogue or a CRM record, or a link to one."""
    short = text[:LONGEST]
    return parse_reference(short) is not None or parse_crm(short) is not None


def short_name(reference: str) -> str:
    """A dialogue as it is told: a session by its number, a chat as chat1777, a CRM record as it was written."""
    found = parse_reference(reference)
    return str(found) if found is not None else plain_name(reference)


def looks_named(text: str) -> bool:
    """Whether an argument of the command line can be a file, a dialogue or an address, and so is no command."""
    return bool(_path(text)) or bool(_ADDRESS.match(text)) or names_dialogue(text)


def check_files(files: Sequence[Path]) -> None:
    """Raise ViewerError for the first one that cannot be opened: it is missing, a folder, empty."""
    for file in files:
        try:
            if file.is_dir():
                raise ViewerError(
                    _("{path} is a folder.").format(path=file.name or str(file)),
                    _("Open the saved answers in it, one or several at once."),
                )
            if file.stat().st_size == 0:
                raise ViewerError(_("{path} is empty.").format(path=file.name), _("There is nothing to read in it."))
        except FileNotFoundError:
            raise ViewerError(_("There is no file {path}.").format(path=file)) from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ViewerError(_("{path} cannot be read.").format(path=file.name), f"{reason}.") from None


def _trimmed(text: str) -> str:
    """A text without the spaces and null characters around it: no system has those in the name of a file."""
    return "" if "\0" in text else text.strip()


def _path(text: str) -> str:
    """The path that a text is, "" where it is none."""
    if text[:5].lower() == "file:":
        return path_of_url(text, windows=sys.platform == "win32")
    if _ADDRESS.match(text):
        return ""
    if text.lower().endswith(".json"):
        return text
    if names_dialogue(text):
        return ""
    pathlike = any(sign and sign in text for sign in (os.sep, os.altsep)) or _ENDING.fullmatch(Path(text).suffix)
    return text if pathlike else ""


def path_of_url(url: str, *, windows: bool) -> str:
    """The path in a `file:` address, on Windows with its drive or computer; "" where it names no file here."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = "" if parts.netloc.lower() == "localhost" else parts.netloc
    if windows:
        path = re.sub(r"^/+([A-Za-z])[:|]", r"\1:", unquote(parts.path))
        path = f"//{host}{path}" if host else path
    else:
        path = "" if host else os.fsdecode(unquote_to_bytes(parts.path))
    return "" if "\0" in path else path
