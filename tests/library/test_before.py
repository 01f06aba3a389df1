"""Earlier sessions of a chat: by each way to find them, read or refused, each once; and what opening costs."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from tests.bitrix.scripted import Clock, Script, bad, good
from viewer.bitrix import NotMember, Pace, Portal, ServerFault, Webhook, embedded
from viewer.chat import Aside, Batch, Session, SessionBar, Transcript, parse_reference, rows
from viewer.demo import DemoPortal, Fault
from viewer.demo.regular import REFUSED, REGULAR
from viewer.errors import Cancelled
from viewer.library import (
    Began,
    Beginning,
    Ended,
    Siblings,
    Unreadable,
    begins_here,
    chat_sessions,
    earlier,
    list_sessions,
    open_dialogue,
    whole_chat,
)

HISTORY, DIALOG, MESSAGES = "imopenlines.session.history.get", "imopenlines.dialog.get", "im.dialog.messages.get"
LIST, ACTIVITIES = "imopenlines.v2.session.list", "crm.activity.list"
EIGHT = [433, 311, 266, 203, 149, 102, 77, 41]


@pytest.fixture
def demo() -> DemoPortal:
    return DemoPortal(limits=False, big=120)


def client(demo: DemoPortal) -> Portal:
    clock = Clock()
    return Portal(
        Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), pace=Pace(clock=clock, wait=clock.wait)
    )


@pytest.fixture
def portal(demo: DemoPortal) -> Iterator[Portal]:
    opened = client(demo)
    yield opened
    opened.close()


def read(demo: DemoPortal, portal: Portal, reference: str) -> Transcript:
    found = parse_reference(reference)
    assert found is not None
    transcript = Transcript()
    for batch in open_dialogue(portal, found):
        transcript = transcript.with_batch(batch)
    demo.calls.clear()
    return transcript


def grown(transcript: Transcript, steps: list[Any]) -> Transcript:
    for step in steps:
        if isinstance(step, Batch):
            transcript = transcript.with_batch(step)
    return transcript


def ended(steps: list[Any]) -> list[int]:
    return [step.session.id for step in steps if isinstance(step, Ended)]


# --- what opening costs ---


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        (lambda chat: str(chat.sessions[-1].id), [HISTORY]),
        (lambda chat: f"imol|{chat.sessions[-1].id}", [HISTORY]),
        (lambda chat: f"https://zerno.bitrix24.example/online/?IM_HISTORY=imol|{chat.sessions[-1].id}", [HISTORY]),
        (lambda chat: f"chat{chat.id}", [DIALOG, HISTORY]),
        (lambda chat: f"https://zerno.bitrix24.example/online/?IM_DIALOG=chat{chat.id}", [DIALOG, HISTORY]),
        (lambda chat: chat.code, [DIALOG, HISTORY]),
        (lambda chat: f"imol|{chat.code}", [DIALOG, HISTORY]),
    ],
)
def test_at_most_two_calls_before_the_first_message(
    demo: DemoPortal, portal: Portal, name: Callable[[Any], str], calls: list[str]
) -> None:
    for chat in demo.world.chats.values():
        reference = parse_reference(name(chat))
        assert reference is not None
        if chat.sessions[-1].denied:
            continue
        demo.calls.clear()
        first = next(batch for batch in open_dialogue(portal, reference) if batch.messages)
        assert first.messages
        assert demo.calls == calls


# --- found and read ---


def test_eight_sessions_are_read_one_by_one_as_they_are_asked_for(demo: DemoPortal, portal: Portal) -> None:
    transcript = read(demo, portal, "433")
    steps = earlier(portal, transcript)
    assert demo.calls == []
    first = list(islice(steps, 4))
    assert isinstance(first[0], Siblings)
    assert [each.id for each in first[0].sessions] == EIGHT
    assert first[1] == Began(first[0].sessions[1])
    assert demo.calls == [LIST, HISTORY]
    rest = [*first, *steps]
    assert ended(rest) == EIGHT[1:]
    assert rest[-1] == Beginning(True)
    assert demo.calls.count(LIST) == 1
    whole = grown(transcript, rest)
    assert [session.id for session in whole.sessions] == EIGHT[::-1]
    assert len(whole.messages) == sum(len(each.messages) for each in demo.world.chats[REGULAR].sessions)
    assert [row.session.id for row in rows(whole) if isinstance(row, SessionBar)] == EIGHT[::-1]


def test_what_is_known_costs_one_call_each(demo: DemoPortal, portal: Portal) -> None:
    known = [session for page in list_sessions(portal) for session in page]
    transcript = read(demo, portal, "321")
    steps = list(earlier(portal, transcript, known))
    assert ended(steps) == [288, 154]
    assert demo.calls == [HISTORY, HISTORY]
    assert grown(transcript, steps).sessions[0].head_vote == 3


def test_a_refused_history_is_read_from_the_messages_by_a_member(demo: DemoPortal, portal: Portal) -> None:
    transcript = read(demo, portal, "266")
    steps = list(islice(earlier(portal, transcript), 6))
    assert demo.calls == [LIST, HISTORY, MESSAGES]
    assert ended(steps) == [REFUSED]
    texts = [message.text for message in grown(transcript, steps).messages]
    assert "Верните деньги за пачку, она вздулась" in texts
    assert "Перезвонили, извините за путаницу." not in texts


def test_a_refused_history_is_told_in_its_place_and_the_next_is_tried(demo: DemoPortal, portal: Portal) -> None:
    demo.world.sessions[288].denied = True
    transcript = read(demo, portal, "321")
    steps = list(earlier(portal, transcript))
    (refused,) = (step for step in steps if isinstance(step, Unreadable))
    assert refused.session.id == 288
    assert ended(steps) == [154]
    assert demo.calls == [LIST, HISTORY, MESSAGES, HISTORY]
    shown = replace(grown(transcript, steps), unread={288: refused.error.title})
    told = [
        row.text if isinstance(row, Aside) else str(row.session.id)
        for row in rows(shown)
        if isinstance(row, Aside | SessionBar)
    ]
    assert told == ["154", "Session 288 cannot be read: " + refused.error.title, "321"]
    demo.calls.clear()
    assert list(earlier(portal, replace(transcript, unread={}), passed={288, 154}))[-1] == Beginning(False)
    assert HISTORY not in demo.calls


def test_the_first_session_refused_is_the_beginning_all_the_same(demo: DemoPortal, portal: Portal) -> None:
    demo.world.sessions[154].denied = True
    steps = list(earlier(portal, read(demo, portal, "321")))
    assert [type(step).__name__ for step in steps[-2:]] == ["Unreadable", "Beginning"]
    assert steps[-1] == Beginning(True)


def test_a_portal_that_lists_no_sessions_is_asked_by_crm() -> None:
    demo = DemoPortal(limits=False, big=5, absent=frozenset({LIST}))
    portal = client(demo)
    steps = list(earlier(portal, read(demo, portal, "321")))
    assert ended(steps) == [288, 154]
    assert demo.calls == [LIST, ACTIVITIES, HISTORY, HISTORY]


def test_members_find_sessions_in_the_messages_where_nothing_lists_them() -> None:
    demo = DemoPortal(limits=False, big=5, absent=frozenset({LIST, ACTIVITIES}))
    portal = client(demo)
    steps = list(earlier(portal, read(demo, portal, "433")))
    assert ended(steps) == EIGHT[1:]
    assert steps[-1] == Beginning(True)
    assert set(demo.calls) == {LIST, MESSAGES}


def test_where_nothing_tells_the_beginning_is_not_sure() -> None:
    demo = DemoPortal(limits=False, big=5, absent=frozenset({LIST, ACTIVITIES}))
    portal = client(demo)
    assert list(earlier(portal, read(demo, portal, "321"))) == [Beginning(False)]
    assert demo.calls == [LIST, ACTIVITIES, MESSAGES]


def test_the_first_session_of_a_chat_needs_no_call(demo: DemoPortal, portal: Portal) -> None:
    transcript = read(demo, portal, "154")
    assert begins_here(transcript)
    assert list(earlier(portal, transcript)) == [Beginning(True)]
    assert not begins_here(Transcript())
    assert not begins_here(read(demo, portal, "288"))
    assert demo.calls == []


def test_a_fault_of_the_portal_ends_the_walk_and_another_goes_on(demo: DemoPortal, portal: Portal) -> None:
    transcript = read(demo, portal, "433")
    steps: list[Any] = []
    fault = Fault.error(500, "INTERNAL_SERVER_ERROR")
    walk = earlier(portal, transcript)
    steps += islice(walk, 5)
    assert ended(steps) == [311]
    demo.fail(HISTORY, fault, fault, fault, fault)
    with pytest.raises(ServerFault):
        list(walk)
    transcript = grown(transcript, steps)
    assert ended(list(earlier(portal, transcript))) == EIGHT[2:]


def test_a_cancelled_walk_asks_nothing_more(demo: DemoPortal, portal: Portal) -> None:
    stop = threading.Event()
    walk = earlier(portal, read(demo, portal, "433"), cancel=stop)
    next(walk)
    stop.set()
    with pytest.raises(Cancelled):
        list(walk)
    assert demo.calls == [LIST]


def test_a_session_of_another_chat_is_left_out(demo: DemoPortal, portal: Portal) -> None:
    transcript = read(demo, portal, "321")
    message = next(each for each in transcript.messages if each.kind.value == "session-start")
    forked = replace(message, text=message.text + " [URL=/online/?IM_HISTORY=imol|311]311[/URL]")
    named = replace(transcript, messages=tuple(forked if each is message else each for each in transcript.messages))
    steps = list(earlier(portal, named))
    assert ended(steps) == [288, 154]
    assert {message.chat_id for message in grown(named, steps).messages} == {1763}


def test_a_chat_that_ends_without_an_opening_line() -> None:
    person = {"id": 9, "name": "Guest", "connector": True}
    told = [{"id": n, "author_id": 9, "date": f"2026-01-01T10:0{n}:00Z", "text": f"m{n}"} for n in (2, 1)]
    history = {
        "chatId": 5, "sessionId": 7, "users": {"9": person},
        "message": {"8": {"id": "8", "senderid": "9", "date": "2026-01-02T10:00:00Z", "text": "x", "textlegacy": "x"}},
        "chat": {"5": {"id": "5", "entityId": "livechat|2|7|9"}},
    }  # fmt: skip
    pages = [good({"chat_id": 5, "messages": told, "users": [person]}), good({"chat_id": 5, "messages": []})]
    script = Script({HISTORY: good(history), "imopenlines.v2.Session.list": bad("TARIFF_RESTRICTION"), MESSAGES: pages})
    portal = script.portal()
    transcript = Transcript()
    for batch in open_dialogue(portal, parse_reference("7")):  # type: ignore[arg-type]
        transcript = transcript.with_batch(batch)
    steps = list(earlier(portal, transcript))
    assert ended(steps) == [0]
    assert steps[-1] == Beginning(True)
    assert [message.text for message in grown(transcript, steps).messages] == ["m1", "m2", "x"]


# --- the list of a chat, and the chat as a whole ---


def test_all_sessions_of_a_chat_are_listed_with_names(demo: DemoPortal, portal: Portal) -> None:
    transcript = read(demo, portal, "149")
    found = [session for page in chat_sessions(portal, transcript) for session in page]
    assert sorted((session.id for session in found), reverse=True) == EIGHT
    assert all(session.operator_name for session in found)
    assert HISTORY not in demo.calls


def test_the_whole_chat_is_read_by_a_member(demo: DemoPortal, portal: Portal) -> None:
    transcript = read(demo, portal, "433")
    batches = list(whole_chat(portal, transcript))
    shown = transcript
    for batch in batches:
        shown = shown.with_batch(batch)
    assert set(demo.calls) == {MESSAGES}
    assert [session.id for session in shown.sessions] == EIGHT[::-1]
    assert len(shown.messages) == sum(len(each.messages) for each in demo.world.chats[REGULAR].sessions)
    kept = {message.id: message for message in shown.messages}
    assert all(kept[message.id] is message for message in transcript.messages)
    assert shown.messages == tuple(sorted(shown.messages, key=lambda each: (each.date, each.id)))


def test_the_whole_chat_is_not_for_others(demo: DemoPortal, portal: Portal) -> None:
    with pytest.raises(NotMember):
        list(whole_chat(portal, read(demo, portal, "321")))
    assert list(whole_chat(portal, Transcript(sessions=(Session(1),)))) == []
