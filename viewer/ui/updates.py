"""News of a newer version: asked for once by the user, from then on at each start, until he takes it back."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.library import updates

if TYPE_CHECKING:
    from viewer.ui.window import MainWindow


class Updates(QObject):
    """Looks for a newer version where the build has an address to ask, and tells; it never installs anything."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.address = updates.address()
        window.toolbar.updates_wanted.connect(self.choose)
        if self.address and window.store.value.updates and window.store.first_time("updates"):
            window.painted.connect(partial(self.look, aloud=False))

    def choose(self, wanted: bool) -> None:
        """Look from now on at each start, or no more; what is wanted is looked for at once."""
        self._window.store.change(updates=wanted)
        if wanted:
            self.look(aloud=True)

    def look(self, *, aloud: bool) -> None:
        """Look for a newer version; `aloud` also tells that there is none, and what went wrong."""
        if self.address:
            self._window.desk.tasks.run(
                partial(updates.look, self.address),
                on_done=partial(self._found, aloud=aloud),
                on_failure=partial(self._failed, aloud=aloud),
            )

    def _found(self, newer: tuple[str, str] | None, *, aloud: bool) -> None:
        notice = self._window.conversation.notice
        if newer is not None:
            version, page = newer
            words = _("Version {version} of Open Lines Viewer is out.").format(version=version)
            notice.tell(words, "info", [(_("Open its page"), partial(_open, page))])
        elif aloud:
            notice.tell(_("This is the newest version."), "good")

    def _failed(self, error: ViewerError, *, aloud: bool) -> None:
        if aloud:
            self._window.conversation.notice.tell(str(error), "warn")


def _open(page: str) -> None:
    QDesktopServices.openUrl(QUrl(page))
