"""The bar at the bottom: the portal, how it answers, what is loaded, the work under way, the zone of the times."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from viewer.errors import ViewerError
from viewer.i18n import _, ngettext, zone
from viewer.library.sources import Source
from viewer.ui.icons import pixmap
from viewer.ui.limits import EVERY, Ask, waiting_words
from viewer.ui.motion import show_busy
from viewer.ui.theme import Theme, grown


class StatusBar(QFrame):
    """Quiet facts; only work under way moves.

    `ask` gives the limits of the portal. Signals: `limits_asked()` when the user wants to see them all, and
    `stop_asked()` when they no longer want what the portal makes them wait for.
    """

    limits_asked = Signal()
    stop_asked = Signal()

    def __init__(self, theme: Theme, source: Source | None, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("area", "status")
        self.setFixedHeight(grown(26))
        self._theme = theme
        self._good = True
        self._ask = ask
        self._news = ""  # what the state says while nothing waits
        self.sign = QLabel()
        name = " · ".join(filter(None, (source.title, source.host))) if source else ""
        self.portal = self._door(name)
        self.state = self._door("")
        self.halt = _link(_("Stop"), _("Stop waiting for the portal"))
        self._watch = QTimer(self)
        self._watch.setInterval(EVERY)
        self._watch.timeout.connect(self.look)
        self.counts = _label("")
        self.work = _label("")
        self.bar = QProgressBar()
        self.bar.setFixedWidth(110)
        self.stop = _link(_("Stop"), "")
        self.zone = _label("")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(14)
        for told in (self.sign, self.portal, self.state, self.halt, self.counts):
            row.addWidget(told)
        row.addStretch(1)
        working: tuple[QWidget, ...] = (self.work, self.bar, self.stop, self.zone)
        for widget in working:
            row.addWidget(widget)
        self._cancel: Callable[[], object] | None = None
        self.stop.clicked.connect(self._stopped)
        self.halt.clicked.connect(self._halted)
        self.halt.hide()
        self.end_work()
        self._say("")
        self.set_theme(theme)

    def set_counts(self, sessions: int, chats: int) -> None:
        """What the list shows."""
        told = ngettext("{n} session", "{n} sessions", sessions).format(n=sessions)
        within = ngettext("{n} chat", "{n} chats", chats).format(n=chats)
        self.counts.setText(_("{sessions} in {chats}").format(sessions=told, chats=within) if sessions else "")

    def set_listing(self, busy: bool) -> None:
        """The list is being read, or was."""
        self._good = self._good or busy
        self._say(_("Reading the list…") if busy else "")
        self.set_theme(self._theme)

    def set_waiting(self, _seconds: float) -> None:
        """A call begins to wait, or goes on. Others may wait still: the limits tell."""
        self.look()

    def look(self) -> None:
        """See what is waited for, and look again until nothing is."""
        words = waiting_words(self._ask())
        self.halt.setVisible(bool(words))
        self.state.setText(words or self._news)
        self.state.setVisible(bool(words or self._news))
        if bool(words) != self._watch.isActive():
            (self._watch.start if words else self._watch.stop)()

    def set_problem(self, error: ViewerError) -> None:
        """The portal did not answer as it should."""
        self._good = False
        self._say(error.title)
        self.set_theme(self._theme)

    def set_zone(self, name: str) -> None:
        """The zone of the times that are shown."""
        whose = {"mine": _("The time of this computer."), "portal": _("The portal's own time, as it dates messages.")}
        self.zone.setText(_("Times: {zone}").format(zone=name) if name else "")
        self.zone.setToolTip(" ".join(filter(None, (whose.get(zone(), ""), _("Choose another in the settings.")))))

    def begin_work(self, words: str, cancel: Callable[[], object]) -> None:
        """Some longer work starts; it can be stopped."""
        self._cancel = cancel
        self.work.setText(words)
        show_busy(self.bar)
        for widget in (self.work, self.stop):
            widget.show()

    def advance(self, done: int, total: int) -> None:
        """How far the work has come."""
        self.bar.setRange(0, max(total, 1))
        self.bar.setVisible(self._cancel is not None)
        self.bar.setValue(done)

    def end_work(self) -> None:
        """The work has ended."""
        self._cancel = None
        for widget in (self.work, self.bar, self.stop):
            widget.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        name, color = ("check", theme.green) if self._good else ("warning", theme.red)
        self.sign.setPixmap(pixmap(name, color, 12, self.devicePixelRatioF()))

    def _say(self, news: str) -> None:
        self._news = news
        self.look()

    def _stopped(self) -> None:
        if self._cancel is not None:
            self._cancel()
        self.end_work()

    def _halted(self) -> None:
        if self._cancel is not None:
            self._stopped()
        self.stop_asked.emit()
        self.look()

    def _door(self, words: str) -> QPushButton:
        """A fact that opens the limits."""
        made = QPushButton(words)
        made.setProperty("kind", "status")
        made.setToolTip(_("Requests to the portal (Ctrl+Shift+L)"))
        made.clicked.connect(self.limits_asked)
        return made


def _link(words: str, name: str) -> QPushButton:
    made = QPushButton(words)
    made.setProperty("kind", "link")
    made.setAccessibleName(name or words)
    return made


def _label(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", "meta")
    return label
