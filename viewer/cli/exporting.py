"""`openlines-viewer export`: dialogues of a portal, or saved answers, to files or to standard output."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from viewer.bitrix import read_saved
from viewer.chat import File, Transcript, parse_reference
from viewer.cli import DONE, PARTLY, UsageError, code_of, say
from viewer.cli.portals import source, use_zone
from viewer.cli.progress import Progress
from viewer.errors import ViewerError
from viewer.export import FORMATS, ExportError, need_name
from viewer.export.options import Options
from viewer.export.personal import Kind, Redaction
from viewer.i18n import _
from viewer.library import fetch_file, open_dialogue
from viewer.library.exporting import export_dialogue, prepared, suggested_name, write_text
from viewer.library.saved import origin_of

Job = tuple[str, Callable[[], Transcript]]


def run(arguments: argparse.Namespace) -> int:
    """Export what the arguments name. One failure does not stop the others; the exit code tells of it."""
    formats = list(dict.fromkeys(arguments.formats)) or [_guessed(arguments.output)]
    use_zone(arguments)
    _need_names(Path(arguments.output), arguments.folder or Path())
    if arguments.resume or arguments.folder or arguments.name or arguments.scope != "session":
        from viewer.cli import batches

        return batches.run(arguments, formats)
    check(arguments, formats)
    arguments.redaction = redaction(arguments)
    if arguments.from_file:
        jobs: list[Job] = [("+".join(arguments.from_file), lambda: saved(arguments.from_file))]
        return _export(jobs, formats, arguments, fetch=None)
    chosen = source(arguments)
    portal = chosen.open()
    try:
        jobs = [(text, lambda text=text: _read(portal, text)) for text in arguments.references]  # type: ignore[misc]
        return _export(
            jobs,
            formats,
            arguments,
            fetch=lambda file, chat_id: fetch_file(portal, file, chat_id, cancel=Event()),
            host=chosen.host,
            exported_by=chosen.user_name,
        )
    finally:
        portal.close()


def _guessed(output: str) -> str:
    name = Path(output).suffix.lower().lstrip(".")
    return name if name in FORMATS else "pdf"


def _need_names(*places: Path) -> None:
    """Raise UsageError where something else than a file or folder is named to write to."""
    try:
        for place in places:
            need_name(place)
    except ExportError as error:
        raise UsageError(error.title, error.detail, error.advice) from None


def check(arguments: argparse.Namespace, formats: Sequence[str]) -> None:
    """Raise UsageError where the arguments make no sense together."""
    if bool(arguments.references) == bool(arguments.from_file):
        raise UsageError(_("Name either dialogues to export, or saved answers after --from-file."))
    for text in arguments.references:
        if parse_reference(text) is None:
            raise UsageError(
                _("“{text}” names no dialogue.").format(text=text),
                advice=_("Use a session id (343), chat1777, imol|343, a user code or a portal link."),
            )
    output = Path(arguments.output)
    many = len(arguments.references) > 1 or len(formats) > 1
    if arguments.output and many and output.exists() and not output.is_dir():
        raise UsageError(_("{path} is a file; several exports need a folder.").format(path=output))


def redaction(arguments: argparse.Namespace) -> Redaction | None:
    """What is to be replaced, None when nothing is."""
    known = {kind.value: kind for kind in Kind if kind is not Kind.WORDS}
    named = [name.strip().lower() for name in arguments.redact.split(",") if name.strip()]
    if wrong := [name for name in named if name not in known]:
        raise UsageError(
            _("“{text}” cannot be redacted.").format(text=wrong[0]),
            advice=_("Name any of {kinds}.").format(kinds=", ".join(known)),
        )
    words = _lines(arguments.redact_words) if arguments.redact_words else ()
    return Redaction(frozenset(known[name] for name in named), words) if named or words else None


def options(arguments: argparse.Namespace) -> Options:
    """The looks that the arguments describe."""
    left_out = set(arguments.leave_out)
    return Options(
        paper=arguments.paper,
        margins=arguments.margins,
        size=arguments.text_size,
        archival=arguments.archival,
        files=arguments.files,
        largest=arguments.largest,
        numbered="numbers" not in left_out,
        ruler="times" not in left_out,
        system="system" not in left_out,
        votes="votes" not in left_out,
    )


def _lines(path: Path) -> tuple[str, ...]:
    return tuple(line.strip() for line in _bytes(str(path)).decode("utf-8-sig", "replace").splitlines() if line.strip())


def _read(portal: object, text: str) -> Transcript:
    reference = parse_reference(text)
    if reference is None:
        raise UsageError(_("“{text}” names no dialogue.").format(text=text))
    transcript = Transcript()
    for batch in open_dialogue(portal, reference, cancel=Event()):  # type: ignore[arg-type]
        transcript = transcript.with_batch(batch)
    return transcript


def saved(names: Iterable[str]) -> Transcript:
    """Saved answers as one conversation: the pages of one chat belong together."""
    transcript = Transcript()
    for name in names:
        content = _bytes(name)
        origins = (origin_of(content, Path(name).name if name != "-" else ""),)
        transcript = transcript.with_batch(replace(read_saved(content), origins=origins))
    return transcript


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ViewerError(_("{path} cannot be read.").format(path=name), f"{reason}.") from None


def _export(
    jobs: Sequence[Job],
    formats: Sequence[str],
    arguments: argparse.Namespace,
    *,
    fetch: Callable[[File, int], bytes] | None,
    host: str = "",
    exported_by: str = "",
) -> int:
    several = len(jobs) > 1 or len(formats) > 1
    worst = DONE
    for name, read in jobs:
        try:
            with Progress(_("Reading {name}").format(name=name)):
                transcript = read()
        except ViewerError as error:
            say(_about(name, error))
            worst = max(worst, code_of(error)) if len(jobs) == 1 else PARTLY
            continue
        for form in formats:
            try:
                _write(transcript, form, arguments, several, fetch, host, exported_by)
            except ViewerError as error:
                say(_about(name, error))
                worst = PARTLY
    return worst


def _about(name: str, error: ViewerError) -> ViewerError:
    return ViewerError(f"{name}: {error.title}", error.detail, error.advice)


def _write(
    transcript: Transcript,
    form: str,
    arguments: argparse.Namespace,
    several: bool,
    fetch: Callable[[File, int], bytes] | None,
    host: str,
    exported_by: str,
) -> None:
    output: str = arguments.output
    chat_id = transcript.dialog.chat_id if transcript.dialog else 0
    bring = (lambda file: fetch(file, chat_id)) if fetch else None
    pictures: bool = arguments.pictures
    if not output and FORMATS[form].text is not None and not several:
        text = write_text(
            transcript,
            form,
            host=host,
            exported_by=exported_by,
            fetch=bring,
            pictures=pictures,
            internal=not arguments.for_client,
            redaction=arguments.redaction,
            options=options(arguments),
        )
        _print(text)
        return
    path = _path(
        _shown(transcript, arguments), form, output, several, force=arguments.force or arguments.if_exists != "refuse"
    )
    with Progress(_("Writing {name}").format(name=path.name)) as progress:
        result = export_dialogue(
            transcript,
            path,
            form,
            host=host,
            exported_by=exported_by,
            fetch=bring,
            pictures=pictures,
            progress=progress.advance,
            overwrite=arguments.force or arguments.if_exists == "replace",
            options=options(arguments),
            marked=True,
            internal=not arguments.for_client,
            redaction=arguments.redaction,
            evidence=arguments.evidence,
        )
    for note in result.notes:
        sys.stderr.write(f"{path.name}: {note}\n")
    for part in result.parts:
        sys.stderr.write(f"{part}\n")


def _shown(transcript: Transcript, arguments: argparse.Namespace) -> Transcript:
    """The conversation under whose names the file is called: a redacted one tells no client's name there either."""
    return prepared(transcript, redaction=arguments.redaction).transcript if arguments.redaction else transcript


def _print(text: str) -> None:
    """Write to standard output with the line ends that the format has."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(newline="")
    sys.stdout.write(text)


def _path(transcript: Transcript, form: str, output: str, several: bool, *, force: bool) -> Path:
    named = output and not several and not output.endswith(("/", "\\"))
    if named and not Path(output).is_dir():
        taken = next((place for place in FORMATS[form].places(Path(output)) if place.exists()), None)
        if taken is not None and not force:
            raise ViewerError(_("{path} exists already.").format(path=taken), advice=_("Allow it with --force."))
        return Path(output)
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ViewerError(_("The folder {folder} cannot be made.").format(folder=folder), f"{reason}.") from None
    return folder / suggested_name(transcript, form)
