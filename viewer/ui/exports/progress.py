"""A run on screen: how far it is, and at its end what came of it (`mockups/export-progress.png`, `-result.png`)."""

import time
from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from viewer.export import FORMATS
from viewer.i18n import _, duration, ngettext, size
from viewer.library.batch import Moved, Outcome, Phase, State
from viewer.ui.exports.rows import RunList, RunRow
from viewer.ui.exports.runner import Job
from viewer.ui.exports.words import detail, failures, head, outcome_words, phase_words, which
from viewer.ui.icons import icon, pixmap
from viewer.ui.prompts.parts import restyle
from viewer.ui.theme import Theme

_STATES = {State.WRITTEN: "good", State.INCOMPLETE: "warn", State.FAILED: "bad", State.EXISTS: "warn",
           State.SKIPPED: "", State.BEFORE: "good"}  # fmt: skip
_TALL = 4  # failures in sight


class RunPage(QWidget):
    """Signals: `retry()`, `answered(str)` a `Clash` by its value, `folder_asked()`, `open_asked()`."""

    retry = Signal()
    answered = Signal(str)
    folder_asked = Signal()
    open_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("area", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._job: Job | None = None
        self._steps: dict[tuple[Phase, str], int] = {}
        self.phase = QLabel()
        self.phase.setProperty("tone", "heading")
        self.share = QLabel()
        self.share.setProperty("tone", "secondary")
        self.bar = QProgressBar()
        self.bar.setProperty("kind", "thick")
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(_("Progress of the export"))
        self.banner = self._make_banner()
        self.list = RunList(_("What is done"), theme)
        self.notices = self._make_notices()
        self._lay_out()

    # --- under way ---

    def begin(self, job: Job) -> None:
        """Show a run that starts."""
        self._job = job
        self.banner.hide()
        self.notices.hide()
        self.notes.lines.set_rows([])
        for widget in (self.phase, self.share, self.bar):
            widget.show()
        self.phase.setText(_("Exporting"))
        self.share.setText("")
        self.bar.setValue(0)
        items = job.plan.items
        if len(items) == 1:
            self._steps = self._single(job)
        else:
            self._steps = {}
            waiting = [RunRow(item.title, which(item), _("waiting")) for item in items]
            self.list.lines.set_rows(waiting)

    def _single(self, job: Job) -> dict[tuple[Phase, str], int]:
        """The steps of one dialogue, in their order."""
        forms = job.plan.choices.formats
        keys = [(Phase.READ, ""), (Phase.FETCH, ""), *((Phase.WRITE, form) for form in forms)]
        titles = [_("Read the dialogue"), _("Download files")]
        titles += [_("Write {format}").format(format=FORMATS[form].title) for form in forms]
        self.list.lines.set_rows(RunRow(title, right=_("waiting")) for title in titles)
        return {key: place for place, key in enumerate(keys)}

    def follow(self, step: Moved) -> None:
        """The run has come further."""
        job = self._job
        if job is None:
            return
        words = phase_words(step)
        right = _("{n} of {count}").format(n=step.done, count=step.total) if step.total else str(step.done or "")
        share = step.done / step.total if step.total else -1.0
        self.phase.setText(words)
        lines = self.list.lines
        if self._steps:
            place = self._steps[step.phase, step.form]
            for number in range(place):
                if lines.rows[number].state in ("", "running"):
                    lines.change(number, state="good", share=-1.0, right=_done(lines.rows[number].right))
            lines.change(place, state="running", share=share, right=right)
            self._advance((place + max(0.0, share)) / len(self._steps))
        else:
            place = self._place(step.item.number)
            told = f"{which(step.item)} · {words}".strip(" ·")
            lines.change(place, state="running", detail=told, right=right, share=share)
            self.list.scrollTo(lines.index(place))
            self._advance((len(job.outcomes) + 0.5) / len(job.plan.items))

    def take(self, outcome: Outcome) -> None:
        """A dialogue is through."""
        job = self._job
        if job is None:
            return
        if not self._steps:
            told = " · ".join(filter(None, (which(outcome.item), outcome_words(outcome), " ".join(outcome.notes))))
            right = size(outcome.size) if outcome.size else ""
            place = self._place(outcome.item.number)
            self.list.lines.change(place, state=_STATES[outcome.state], detail=told, right=right, share=-1.0)
            self._advance(len(job.outcomes) / len(job.plan.items))
        if rows := failures([outcome]):
            self._show_notices([*self.notes.lines.rows, *rows])

    def _place(self, number: int) -> int:
        job = self._job
        items = job.plan.items if job else ()
        return next((place for place, item in enumerate(items) if item.number == number), -1)

    def _advance(self, share: float) -> None:
        job = self._job
        self.bar.setValue(round(share * 1000))
        words = f"{share:.0%}".replace("%", " %")
        if job is not None and (passed := time.monotonic() - job.begun) > 3 and share > 0.05:
            left = passed * (1 - share) / share
            words += " · " + _left(left)
        self.share.setText(words)

    # --- the result ---

    def finish(self, job: Job) -> None:
        """Show what came of a run."""
        self._job = job
        for widget in (self.phase, self.share, self.bar):
            widget.hide()
        self.banner.show()
        if self._steps:
            self._finish_steps(job)
        good = job.of(State.WRITTEN, State.INCOMPLETE, State.BEFORE)
        failed, asked = job.failed(), job.of(State.EXISTS)
        mood = "good" if not failed and not asked and not job.problem else ("warn" if good or asked else "bad")
        mood = "warn" if job.stopped and mood == "good" else mood
        self.banner.setProperty("mood", mood)
        restyle(self.banner)
        self.head.setText(head(job))
        self.detail.setText(detail(job))
        paths = job.paths()
        self.folder.setVisible(bool(paths))
        self.open.setVisible(bool(paths))
        if paths:
            self.open.setText(_("Open {format}").format(format=paths[0].suffix.lstrip(".").upper()))
        self._show_notices(failures(job.of(State.FAILED, State.INCOMPLETE, State.EXISTS)), job)
        self.set_theme(self._theme)

    def _finish_steps(self, job: Job) -> None:
        outcome = next(iter(job.outcomes.values()), None)
        lines = self.list.lines
        for place, row in enumerate(lines.rows):
            if outcome is None or (outcome.error is not None and not outcome.paths):
                state = row.state if row.state == "good" else ""
                lines.change(place, state="bad" if row.state == "running" and not job.stopped else state, share=-1.0)
            elif outcome.state is State.EXISTS:
                lines.change(place, state="good" if place == 0 else "", share=-1.0, right="")
            else:
                lines.change(place, state="good", share=-1.0, right=_done(row.right))
        if outcome is None or outcome.state not in (State.WRITTEN, State.INCOMPLETE, State.FAILED):
            return
        if outcome.messages:
            told = ngettext("{n} message", "{n} messages", outcome.messages).format(n=outcome.messages)
            lines.change(0, right=told)
        fetched = ngettext("{n} file", "{n} files", outcome.files).format(n=outcome.files)
        lines.change(1, right=fetched if outcome.files else "", state="warn" if outcome.lost else "good")
        for (phase, form), place in self._steps.items():
            if phase is Phase.WRITE:
                made = [path for path in outcome.paths if path.suffix == f".{form}" and path.is_file()]
                lines.change(place, state="good" if made else "bad", right=_size(made))

    def _show_notices(self, rows: Sequence[RunRow], job: Job | None = None) -> None:
        self.notes.lines.set_rows(rows)
        self.notices.setVisible(bool(rows))
        self.notes.setFixedHeight(min(len(rows), _TALL) * self.notes.height_of_row + 2)
        asked = len(job.of(State.EXISTS)) if job else 0
        self.again.setVisible(job is not None and bool(job.failed()))
        for button in self.answers:
            button.setVisible(asked > 0)
        if asked:
            words = ngettext("{n} dialogue has a file already", "{n} dialogues have files already", asked)
            self.title.setText(words.format(n=asked))
        else:
            self.title.setText(_("Notices") + f" · {len(rows)}")

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme`."""
        self._theme = theme
        self.list.set_theme(theme)
        self.notes.set_theme(theme)
        self.folder.setIcon(icon("folder", theme.text))
        mood = str(self.banner.property("mood") or "good")
        name, color = {"good": ("check", theme.green), "bad": ("warning", theme.red)}.get(
            mood, ("warning", theme.note_text)
        )
        self.sign.setPixmap(pixmap(name, color, 20, self.devicePixelRatioF()))

    def _make_banner(self) -> QFrame:
        banner = QFrame()
        banner.setProperty("area", "banner")
        self.sign = QLabel()
        self.head, self.detail = QLabel(), QLabel()
        self.head.setProperty("tone", "heading")
        self.detail.setProperty("tone", "secondary")
        self.head.setWordWrap(True)
        self.detail.setWordWrap(True)
        self.folder = QPushButton(_("Show in folder"))
        self.folder.clicked.connect(self.folder_asked)
        self.open = QPushButton(_("Open"))
        self.open.setProperty("kind", "primary")
        self.open.clicked.connect(self.open_asked)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.head)
        words.addWidget(self.detail)
        row = QHBoxLayout(banner)
        row.setContentsMargins(18, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self.sign)
        row.addLayout(words, 1)
        row.addWidget(self.folder)
        row.addWidget(self.open)
        return banner

    def _make_notices(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("area", "box")
        self.title = QLabel()
        self.title.setProperty("tone", "section")
        self.again = _link(_("Retry failed"))
        self.again.clicked.connect(self.retry)
        self.answers = [_link(_("Replace")), _link(_("Keep both")), _link(_("Skip"))]
        head = QFrame()
        head.setProperty("area", "box-head")
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 4, 8, 4)
        row.addWidget(self.title, 1)
        for button, value in zip(self.answers, ("replace", "both", "skip"), strict=True):
            button.clicked.connect(lambda _on=False, value=value: self.answered.emit(value))
            row.addWidget(button)
        row.addWidget(self.again)
        self.notes = RunList(_("Notices"), self._theme, height=30)
        column = QVBoxLayout(frame)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.notes)
        return frame

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.phase, 1)
        top.addWidget(self.share)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 16)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.bar)
        column.addWidget(self.banner)
        column.addSpacing(6)
        column.addWidget(self.list, 1)
        column.addWidget(self.notices)


def _link(words: str) -> QPushButton:
    made = QPushButton(words)
    made.setProperty("kind", "link")
    return made


def _left(seconds: float) -> str:
    if seconds < 60:
        return _("about {n} s left").format(n=max(1, round(seconds)))
    return _("about {time} left").format(time=duration(timedelta(seconds=seconds)))


def _done(right: str) -> str:
    return "" if right == _("waiting") else right


def _size(paths: Sequence[object]) -> str:
    total = sum(path.stat().st_size for path in paths if hasattr(path, "stat"))
    return size(total) if total else ""
