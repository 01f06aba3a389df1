"""A saved answer as a portal: the same client reads it, whichever of the two answers it is."""

import json
from contextlib import closing
from threading import Event

import pytest

from viewer.bitrix import BadAnswer, Pace, Portal, Webhook, embedded
from viewer.bitrix.recorded import RecordedPortal
from viewer.chat import parse_reference
from viewer.demo import DemoPortal
from viewer.library import list_sessions, open_dialogue


@pytest.fixture(scope="module")
def demo() -> DemoPortal:
    return DemoPortal(limits=False, big=20)


def saved(demo: DemoPortal, method: str, **params: object) -> bytes:
    return json.dumps(demo.call(method, params)).encode()


def portal(recorded: RecordedPortal) -> Portal:
    pace = Pace(rate=500, burst=500, wait=lambda _seconds, _cancel: None)
    return Portal(Webhook.parse(recorded.WEBHOOK), transport=embedded(recorded.respond), pace=pace)


def read(recorded: RecordedPortal) -> tuple[int, bool]:
    """How many messages the client reads, and whether they may be rated."""
    reference = parse_reference(recorded.reference)
    assert reference is not None
    with closing(portal(recorded)) as opened:
        batches = list(open_dialogue(opened, reference, Event()))
    return sum(len(batch.messages) for batch in batches), any(batch.can_vote for batch in batches)


def test_a_saved_history_is_read_as_its_session(demo: DemoPortal) -> None:
    recorded = RecordedPortal(saved(demo, "imopenlines.session.history.get", SESSION_ID="343"))
    assert recorded.reference == "343"
    assert read(recorded) == (len(recorded.batch.messages), False)
    assert recorded.batch.can_vote, "on the portal it could be rated; in a file it cannot"


def test_a_saved_page_is_read_as_its_chat(demo: DemoPortal) -> None:
    recorded = RecordedPortal(saved(demo, "im.dialog.messages.get", DIALOG_ID="chat1777"))
    assert recorded.reference == "chat1777"
    assert read(recorded) == (len(recorded.batch.messages), False)


def test_the_bare_result_serves_as_well(demo: DemoPortal) -> None:
    result = demo.call("imopenlines.session.history.get", {"SESSION_ID": "343"})["result"]
    assert RecordedPortal(json.dumps(result).encode()).reference == "343"


def test_its_list_is_empty_and_no_failure(demo: DemoPortal) -> None:
    recorded = RecordedPortal(saved(demo, "imopenlines.session.history.get", SESSION_ID="343"))
    with closing(portal(recorded)) as opened:
        assert [row for rows in list_sessions(opened) for row in rows] == []


@pytest.mark.parametrize("data", [b"", b"<html>", b'{"result": {"items": []}}', b'{"result": '])
def test_what_is_no_history_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadAnswer):
        RecordedPortal(data)
