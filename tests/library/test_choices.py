"""Choices of an export as they are kept, the history, and what is known before."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import pytest

from tests.export.conversation import FILES, TRANSCRIPT
from viewer.chat import Session
from viewer.export.options import Options
from viewer.export.personal import Kind
from viewer.library.batch import Item, Outcome, Plan, State
from viewer.library.choices import ALL_KINDS, PRESETS, Choices, Clash
from viewer.library.history import KEPT, History, entry_of
from viewer.library.naming import DEFAULT
from viewer.library.outlook import named, outlook, replaced
from viewer.library.scopes import chat_item, list_items, selected, selected_item

FULL = Choices(
    formats=("json", "pdf"), options=Options("letter", "wide", "large", False, "beside", 7, False, False, False, False),
    internal=False, pictures=False, kinds=("phones",), words=("Зерно",), redacted=True, evidence=True,
    template="{line}/{client}", clash=Clash.BOTH,
)  # fmt: skip
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize("choices", [FULL, Choices(), *PRESETS.values()])
def test_choices_come_back_as_they_were(choices: Choices) -> None:
    assert Choices.of_plain(choices.plain()) == choices


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"formats": "pdf", "options": [], "kinds": 3, "template": "{x", "clash": None, "internal": "yes"},
        {"formats": ["exe"], "options": {"paper": "a0", "largest": -1, "archival": 1}, "template": "x" * 900},
    ],
)
def test_what_is_damaged_is_as_it_comes_at_first(told: dict[str, Any]) -> None:
    assert Choices.of_plain(told) == Choices()


def test_a_redaction_needs_something_to_replace() -> None:
    assert replace(Choices(), redacted=True).redaction is None
    made = FULL.redaction
    assert made is not None
    assert (set(made.kinds), list(made.words)) == ({Kind.PHONES}, ["Зерно"])
    assert replace(FULL, redacted=False).redaction is None


def test_the_history_remembers_and_forgets(tmp_path: Path) -> None:
    history = History(tmp_path / "exports.json")
    plan = Plan((Item("321", "Анна Вересова"),), replace(Choices(), template=DEFAULT), tmp_path)
    outcome = Outcome(plan.items[0], State.WRITTEN, (tmp_path / "a.pdf",), messages=19, size=1000)
    history.add(entry_of(plan, "session", "key", [outcome], NOW))
    (entry,) = History(tmp_path / "exports.json").entries()
    assert (entry.names, entry.references, entry.messages, entry.when) == (("a.pdf",), ("321",), 19, NOW)
    assert entry.items() == (Item("321", "321"),)
    assert "коробка" not in (tmp_path / "exports.json").read_text(encoding="utf-8")
    for _number in range(KEPT + 5):
        history.add(entry)
    assert len(history.entries()) == KEPT
    history.clear()
    assert history.entries() == []


def test_a_redacted_export_is_remembered_without_the_name(tmp_path: Path) -> None:
    choices = replace(Choices(), redacted=True, kinds=ALL_KINDS)
    plan = Plan((Item("321", "Анна Вересова"),), choices, tmp_path)
    outcome = Outcome(plan.items[0], State.WRITTEN, (tmp_path / "Client 1.pdf",))
    assert entry_of(plan, "session", "key", [outcome], NOW).title == "Client 1"


@pytest.mark.parametrize("text", ["", "{}", '[1, {"when": "x"}, null]', "\0"])
def test_a_damaged_history_is_empty(text: str, tmp_path: Path) -> None:
    (tmp_path / "exports.json").write_text(text, encoding="utf-8")
    assert History(tmp_path / "exports.json").entries() == []


def test_two_windows_remember_both_and_what_cannot_be_read_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "exports.json"
    plan = Plan((Item("321", "Анна"),), Choices(), tmp_path)
    made = [entry_of(plan, "session", key, [], NOW) for key in ("one", "two", "three")]
    one, other = History(path, patience=0), History(path)
    one.add(made[0])
    other.add(made[1])

    def held(_place: Path) -> bytes:
        raise PermissionError(13, "held by another program")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", held)
        one.add(made[2])
        assert [each.account for each in one.entries()] == ["three"]
    assert [each.account for each in one.entries()] == ["three", "two", "one"]
    one.add(made[0])
    assert [each.account for each in History(path).entries()] == ["one", "three", "two", "one"]
    other.clear()
    assert History(path).entries() == []
    assert all("321" not in each.read_text(encoding="utf-8") for each in tmp_path.iterdir() if each.is_file())


# --- before it is made ---


def test_what_is_known_before() -> None:
    item = Item("321", "Anna", held=TRANSCRIPT)
    told = outlook([item], Choices(), has=lambda number: number == 2)
    assert told.messages == len(TRANSCRIPT.messages)
    assert told.exact
    assert told.first == TRANSCRIPT.messages[0].date.date()
    assert told.here == 1
    assert told.to_fetch == told.files - 1
    assert told.pages >= 1
    large = replace(TRANSCRIPT, files={**FILES, 5: replace(FILES[5], missing=True)})
    assert outlook([Item("321", "Anna", held=large)], replace(Choices(), options=Options(files="beside"))).gone == 2
    assert outlook([item], replace(Choices(), redacted=True, kinds=ALL_KINDS)).files == 0


def test_what_a_list_tells_is_not_exact() -> None:
    sessions = [Session(number, opened=NOW, message_count=10) for number in (1, 2)]
    told = outlook(list_items(sessions, str), Choices())
    assert (told.dialogues, told.messages, told.sessions, told.exact) == (2, 20, 2, False)
    whole = outlook([chat_item(TRANSCRIPT, None, "321")], Choices(), sessions)
    assert whole.messages == len(TRANSCRIPT.messages) + 20


def test_the_name_is_told_before_and_tells_nobody_who_is_redacted() -> None:
    hidden = replace(Choices(), redacted=True, kinds=ALL_KINDS, template="{line}/{client} {operator} {session}")
    listed = Session(7, client_name="Анна Вересова", operator_name="Павел", line_name="Чат")
    assert named(Item("7", "Anna", session=listed), Choices(template="{client}")) == PurePath("Анна Вересова")
    assert named(Item("7", "Anna", session=listed), hidden) == PurePath("Чат/Client 1 Operator 1 7")
    assert "Вересова" not in str(named(Item("321", "Anna", held=TRANSCRIPT), hidden))


def test_what_is_replaced_is_counted() -> None:
    redaction = replace(Choices(), redacted=True, kinds=ALL_KINDS).redaction
    assert redaction is not None
    assert {each.kind for each in replaced(TRANSCRIPT, redaction, internal=True)} >= {Kind.NAMES}


def test_selected_messages_say_that_they_are_not_all() -> None:
    numbers = {message.id for message in TRANSCRIPT.messages[2:5]}
    part = selected(TRANSCRIPT, numbers)
    assert {message.id for message in part.messages} == numbers
    item = selected_item(TRANSCRIPT, numbers, "321")
    assert item.notes == (f"Only selected messages: 3 of {len(TRANSCRIPT.messages)}.",)


def test_a_removed_portal_leaves_no_export_in_the_history(tmp_path: Path) -> None:
    path = tmp_path / "exports.json"
    history = History(path)
    for account in ("zerno.example#17", "other.example#1"):
        plan = Plan((), Choices(), tmp_path)
        history.add(entry_of(plan, "session", account, [], datetime(2026, 11, 27, tzinfo=UTC)))
    History(path).forget("zerno.example#17")
    assert [entry.account for entry in History(path).entries()] == ["other.example#1"]
    assert "zerno" not in path.with_name("exports.json.last").read_text(encoding="utf-8")
