"""A run in the window: the work on a worker, how far it is, what came of it; it goes on while its dialog is closed."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal

from viewer.errors import ViewerError
from viewer.library import journal as journals
from viewer.library.batch import Item, Moved, Outcome, Phase, Plan, Reader, State
from viewer.library.batch import run as run_plan
from viewer.library.choices import Choices, Clash
from viewer.ui.tasks import Task, Tasks

_DONE = (State.WRITTEN, State.INCOMPLETE, State.SKIPPED, State.BEFORE)


@dataclass(slots=True)
class Job:
    """One run: its plan, and what came of each dialogue by its place."""

    plan: Plan
    scope: str
    reader: Reader
    journal: journals.Journal | None = None
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)
    took: float = 0.0  # seconds
    problem: ViewerError | None = None
    stopped: bool = False

    def of(self, *states: State) -> list[Outcome]:
        """What came out so."""
        return [each for _place, each in sorted(self.outcomes.items()) if each.state in states]

    def paths(self) -> list[Path]:
        """The files that were written."""
        return [path for each in self.of(State.WRITTEN, State.INCOMPLETE, State.FAILED) for path in each.paths]

    def failed(self) -> list[Outcome]:
        """Dialogues that can be tried again: not written, or not whole."""
        return [each for each in self.of(State.FAILED, State.INCOMPLETE) if each.error or each.lost]


class Runner(QObject):
    """One run at a time. Signals: `moved(Moved)`, `came(Outcome)`, `ended(Job)`."""

    moved = Signal(object)
    came = Signal(object)
    ended = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task | None = None
        self.job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether a run is under way."""
        return self._task is not None and self._task.active

    def start(self, job: Job) -> None:
        """Run a plan."""
        self.job = job
        self._run(job, job.plan)

    def again(self, outcomes: Sequence[Outcome], clash: Clash | None = None) -> None:
        """Try these dialogues once more; what was left of them gives way. `clash` answers what was asked."""
        job = self.job
        if job is None or self.busy:
            return
        choices: Choices = job.plan.choices if clash is None else replace(job.plan.choices, clash=clash)
        items = tuple(_once_more(each) for each in outcomes)
        job.stopped, job.problem, job.begun = False, None, time.monotonic()
        self._run(job, replace(job.plan, items=items, choices=choices))

    def stop(self) -> None:
        """Stop; what is written stays."""
        job = self.job
        if self._task is not None and self._task.active and job is not None:
            self._task.cancel()
            job.stopped = True
            self._finish(job)

    def _run(self, job: Job, plan: Plan) -> None:
        told: Callable[[Moved], object] = self.moved.emit

        def work(cancel: Event) -> Iterator[Outcome]:
            return run_plan(plan, job.reader, cancel=cancel, told=_seldom(told), journal=job.journal)

        def came(outcome: Outcome) -> None:
            job.outcomes[outcome.item.number] = outcome
            self.came.emit(outcome)

        def failed(error: ViewerError) -> None:
            job.problem = error
            self._finish(job)

        self._task = self._tasks.run(work, on_batch=came, on_done=lambda _none: self._finish(job), on_failure=failed)

    def _finish(self, job: Job) -> None:
        job.took = time.monotonic() - job.begun
        if job.journal is not None and not job.stopped and all(each.state in _DONE for each in job.outcomes.values()):
            job.journal.close()
        self.ended.emit(job)


def _once_more(outcome: Outcome) -> Item:
    written = outcome.paths if outcome.state in (State.FAILED, State.INCOMPLETE) else ()
    return replace(outcome.item, former=written)


def _seldom(told: Callable[[Moved], object]) -> Callable[[Moved], object]:
    """The news of a run, at most thirty times a second, but every beginning and every end."""
    last: list[tuple[float, Phase | None, int]] = [(0.0, None, 0)]

    def tell(step: Moved) -> None:
        now = time.monotonic()
        before, phase, number = last[0]
        same = phase is step.phase and number == step.item.number
        if not same or step.done >= step.total or now - before > 1 / 30:
            last[0] = (now, step.phase, step.item.number)
            told(step)

    return tell
