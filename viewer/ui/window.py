"""The window: it puts the panes together and connects what they ask for with the desk. It knows no work itself."""

from dataclasses import replace

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from viewer import i18n
from viewer.chat import (
    CrmLink,
    Filter,
    Reference,
    ReferenceKind,
    Row,
    Session,
    parse_crm,
    parse_reference,
    session_part,
)
from viewer.errors import Cancelled, ViewerError
from viewer.i18n import _
from viewer.library.drafts import Drafts
from viewer.library.named import NO_DIALOGUE
from viewer.settings import Store
from viewer.ui import room
from viewer.ui.again import Again
from viewer.ui.conversation import ConversationPane
from viewer.ui.desk import Desk
from viewer.ui.details import DetailsPane
from viewer.ui.dialogues.memory import FilterMemory
from viewer.ui.dialogues.pane import DialoguePane
from viewer.ui.dialogues.record import RecordReader
from viewer.ui.dialogues.words import RECORD
from viewer.ui.exports import Exporter
from viewer.ui.files import Files
from viewer.ui.finder import Finder
from viewer.ui.keys import Keys
from viewer.ui.limits import LimitsPanel
from viewer.ui.links import Links
from viewer.ui.menus import Menus
from viewer.ui.past import Past
from viewer.ui.places import Places
from viewer.ui.preferences import Preferences
from viewer.ui.prompts.diagnostics import Diagnostics
from viewer.ui.prompts.raw import show_raw
from viewer.ui.reviewer import Reviewer
from viewer.ui.status import StatusBar
from viewer.ui.theme import Theme, px, text_scale
from viewer.ui.title import title_of
from viewer.ui.toolbar import Toolbar
from viewer.ui.updates import Updates

NARROW, NARROWER = 1180, 860  # widths below which the details and the list give way
_GIVING_WAY = ((NARROW, 0.8), (NARROWER, 0.5))  # and how much of the growth of the text they grow with
_WIDEST = 16777215  # what Qt takes for a width without an end


