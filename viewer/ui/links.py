"""Where links lead: to another dialogue, a page of the portal, or the system's browser; and links to copy."""

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from viewer.errors import ViewerError
from viewer.i18n import _

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow


class Links(QObject):
    """Follows addresses for the window; only http, https, mailto and tel leave the program."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    def copy_session(self) -> None:
        """Copy a link to the session that is shown."""
        session = self._window.desk.session
        if session and self._window.desk.source and self._window.desk.source.root:
            link = f"{self._window.desk.source.root}/online/?IM_HISTORY=imol%7C{session.id}"
            QGuiApplication.clipboard().setText(link)
            words = _("The link to session {id} is copied.").format(id=session.id)
            self._window.conversation.notice.tell(words, "good")

    def copy_request(self, error: ViewerError) -> None:
        """Copy what an administrator needs to know of a refusal."""
        what = str(self._window.desk.reference or "")
        host = self._window.desk.source.host if self._window.desk.source else ""
        words = _("Open Lines Viewer could not open {what} on {host}.").format(what=what, host=host)
        QGuiApplication.clipboard().setText(f"{words}\n{error.title} {error.detail}\n{error.advice}".strip())

    def follow(self, address: str) -> None:
        """Follow a link of a text, a card or a panel; `olv:` addresses are the program's own."""
        kind, _slash, rest = address.partition("/")
        number = int(rest.rpartition("/")[2]) if rest.rpartition("/")[2].isdigit() else 0
        match kind:
            case "olv:session" | "olv:chat":
                self._window.open_text(rest if kind == "olv:session" else f"chat{rest}")
            case "olv:message":
                self._window.conversation.notice.tell(_("The quoted message is not part of what is shown."), "info")
            case "olv:past":
                self._window.past.follow(rest)
            case "olv:raw":
                self._window.show_raw(number)
            case "olv:file":
                self._window.files.browse(number)
            case "olv:person":
                self._browse_portal(f"/company/personal/user/{number}/")
            case "olv:open":
                dialog = self._window.desk.transcript.dialog
                self._browse_portal(f"/online/?IM_DIALOG=chat{dialog.chat_id if dialog else 0}")
            case "":
                self._browse_portal(address)
            case _ if address.startswith("olv:picture?"):
                self._browse(parse_qs(address.partition("?")[2]).get("url", [""])[0])
            case _:
                self._browse(address)

    def _browse_portal(self, path: str) -> None:
        if self._window.desk.source and self._window.desk.source.root:
            self._browse(self._window.desk.source.root + path)

    def _browse(self, address: str) -> None:
        url = QUrl(address)
        if url.scheme() in ("http", "https", "mailto", "tel"):
            QDesktopServices.openUrl(url)
