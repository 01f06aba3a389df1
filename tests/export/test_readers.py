"""A conversation for the client, and one without personal data: what was taken away is nowhere in any file."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from viewer.chat import (
    Card,
    Cell,
    Display,
    File,
    FileKind,
    GridBlock,
    Message,
    Person,
    Session,
    Side,
    Transcript,
    Votes,
)
from viewer.export import FORMATS, Export
from viewer.export.personal import Kind, Redaction, Redactor
from viewer.export.readers import for_client, redacted

from .conversation import MESSAGES, PEOPLE, SESSION

CLIENT = Person(5, "Анна Вересова", Side.CLIENT)
OPERATOR = Person(7, "Павел Кремнёв", Side.OPERATOR)
GREEN = Person(9, "Green Guest #17", Side.CLIENT)
WHEN = datetime(2026, 3, 11, 13, 9, tzinfo=UTC)


def redactor(*words: str, kinds: frozenset[Kind] = Redaction().kinds) -> Redactor:
    return Redactor(Redaction(kinds, words), (CLIENT, OPERATOR, GREEN))


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("+7 900 000-12-34, 89000001234; 8 (900) 000-12-34", "[phone 1], [phone 1]; [phone 1]"),
        ("900 000-12-34 or +357 99 000000", "[phone 1] or [phone 2]"),
        ("order 48-1207 of 2026-03-11 13:09, 490 000 roubles, STR-2026-1234", None),
        ("a.b+c@zerno.example, A.B+C@zerno.example", "[e-mail 1], [e-mail 1]"),
        ("почта Иван@пример.рф", "почта [e-mail 1]"),
        ("4111 1111 1111 1111, 4111-1111-1111-1111", "[bank card 1], [bank card 1]"),
        ("4111 1111 1111 1112, 0000 0000 0000 0000", None),
        ("Анна, Анне Вересовой, вересову, спасибо анна", "Client 1, Client 1, Client 1, спасибо Client 1"),
        ("Павлу Кремневу, от Павла", "Operator 1, от Operator 1"),
        ("Вересова Анна", "Client 1"),
        ("Аннулировать, Павлин, Анненков", None),
        ("Green Guest #17 wants green tea", "Client 2 #17 wants green tea"),
    ],
)
def test_what_is_found(source: str, made: str | None) -> None:
    assert redactor().text(source) == (source if made is None else made)


def test_words_of_ones_own_and_what_was_replaced() -> None:
    hidden = redactor("Zerno", "MB-2", kinds=frozenset({Kind.WORDS}))
    assert (
        hidden.text("zerno sells MB-2, not MB-21; +7 900 000-12-34")
        == "[hidden 1] sells [hidden 2], not MB-21; +7 900 000-12-34"
    )
    assert [(each.value, each.pseudonym, each.count) for each in hidden.replaced()] == [
        ("zerno", "[hidden 1]", 1),
        ("MB-2", "[hidden 2]", 1),
    ]


def _told(path: Path) -> str:
    """What a file says; of a workbook, what its parts say."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return path.read_bytes().decode("utf-8", "replace")


SECRETS = ("Вересов", "Кремн", "000-12-34", "0001234", "anna@", "4111", "Химки")


