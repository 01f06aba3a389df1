"""The transcript view: messages to elements, elements to rows, rows to the screen; only what is seen is laid out."""

from viewer.ui.transcript.view import TranscriptView

__all__ = ["TranscriptView"]
