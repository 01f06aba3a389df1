"""The tables: what a row holds, CSV and XLSX read back, and texts that would be formulas."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from openpyxl import load_workbook

from tests.export.conversation import CLIENT, EXPORT, FILES, OPERATOR, TRANSCRIPT, at, said, speaking
from tests.export.page import sheets
from viewer import i18n
from viewer.chat import CrmLink, Message, MessageKind, Session, Votes
from viewer.errors import Cancelled
from viewer.export import FORMATS, Export, ExportError, xlsx
from viewer.export.csv import MARK, messages, sessions
from viewer.export.tables import MESSAGES, SESSIONS, message_rows, session_rows, sessions_of

FORMULAS = ("=1+1", "+7 900 000-12-34", "-5", "@SUM(A1)", "\t=1", "'quoted'", "＝1+1", '=HYPERLINK("http://e.example")')
START, END = MessageKind.SESSION_START, MessageKind.SESSION_END


@pytest.fixture
def russian() -> Iterator[None]:
    i18n.use("ru")
    yield
    i18n.use("en")


def rows(export: Export, separator: str = ",") -> list[dict[str, str]]:
    return read("".join(messages(export)), separator)


def read(told: str, separator: str = ",") -> list[dict[str, str]]:
    assert told.startswith(MARK)
    return list(csv.DictReader(io.StringIO(told.removeprefix(MARK), newline=""), delimiter=separator))


def named(export: Export) -> list[dict[str, object]]:
    names = [column.name for column in MESSAGES]
    return [dict(zip(names, row, strict=True)) for row in message_rows(export)]


# --- rows -----------------------------------------------------------------------------------------------------------


def test_a_row_for_each_message() -> None:
    made = named(EXPORT)
    assert [row["id"] for row in made] == list(range(1, 15))
    assert [row["number"] for row in made] == [None, *range(1, 11), None, 11, None]
    assert {row["session"] for row in made} == {321}
    fourth = made[4]
    assert fourth["date"] == at(13, 22)
    assert fourth["author"] == "Павел Кремнёв"
    assert (fourth["side"], fourth["kind"], fourth["internal"]) == ("operator", "text", False)
    assert (fourth["edited"], fourth["reply_to"], fourth["wait_seconds"]) == (True, 3, 720)
    assert made[2]["files"] == "photo_1.png (picture, 117 KB)\nphoto_2.png (picture, 88 KB)"
    assert made[2]["reactions"] == "👍 Павел Кремнёв"
    assert made[3]["buttons"] == "Обмен\nВозврат"
    assert "Склад: Химки" in str(made[5]["cards"])
    assert made[9]["delivery"] == "failed"
    assert made[10]["deleted"] is True
    assert "no longer holds" in str(made[10]["note"])
    assert made[11]["text"] == "Павел передал диалог"


def test_a_row_for_each_session() -> None:
    names = [column.name for column in SESSIONS]
    dialog = replace(TRANSCRIPT.dialog, crm=(CrmLink("deal", 12),)) if TRANSCRIPT.dialog else None
    transcript = replace(TRANSCRIPT, dialog=dialog)
    (made,) = (dict(zip(names, row, strict=True)) for row in session_rows(replace(EXPORT, transcript=transcript)))
    assert made["session"] == 321
    assert (made["channel"], made["client"], made["operator"]) == ("Telegram", "Анна Вересова", "Павел Кремнёв")
    assert (made["opened"], made["closed"], made["close_reason"]) == (at(13, 9), at(13, 48), "operator")
    assert (made["client_vote"], made["head_vote"], made["head_comment"]) == ("like", 4, "Норма 10 минут.")
    assert (made["messages"], made["by_client"], made["by_operators"], made["by_bots"]) == (14, 4, 4, 1)
    assert (made["first_reply_seconds"], made["longest_wait_seconds"]) == (720, 720)
    assert made["crm"] == "deal 12 https://zerno.bitrix24.example/crm/deal/details/12/"


def test_messages_stand_in_their_sessions() -> None:
    told = (
        said(1, CLIENT, at(9, 0), "before"),
        said(2, 0, at(9, 1), "", kind=START, session_id=320),
        said(3, OPERATOR, at(9, 2), "a"),
        said(4, 0, at(9, 3), "", kind=END, session_id=320, votes=Votes(320, 1, 2, "slow")),
        said(5, CLIENT, at(9, 4), "after"),
        said(6, 0, at(9, 5), "", kind=START, session_id=321),
        said(7, CLIENT, at(9, 6), "b"),
    )
    transcript = replace(TRANSCRIPT, messages=told)
    assert list(sessions_of(transcript).values()) == [0, 320, 320, 320, 320, 321, 321]
    made = list(session_rows(replace(EXPORT, transcript=transcript)))
    names = [column.name for column in SESSIONS]
    assert [row[0] for row in made] == [None, 320, 321]
    second = dict(zip(names, made[1], strict=True))
    assert (second["client_vote"], second["head_vote"], second["head_comment"]) == ("dislike", 2, "slow")
    assert sum(int(str(row[names.index("messages")])) for row in made) == len(told)
    ended = replace(TRANSCRIPT, sessions=(), messages=told[2:4])
    assert set(sessions_of(ended).values()) == {320}


def test_a_session_without_messages_and_messages_without_a_session() -> None:
    names = [column.name for column in SESSIONS]
    empty = list(session_rows(replace(EXPORT, transcript=replace(TRANSCRIPT, messages=()))))
    assert empty[0][names.index("messages")] == 0
    alone = replace(TRANSCRIPT, sessions=(), messages=(said(1, CLIENT, at(9, 0), "x"),))
    assert [row[0] for row in session_rows(replace(EXPORT, transcript=alone))] == [None]
    assert list(session_rows(Export(replace(alone, messages=())))) == []


def test_without_internal_messages(tmp_path: Path) -> None:
    (note,) = FORMATS["csv"].write(replace(EXPORT, internal=False), tmp_path / "a.csv").notes
    assert "left out by choice" in note
    made = named(replace(EXPORT, internal=False))
    assert [row["id"] for row in made] == [2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14]


# --- CSV ------------------------------------------------------------------------------------------------------------


def test_csv_is_two_files_that_a_spreadsheet_opens(tmp_path: Path) -> None:
    result = FORMATS["csv"].write(EXPORT, tmp_path / "a.csv")
    assert [path.name for path in result.parts] == ["a messages.csv", "a sessions.csv"]
    assert FORMATS["csv"].places(tmp_path / "a.csv") == result.parts
    assert result.parts[0].read_bytes().startswith(b"\xef\xbb\xbf")
    made = read(result.parts[0].read_bytes().decode())
    assert len(made) == 14
    assert list(made[0]) == [column.name for column in MESSAGES]
    assert made[4]["date"] == "2026-03-11T13:22:00+03:00"
    assert made[7]["text"] == "Передали:\ntrack: STR-44\nstate:  ok"
    assert result.notes == ()
    (session,) = read(result.parts[1].read_bytes().decode())
    assert session["head_vote"] == "4"


@pytest.mark.parametrize("formula", FORMULAS)
def test_csv_holds_no_formula_and_loses_no_text(formula: str) -> None:
    message = replace(TRANSCRIPT.messages[2], text=f"[CODE]{formula}[/CODE]" if formula[0].isspace() else formula)
    person = replace(TRANSCRIPT.people[CLIENT], name=formula)
    file = replace(FILES[1], name=formula)
    transcript = replace(
        TRANSCRIPT, messages=(message,), people={**TRANSCRIPT.people, CLIENT: person}, files={**FILES, 1: file}
    )
    (row,) = rows(replace(EXPORT, transcript=transcript))
    for value in row.values():
        assert not value.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert row["text"].removeprefix("'") == formula
    assert row["author"].removeprefix("'") == formula
    assert row["files"].removeprefix("'").startswith(formula)


def test_csv_is_parted_as_the_language_does(russian: None) -> None:
    assert rows(EXPORT, ";")[4]["author"] == "Павел Кремнёв"
    assert "".join(sessions(EXPORT)).startswith(f'{MARK}"session";"chat_id"')


def test_quotes_separators_and_lines_come_back() -> None:
    text = 'a "b", c; d\ne'
    assert rows(speaking(text))[0]["text"] == text
    assert rows(speaking("a\x00b \ud800"))[0]["text"] == "a\ufffdb \ufffd"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_cancel_leaves_nothing(form: str, tmp_path: Path) -> None:
    cancel = Event()
    cancel.set()
    with pytest.raises(Cancelled):
        FORMATS[form].write(EXPORT, tmp_path / f"a.{form}", cancel=cancel)
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


# --- XLSX -----------------------------------------------------------------------------------------------------------


def written(export: Export, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    result = FORMATS["xlsx"].write(export, folder / "a.xlsx")
    return sheets(result.path)


def test_xlsx_holds_the_same_rows(tmp_path: Path) -> None:
    made = written(EXPORT, tmp_path)
    assert list(made) == ["Messages", "Sessions", "About"]
    head, *told = made["Messages"]
    assert head[:4] == ("Session", "Number", "Id", "Date")
    assert len(told) == 14
    for row, expected in zip(told, message_rows(EXPORT), strict=True):
        for value, wanted in zip(row, expected, strict=True):
            assert value == (wanted.replace(tzinfo=None) if isinstance(wanted, datetime) else wanted or value)
    about = dict((str(label), value) for label, value, *_rest in made["About"])  # noqa: C402
    assert about["Time zone"] == "UTC+3"
    assert about["Could not be read"] == "lost.png: the portal refused the file."
    assert "Marina" in str(about["Export"]) or "Марина" in str(about["Export"])


def test_xlsx_is_made_for_reading(tmp_path: Path) -> None:
    path = FORMATS["xlsx"].write(EXPORT, tmp_path / "a.xlsx").path
    book = load_workbook(path)
    sheet = book["Messages"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:V15"
    assert sheet["D6"].is_date
    assert sheet["D6"].value == datetime(2026, 3, 11, 13, 22)  # noqa: DTZ001
    assert sheet["I2"].value is True
    assert sheet.column_dimensions["J"].width > 50
    assert book.properties.title == "Анна Вересова, session 321"


@pytest.mark.parametrize("formula", [*FORMULAS, "https://evil.example", "12345", "{=1+1}", "=cmd|' /C calc'!A0"])
def test_xlsx_holds_no_formula_no_link_and_no_number(formula: str, tmp_path: Path) -> None:
    person = replace(TRANSCRIPT.people[CLIENT], name=formula)
    transcript = replace(speaking(formula).transcript, people={CLIENT: person})
    path = FORMATS["xlsx"].write(replace(EXPORT, transcript=transcript), tmp_path / "a.xlsx").path
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert not any(b"<f>" in part or b"hyperlink" in part for part in parts.values())
    cell = load_workbook(path)["Messages"]["F2"]
    assert cell.data_type in ("s", "inlineStr")
    assert cell.value == formula.replace("\t", "\t")


def test_xlsx_shows_what_it_may_not_hold(tmp_path: Path) -> None:
    person = replace(TRANSCRIPT.people[CLIENT], name="a\x01b\ud800c_x0041_\ufffe")
    transcript = replace(speaking("x_x000D_y\x07").transcript, people={CLIENT: person})
    made = written(replace(EXPORT, transcript=transcript), tmp_path)["Messages"][1]
    assert made[5] == "a\ufffdb\ufffdc_x0041_\ufffd"
    assert made[9] == "x_x000D_y\ufffd"


def test_a_text_too_long_for_a_cell_goes_on_below(tmp_path: Path) -> None:
    text = "".join(f"{number:06} " for number in range(10_000)) + "😀" * 20_000
    _head, *told = written(speaking(text, "next"), tmp_path)["Messages"]
    parts = [row for row in told if row[2] == 1]
    assert len(parts) == 4
    assert "".join(str(row[9]) for row in parts) == text
    assert all(len(str(row[9]).encode("utf-16-le")) <= 2 * xlsx.CELL for row in parts)
    assert [row[5] for row in parts[1:]] == [None] * 3
    assert told[-1][9] == "next"


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 3)
    made = written(speaking("a", "b", "c", "d", "e"), tmp_path)
    assert list(made)[:3] == ["Messages", "Messages 2", "Messages 3"]
    assert [row[9] for name in list(made)[:3] for row in made[name][1:]] == ["a", "b", "c", "d", "e"]


def test_days_before_excel_are_texts(tmp_path: Path) -> None:
    old = Message(1, 1777, CLIENT, at(9, 0).replace(year=1899), "x")
    transcript = replace(TRANSCRIPT, sessions=(Session(1),), messages=(old,))
    made = written(replace(EXPORT, transcript=transcript), tmp_path)
    assert made["Messages"][1][3] == "1899-03-11T09:00:00+03:00"


def test_xlsx_speaks_russian(russian: None, tmp_path: Path) -> None:
    made = written(EXPORT, tmp_path)
    assert list(made) == ["Сообщения", "Сессии", "Об экспорте"]
    assert made["Сообщения"][0][5] == "Автор"


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExportError, match="does not exist"):
        FORMATS["xlsx"].write(EXPORT, tmp_path / "no" / "a.xlsx")

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zipfile.ZipFile.write", full)
    with pytest.raises(ExportError, match="disk is full"):
        FORMATS["xlsx"].write(EXPORT, tmp_path / "a.xlsx")
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []
