"""The list of dialogues: grouped by chat, filtered, merged."""

from datetime import UTC, datetime

from viewer.chat import Filter, Person, Rating, Session, Side, connector_name, filtered, grouped, merged


def session(number: int, chat: int = 0, day: int = 1, **more: object) -> Session:
    return Session(number, chat, opened=datetime(2026, 3, day, tzinfo=UTC), **more)  # type: ignore[arg-type]


def test_sessions_of_a_chat_stand_together_newest_first() -> None:
    entries = grouped([session(1, 10, 1), session(2, 20, 5), session(3, 10, 9)])
    assert [[each.id for each in entry.sessions] for entry in entries] == [[3, 1], [2]]


def test_without_a_chat_the_user_code_joins_and_else_each_stands_alone() -> None:
    entries = grouped([session(1, user_code="a|1|2|3"), session(2, user_code="a|1|2|3"), session(3), session(4)])
    assert sorted(len(entry.sessions) for entry in entries) == [1, 1, 2]


def test_a_session_that_tells_both_joins_chat_and_user_code() -> None:
    code = "a|1|2|3"
    (entry,) = grouped([session(1, user_code=code), session(2, 10, 5, user_code=code), session(3, 10, 7)])
    assert [each.id for each in entry.sessions] == [3, 2, 1]
    assert entry.key == ("chat", 10)


def test_a_session_of_unknown_time_stands_last() -> None:
    assert [entry.newest.id for entry in grouped([Session(1, 1), session(2, 2)])] == [2, 1]


def test_filter_by_words_in_any_field() -> None:
    sessions = [
        session(1, 5, client_name="Семён Лаптёв", line_name="Опт"),
        session(2, 6, client_name="James Whitlock", operator_name="H. Brandt"),
    ]
    assert [each.id for each in filtered(sessions, Filter(text="семен опт"))] == [1]
    assert [each.id for each in filtered(sessions, Filter(text="BRANDT"))] == [2]
    assert [each.id for each in filtered(sessions, Filter(text="chat6"))] == [2]
    assert filtered(sessions, Filter(text="nobody")) == []


def test_filter_by_choice() -> None:
    sessions = [session(1, head_vote=4, line_name="A"), session(2, line_name="B", operator_name="O")]
    assert [each.id for each in filtered(sessions, Filter(unrated=True))] == [2]
    assert [each.id for each in filtered(sessions, Filter(line="A"))] == [1]
    assert [each.id for each in filtered(sessions, Filter(operator="O"))] == [2]
    assert not Filter().narrows
    assert Filter(text=" x").narrows


def test_a_session_listed_again_is_replaced() -> None:
    assert merged([session(1)], [session(1, head_vote=5), session(2)]) == [session(1, head_vote=5), session(2)]
    known = [session(1, head_vote=4, head_comment="x")]
    assert merged(known, [session(1, line_name="A")])[0].rating == Rating(4, "x"), "not every source tells the rating"
    assert merged(known, [session(1, head_vote=2)])[0].rating == Rating(2)


def test_channels_have_names() -> None:
    assert connector_name("telegrambot") == "Telegram"
    assert connector_name("WHATSAPPBYEDNA") == "WhatsApp"
    assert connector_name("some_new_channel") == "some_new_channel"


def test_initials() -> None:
    names = {"Анна Вересова": "АВ", "Анна": "А", "Client #8841": "C8", "": "?", "H. Brandt": "HB", "👋 Ann": "A"}
    assert {name: Person(1, name, Side.CLIENT).initials for name in names} == names
