"""An export as PDF, read back."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from viewer.export import Export
from viewer.export.pdf import write_pdf


@pytest.fixture
def printed(tmp_path: Path) -> Callable[[Export], PdfReader]:
    """Write an export as PDF and read it back."""

    def make(export: Export) -> PdfReader:
        path = tmp_path / "out.pdf"
        write_pdf(export, path)
        return PdfReader(io.BytesIO(path.read_bytes()))

    return make


@pytest.fixture
def texts() -> Callable[[Path], str]:
    """The text of a PDF, page after page."""

    def read(path: Path) -> str:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)

    return read
