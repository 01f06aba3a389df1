"""Every filter through every source, on the demo portal: the same answer as far as the source can see."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest

from tests.library.test_transcripts import client
from viewer.bitrix import NotPortal, Source, SourceNote
from viewer.chat import CrmLink, Filter, is_named
from viewer.demo import DemoPortal, Fault
from viewer.demo.world import Chat
from viewer.demo.world import Session as Told
from viewer.errors import Cancelled
from viewer.library import list_sessions

NEW = frozenset({"imopenlines.v2.session.list"})
SOURCES = {
    Source.ALL: (frozenset[str](), frozenset({"imopenlines", "im", "crm"})),
    Source.CRM: (NEW, frozenset({"imopenlines", "im", "crm"})),
    Source.OWN: (NEW, frozenset({"imopenlines", "im"})),
}
DAY = datetime(2026, 2, 20, tzinfo=UTC)
Rule = Callable[[Chat, Told], bool]


def everything(_chat: Chat, _session: Told) -> bool:
    return True


# A filter, what it means for the portal's own records, and whether only the list of all sessions can tell.
FILTERS: list[tuple[Filter, Rule, bool]] = [
    (Filter(), everything, False),
    (Filter(text="анна"), lambda chat, _session: "Анна" in chat.client.name, False),
    (Filter(text="дрозд поддержка"), lambda chat, session: chat.line.id == 22 and session.operator_id == 28, False),
    (Filter(line="22"), lambda chat, _session: chat.line.id == 22, False),
    (Filter(line="Опт"), lambda chat, _session: chat.line.id == 58, False),
    (Filter(line=("sales", "22"), loose=True), lambda chat, _session: chat.line.id in (22, 31), False),
    (Filter(line="Nowhere"), lambda _chat, _session: False, False),
    (Filter(operator="34"), lambda _chat, session: session.operator_id == 34, False),
    (Filter(operator=("дрозд", "brandt"), loose=True), lambda _chat, session: session.operator_id in (28, 29), False),
    (Filter(connector="Telegram"), lambda chat, _session: chat.connector == "telegrambot", False),
    (Filter(connector="livechat"), lambda chat, _session: chat.connector == "livechat", False),
    (Filter(status="open"), lambda _chat, session: session.closed is None, False),
    (Filter(status="closed"), lambda _chat, session: session.closed is not None, False),
    (Filter(client_vote="like"), lambda _chat, session: session.client_vote == "like", True),
    (Filter(client_vote="dislike"), lambda _chat, session: session.client_vote == "dislike", True),
    (Filter(client_vote="none"), lambda _chat, session: session.client_vote == "none", True),
    (Filter(rated=True), lambda _chat, session: bool(session.head_vote), True),
    (Filter(unrated=True), lambda _chat, session: not session.head_vote, True),
    (Filter(has_crm=True), lambda chat, _session: bool(chat.deal), False),
    (Filter(has_crm=False), lambda chat, _session: not chat.deal, False),
    (Filter(since=DAY), lambda _chat, session: session.opened >= DAY, False),
    (Filter(until=DAY), lambda _chat, session: session.opened <= DAY, False),
    (Filter(since=DAY, until=DAY + timedelta(days=3), line="Поддержка", status="closed", has_crm=True),
     lambda chat, session: DAY <= session.opened <= DAY + timedelta(days=3) and chat.line.id == 22 and bool(chat.deal),
     False),
]  # fmt: skip


def portal_of(source: Source) -> DemoPortal:
    absent, scopes = SOURCES[source]
    return DemoPortal(limits=False, big=5, absent=absent, scopes=scopes)


def sees(source: Source, chat: Chat, session: Told) -> bool:
    """Whether a source knows a session at all."""
    own = chat.member and session is chat.sessions[-1]
    return source is Source.ALL or own or (source is Source.CRM and bool(chat.deal))


@pytest.mark.parametrize("source", SOURCES)
def test_every_filter_gives_the_same_answer_from_every_source(source: Source) -> None:
    demo = portal_of(source)
    portal = client(demo)
    notes: list[SourceNote] = []
    for wanted, rule, votes in FILTERS:
        notes.clear()
        found = [each.id for page in list_sessions(portal, wanted=wanted, told=notes.append) for each in page]
        meant = everything if votes and source is not Source.ALL else rule
        pairs = ((demo.world.chats[session.chat_id], session) for session in demo.world.sessions.values())
        expected = {session.id for chat, session in pairs if sees(source, chat, session) and meant(chat, session)}
        assert set(found) == expected, wanted
        assert len(found) == len(expected), wanted
        blind = any("Votes and ratings" in note.detail for note in notes)
        assert not blind or (votes and source is not Source.ALL), wanted


def test_a_switch_is_told_once_and_the_portal_is_not_asked_again() -> None:
    demo = portal_of(Source.CRM)
    portal, notes = client(demo), list[SourceNote]()
    for _turn in range(2):
        assert list(list_sessions(portal, told=notes.append))
    assert demo.calls.count("imopenlines.v2.session.list") == 1
    assert [note.sources for note in notes] == [(Source.CRM, Source.OWN)]


def test_what_arrived_stays_when_a_later_page_fails() -> None:
    demo = portal_of(Source.CRM)
    demo.fail("im.recent.list", Fault.html(403))
    found: list[int] = []

    def read() -> None:
        for page in list_sessions(client(demo)):
            found.extend(each.id for each in page)

    with pytest.raises(NotPortal):
        read()
    assert set(found) == {each.id for each in demo.world.sessions.values() if demo.world.chats[each.chat_id].deal}


def test_a_list_can_be_left() -> None:
    demo, stop = portal_of(Source.CRM), Event()
    pages = list_sessions(client(demo), cancel=stop)
    assert next(pages)
    stop.set()
    calls = len(demo.calls)
    with pytest.raises(Cancelled):
        list(pages)
    assert len(demo.calls) == calls


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(("kind", "number"), [("deal", 2214), ("contact", 563)])
def test_the_sessions_of_a_crm_record(source: Source, kind: str, number: int) -> None:
    portal = client(portal_of(source))
    found = [each for page in list_sessions(portal, crm=CrmLink(kind, number)) for each in page]
    newest = {321: 1763}
    expected = newest if source is Source.OWN else {**newest, 288: 1763, 154: 1763}
    assert {each.id: each.chat_id for each in found} == expected
    assert {(each.client_name, each.line_name) for each in found} == {("Анна Вересова", "Поддержка")}
    pages = list_sessions(portal, wanted=Filter(rated=True), crm=CrmLink(kind, number))
    rated = sorted(each.id for page in pages for each in page)
    assert rated == ([154, 288] if source is Source.ALL else sorted(expected))


def test_a_crm_record_without_dialogues() -> None:
    assert list(list_sessions(client(portal_of(Source.ALL)), crm=CrmLink("lead", 5))) == []


def test_names_are_matched_as_people_type_them() -> None:
    assert is_named("ДРОЗД", "Ольга Дрозд", loose=True)
    assert not is_named("Дрозд", "Ольга Дрозд")
