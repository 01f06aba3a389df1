"""The pane of the dialogue list: filters, a note of what the list is missing, rows, what is said where there are none.

What is here is narrowed at once. Whether the portal must be asked for more is for who listens to `wanted_changed`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QVBoxLayout, QWidget

from viewer import i18n
from viewer.chat import CrmLink, Filter, Session
from viewer.errors import ViewerError
from viewer.i18n import _, ngettext
from viewer.settings import Store
from viewer.ui.dialogues.bar import FilterBar
from viewer.ui.dialogues.memory import FilterMemory
from viewer.ui.dialogues.model import DialogueModel, ListRow
from viewer.ui.dialogues.note import NoteLine
from viewer.ui.dialogues.page import ListPage
from viewer.ui.dialogues.rows import DialogueList
from viewer.ui.dialogues.words import RECORD, active, longer, record_name
from viewer.ui.theme import Theme

if TYPE_CHECKING:
    from viewer.bitrix import SourceNote

_MINUTE = 60_000  # milliseconds


class DialoguePane(QWidget):
    """Filters and list.

    Signals: `chosen(Session)`, `period_changed(int)` in days, `wanted_changed(Filter)` after anything but the text
    changed, `counted(int, int)` sessions and chats that are shown, `retry()` after a list that could not be read,
    `record_left()` when the dialogues of a CRM record make room for all again.
    """

    chosen = Signal(object)
    period_changed = Signal(int)
    wanted_changed = Signal(object)
    counted = Signal(int, int)
    retry = Signal()
    record_left = Signal()

    def __init__(
        self, theme: Theme, days: int, memory: FilterMemory | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dialogues")
        self.setProperty("area", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._days = days
        self._span: tuple[date, date] | None = None
        self._memory = memory or FilterMemory(Store(None), None)
        self._errors: dict[str, ViewerError] = {}  # of the list, "", and of a record
        self._busy: set[str] = set()
        self._whole = True
        self._partly = False  # the list comes from a stand-in, which tells no votes
        self._record: CrmLink | None = None
        self._aside = Filter()  # what narrowed the list before a CRM record was opened
        self.model = DialogueModel(self)
        self.model.set_order(self._memory.order)
        self.list = DialogueList(self.model, theme)
        self.list.set_look(self._memory.look)
        self.bar = FilterBar(theme, self._memory)
        self.note = NoteLine(theme)
        self.state = ListPage(theme)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.list)
        self.stack.addWidget(self.state)
        self.field, self.unrated, self.line, self.operator = (
            self.bar.field, self.bar.unrated, self.bar.line, self.bar.operator,
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.bar, self.note):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        self._connect()
        self.bar.show_period(days)
        self._narrow(self._in_period(self._memory.last))
        self.set_theme(theme)
        self._today = i18n.now().date()
        self.clock = QTimer(self)
        self.clock.setInterval(_MINUTE)
        self.clock.timeout.connect(self._pass_time)
        self.clock.start()

    @property
    def wanted(self) -> Filter:
        """What the list is narrowed to, the period among it."""
        return self.model.filter

    @property
    def filters_told(self) -> str:
        """What the list is narrowed to, in words, the period first."""
        return " · ".join((self.bar.period.text(), *active(self.model.filter, self.bar.names).values()))

    @property
    def period(self) -> Filter:
        """The period alone."""
        if self._span is None:
            return Filter(since=since_of(self._days))
        return Filter(since=i18n.midnight(self._span[0]), until=i18n.last_second(self._span[1]))

    def _in_period(self, wanted: Filter) -> Filter:
        period = self.period
        return replace(wanted, since=period.since, until=period.until)

    # --- what is shown ---

    def set_sessions(self, sessions: list[Session]) -> None:
        """Show these sessions and keep the chosen one chosen."""
        current = self.model.row(self.list.currentIndex())
        self._errors.pop("", None)
        self.model.set_sessions(sessions)
        self.bar.learn(sessions)
        self._keep(current)
        self._show()

    def set_whole(self, whole: bool) -> None:
        """Say whether the portal was asked for all sessions of the period: else nobody knows how many there are."""
        self._whole = whole
        self._show()

    def set_busy(self, busy: bool, about: str = "") -> None:
        """Say that the list, or with `about` RECORD that of a record, is being read."""
        (self._busy.add if busy else self._busy.discard)(about)
        self._show()

    def set_error(self, error: ViewerError, about: str = "") -> None:
        """Say why it could not be read; rows that were read stay."""
        self._errors[about] = error
        self._show()

    def set_note(self, note: "SourceNote", about: str = "") -> None:
        """Say what the list, or the list of what it is `about`, is missing, unless it was said before."""
        self._partly = self._partly or not about
        if self._memory.is_news(note, about):
            self.note.tell(note)

    def set_record(self, record: CrmLink | None, sessions: tuple[int, ...] = ()) -> None:
        """Show these sessions of a CRM record alone. None brings the list back as it was."""
        if record != self._record:
            self._errors.pop(RECORD, None)
            if self._record is None:
                self._aside = self.model.filter
            self._record = record
            self.model.set_record(() if record else None)
            self._narrow(self._in_period(Filter() if record else self._aside))
        if record:
            self.model.set_record(sessions)
        self._show()

    def reveal(self, session_id: int) -> None:
        """Make a session the current row, without opening it."""
        index = self.model.reveal(session_id)
        if index.isValid():
            hint = QAbstractItemView.ScrollHint
            seen = self.list.viewport().rect().contains(self.list.visualRect(index))
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index, hint.EnsureVisible if seen else hint.PositionAtCenter)  # with what is around it
        else:
            self.list.clearSelection()

    def focus_filter(self) -> None:
        """Let the user type what to look for."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def clear_filter(self) -> None:
        """Show everything."""
        self.bar.clear()

    def look_back(self, days: int) -> None:
        """List the last `days`."""
        self._days, self._span = days, None
        self.bar.show_period(days)
        self.period_changed.emit(days)
        self._changed(self._in_period(self.model.filter))

    def show_days(self, first: date, last: date) -> None:
        """List what was opened on these days, and on all between them."""
        self._span = first, last
        self.bar.show_span(first, last)
        self._changed(self._in_period(self.model.filter))

    def tell_times_anew(self) -> None:
        """Days begin at other moments, or a new one has begun."""
        self._today = i18n.now().date()
        if self._span is not None:
            self.bar.show_span(*self._span)
        self._narrow(self._in_period(self.model.filter))
        self.list.viewport().update()

    def _pass_time(self) -> None:
        """What was today is yesterday after midnight: the rows name moments by their nearness."""
        if i18n.now().date() != self._today:
            self.tell_times_anew()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.list.delegate.set_theme(theme)
        for part in (self.bar, self.note, self.state):
            part.set_theme(theme)
        self.list.viewport().update()

    # --- what the user does ---

    def _connect(self) -> None:
        self.list.chosen.connect(self.chosen)
        self.list.filter_asked.connect(self.focus_filter)
        self.field.left.connect(self._go_to_list)
        self.field.entered.connect(self._take_first)
        self.bar.changed.connect(self._changed)
        self.bar.period_chosen.connect(self.look_back)
        self.bar.span_chosen.connect(self.show_days)
        self.bar.order_chosen.connect(self._put_in_order)
        self.bar.look_chosen.connect(self._set_look)
        self.bar.record_left.connect(self.record_left)

    def _changed(self, wanted: Filter) -> None:
        before = self.model.filter
        self._narrow(wanted)
        if self._record is None:
            self._memory.keep_last(wanted)
            if replace(before, text="") != replace(wanted, text=""):
                self.wanted_changed.emit(wanted)

    def _narrow(self, wanted: Filter) -> None:
        current = self.model.row(self.list.currentIndex())
        self.model.set_filter(wanted)
        self.bar.show_filter(wanted, self._record)
        self._keep_or_begin(current)
        self._show()

    def _put_in_order(self, order: str) -> None:
        current = self.model.row(self.list.currentIndex())
        self._memory.keep_order(order)
        self.bar.show_order(order, self._memory.look)
        self.model.set_order(order)
        self._keep_or_begin(current)

    def _set_look(self, look: str) -> None:
        self._memory.keep_look(look)
        self.bar.show_order(self._memory.order, look)
        self.list.set_look(look)

    def _go_to_list(self) -> None:
        if self.model.rows:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.model.index(0))

    def _take_first(self) -> None:
        """Enter in the field: open the first dialogue that was found."""
        if self.model.rows:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.choose(self.model.index(0))

    def _keep(self, current: ListRow | None) -> None:
        if current is not None:
            self.reveal(current.session.id)

    def _keep_or_begin(self, current: ListRow | None) -> None:
        """After another choice or order: without a chosen row in it, the list is seen from its beginning."""
        self._keep(current)
        if not self.list.currentIndex().isValid():
            self.list.scrollToTop()

    # --- the page in the place of the rows ---

    def _show(self) -> None:
        sessions, chats = self.model.counts()
        whole = self._whole or self._record is not None
        self.bar.show_count(sessions, self.model.total, self.model.unrated, whole=whole)
        self.counted.emit(sessions, chats)
        if self.model.rows:
            self.stack.setCurrentWidget(self.list)
            return
        self.stack.setCurrentWidget(self.state)
        about = RECORD if self._record else ""
        if about in self._errors:
            self.state.show_error(self._errors[about], [(_("Try again"), self.retry.emit)])
        elif about in self._busy:
            self.state.show_progress(_("Reading the list…"))
        elif self._record and not self.model.total:
            self._say_no_record(self._record)
        elif self.model.filter.narrows:
            self._say_no_match()
        else:
            self.state.show_state(
                "chat",
                _("No dialogues"),
                _("The portal lists no sessions for this period."),
                actions=[(_("Look back further"), self._look_further)],
            )

    def _look_further(self) -> None:
        self.look_back(longer(self._days))

    def _say_no_record(self, record: CrmLink) -> None:
        self.state.show_state(
            "chat",
            _("{record}: no dialogues").format(record=record_name(record)),
            _("No dialogue is bound to this CRM record, or none that is open to you."),
            actions=[(_("Show all dialogues"), self.record_left.emit)],
        )

    def _say_no_match(self) -> None:
        count = self.model.total
        told = ngettext(
            "{n} session is loaded. It does not match.", "{n} sessions are loaded. None of them matches.", count
        )
        on = " · ".join(active(self.model.filter, self.bar.names).values())
        actions = [(_("Clear filters"), self.clear_filter)]
        if self._record is None:
            actions.append((_("Look back further"), self._look_further))
        blind = self._partly and self.model.filter.asks_votes
        self.state.show_state(
            "filter",
            _("No dialogues match"),
            told.format(n=count) + "\n" + _("Filters: {filters}").format(filters=on),
            advice=_("This portal lists no votes and ratings: they are known of dialogues that were opened.")
            if blind
            else _("Know the number? Open it with Ctrl+K."),
            actions=actions,
        )


def since_of(days: int) -> datetime:
    """The first moment of a period that looks back so many days: a midnight, so that it stays the same for the day."""
    return i18n.midnight(i18n.now().date() - timedelta(days=days))
