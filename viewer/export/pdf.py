"""A conversation as PDF, typeset by Typst from data: tagged (PDF/UA-1), archival (PDF/A-2a, A-3a with files).

The one template is `resources/templates/transcript.typ`. The compiler is given the template, the conversation as JSON
and icons in memory, and pictures in a folder of their own (the binding takes text alone from memory); it can read
nothing else. Long conversations become several files (`pages.PART`).
"""

import json
import logging
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from viewer import resources
from viewer.chat import Row
from viewer.errors import Cancelled
from viewer.export import facts, glyphs
from viewer.export.attached import attachment_place
from viewer.export.document import Cancel, Export, ExportError, Progress, Result
from viewer.export.files import Drafts, explained
from viewer.export.names import free_path
from viewer.export.pages import Pages, Part, numbering, parts
from viewer.i18n import _, ngettext

_log = logging.getLogger(__name__)

_STANDARDS = ("a-2a", "ua-1")
_WITH_FILES = ("a-3a", "ua-1")  # PDF/A-2 forbids files within that are no PDF/A themselves
_ICONS = ("mic", "video", "image", "file")
_PAGES = re.compile(rb"<xmpTPg:NPages>(\d+)<")
_UNSHOWABLE = re.compile(r'the text `"((?:[^"\\]|\\.)+)"`')
_PROBES = 64  # characters asked of the compiler one by one; what is left counts as missing
_PROBE = b'#set document(title: "p")\n#for c in json("p.json") [#c ]'
_AGE = 12  # compilations after which nothing of an earlier one is kept
_NAMED = 12  # missing characters named one by one


def write_pdf(export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None) -> Result:
    """Typeset the conversation to `path`, or to several files beside it when it is long.

    Raises ExportError, or Cancelled between two parts. Nothing is left behind on failure.
    """
    listed = export.rows()
    largest = export.options.largest * facts.MB if export.options.files == "embedded" else 0
    several = parts(listed, export.transcript.files, largest=largest)
    numbers = numbering(listed)
    if len(several) > 1:  # nobody was asked about their names
        path = free_path(path, lambda wanted: tuple(_part_path(wanted, part) for part in several))
    paths = [_part_path(path, part) for part in several]
    names = _contents(several, paths)
    with tempfile.TemporaryDirectory(prefix="openlines-") as folder, Drafts() as drafts:
        setter = _Setter(export, _Compiler(Path(folder), int(export.exported_at.timestamp())))
        for part, place in zip(several, paths, strict=True):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            drafts.add(place, setter.typeset(Pages(export, part, numbers), listed, names))
            if progress is not None:
                progress(part.index + 1, part.count)
        drafts.keep()
    return Result(paths[0], setter.pages, tuple(dict.fromkeys(setter.notes())), tuple(paths))


def _part_path(path: Path, part: Part) -> Path:
    if part.count == 1:
        return path
    name = _("{name} ({n} of {total})").format(name=path.stem, n=part.index + 1, total=part.count)
    return path.with_name(name + path.suffix)


def _contents(several: Sequence[Part], paths: Sequence[Path]) -> list[tuple[str, str]]:
    """The list of files on the first page."""
    if len(several) == 1:
        return []
    return [
        (place.name, _("messages {first}–{last}").format(first=part.first, last=part.last))
        for part, place in zip(several, paths, strict=True)
    ]


