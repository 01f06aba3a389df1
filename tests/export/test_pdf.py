"""The PDF read back: what it says, how it is tagged, and what hostile text does to it."""

import io
import re
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.export.conversation import CLIENT, EXPORT, FILES, TRANSCRIPT, at, png, said, speaking
from viewer import i18n
from viewer.chat import Card, Cell, Display, GridBlock
from viewer.errors import Cancelled
from viewer.export import Export, ExportError
from viewer.export import pages as pages_module
from viewer.export.options import Options
from viewer.export.pdf import write_pdf

Printed = Callable[[Export], PdfReader]


def text_of(reader: PdfReader) -> str:
    return unicodedata.normalize("NFKC", "\n".join(page.extract_text() for page in reader.pages))


def flat(reader: PdfReader) -> str:
    """The text without spaces: where a line breaks is the typesetter's matter."""
    return re.sub(r"\s+", "", text_of(reader))


# --- what it says ---------------------------------------------------------------------------------------------------


def test_says_everything(printed: Printed) -> None:
    shown = flat(printed(EXPORT))
    for told in (
        "Анна Вересова, session 321", "zerno.bitrix24.example", "Поддержка (Telegram)", "UTC+3", "12 min, 12 min",
        "client: good; supervisor: 4 of 5", "Wednesday, 11 March 2026", "Thursday, 12 March 2026", "Automatic text",
        "sent to the client", "edited", "+12 min", "@Ирина", "not visible to the client", "Заказ № 48-1207", "Статус",
        "Замена", "Химки", "Москва", "2 кг", "важно", "voice_0007.ogg", "voice message, 62 KB", "PDF, 248 KB",
        "track: STR-44", "not delivered", "The message was deleted", "Обмен", "photo_1.png, photo_2.png",
        "lost.png: the portal refused the file.", "Could not be read", "Норма 10 минут.", "Павел передал диалог",
        "Exported 14 Mar 2026 14:05 (UTC+3) by Марина Лещенко", "the portal no longer describes this file",
    ):  # fmt: skip
        assert unicodedata.normalize("NFKC", re.sub(r"\s+", "", told)) in shown, told


def test_reads_in_order(printed: Printed) -> None:
    shown = flat(printed(EXPORT))
    order = ["Ответим", "трещиной", "Чтосделать", "Заменим", "проверь", "Передали", "Готово", "Спасибо!", "Норма"]
    places = [shown.index(word) for word in order]
    assert places == sorted(places)


def test_arabic_can_be_found(printed: Printed) -> None:
    shown = text_of(printed(EXPORT))
    assert "مرحبا" in shown or "مرحبا"[::-1] in shown


def test_emoji_stay_text_and_whole(printed: Printed) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    shown = text_of(
        printed(speaking(f"a {family} b \U0001f1f7\U0001f1fa c \U0001f44d\U0001f3fd d 1\ufe0f\u20e3 e \u2764\ufe0f"))
    )
    for mark in ("\U0001f468", "\U0001f467", "\U0001f1f7\U0001f1fa", "\U0001f44d", "\u20e3", "\u2764"):
        assert mark in shown, ascii(mark)


def test_speaks_russian_in_dates(printed: Printed) -> None:
    i18n.use("ru")
    reader = printed(EXPORT)
    assert "среда, 11 марта 2026" in text_of(reader)
    assert reader.trailer["/Root"]["/Lang"] == "ru"


def test_without_internal_messages(printed: Printed) -> None:
    shown = flat(printed(replace(EXPORT, internal=False)))
    assert "проверь" not in shown
    assert "передалдиалог" not in shown
    assert "leftoutbychoice" in shown
    assert "11of14" in shown
    assert "Спасибо!" in shown


def test_numbers_can_be_left_out(printed: Printed) -> None:
    assert "messages 1–" not in text_of(printed(replace(EXPORT, options=Options(numbered=False))))


def test_an_empty_conversation(printed: Printed) -> None:
    reader = printed(Export(replace(TRANSCRIPT, messages=(), sessions=()), version="1"))
    assert len(reader.pages) == 1
    assert "Анна Вересова" in text_of(reader)


# --- how it is made -------------------------------------------------------------------------------------------------


def test_is_tagged_and_archival(printed: Printed) -> None:
    reader = printed(EXPORT)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    meta = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2<" in meta
    assert "<pdfaid:conformance>A<" in meta
    assert "<pdfuaid:part>1<" in meta
    assert reader.metadata is not None
    assert reader.metadata.title == "Анна Вересова, session 321"
    assert reader.metadata.author == "Марина Лещенко"
    assert reader.metadata.creation_date == EXPORT.exported_at


