"""Emoji for a system that has none."""

import sys
from functools import cache

from PySide6.QtGui import QFontDatabase

from viewer import resources

_FONT = "NotoColorEmoji.ttf"


@cache
def lend() -> bool:
    """Add the emoji that a PDF is typeset with, where no font of the system has any; whether that was needed.

    Windows and macOS always have them; a minimal Linux shows boxes in the place of smileys.
    """
    if sys.platform in ("win32", "darwin") or any("emoji" in name.lower() for name in QFontDatabase.families()):
        return False
    return QFontDatabase.addApplicationFont(str(resources.path("fonts", _FONT))) >= 0
