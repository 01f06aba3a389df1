"""The one file with a thread in it: work goes to Qt's pool, results come home to the GUI thread by queued signals.

Work is a callable that takes a `Cancel` event and returns a value, or a generator function that yields batches. It
holds the knowledge; this file holds the threads. A cancelled task delivers nothing more, from the moment of `cancel`.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from viewer.errors import Cancelled, ViewerError
from viewer.i18n import _

log = logging.getLogger(__name__)

Work = Callable[[threading.Event], Any]


class Task(QObject):
    """One piece of work under way.

    Signals: `batch(object)` for each value a generator yields, `done(object)` with the result of a plain callable (None
    for a generator), `failed(object)` with a `ViewerError`.
    """

    batch = Signal(object)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self.work = work
        self.stop = threading.Event()

    @property
    def active(self) -> bool:
        """Whether results are still wanted."""
        return not self.stop.is_set()

    def cancel(self) -> None:
        """Stop as soon as the work looks up; deliver nothing from now on."""
        self.stop.set()


class _Bridge(QObject):
    """Carries news from a worker thread to the GUI thread: it lives there, so its slot runs there."""

    news = Signal(object, str, object)

    def __init__(self, ended: Callable[[Task], None]) -> None:
        super().__init__()
        self.ended = ended
        self.news.connect(self._deliver)

    @Slot(object, str, object)
    def _deliver(self, task: Task, what: str, value: object) -> None:
        if what != "batch":
            self.ended(task)
        if task.active:
            if what != "batch":
                task.stop.set()
            getattr(task, what).emit(value)
        if what != "batch":
            task.deleteLater()


class _Run(QRunnable):
    """A task on a thread of the pool."""

    def __init__(self, task: Task, bridge: _Bridge) -> None:
        super().__init__()
        self.task = task
        self.bridge = bridge

    def run(self) -> None:
        task = self.task
        try:
            result = task.work(task.stop)
            if isinstance(result, Iterator):
                for part in result:
                    if task.stop.is_set():
                        break
                    self._tell("batch", part)
                result = None
            self._tell("done", result)
        except Cancelled:
            self._tell("done", None)
        except ViewerError as error:
            self._tell("failed", error)
        except Exception as error:  # a fault of ours must reach the user, not die with the thread
            log.exception("unexpected error in a worker")
            self._tell("failed", unexpected(error))

    def _tell(self, what: str, value: object) -> None:
        try:
            self.bridge.news.emit(self.task, what, value)
        except RuntimeError:  # the window closed meanwhile and took the bridge along
            log.debug("result of a closed window dropped")


def unexpected(error: BaseException) -> ViewerError:
    """A fault of the program itself, as the user is told of it: by its kind alone, since its text may hold anything."""
    return ViewerError(
        _("Something went wrong in the program."),
        _("Kind of error: {kind}.").format(kind=type(error).__name__),
        _("What you were reading is still there. Try again; if it happens again, report it."),
    )


class Tasks(QObject):
    """The worker bridge of the window. Two pools, so that a row of slow pictures never holds up a dialogue."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = _Bridge(self._ended)
        self._running: set[Task] = set()
        self._closed = False
        self._pools = {"portal": QThreadPool(self), "pictures": QThreadPool(self)}
        self._pools["portal"].setMaxThreadCount(4)
        self._pools["pictures"].setMaxThreadCount(2)

    def run(
        self,
        work: Work,
        *,
        on_batch: Callable[[Any], object] | None = None,
        on_done: Callable[[Any], object] | None = None,
        on_failure: Callable[[ViewerError], object] | None = None,
        pool: str = "portal",
    ) -> Task:
        """Start `work`; the callbacks run on the GUI thread. After `close` nothing starts, and nothing is delivered."""
        task = Task(work, self)
        if self._closed:  # a timer of the closing window came late
            task.cancel()
            return task
        for signal, callback in ((task.batch, on_batch), (task.done, on_done), (task.failed, on_failure)):
            if callback is not None:
                signal.connect(callback)
        self._running.add(task)
        self._pools[pool].start(_Run(task, self._bridge))
        return task

    @property
    def busy(self) -> int:
        """How many pieces of work are under way."""
        return sum(task.active for task in self._running)

    def cancel_all(self) -> None:
        """Stop everything; nothing is delivered any more."""
        for task in self._running:
            task.cancel()
        for pool in self._pools.values():
            pool.clear()

    def close(self, wait_ms: int = 3000) -> bool:
        """Stop everything for good and wait for the threads, at most `wait_ms`; True when all ended."""
        self._closed = True
        self.cancel_all()
        ended = [pool.waitForDone(wait_ms) for pool in self._pools.values()]
        return all(ended)

    def _ended(self, task: Task) -> None:
        self._running.discard(task)
