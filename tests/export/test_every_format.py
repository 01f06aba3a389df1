"""Each format holds every fact of the demo's showcase and of the documentation's answers, and long ones stay small."""

import csv
import io
import json
import re
import tracemalloc
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Event

import pytest

from tests.export.conversation import EXPORT, png, speaking
from tests.export.page import Page, sheets
from viewer.bitrix import Portal, Webhook, embedded, read_saved
from viewer.chat import FileKind, Message, MessageRow, SessionEnd, SystemLines, Transcript, parse_reference
from viewer.demo import DemoPortal
from viewer.export import FORMATS, Export, facts
from viewer.export.csv import MARK, sessions
from viewer.export.tables import message_rows
from viewer.library import open_dialogue
from viewer.markup import card_plain, parse, plain, walk
from viewer.markup.nodes import Code, Mention, Text

SAMPLES = Path(__file__).parent.parent / "samples"
CASES = ("343", "321", "seed_000", "seed_001", "seed_003", "conversation")


@cache
def dialogue(name: str) -> Export:
    """A conversation by the name of its source, with pictures."""
    if name == "conversation":
        return EXPORT
    if name.startswith("seed"):
        return Export(Transcript().with_batch(read_saved((SAMPLES / f"{name}.json").read_bytes())))
    made = DemoPortal(limits=False, big=5)
    portal = Portal(Webhook.parse(made.WEBHOOK), transport=embedded(made.respond))
    try:
        reference = parse_reference(name)
        assert reference is not None
        transcript = Transcript()
        for batch in open_dialogue(portal, reference, cancel=Event()):
            transcript = transcript.with_batch(batch)
    finally:
        portal.close()
    pictures = {file.id: png(40, 30) for file in transcript.files.values() if file.kind is FileKind.IMAGE}
    return Export(transcript, host="zerno.bitrix24.example", exported_by="Марина Лещенко", pictures=pictures)


