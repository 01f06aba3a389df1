"""Exporting a dialogue: gather the pictures, write the file, tell what could not be had."""

import logging
from collections.abc import Callable
from pathlib import Path

from viewer import __version__
from viewer.chat import File, FileKind, Transcript
from viewer.errors import Cancelled, ViewerError
from viewer.export import FORMATS, Export, ExportError, Result, safe_name
from viewer.export.document import Cancel
from viewer.i18n import _

log = logging.getLogger(__name__)

Fetch = Callable[[File], bytes]
Progress = Callable[[int, int], object]


def suggested_name(transcript: Transcript, form: str) -> str:
    """A file name for a dialogue: day, line, client, session."""
    messages, sessions = transcript.messages, transcript.sessions
    parts = [
        messages[0].date.date().isoformat() if messages else "",
        sessions[-1].line_name if sessions else "",
        transcript.title or _("Conversation"),
        str(sessions[-1].id) if sessions and sessions[-1].id else "",
    ]
    return safe_name("_".join(part for part in parts if part) + f".{form}")


def write_text(transcript: Transcript, form: str, *, host: str = "", exported_by: str = "") -> str:
    """A dialogue in a format of text, for standard output."""
    made = FORMATS[form].text
    if made is None:
        raise ExportError(_("This format cannot be written to standard output."))
    return made(Export(transcript, host=host, exported_by=exported_by, version=__version__))


def export_dialogue(
    transcript: Transcript,
    path: Path,
    form: str,
    *,
    host: str = "",
    exported_by: str = "",
    fetch: Fetch | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    overwrite: bool = False,
) -> Result:
    """Write a dialogue to `path`, whole or not at all. Raises ExportError and Cancelled.

    `fetch` brings the bytes of a picture; one that cannot be had is named in the file and in the result.
    """
    if path.exists() and not overwrite:
        raise ExportError(
            _("{name} exists already.").format(name=path.name), advice=_("Choose another name, or allow overwriting.")
        )
    _make_folder(path.parent)
    wanted = _pictures(transcript) if form == "pdf" and fetch is not None else []
    pictures: dict[int, bytes] = {}
    missing = _lost(transcript)
    total = len(wanted) + 1
    for number, file in enumerate(wanted):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        if progress is not None:
            progress(number, total)
        try:
            pictures[file.id] = fetch(file) if fetch is not None else b""
        except Cancelled:
            raise
        except ViewerError as error:
            log.info("a picture is missing from an export: %s", type(error).__name__)
            missing.append(f"{file.name}: {error.title}")
    export = Export(
        transcript,
        host=host,
        exported_by=exported_by,
        version=__version__,
        pictures=pictures,
        missing=tuple(missing),
    )
    result = FORMATS[form].write(export, path, cancel, None)
    if progress is not None:
        progress(total, total)
    return result


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ExportError(
            _("The folder {folder} cannot be made.").format(folder=folder), f"{reason}.", _("Choose another folder.")
        ) from None


def _pictures(transcript: Transcript) -> list[File]:
    named = dict.fromkeys(number for message in transcript.messages for number in message.file_ids)
    files = [transcript.files[number] for number in named if number in transcript.files]
    return [file for file in files if file.kind is FileKind.IMAGE]


def _lost(transcript: Transcript) -> list[str]:
    named = dict.fromkeys(number for message in transcript.messages for number in message.file_ids)
    lost = [number for number in named if number not in transcript.files]
    return [_("File {id} was deleted in the portal.").format(id=number) for number in lost]
