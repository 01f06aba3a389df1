"""The pages of the PDF as pictures, for the screen and for a printer: the same template, the same compiler."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from viewer.errors import Cancelled
from viewer.export import pdf
from viewer.export.document import Cancel, Export
from viewer.export.pages import Pages, numbering, parts


class _Drawer(pdf._Compiler):
    """A compiler whose conversation comes out as pictures; `take` is given each page, as PNG."""

    def __init__(self, folder: Path, timestamp: int, ppi: float, take: Callable[[bytes], object]) -> None:
        super().__init__(folder, timestamp)
        self._ppi, self._take = ppi, take

    def pdf(
        self, sources: Mapping[str, bytes], *, page: int = 1, standards: Sequence[str] | None = pdf._STANDARDS
    ) -> bytes:
        """Nothing; the pages are handed on."""
        if "conversation.json" not in sources:
            return super().pdf(sources, page=page, standards=standards)
        try:
            made = self._typst.compile(
                input=dict(sources), sys_inputs={"page": str(page)}, format="png", ppi=self._ppi,
                timestamp=self._timestamp,
            )  # fmt: skip
        except RuntimeError as error:
            raise pdf._Refused(str(error)) from error
        for content in made if isinstance(made, list) else [made]:
            self._take(bytes(content))
        return b""


def draw_pages(export: Export, ppi: float, take: Callable[[bytes], object], *, cancel: Cancel | None = None) -> None:
    """Hand on each page as PNG at `ppi` dots an inch. Raises ExportError, or Cancelled between two parts."""
    listed = export.rows()
    numbers = numbering(listed)
    count = 0

    def counted(content: bytes) -> None:
        nonlocal count
        count += 1
        take(content)

    with TemporaryDirectory(prefix="openlines-") as folder:
        drawer = _Drawer(Path(folder), int(export.exported_at.timestamp()), ppi, counted)
        setter = pdf._Setter(export, drawer)
        for part in parts(listed, export.transcript.files):
            if cancel is not None and cancel.is_set():
                raise Cancelled
            setter.typeset(Pages(export, part, numbers), listed, [])
            setter.pages = count
