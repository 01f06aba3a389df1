"""The pace on a clock that passes only when somebody waits."""

import threading

import pytest

from tests.bitrix.scripted import Clock
from viewer.bitrix.limits import Budget, Limits, Why
from viewer.bitrix.pace import Cancel, Pace, shared
from viewer.errors import Cancelled


def paced(clock: Clock, **options: float) -> Pace:
    return Pace(clock=clock, wait=clock.wait, **options)  # type: ignore[arg-type]


def test_a_burst_then_a_steady_rate() -> None:
    clock = Clock()
    pace = paced(clock)
    for _ in range(25):
        with pace.turn("a"):
            pass
    assert clock.now - 1000 == pytest.approx(15 / 1.5)


def test_the_bucket_fills_again_but_not_beyond_its_size() -> None:
    clock = Clock()
    pace = paced(clock)
    for pause in (0, 3600):
        clock.now += pause
        begun = clock.now
        for _ in range(11):
            with pace.turn("a"):
                pass
        assert clock.now - begun == pytest.approx(1 / 1.5)


def test_never_more_than_two_in_flight() -> None:
    clock = Clock()
    pace = paced(clock)
    turns = [pace.turn("a") for _ in range(2)]
    for turn in turns:
        turn.__enter__()

    def end_one(seconds: float, _cancel: Cancel | None) -> None:
        clock.waits.append(seconds)
        turns.pop().__exit__(None, None, None)

    pace._pass_time = end_one
    with pace.turn("a"):
        assert len(turns) == 1
    assert clock.waits == [0.05]


def test_a_turn_ends_when_the_call_fails() -> None:
    pace = paced(Clock(), in_flight=1)
    for _ in range(3):
        with pytest.raises(RuntimeError), pace.turn("a"):
            raise RuntimeError


def test_a_busy_portal_stops_everybody_and_takes_the_burst_away() -> None:
    clock = Clock()
    pace = paced(clock)
    pace.busy(4)
    with pace.turn("a"):
        assert clock.now - 1000 == pytest.approx(4)
    for _ in range(6):
        with pace.turn("b"):
            pass
    assert clock.now - 1000 == pytest.approx(4 + 1 / 1.5)


def test_a_method_over_its_budget_waits_alone() -> None:
    clock = Clock()
    pace = paced(clock)
    pace.note("slow", 3.0, 120)
    clock.now += 20
    assert pace.over_budget("slow", 5) == pytest.approx(101)
    with pace.turn("quick"):
        assert clock.waits == []
    told: list[float] = []
    with pace.turn("slow", on_wait=told.append):
        assert clock.now - 1000 == pytest.approx(121)
    assert told == [pytest.approx(101), 0]


def test_a_budget_whose_end_is_not_known() -> None:
    pace = paced(Clock())
    assert pace.over_budget("slow", 5) == 5


def test_short_waits_are_not_told() -> None:
    clock = Clock()
    pace = paced(clock, burst=1)
    told: list[float] = []
    for _ in range(3):
        with pace.turn("a", on_wait=told.append):
            pass
    assert clock.waits
    assert told == []


def test_waiting_can_be_cancelled() -> None:
    clock = Clock()
    stop = threading.Event()
    told: list[float] = []
    pace = Pace(clock=clock, wait=lambda _seconds, _cancel: stop.set())
    pace.busy(100)
    with pytest.raises(Cancelled), pace.turn("a", stop, told.append):
        pytest.fail("the turn came")
    assert told == [100, 0]
    with pytest.raises(Cancelled):
        pace.pause(1, stop)


def test_the_real_wait_listens_to_the_event() -> None:
    stop = threading.Event()
    pace = Pace()
    timer = threading.Timer(0.01, stop.set)
    timer.start()
    with pytest.raises(Cancelled):
        pace.pause(60, stop)
    timer.join()


def test_one_pace_a_portal_that_forgets_nothing_between_two_openings() -> None:
    shared("a.example").note("x", 12.0, 60.0)
    assert shared("a.example") is shared("a.example")
    assert shared("b.example") is not shared("a.example")
    (budget,) = shared("a.example").limits().budgets
    assert (budget.method, budget.used) == ("x", 12.0)


# --- limits ---


def test_limits_of_a_portal_that_was_not_asked_yet() -> None:
    assert paced(Clock()).limits() == Limits(rate=1.5, at_once=2, ready=2)


