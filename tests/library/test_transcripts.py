"""What a user does, on the demo portal: the real client before an invented server with rights, limits and faults."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bitrix.scripted import Clock, Script, bad, good
from viewer import bitrix, library
from viewer.bitrix import (
    BadAnswer,
    BadWebhook,
    MissingScope,
    Moved,
    NotMember,
    NotPortal,
    OpenInBrowser,
    Pace,
    PlanNeeded,
    Portal,
    Refused,
    Unauthorised,
    Unreachable,
    Webhook,
    embedded,
)
from viewer.chat import File, FileKind, MessageKind, Side, Transcript, parse_reference, rows
from viewer.demo import DemoPortal, Fault
from viewer.errors import Cancelled, ViewerError
from viewer.library import connect, fetch_file, list_sessions, open_dialogue, save_bytes

HISTORY, DIALOG, MESSAGES = "imopenlines.session.history.get", "imopenlines.dialog.get", "im.dialog.messages.get"


@pytest.fixture
def demo() -> DemoPortal:
    return DemoPortal(limits=False, big=1200)


@pytest.fixture
def portal(demo: DemoPortal) -> Iterator[Portal]:
    opened = client(demo)
    yield opened
    opened.close()


def client(demo: DemoPortal, **options: Any) -> Portal:
    clock = Clock()
    options.setdefault("pace", Pace(clock=clock, wait=clock.wait))
    return Portal(Webhook.parse(demo.WEBHOOK), transport=embedded(demo.respond), **options)


def read(portal: Portal, reference: str) -> Transcript:
    found = parse_reference(reference)
    assert found is not None
    transcript = Transcript()
    for batch in open_dialogue(portal, found):
        transcript = transcript.with_batch(batch)
    return transcript


def a_chat(demo: DemoPortal) -> Any:
    return next(chat for chat in demo.world.chats.values() if len(chat.sessions) > 1 and not chat.member)


# --- opening ---


def test_what_a_conversation_was_read_from_is_kept(demo: DemoPortal, portal: Portal) -> None:
    (whole,) = read(portal, str(a_chat(demo).sessions[-1].id)).origins
    assert whole.method == HISTORY
    demo.fail(HISTORY, Fault.error(400, "ACCESS_DENIED"))
    pages = read(portal, "345").origins
    assert {page.method for page in pages} == {MESSAGES}
    assert len({page.sha256 for page in pages}) == len(pages) > 10
    assert all(page.size > 100 and len(page.sha256) == 64 for page in (whole, *pages))


def test_by_session_chat_code_and_link(demo: DemoPortal, portal: Portal) -> None:
    chat = a_chat(demo)
    session = chat.sessions[-1]
    names = (
        str(session.id),
        f"imol|{session.id}",
        f"chat{chat.id}",
        chat.code,
        f"{portal.root}/online/?IM_HISTORY=imol|{session.id}",
    )
    told = {name: read(portal, name) for name in names}
    assert {transcript.messages for transcript in told.values()} == {told[names[0]].messages}
    for transcript in told.values():
        assert transcript.dialog is not None
        assert (transcript.dialog.chat_id, transcript.dialog.user_code) == (chat.id, chat.code)
        assert [known.id for known in transcript.sessions] == [session.id]
        assert transcript.client is not None
        assert rows(transcript)


def test_every_dialogue_of_the_demo_is_read_whole(demo: DemoPortal, portal: Portal) -> None:
    for number, session in demo.world.sessions.items():
        if session.denied:
            continue
        transcript = read(portal, str(number))
        assert len(transcript.messages) == session.count or len(transcript.messages) == len(
            demo.world.messages(session)
        )
        assert not any(
            author.side is Side.OPERATOR and not author.name for author in map(transcript.author, transcript.messages)
        )


def test_ten_thousand_messages_come_in_portions(demo: DemoPortal, portal: Portal) -> None:
    reference = parse_reference("345")
    assert reference is not None
    batches = list(open_dialogue(portal, reference))
    assert [len(batch.messages) for batch in batches] == [500, 500, 200]
    assert batches[0].expected == 1200
    dates = [message.date for batch in batches for message in batch.messages]
    assert dates == sorted(dates)


def test_a_refused_history_is_read_from_the_chat_by_its_members(demo: DemoPortal, portal: Portal) -> None:
    demo.fail(HISTORY, Fault.error(400, "ACCESS_DENIED"))
    transcript = read(portal, "345")
    assert len(transcript.messages) == 1200
    assert demo.calls[:3] == [HISTORY, DIALOG, MESSAGES]
    assert transcript.dialog is not None
    assert transcript.dialog.chat_id == 1781


def test_a_chat_whose_dialog_is_refused_is_tried_by_its_number(demo: DemoPortal, portal: Portal) -> None:
    demo.fail(DIALOG, Fault.error(400, "ACCESS_ERROR"))
    assert len(read(portal, "chat1781").messages) == 1200
    assert demo.calls[:2] == [DIALOG, HISTORY]


def test_a_user_code_whose_dialog_is_refused_is_looked_up(demo: DemoPortal, portal: Portal) -> None:
    code = demo.world.chats[1781].code
    demo.fail(DIALOG, Fault.error(400, "ACCESS_ERROR"))
    assert len(read(portal, code).messages) == 1200
    assert demo.calls[:3] == [DIALOG, "imopenlines.session.open", HISTORY]


def test_a_whole_chat_tells_its_sessions() -> None:
    start = {"CLASS": "bx-messenger-content-item-ol-start", "IMOL_SID": 4}
    end = {"CLASS": "bx-messenger-content-item-ol-end", "IMOL_VOTE_SID": 4, "IMOL_VOTE_USER": 5, "IMOL_VOTE_HEAD": 3}
    listed = [
        {"id": 3, "author_id": 0, "date": "2026-01-01T12:00:00Z", "text": "closed", "params": end},
        {"id": 2, "author_id": 9, "date": "2026-01-01T11:00:00Z", "text": "x", "params": []},
        {"id": 1, "author_id": 0, "date": "2026-01-01T10:00:00Z", "text": "begun", "params": start},
    ]
    dialog = {"id": 5, "entity_type": "LINES", "entity_id": "livechat|2|7|9"}
    pages = [good({"chat_id": 5, "messages": listed}), good({"chat_id": 5, "messages": []})]
    script = Script(
        {HISTORY: bad("ACCESS_DENIED"), DIALOG: good(dialog), MESSAGES: pages, "im.user.list.get": bad("X")}
    )
    (session,) = read(script.portal(), "chat5").sessions
    assert (session.id, session.client_vote, session.head_vote, session.status) == (4, "like", 3, "closed")
    assert session.opened is not None
    assert session.closed is not None
    assert (session.connector, session.line_id) == ("livechat", 2)


def test_an_empty_history_is_an_empty_dialogue() -> None:
    history = {"chatId": 5, "sessionId": 7, "message": [], "users": [], "chat": []}
    script = Script({HISTORY: good(history)})
    assert read(script.portal(), "7").messages == ()
    assert script.methods == [HISTORY]


def test_authors_whom_the_answer_does_not_describe_are_looked_up_softly() -> None:
    message = {"id": "1", "senderid": "31", "text": "x", "textlegacy": "x", "date": "2026-01-01T10:00:00Z"}
    history = good({"chatId": 5, "sessionId": 7, "message": {"1": message}, "users": []})
    known = Script({HISTORY: history, "im.user.list.get": good([{"id": 31, "name": "Olga"}])})
    assert read(known.portal(), "7").people[31].name == "Olga"
    unknown = Script({HISTORY: history, "im.user.list.get": bad("insufficient_scope", 401)})
    assert read(unknown.portal(), "7").people == {}


# --- refusals ---


def test_those_who_reacted_are_named(portal: Portal) -> None:
    batches = list(open_dialogue(portal, parse_reference("343")))  # type: ignore[arg-type]
    names = {person.id: person.name for batch in batches for person in batch.people}
    reacted = {each for batch in batches for message in batch.messages for r in message.reactions for each in r.people}
    assert reacted == {17, 27, 29, 33, 35}
    assert all(names[each] for each in reacted)


def test_a_dialogue_that_nobody_may_read(portal: Portal) -> None:
    with pytest.raises(Refused) as caught:
        read(portal, "417")
    assert "Communication history" in caught.value.advice
    assert (caught.value.method, caught.value.subject) == (HISTORY, "417")


def test_a_chat_that_nobody_may_read(portal: Portal) -> None:
    with pytest.raises(NotMember):
        read(portal, "chat1785")


def test_a_missing_permission_is_named_before_all_else() -> None:
    demo = DemoPortal(limits=False, big=5, scopes=frozenset({"im"}))
    with pytest.raises(MissingScope) as caught:
        read(client(demo), "345")
    assert caught.value.scope == "imopenlines"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.error(401, "NO_AUTH_FOUND"), Unauthorised),
        (Fault.html(), NotPortal),
        (Fault.html(403), NotPortal),
        (Fault.truncated(), BadAnswer),
        (Fault.body(b'{"result": {"message": 5}}'), BadAnswer),
        (Fault.body(b'{"result": []}'), BadAnswer),
        (Fault.redirect("https://new.example/rest/1/x/"), Moved),
    ],
)
def test_faults_that_end_the_work_at_once(
    demo: DemoPortal, portal: Portal, fault: Fault, kind: type[ViewerError]
) -> None:
    demo.fail(HISTORY, fault)
    with pytest.raises(kind):
        read(portal, "345")
    assert demo.calls == [HISTORY]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.drop(),
        Fault.error(503, "QUERY_LIMIT_EXCEEDED"),
        Fault.error(500, "INTERNAL_SERVER_ERROR"),
        Fault.html(502),
    ],
)
def test_faults_that_pass(demo: DemoPortal, portal: Portal, fault: Fault) -> None:
    demo.fail(HISTORY, fault, fault, fault)
    assert len(read(portal, "345").messages) == 1200
    demo.fail(HISTORY, fault, fault, fault, fault)
    with pytest.raises(ViewerError):
        read(portal, "345")


def test_a_cancelled_opening(demo: DemoPortal, portal: Portal) -> None:
    reference = parse_reference("345")
    assert reference is not None
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        list(open_dialogue(portal, reference, stop))
    assert demo.calls == []


# --- listing ---


def test_the_list_has_every_session_with_names(demo: DemoPortal, portal: Portal) -> None:
    found = [session for page in list_sessions(portal) for session in page]
    assert {session.id for session in found} == {session.id for session in demo.world.sessions.values()}
    assert len(found) == len(demo.world.sessions)
    assert all(session.line_name and session.client_name for session in found)
    assert {"im.recent.list", "crm.activity.list"}.isdisjoint(demo.calls)


def test_an_older_portal_lists_what_it_can() -> None:
    old = DemoPortal(limits=False, big=5, absent=frozenset({"imopenlines.v2.session.list"}))
    found = [session for page in list_sessions(client(old)) for session in page]
    assert found
    assert len({session.id for session in found}) == len(found)
    assert {"im.recent.list", "crm.activity.list"} <= set(old.calls)
    assert all(session.line_name for session in found)


def test_a_plan_without_reports_lists_what_it_can(demo: DemoPortal, portal: Portal) -> None:
    demo.fail("imopenlines.v2.session.list", Fault.error(400, "TARIFF_RESTRICTION"))
    assert [session for page in list_sessions(portal) for session in page]


def test_a_portal_without_rest(demo: DemoPortal, portal: Portal) -> None:
    denied = Fault.error(401, "PAYMENT_REQUIRED")
    for method in ("imopenlines.v2.session.list", "crm.activity.list", "im.recent.list"):
        demo.fail(method, denied)
    with pytest.raises(PlanNeeded):
        list(list_sessions(portal))


def test_the_portals_own_limit_is_never_met() -> None:
    """Sixty dialogues in a row at our own pace: the portal counts as the cloud does and never says it is too much."""
    clock = Clock()
    demo = DemoPortal(clock=clock, big=5)
    portal = client(demo, pace=Pace(clock=clock, wait=clock.wait))
    numbers = [number for number, session in demo.world.sessions.items() if not session.denied][:60]
    for number in numbers:
        read(portal, str(number))
    assert demo.calls.count(HISTORY) == len(numbers)


# --- files ---


def files_of(portal: Portal, reference: str) -> tuple[Transcript, dict[str, Any]]:
    transcript = read(portal, reference)
    return transcript, {file.name: file for message in transcript.messages for file in transcript.files_of(message)}


def test_files_by_each_way(portal: Portal) -> None:
    _transcript, files = files_of(portal, "347")
    assert fetch_file(portal, files["box.png"], 1789).startswith(b"\x89PNG")
    with pytest.raises(OpenInBrowser) as caught:
        fetch_file(portal, files["договор_2026.docx"], 1789)
    assert caught.value.url.startswith(portal.root)
    with pytest.raises(OpenInBrowser):
        fetch_file(portal, files["login.png"], 1789)


def test_a_file_that_is_no_longer_described(portal: Portal) -> None:
    transcript, _files = files_of(portal, "347")
    (lost,) = (file for message in transcript.messages for file in transcript.files_of(message) if file.missing)
    with pytest.raises(bitrix.FileGone):
        fetch_file(portal, lost, 1789)


def test_a_download_that_fails_goes_the_other_way(demo: DemoPortal, portal: Portal) -> None:
    number = next(number for number, file in demo.world.files.items() if not file.lost and file.name.endswith(".png"))
    demo.fail("download", Fault.html())
    file = File(number, "x.png", FileKind.IMAGE)
    assert fetch_file(portal, file, 1789).startswith(b"\x89PNG")
    assert demo.calls == ["im.v2.file.download", "disk.file.get"]


# --- connecting ---


def test_connect(demo: DemoPortal) -> None:
    connected = connect(
        f"  {demo.WEBHOOK}profile.json ", opened=lambda webhook: Portal(webhook, transport=embedded(demo.respond))
    )
    assert connected.webhook.address.reveal() == demo.WEBHOOK
    assert connected.checked.user_id == 17
    assert connected.checked.can_list is True
    assert demo.calls == ["batch"]


def test_connect_with_a_wrong_code(demo: DemoPortal) -> None:
    with pytest.raises(Unauthorised):
        connect(
            f"https://{demo.HOST}/rest/17/wr0ngc0de/",
            opened=lambda webhook: Portal(webhook, transport=embedded(demo.respond)),
        )
    with pytest.raises(BadWebhook):
        connect("https://portal.example/")


def test_connect_to_a_portal_that_is_not_there(demo: DemoPortal) -> None:
    demo.fail("batch", *[Fault.drop()] * 2)
    clock = Clock()
    with pytest.raises(Unreachable):
        connect(
            demo.WEBHOOK,
            opened=lambda webhook: Portal(
                webhook, transport=embedded(demo.respond), pace=Pace(clock=clock, wait=clock.wait)
            ),
        )
    assert demo.calls == ["batch", "batch"]


# --- the rest ---


def test_kinds_of_the_demo_are_told_apart(demo: DemoPortal, portal: Portal) -> None:
    kinds = {
        message.kind
        for number in demo.world.sessions
        if number != 417
        for message in read(portal, str(number)).messages
    }
    assert kinds >= set(MessageKind) - {MessageKind.UNKNOWN}


def test_saving_is_whole_or_not_at_all(tmp_path: Path) -> None:
    goal = tmp_path / "new folder" / "договор.pdf"
    assert save_bytes(b"one", goal) == goal
    assert save_bytes(b"two", goal).read_bytes() == b"two"
    assert [path.name for path in goal.parent.iterdir()] == ["договор.pdf"]
    with pytest.raises(ViewerError) as caught:
        save_bytes(b"x", goal / "below a file")
    assert str(goal) in caught.value.detail


def test_saving_over_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(ViewerError):
        save_bytes(b"x", tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["taken"]


def test_exported_names() -> None:
    assert all(getattr(library, name) is not None for name in library.__all__)
    assert sorted(library.__all__) == list(library.__all__)
    with pytest.raises(AttributeError):
        _ = library.nothing_of_the_kind
