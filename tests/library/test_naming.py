"""Names of exports: templates, what a client's name cannot do to them, lengths, fields in two languages."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.export.conversation import TRANSCRIPT
from viewer import i18n
from viewer.chat import Session, Transcript
from viewer.library.naming import (
    DEFAULT,
    LONGEST,
    Facts,
    TemplateError,
    check_template,
    facts_of,
    free_stem,
    parts_of,
    places,
    plain_template,
    shown_template,
    stem_in,
)

FACTS = Facts(date(2026, 3, 11), "Поддержка", "Telegram", "Анна Вересова", "Павел Кремнёв", 321, 154, 2)


@pytest.mark.parametrize(
    ("template", "parts"),
    [
        (DEFAULT, ("2026-03-11_Поддержка_Анна Вересова_321",)),
        ("{line}/{month}/{number} {client}", ("Поддержка", "2026-03", "002 Анна Вересова")),
        ("{year}\\{channel}\\chat{chat} {operator}", ("2026", "Telegram", "chat154 Павел Кремнёв")),
        ("Акт", ("Акт",)),
        ("a//b", ("a", "b")),
    ],
)
def test_a_template_gives_folders_and_a_name(template: str, parts: tuple[str, ...]) -> None:
    assert parts_of(template, FACTS) == parts


def test_what_is_not_known_leaves_no_gap() -> None:
    assert parts_of(DEFAULT, Facts(client="Анна")) == ("Анна",)
    assert parts_of("{line}/{date}_{client}_{session}", Facts(session=7)) == ("7",)
    assert parts_of(DEFAULT, Facts()) == ("Conversation",)


@pytest.mark.parametrize(
    "client", ["../../etc/passwd", "C:\\Windows", "a/b", "..", "CON", "x" * 500, "\u202egpj.exe\0"]
)
def test_a_client_makes_no_folder(client: str) -> None:
    parts = parts_of("in/{client}", Facts(client=client))
    assert len(parts) == 2
    assert not set('/\\:*?"<>|\0\u202e') & set("".join(parts))
    assert parts[1].casefold() not in ("con", "..", ".")
    assert len(parts[1]) <= 120


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_name_stays_in_its_folder(client: str, line: str) -> None:
    parts = parts_of("{line}/{client}_{line}", Facts(client=client, line=line))
    assert 1 <= len(parts) <= 2
    for part in parts:
        assert part.strip(" .") == part
        assert part
        assert not set("/\\\0") & set(part)


@pytest.mark.parametrize("template", ["{nothing}", "{date", "date}", "", "a/", "{line}/ ", "a/b/c/d/e/f"])
def test_a_template_that_is_none_is_told(template: str) -> None:
    with pytest.raises(TemplateError):
        check_template(template)


def test_fields_may_be_typed_in_the_users_language() -> None:
    i18n.use("ru")
    shown = shown_template(DEFAULT)
    assert shown == "{дата}_{линия}_{клиент}_{сессия}"
    assert plain_template(shown) == DEFAULT
    assert parts_of(shown, FACTS) == parts_of(DEFAULT, FACTS)
    assert plain_template("{Line}") == "{line}"


def test_facts_come_from_the_conversation_and_then_from_the_list() -> None:
    known = facts_of(TRANSCRIPT, 3, Session(321, line_name="Поддержка", client_name="Кто-то"))
    assert (known.line, known.client, known.session, known.number) == ("Поддержка", "Анна Вересова", 321, 3)
    assert known.day == date(2026, 3, 11)
    assert facts_of(Transcript()) == Facts()


def test_a_path_is_never_longer_than_windows_takes() -> None:
    folder = Path("/", *["folder" * 5] * 6)
    stem = stem_in(folder, ("x" * 120,))
    assert len(str(stem)) <= LONGEST
    assert stem.parent == folder
    assert stem_in(Path("/out"), ("a", "b")) == Path("/out/a/b")


def test_the_places_of_a_stem(tmp_path: Path) -> None:
    made = [place.name for place in places(tmp_path / "v1.2", ["pdf", "csv"], evidence=True)]
    assert made == ["v1.2.pdf", "v1.2 messages.csv", "v1.2 sessions.csv", "v1.2.evidence.json"]
    free = free_stem(tmp_path / "a", lambda stem: stem.name in ("a", "a (2)"))
    assert free == tmp_path / "a (3)"
