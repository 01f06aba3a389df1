"""The pace on a clock that passes only when somebody waits."""

import threading

import pytest

from tests.bitrix.scripted import Clock
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


def test_one_pace_a_portal() -> None:
    pace = shared("a.example")
    assert shared("a.example") is pace
    assert shared("b.example") is not pace
