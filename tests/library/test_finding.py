"""Finding: every hit is where the text is, and nothing that a reader sees is missed."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer import i18n
from viewer.chat import (
    Button,
    Card,
    Cell,
    Display,
    File,
    FileKind,
    GridBlock,
    LinkBlock,
    LinkItem,
    Message,
    MessageKind,
    Person,
    Row,
    Session,
    Side,
    Sticker,
    TextBlock,
    Transcript,
    Votes,
    rows,
)
from viewer.library.finding import (
    Found,
    Has,
    Kind,
    Query,
    Said,
    Span,
    WrongPattern,
    authors,
    days,
    find,
    find_in_parts,
    folding,
    matcher,
    read_ahead,
)
from viewer.library.shown import Texts

CLIENT, OPERATOR, BOT = Person(101, "Анна", Side.CLIENT), Person(7, "Павел", Side.OPERATOR), Person(9, "", Side.BOT)
START = datetime(2026, 3, 11, 13, tzinfo=UTC)
FILES = (
    File(1, "чашка.jpg", FileKind.IMAGE), File(2, "Акт замены.pdf", FileKind.DOCUMENT),
    File(3, "voice.ogg", FileKind.VOICE),
)  # fmt: skip
LETTERS = st.text(alphabet="аеёйЁЕЙи\u0306\u0308\u0301ssßSİıﬁÅ가각\u1161\u11a8😀 \u00a0.-", max_size=40)


def python(source: str, case: bool) -> Callable[[str], list[Span]]:
    """Python's own engine; the window brings one that always ends."""
    made = re.compile(source, 0 if case else re.IGNORECASE)
    return lambda text: [found.span() for found in made.finditer(text)]


def message(number: int, author: Person | None, text: str = "", **more: Any) -> Message:
    return Message(number, 1, author.id if author else 0, START + timedelta(hours=10 * number), text, **more)


def talk(*messages: Message) -> tuple[list[Row], Texts]:
    people = {person.id: person for person in (CLIENT, OPERATOR, BOT)}
    transcript = Transcript(
        None, (Session(5, 1, head_comment="Ответ поздний"),), messages, people, {file.id: file for file in FILES}
    )
    return rows(transcript), Texts(transcript, "https://zerno.bitrix24.example", {7: "Павел"})


def found(text: str, query: Query) -> list[str]:
    return [text[start:end] for start, end in matcher(query, python)(text)]


# --- text against text --------------------------------------------------------------------------------------------


def test_as_a_reader_compares() -> None:
    assert found("Ещё ЕЩЕ еще", Query("еще")) == ["Ещё", "ЕЩЕ", "еще"]
    assert found("Ещё ЕЩЕ еще", Query("ещё", case=True)) == ["еще"]
    assert found(unicodedata.normalize("NFD", "чай Ёлка"), Query("елка")) == [unicodedata.normalize("NFD", "Ёлка")]
    assert found("чай", Query(unicodedata.normalize("NFD", "Й"))) == ["й"]
    assert found("чаи", Query("чай")) == []
    assert found("18\u00a0490 ₽", Query("18 490")) == ["18\u00a0490"]
    assert found("Straße", Query("STRASSE")) == ["Straße"]
    assert found("a.b axb", Query("a.b")) == ["a.b"]


def test_whole_words() -> None:
    words = Query("чай", whole_word=True)
    assert found("Чай, чайник; чай.", words) == ["Чай", "чай"]
    assert found("1чай чай2 _чай", words) == []
    assert found("кот котик", Query("ко.", whole_word=True, regex=True)) == ["кот"]


def test_expressions() -> None:
    assert found("Ещё 48-1207", Query(r"еще \d+-\d+", regex=True)) == ["Ещё 48-1207"]
    assert found("Aa", Query("a", regex=True, case=True)) == ["a"]
    assert found("a b", Query(r"\S", regex=True)) == ["a", "b"]


@given(LETTERS, st.text(alphabet="аеёЁйи\u0306\u0308sßSi가\u1161😀 .", min_size=1, max_size=3))
def test_every_hit_is_where_the_text_is(text: str, sought: str) -> None:
    needle = folding(sought).text
    spans = matcher(Query(sought), python)(text)
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert needle in folding(text[start:end]).text
    assert bool(spans) == (needle in folding(text).text)
    assert spans == sorted(set(spans))


@given(LETTERS)
def test_folding_keeps_every_place(text: str) -> None:
    folded = folding(text)
    whole = "".join(text[start:end] for start, end in sorted(set(folded.places or []))) if folded.places else text
    assert whole == text
    assert folding(unicodedata.normalize("NFD", text)).text == folding(unicodedata.normalize("NFC", text)).text


# --- in a conversation --------------------------------------------------------------------------------------------


