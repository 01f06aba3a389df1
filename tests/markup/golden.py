"""Golden fixtures: paragraphs of five parts, each part closed by a line with a single dot.

The parts are title, source, tree (`data` as JSON, an item a line), plain text and rich text. In a source, "→" is
a tab and "{RULE}" for 54 hyphens. A title that ends in "(no portal)" is parsed without the portal's address. Files
named `markdown*` are in that dialect.

    python -m tests.markup.golden      writes the last three parts anew from the sources; read the difference
"""

import json
from dataclasses import dataclass
from pathlib import Path

from viewer.markup import Context, data, parse, plain, rich

FOLDER = Path(__file__).parent / "fixtures"
BASE = "https://zerno.bitrix24.example"
CONTEXT = Context(people={1: "Владимир Логинов", 27: "Ирина Соколова"})


@dataclass(frozen=True)
class Golden:
    """One paragraph of a fixture."""

    file: str
    title: str
    source: str
    tree: str = ""
    plain: str = ""
    rich: str = ""

    def actual(self) -> "Golden":
        """The paragraph as the program makes it now."""
        source = self.source.replace("→", "\t").replace("{RULE}", "-" * 54)
        base = "" if self.title.endswith("(no portal)") else BASE
        nodes = parse(source, base=base, markdown=self.file.startswith("markdown"))
        tree = "\n".join(json.dumps(item, ensure_ascii=False) for item in data(nodes, CONTEXT))
        return Golden(self.file, self.title, self.source, tree, plain(nodes, CONTEXT), rich(nodes, CONTEXT))

    def __str__(self) -> str:
        return "".join(f"{part}\n.\n" for part in (self.title, self.source, self.tree, self.plain, self.rich))


def read(path: Path) -> list[Golden]:
    """The paragraphs of a file."""
    parts = [part.strip("\n") for part in ("\n" + path.read_text("utf-8")).split("\n.\n")[:-1]]
    return [Golden(path.name, *parts[index : index + 5]) for index in range(0, len(parts), 5)]


def write(path: Path) -> None:
    """The file anew, from its titles and sources."""
    path.write_text("\n".join(str(golden.actual()) for golden in read(path)), "utf-8")


def every() -> list[Golden]:
    """All paragraphs of all files."""
    return [golden for path in sorted(FOLDER.glob("*.md")) for golden in read(path)]


if __name__ == "__main__":
    for found in sorted(FOLDER.glob("*.md")):
        write(found)
