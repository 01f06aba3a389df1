"""A conversation as an Excel workbook: the rows of `tables`, and a sheet of facts. Written by XlsxWriter.

Rows go to the disk one by one, so that memory stays the same however long the conversation is. Texts are written as
texts: nothing becomes a formula, a number or a link. Dates are dates of Excel, which knows no offsets: they show the
time of day that the portal told, and the offsets stand on the sheet of facts.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from viewer.errors import Cancelled
from viewer.export import facts, omissions
from viewer.export.cover import cover
from viewer.export.document import Cancel, Export, Progress, Result
from viewer.export.files import Drafts, explained
from viewer.export.tables import MESSAGES, SESSIONS, Column, Value, Values, message_rows, session_rows
from viewer.i18n import _, here
from viewer.markup import revealed
from viewer.markup.fit import fit

ROWS = 1_048_576  # of a sheet, the heading among them
CELL = 32_767  # UTF-16 units in a cell
_KEYS = 3  # columns that are repeated where a text goes on in the next row
_FIRST_YEAR = 1900
_BLOCK = 1 << 20  # bytes
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def write_xlsx(export: Export, path: Path, *, cancel: Cancel | None = None, progress: Progress | None = None) -> Result:
    """Write the workbook to `path`, whole or not at all. Raises ExportError or Cancelled."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    # What XlsxWriter lays aside goes with its folder, whatever happens. Its refusals hold the system's own.
    with Drafts() as drafts, TemporaryDirectory(prefix="openlines-", ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "made.xlsx"
        options = {"constant_memory": True, "tmpdir": folder}
        with explained(path):
            book = _Book(xlsxwriter.Workbook(made, options), cancel)
            try:
                book.fill(export)
            finally:
                try:
                    book.close()
                except FileCreateError as error:
                    raise error.args[0] from None
        with made.open("rb") as file:
            drafts.add(path, iter(lambda: file.read(_BLOCK), b""))
        drafts.keep()
    if progress is not None:
        progress(1, 1)
    return Result(path, parts=(path,))


class _Book:
    """A workbook with its formats."""

    def __init__(self, workbook: Any, cancel: Cancel | None) -> None:
        self._workbook = workbook
        self._cancel = cancel
        self._head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._plain = workbook.add_format({"valign": "top"})
        self._text = workbook.add_format({"valign": "top", "text_wrap": True})
        self._date = workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd hh:mm:ss"})

    def fill(self, export: Export) -> None:
        """Write every sheet."""
        made = {"title": _shown(facts.title(export))[:200], "comments": facts.written_line(export)}
        self._workbook.set_properties({**made, "created": export.exported_at.replace(tzinfo=None)})
        self._table(_("Messages"), MESSAGES, message_rows(export))
        self._table(_("Sessions"), SESSIONS, session_rows(export))
        self._about(export)

    def close(self) -> None:
        """Put the workbook together."""
        self._workbook.close()

    # --- tables ---------------------------------------------------------------------------------------------------

    def _table(self, name: str, columns: Sequence[Column], rows: Iterable[Values]) -> None:
        """A sheet with a heading that stays; what does not fit into one sheet goes on in the next."""
        sheet, at, number = self._sheet(name, columns), 0, 1
        for row in _continued(rows):
            if self._cancel is not None and self._cancel.is_set():
                raise Cancelled
            at += 1
            if at == ROWS:
                sheet.autofilter(0, 0, at - 1, len(columns) - 1)
                number += 1
                sheet, at = self._sheet(f"{name} {number}", columns), 1
            for place, value in enumerate(row):
                self._cell(sheet, at, place, value)
        sheet.autofilter(0, 0, at, len(columns) - 1)

    def _sheet(self, name: str, columns: Sequence[Column]) -> Any:
        sheet = self._workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, _(column.label), self._head)
        return sheet

    def _cell(self, sheet: Any, row: int, place: int, value: Value) -> None:
        match value:
            case bool():
                sheet.write_boolean(row, place, value, self._plain)
            case int():
                sheet.write_number(row, place, value, self._plain)
            case datetime(year=year) if year >= _FIRST_YEAR:
                sheet.write_datetime(row, place, here(value).replace(tzinfo=None), self._date)
            case datetime():
                sheet.write_string(row, place, value.isoformat(), self._plain)
            case str() if value:
                sheet.write_string(row, place, value, self._text)

    # --- facts ----------------------------------------------------------------------------------------------------

    def _about(self, export: Export) -> None:
        sheet = self._workbook.add_worksheet(_("About"))
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 90)
        told = ((label, part) for label, value in _about(export) for part in _portions(_shown(value)))
        for at, (label, part) in enumerate(told):
            sheet.write_string(at, 0, label, self._head)
            sheet.write_string(at, 1, part, self._text)


def _about(export: Export) -> Iterator[tuple[str, str]]:
    """What the first page of a PDF tells, and what could not be read."""
    yield _("Open Lines conversation"), facts.title(export)
    yield _("Portal"), export.host
    yield _("Export"), facts.written_line(export)
    yield from ((_("Could not be read"), told) for told in filter(None, [omissions.lacking(export)]))
    yield from facts.facts(export, export.rows())
    yield from ((_("Participant"), f"{name}, {role}") for name, role in facts.people(export))
    if made := cover(export):
        yield from made.circumstances
        for name, digests in made.groups:
            yield from ((name, f"{each.name} ({each.detail}), {each.sha256}") for each in digests)
    told = omissions.untold(export)
    yield from ((_("Could not be read"), sentence) for sentence in told)


# --- texts that cells can hold ----------------------------------------------------------------------------------------


def _continued(rows: Iterable[Values]) -> Iterator[Values]:
    """The rows; a text longer than a cell goes on in rows of its own below, beside the same keys."""
    for row in rows:
        parted = [list(_portions(_shown(value))) if isinstance(value, str) else [value] for value in row]
        for number, line in enumerate(zip_longest(*parted)):
            yield (*row[:_KEYS], *line[_KEYS:]) if number else line


def _portions(text: str) -> Iterator[str]:
    """The text in parts that fit into a cell; most texts are one."""
    if len(text) <= CELL // 2:
        yield text
        return
    start = units = 0
    for at, char in enumerate(text):
        step = 1 + (char > "\uffff")
        if units + step > CELL:
            yield text[start:at]
            start, units = at, 0
        units += step
    yield text[start:]


def _shown(text: str) -> str:
    """The text with what a workbook cannot hold made visible."""
    return _ILLEGAL.sub(lambda found: revealed(found[0]), fit(text).replace("\r\n", "\n"))
