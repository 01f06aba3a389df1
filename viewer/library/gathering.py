"""The bytes that an export needs: each file fetched once, however many formats hold it, and kept on the disk."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from viewer.chat import File, FileKind, Transcript
from viewer.errors import Cancelled, ViewerError
from viewer.export import FORMATS, Export
from viewer.export.document import Cancel, Progress
from viewer.export.files import explained
from viewer.i18n import _, ngettext

Fetch = Callable[[File], bytes]
MB = 1024 * 1024


class Shelf(Mapping[int, bytes]):
    """Files by id, kept in a folder until they are written."""

    def __init__(self, folder: Path, held: Iterable[int] = ()) -> None:
        self._folder = folder
        self._held = dict.fromkeys(held)

    def put(self, number: int, content: bytes) -> None:
        """Keep the bytes of a file."""
        (self._folder / str(number)).write_bytes(content)
        self._held[number] = None

    def only(self, numbers: Iterable[int]) -> "Shelf":
        """Those of the files that are held, from the same folder."""
        return Shelf(self._folder, (number for number in numbers if number in self._held))

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


@dataclass(frozen=True, slots=True)
class Ready:
    """An export with the files it needs. `asked` of them were fetched; `lost` tells why some were not, by file id.

    What the portal itself no longer has is named too, but the export is as whole as can be without it.
    """

    export: Export
    shelf: Shelf
    pictures: tuple[File, ...]  # that a format with pictures shows
    files: tuple[File, ...]  # that go with the export
    asked: int
    lost: Mapping[int, str]
    chosen: tuple[str, ...]  # what is left out by choice, in sentences
    no_pictures: bool = False  # whether there are pictures, and they are left out by choice

    def of(self, form: str) -> Export:
        """The export as it goes to the writer of one format."""
        shows = FORMATS[form].pictures
        left_out = [_("Pictures are left out by choice.")] if shows and self.no_pictures else []
        return replace(
            self.export,
            pictures=self.shelf.only(each.id for each in self.pictures) if shows else {},
            files=self.shelf.only(each.id for each in self.files),
            missing=(*self.export.missing, *self.named_lost(form), *left_out, *self.chosen),
        )

    def named_lost(self, form: str) -> tuple[str, ...]:
        """What the writer of one format cannot have, and why, in sentences."""
        shown = self.pictures if FORMATS[form].pictures else ()
        named = {each.id: each for each in (*shown, *self.files)}
        return tuple(f"{_name(file)}: {self.lost[number]}" for number, file in named.items() if number in self.lost)

    def unread(self, forms: Iterable[str]) -> tuple[int, int]:
        """How many pictures and how many other files these formats lack, though they were to have them."""
        shown = {each.id for each in self.pictures if any(FORMATS[form].pictures for form in forms)}
        others = {each.id for each in self.files if each.kind is not FileKind.IMAGE}
        shown |= {each.id for each in self.files} - others
        gone = {each.id for each in self.files if each.missing}
        return len((shown - gone) & self.lost.keys()), len((others - gone) & self.lost.keys())

    def notes(self, forms: Iterable[str]) -> tuple[str, ...]:
        """The same in sentences."""
        pictures, others = self.unread(forms)
        told = []
        if pictures:
            words = ngettext("{n} picture could not be read.", "{n} pictures could not be read.", pictures)
            told.append(words.format(n=pictures))
        if others:
            words = ngettext("{n} file could not be read.", "{n} files could not be read.", others)
            told.append(words.format(n=others))
        return tuple(told)


@contextmanager
def gathered(
    export: Export,
    forms: Sequence[str],
    fetch: Fetch | None,
    *,
    pictures: bool,
    private: bool = False,
    limit: int = 64 * MB,
    cancel: Cancel | None = None,
    progress: Progress | None = None,
) -> Iterator[Ready]:
    """Fetch what the formats need, within the choices of `export.options`; gone from the disk at the end.

    Without `pictures` none are shown; a `private` export goes without files. `limit` in bytes is that of one file.
    `progress(done, total)` counts files, and one more part for the writing. Raises Cancelled.
    """
    shows = any(FORMATS[form].pictures for form in forms)
    held = wanted_files(export.transcript, internal=export.internal)
    images = [file for file in held if file.kind is FileKind.IMAGE]
    shown = [file for file in images if not file.missing] if shows and pictures and fetch is not None else []
    going, chosen = _going(export, forms, held, private=private) if fetch is not None else ([], ())
    asked = list({file.id: file for file in (*shown, *going) if not file.missing}.values())
    with TemporaryDirectory(prefix="openlines-") as folder:
        shelf = Shelf(Path(folder))
        lost = {file.id: _("the portal no longer has it") for file in going if file.missing}
        lost |= _fetch_all(asked, fetch, shelf, limit, cancel, progress) if fetch is not None else {}
        no_pictures = any(not file.missing for file in images) and not pictures
        yield Ready(export, shelf, tuple(shown), tuple(going), len(asked), lost, chosen, no_pictures)


def wanted_files(transcript: Transcript, *, internal: bool = True) -> list[File]:
    """The files of a conversation that its reader may see, each once."""
    messages = (message for message in transcript.messages if internal or not message.internal)
    files = (file for message in messages for file in transcript.files_of(message))
    return list({file.id: file for file in files}.values())


def _going(
    export: Export, forms: Sequence[str], held: list[File], *, private: bool
) -> tuple[list[File], tuple[str, ...]]:
    """The files that go with the export, and what is left out by choice."""
    options = export.options
    if options.files == "none" or not held or (options.files == "embedded" and "pdf" not in forms):
        return [], ()
    if private:
        return [], (_("Files are left out: they may hold personal data."),)
    large = [file for file in held if file.size > options.largest * MB]
    words = ngettext(
        "{n} file over {size} MB is only named.", "{n} files over {size} MB are only named.", len(large)
    ).format(n=len(large), size=options.largest)
    return [file for file in held if file not in large], (words,) if large else ()


def _name(file: File) -> str:
    return file.name or _("File {id}").format(id=file.id)


def _fetch_all(
    files: Sequence[File],
    fetch: Fetch,
    shelf: Shelf,
    limit: int,
    cancel: Cancel | None,
    progress: Progress | None,
) -> dict[int, str]:
    """Put the files on the shelf; why not, for each that could not be had."""
    lost: dict[int, str] = {}
    for done, file in enumerate(files, start=1):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        content, problem = _fetched(file, fetch, limit)
        if problem:
            lost[file.id] = problem
        else:
            with explained(Path(file.name or "?")):
                shelf.put(file.id, content)
        if progress is not None:
            progress(done, len(files) + 1)
    return lost


def _fetched(file: File, fetch: Fetch, limit: int) -> tuple[bytes, str]:
    """The bytes, or why there are none. Only cancelling stops the export."""
    if file.size > limit:
        return b"", _("too large for this file")
    try:
        content = fetch(file)
    except Cancelled:
        raise
    except ViewerError as error:
        return b"", " ".join(filter(None, [error.title, error.detail]))
    if len(content) > limit:
        return b"", _("too large for this file")
    return content, "" if content else _("the file is empty")
