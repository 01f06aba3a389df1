"""The course of a session: places on one line, long silences cut short, waits from question to answer."""

from datetime import UTC, datetime, timedelta

from viewer.chat import PAUSE, DayBreak, Message, MessageRow, Person, Side, course

START = datetime(2026, 3, 11, 13, 0, tzinfo=UTC)
CLIENT, OPERATOR = Person(1, "Anna", Side.CLIENT), Person(2, "Paul", Side.OPERATOR)


def row(number: int, author: Person, minutes: float, asked: int = 0) -> MessageRow:
    message = Message(number, 1, author.id, START + timedelta(minutes=minutes), "text")
    return MessageRow(message, author, waited=timedelta(minutes=5) if asked else None, asked=asked)


def test_messages_stand_where_their_time_is() -> None:
    ran = course([DayBreak(START.date()), row(1, CLIENT, 0), row(2, OPERATOR, 10, asked=1), row(3, CLIENT, 40)])
    assert [moment.at for moment in ran.moments] == [0.0, 0.25, 1.0]
    assert [moment.began for moment in ran.moments] == [None, 0.0, None]
    assert (ran.start, ran.end) == (START, START + timedelta(minutes=40))
    assert ran.pauses == ()


def test_a_long_silence_takes_no_more_room_than_an_hour() -> None:
    ran = course([row(1, CLIENT, 0), row(2, OPERATOR, 60 * 24 * 3), row(3, CLIENT, 60 * 24 * 3 + 60)])
    assert timedelta(hours=1) == PAUSE
    assert [moment.at for moment in ran.moments] == [0.0, 0.5, 1.0]
    assert ran.pauses == (0.25,)


def test_nothing_and_one_message_and_all_at_once() -> None:
    assert course([]).moments == ()
    assert course([]).start is None
    assert [moment.at for moment in course([row(1, CLIENT, 0)]).moments] == [0.0]
    assert [moment.at for moment in course([row(1, CLIENT, 0), row(2, CLIENT, 0)]).moments] == [0.0, 0.0]


def test_a_clock_that_went_back_takes_no_room() -> None:
    ran = course([row(1, CLIENT, 10), row(2, CLIENT, 5), row(3, CLIENT, 15)])
    assert [moment.at for moment in ran.moments] == [0.0, 0.0, 1.0]
