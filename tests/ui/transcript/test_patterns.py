"""Expressions: Qt's engine behind the core's contract, and no expression that hangs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer import i18n
from viewer.library.finding import Query, WrongPattern, matcher
from viewer.ui.transcript.patterns import expression, units


def test_letters_lines_and_case() -> None:
    assert expression(r"\w+", case=False)("привет, мир") == [(0, 6), (8, 11)]
    assert expression("^б", case=False)("а\nБ") == [(2, 3)]
    assert expression("б", case=True)("Бб") == [(1, 2)]


def test_places_are_characters_however_many_units_they_have() -> None:
    text = "😀 чай 🙏 чай"
    assert [text[start:end] for start, end in expression("чай", case=True)(text)] == ["чай", "чай"]
    assert units(text, (2, 5)) == (3, 6)
    assert units(text, (8, 11)) == (10, 13)


@given(st.text(max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_units_are_those_of_utf_16(text: str, first: int, second: int) -> None:
    start, end = sorted((min(first, len(text)), min(second, len(text))))
    encoded = text.encode("utf-16-le", "surrogatepass")
    one, other = units(text, (start, end))
    assert encoded[2 * one : 2 * other].decode("utf-16-le", "surrogatepass") == text[start:end]


@pytest.mark.parametrize("source", ["(a+)+$", "(a|aa)+$", "(a|a?)+$", r"^(\w+\s?)*$", r"^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_an_expression_that_would_never_end_is_told(source: str) -> None:
    with pytest.raises(WrongPattern, match="takes too long"):
        matcher(Query(source, regex=True), expression)("a" * 60 + "!")


@pytest.mark.parametrize(
    ("source", "at", "why"),
    [
        ("(а|", 3, "Не хватает закрывающей скобки."), ("а)", 1, "У закрывающей скобки нет открывающей."),
        ("[а", 2, "Не закрыта квадратная скобка."), ("*", 1, "Перед знаком повтора нечего повторять."),
        ("a{2,1}", 6, "Меньшее число должно стоять первым."), ("[я-а]", 3, "Начало диапазона идёт после его конца."),
        ("a\\", 2, "После обратной косой черты ничего нет."), (r"(а)\2", 5, "Упомянута группа, которой нет."),
        ("(?<=а+)б", 0, "Длина того, что ищется позади, должна быть известна."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(source: str, at: int, why: str) -> None:
    i18n.use("ru")
    with pytest.raises(WrongPattern) as told:
        expression(source, case=False)
    assert told.value.detail == why
    assert told.value.title == f"Ошибка в регулярном выражении, знак {told.value.at + 1}."
    assert abs(told.value.at - at) <= 1
