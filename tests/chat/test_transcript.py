"""The rows that a reader sees, built from messages."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from viewer import i18n
from viewer.chat import (
    PORTAL,
    Aside,
    Batch,
    Card,
    DayBreak,
    Dialog,
    File,
    FileKind,
    Message,
    MessageKind,
    MessageRow,
    Person,
    Session,
    SessionBar,
    SessionEnd,
    Side,
    SystemLines,
    TextBlock,
    Transcript,
    figures,
    rows,
    session_part,
)

ZONE = timezone(timedelta(hours=3))
START = datetime(2026, 3, 11, 13, 9, tzinfo=ZONE)
CLIENT = Person(1, "Анна Вересова", Side.CLIENT)
OPERATOR = Person(2, "Павел Кремнёв", Side.OPERATOR)
BOT = Person(3, "Зёрнышко", Side.BOT)


def said(number: int, who: int, minute: float, text: str = "…", **more: object) -> Message:
    return Message(number, 9, who, START + timedelta(minutes=minute), text, **more)  # type: ignore[arg-type]


def conversation(*messages: Message, session: Session | None = None) -> Transcript:
    return Transcript().with_batch(
        Batch(messages=messages, people=(CLIENT, OPERATOR, BOT), dialog=Dialog(9, "chat"), session=session)
    )


def message_rows(*messages: Message) -> list[MessageRow]:
    return [row for row in rows(conversation(*messages)) if isinstance(row, MessageRow)]


def test_messages_stand_oldest_first_and_once_whatever_order_they_came_in() -> None:
    first, second, third = said(30, 1, 0), said(20, 2, 1), said(10, 1, 1)
    transcript = conversation(second, first).with_batch(Batch(messages=(third, first)))
    assert [message.id for message in transcript.messages] == [30, 10, 20]


def test_a_later_batch_replaces_a_message_it_names_again() -> None:
    transcript = conversation(said(1, 1, 0, "old")).with_batch(Batch(messages=(said(1, 1, 0, "new"),)))
    assert [message.text for message in transcript.messages] == ["new"]


def test_days_break_in_the_messages_own_offset() -> None:
    late = Message(1, 9, 1, datetime(2026, 3, 11, 23, 59, tzinfo=ZONE), "late")
    early = Message(2, 9, 1, datetime(2026, 3, 12, 0, 1, tzinfo=ZONE), "early")  # 21:01 of the 11th in UTC
    days = [row.day.isoformat() for row in rows(conversation(late, early)) if isinstance(row, DayBreak)]
    assert days == ["2026-03-11", "2026-03-12"]


def test_a_run_is_one_author_within_five_minutes() -> None:
    runs = message_rows(said(1, 1, 0), said(2, 1, 4), said(3, 1, 12), said(4, 2, 13))
    assert [(row.first_of_run, row.last_of_run) for row in runs] == [
        (True, False), (False, True), (True, True), (True, True),
    ]  # fmt: skip


def test_an_overridden_name_breaks_the_run_and_is_shown() -> None:
    runs = message_rows(said(1, 2, 0), said(2, 2, 1, author_name="Отдел качества"))
    assert [row.author.name for row in runs] == ["Павел Кремнёв", "Отдел качества"]
    assert runs[1].first_of_run


def test_the_clock_runs_from_the_first_unanswered_message_to_the_first_person_who_answers() -> None:
    runs = message_rows(said(1, 1, 0), said(2, 1, 2), said(3, 3, 3), said(4, 2, 12), said(5, 2, 13), said(6, 1, 20))
    assert [(row.message.id, row.waited, row.asked) for row in runs if row.waited] == [(4, timedelta(minutes=12), 1)]


def test_internal_lines_fold_unless_they_carry_a_card() -> None:
    plain = said(1, 0, 0, "Обращение направлено", kind=MessageKind.SYSTEM)
    other = said(2, 0, 0, "Диалог начат", kind=MessageKind.SESSION_START)
    carded = said(3, 0, 1, "Лид создан", kind=MessageKind.SYSTEM, cards=(Card((TextBlock("x"),)),))
    shown = rows(conversation(plain, other, carded))
    folded = [row for row in shown if isinstance(row, SystemLines)]
    assert [[message.id for message in row.messages] for row in folded] == [[1, 2]]
    assert [row.message.id for row in shown if isinstance(row, MessageRow)] == [3]


def test_a_session_has_a_bar_and_an_end() -> None:
    session = Session(321, 9)
    shown = rows(
        conversation(said(1, 1, 0), said(2, 0, 1, kind=MessageKind.SESSION_END, session_id=321), session=session)
    )
    assert shown[0] == SessionBar(session)
    assert isinstance(shown[-1], SessionEnd)
    assert shown[-1].session == session


def test_what_one_source_told_of_a_session_another_does_not_untell() -> None:
    listed = Session(321, 9, close_reason="operator", client_vote="like", operator_name="П. Кремнёв")
    read = Session(321, 9, head_vote=4, client_vote="dislike")
    transcript = Transcript(sessions=(listed,)).with_batch(Batch(session=read))
    (session,) = transcript.sessions
    assert (session.close_reason, session.operator_name) == ("operator", "П. Кремнёв")
    assert (session.head_vote, session.client_vote) == (4, "dislike")


def test_two_sessions_stand_apart() -> None:
    transcript = conversation(
        said(1, 0, 0, kind=MessageKind.SESSION_START, session_id=1), said(2, 1, 1),
        said(3, 0, 50, kind=MessageKind.SESSION_START, session_id=2), said(4, 1, 51),
        session=Session(1, 9),
    ).with_batch(Batch(session=Session(2, 9)))  # fmt: skip
    assert [row.session.id for row in rows(transcript) if isinstance(row, SessionBar)] == [1, 2]


def test_a_file_that_the_portal_forgot_is_missing_not_dropped() -> None:
    known = File(5, "a.png", FileKind.IMAGE)
    message = said(1, 1, 0, file_ids=(5, 6))
    transcript = conversation(message).with_batch(Batch(files=(known,)))
    assert transcript.files_of(message) == (known, File(6, "", FileKind.DOCUMENT, missing=True))


def test_an_author_nobody_described_is_still_there() -> None:
    transcript = conversation(said(1, 77, 0), said(2, 0, 1))
    assert transcript.author(transcript.messages[0]).id == 77
    assert transcript.author(transcript.messages[1]) is PORTAL


def test_figures_count_by_side_and_measure_waits() -> None:
    told = figures(conversation(said(1, 1, 0), said(2, 3, 1), said(3, 2, 12), said(4, 1, 20), said(5, 2, 23)))
    assert (told.messages, told.by_client, told.by_team, told.by_bot) == (5, 2, 2, 1)
    assert (told.first_reply, told.longest_wait) == (timedelta(minutes=12), timedelta(minutes=12))
    assert told.duration == timedelta(minutes=23)


def test_nothing_read_is_no_row() -> None:
    assert rows(Transcript()) == []
    assert figures(Transcript()).messages == 0
    assert figures(Transcript()).median_wait is None


def test_the_median_wait_is_the_middle_one() -> None:
    asked = [said(1, 1, 0), said(2, 2, 10), said(3, 1, 20), said(4, 2, 22)]
    assert figures(conversation(*asked)).median_wait == timedelta(minutes=6)
    more = [*asked, said(5, 1, 30), said(6, 2, 31)]
    assert figures(conversation(*more)).median_wait == timedelta(minutes=2)


# --- several sessions ---


def _of_session(number: int, first: int, day: int) -> Batch:
    """A history of two messages that no line of the portal opens."""
    said = (Message(first + at, 5, 9, datetime(2026, 1, day, 10, at, tzinfo=ZONE), f"m{first + at}") for at in range(2))
    return Batch(tuple(said), session=Session(number, 5))


def test_each_session_begins_with_its_first_message_and_what_is_refused_stands_between() -> None:
    transcript = Transcript()
    for batch in (_of_session(30, 300, 3), _of_session(10, 100, 1)):
        transcript = transcript.with_batch(batch)
    shown = rows(replace(transcript, unread={20: "No right.", 5: "No right."}))
    told = [
        row.text if isinstance(row, Aside) else row.session.id for row in shown if isinstance(row, Aside | SessionBar)
    ]
    assert told == ["Session 5 cannot be read: No right.", 10, "Session 20 cannot be read: No right.", 30]
    assert replace(transcript, unread={20: "No right."}).lacks == ("Session 20 cannot be read: No right.",)


def test_messages_before_the_only_session_are_not_put_under_its_bar() -> None:
    transcript = Transcript().with_batch(_of_session(30, 300, 3))
    assert isinstance(rows(transcript)[0], SessionBar)
    earlier = transcript.with_batch(replace(_of_session(10, 100, 1), session=None))
    kinds = [type(row).__name__ for row in rows(earlier)]
    assert kinds == ["DayBreak", "MessageRow", "MessageRow", "SessionBar", "DayBreak", "MessageRow", "MessageRow"]


def test_a_part_is_one_session_with_its_people() -> None:
    transcript = Transcript(people={9: Person(9, "A", Side.CLIENT), 8: Person(8, "B", Side.OPERATOR)})
    for batch in (_of_session(30, 300, 3), _of_session(10, 100, 1)):
        transcript = transcript.with_batch(batch)
    listed = rows(transcript)
    part, shown = session_part(transcript, listed, 10)
    assert [message.id for message in part.messages] == [100, 101]
    assert [session.id for session in part.sessions] == [10]
    assert set(part.people) == {9}
    assert shown == listed[:4]
    assert session_part(transcript, listed, 77) == (transcript, listed)


@pytest.mark.parametrize(("zone", "days"), [("portal", [11, 12]), ("utc", [11]), ("Asia/Tokyo", [11, 12])])
def test_a_new_day_begins_in_the_chosen_zone(zone: str, days: list[int]) -> None:
    i18n.use_zone(zone)
    first = [said(1, 1, 0)] if zone == "Asia/Tokyo" else []  # at 19:09 there
    listed = rows(conversation(*first, said(2, 1, 60 * 10), said(3, 1, 60 * 11.5)))  # 23:09 and 00:39 at the portal
    assert [row.day.day for row in listed if isinstance(row, DayBreak)] == days