def squeezed(text: str) -> str:
    """Letters and digits alone: what remains whatever a format makes of spaces and signs."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def written(name: str, form: str, folder: Path) -> str:
    """What a reader of the format finds."""
    export = dialogue(name)
    result = FORMATS[form].write(export, folder / f"a.{form}")
    assert all(part.is_file() for part in result.parts)
    if form == "xlsx":
        rows = chain.from_iterable(sheets(result.path).values())
        return "\n".join(str(value) for row in rows for value in row if value is not None)
    content = "\n".join(part.read_text(encoding="utf-8") for part in result.parts)
    if form == "html":
        return Page(content).text
    return content.replace("&nbsp;", " ")


def texts(message: Message, export: Export) -> Iterator[str]:
    """The texts that a message holds."""
    context = facts.context(export)
    for node in walk(parse(message.text, base=export.root, markdown=message.markdown)):
        match node:
            case Text(text=text) | Code(text=text):
                yield text
            case Mention():
                yield plain((node,), context)
    for card in message.cards:
        for line in card_plain(card, replace(context, base="")).splitlines():
            yield from re.split(r"https?://\S+|: | — ", line)
    yield from (facts.file_name(file) for file in export.transcript.files_of(message))
    yield from (facts.file_detail(file) for file in export.transcript.files_of(message))
    yield from (button.text for button in message.buttons)
    yield from (facts.reactions(message, export), facts.instead(message))


def stories(export: Export) -> Iterator[str]:
    """What only a format for people tells: heads, marks, facts, ends."""
    listed = export.rows()
    yield from (value for pair in facts.facts(export, listed) for value in pair)
    yield from (value for pair in facts.people(export) for value in pair)
    yield facts.title(export)
    for row in listed:
        if isinstance(row, MessageRow):
            yield from (facts.heading(row), *facts.marks(row, export), facts.waited(row))
        elif isinstance(row, SessionEnd):
            yield from (*facts.ending(row), *(value for pair in facts.ratings(row, export) for value in pair))
        elif isinstance(row, SystemLines):
            yield from (line.date.strftime("%H:%M") for line in row.messages)
    yield from (facts.session_line(session) for session in export.transcript.sessions)
    yield from export.missing


def lost(told: str, wanted: Iterator[str]) -> list[str]:
    found = squeezed(told)
    return [each for each in dict.fromkeys(wanted) if squeezed(each) not in found]


@pytest.mark.parametrize("form", ["html", "txt", "md", "csv", "xlsx"])
@pytest.mark.parametrize("name", CASES)
def test_every_text_stands_in_every_format(name: str, form: str, tmp_path: Path) -> None:
    export = dialogue(name)
    told = written(name, form, tmp_path)
    assert lost(told, (text for message in export.messages() for text in texts(message, export))) == []


@pytest.mark.parametrize("name", CASES)
def test_json_holds_every_message_and_file(name: str, tmp_path: Path) -> None:
    export = dialogue(name)
    made = json.loads(FORMATS["json"].write(export, tmp_path / "a.json").path.read_text(encoding="utf-8"))
    context = facts.context(export)
    for told, message in zip(made["messages"], export.transcript.messages, strict=True):
        nodes = parse(message.text, base=export.root, markdown=message.markdown)
        assert (told["id"], told["text"], told["plain"]) == (message.id, message.text, plain(nodes, context))
        assert (told["files"], len(told["cards"])) == (list(message.file_ids), len(message.cards))
    assert {file["id"]: file["name"] for file in made["files"]} == {
        file.id: file.name for file in export.transcript.files.values()
    }


@pytest.mark.parametrize("form", ["html", "txt", "md"])
@pytest.mark.parametrize("name", CASES)
def test_every_fact_stands_in_what_people_read(name: str, form: str, tmp_path: Path) -> None:
    assert lost(written(name, form, tmp_path), stories(dialogue(name))) == []


@pytest.mark.parametrize("name", CASES)
def test_the_tables_count_every_message_once(name: str, tmp_path: Path) -> None:
    export = dialogue(name)
    ids = [message.id for message in export.transcript.messages]
    assert [row[2] for row in message_rows(export)] == ids
    book = sheets(FORMATS["xlsx"].write(export, tmp_path / "a.xlsx").path)
    assert [row[2] for row in book["Messages"][1:]] == ids
    told = "".join(sessions(export)).removeprefix(MARK)
    assert sum(int(row["messages"]) for row in csv.DictReader(io.StringIO(told, newline=""))) == len(ids)


def test_the_pictures_of_the_showcase_stand_in_the_page(tmp_path: Path) -> None:
    export = dialogue("343")
    made = Page(FORMATS["html"].write(export, tmp_path / "a.html").path.read_text(encoding="utf-8"))
    used = [file for message in export.messages() for file in export.transcript.files_of(message)]
    assert len(made.images) == sum(file.kind is FileKind.IMAGE and file.id in export.pictures for file in used) > 10
    assert all(image["alt"] for image in made.images)
    assert {link[1:] for link in made.links if link.startswith("#")} <= set(made.ids)


# --- thousands of messages ------------------------------------------------------------------------------------------

MANY = 3_000


def every(count: int) -> Export:
    return speaking(*("A line of text, [B]bold[/B] and https://zerno.example/a?b=1" for _number in range(count)))


@pytest.fixture(scope="module")
def long() -> Export:
    return every(MANY)


def peak(work: Callable[[], object]) -> int:
    """The most bytes that were held at once."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", ["html", "txt", "md", "json", "csv", "xlsx"])
def test_a_long_conversation_is_never_held_as_one_text(form: str, long: Export, tmp_path: Path) -> None:
    held = peak(lambda: FORMATS[form].write(long, tmp_path / f"a.{form}"))
    size = sum(part.stat().st_size for part in FORMATS[form].places(tmp_path / f"a.{form}"))
    assert size > 100_000
    assert held < 8_000_000