def test_all_that_is_shown_is_found() -> None:
    card = Card(
        blocks=(
            TextBlock("[b]Заказ[/b] оформлен"), LinkBlock((LinkItem("Счёт", "https://a.example/", "оплатить"),)),
            GridBlock((Cell(name="Склад", value="Химки", display=Display.LINE),)),
        )
    )  # fmt: skip
    listed, texts = talk(
        message(1, CLIENT, "Где [b]до[/b]ставка?\n>>цитата\n[code]код = 1[/code]", file_ids=(1, 2, 3)),
        message(2, OPERATOR, "[user=7]Павел[/user] [url=https://hidden.example]здесь[/url]", reply_to=1),
        message(3, OPERATOR, "", cards=(card,)),
        message(4, BOT, "Выбор", buttons=(Button("Обмен"), Button("Возврат"))),
        message(5, CLIENT, sticker=Sticker(name="лисёнок")),
        message(6, None, "Сессия передана", kind=MessageKind.SYSTEM),
        message(7, CLIENT, kind=MessageKind.UNKNOWN, problem="Опрос не читается"),
        message(8, CLIENT, "удалено", deleted=True),
        message(9, None, "", kind=MessageKind.SESSION_END, session_id=5, votes=Votes(5)),
    )

    def where(text: str) -> list[int]:
        return [each.message_id for each in find(listed, Query(text), texts, python)]

    assert where("доставка") == [1, 2], "markup does not part a word; the answer quotes it"
    assert where("цитата") == [1]
    named = ("код = 1", "чашка", "акт замены", "voice message", "voice.ogg")
    assert [where(text) for text in named] == [[1, 2], [1], [1], [1], []]
    assert [where(text) for text in ("@павел", "здесь", "hidden.example")] == [[2], [2], []]
    assert [where(text) for text in ("заказ оформлен", "счет", "оплатить", "склад", "химки")] == [[3]] * 5
    assert [where(text) for text in ("возврат", "лисенок", "передана", "опрос", "поздний")] == [[4], [5], [6], [7], [9]]
    assert where("удалено") == []


def test_places_are_told_by_text_and_character() -> None:
    listed, texts = talk(message(1, CLIENT, "чай и ЧАЙ\n>>чай"))
    assert find(listed, Query("чай"), texts, python) == [
        Found(1, 2, (((0, 3), (6, 9)), ((0, 3),)), 3)
    ]  # fmt: skip


def test_filters() -> None:
    listed, texts = talk(
        message(1, CLIENT, "https://a.example"), message(2, OPERATOR, "чай", file_ids=(2,)),
        message(3, BOT, "чай"), message(4, OPERATOR, "чай", kind=MessageKind.AUTOMATIC),
        message(5, OPERATOR, "чай", kind=MessageKind.NOTE), message(6, CLIENT, "чай", file_ids=(1,)),
        message(7, None, "чай", kind=MessageKind.SYSTEM),
    )  # fmt: skip

    def where(**given: Any) -> list[int]:
        return [each.message_id for each in find(listed, Query(**given), texts, python)]

    assert where(text="чай", authors=frozenset({7})) == [2, 4, 5]
    assert where(has=frozenset({Has.FILE, Has.LINK})) == [1, 2]
    assert where(text="чай", has=frozenset({Has.PICTURE})) == [6]
    assert [where(text="чай", kinds=frozenset({kind})) for kind in Kind] == [[6], [2], [3], [4], [5], [7]]
    assert where(kinds=frozenset({Kind.CLIENT}), has=frozenset({Has.LINK}), text="") == [1]
    assert where() == []
    assert authors(listed) == {101: "Анна", 7: "Павел", 9: "Person #9"}
    assert list(days(listed).items())[:2] == [(date(2026, 3, 11), (1, 1)), (date(2026, 3, 12), (2, 2))]


def test_a_reader_s_own_reading_is_what_is_searched() -> None:
    source = message(1, CLIENT, "[b]чай[/b]")
    transcript = Transcript(None, (), (source,), {101: CLIENT})
    typed = Texts(transcript, readings={1: "typed"})
    assert "[b]" in typed(source).texts[0]
    as_meant = Texts(transcript)
    assert as_meant(source).texts == ("чай",)
    typed.follow(as_meant)
    assert "[b]" in typed(source).texts[0], "what was read otherwise is not taken over"
    again = Texts(transcript)
    again.follow(as_meant)
    assert again(source) is as_meant(source)


def test_parts_come_one_by_one() -> None:
    said = Said(("чай",))
    listed, _texts = talk(*(message(number, CLIENT, "x") for number in range(1, 1201)))
    asked: list[int] = []

    def text_of(each: Message) -> Said:
        asked.append(each.id)
        return said

    parts = find_in_parts(listed, Query("чай"), text_of, python)
    assert len(next(parts)) == 500
    assert len(asked) == 500, "nobody reads ahead of who may stop"
    assert sum(map(len, parts)) == 700
    assert len(list(read_ahead(listed, text_of))) == 2


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_wrong_pattern_is_an_error_of_the_house(language: str) -> None:
    i18n.use(language)

    def engine(_source: str, _case: bool) -> Callable[[str], list[Span]]:
        raise WrongPattern("no", "why", 3)

    listed, texts = talk(message(1, CLIENT, "чай"))
    with pytest.raises(WrongPattern) as told:
        find(listed, Query("(", regex=True), texts, engine)
    assert (str(told.value), told.value.at) == ("no why", 3)
