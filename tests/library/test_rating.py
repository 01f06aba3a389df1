"""Rating a session on the demo portal: it is looked before, sent once, and looked again."""

import threading
from collections.abc import Iterator

import pytest

from tests.bitrix.scripted import Clock
from viewer.bitrix import BadRequest, Pace, Portal, Refused, Unreachable, Webhook, embedded
from viewer.chat import Rating
from viewer.demo import DemoPortal, Fault
from viewer.errors import Cancelled
from viewer.library import Outcome, rate

VOTE, HISTORY = "imopenlines.session.head.vote", "imopenlines.session.history.get"
SESSION = 321
NONE, GOOD = Rating(), Rating(4, "Хорошо, но долго")


@pytest.fixture
def demo() -> DemoPortal:
    made = DemoPortal(limits=False, big=20)
    made.world.sessions[SESSION].head_vote, made.world.sessions[SESSION].head_comment = 0, ""
    return made


@pytest.fixture
def portal(demo: DemoPortal) -> Iterator[Portal]:
    clock = Clock()
    opened = Portal(
        Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=Pace(clock=clock, wait=clock.wait)
    )
    yield opened
    opened.close()


def held(demo: DemoPortal) -> Rating:
    session = demo.world.sessions[SESSION]
    return Rating(session.head_vote, session.head_comment)


def test_saved_and_seen_in_the_history(demo: DemoPortal, portal: Portal) -> None:
    done = rate(portal, SESSION, GOOD, NONE)
    assert (done.outcome, done.found, done.error) == (Outcome.SAVED, GOOD, None)
    assert demo.calls == [HISTORY, VOTE, HISTORY]
    assert held(demo) == GOOD


def test_an_earlier_rating_is_replaced_and_its_comment_emptied(demo: DemoPortal, portal: Portal) -> None:
    rate(portal, SESSION, GOOD, NONE)
    done = rate(portal, SESSION, Rating(2), GOOD)
    assert (done.outcome, held(demo)) == (Outcome.SAVED, Rating(2))


def test_a_comment_alone_leaves_the_stars(demo: DemoPortal, portal: Portal) -> None:
    rate(portal, SESSION, GOOD, NONE)
    done = rate(portal, SESSION, Rating(0, "Later thought"), GOOD)
    assert (done.outcome, held(demo)) == (Outcome.SAVED, Rating(4, "Later thought"))


def test_what_stands_there_already_is_not_sent_again(demo: DemoPortal, portal: Portal) -> None:
    rate(portal, SESSION, GOOD, NONE)
    demo.calls.clear()
    assert rate(portal, SESSION, GOOD, NONE).outcome is Outcome.SAVED
    assert demo.calls == [HISTORY]


def test_anothers_rating_is_not_overwritten_unseen(demo: DemoPortal, portal: Portal) -> None:
    demo.world.sessions[SESSION].head_vote = 2
    done = rate(portal, SESSION, GOOD, NONE)
    assert (done.outcome, done.found) == (Outcome.CHANGED, Rating(2))
    assert VOTE not in demo.calls


def test_a_portal_that_says_yes_and_saves_nothing(demo: DemoPortal, portal: Portal) -> None:
    demo.fail(VOTE, Fault.lie())
    done = rate(portal, SESSION, GOOD, NONE)
    assert (done.outcome, done.found) == (Outcome.NOT_KEPT, NONE)
    assert demo.calls.count(VOTE) == 1


@pytest.mark.parametrize("fault", [Fault.drop(), Fault.truncated()])
def test_a_connection_that_breaks_after_saving(demo: DemoPortal, portal: Portal, fault: Fault) -> None:
    demo.fail(VOTE, fault)
    done = rate(portal, SESSION, GOOD, NONE)
    assert (done.outcome, done.found) == (Outcome.SAVED, GOOD)
    assert demo.calls.count(VOTE) == 1


@pytest.mark.parametrize("fault", [Fault.lost(), Fault.html(502), Fault.error(500, "INTERNAL_SERVER_ERROR")])
def test_a_connection_that_breaks_before_saving(demo: DemoPortal, portal: Portal, fault: Fault) -> None:
    demo.fail(VOTE, fault)
    done = rate(portal, SESSION, GOOD, NONE)
    assert (done.outcome, done.found) == (Outcome.LOST, NONE)
    assert done.error is not None
    assert demo.calls.count(VOTE) == 1


def test_nobody_knows_when_the_history_cannot_be_read_again(demo: DemoPortal, portal: Portal) -> None:
    demo.fail(VOTE, Fault.drop())
    demo.fail(HISTORY, Fault(lambda true: true), *[Fault.drop()] * 4)
    done = rate(portal, SESSION, GOOD, NONE)
    assert (done.outcome, done.found) == (Outcome.UNKNOWN, NONE)
    assert isinstance(done.error, Unreachable)
    assert demo.calls.count(VOTE) == 1
    assert rate(portal, SESSION, GOOD, NONE).outcome is Outcome.SAVED, "the next attempt looks first"
    assert demo.calls.count(VOTE) == 1


def test_an_answer_without_proof_is_not_believed(demo: DemoPortal, portal: Portal) -> None:
    demo.fail(HISTORY, Fault(lambda true: true), *[Fault.error(500, "INTERNAL_SERVER_ERROR")] * 4)
    assert rate(portal, SESSION, GOOD, NONE).outcome is Outcome.UNKNOWN
    assert held(demo) == GOOD


def test_a_portal_that_cannot_be_reached_is_asked_for_nothing(demo: DemoPortal, portal: Portal) -> None:
    demo.fail(HISTORY, *[Fault.drop()] * 4)
    with pytest.raises(Unreachable):
        rate(portal, SESSION, GOOD, NONE)
    assert VOTE not in demo.calls


def test_no_right_to_it(demo: DemoPortal, portal: Portal) -> None:
    with pytest.raises(Refused) as caught:
        rate(portal, 347, GOOD, Rating(demo.world.sessions[347].head_vote, demo.world.sessions[347].head_comment))
    assert "Conversation rating" in caught.value.detail
    assert VOTE not in demo.calls
    demo.fail(VOTE, Fault.error(400, "ACCESS_DENIED"))
    with pytest.raises(Refused):
        rate(portal, SESSION, GOOD, NONE)
    assert held(demo) == NONE


def test_nothing_to_rate_with(demo: DemoPortal, portal: Portal) -> None:
    with pytest.raises(BadRequest):
        rate(portal, SESSION, Rating(0, "  "), NONE)
    assert VOTE not in demo.calls


def test_a_cancelled_rating_sends_nothing(demo: DemoPortal, portal: Portal) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        rate(portal, SESSION, GOOD, NONE, cancel=stop)
    assert demo.calls == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Rating(4, "a\nb"), Rating(4, "a\r\nb "), True),
        (Rating(4, "Tom & Jerry"), Rating(4, "Tom &amp; Jerry"), True),
        (Rating(4), Rating(3), False),
        (Rating(4, "a"), Rating(4), False),
    ],
)
def test_ratings_are_compared_as_the_portal_writes_them(one: Rating, other: Rating, same: bool) -> None:
    assert one.same(other) is same
    assert other.same(one) is same
