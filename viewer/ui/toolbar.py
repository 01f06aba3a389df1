"""The bar at the top: portal, open by id or link, refresh, export, panel, theme, settings."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from viewer.i18n import LANGUAGES, _, language
from viewer.library import updates
from viewer.library.sources import Source
from viewer.settings import Account, Settings
from viewer.ui.icons import icon
from viewer.ui.theme import Theme, font, grown, px


class OpenField(QLineEdit):
    """Takes an id or a link; Enter opens it, Escape leaves."""

    entered = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(_("Session, chat, deal 123 or a pasted link"))
        self.setAccessibleName(_("Open by id or link"))
        self.setMinimumWidth(240)
        self.setMaximumWidth(px(440))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.sign = QAction(self)
        self.addAction(self.sign, QLineEdit.ActionPosition.LeadingPosition)
        self.hint = QLabel("Ctrl+K", self)
        self.hint.setProperty("area", "key")
        self.hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(lambda text: self.hint.setVisible(not text))
        self.returnPressed.connect(lambda: self.entered.emit(self.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.hint.adjustSize()
        self.setTextMargins(0, 0, self.hint.width() + 6 if self.hint.isVisible() else 0, 0)
        self.hint.move(self.width() - self.hint.width() - 8, (self.height() - self.hint.height()) // 2)


class Toolbar(QFrame):
    """What can be asked for at any time.

    Signals: `open_entered(str)`, `refresh()`, `export()`, `panel(bool)`, `dialogues(bool)`, `theme_chosen(str)` with
    "light", "dark" or "", `language_chosen(str)`, `account_chosen(str)` by key, `demo()`, `connect_asked()`,
    `manage_asked()`, `diagnose_asked()`, `settings_asked()`, `keys_asked()`, `updates_wanted(bool)`,
    `window_asked()` for a further window.
    """

    open_entered = Signal(str)
    refresh = Signal()
    export = Signal()
    panel = Signal(bool)
    dialogues = Signal(bool)
    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    account_chosen = Signal(str)
    demo = Signal()
    connect_asked = Signal()
    manage_asked = Signal()
    diagnose_asked = Signal()
    settings_asked = Signal()
    window_asked = Signal()
    keys_asked = Signal()
    updates_wanted = Signal(bool)

    def __init__(self, theme: Theme, source: Source | None, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("area", "toolbar")
        self.setFixedHeight(grown(44))
        self._theme = theme
        self.portal = QToolButton()
        self.portal.setProperty("kind", "portal")
        self.portal.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.portal.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.portal.setText(f" {source.title}" if source else "")
        self.portal.setIconSize(QSize(24, 24))
        self.portal.setMenu(self._portal_menu(source, settings.accounts))
        self.list_button = _button(_("Dialogues (Ctrl+L)"))
        self.list_button.setCheckable(True)
        self.list_button.hide()
        self.list_button.toggled.connect(self.dialogues)
        self.field = OpenField()
        self.field.entered.connect(self.open_entered)
        self.again = _button(_("Read the list and the dialogue again (F5)"))
        self.again.clicked.connect(self.refresh)
        self.export_button = QPushButton(_("Export"))
        self.export_button.setToolTip(_("Export dialogues as PDF, text or tables (Ctrl+E)"))
        self.export_button.clicked.connect(self.export)
        self.panel_button = _button(_("Details (Ctrl+D)"))
        self.panel_button.setCheckable(True)
        self.panel_button.setChecked(True)
        self.panel_button.toggled.connect(self.panel)
        self.theme_button = _button(_("Light or dark"))
        self.theme_button.clicked.connect(lambda: self.theme_chosen.emit("light" if self._theme.dark else "dark"))
        self.gear = _button(_("Settings"))
        self.gear.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.gear.setMenu(self._settings_menu(settings))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.list_button)
        row.addWidget(self.portal)
        row.addStretch(1)
        row.addWidget(self.field, 4)
        row.addStretch(1)
        for widget in (self.again, self.export_button, self.panel_button, self.theme_button, self.gear):
            row.addWidget(widget)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.portal.setIcon(tile(self.portal.text().strip(), theme))
        self.field.sign.setIcon(icon("external", theme.text2))
        self.list_button.setIcon(icon("chat", theme.text2))
        self.again.setIcon(icon("refresh", theme.text2))
        self.export_button.setIcon(icon("export", theme.text))
        self.panel_button.setIcon(icon("panel", theme.text2))
        self.theme_button.setIcon(icon("sun" if theme.dark else "moon", theme.text2))
        self.gear.setIcon(icon("gear", theme.text2))

    def _portal_menu(self, source: Source | None, accounts: tuple[Account, ...]) -> QMenu:
        menu = QMenu(self)
        for account in accounts:
            action = menu.addAction(account.name or account.host)
            action.setCheckable(True)
            action.setChecked(source is not None and account.key == source.key)
            action.triggered.connect(lambda _on=False, key=account.key: self.account_chosen.emit(key))
        action = menu.addAction(_("Demo portal"))
        action.setCheckable(True)
        action.setChecked(source is not None and source.demo)
        action.triggered.connect(self.demo)
        menu.addSeparator()
        menu.addAction(_("Connect another portal…")).triggered.connect(self.connect_asked)
        if accounts:
            menu.addAction(_("Portals…")).triggered.connect(self.manage_asked)
        return menu

    def _settings_menu(self, settings: Settings) -> QMenu:
        menu = QMenu(self)
        menu.addAction(_("New window") + "\tCtrl+N").triggered.connect(self.window_asked)
        menu.addSeparator()
        menu.addAction(_("Settings…") + "\tCtrl+,").triggered.connect(self.settings_asked)
        menu.addSeparator()
        themes = ((_("Theme of the system"), ""), (_("Light"), "light"), (_("Dark"), "dark"))
        self._themes = self._choices(menu, themes, settings.theme, self.theme_chosen)
        menu.addSeparator()
        languages = tuple((name, code) for code, name in LANGUAGES.items())
        self._choices(menu, languages, language(), self.language_chosen)
        menu.addSeparator()
        menu.addAction(_("Diagnostics…")).triggered.connect(self.diagnose_asked)
        menu.addAction(_("Keyboard shortcuts")).triggered.connect(self.keys_asked)
        if updates.address():
            looks = menu.addAction(_("Look for new versions"))
            looks.setCheckable(True)
            looks.setChecked(settings.updates)
            looks.triggered.connect(self.updates_wanted)
        return menu

    def show_chosen(self, theme: str) -> None:
        """Say in the menu which theme was chosen, "" the system's."""
        for action in self._themes.actions():
            action.setChecked(action.data() == theme)

    def _choices(self, menu: QMenu, choices: tuple[tuple[str, str], ...], chosen: str, signal: object) -> QActionGroup:
        group = QActionGroup(menu)
        for words, value in choices:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(value == chosen)
            action.setData(value)
            group.addAction(action)
            action.triggered.connect(lambda _on=False, value=value: signal.emit(value))  # type: ignore[attr-defined]
        return group


def tile(name: str, theme: Theme) -> QIcon:
    """A rounded tile with the portal's first letter."""
    picture = QPixmap(48, 48)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.accent)
    painter.drawRoundedRect(QRectF(0, 0, 24, 24), 5, 5)
    painter.setPen(theme.on_accent)
    painter.setFont(font("name"))
    painter.drawText(QRectF(0, 0, 24, 24), Qt.AlignmentFlag.AlignCenter, name[:1].upper())
    painter.end()
    return QIcon(picture)


def _button(tip: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    return button
