"""Export of a dialogue: its pictures gathered, the writer called, the result handed back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import viewer
from viewer.chat import File, FileKind, Transcript
from viewer.errors import Cancelled, ViewerError
from viewer.export import FORMATS, Export, ExportError, Result, free_path, safe_name
from viewer.export.document import Cancel, Progress
from viewer.i18n import _, ngettext

__all__ = ["FORMATS", "export_dialogue", "free_path", "suggested_name", "write_text"]

PICTURE_LIMIT = 64 * 1024 * 1024  # bytes of one picture
TOTAL_LIMIT = 200 * 1024 * 1024  # bytes of all pictures of one export: they are held in memory


def export_dialogue(
    transcript: Transcript,
    path: Path,
    form: str,
    *,
    host: str = "",
    portal: str = "",
    exported_by: str = "",
    fetch: Callable[[File], bytes] | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    overwrite: bool = False,
    numbered: bool = True,
    internal: bool = True,
) -> Result:
    """Write a dialogue to `path` in one of `FORMATS`; beside it under a free name unless it may be overwritten.

    `fetch` brings a picture's bytes; what it cannot bring is named in the file and in the result's notes.
    `progress(done, total)` counts pictures and parts. Raises ExportError or Cancelled; nothing half-written stays.
    """
    writer = FORMATS[form]
    _check_folder(path)
    wanted = _pictures(transcript) if fetch is not None and writer.pictures else []
    gathered = _Gathered({}, [])
    if fetch is not None:
        gathered = _gather(wanted, fetch, cancel, lambda done: progress(done, len(wanted) + 1) if progress else None)
    export = Export(
        transcript,
        host=host,
        portal=portal,
        exported_at=datetime.now(UTC).astimezone(),
        exported_by=exported_by,
        version=viewer.__version__,
        pictures=gathered.pictures,
        missing=tuple(gathered.missing),
        numbered=numbered,
        internal=internal,
    )
    result = writer.write(
        export,
        path if overwrite else free_path(path),
        cancel=cancel,
        progress=_after(progress, len(wanted)),
    )
    if not gathered.missing:
        return result
    count = len(gathered.missing)
    note = ngettext("{n} picture could not be read.", "{n} pictures could not be read.", count).format(n=count)
    return Result(result.path, result.pages, (*result.notes, note), result.parts)


def write_text(transcript: Transcript, form: str, *, host: str = "", exported_by: str = "") -> str:
    """A dialogue in a text format, for standard output."""
    text = FORMATS[form].text
    if text is None:
        raise ExportError(_("{format} cannot be shown as text.").format(format=form), advice=_("Name a file."))
    return text(Export(transcript, host=host, exported_by=exported_by, version=viewer.__version__))


def suggested_name(transcript: Transcript, form: str) -> str:
    """A file name that tells the client, the session and the day."""
    sessions = [session.id for session in transcript.sessions if session.id]
    first = transcript.messages[0].date.date().isoformat() if transcript.messages else ""
    number = _("session {id}").format(id=sessions[-1]) if sessions else ""
    return safe_name(" ".join(filter(None, [transcript.title or _("Conversation"), number, first])) + f".{form}")


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Pictures by file id, and a sentence for each that is missing."""

    pictures: dict[int, bytes]
    missing: list[str]


def _check_folder(path: Path) -> None:
    """Say that the folder is missing before the pictures are fetched."""
    if not path.parent.is_dir():
        raise ExportError(
            _("{name} could not be saved.").format(name=path.name),
            _("The folder {folder} does not exist.").format(folder=path.parent),
            _("Choose another folder."),
        )


def _pictures(transcript: Transcript) -> list[File]:
    files = (file for message in transcript.messages for file in transcript.files_of(message))
    return list({file.id: file for file in files if file.kind is FileKind.IMAGE and not file.missing}.values())


def _gather(
    files: Iterable[File], fetch: Callable[[File], bytes], cancel: Cancel | None, advance: Callable[[int], object]
) -> _Gathered:
    gathered = _Gathered({}, [])
    total = 0
    for done, file in enumerate(files, start=1):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        problem = ""
        content = b""
        if file.size > PICTURE_LIMIT or total + file.size > TOTAL_LIMIT:
            problem = _("too large for this file")
        else:
            content, problem = _fetched(file, fetch)
        total += len(content)
        if problem:
            name = file.name or _("File {id}").format(id=file.id)
            gathered.missing.append(f"{name}: {problem}")
        else:
            gathered.pictures[file.id] = content
        advance(done)
    return gathered


def _fetched(file: File, fetch: Callable[[File], bytes]) -> tuple[bytes, str]:
    """The bytes, or why there are none. Only cancelling stops the export."""
    try:
        content = fetch(file)
    except Cancelled:
        raise
    except ViewerError as error:
        return b"", " ".join(filter(None, [error.title, error.detail]))
    if len(content) > PICTURE_LIMIT:
        return b"", _("too large for this file")
    return content, "" if content else _("the file is empty")


def _after(progress: Progress | None, done: int) -> Progress | None:
    """Progress of the writer counted on from the pictures."""
    return (lambda part, parts: progress(done + part, done + parts)) if progress else None
