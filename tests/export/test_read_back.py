"""The PDF read back by two tools that know nothing of each other: pypdf and poppler."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.export.conversation import CLIENT, EXPORT, MESSAGES, OPERATOR, TRANSCRIPT, at, png, said, speaking
from viewer.export import Export
from viewer.export.options import Options
from viewer.export.pdf import write_pdf

POPPLER = ("pdftotext", "pdfinfo", "pdffonts", "pdfdetach")
pytestmark = pytest.mark.skipif(not all(map(shutil.which, POPPLER)), reason="poppler is not installed")

FILES = {3: b"OggS voice", 4: b"%PDF-1.4 act \xff\x80", 1: png(300, 200)}
EMBEDDED = replace(EXPORT, files=FILES, options=Options(files="embedded"))


class Read:
    """One PDF through both tools."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pypdf = PdfReader(io.BytesIO(path.read_bytes()))
        self.root: Any = self.pypdf.trailer["/Root"]

    def poppler(self, program: str, *options: str, before: bool = True) -> str:
        """What a program of poppler prints of the file."""
        arguments = [*options, str(self.path)] if before else [str(self.path), *options]
        made = subprocess.run([program, *arguments], check=True, capture_output=True)
        return made.stdout.decode("utf-8", errors="replace")  # alternative texts come as UTF-16

    @property
    def facts(self) -> dict[str, str]:
        lines = (line.partition(":") for line in self.poppler("pdfinfo", "-isodates").splitlines())
        return {name: value.strip() for name, _colon, value in lines}

    @property
    def texts(self) -> tuple[str, str]:
        """The text by each tool, without spaces."""
        told = "".join(page.extract_text() for page in self.pypdf.pages), self.poppler("pdftotext", "-", before=False)
        return re.sub(r"\s+", "", told[0]), re.sub(r"\s+", "", told[1])

    @property
    def meta(self) -> str:
        told: bytes = self.root["/Metadata"].get_object().get_data()
        return told.decode()


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Export], Read]:
    def make(export: Export) -> Read:
        write_pdf(export, tmp_path / "out.pdf")
        return Read(tmp_path / "out.pdf")

    return make


Reader = Callable[[Export], Read]


def test_both_read_the_text_in_its_order(read: Reader) -> None:
    order = ["Ответим", "трещиной", "Чтосделать", "Заменим", "проверь", "Передали", "Готово", "Спасибо!", "Норма"]
    for told in read(EXPORT).texts:
        places = [told.index(word) for word in order]
        assert places == sorted(places)


@pytest.mark.parametrize("words", ["Привет", "漢字かな", "한국어", "ελληνικά", "naïve €"])
def test_both_find_every_script(read: Reader, words: str) -> None:
    assert all(
        words.replace(" ", "") in told or f"[U+{ord(words[0]):04X}]" in told for told in read(speaking(words)).texts
    )


def test_both_agree_on_what_the_file_is(read: Reader) -> None:
    made = read(EXPORT)
    facts, meta = made.facts, made.pypdf.metadata
    assert meta is not None
    assert facts["Title"] == meta.title == "Анна Вересова, session 321"
    assert facts["Author"] == meta.author == "Марина Лещенко"
    assert facts["CreationDate"].startswith("2026-03-14T")
    assert facts["Tagged"] == "yes"
    assert facts["JavaScript"] == "no"
    assert facts["Encrypted"] == "no"
    assert int(facts["Pages"]) == len(made.pypdf.pages)
    assert facts["Page size"].endswith("(A4)")


def test_every_font_is_embedded_and_cut_to_what_is_used(read: Reader) -> None:
    lines = read(EXPORT).poppler("pdffonts").splitlines()[2:]
    assert lines
    for line in lines:
        embedded, subset, unicode = re.findall(r"\b(yes|no)\b", line)[:3]
        assert (embedded, unicode) == ("yes", "yes"), line
        if "Type 3" not in line:  # coloured emoji: a font of the few that are used, which needs no name
            assert re.match(r"[A-Z]{6}\+", line), line
            assert subset == "yes"


def test_tags_hold_headings_figures_and_links(read: Reader) -> None:
    told = read(EXPORT).poppler("pdfinfo", "-struct")
    assert all(kind in told for kind in ("Document", "H1", "H2", "Figure", "Link"))


def test_links_outside_are_whole(read: Reader) -> None:
    address = "https://zerno.example/" + "/".join(f"part{number}" for number in range(60))
    assert address in read(speaking(address)).poppler("pdfinfo", "-url")


# --- options --------------------------------------------------------------------------------------------------------


def test_letter_with_wide_margins_and_large_text_takes_more_pages(read: Reader) -> None:
    small = read(replace(EXPORT, options=Options(margins="narrow", size="small"))).facts
    made = read(replace(EXPORT, options=Options(paper="letter", margins="wide", size="large")))
    assert "612 x 792" in made.facts["Page size"]
    assert int(made.facts["Pages"]) > int(small["Pages"])
    assert "2кг" in made.texts[0]


