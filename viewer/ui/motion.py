"""Motion: what moves by itself in the window, and the wish that nothing does.

The window has no animation of its own; what moves is Qt's: menus and lists that unfold, and a bar that runs while
nobody knows how long something takes. Qt tells of the system's wish on Windows and KDE; elsewhere the setting does.
"""

import os
import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QProgressBar, QStyle

REDUCED = "reduced"
_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeMenu, Qt.UIEffect.UI_AnimateCombo, Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip, Qt.UIEffect.UI_AnimateToolBox,
)  # fmt: skip
_state = {"reduced": False}
_own: dict[Qt.UIEffect, bool] = {}  # what the system had chosen


def system_reduced(app: QApplication) -> bool:
    """Whether the system asks for less motion, as far as Qt tells."""
    tells = sys.platform == "win32" or "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")
    return tells and app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


def use(app: QApplication, wish: str) -> None:
    """Move less from now on ("reduced"), or as the system says ("")."""
    _state["reduced"] = wish == REDUCED or system_reduced(app)
    for effect in _EFFECTS:
        own = _own.setdefault(effect, app.isEffectEnabled(effect))
        app.setEffectEnabled(effect, own and not _state["reduced"])


def reduced() -> bool:
    """Whether nothing shall move by itself."""
    return _state["reduced"]


def show_busy(bar: QProgressBar) -> None:
    """Show that work of unknown length goes on: a bar that runs, or none where nothing shall move: words stand
    beside it.
    """
    bar.setRange(0, 0)
    bar.setVisible(not reduced())
