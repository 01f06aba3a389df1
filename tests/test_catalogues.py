"""The translations are complete, and the tool that keeps them does what it says."""

import ast
import gettext
from pathlib import Path

import catalogues
import pytest
from babel.messages import Message

SOURCE = """
from viewer.i18n import N_, _, ngettext, pgettext

GREETING = N_("Hello, {name}")
COUNT = ngettext("{n} chat", "{n} chats", 3 + 2)
KIND = pgettext("a person's", "State")
"""
RUSSIAN: dict[str, str | list[str]] = {
    "Hello, {name}": "Здравствуйте, {name}",
    "{n} chat": ["{n} чат", "{n} чата", "{n} чатов"],
    "a person's\x04State": "Состояние",
}


@pytest.fixture
def house(tmp_path: Path) -> catalogues.Catalogues:
    """A small checkout with a Russian catalogue that is complete."""
    (tmp_path / "viewer").mkdir()
    (tmp_path / "viewer" / "greeting.py").write_text(SOURCE, encoding="utf-8")
    house = catalogues.Catalogues(tmp_path)
    catalogues.write(house.source("ru"), house.read("ru"), "ru")
    assert house.fill("ru", RUSSIAN) == []
    assert house.update() == []
    return house


def add(house: catalogues.Catalogues, line: str) -> None:
    with (house.root / "viewer" / "greeting.py").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def test_nothing_is_untranslated_unused_or_stale() -> None:
    problems = catalogues.Catalogues().problems()
    assert not problems, "\n".join(problems[:40])


def test_a_filled_catalogue_speaks(house: catalogues.Catalogues) -> None:
    assert house.problems() == []
    russian = gettext.translation("viewer", house.folder, ["ru"])
    assert russian.gettext("Hello, {name}") == "Здравствуйте, {name}"
    assert [russian.ngettext("{n} chat", "{n} chats", n) for n in (1, 3, 5, 11, 21, 104)] == [
        "{n} чат", "{n} чата", "{n} чатов", "{n} чатов", "{n} чат", "{n} чата",
    ]  # fmt: skip
    assert russian.pgettext("a person's", "State") == "Состояние"
    english = gettext.translation("viewer", house.folder, ["en"])
    assert [english.ngettext("{n} chat", "{n} chats", n) for n in (1, 2)] == ["{n} chat", "{n} chats"]


def test_updating_twice_changes_no_byte(house: catalogues.Catalogues) -> None:
    before = {file: file.read_bytes() for file in house.folder.rglob("*.*")}
    house.update()
    assert {file: file.read_bytes() for file in house.folder.rglob("*.*")} == before
    assert len(before) == 5


def test_a_new_message_leaves_the_translated_ones_alone(house: catalogues.Catalogues) -> None:
    add(house, 'NEW = N_("New")')
    assert "ru: missing: 'New'" in house.problems()
    house.update()
    assert house.problems() == ["ru: untranslated: 'New'"]
    assert house.missing("ru") == {"New": ""}
    assert house.fill("ru", {"New": "Новое"}) == []
    house.update()
    assert house.problems() == []


def test_a_message_that_left_the_source_is_named_and_dropped(house: catalogues.Catalogues) -> None:
    (house.root / "viewer" / "greeting.py").write_text('A = N_("Hello, {name}")\n', encoding="utf-8")
    assert "ru: unused: '{n} chat'" in house.problems()
    assert len(house.update()) == 2
    assert house.problems() == []


def test_a_plural_waits_as_a_list_of_its_forms(house: catalogues.Catalogues) -> None:
    add(house, 'PAGES = ngettext("{n} page", "{n} pages", 1)')
    assert house.missing("ru") == {"{n} page": ["", "", ""]}


def test_what_does_not_fit_is_not_taken(house: catalogues.Catalogues) -> None:
    refused = house.fill("ru", {"Hello, {name}": "Привет, {nam}", "Bye": "Пока", "{n} chat": ["{n} чат", "{n} чата"]})
    assert [line.partition(":")[0] for line in refused] == ["placeholders differ", "'Bye'", "wrong number of forms"]
    assert "Здравствуйте" in house.source("ru").read_text(encoding="utf-8")


def test_a_catalogue_changed_by_hand_is_stale_until_compiled(house: catalogues.Catalogues) -> None:
    file = house.source("ru")
    file.write_text(file.read_text(encoding="utf-8").replace("Здравствуйте", "Добрый день"), encoding="utf-8")
    assert house.problems() == ["ru: viewer.mo is stale: run `python packaging/dev.py catalogues`"]


def test_the_files_hold_no_date_and_no_line_number(house: catalogues.Catalogues) -> None:
    text = house.source("ru").read_text(encoding="utf-8")
    assert "Date" not in text
    assert "#: viewer/greeting.py\n" in text
    assert "nplurals=3" in text


@pytest.mark.parametrize(
    ("original", "string", "fault"),
    [
        ("Plain", "Просто", ""),
        ("Plain", "", "untranslated: 'Plain'"),
        ("{n} of {total}", "{total}: {n}", ""),
        ("{n:.1f} MB", "{n} МБ", ""),
        ("{n} of {total}", "{n}", "placeholders differ: '{n} of {total}' and '{n}'"),
    ],
)
def test_a_fault_is_named(original: str, string: str, fault: str) -> None:
    assert "; ".join(catalogues.message_faults(Message(original, string), 3)) == fault


def test_one_may_do_without_its_number_in_english_only() -> None:
    message = Message(("One chat", "{n} chats"), ("One chat", "{n} chats"))
    assert list(catalogues.message_faults(message, 2)) == []
    message = Message(("One chat", "{n} chats"), ("Один чат", "{n} чата", "{n} чатов"))
    assert len(list(catalogues.message_faults(message, 3))) == 1


@pytest.mark.parametrize("call", ['_(f"Hello, {name}")', '_("Hello " + name)', '_("Hello, {n}".format(n=1))'])
def test_a_text_put_together_before_its_translation_is_named(house: catalogues.Catalogues, call: str) -> None:
    add(house, f"def greet(name): return {call}")
    assert [line for line in house.problems() if "translate first" in line]


def test_no_message_hides_in_an_f_string() -> None:
    """Babel does not look into f-strings before Python 3.12, so such a message would never be translated."""
    hidden = []
    for path in sorted((catalogues.ROOT / "viewer").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
                names = [each.func.id for each in calls if isinstance(each.func, ast.Name) and _literal(each)]
                hidden += [
                    f"{path.name}:{node.lineno}" for name in names if name in ("_", "ngettext", "pgettext", "N_")
                ]
    assert hidden == []


def _literal(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant)
