"""A run of exports: what is written, what is not, what is told; cut and gone on with, failed and tried again."""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from tests.export.conversation import FILES, TRANSCRIPT, png
from viewer.bitrix import Cancel, Unreachable
from viewer.chat import File, Session, Transcript
from viewer.errors import Cancelled, ViewerError
from viewer.export.options import Options
from viewer.library import journal as journals
from viewer.library.batch import Item, Moved, Outcome, Phase, Plan, State, run
from viewer.library.choices import ALL_KINDS, Choices, Clash

TXT = Choices(formats=("txt",), template="{number} {client}")


class Reader:
    """Conversations at hand; `bad` references fail, `lost` files too."""

    fetches = True

    def __init__(self, bad: tuple[str, ...] = (), lost: tuple[int, ...] = ()) -> None:
        self.bad, self.lost = list(bad), list(lost)
        self.error: ViewerError = ViewerError("Refused.")
        self.read_ones: list[str] = []
        self.fetched: list[int] = []

    def read(
        self, item: Item, told: Callable[[int, int], object], cancel: Cancel, /
    ) -> tuple[Transcript, tuple[str, ...]]:
        self.read_ones.append(item.reference)
        told(1, 2)
        if item.reference in self.bad:
            raise self.error
        return item.held or TRANSCRIPT, ()

    def fetch(self, file: File, chat_id: int, cancel: Cancel, /) -> bytes:
        self.fetched.append(file.id)
        if file.id in self.lost:
            raise ViewerError("Gone.", "For now.")
        return png(8, 8)


def plan(folder: Path, count: int = 3, choices: Choices = TXT) -> Plan:
    items = tuple(Item(str(number), f"Client {number}", number) for number in range(1, count + 1))
    return Plan(items, choices, folder)


def done(plan: Plan, reader: Reader, **more: object) -> list[Outcome]:
    return list(run(plan, reader, cancel=Event(), **more))  # type: ignore[arg-type]


def names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and "home" not in path.parts
    )


def test_every_dialogue_in_every_format(tmp_path: Path) -> None:
    told: list[Moved] = []
    choices = replace(TXT, formats=("txt", "json"), template="{month}/{number} {client}")
    outcomes = done(plan(tmp_path, 2, choices), Reader(), told=told.append)
    assert [each.state for each in outcomes] == [State.WRITTEN] * 2
    assert names(tmp_path) == [f"2026-03/00{n} Анна Вересова.{form}" for n in (1, 2) for form in ("json", "txt")]
    assert outcomes[0].messages == len(TRANSCRIPT.messages)
    assert outcomes[0].size == sum(path.stat().st_size for path in outcomes[0].paths)
    assert [each.phase for each in told if each.item.number == 1][:2] == [Phase.READ, Phase.READ]
    assert {each.form for each in told if each.phase is Phase.WRITE} == {"txt", "json"}


def test_one_failure_stops_no_other_and_is_tried_again_alone(tmp_path: Path) -> None:
    reader = Reader(bad=("2",))
    outcomes = done(plan(tmp_path), reader)
    assert [each.state for each in outcomes] == [State.WRITTEN, State.FAILED, State.WRITTEN]
    reader.bad.clear()
    again = Plan((outcomes[1].item,), TXT, tmp_path)
    assert done(again, reader)[0].paths == (tmp_path / "002 Анна Вересова.txt",)
    assert reader.read_ones == ["1", "2", "3", "2"]


def test_a_portal_out_of_reach_is_asked_once(tmp_path: Path) -> None:
    reader = Reader(bad=("1",))
    reader.error = Unreachable("host")
    outcomes = done(plan(tmp_path), reader)
    assert [each.state for each in outcomes] == [State.FAILED] * 3
    assert reader.read_ones == ["1"]


