"""The formats a conversation can be written in, by their extension. A writer is loaded when it is first used."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from viewer.errors import Cancelled
from viewer.export.attached import saved_beside
from viewer.export.document import Cancel, Export, Progress, Result
from viewer.export.files import write_whole
from viewer.i18n import N_, _


class Writer(Protocol):
    """Writes a conversation to a file."""

    @property
    def extension(self) -> str:
        """What the file's name ends in, without the dot."""

    @property
    def title(self) -> str:
        """What the format is called in the user's language."""

    @property
    def text(self) -> Callable[[Export], str] | None:
        """The same as text, for standard output; None where the format is none."""

    @property
    def pictures(self) -> bool:
        """Whether the bytes of pictures are of any use to it."""

    def places(self, path: Path) -> tuple[Path, ...]:
        """The files that `path` stands for. A long PDF becomes several beside it."""

    def write(
        self, export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Result:
        """Write to `places(path)`, whole or not at all. Raises ExportError or Cancelled."""


@dataclass(frozen=True, slots=True)
class _Pdf:
    extension: str = "pdf"
    text: None = None
    pictures: bool = True

    @property
    def title(self) -> str:
        return _("PDF document")

    def places(self, path: Path) -> tuple[Path, ...]:
        return (path,)

    def write(
        self, export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Result:
        from viewer.export.pdf import write_pdf

        return _with_files(export, path, cancel, lambda whole: write_pdf(whole, path, cancel=cancel, progress=progress))


def _with_files(export: Export, path: Path, cancel: Cancel | None, write: Callable[[Export], Result]) -> Result:
    """Write an export, its files first where they are to stand beside it."""
    if export.options.files != "beside" or not export.files:
        return write(export)
    with saved_beside(export, path, cancel) as saved:
        result = write(saved.export)
    return replace(result, notes=(*result.notes, *saved.notes), files=tuple(saved.paths))


Pieces = Callable[[Export, list[str]], Iterator[str]]  # the list gathers what the user should know of the result


@dataclass(frozen=True, slots=True)
class _Text:
    """A format that is one text."""

    extension: str
    name: str
    pieces: Pieces
    pictures: bool = False

    @property
    def title(self) -> str:
        return _(self.name)

    def text(self, export: Export) -> str:
        return "".join(self.pieces(export, []))

    def places(self, path: Path) -> tuple[Path, ...]:
        return (path,)

    def write(
        self, export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Result:
        notes: list[str] = []

        def written(whole: Export) -> Result:
            write_whole(path, _encoded(self.pieces(whole, notes), cancel))
            return Result(path, notes=tuple(dict.fromkeys(notes)), parts=(path,))

        result = _with_files(export, path, cancel, written)
        if progress is not None:
            progress(1, 1)
        return result


def _encoded(pieces: Iterator[str], cancel: Cancel | None) -> Iterator[bytes]:
    for piece in pieces:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        yield piece.encode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class _Csv:
    extension: str = "csv"
    pictures: bool = False

    @property
    def title(self) -> str:
        return _("CSV tables")

    def text(self, export: Export) -> str:
        from viewer.export.csv import messages

        return "".join(messages(export))

    def places(self, path: Path) -> tuple[Path, ...]:
        from viewer.export.csv import places

        return places(path)

    def write(
        self, export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Result:
        from viewer.export.csv import write_csv

        return _with_files(export, path, cancel, lambda whole: write_csv(whole, path, cancel=cancel, progress=progress))


@dataclass(frozen=True, slots=True)
class _Xlsx:
    extension: str = "xlsx"
    text: None = None
    pictures: bool = False

    @property
    def title(self) -> str:
        return _("Excel workbook")

    def places(self, path: Path) -> tuple[Path, ...]:
        return (path,)

    def write(
        self, export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Result:
        from viewer.export.xlsx import write_xlsx

        return _with_files(
            export, path, cancel, lambda whole: write_xlsx(whole, path, cancel=cancel, progress=progress)
        )


def _html(export: Export, notes: list[str]) -> Iterator[str]:
    from viewer.export.html import pieces

    return pieces(export, notes)


def _plain(export: Export, _notes: list[str]) -> Iterator[str]:
    from viewer.export.text import pieces

    return pieces(export)


def _markdown(export: Export, _notes: list[str]) -> Iterator[str]:
    from viewer.export.markdown import pieces

    return pieces(export)


def _json(export: Export, _notes: list[str]) -> Iterator[str]:
    from viewer.export.json import pieces

    return pieces(export)


FORMATS: dict[str, Writer] = {
    "pdf": _Pdf(),
    "html": _Text("html", N_("HTML page"), _html, pictures=True),
    "txt": _Text("txt", N_("Plain text"), _plain),
    "md": _Text("md", N_("Markdown text"), _markdown),
    "json": _Text("json", N_("JSON data"), _json),
    "csv": _Csv(),
    "xlsx": _Xlsx(),
}
