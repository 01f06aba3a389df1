"""How everything looks: colours by name, the type scale, and the application's style sheet.

The colours stand in `resources/themes/*.json` under the names that the design uses; `line_strong` here is `lineStrong`
there. A theme is a value: whoever draws is given one.
"""

import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from string import Template
from typing import Any
from zlib import crc32

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from viewer import resources
from viewer.markup import contrast


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """All tokens of one look."""

    name: str
    dark: bool
    window: QColor
    surface: QColor
    canvas: QColor
    line: QColor
    line_strong: QColor
    text: QColor
    text2: QColor
    text3: QColor
    accent: QColor
    on_accent: QColor
    accent_hover: QColor
    sel: QColor
    raised: QColor
    client: QColor
    operator: QColor
    bot: QColor
    bot_text: QColor
    auto: QColor
    note: QColor
    note_text: QColor
    amber: QColor
    red: QColor
    red_soft: QColor
    green: QColor
    green_soft: QColor
    link: QColor
    star: QColor
    hit: QColor
    hit_cur: QColor
    hit_line: QColor
    shadow: QColor
    avatars: tuple[tuple[QColor, QColor], ...]
    channels: dict[str, QColor]

    def avatar(self, person_id: int) -> tuple[QColor, QColor]:
        """Fill and letters of a person's drawn avatar: always the same pair for one id."""
        return self.avatars[crc32(str(person_id).encode()) % len(self.avatars)]

    def channel(self, name: str) -> QColor:
        """The dot of a channel, by its name for people ("Telegram")."""
        return self.channels.get(name, self.channels[""])


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)


@cache
def theme(name: str) -> Theme:
    """The look called `name`: "light" or "dark"."""
    data: dict[str, Any] = json.loads(resources.text("themes", f"{name}.json"))
    colors = {_snake(key): QColor(value) for key, value in data["colors"].items()}
    return Theme(
        name=name,
        dark=data["dark"],
        shadow=QColor(data["shadow"]),
        avatars=tuple((QColor(fill), QColor(letters)) for fill, letters in data["avatars"]),
        channels={key: QColor(value) for key, value in data["channels"].items()},
        **colors,
    )


def system_scheme() -> str:
    """The look the user's system asks for: "dark" or "light"."""
    hints = QGuiApplication.styleHints()
    return "dark" if hints.colorScheme() is Qt.ColorScheme.Dark else "light"


def ask_for(chosen: str) -> str:
    """Ask the system to draw its own part, title bars above all, as the user chose: "light", "dark" or "" for its own.

    Returns the look to wear, "dark" or "light". Where the system takes a while to go back to its own, it tells so by
    `colorSchemeChanged`. Most desktops of Linux dress title bars as they please.
    """
    schemes = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
    QGuiApplication.styleHints().setColorScheme(schemes.get(chosen, Qt.ColorScheme.Unknown))
    return chosen or system_scheme()


def contrasting(color: QColor, ground: QColor, ratio: float) -> QColor:
    """The colour, darkened or lightened until it stands out from `ground` by `ratio` (WCAG 2)."""
    end = 0.0 if ground.lightnessF() > 0.5 else 1.0
    made = QColor(color)
    for step in range(1, 21):
        if contrast(made.name(), ground.name()) >= ratio:
            break
        hue, saturation, lightness = color.hslHueF(), color.hslSaturationF(), color.lightnessF()
        made = QColor.fromHslF(max(hue, 0.0), saturation, lightness + (end - lightness) * step / 20)
    return made


# --- type ---------------------------------------------------------------------------------------------------------

# What the system writes at where nobody asked for larger text, in points: the type scale below is drawn for it.
_USUAL = {"win32": 9.0, "darwin": 13.0}
_USUAL_ELSEWHERE = 10.0
_LARGEST = 2.5
_text = {"scale": 1.0}


def follow_system_text(system: QFont) -> None:
    """Write as large as the system does: `system` is its font. A little more than usual changes nothing."""
    points = system.pointSizeF()
    if points <= 0:  # given in pixels, at 96 to the inch
        points = system.pixelSize() * 0.75
    usual = _USUAL.get(sys.platform, _USUAL_ELSEWHERE)
    scale = min(points / usual, _LARGEST)
    _text["scale"] = scale if scale >= 1.15 else 1.0


def text_scale() -> float:
    """How much larger than designed everything is written, 1 at least."""
    return _text["scale"]


def px(designed: int) -> int:
    """A length that grows with the text, in pixels."""
    return round(designed * text_scale())


def grown(designed: int, lines: int = 1) -> int:
    """The height of something that holds lines of text, in pixels: the lines grow, the space around them does not."""
    return designed + round(lines * line_height("body") * (text_scale() - 1))


