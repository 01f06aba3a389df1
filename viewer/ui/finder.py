"""Finding in the open dialogue: the bar asks, a worker searches, the transcript shows. And jumping to a day."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from threading import Event

from PySide6.QtCore import QObject, QPoint, QTimer

from viewer.errors import ViewerError
from viewer.i18n import day_of
from viewer.library.finding import Found, Matcher, WrongPattern, authors, days, find_in_parts, matcher, read_ahead
from viewer.library.shown import Texts
from viewer.ui.calendar import Calendar
from viewer.ui.conversation import ConversationPane
from viewer.ui.tasks import Task, Tasks
from viewer.ui.transcript.marks import Marks
from viewer.ui.transcript.patterns import expression

PAUSE = 60  # ms after the last key before the search begins


class Finder(QObject):
    """The find bar of one conversation pane, at work."""

    def __init__(self, pane: ConversationPane, tasks: Tasks) -> None:
        super().__init__(pane)
        self._pane, self._bar, self._view, self._tasks = pane, pane.find_bar, pane.view, tasks
        self._task: Task | None = None
        self._matcher: Matcher | None = None
        self._texts: Texts | None = None
        self._marks: Marks | None = None
        self._found: list[Found] = []
        self._by_id: dict[int, Found] = {}
        self._ends: list[int] = []  # hits up to and with each message found
        self._at = -1  # the hit shown, from 0
        self._origin = 0  # the row from which the first hit is looked for
        self._keep: tuple[int, int] | None = None  # the hit shown before rows came
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE)
        self._later.timeout.connect(self.search)
        self._bar.changed.connect(self._changed)
        self._bar.step.connect(self.step)
        self._bar.closed.connect(self.close)
        pane.opening.connect(self._opening)
        pane.rows_changed.connect(self._rows_changed)
        pane.head.search.clicked.connect(lambda on: self.open() if on else self.close())
        pane.head.date.clicked.connect(self.ask_date)

    @property
    def count(self) -> int:
        """How many hits there are."""
        return self._ends[-1] if self._ends else 0

    # --- the bar ---

    def open(self) -> None:
        """Show the bar and put the keyboard into it; words marked in the transcript are looked for."""
        if not self._pane.reads:
            self._pane.head.search.setChecked(False)
            return
        chosen = self._view.pointer.selected_text()
        if chosen and "\n" not in chosen:
            self._bar.field.setText(chosen)
        if not self._bar.isVisible():
            self._view.leave()
            self._origin = self._view.stage.anchor[0]
            self._bar.set_people(authors(self._view.stage.rows))
            self._bar.show()
            self._pane.head.search.setChecked(True)
            self.search()
        self._bar.field.setFocus()
        self._bar.field.selectAll()

    def close(self) -> None:
        """Hide the bar and the marks; the reader stays at the hit."""
        self._stop()
        if self._pane.reads:
            self._view.setFocus()
        self._bar.hide()
        self._pane.head.search.setChecked(False)
        self._view.set_marks(None)

    def step(self, by: int) -> None:
        """Go to the next hit, or with -1 to the previous one; from the last to the first."""
        if not self._bar.isVisible():
            self.open()
            return
        if self._later.isActive():  # Enter came before the pause was over
            self.search()
        elif self.count:
            self._go((self._at + by) % self.count)

    # --- the search ---

    def _changed(self) -> None:
        """Something else is looked for."""
        self._keep = None
        self._later.start()

    def search(self) -> None:
        """Look for what the bar asks."""
        self._stop()
        query = self._bar.query
        try:
            self._matcher = matcher(query, expression) if query.text else None
        except WrongPattern as error:
            self._show_problem(error)
            return
        rows, texts = list(self._view.stage.rows), self._fresh_texts()

        def work(cancel: Event) -> Iterator[list[Found]]:
            if query.empty:  # read what the messages say while the user thinks of a word
                for _part in read_ahead(rows, texts):
                    if cancel.is_set():
                        return
            yield from find_in_parts(rows, query, texts, expression)

        self._show()
        self._task = self._tasks.run(
            work, on_batch=self._came, on_done=lambda _none: self._done(), on_failure=self._show_problem
        )

    def _fresh_texts(self) -> Texts:
        context = self._view.stage.context
        readings = {number: reading.value for number, reading in context.readings.items()}
        made = Texts(context.transcript, context.base, context.names, readings)
        if self._texts is not None:
            made.follow(self._texts)
        self._texts = made
        return made

    def _stop(self) -> None:
        self._later.stop()
        if self._task is not None:
            self._task.cancel()
        self._task = None
        self._found, self._ends, self._at, self._by_id, self._marks = [], [], -1, {}, None

    def _came(self, part: list[Found]) -> None:
        for found in part:
            self._found.append(found)
            self._by_id[found.message_id] = found
            self._ends.append(self.count + found.count)
        if part and self._at < 0:
            self._show()
            self._choose()
        elif part:  # the marks on show know of what comes
            self._bar.show_count(self._at + 1, self.count, busy=True)
            self._view.viewport().update()

    def _choose(self) -> None:
        """Stand on the first hit at or after the place where the reader began, or on the one before rows came."""
        if self._keep is not None:
            at = next((index for index, each in enumerate(self._found) if each.message_id == self._keep[0]), -1)
            if at >= 0:
                self._at = self._ends[at] - self._found[at].count + min(self._keep[1], self._found[at].count - 1)
                self._keep = None
                self._show()
            return
        at = bisect_left(self._found, self._origin, key=lambda found: found.row)
        if at < len(self._found):
            self._go(self._ends[at] - self._found[at].count)

    def _done(self) -> None:
        self._task = None
        self._keep = None
        self._show()
        if self._at < 0 and self.count:
            self._go(0)

    def _go(self, at: int) -> None:
        self._at = at
        if self._marks is not None:
            self._marks = self._marks.at(*self._here())
            self._view.set_marks(self._marks)
        self._bar.show_count(self._at + 1, self.count, busy=self._task is not None)
        self._view.show_mark()

    def _here(self) -> tuple[int, int]:
        if self._at < 0:
            return 0, -1
        index = bisect_right(self._ends, self._at)
        before = self._ends[index] - self._found[index].count
        return self._found[index].message_id, self._at - before

    def _show(self) -> None:
        self._bar.show_count(self._at + 1, self.count, busy=self._task is not None)
        self._marks = Marks(self._matcher, self._by_id, self._here()) if self._found else None
        self._view.set_marks(self._marks)

    def _show_problem(self, error: ViewerError) -> None:
        self._stop()
        self._view.set_marks(None)
        self._bar.show_problem(str(error))

    def _opening(self) -> None:
        """Another dialogue is being opened."""
        self._stop()
        self._origin, self._keep, self._texts = 0, None, None
        self._view.set_marks(None)
        self._bar.show_count(0, 0, busy=True)

    def _rows_changed(self) -> None:
        """Other rows are shown, or more of them: what was found may stand elsewhere."""
        if self._bar.isVisible():
            self._bar.set_people(authors(self._view.stage.rows))
            if self._at >= 0:
                self._keep = self._here()
            self._later.start()

    # --- days ---

    def ask_date(self) -> None:
        """Open the calendar at the day that is read."""
        known = days(self._view.stage.rows)
        if not self._pane.reads or not known:
            return
        message = self._view.stage.context.message(self._view.current_message())
        button = self._pane.head.date
        counts = {day: count for day, (count, _first) in known.items()}
        self.calendar = Calendar(counts, self._view.stage.context.theme, self._pane)
        self.calendar.chosen.connect(lambda day: self._jump(known[day][1]))
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + 4))
        self.calendar.open_at(corner, day_of(message.date) if message else None)

    def _jump(self, message_id: int) -> None:
        self._view.show_message(message_id)
        self._view.setFocus()