@pytest.fixture
def conversation() -> Transcript:
    card = Card((GridBlock((Cell(Display.ROW, "Телефон", "+7 900 000-12-34", "tel:+79000001234"),)),))
    texts = (
        (5, "Я Анна Вересова, [CALL=+79000001234]звоните[/CALL] 8 (900) [B]000[/B]-12-34"),
        (5, "[URL=mailto:anna@zerno.example]почта[/URL]"),
        (7, "[USER=5 REPLACE]Анна Вересова[/USER], это Павел. Склад Химки, карта 4111 1111 1111 1111"),
        (5, "Ве[I]ресова[/I] благодарит"),
    )
    messages = tuple(
        Message(10 + at, 1763, author, WHEN, text, cards=(card,), author_name="Кремнёв П." if author == 7 else "")
        for at, (author, text) in enumerate(texts)
    )
    messages = tuple(replace(message, raw={"text": message.text}) for message in messages)
    closing = replace(messages[0], id=90, text="Закрыто", votes=Votes(321, 5, 4, "Павел молодец"))
    file = File(3, "Договор Вересова.pdf", FileKind.DOCUMENT, author_id=5, author_name="Анна Вересова")
    file = replace(file, url_show="https://x/?a=anna@x.ru")
    names = {"operator_name": "Павел Кремнёв", "client_name": "Анна Вересова"}
    session = Session(321, 1763, user_code="whatsapp|3|79000001234|5", **names)
    people = {each.id: each for each in (CLIENT, OPERATOR)}
    return Transcript(None, (session,), (*messages, closing), people, {3: file})


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_nothing_of_it_is_in_any_file(conversation: Transcript, form: str, tmp_path: Path) -> None:
    made, replaced = redacted(conversation, Redaction(words=("Химки",)))
    path = tmp_path / f"x.{form}"
    result = FORMATS[form].write(Export(made, host="zerno.example"), path)
    told = "".join(_told(part) for part in result.parts)
    if form == "pdf":
        reader = pypdf.PdfReader(path)
        told = "\n".join(
            [*(page.extract_text() for page in reader.pages), str(reader.metadata), str(reader.xmp_metadata)]
        )
    assert [secret for secret in SECRETS if secret.casefold() in told.casefold()] == []
    assert "Client 1" in told
    assert {each.kind for each in replaced} == set(Kind)


def test_records_hold_nothing_of_it(conversation: Transcript) -> None:
    made, _replaced = redacted(conversation, Redaction(words=("Химки",)))
    told = repr(made)
    assert [secret for secret in SECRETS if secret in told] == []
    assert all(message.raw == {} for message in made.messages)
    assert made.files[3].name == "Договор Client 1.pdf"
    assert made.sessions[0].user_code == "whatsapp|3|0|0"


PIECES = ["[b]", "[/b]", "[url=https://a.example/]", "[/url]", " ", "\n", "[code]", "[/code]", "[user=5]", "[/user]"]
PERSONAL = ["+7 900 000-12-34 ", "Анна ", "Вересова ", "x@y.example ", "ве[i]ресов[/i]ой "]


@settings(deadline=None, max_examples=200, database=None)
@given(st.lists(st.sampled_from(PIECES + PERSONAL), max_size=12).map("".join))
def test_no_markup_hides_it(source: str) -> None:
    message = Message(1, 1, 5, WHEN, source)
    made, _replaced = redacted(Transcript(messages=(message,), people={5: CLIENT}), Redaction())
    text = FORMATS["txt"].text
    assert text is not None
    told = text(Export(made))
    assert "ересов" not in told
    assert "000-12-34" not in told
    assert "x@y.example" not in told


def test_the_client_learns_nothing_internal() -> None:
    transcript = Transcript(sessions=(SESSION,), messages=MESSAGES, people=PEOPLE)
    made = for_client(transcript)
    assert not any(
        message.internal and message.kind.value not in ("session-start", "session-end") for message in made.messages
    )
    assert {session.head_vote for session in made.sessions} == {0}
    assert {session.head_comment for session in made.sessions} == {""}
    assert all(not (message.votes and (message.votes.head or message.votes.comment)) for message in made.messages)
    assert made.sessions[0].client_vote == "like"
    assert set(made.people) < set(PEOPLE)


def test_a_word_that_stands_in_a_pseudonym_ends_the_work() -> None:
    message = Message(1, 1, 5, WHEN, "hidden Анна")
    made, _replaced = redacted(
        Transcript(messages=(message,), people={5: CLIENT}), Redaction(words=("hidden", "Client"))
    )
    assert "Анна" not in made.messages[0].text