def test_outline_holds_sessions_and_days(printed: Printed) -> None:
    outline = printed(EXPORT).outline
    assert outline[0]["/Title"].startswith("Session 321")
    days = [entry["/Title"] for entry in outline[1]]
    assert days == ["Wednesday, 11 March 2026", "Thursday, 12 March 2026"]
    assert outline[2]["/Title"] == "Could not be read"


def test_links_are_live(printed: Printed) -> None:
    notes = [note.get_object() for page in printed(EXPORT).pages for note in page.get("/Annots", [])]
    addresses = {note["/A"]["/URI"] for note in notes if "/URI" in note.get("/A", {})}
    assert {"https://zerno.example/obmen", "https://zerno.example/deal/1"} <= addresses
    assert any("/Dest" in note or note.get("/A", {}).get("/S") == "/GoTo" for note in notes)


def test_a_long_link_stays_whole(printed: Printed) -> None:
    address = "https://zerno.example/" + "/".join(f"part{number}" for number in range(60))
    notes = [note.get_object() for page in printed(speaking(address)).pages for note in page.get("/Annots", [])]
    assert {note["/A"]["/URI"] for note in notes} == {address}


def test_pictures_are_described_and_stored_once(printed: Printed) -> None:
    content = png(60, 40)
    messages = [said(n, CLIENT, at(9, n), "", file_ids=(n,)) for n in (1, 2)]
    files = {n: replace(FILES[1], id=n) for n in (1, 2)}
    transcript = replace(TRANSCRIPT, messages=tuple(messages), files=files)
    reader = printed(replace(EXPORT, transcript=transcript, pictures={1: content, 2: content}))
    objects = [value for value in _objects(reader) if isinstance(value, dict)]
    assert sum(value.get("/Subtype") == "/Image" for value in objects) == 1
    raw = [value.get("/Alt") for value in objects if value.get("/S") == "/Figure"]
    assert raw.count("photo_1.png, picture sent by Анна Вересова") == 2


def _objects(reader: PdfReader) -> list[object]:
    return [reader.get_object(number) for number in range(1, len(reader.xref[0]) + len(reader.xref_objStm) + 1)
            if number in reader.xref[0] or number in reader.xref_objStm]  # fmt: skip


def test_fifty_messages_are_small(tmp_path: Path) -> None:
    texts = [f"Добрый день, это сообщение номер {n}. Подскажите, пожалуйста, где мой заказ?" for n in range(50)]
    result = write_pdf(speaking(*texts), tmp_path / "small.pdf")
    assert (tmp_path / "small.pdf").stat().st_size <= 100_000
    assert result.pages > 1


def test_pages_say_what_they_hold(printed: Printed) -> None:
    reader = printed(speaking(*(f"Сообщение {n}" for n in range(60))))
    second = reader.pages[1].extract_text()
    assert "continued" in second
    assert f"page 2 of {len(reader.pages)}" in second
    assert re.search(r"messages \d+–\d+", second)


# --- parts ----------------------------------------------------------------------------------------------------------


def test_a_long_conversation_fills_several_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_module, "PART", 40)
    seen: list[tuple[int, int]] = []
    export = speaking(*(f"Сообщение {n}" for n in range(100)))
    result = write_pdf(export, tmp_path / "long.pdf", progress=lambda done, of: seen.append((done, of)))
    assert [path.name for path in result.parts] == [f"long ({n} of 3).pdf" for n in (1, 2, 3)]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    readers = [PdfReader(io.BytesIO(path.read_bytes())) for path in result.parts]
    first, second = text_of(readers[0]), text_of(readers[1])
    assert "long (3 of 3).pdf" in first
    assert "messages 81–100" in first
    assert "part 2 of 3" in second
    assert f"page {len(readers[0].pages) + 1}" in second
    assert sum(len(reader.pages) for reader in readers) == result.pages


def test_volumes_overwrite_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_module, "PART", 40)
    (tmp_path / "long (2 of 3).pdf").write_bytes(b"mine")
    result = write_pdf(speaking(*(f"Сообщение {n}" for n in range(100))), tmp_path / "long.pdf")
    assert [path.name for path in result.parts] == [f"long (2) ({n} of 3).pdf" for n in (1, 2, 3)]
    assert (tmp_path / "long (2 of 3).pdf").read_bytes() == b"mine"


