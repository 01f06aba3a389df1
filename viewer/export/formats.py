"""The formats that a conversation can be written in: one table, one place to add another."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from viewer.errors import Cancelled
from viewer.export.document import Cancel, Export, Progress, Result
from viewer.export.files import write_whole
from viewer.i18n import N_


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its title for people (to be translated), and how it is made.

    `text` gives the whole file as text, or is None where only `write` can make it.
    """

    title: str
    write: Callable[[Export, Path, Cancel | None, Progress | None], Result]
    text: Callable[[Export], str] | None = None


def _pdf(export: Export, path: Path, cancel: Cancel | None, progress: Progress | None) -> Result:
    from viewer.export.pdf import write_pdf  # the typesetter is large and only this format needs it

    return write_pdf(export, path, cancel=cancel, progress=progress)


def _text(export: Export) -> str:
    from viewer.export.text import as_text

    return as_text(export)


def _json(export: Export) -> str:
    from viewer.export.json import as_json

    return as_json(export)


def _written(made: Callable[[Export], str]) -> Callable[[Export, Path, Cancel | None, Progress | None], Result]:
    def write(export: Export, path: Path, cancel: Cancel | None, _progress: Progress | None) -> Result:
        content = made(export).encode("utf-8", "replace")
        if cancel is not None and cancel.is_set():
            raise Cancelled
        write_whole([(path, content)])
        return Result(path, parts=(path,))

    return write


FORMATS: dict[str, Format] = {
    "pdf": Format("PDF", _pdf),
    "txt": Format(N_("Text"), _written(_text), _text),
    "json": Format("JSON", _written(_json), _json),
}