def test_limits_while_calls_come_and_go() -> None:
    clock = Clock()
    pace = paced(clock, burst=3)
    with pace.turn("a"):
        now = pace.limits()
        assert (now.in_flight, now.last_second, now.ready, now.next_in) == (1, 1, 1, 0)
        with pace.turn("a"):
            assert pace.limits().ready == 0
    with pace.turn("a"):
        pass
    now = pace.limits()
    assert (now.in_flight, now.last_second, now.ready) == (0, 3, 0)
    assert now.next_in == pytest.approx(1 / 1.5)
    clock.now += 0.5
    assert pace.limits().next_in == pytest.approx(1 / 1.5 - 0.5)
    clock.now += 0.5
    assert (pace.limits().last_second, pace.limits().ready) == (0, 1)


def test_limits_while_the_portal_is_busy() -> None:
    clock = Clock()
    seen: list[Limits] = []

    def look(seconds: float, cancel: Cancel | None) -> None:
        seen.append(pace.limits())
        clock.wait(seconds, cancel)

    pace = Pace(clock=clock, wait=look)
    pace.busy(4)
    idle = pace.limits()
    assert (idle.waiting, idle.blocked_for, idle.why, idle.ready, idle.next_in) == (0, 4, Why.BUSY, 0, 4)
    with pace.turn("a"):
        pass
    assert (seen[0].waiting, seen[0].blocked_for, seen[0].why) == (1, 4, Why.BUSY)
    assert (pace.limits().waiting, pace.limits().why) == (0, Why.FREE)


def test_limits_tell_of_the_long_wait_that_ends_first() -> None:
    clock = Clock()
    seen: list[tuple[float, Why, int]] = []
    pace = paced(clock)
    pace.over_budget("slow", 300)

    def within(seconds: float, cancel: Cancel | None) -> None:
        def look(seconds: float, cancel: Cancel | None) -> None:
            now = pace.limits()
            seen.append((now.blocked_for, now.why, now.waiting))
            pace._pass_time = clock.wait

        pace._pass_time = look
        pace.pause(5)
        now = pace.limits()
        seen.append((now.blocked_for, now.why, now.waiting))
        clock.wait(seconds, cancel)

    pace._pass_time = within
    with pace.turn("slow"):
        pass
    assert seen == [(5, Why.FAULT, 2), (295, Why.BUDGET, 1)]


def test_what_a_method_has_used() -> None:
    clock = Clock()
    pace = paced(clock)
    pace.note("quick", 1.5, 400.0)
    pace.note("slow", 400.0, 60.0)
    pace.note("uncounted", None, None)
    assert pace.limits().budgets == (
        Budget("slow", 400.0, resets_in=pytest.approx(60)),  # type: ignore[arg-type]
        Budget("quick", 1.5, resets_in=pytest.approx(400)),  # type: ignore[arg-type]
    )
    pace.over_budget("slow", 5)
    pace.over_budget("never told", 5)
    first, second, third = pace.limits().budgets
    assert (first.method, first.used) == ("slow", 400.0)
    assert first.closed_for == pytest.approx(61)
    assert (second.method, second.used, second.total, second.closed_for) == ("never told", 480.0, 480.0, 5)
    assert third.closed_for == 0
    clock.now += 62
    assert [(each.method, each.resets_in is None, each.closed_for) for each in pace.limits().budgets] == [
        ("slow", True, 0),
        ("quick", False, 0),
    ]
    clock.now += 600
    assert pace.limits().budgets == ()


def test_several_threads_see_one_count() -> None:
    pace = Pace(rate=1000, burst=1000)
    inside, leave = threading.Barrier(3), threading.Event()
    stop = threading.Event()

    def work() -> None:
        with pace.turn("a"):
            inside.wait(30)
            leave.wait(30)

    def wait_for_a_turn() -> None:
        with pytest.raises(Cancelled), pace.turn("b", stop):
            pytest.fail("the turn came")

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(30)
    third = threading.Thread(target=wait_for_a_turn)
    third.start()
    while pace.limits().waiting != 1:
        pass
    assert pace.limits().in_flight == 2
    stop.set()
    third.join(30)
    leave.set()
    for thread in threads:
        thread.join(30)
    assert (pace.limits().waiting, pace.limits().in_flight, pace.limits().last_second) == (0, 0, 2)
