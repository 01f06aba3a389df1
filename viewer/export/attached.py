"""The dialogue's own files that go with an export: within the PDF, or in a folder beside it.

Names are safe on all systems and stand once, whatever the letters' case. The folder is called after the export and
"-files"; nothing that stands there is overwritten: a file with the same content is used, another gets a number.
"""

import mimetypes
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from viewer.chat import File, FileKind, Message
from viewer.errors import Cancelled
from viewer.export import facts
from viewer.export.document import Cancel, Export, ExportError
from viewer.export.files import explained, write_whole
from viewer.export.names import free_path, safe_name
from viewer.i18n import _

FOLDER = "-files"

_KNOWN = mimetypes.MimeTypes(filenames=())  # Python's own table, not the system's: the same on all systems
_MORE = {".ogg": "audio/ogg", ".opus": "audio/ogg", ".webp": "image/webp", ".m4a": "audio/mp4"}
_ASTRAL = re.compile("[\U00010000-\U0010ffff]+")  # the typesetter writes them so that Poppler finds no file
_STEM = 80  # characters of the folder's name, which stands in the path of each file


def mime_type(file: File) -> str:
    """The MIME type by the name's ending, or the one for bytes of no known kind."""
    tail = Path(file.name).suffix.lower() or f".{file.extension.lower()}"
    found = _MORE.get(tail) or _KNOWN.guess_type(f"a{tail}")[0]
    return found or {FileKind.IMAGE: "image/jpeg"}.get(file.kind, "application/octet-stream")


def going(export: Export, messages: Iterable[Message]) -> list[File]:
    """The files of these messages whose bytes go with the export, in their order, each once."""
    if export.options.files == "none":
        return []
    named = (file for message in messages for file in export.transcript.files_of(message))
    return [
        file
        for file in {file.id: file for file in named}.values()
        if file.id in export.files and not facts.too_large(file, export)
    ]


def unique_names(files: list[File]) -> dict[int, str]:
    """A safe name for each file, no two the same; without emoji, which break the names of attachments in a PDF."""
    taken: set[str] = set()
    names: dict[int, str] = {}
    for file in files:
        wanted = Path(safe_name(_ASTRAL.sub("_", facts.file_name(file))))
        name, number = wanted.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted.stem} ({number}){wanted.suffix}"
        taken.add(name.casefold())
        names[file.id] = name
    return names


@dataclass(slots=True)
class Beside:
    """What was saved beside an export, and what could not be."""

    export: Export
    notes: list[str] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)


@contextmanager
def saved_beside(export: Export, path: Path, cancel: Cancel | None = None) -> Iterator[Beside]:
    """The export with its files saved in their folder. A file that cannot be saved is named in the export and in
    `notes`; when the export itself fails, what was saved goes again. Raises Cancelled.
    """
    folder = path.with_name(safe_name(path.stem, limit=_STEM) + FOLDER)
    made: list[Path] = []
    fresh = not folder.exists()
    try:
        yield _save(export, folder, made, cancel)
    except BaseException:
        for each in made:
            with suppress(OSError):
                each.unlink()
        if fresh:
            with suppress(OSError):
                folder.rmdir()
        raise


def _save(export: Export, folder: Path, made: list[Path], cancel: Cancel | None) -> Beside:
    done = Beside(export)
    where: dict[int, str] = {}
    files = going(export, export.messages())
    for number, name in unique_names(files).items():
        if cancel is not None and cancel.is_set():
            raise Cancelled
        try:
            with explained(folder / name):
                folder.mkdir(exist_ok=True)
            place = _placed(folder / name, export.files[number], made)
        except ExportError as error:
            told = " ".join(filter(None, [error.title, error.detail]))
            done.notes.append(f"{facts.file_name(export.transcript.files[number])}: {told}")
        else:
            where[number] = f"{folder.name}/{place.name}"
            done.paths.append(place)
    done.export = replace(export, beside=where, missing=(*export.missing, *done.notes))
    return done


def _placed(path: Path, content: bytes, made: list[Path]) -> Path:
    """Where the content stands: at `path`, or under a number where another file has its name."""
    with explained(path):
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return path
        path = free_path(path)
    write_whole(path, content)
    made.append(path)
    return path


def described(file: File, sender: str) -> str:
    """What a PDF reader shows of a file within: what it is, and who sent it."""
    return _("{what}, sent by {author}").format(what=facts.file_detail(file), author=sender)


def attachment_place(number: int) -> str:
    """Where the typesetter finds a file that is to stand within the PDF."""
    return f"attached-{number}"