def test_cancel_leaves_nothing(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        write_pdf(EXPORT, tmp_path / "out.pdf", cancel=cancel)
    assert not list(tmp_path.glob("*.p*"))
    assert not list(tmp_path.glob(".*"))


# --- pictures that are none -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>login</html>", png(3, 3)[:40], b"\x89PNG\r\n\x1a\n" + b"x" * 40, b"\xff\xd8\xff\xe0" + b"\0" * 99],
)
def test_a_damaged_picture_is_named_in_place(tmp_path: Path, content: bytes) -> None:
    result = write_pdf(replace(EXPORT, pictures={1: png(30, 20), 2: content}), tmp_path / "out.pdf")
    shown = flat(PdfReader(io.BytesIO((tmp_path / "out.pdf").read_bytes())))
    assert "damaged,ornopicturethatcanbeprinted" in shown
    assert result.notes == ("photo_2.png: damaged, or no picture that can be printed.",)


def test_a_huge_picture_is_refused(tmp_path: Path) -> None:
    head = png(1, 1)
    huge = head[:16] + (60_000).to_bytes(4) + (60_000).to_bytes(4) + head[24:]
    result = write_pdf(replace(EXPORT, pictures={1: huge, 2: png(30, 20)}), tmp_path / "out.pdf")
    assert result.notes == ("photo_1.png: too large to print.",)


# --- hostile text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '#import "x"',
        "*_`$<>@\\",
        "[[[",
        "#panic()",
        "= no heading",
        "https://x.example/#a*b_c",
        "$x^2$ // no comment",
        "]",
    ],
)
def test_text_is_never_markup(printed: Printed, text: str) -> None:
    assert re.sub(r"\s+", "", text) in flat(printed(speaking(text)))


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b\x07c\x1bd",
        "lone \ud800 surrogate \udfff",
        "\u202egnp.exe\u202c \u2066\u2069\u200b\u200c\u200d\ufeff",
        "\ue000 private, \ufdd0 none, \U0010ffff, \u0378 unassigned",
        "[b]" * 200 + "deep" + "[/b]" * 200,
        ">> quote\n" * 300,
        "a" * 30_000,
        "👍" * 3000,
        "\n" * 500 + "end",
        "a 👍 b 🎉 " * 1000,
        "word " + "https://x.example/a?b=c " * 2000,
        "[b]x[/b] " * 3000,
        "[CODE]" + "x" * 5000 + " 👍" * 900 + "\n" * 900 + "[/CODE]",
        "\t|\t" * 200,
        "".join(map(chr, range(0x20, 0x250))),
    ],
    ids=range(15),
)
def test_hostile_text_is_printed(printed: Printed, text: str) -> None:
    assert len(printed(speaking("before", text, "after")).pages) >= 1


def test_a_megabyte_of_one_message(printed: Printed) -> None:
    reader = printed(speaking("слово " * 80_000 + "a" * 500_000))
    assert len(reader.pages) > 100


def test_a_thousand_columns(printed: Printed) -> None:
    for display in (Display.LINE, Display.ROW, Display.TABLE):
        card = Card((GridBlock(tuple(Cell(display, f"имя{n}", f"знач{n}") for n in range(1000))),))
        messages = (said(1, CLIENT, at(9, 0), "карта", cards=(card,)),)
        shown = flat(printed(replace(EXPORT, transcript=replace(TRANSCRIPT, messages=messages))))
        assert "знач999" in shown


def test_a_character_without_glyph_is_named(tmp_path: Path) -> None:
    result = write_pdf(speaking("private \ue001 sign"), tmp_path / "out.pdf")
    assert "[U+E001]" in text_of(PdfReader(io.BytesIO((tmp_path / "out.pdf").read_bytes())))
    assert len(result.notes) == 1
    assert "U+E001" in result.notes[0]


def test_a_name_too_long_for_the_standard(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = {1: replace(FILES[1], name="x" * 40_000 + ".png")}
    messages = (said(1, CLIENT, at(9, 0), "text", file_ids=(1,)),)
    transcript = replace(TRANSCRIPT, messages=messages, files=files)
    result = write_pdf(replace(EXPORT, transcript=transcript), tmp_path / "out.pdf")
    assert result.notes == ("The PDF is complete, but does not conform to PDF/A and PDF/UA.",)
    assert "longer than" in caplog.text
    caplog.clear()


# --- what the system refuses ----------------------------------------------------------------------------------------


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as caught:
        write_pdf(EXPORT, tmp_path / "none" / "out.pdf")
    assert "does not exist" in caught.value.detail
    assert caught.value.advice
