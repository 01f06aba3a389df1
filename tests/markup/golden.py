"""Golden fixtures: paragraphs whose parts are each closed by a line with a single dot.

The parts are a title, a source, and what the program makes of it. In a source, "→" is a tab and "{RULE}" stands for 54
hyphens; a title that ends in "(no portal)" is read without the portal's address. What is made depends on the file:

- texts (`markdown*` in that dialect): tree (`data` as JSON, an item a line), plain text, rich text, HTML, CommonMark
- `cards*`: a card as the portal sends it to its parts, plain text, HTML, CommonMark
- `kinds*`: a message as the portal sends it to what is known of it, and the rows that are shown

    python -m tests.markup.golden      writes what is made anew from the sources; read the difference
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from pathlib import Path

from viewer.bitrix.cards import parse_cards
from viewer.bitrix.messages import parse_message
from viewer.chat import Message, MessageRow, Transcript, rows
from viewer.markup import (
    Context,
    card_commonmark,
    card_html,
    card_plain,
    commonmark,
    data,
    html,
    parse,
    plain,
    rich,
)
from viewer.markup.cards import Divider, Entry, Pair, Part, Prose, parts

FOLDER = Path(__file__).parent / "fixtures"
BASE = "https://zerno.bitrix24.example"
CONTEXT = Context(people={1: "Владимир Логинов", 27: "Ирина Соколова"}, base=BASE)


@dataclass(frozen=True)
class Golden:
    """One paragraph of a fixture."""

    file: str
    title: str
    source: str
    made: tuple[str, ...] = ()

    def actual(self) -> "Golden":
        """The paragraph as the program makes it now."""
        source = self.source.replace("→", "\t").replace("{RULE}", "-" * 54)
        return Golden(self.file, self.title, self.source, _made(self.file)(source, self))

    def __str__(self) -> str:
        return "".join(f"{part}\n.\n" for part in (self.title, self.source, *self.made))


def _made(file: str) -> Callable[[str, Golden], tuple[str, ...]]:
    return {"cards": _card, "kinds": _kind}.get(file.removesuffix(".md"), _text)


def _text(source: str, golden: Golden) -> tuple[str, ...]:
    base = "" if golden.title.endswith("(no portal)") else BASE
    nodes = parse(source, base=base, markdown=golden.file.startswith("markdown"))
    writers = (plain, rich, html, commonmark)
    return (_lines(data(nodes, CONTEXT)), *(writer(nodes, CONTEXT) for writer in writers))


def _lines(items: object) -> str:
    assert isinstance(items, list)
    return "\n".join(json.dumps(item, ensure_ascii=False) for item in items)


def _card(source: str, _golden: Golden) -> tuple[str, ...]:
    cards = parse_cards(json.loads(source), BASE)
    listed = _lines([_part(part) for card in cards for part in parts(card, BASE)])
    return (listed, *("\n".join(write(card, CONTEXT) for card in cards)
                      for write in (card_plain, card_html, card_commonmark)))  # fmt: skip


def _part(part: Part) -> object:
    match part:
        case Prose(nodes=nodes):
            return ["text", data(nodes, CONTEXT)]
        case Entry(role=role, title=title, url=url, detail=detail):
            return [role.value, title, url, data(detail, CONTEXT)]
        case Pair():
            named, value = data(part.name, CONTEXT), data(part.value, CONTEXT)
            return [part.display.value.lower(), named, value, part.width, part.token]
        case Divider(size=size, color=color):
            return ["rule", size, color]


def _kind(source: str, _golden: Golden) -> tuple[str, ...]:
    given = {"id": 5, "chatid": 1763, "senderid": 0, "date": "2026-03-11T13:09:00+03:00", "textlegacy": ""}
    message = parse_message(given | json.loads(source), root=BASE)
    shown = rows(Transcript(messages=(message,)))
    listed = [type(row).__name__ + (f" by {row.author.name!r}" if isinstance(row, MessageRow) else "") for row in shown]
    return "\n".join(_told(message)), "\n".join(listed[1:])


def _told(message: Message) -> Iterator[str]:
    """What differs from a message that says nothing."""
    yield f"{message.kind.value}, {'not seen' if message.internal else 'seen'} by the client"
    for field in fields(message):
        value = getattr(message, field.name)
        unset = field.default if field.default is not MISSING else None
        if field.name not in ("id", "chat_id", "author_id", "date", "kind", "raw") and value != unset:
            yield f"{field.name}: {value.value if isinstance(value, Enum) else value!r}"


def read(path: Path) -> list[Golden]:
    """The paragraphs of a file."""
    found = [part.strip("\n") for part in ("\n" + path.read_text("utf-8")).split("\n.\n")[:-1]]
    size = {"cards": 6, "kinds": 4}.get(path.stem, 7)
    return [
        Golden(path.name, *found[at : at + 2], tuple(found[at + 2 : at + size])) for at in range(0, len(found), size)
    ]


def write(path: Path) -> None:
    """The file anew, from its titles and sources."""
    path.write_text("\n".join(str(golden.actual()) for golden in read(path)), "utf-8")


def every() -> list[Golden]:
    """All paragraphs of all files."""
    return [golden for path in sorted(FOLDER.glob("*.md")) for golden in read(path)]


if __name__ == "__main__":
    for found in sorted(FOLDER.glob("*.md")):
        write(found)
