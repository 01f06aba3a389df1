"""Export of a dialogue: what its reader may see, its files gathered, the writer called, the result handed back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import viewer
from viewer.chat import File, Transcript
from viewer.export import FORMATS, Export, ExportError, Result, free_path, safe_name
from viewer.export.document import Cancel, Progress
from viewer.export.evidence import content_digest, write_evidence
from viewer.export.options import Options
from viewer.export.personal import Redaction
from viewer.export.readers import for_client, redacted, summary
from viewer.i18n import _, day_of
from viewer.library.gathering import Ready, gathered

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
    internal: bool = True,
    redaction: Redaction | None = None,
    evidence: bool = False,
    options: Options | None = None,
    marked: bool = False,
) -> Result:
    """Write a dialogue to `path` in one of `FORMATS`; beside it under a free name unless it may be overwritten.

    `fetch` brings a file's bytes; what it cannot bring is named in the file and in the result's notes, and where the
    name is to be `marked`, in that too. Without `pictures` none are fetched, and a format that could hold them says so.
    `progress(done, total)` counts files and parts. `internal`, `redaction` and `evidence` as `prepared` has them;
    evidence stands beside what was written. Raises ExportError or Cancelled; nothing half-written stays.
    """
    check_folder(path)
    export = replace(
        prepared(transcript, internal=internal, redaction=redaction, evidence=evidence),
        host=host,
        portal=portal,
        exported_by=exported_by,
        options=options or Options(),
    )
    with ready(export, (form,), fetch, pictures=pictures, redaction=redaction, cancel=cancel, progress=progress) as got:
        whole = got.of(form)
        if marked and is_incomplete(got, (form,)):
            path = incomplete(path)
        place = path if overwrite else free_path(path, FORMATS[form].places)
        result = FORMATS[form].write(whole, place, cancel=cancel, progress=_after(progress, got.asked))
        if evidence:
            beside = write_evidence(whole, result.parts, got.shelf, result.files)
            result = replace(result, parts=(*result.parts, beside))
        return replace(result, notes=(*result.notes, *got.notes((form,))))


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
    options: Options | None = None,
) -> str:
    """A dialogue in a format that is text, for standard output; of CSV the table of messages."""
    writer = FORMATS[form]
    if writer.text is None:
        raise ExportError(_("{format} cannot be shown as text.").format(format=form), advice=_("Name a file."))
    options = replace(options or Options(), files="none")
    export = prepared(transcript, internal=internal, redaction=redaction)
    export = replace(export, host=host, exported_by=exported_by, options=options)
    with ready(export, (form,), fetch, pictures=pictures, redaction=redaction) as got:
        return writer.text(got.of(form))


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


def ready(
    export: Export,
    forms: tuple[str, ...],
    fetch: Callable[[File], bytes] | None,
    *,
    pictures: bool = True,
    redaction: Redaction | None = None,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> AbstractContextManager[Ready]:
    """The export of `prepared` with the files that these formats need; see `gathered`."""
    private = redaction is not None and not redaction.pictures
    stamped = replace(export, exported_at=datetime.now(UTC).astimezone(), version=viewer.__version__)
    return gathered(
        stamped,
        forms,
        fetch,
        pictures=pictures and not private,
        private=private,
        limit=PICTURE_LIMIT,
        cancel=cancel,
        progress=progress,
    )


def is_incomplete(got: Ready, forms: tuple[str, ...]) -> bool:
    """Whether something of the dialogue could not be read: a session, or a file that was to be there."""
    return bool(got.export.transcript.unread) or any(got.unread(forms))


def incomplete(path: Path) -> Path:
    """The name of an export that lacks something."""
    return path.with_name(_("{name} (incomplete)").format(name=path.stem) + path.suffix)


def suggested_name(transcript: Transcript, form: str) -> str:
    """A file name that tells the client, the session and the day."""
    sessions = [session.id for session in transcript.sessions if session.id]
    first = day_of(transcript.messages[0].date).isoformat() if transcript.messages else ""
    number = _("session {id}").format(id=sessions[-1]) if sessions else ""
    return safe_name(" ".join(filter(None, [transcript.title or _("Conversation"), number, first])) + f".{form}")


def check_folder(path: Path) -> None:
    """Say that the folder is missing before anything is fetched. Raises ExportError."""
    if not path.parent.is_dir():
        raise ExportError(
            _("{name} could not be saved.").format(name=path.name),
            _("The folder {folder} does not exist.").format(folder=path.parent),
            _("Choose another folder."),
        )


def _after(progress: Progress | None, done: int) -> Progress | None:
    """Progress of the writer counted on from the pictures."""
    return (lambda part, parts: progress(done + part, done + parts)) if progress else None
