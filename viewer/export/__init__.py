"""Export: one conversation to a file. PDF through Typst, plain text, JSON; the same rows and nodes as on screen."""

from viewer.export.document import Export, ExportError, Result
from viewer.export.formats import FORMATS, Format
from viewer.export.names import free_path, safe_name

__all__ = ["FORMATS", "Export", "ExportError", "Format", "Result", "free_path", "safe_name"]
