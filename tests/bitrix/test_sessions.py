"""All sessions of a period: what the portal is asked for, and that nothing is lost where it is asked in parts."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.bitrix.scripted import Answer, Script, bad, good
from tests.bitrix.statistics import METHOD, Statistics, row
from viewer.bitrix import BadAnswer, BadRequest, PlanNeeded, PortalError, Refused, Unreachable, sessions
from viewer.chat import Filter, Session
from viewer.errors import Cancelled

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)
SINCE = UNTIL - timedelta(days=300)


def spread(count: int, step: timedelta, **more: Any) -> list[dict[str, Any]]:
    return [row(number, UNTIL - step * (count - number), **more) for number in range(1, count + 1)]


def read(script: Script, since: datetime = SINCE, wanted: Filter | None = None) -> list[Session]:
    return [each for page in sessions.all_of_period(script.portal(), since, UNTIL, wanted=wanted) for each in page]


def is_whole(found: list[Session], count: int) -> bool:
    """Each session once, newest first."""
    return [session.id for session in found] == list(range(count, 0, -1))


# --- filters ---


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        (Filter(), {}),
        (Filter(line="22"), {"configIdList": [22]}),
        (Filter(line=("22", "31"), operator="27"), {"configIdList": [22, 31], "operatorIdList": [27]}),
        (Filter(line=("22", "Shop"), operator="Olga"), {}),
        (Filter(connector=("LiveChat", "telegrambot")), {"sourceList": ["livechat", "telegrambot"]}),
        (Filter(connector=("livechat", "Telegram")), {}),
        (Filter(client_vote="dislike"), {"vote": "dislike"}),
        (Filter(client_vote="none"), {"vote": "none"}),
        (Filter(rated=True), {"hasVoteHead": True}),
        (Filter(unrated=True), {"hasVoteHead": False}),
        (Filter(rated=True, unrated=True), {}),
        (Filter(has_crm=True), {"hasCrm": True}),
        (Filter(has_crm=False), {"hasCrm": False}),
        (Filter(text="x", status="open"), {}),
    ],
)
def test_what_the_portal_can_narrow_is_asked_of_it(wanted: Filter, asked: dict[str, Any]) -> None:
    assert sessions.facets(wanted) == asked


def test_an_open_session_has_one_of_three_statuses() -> None:
    told = [row(at, UNTIL - timedelta(hours=at), status=status) for at, status in
            enumerate(("new", "closed", "answered", "spam", "paused"), 1)]  # fmt: skip
    assert [each.id for each in read(Statistics(told).script(), wanted=Filter(status="open"))] == [1, 3, 5]
    assert [each.id for each in read(Statistics(told).script(), wanted=Filter(status="closed"))] == [2, 4]


def test_a_portal_that_does_not_take_a_filter_is_asked_for_everything() -> None:
    def page(body: Any) -> Answer:
        return bad("INVALID_FILTER") if "configIdList" in body else good({"sessions": [row(1, SINCE)]})

    script = Script({METHOD: page})
    assert [each.id for each in read(script, wanted=Filter(line="22"))] == [1]
    assert len(script.asked) == 2


def test_a_status_that_the_portal_does_not_know_repeats_nothing() -> None:
    many = Statistics([row(1, SINCE, status="new"), row(2, SINCE, status="waiting")])

    def page(body: Any) -> Answer:
        return bad("INVALID_FILTER") if body.get("status") == "paused" else many.answer(body)

    found = read(Script({METHOD: page}), wanted=Filter(status="open"))
    assert [(each.id, each.status) for each in found] == [(1, "new"), (2, "waiting")]


# --- parts ---


def test_beyond_the_furthest_offset_the_rest_of_the_period_is_asked_for() -> None:
    many = Statistics(spread(25_000, timedelta(minutes=10)))
    script = many.script()
    assert is_whole(read(script), 25_000)
    assert max(int(asked["offset"]) for asked in many.asked) == 10_000
    assert len(script.asked) < 25, "pages come several a request"


def test_a_portal_with_a_smaller_offset_is_served_too() -> None:
    assert is_whole(read(Statistics(spread(3_000, timedelta(hours=1)), furthest=600).script()), 3_000)


def test_a_period_is_cut_into_years_without_a_gap() -> None:
    many = Statistics(spread(1_000, timedelta(days=2)))
    since = UNTIL - timedelta(days=2_000)
    assert is_whole(read(many.script(), since), 1_000)
    spans = {(asked["dateCreateFrom"], asked["dateCreateTo"]) for asked in many.asked}
    edges = sorted(spans)
    assert len(edges) == 6
    assert [end for _begin, end in edges[:-1]] == [begin for begin, _end in edges[1:]]


def test_no_year_is_asked_for_in_which_no_session_can_be() -> None:
    many = Statistics(spread(1_000, timedelta(days=2)))
    everything = sessions.all_of_period(many.script().portal(), datetime.min.replace(tzinfo=UTC), END)
    assert is_whole([each for page in everything for each in page], 1_000)
    years = datetime.now(UTC).year - 2015 + 2
    assert len({asked["dateCreateFrom"] for asked in many.asked}) <= years
    for since, until in (
        (END, END),
        (END - timedelta(days=999), END),
        (UNTIL.replace(year=1), UNTIL.replace(year=1900)),
    ):
        script = Statistics([]).script()
        assert list(sessions.all_of_period(script.portal(), since, until)) == []
        assert script.asked == []


def test_a_portal_that_takes_shorter_periods_only_is_asked_for_halves() -> None:
    many = Statistics(spread(500, timedelta(hours=10)), longest=timedelta(days=31))
    assert is_whole(read(many.script()), 500)


def test_a_period_that_can_not_be_shorter_is_an_error() -> None:
    script = Statistics([], longest=timedelta(0)).script()
    with pytest.raises(BadRequest):
        read(script, UNTIL - timedelta(days=1))


def test_a_crowded_second_does_not_hide_what_is_older() -> None:
    crowd = [row(100 + at, UNTIL) for at in range(700)]
    found = read(Statistics([*crowd, row(1, UNTIL - timedelta(hours=1))], furthest=200).script())
    assert found[-1].id == 1
    assert len({each.id for each in found}) == len(found)


def test_a_portal_without_batches_is_asked_page_by_page() -> None:
    script = Script({METHOD: Statistics(spread(2_000, timedelta(hours=1))).answer, "batch": bad("ACCESS_DENIED", 403)})
    assert is_whole(read(script), 2_000)
    assert script.methods.count("batch") == 1


def test_a_page_that_a_batch_refuses_is_asked_for_alone() -> None:
    many = Statistics(spread(1_000, timedelta(hours=1)))

    def batch(body: Any) -> Answer:
        told = many.batch(body)
        return Answer(200, told.body.replace(b'"p3": {"sessions"', b'"x": {"sessions"'))

    script = Script({METHOD: many.answer, "batch": batch})
    assert is_whole(read(script), 1_000)


# --- failures ---


@pytest.mark.parametrize("fault", [bad("ACCESS_DENIED"), bad("TARIFF_RESTRICTION"), good({"nonsense": 1}), OSError()])
def test_what_came_before_a_failure_stays(fault: Any) -> None:
    many = Statistics(spread(1_000, timedelta(hours=1)))
    script = Script({METHOD: [many.answer, fault], "batch": fault})
    pages = sessions.all_of_period(script.portal(), SINCE, UNTIL)
    assert len(next(pages)) == 200
    with pytest.raises(PortalError) as told:
        next(pages)
    assert isinstance(told.value, Refused | PlanNeeded | BadAnswer | Unreachable)


def test_a_listing_stops_between_two_calls() -> None:
    script = Statistics(spread(5_000, timedelta(minutes=1))).script()
    stop = threading.Event()

    def pages() -> Iterator[int]:
        for page in sessions.all_of_period(script.portal(), SINCE, UNTIL, cancel=stop):
            stop.set()
            yield len(page)

    with pytest.raises(Cancelled):
        list(pages())
    assert len(script.asked) == 1


# --- single sessions ---


def test_sessions_that_another_source_names_are_told_in_full() -> None:
    told = [row(at, UNTIL - timedelta(minutes=at * 3), vote="like", configId=22) for at in range(1, 121)]
    many = Statistics(told)
    known = [Session(at, line_id=22, opened=UNTIL - timedelta(minutes=at * 3)) for at in range(1, 131)]
    script = many.script()
    found = sessions.in_full(script.portal(), [*known, Session(500)])
    assert sorted(found) == list(range(1, 121))
    assert {each.client_vote for each in found.values()} == {"like"}
    assert script.methods == ["batch"] * 3


def test_a_refusal_to_tell_in_full_is_raised() -> None:
    script = Script({"batch": good({"result": [], "result_error": {"s1": {"error": "TARIFF_RESTRICTION"}}})})
    with pytest.raises(PlanNeeded):
        sessions.in_full(script.portal(), [Session(1, opened=UNTIL)])
