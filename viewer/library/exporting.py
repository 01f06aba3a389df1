"""Export of a dialogue: its pictures gathered, the writer called, the result handed back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import viewer
from viewer.chat import File, FileKind, Transcript
from viewer.errors import Cancelled, ViewerError
from viewer.export import FORMATS, Export, ExportError, Result, Writer, free_path, safe_name
from viewer.export.document import Cancel, Progress
from viewer.export.evidence import content_digest, write_evidence
from viewer.export.files import explained
from viewer.export.personal import Redaction
from viewer.export.readers import for_client, redacted, summary
from viewer.i18n import _, day_of, ngettext

__all__ = ["FORMATS", "export_dialogue", "free_path", "suggested_name", "write_text"]

PICTURE_LIMIT = 64 * 1024 * 1024  # bytes of one picture


def export_dialogue(
    transcript: Transcript,
    path: Path,
    form: str,
    *,
    host: str = "",
    portal: str = "",
    exported_by: str = "",
    fetch: Callable[[File], bytes] | None = None,
    pictures: bool = True,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    overwrite: bool = False,
    numbered: bool = True,
    internal: bool = True,
    redaction: Redaction | None = None,
    evidence: bool = False,
) -> Result:
    """Write a dialogue to `path` in one of `FORMATS`; beside it under a free name unless it may be overwritten.

    `fetch` brings a picture's bytes; what it cannot bring is named in the file and in the result's notes. Without
    `pictures` none are fetched, and a format that could hold them says so. `progress(done, total)` counts pictures and
    parts. `internal`, `redaction` and `evidence` as `prepared` has them; evidence stands beside what was written.
    Raises ExportError or Cancelled; nothing half-written stays.
    """
    writer = FORMATS[form]
    _check_folder(path)
    export = replace(
        prepared(transcript, internal=internal, redaction=redaction, evidence=evidence),
        host=host,
        portal=portal,
        exported_by=exported_by,
        numbered=numbered,
    )
    pictures = pictures and (redaction is None or redaction.pictures)
    with _whole(export, writer, fetch, pictures, cancel, progress) as (whole, unread, done):
        place = path if overwrite else free_path(path, writer.places)
        result = writer.write(whole, place, cancel=cancel, progress=_after(progress, done))
        if evidence:
            beside = write_evidence(whole, result.parts, whole.pictures)
            result = Result(result.path, result.pages, result.notes, (*result.parts, beside))
    if not unread:
        return result
    note = ngettext("{n} picture could not be read.", "{n} pictures could not be read.", unread).format(n=unread)
    return Result(result.path, result.pages, (*result.notes, note), result.parts)


def write_text(
    transcript: Transcript,
    form: str,
    *,
    host: str = "",
    exported_by: str = "",
    fetch: Callable[[File], bytes] | None = None,
    pictures: bool = True,
    internal: bool = True,
    redaction: Redaction | None = None,
) -> str:
    """A dialogue in a format that is text, for standard output; of CSV the table of messages."""
    writer = FORMATS[form]
    if writer.text is None:
        raise ExportError(_("{format} cannot be shown as text.").format(format=form), advice=_("Name a file."))
    export = replace(prepared(transcript, internal=internal, redaction=redaction), host=host, exported_by=exported_by)
    pictures = pictures and (redaction is None or redaction.pictures)
    with _whole(export, writer, fetch, pictures, None, None) as (whole, _unread, _done):
        return writer.text(whole)


def prepared(
    transcript: Transcript, *, internal: bool = True, redaction: Redaction | None = None, evidence: bool = False
) -> Export:
    """A conversation as its reader may see it: without `internal`, as the client saw it; with `redaction`, without
    personal data. `evidence` adds the digest of its messages, which a redacted one cannot have.
    """
    if evidence and redaction is not None:
        raise ExportError(
            _("Redacted messages give no evidence."),
            _("Evidence is about messages as the portal sent them."),
            _("Choose one of the two."),
        )
    shown = transcript if internal else for_client(transcript)
    digest = content_digest(shown) if evidence else ""
    places = None
    if redaction is not None:
        shown, replaced = redacted(shown, redaction)
        places = summary(replaced)
    return Export(shown, internal=internal, redacted=places, evidence=digest)


@contextmanager
def _whole(
    export: Export,
    writer: Writer,
    fetch: Callable[[File], bytes] | None,
    pictures: bool,
    cancel: Cancel | None,
    progress: Progress | None,
) -> Iterator[tuple[Export, int, int]]:
    """The export with its pictures, how many could not be read, and how many were asked for."""
    held = _pictures(export.transcript, internal=export.internal) if writer.pictures else []
    wanted = held if fetch is not None and pictures else []
    with TemporaryDirectory(prefix="openlines-") as folder:
        shelf = _Shelf(Path(folder))
        missing = _gather(wanted, fetch, shelf, cancel, progress) if fetch is not None else []
        chosen = [_("Pictures are left out by choice.")] if held and not pictures else []
        whole = replace(
            export,
            exported_at=datetime.now(UTC).astimezone(),
            version=viewer.__version__,
            pictures=shelf,
            missing=(*missing, *chosen),
        )
        yield whole, len(missing), len(wanted)


def suggested_name(transcript: Transcript, form: str) -> str:
    """A file name that tells the client, the session and the day."""
    sessions = [session.id for session in transcript.sessions if session.id]
    first = day_of(transcript.messages[0].date).isoformat() if transcript.messages else ""
    number = _("session {id}").format(id=sessions[-1]) if sessions else ""
    return safe_name(" ".join(filter(None, [transcript.title or _("Conversation"), number, first])) + f".{form}")


class _Shelf(Mapping[int, bytes]):
    """Pictures by file id, kept on the disk until they are typeset."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: set[int] = set()

    def put(self, number: int, content: bytes) -> None:
        (self._folder / str(number)).write_bytes(content)
        self._held.add(number)

    def __getitem__(self, number: int) -> bytes:
        if number not in self._held:
            raise KeyError(number)
        return (self._folder / str(number)).read_bytes()

    def __iter__(self) -> Iterator[int]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, number: object) -> bool:
        return number in self._held