@pytest.mark.parametrize(
    ("clash", "state", "made"),
    [
        (Clash.ASK, State.EXISTS, ["a.txt"]),
        (Clash.SKIP, State.SKIPPED, ["a.txt"]),
        (Clash.BOTH, State.WRITTEN, ["a (2).txt", "a.txt"]),
        (Clash.REPLACE, State.WRITTEN, ["a.txt"]),
    ],
)
def test_nothing_is_overwritten_unasked(clash: Clash, state: State, made: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine", encoding="utf-8")
    (outcome,) = done(plan(tmp_path, 1, replace(TXT, template="a", clash=clash)), Reader())
    assert outcome.state is state
    assert names(tmp_path) == made
    assert ((tmp_path / "a.txt").read_text(encoding="utf-8") == "mine") == (clash is not Clash.REPLACE)


@pytest.mark.parametrize("clash", list(Clash))
def test_two_dialogues_of_one_name_are_two_files(clash: Clash, tmp_path: Path) -> None:
    outcomes = done(plan(tmp_path, 3, replace(TXT, template="{client}", clash=clash)), Reader())
    assert [each.state for each in outcomes] == [State.WRITTEN] * 3
    assert names(tmp_path) == ["Анна Вересова (2).txt", "Анна Вересова (3).txt", "Анна Вересова.txt"]


def test_an_incomplete_export_says_so_in_its_name_and_gives_way(tmp_path: Path) -> None:
    reader = Reader(lost=(5,))
    choices = replace(TXT, formats=("html", "txt"))
    (outcome,) = done(plan(tmp_path, 1, choices), reader)
    assert outcome.state is State.INCOMPLETE
    assert names(tmp_path) == ["001 Анна Вересова (incomplete).html", "001 Анна Вересова (incomplete).txt"]
    assert outcome.lost == (f"{FILES[5].name}: Gone. For now.",)
    assert outcome.lost[0] in outcome.paths[0].read_text(encoding="utf-8")
    reader.lost.clear()
    again = Plan((replace(outcome.item, former=outcome.paths),), choices, tmp_path)
    assert done(again, reader)[0].state is State.WRITTEN
    assert names(tmp_path) == ["001 Анна Вересова.html", "001 Анна Вересова.txt"]


def test_an_unread_session_makes_it_incomplete_too(tmp_path: Path) -> None:
    held = replace(TRANSCRIPT, unread={300: "Access denied"})
    items = (Item("1", "Anna", held=held),)
    (outcome,) = done(Plan(items, TXT, tmp_path), Reader())
    assert outcome.state is State.INCOMPLETE
    assert outcome.paths[0].name == "001 Анна Вересова (incomplete).txt"


def test_files_are_fetched_once_for_all_formats(tmp_path: Path) -> None:
    reader = Reader()
    (outcome,) = done(plan(tmp_path, 1, replace(TXT, formats=("pdf", "html"))), reader)
    assert outcome.state is State.WRITTEN
    assert sorted(reader.fetched) == sorted(set(reader.fetched))
    assert outcome.files == len(reader.fetched) > 0


def test_all_files_go_along_but_not_the_large_and_the_gone(tmp_path: Path) -> None:
    files = {**FILES, 5: replace(FILES[5], size=50 * 1024 * 1024)}
    held = replace(TRANSCRIPT, files=files)
    reader = Reader()
    choices = replace(TXT, options=Options(files="beside", largest=20))
    (outcome,) = done(Plan((Item("1", "Anna", held=held),), choices, tmp_path), reader)
    assert 5 not in reader.fetched
    assert outcome.state is State.WRITTEN
    text = next(path for path in outcome.paths if path.suffix == ".txt").read_text(encoding="utf-8")
    assert "1 file over 20 MB is only named." in text


def test_a_redacted_run_fetches_nothing_and_names_nobody(tmp_path: Path) -> None:
    reader = Reader()
    choices = replace(TXT, formats=("html",), redacted=True, kinds=ALL_KINDS, options=Options(files="beside"))
    listed = Session(321, client_name="Анна Вересова", operator_name="Павел Кремнёв", line_name="Поддержка")
    item = Item("1", "Анна", session=listed)
    choices = replace(choices, template="{line} {client} {operator}")
    (outcome,) = done(Plan((item,), choices, tmp_path), reader)
    assert reader.fetched == []
    assert outcome.replaced
    assert "Вересова" not in outcome.paths[0].name
    assert outcome.paths[0].name.startswith("Поддержка Client 1")


def test_evidence_of_all_formats_stands_in_one_file(tmp_path: Path) -> None:
    (outcome,) = done(plan(tmp_path, 1, replace(TXT, formats=("txt", "json"), evidence=True)), Reader())
    evidence = json.loads(outcome.paths[-1].read_bytes())
    assert [each["name"] for each in evidence["files"]] == [path.name for path in outcome.paths[:-1]]


def test_stopping_keeps_what_is_whole(tmp_path: Path) -> None:
    cancel = Event()
    work = run(plan(tmp_path), Reader(), cancel=cancel)
    assert next(work).state is State.WRITTEN
    cancel.set()
    with pytest.raises(Cancelled):
        next(work)
    assert names(tmp_path) == ["001 Анна Вересова.txt"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    outcomes = done(plan(tmp_path / "file" / "deeper"), Reader())
    assert {each.state for each in outcomes} == {State.FAILED}
    assert all(each.error is not None and each.error.advice for each in outcomes)


def test_a_fault_of_ours_takes_no_other_along(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    reader = Reader(bad=("1",))
    reader.error = KeyError("secret")  # type: ignore[assignment]
    outcomes = done(plan(tmp_path, 2), reader)
    assert [each.state for each in outcomes] == [State.FAILED, State.WRITTEN]
    assert "secret" not in str(outcomes[0].error)
    caplog.clear()


# --- the journal ---


def test_a_run_that_was_cut_goes_on_where_it_stood(tmp_path: Path) -> None:
    folder, root = tmp_path / "out", tmp_path / "state"
    first = replace(plan(folder), filters="8 weeks · Line: Sales")
    journal = journals.begin(first, "key", root)
    work = run(first, Reader(), cancel=Event(), journal=journal)
    next(work)
    work.close()  # type: ignore[attr-defined]
    with journal.path.open("a", encoding="utf-8") as file:
        file.write('{"begin": "2", "ste')  # the program was killed here

    found = journals.find("key", folder, root)
    assert found is not None
    assert found.rest == 2
    assert (found.plan.choices, found.plan.filters) == (TXT, "8 weeks · Line: Sales")
    reader = Reader()
    outcomes = done(journals.go_on(found), reader, journal=found)
    assert [each.state for each in outcomes] == [State.BEFORE, State.WRITTEN, State.WRITTEN]
    assert reader.read_ones == ["2", "3"]
    assert names(folder) == [f"00{number} Анна Вересова.txt" for number in (1, 2, 3)]
    told = (folder / "003 Анна Вересова.txt").read_text(encoding="utf-8")
    assert "Filters of the list: 8 weeks · Line: Sales" in told
    found.close()
    assert journals.find("key", folder, root) is None


def test_what_was_half_done_is_written_anew_and_what_vanished_too(tmp_path: Path) -> None:
    folder, root = tmp_path / "out", tmp_path / "state"
    journal = journals.begin(plan(folder), "key", root)
    outcomes = done(plan(folder), Reader(), journal=journal)
    journal.done.pop("2")  # its end was not noted, though its file stands there
    outcomes[2].paths[0].unlink()
    again = done(plan(folder), Reader(), journal=journal)
    assert [each.state for each in again] == [State.BEFORE, State.WRITTEN, State.WRITTEN]
    assert len(names(folder)) == 3


@pytest.mark.parametrize("text", ["", "[]", "{}", "\0\xff", '{"schema": "openlines-viewer-run/1", "items": [1, {}]}'])
def test_a_damaged_journal_is_none(text: str, tmp_path: Path) -> None:
    journal = journals.begin(plan(tmp_path / "out"), "key", tmp_path / "state")
    journal.path.write_text(text, encoding="utf-8")
    assert journals.find("key", tmp_path / "out", tmp_path / "state") is None


def test_a_journal_belongs_to_an_account_and_a_folder_and_is_private(tmp_path: Path) -> None:
    journal = journals.begin(plan(tmp_path / "out"), "key", tmp_path / "state")
    assert journals.find("other", tmp_path / "out", tmp_path / "state") is None
    assert journals.find("key", tmp_path / "in", tmp_path / "state") is None
    assert "коробка" not in journal.path.read_text(encoding="utf-8")


def linked(folder: Path) -> Path:
    link = folder.with_name("link")
    try:
        link.symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("links take rights on Windows")
    if not link.is_dir():
        pytest.skip("Wine makes no links")
    return link


SPELLINGS: dict[str, Callable[[Path], Path]] = {
    "with dots": lambda folder: folder / ".." / folder.name,
    "relative": lambda folder: Path(os.path.relpath(folder)),
    "in other letters": lambda folder: Path(str(folder).swapcase()) if sys.platform == "win32" else folder,
    "by a link": linked,
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_another_spelling_of_the_folder_finds_the_same_journal(
    spelling: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, root = tmp_path / "Out", tmp_path / "state"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    spelled = SPELLINGS[spelling](folder)
    journal = journals.begin(plan(spelled), "key", root)
    work = run(plan(spelled), Reader(), cancel=Event(), journal=journal)
    next(work)
    next(work)
    work.close()  # type: ignore[attr-defined]
    journal.path.write_bytes(journal.path.read_bytes().rpartition(b'{"end"')[0])  # that of the second
    found = journals.find("key", folder, root)
    assert found is not None
    assert found.rest == 2
    monkeypatch.chdir("/")
    outcomes = done(journals.go_on(found), Reader(), journal=found)
    assert [each.state for each in outcomes] == [State.BEFORE, State.WRITTEN, State.WRITTEN]
    assert len(names(folder)) == 3, "what was half done is known as ours, and written anew"


def test_the_journal_of_an_earlier_version_is_found_and_gives_way(tmp_path: Path) -> None:
    folder, root = tmp_path / "Out" / ".." / "Out", tmp_path / "state"
    journal = journals.begin(plan(folder), "key", root)
    digest = hashlib.sha256(f"key\n{folder.absolute()}".encode()).hexdigest()
    former = journal.path.rename(root / f"{digest[:24]}.jsonl")
    found = journals.find("key", folder, root)
    assert found is not None
    assert found.path == former
    journals.begin(plan(folder), "key", root).close()
    assert journals.find("key", folder, root) is None


def test_what_follows_a_line_that_was_cut_is_read(tmp_path: Path) -> None:
    folder, root = tmp_path / "out", tmp_path / "state"
    journal = journals.begin(plan(folder), "key", root)
    with journal.path.open("ab") as file:
        file.write('{"begin": "1", "stem": "/x/Ан'.encode()[:-1])  # in the middle of a letter
    next(run(plan(folder), Reader(), cancel=Event(), journal=journal))
    found = journals.find("key", folder, root)
    assert found is not None
    assert found.rest == 2
    assert found.mine(folder / "001 Анна Вересова")


def test_a_disk_that_keeps_no_journal_does_not_stop_the_run(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("", encoding="utf-8")
    journal = journals.begin(plan(tmp_path / "out"), "key", tmp_path / "state")
    assert [each.state for each in done(plan(tmp_path / "out"), Reader(), journal=journal)] == [State.WRITTEN] * 3
