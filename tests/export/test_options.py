"""What is left out by choice is gone from every format, which says so."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.export.conversation import CLIENT, EXPORT, MESSAGES, TRANSCRIPT, at, said
from tests.export.page import Page, sheets
from viewer.chat import MessageKind, MessageRow
from viewer.export import FORMATS, Export
from viewer.export.csv import MARK, messages, sessions
from viewer.export.evidence import content_digest
from viewer.export.options import Options
from viewer.export.tables import message_rows

VOTED = said(15, CLIENT, at(0, 7, 12), "Клиент оценил работу", kind=MessageKind.VOTE)
WHOLE = replace(EXPORT, transcript=replace(TRANSCRIPT, messages=(*MESSAGES, VOTED)))
FORMS = ["html", "txt", "md", "json", "xlsx"]


def told(export: Export, form: str, folder: Path) -> str:
    result = FORMATS[form].write(export, folder / f"a.{form}")
    if form == "xlsx":
        return "\n".join(str(value) for rows in sheets(result.path).values() for row in rows for value in row if value)
    text = result.path.read_text(encoding="utf-8")
    return Page(text).text if form == "html" else text.replace("\\_", "_")


@pytest.mark.parametrize("form", FORMS)
def test_without_the_portals_lines(form: str, tmp_path: Path) -> None:
    whole, less = told(WHOLE, form, tmp_path), told(replace(WHOLE, options=Options(system=False)), form, tmp_path)
    assert "передал диалог" in whole
    assert "передал диалог" not in less
    assert "own lines are left out by choice" in less
    assert "Спасибо!" in less


@pytest.mark.parametrize("form", FORMS)
def test_without_ratings(form: str, tmp_path: Path) -> None:
    less = told(replace(WHOLE, options=Options(votes=False)), form, tmp_path)
    assert "Норма 10 минут" not in less
    assert "Клиент оценил работу" not in less
    assert "Ratings and comments on them are left out by choice" in less
    assert "передал диалог" in less


@pytest.mark.parametrize("form", ["html", "txt", "md"])
def test_without_marks_of_response_times(form: str, tmp_path: Path) -> None:
    assert "+12 min" in told(WHOLE, form, tmp_path)
    less = told(replace(WHOLE, options=Options(ruler=False)), form, tmp_path)
    assert "+12 min" not in less
    assert "12 min, 12 min" in less


def test_tables_leave_out_the_same() -> None:
    less = replace(WHOLE, options=Options(system=False, votes=False, ruler=False))
    rows = list(csv.DictReader(io.StringIO("".join(sessions(less)).removeprefix(MARK), newline="")))
    assert [(row["client_vote"], row["head_vote"], row["head_comment"]) for row in rows] == [("", "", "")]
    told = list(csv.DictReader(io.StringIO("".join(messages(less)).removeprefix(MARK), newline="")))
    assert {row["kind"] for row in told} & {"vote", "system", "session_start"} == set()
    assert {row["wait_seconds"] for row in told} == {""}
    assert len(told) == len(less.messages()) == len(list(message_rows(less)))


def test_json_counts_what_it_holds(tmp_path: Path) -> None:
    less = replace(WHOLE, options=Options(votes=False))
    made = json.loads(FORMATS["json"].write(less, tmp_path / "a.json").path.read_text(encoding="utf-8"))
    assert len(made["messages"]) == len(MESSAGES)
    assert all(message["votes"] is None for message in made["messages"])


@pytest.mark.parametrize(("form", "mark"), [("txt", "[3] "), ("md", "\\[3\\]"), ("html", 'class="n" href="#m3"')])
def test_numbers_are_left_out_by_choice(form: str, mark: str, tmp_path: Path) -> None:
    for numbered in (True, False):
        export = replace(EXPORT, options=Options(numbered=numbered))
        content = FORMATS[form].write(export, tmp_path / f"{numbered}.{form}").path.read_text(encoding="utf-8")
        assert (mark in content) is numbered


def test_choices_leave_the_evidence_as_it_was() -> None:
    less = replace(WHOLE, options=Options(votes=False, system=False))
    assert content_digest(less.transcript) == content_digest(WHOLE.transcript)


def test_a_day_of_the_portals_lines_alone_goes_with_them() -> None:
    alone = said(16, 0, at(9, 0, 20), "Служебная строка", kind=MessageKind.SYSTEM)
    less = replace(WHOLE, transcript=replace(TRANSCRIPT, messages=(*MESSAGES, alone)), options=Options(system=False))
    assert not any(getattr(row, "day", None) == alone.date.date() for row in less.rows())
    assert sum(isinstance(row, MessageRow) for row in less.rows()) == sum(
        isinstance(row, MessageRow) for row in WHOLE.rows()
    )


def test_a_rating_told_by_a_message_with_a_file_goes_with_the_portals_lines_too() -> None:
    rated = said(20, 0, at(0, 7, 12), "Оценка 4", kind=MessageKind.VOTE, file_ids=(3,))
    whole = replace(EXPORT, transcript=replace(TRANSCRIPT, messages=(*MESSAGES, rated)))
    assert rated in whole.messages()
    for system in (True, False):
        assert rated not in replace(whole, options=Options(system=system, votes=False)).messages()
