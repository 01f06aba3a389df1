"""The formats a conversation can be written in, by their extension. A writer is loaded when it is first used."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from viewer.errors import Cancelled
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

    def write(
        self, export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Result:
        """Write to `path`, whole or not at all. Raises ExportError or Cancelled."""


@dataclass(frozen=True, slots=True)
class _Pdf:
    extension: str = "pdf"
    text: None = None
    pictures: bool = True

    @property
    def title(self) -> str:
        return _("PDF document")

    def write(
        self, export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Result:
        from viewer.export.pdf import write_pdf

        return write_pdf(export, path, cancel=cancel, progress=progress)


@dataclass(frozen=True, slots=True)
class _Text:
    """A format that is one text."""

    extension: str
    name: str
    text: Callable[[Export], str]
    pictures: bool = False

    @property
    def title(self) -> str:
        return _(self.name)

    def write(
        self, export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None
    ) -> Result:
        content = self.text(export).encode("utf-8", errors="replace")
        if cancel is not None and cancel.is_set():
            raise Cancelled
        write_whole(path, content)
        if progress is not None:
            progress(1, 1)
        return Result(path, parts=(path,))


def _plain(export: Export) -> str:
    from viewer.export.text import text

    return text(export)


def _json(export: Export) -> str:
    from viewer.export.json import text

    return text(export)


FORMATS: dict[str, Writer] = {
    "pdf": _Pdf(),
    "txt": _Text("txt", N_("Plain text"), _plain),
    "json": _Text("json", N_("JSON data"), _json),
}