class MainWindow(QMainWindow):
    """List, conversation, details.

    Signals ask what only the application can do: `theme_chosen(str)`, `language_chosen(str)`, `account_chosen(str)`,
    `demo_asked()`, `connect_asked()`, `manage_asked()`, `window_asked()` for a further window.
    """

    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    account_chosen = Signal(str)
    demo_asked = Signal()
    connect_asked = Signal()
    manage_asked = Signal()
    window_asked = Signal()
    painted = Signal()  # once, when the window is on the screen for the first time

    def __init__(self, desk: Desk, store: Store, theme: Theme, drafts: Drafts | None = None) -> None:
        super().__init__()
        self._painted = False
        self.desk, self.store, self._theme = desk, store, theme
        source = desk.source
        self.toolbar = Toolbar(theme, source, store.value)
        self.dialogues = DialoguePane(theme, store.value.days, FilterMemory(store, source))
        self.record = RecordReader(desk)
        self.conversation = ConversationPane(theme)
        self.details = DetailsPane(theme)
        self.status = StatusBar(theme, source, desk.limits)
        self.limits: LimitsPanel | None = None
        self.finder = Finder(self.conversation, desk.tasks)
        self.files = Files(self)
        self.links = Links(self)
        self.exporter = Exporter(self)
        self.reviewer = Reviewer(self, drafts or Drafts(None))
        self.diagnostics: Diagnostics | None = None
        self.past = Past(self)
        self.again = Again(self)
        self.menus = Menus(self)
        self.updates = Updates(self)
        self.setWindowTitle(title_of(desk))
        self.preferences = Preferences(self)
        self.keys = Keys(self)
        self._lay_out()
        self._connect_panes()
        self._connect_desk()
        self.places = Places(self)
        self.conversation.view.set_base(source.root if source else "")

    # --- asked from outside ---

    def start(self, reference: str = "", message: int = 0) -> None:
        """Read the list; open a dialogue at once when one is named, at a message of it, else the one last read."""
        self.desk.list_sessions(self.dialogues.period)
        if self.desk.source is not None and self.desk.source.files:
            self.dialogues.hide()  # there is no other dialogue
            self.desk.open_saved()
        elif reference:
            self.places.go(reference, message)
        else:
            self.places.go_back()

    def open_text(self, text: str) -> None:
        """Open what the user pasted."""
        found = parse_reference(text)
        record = parse_crm(text) if found is None else None
        if found is None and record is None:
            self.conversation.notice.tell(_(NO_DIALOGUE), "warn")
            return
        self.toolbar.field.clear()
        if found is not None:
            self.desk.open(found)
        elif record is not None:
            self.keys.show_list()
            self.record.open(record)

    def set_theme(self, theme: Theme) -> None:
        """Draw everything in the colours of `theme`."""
        self._theme = theme
        for pane in (self.toolbar, self.dialogues, self.conversation, self.details, self.status):
            pane.set_theme(theme)
        self.exporter.set_theme(theme)
        if self.diagnostics is not None:
            self.diagnostics.set_theme(theme)

    @property
    def theme(self) -> Theme:
        """The colours that everything is drawn in."""
        return self._theme

    def diagnose(self) -> None:
        """Look for what is wrong with the portal."""
        source = self.desk.source
        if source is None:
            return
        if self.diagnostics is None:
            known = any(account.key == source.key for account in self.store.value.accounts)
            self.diagnostics = Diagnostics(source, self.desk.tasks, self._theme, self, can_trust=known)
            self.diagnostics.authority_chosen.connect(self._trust)
        elif not self.diagnostics.isVisible():
            self.diagnostics.run()
        self.diagnostics.show()
        self.diagnostics.raise_()

    def _trust(self, file: str) -> None:
        """Trust the certificates in a file for this portal, and open it anew."""
        key = self.desk.source.key if self.desk.source else ""
        for account in self.store.value.accounts:
            if account.key == key:
                self.store.put(self.store.value.with_account(replace(account, authority=file)))
                self.account_chosen.emit(key)

    # --- what the panes ask ---

    def _connect_panes(self) -> None:
        bar = self.toolbar
        bar.open_entered.connect(self.open_text)
        bar.field.left.connect(self.dialogues.list.setFocus)
        bar.refresh.connect(self.refresh)
        bar.export.connect(self.exporter.ask)
        bar.panel.connect(self.details.setVisible)
        bar.dialogues.connect(self.dialogues.setVisible)
        bar.theme_chosen.connect(self.theme_chosen)
        bar.language_chosen.connect(self.language_chosen)
        bar.account_chosen.connect(self.account_chosen)
        bar.demo.connect(self.demo_asked)
        bar.connect_asked.connect(self.connect_asked)
        bar.manage_asked.connect(self.manage_asked)
        bar.window_asked.connect(self.window_asked)
        bar.settings_asked.connect(self.preferences.open)
        bar.keys_asked.connect(self.keys.show_keys)
        for asked in (bar.diagnose_asked, self.dialogues.state.diagnose, self.conversation.state.diagnose):
            asked.connect(self.diagnose)
        self.dialogues.chosen.connect(self._open_session)
        self.dialogues.wanted_changed.connect(self._want)
        self.dialogues.counted.connect(self.status.set_counts)
        self.dialogues.retry.connect(lambda: self.record.again() if self.record.record else self._relist())
        self.dialogues.record_left.connect(self.record.leave)
        record = self.record
        record.changed.connect(self.dialogues.set_record)
        record.busy.connect(lambda busy: self.dialogues.set_busy(busy, RECORD))
        record.read.connect(self._record_read)
        record.failed.connect(lambda error: self.dialogues.set_error(error, RECORD))
        record.noted.connect(lambda note: self.dialogues.set_note(note, RECORD))
        pane = self.conversation
        pane.retry.connect(self.again.read)
        pane.cancel.connect(self.desk.cancel_opening)
        pane.session_requested.connect(self.past.show)
        pane.copy_link.connect(self.links.copy_session)
        pane.copy_request.connect(self.links.copy_request)
        view = pane.view
        view.link_activated.connect(self.links.follow)
        view.file_activated.connect(self.files.open)
        view.picture_needed.connect(self.desk.want_picture)
        view.session_requested.connect(self.past.show)
        self.details.link_activated.connect(self.links.follow)
        self.details.file_activated.connect(self.files.open)
        self.details.session_requested.connect(self.past.show)
        self.details.message_requested.connect(self.conversation.view.show_message)
        self.details.sessions_shown.connect(self.past.list_all)
        self.details.picture_needed.connect(self.desk.want_thumbnail)

    def _open_session(self, session: Session) -> None:
        self._open_id(session.id)

    def _open_id(self, number: int) -> None:
        if number:
            self.desk.open(Reference(ReferenceKind.SESSION, str(number)))

    def refresh(self) -> None:
        """Read the list and the dialogue again."""
        self._relist()
        self.again.read()

    def _relist(self) -> None:
        self.desk.list_sessions(self.dialogues.period)
        self.dialogues.set_whole(True)

    def _want(self, wanted: Filter) -> None:
        self.desk.want(wanted)
        self.dialogues.set_whole(self.desk.asked is not None and not self.desk.asked.narrows)

    def _record_read(self, _record: CrmLink) -> None:
        """All dialogues of a CRM record are in the list: one that stands alone is opened."""
        if len(self.dialogues.model.rows) == 1:
            self.dialogues.list.choose(self.dialogues.model.index(0))
        self.dialogues.list.setFocus()

    def show_raw(self, number: int) -> None:
        """Show the portal's own object of a message."""
        message = next((each for each in self.desk.transcript.messages if each.id == number), None)
        if message is not None:
            show_raw(message, self)

    # --- what the desk tells ---

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.sessions_changed.connect(self._listed)
        desk.list_busy.connect(self.dialogues.set_busy)
        desk.list_busy.connect(self.status.set_listing)
        desk.list_failed.connect(self._list_failed)
        desk.list_noted.connect(self.dialogues.set_note)
        desk.opening.connect(self._opening)
        desk.rows_added.connect(self._rows_added)
        desk.opened.connect(self._opened)
        desk.open_failed.connect(self._open_failed)
        desk.picture_ready.connect(self.conversation.view.set_picture)
        desk.thumbnail_ready.connect(self.details.set_picture)
        desk.picture_failed.connect(
            lambda number, error: self.conversation.view.set_picture_failed(
                number, _("Reading was stopped.") if isinstance(error, Cancelled) else error.title
            )
        )
        desk.waiting.connect(self.status.set_waiting)
        self.status.stop_asked.connect(desk.stop)
        self.status.limits_asked.connect(self.keys.show_limits)

    def _listed(self, sessions: list[Session]) -> None:
        self.dialogues.set_sessions(sessions)
        self.tell_zone()
        if self.desk.complete:  # a dialogue opened by its number, before its neighbours were known
            self.show_neighbours()

    def _list_failed(self, error: ViewerError) -> None:
        if isinstance(error, Cancelled):
            error = ViewerError(_("Reading was stopped."), _("The list is not complete."))
        else:
            self.status.set_problem(error)
        self.dialogues.set_error(error)
        if self.desk.sessions:
            helps = [(_("Try again"), self._relist), *self.dialogues.state.help_with(error)]
            self.conversation.notice.tell(str(error), "warn", helps)

    def _opening(self, reference: Reference | None) -> None:
        known = self.desk.transcript.sessions
        self.reviewer.leave()
        self.past.leave()
        self.setWindowTitle(title_of(self.desk))
        self.conversation.show_opening(self._named(reference), known[0] if known else None)
        self.details.clear()
        if reference is not None and reference.kind is ReferenceKind.SESSION:
            self.dialogues.reveal(int(reference.value))

    def _named(self, reference: Reference | None) -> str:
        """What is being opened: a dialogue, or the files that stand in the place of the portal."""
        return str(reference) if reference is not None else self.desk.source.title if self.desk.source else ""

    def _open_failed(self, error: ViewerError) -> None:
        reference = self.desk.reference
        named = reference is not None and reference.kind is ReferenceKind.SESSION
        subject = _("Session {id}.").format(id=reference) if named else f"{self._named(reference)}."
        self.conversation.show_error(error, subject)

    def _rows_added(self, rows: list[Row], replace: bool) -> None:
        desk = self.desk
        self.conversation.show_rows(rows, desk.transcript, replace=replace)
        self.conversation.set_head(desk.transcript, desk.session, self.past.siblings())

    def _opened(self) -> None:
        desk = self.desk
        if not desk.rows:
            self.conversation.show_empty()
            return
        if self.toolbar.field.hasFocus() and not self.toolbar.field.text():
            self.conversation.view.setFocus()  # what was asked for there is here to be read
        self.past.begin()
        self.show_neighbours()
        self.tell_zone()

    def tell_zone(self) -> None:
        """Name the zone of the times in sight: that of the newest one."""
        read, listed = self.desk.transcript.messages, self.desk.sessions
        when = read[-1].date if read else next((each.moment for each in listed if each.moment), None)
        self.status.set_zone(i18n.offset_name(when) if when else "")

    def show_neighbours(self) -> None:
        """The chosen session among those of its chat, in the head, the details and the list."""
        desk, siblings, session = self.desk, self.past.siblings(), self.desk.session
        self.setWindowTitle(title_of(desk))
        self.conversation.set_head(desk.transcript, session, siblings)
        self.details.show_dialogue(*session_part(desk.transcript, desk.rows, session.id if session else 0), siblings)
        self.reviewer.show()
        if session is not None and session.id:
            self.dialogues.reveal(session.id)

    # --- layout and keys ---

    def _lay_out(self) -> None:
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for pane, low, high in (
            (self.dialogues, 260, 460), (self.conversation, 400, _WIDEST), (self.details, 280, 420),
        ):  # fmt: skip
            pane.setMinimumWidth(low)
            pane.setMaximumWidth(min(px(high), _WIDEST))
            self.splitter.addWidget(pane)
        self.splitter.setStretchFactor(1, 1)
        panes = self.store.value.panes
        self.splitter.setSizes(list(panes) if len(panes) == 3 else [px(336), 784, px(320)])
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.status)
        self.setCentralWidget(inside)
        room.place(self, (1440, 900), least=(720, 520))
        if self.store.value.geometry:
            room.put_back(self, QByteArray.fromBase64(self.store.value.geometry.encode()))

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.UpdateRequest and not self._painted:
            self._painted = True
            QTimer.singleShot(0, self, self.painted.emit)  # of a window that goes at once, never
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        old, new = event.oldSize().width(), event.size().width()
        narrow, narrower = (round(width * (1 + more * (text_scale() - 1))) for width, more in _GIVING_WAY)
        if old < 0 or (old >= narrow) != (new >= narrow):
            self.toolbar.panel_button.setChecked(new >= narrow)
        if old < 0 or (old >= narrower) != (new >= narrower):
            self.toolbar.list_button.setVisible(new < narrower)
            self.toolbar.list_button.setChecked(new >= narrower)
            self.dialogues.setVisible(new >= narrower)

    def closeEvent(self, event: QCloseEvent) -> None:
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        sizes = self.splitter.sizes()
        self.store.change(geometry=geometry, panes=tuple(sizes) if all(sizes) else self.store.value.panes)
        self.reviewer.leave()
        self.places.keep()
        self.hide()  # at once: a call that hangs may take seconds to let go
        self.desk.close()
        super().closeEvent(event)