@dataclass(slots=True)
class _Setter:
    """Typesets the parts one after another, and keeps what is learned on the way."""

    export: Export
    compiler: "_Compiler"
    pages: int = 0
    missing: set[str] = field(default_factory=set)
    _said: list[str] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _system: frozenset[int] | None = None

    def typeset(self, pages: Pages, listed: Sequence[Row], names: Sequence[tuple[str, str]]) -> bytes:
        """One part as PDF. A picture that the compiler refuses is left out, and the part typeset again."""
        try:
            content = self._compiled(pages, listed, names, plainly=not self.export.options.archival)
        except _Refused as refusal:
            bad = frozenset(name for name in pages.pictures if not self.compiler.decodes(name))
            pages = Pages(pages.export, pages.part, pages.numbers, refused=bad)
            content = self._again(pages, listed, names, plainly=not bad, refusal=refusal)
        finally:
            self.compiler.forget()
        self._said += pages.notes
        found = _PAGES.search(content)
        self.pages += int(found[1]) if found else 0
        return content

    def _again(
        self,
        pages: Pages,
        listed: Sequence[Row],
        names: Sequence[tuple[str, str]],
        *,
        plainly: bool,
        refusal: "_Refused",
    ) -> bytes:
        """Typeset once more; `plainly` as a PDF that keeps no standard, which forbids less."""
        try:
            content = self._compiled(pages, listed, names, plainly=plainly or not self.export.options.archival)
        except _Refused as again:
            if plainly:
                raise _failure(again) from again
            return self._again(pages, listed, names, plainly=True, refusal=again)
        if plainly and self.export.options.archival:
            _log.warning("PDF without its standards: %s", refusal)
            self._said.append(_("The PDF is complete, but does not conform to PDF/A and PDF/UA."))
        return content

    def notes(self) -> list[str]:
        """What the user should know of the result."""
        if not self.missing:
            return self._said
        shown = ", ".join(f"{char} ({glyphs.code_name(char)[1:-1]})" for char in sorted(self.missing)[:_NAMED])
        note = ngettext(
            "{n} character has no glyph in any font here and is written as its number: {shown}",
            "{n} characters have no glyph in any font here and are written as their numbers: {shown}",
            len(self.missing),
        ).format(n=len(self.missing), shown=shown)
        return [*self._said, f"{note}{'…' if len(self.missing) > _NAMED else '.'}"]

    def _compiled(
        self,
        pages: Pages,
        listed: Sequence[Row],
        names: Sequence[tuple[str, str]],
        *,
        plainly: bool,
    ) -> bytes:
        text = json.dumps(pages.data(listed, names), ensure_ascii=False, separators=(",", ":"))
        self._judge(set(text))
        if self.missing:
            text = glyphs.without(text, frozenset(self.missing))
        sources = {f"{name}.svg": resources.path("icons", f"{name}.svg").read_bytes() for name in _ICONS}
        sources["conversation.json"] = text.encode()
        sources["main"] = resources.path("templates", "transcript.typ").read_bytes()
        for name, content in pages.pictures.items():
            self.compiler.put(name, content)
        for number in pages.attached:
            self.compiler.put(attachment_place(number), self.export.files[number])
        standards = None if plainly else (_WITH_FILES if pages.attached else _STANDARDS)
        return self.compiler.pdf(sources, page=self.pages + 1, standards=standards)

    # --- characters -------------------------------------------------------------------------------------------------

    def _judge(self, chars: set[str]) -> None:
        """Find the characters that no font can show. The system's fonts are read only when ours are not enough."""
        asked = {char for char in chars - self._known if ord(char) not in glyphs.bundled() and not glyphs.unshown(char)}
        self._known |= chars
        never = {char for char in asked if glyphs.never(char)}
        self.missing |= never
        if asked := asked - never:
            if self._system is None:
                self._system = _system_coverage()
                self.compiler.add_system_fonts()
            self.missing |= self._probed({char for char in asked if ord(char) not in self._system})

    def _probed(self, chars: set[str]) -> set[str]:
        """Those of the characters that the compiler, with the fonts inside it, cannot show."""
        refused: set[str] = set()
        for _attempt in range(_PROBES):
            left = sorted(chars - refused)
            if not left:
                break
            try:
                self.compiler.pdf({"main": _PROBE, "p.json": json.dumps(left).encode()})
            except _Refused as error:
                named = _UNSHOWABLE.search(str(error))
                found = chars & set(named[1]) if named else set()
                if not found:
                    return chars
                refused |= found
            else:
                return refused
        return chars


class _Compiler:
    """Typst, with our fonts and one folder of pictures."""

    def __init__(self, folder: Path, timestamp: int) -> None:
        self._folder = folder
        self._timestamp = timestamp
        self._typst = self._new(system=False)

    def _new(self, *, system: bool) -> Any:
        """A compiler; the binding's own types do not know sources in memory."""
        _read_ahead()
        import typst

        compiler: Any = typst.Compiler
        fonts = [resources.path("fonts")]
        return compiler({"main": b""}, root=self._folder, font_paths=fonts, ignore_system_fonts=not system)

    def add_system_fonts(self) -> None:
        """Let the fonts of the system follow ours."""
        self._typst = self._new(system=True)

    def put(self, name: str, content: bytes) -> None:
        """Lay a picture into the folder."""
        place = self._folder / name
        with explained(place):
            place.write_bytes(content)

    def pdf(
        self, sources: Mapping[str, bytes], *, page: int = 1, standards: Sequence[str] | None = _STANDARDS
    ) -> bytes:
        """The sources as PDF, its pages counted from `page`."""
        try:
            made = self._typst.compile(
                input=dict(sources),
                sys_inputs={"page": str(page)},
                pdf_standards=list(standards) if standards else None,
                timestamp=self._timestamp,
            )
        except RuntimeError as error:  # `typst.TypstError`, and what the binding raises of itself
            raise _Refused(str(error)) from error
        return bytes(made)

    def decodes(self, name: str) -> bool:
        """Whether a picture in the folder can be printed."""
        try:
            self.pdf({"main": f'#set document(title: "p")\n#image("{name}", alt: "p")'.encode()})
        except _Refused:
            return False
        return True

    def forget(self) -> None:
        """Age the compiler's memory of earlier work until it lets go of it: about 100 KB a message."""
        for turn in range(_AGE):
            self._typst.compile(input={"main": str(turn).encode()})


@cache
def _read_ahead() -> None:
    """Bring the compiler and our fonts from the disk while other threads run: to load them holds the interpreter, on a
    cold disk for a tenth of a second.
    """
    found = find_spec("typst")
    folders = [resources.path("fonts"), *([Path(found.origin).parent] if found and found.origin else [])]
    piece = bytearray(1 << 20)
    for file in (each for folder in folders for each in folder.iterdir() if each.is_file()):
        with suppress(OSError), file.open("rb", buffering=0) as read:
            while read.readinto(piece):
                pass


class _Refused(Exception):
    """The compiler did not make a PDF."""


def _failure(refusal: _Refused) -> ExportError:
    reason = str(refusal).splitlines()[0][:200] if str(refusal) else ""
    return ExportError(
        _("The PDF could not be typeset."),
        reason,
        _("Export as text, and send this message to the makers of the program."),
    )


def _system_coverage() -> frozenset[int]:
    import typst

    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    return glyphs.covered((Path(font.path), font.index) for font in fonts.fonts() if font.path)