def test_without_the_archive_it_is_a_plain_tagged_pdf(read: Reader) -> None:
    made = read(replace(EXPORT, options=Options(archival=False)))
    assert "pdfaid" not in made.meta
    assert made.facts["Tagged"] == "yes"
    assert made.root["/Lang"] == "en"


# --- files within ---------------------------------------------------------------------------------------------------


def specs(made: Read) -> dict[str, Any]:
    """What the PDF tells of each file within it, by name."""
    return {spec["/UF"]: spec for spec in (each.get_object() for each in made.root["/AF"])}


def test_files_stand_within_as_they_were(read: Reader, tmp_path: Path) -> None:
    made = read(EMBEDDED)
    names = ["photo_1.png", "voice_0007.ogg", "Акт замены.pdf"]
    told = made.poppler("pdfdetach", "-list")
    assert told.startswith("3 embedded files")
    assert all(name in told for name in names)
    held = {name: spec["/EF"]["/F"].get_object().get_data() for name, spec in specs(made).items()}
    assert held == dict(zip(names, (FILES[1], FILES[3], FILES[4]), strict=True))
    (tmp_path / "saved").mkdir()
    made.poppler("pdfdetach", "-saveall", "-o", str(tmp_path / "saved"))
    assert sorted(path.read_bytes() for path in (tmp_path / "saved").iterdir()) == sorted(FILES.values())


def test_files_within_tell_their_type_and_sender_and_make_it_a_3a(read: Reader) -> None:
    made = read(EMBEDDED)
    assert "<pdfaid:part>3<" in made.meta
    assert "<pdfaid:conformance>A<" in made.meta
    assert "<pdfuaid:part>1<" in made.meta
    voice = specs(made)["voice_0007.ogg"]
    assert voice["/AFRelationship"] == "/Supplement"
    assert voice["/Desc"] == "voice message, 62 KB, sent by Анна Вересова"
    assert voice["/EF"]["/F"].get_object()["/Subtype"] == "/audio/ogg"
    assert all("attachedtothisfile" in told for told in made.texts)


def test_a_file_over_the_limit_is_only_named(read: Reader) -> None:
    large = {**TRANSCRIPT.files, 4: replace(TRANSCRIPT.files[4], size=30_000_000)}
    made = read(replace(EMBEDDED, transcript=replace(TRANSCRIPT, files=large)))
    assert made.poppler("pdfdetach", "-list").startswith("2 embedded files")
    assert all("over20MB,onlynamed" in told for told in made.texts)


# --- pages ----------------------------------------------------------------------------------------------------------


def test_a_message_longer_than_a_page_says_that_it_goes_on(read: Reader) -> None:
    told = "\n".join(f"строка {number}" for number in range(150))
    made = read(speaking("до", told, "после"))
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in made.pypdf.pages]
    within = [page for page in pages if "message 2, Анна Вересова, continued" in page]
    assert len(within) >= 2
    assert pages[0] not in within
    assert "message 2, continued" not in pages[-1]
    assert "message 3, " not in "".join(pages)


def test_the_author_stands_with_the_first_line_and_a_day_with_what_follows(read: Reader) -> None:
    messages = tuple(
        said(number, (CLIENT, OPERATOR)[number % 2], at(9, 0, 1 + number % 28), f"ответ{number}")
        for number in range(1, 28)
    )
    pages = read(replace(EXPORT, transcript=replace(TRANSCRIPT, messages=messages))).pypdf.pages
    for page in pages:
        lines = [line for line in page.extract_text().splitlines() if "page " not in line and "Exported" not in line]
        assert "ответ" in lines[-1] or "lost.png" in lines[-1] or "not given" in lines[-1], lines[-3:]


def test_the_first_page_says_what_lacks(read: Reader) -> None:
    first = read(EXPORT).pypdf.pages[0].extract_text()
    assert "Not complete: 1 thing could not be read." in " ".join(first.split())
    whole = read(replace(EXPORT, missing=("Pictures are left out by choice.",))).pypdf.pages[0].extract_text()
    assert "Not complete" not in whole


def test_sessions_that_could_not_be_read_make_it_incomplete(read: Reader) -> None:
    transcript = replace(TRANSCRIPT, unread={300: "access denied"}, messages=MESSAGES)
    told = " ".join(read(replace(EXPORT, transcript=transcript, missing=())).pypdf.pages[0].extract_text().split())
    assert "Not complete: 1 thing" in told


def test_nothing_is_continued_on_the_first_page(read: Reader) -> None:
    transcript = replace(TRANSCRIPT, unread={300: "access denied"})
    told = read(replace(EXPORT, transcript=transcript)).pypdf.pages[0].extract_text()
    assert "Session 300 cannot be read" in told
    assert "continued" not in told


def test_poppler_finds_a_file_with_an_emoji_in_its_name(read: Reader) -> None:
    transcript = replace(TRANSCRIPT, files={4: replace(TRANSCRIPT.files[4], name="👍 акт.pdf")})
    told = read(replace(EMBEDDED, transcript=transcript, files={4: b"act"}, pictures={})).poppler("pdfdetach", "-list")
    assert "1: _ акт.pdf" in told
