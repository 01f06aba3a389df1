"""The worker bridge: results come home on the GUI thread, and a cancelled task is silent."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from viewer.errors import Cancelled, ViewerError
from viewer.ui.tasks import Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.close()


class Heard:
    """Everything a task delivered, and on which thread."""

    def __init__(self) -> None:
        self.parts: list[object] = []
        self.ends: list[object] = []
        self.threads: set[int] = set()

    def part(self, value: object) -> None:
        self.parts.append(value)
        self.threads.add(threading.get_ident())

    def end(self, value: object) -> None:
        self.ends.append(value)
        self.threads.add(threading.get_ident())

    @property
    def ended(self) -> bool:
        return bool(self.ends)


def test_a_result_comes_home_to_the_gui_thread(tasks: Tasks, qtbot: QtBot) -> None:
    heard = Heard()
    tasks.run(lambda _cancel: threading.get_ident(), on_done=heard.end)
    qtbot.waitUntil(lambda: heard.ended)
    assert heard.threads == {threading.get_ident()}
    assert heard.ends != [threading.get_ident()]


def test_batches_come_in_order_before_the_end(tasks: Tasks, qtbot: QtBot) -> None:
    heard = Heard()

    def work(_cancel: threading.Event) -> Iterator[int]:
        yield from range(5)

    tasks.run(work, on_batch=heard.part, on_done=heard.end)
    qtbot.waitUntil(lambda: heard.ended)
    assert heard.parts == [0, 1, 2, 3, 4]
    assert heard.ends == [None]


def test_a_failure_is_told_as_it_is(tasks: Tasks, qtbot: QtBot) -> None:
    heard = Heard()
    wrong = ViewerError("No", "because")

    def work(_cancel: threading.Event) -> None:
        raise wrong

    tasks.run(work, on_failure=heard.end, on_done=heard.part)
    qtbot.waitUntil(lambda: heard.ended)
    assert heard.ends == [wrong]
    assert heard.parts == []


def test_a_fault_of_ours_is_told_by_its_kind_and_logged(
    tasks: Tasks, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    heard = Heard()

    def work(_cancel: threading.Event) -> None:
        raise ZeroDivisionError("secret inside")

    tasks.run(work, on_failure=heard.end)
    qtbot.waitUntil(lambda: heard.ended)
    assert "ZeroDivisionError" in str(heard.ends[0])
    assert "secret" not in str(heard.ends[0])
    assert "unexpected error" in caplog.text
    caplog.clear()


def test_after_cancel_nothing_comes(tasks: Tasks, qtbot: QtBot) -> None:
    heard, go = Heard(), threading.Event()

    def work(cancel: threading.Event) -> Iterator[int]:
        yield 1
        go.wait(5)
        yield 2
        if cancel.is_set():
            raise Cancelled

    task = tasks.run(work, on_batch=heard.part, on_done=heard.end, on_failure=heard.end)
    qtbot.waitUntil(lambda: heard.parts == [1])
    task.cancel()
    go.set()
    qtbot.waitUntil(lambda: tasks.busy == 0 and not tasks._running)
    assert heard.parts == [1]
    assert heard.ends == []


def test_slow_pictures_do_not_hold_up_the_portal(tasks: Tasks, qtbot: QtBot) -> None:
    heard, go = Heard(), threading.Event()
    for _number in range(6):
        tasks.run(lambda _cancel: go.wait(5), pool="pictures")
    tasks.run(lambda _cancel: "first", on_done=heard.end)
    qtbot.waitUntil(lambda: heard.ended)
    assert heard.ends == ["first"]
    go.set()


def test_after_close_nothing_starts(qtbot: QtBot) -> None:
    heard, ran = Heard(), threading.Event()
    tasks = Tasks()
    assert tasks.close()
    task = tasks.run(lambda _cancel: ran.set(), on_done=heard.end, on_failure=heard.end)
    qtbot.wait(20)
    assert not task.active
    assert not ran.is_set()
    assert heard.ends == []
