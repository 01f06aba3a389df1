"""Export from the window: the dialog, the run behind it, the history, and printing."""

from viewer.ui.exports.exporter import Exporter

__all__ = ["Exporter"]
