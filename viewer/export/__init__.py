"""Conversations written to files: PDF for filing, text for people, JSON for programs. No Qt; Typst in `pdf` alone."""

from viewer.export.document import Export, ExportError, Result
from viewer.export.formats import FORMATS, Writer
from viewer.export.names import free_path, need_name, safe_name

__all__ = ["FORMATS", "Export", "ExportError", "Result", "Writer", "free_path", "need_name", "safe_name"]