def _check_folder(path: Path) -> None:
    """Say that the folder is missing before the pictures are fetched."""
    if not path.parent.is_dir():
        raise ExportError(
            _("{name} could not be saved.").format(name=path.name),
            _("The folder {folder} does not exist.").format(folder=path.parent),
            _("Choose another folder."),
        )


def _pictures(transcript: Transcript, *, internal: bool) -> list[File]:
    """The pictures to print, each once."""
    messages = (message for message in transcript.messages if internal or not message.internal)
    files = (file for message in messages for file in transcript.files_of(message))
    return list({file.id: file for file in files if file.kind is FileKind.IMAGE and not file.missing}.values())


def _gather(
    files: Sequence[File],
    fetch: Callable[[File], bytes],
    shelf: _Shelf,
    cancel: Cancel | None,
    progress: Progress | None,
) -> list[str]:
    """Fetch the pictures to the shelf; a sentence for each that is missing."""
    missing: list[str] = []
    for done, file in enumerate(files, start=1):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        content, problem = _fetched(file, fetch)
        if problem:
            name = file.name or _("File {id}").format(id=file.id)
            missing.append(f"{name}: {problem}")
        else:
            with explained(Path(file.name or "?")):
                shelf.put(file.id, content)
        if progress is not None:
            progress(done, len(files) + 1)
    return missing


def _fetched(file: File, fetch: Callable[[File], bytes]) -> tuple[bytes, str]:
    """The bytes, or why there are none. Only cancelling stops the export."""
    if file.size > PICTURE_LIMIT:
        return b"", _("too large for this file")
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