# Role: pixels, line height, weight. Figures stand in columns where `_TABULAR` says so.
_TYPE = {
    "body": (13, 18, QFont.Weight.Normal),
    "name": (13, 18, QFont.Weight.DemiBold),
    "secondary": (12, 16, QFont.Weight.Normal),
    "label": (12, 16, QFont.Weight.DemiBold),
    "meta": (11, 16, QFont.Weight.Normal),
    "meta-day": (11, 16, QFont.Weight.Medium),
    "italic": (12, 16, QFont.Weight.Normal),
    "meta-strong": (11, 16, QFont.Weight.Bold),
    "secondary-medium": (12, 16, QFont.Weight.Medium),
    "initials": (11, 14, QFont.Weight.DemiBold),
    "plate": (9, 12, QFont.Weight.Bold),
    "code": (12, 16, QFont.Weight.Normal),
    "title": (14, 18, QFont.Weight.DemiBold),
    "heading": (15, 22, QFont.Weight.DemiBold),
    "welcome": (28, 36, QFont.Weight.DemiBold),
    "emoji": (32, 40, QFont.Weight.Normal),
    "reaction": (12, 16, QFont.Weight.Normal),
}
_TABULAR = ("secondary", "meta", "meta-strong")


def font(role: str) -> QFont:
    """The font of a role of the type scale: body, name, secondary, label, meta, code, title, heading, welcome …

    It has the size it was designed in: what paints with it is scaled as a whole. Widgets take `widget_font`.
    """
    pixels, _, weight = _TYPE[role]
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if role == "code" else QFont()
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setItalic(role == "italic")
    if role in _TABULAR:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def widget_font(role: str) -> QFont:
    """The font of a role in the size that the system asks for."""
    made = font(role)
    made.setPixelSize(px(made.pixelSize()))
    return made


def line_height(role: str) -> int:
    """The line height of a role, in pixels."""
    return _TYPE[role][1]


# --- Qt -----------------------------------------------------------------------------------------------------------


def palette(look: Theme) -> QPalette:
    """The palette for what no style sheet reaches."""
    made = QPalette()
    roles = QPalette.ColorRole
    for role, color in (
        (roles.Window, look.window), (roles.WindowText, look.text), (roles.Base, look.surface),
        (roles.AlternateBase, look.window), (roles.Text, look.text), (roles.Button, look.surface),
        (roles.ButtonText, look.text), (roles.BrightText, look.red), (roles.Highlight, look.accent),
        (roles.HighlightedText, look.on_accent), (roles.Link, look.link), (roles.LinkVisited, look.link),
        (roles.ToolTipBase, look.surface), (roles.ToolTipText, look.text), (roles.PlaceholderText, look.text3),
        (roles.Light, look.raised), (roles.Midlight, look.line), (roles.Mid, look.line_strong),
        (roles.Dark, look.line_strong), (roles.Shadow, look.shadow), (roles.Accent, look.accent),
    ):  # fmt: skip
        made.setColor(role, color)
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, look.text3)
    made.setColor(QPalette.ColorGroup.Disabled, roles.Base, look.window)
    made.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, look.line)
    return made


def stylesheet(look: Theme) -> str:
    """The one style sheet of the application."""
    names = [name for name in Theme.__slots__ if isinstance(getattr(look, name), QColor)]
    values = {name: getattr(look, name).name() for name in names}
    folder = resources.path("themes").as_posix()
    sheets = "\n".join(resources.text("themes", name) for name in ("window.qss", "panes.qss"))
    made = _LENGTH.sub(_grown, Template(sheets).substitute(values, folder=folder, theme=look.name))
    return made if text_scale() == 1 else made + _larger_signs()


def _larger_signs() -> str:
    """Icons and boxes to tick, beside text that is larger than usual."""
    usual, small, box = px(16), px(12), px(14)
    return f"""
QToolButton {{ qproperty-iconSize: {usual}px {usual}px; }}
QToolButton[kind="portal"] {{ qproperty-iconSize: 24px 24px; }}
QPushButton {{ icon-size: {usual}px; }}
QPushButton[kind="chip"], QPushButton[kind="token"] {{ icon-size: {small}px; }}
QCheckBox::indicator {{ width: {box}px; height: {box}px; }}
"""


_LENGTH = re.compile(r"(font-size: |min-height: )(\d+)px")


def _grown(found: re.Match[str]) -> str:
    """A length of the style sheet, larger where text stands in it; a bar of some pixels stays as it is."""
    name, length = found[1], int(found[2])
    return f"{name}{px(length) if name.startswith('font') or length >= 16 else length}px"


def apply(app: QApplication, look: Theme) -> None:
    """Dress the whole application: style, palette, font and style sheet."""
    app.setStyle("Fusion")
    app.setPalette(palette(look))
    app.setFont(widget_font("body"))
    app.setStyleSheet(stylesheet(look))
