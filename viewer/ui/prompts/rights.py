"""What the program may do on a portal: a row a permission, and what the lack of each costs (`bitrix24-api.md` §2.1)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.i18n import N_, _
from viewer.ui.icons import pixmap
from viewer.ui.prompts.parts import restyle
from viewer.ui.theme import Theme

if TYPE_CHECKING:
    from viewer.bitrix import Checked


@dataclass(frozen=True, slots=True)
class Permission:
    """A tick of the webhook: what it is for, how much it matters, and what its lack costs."""

    scope: str
    use: str
    need: str
    lack: str


PERMISSIONS = (
    Permission("imopenlines", N_("Sessions, history, lines, your rating"), N_("required"), N_("nothing can be read")),
    Permission("im", N_("Chat search, file downloads"), N_("recommended"), N_("names and files may be missing")),
    Permission("crm", N_("Finds more sessions, opens client cards"), N_("optional"), N_("fewer sessions may be found")),
    Permission("user_brief", N_("Operator names and photos"), N_("optional"), N_("some names may be missing")),
    Permission("disk", N_("Second way to download files"), N_("optional"), N_("some files will open in the browser")),
)
# Any of these grants what `user_brief` does (`bitrix24-api.md` §2.1).
_SAME = {"user_brief": {"user_brief", "user_basic", "user"}}


class Rights(QFrame):
    """The permissions, plain or as a check found them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("area", "card")
        self._theme = theme
        self._checked: Checked | None = None
        self.rows: dict[str, tuple[QLabel, QLabel]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for permission in PERMISSIONS:
            column.addWidget(self._row(permission))
        self.clear()

    def show_checked(self, checked: "Checked") -> int:
        """Say what is granted and what the rest costs; answers how many are granted."""
        self._checked = checked
        granted = 0
        for permission in PERMISSIONS:
            held = not _SAME.get(permission.scope, {permission.scope}).isdisjoint(checked.scopes)
            granted += held
            sign, words = self.rows[permission.scope]
            name, color = ("check", self._theme.green) if held else ("warning", self._theme.note_text)
            sign.setPixmap(pixmap(name, color, 16, self.devicePixelRatioF()))
            sign.setAccessibleName(_("granted") if held else _("not granted"))
            use = _(permission.use)
            words.setText(use if held else _("{use}. Not ticked: {lack}.").format(use=use, lack=_(permission.lack)))
            words.setProperty("tone", "secondary" if held else "lack")
            restyle(words)
        self.fit()
        return granted

    def clear(self) -> None:
        """Nothing is known yet."""
        self._checked = None
        for permission in PERMISSIONS:
            sign, words = self.rows[permission.scope]
            sign.setPixmap(pixmap("minus", self._theme.text3, 16, self.devicePixelRatioF()))
            sign.setAccessibleName("")
            words.setText(_(permission.use))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        if self._checked is None:
            self.clear()
        else:
            self.show_checked(self._checked)

    def fit(self) -> None:
        """Give each row the height that its words take: a layout this deep does not ask again by itself."""
        for _sign, words in self.rows.values():
            words.setMinimumHeight(words.heightForWidth(max(80, words.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.fit)

    def _row(self, permission: Permission) -> QFrame:
        row = QFrame()
        row.setProperty("area", "row")
        row.setProperty("last", permission is PERMISSIONS[-1])
        sign = QLabel()
        name = QLabel(permission.scope)
        name.setProperty("code", True)
        name.setMinimumWidth(110)
        words = QLabel(_(permission.use))
        words.setProperty("tone", "secondary")
        words.setWordWrap(True)
        tag = QLabel(_(permission.need))
        tag.setProperty("area", "tag")
        inner = QHBoxLayout(row)
        inner.setContentsMargins(14, 7, 12, 7)
        inner.setSpacing(12)
        inner.addWidget(sign)
        inner.addWidget(name)
        inner.addWidget(words, 1)
        inner.addWidget(tag, 0, Qt.AlignmentFlag.AlignVCenter)
        self.rows[permission.scope] = (sign, words)
        return row
