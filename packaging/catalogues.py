"""The translations: from the source to `resources/locale`, and the check that nothing is left untranslated.

    python packaging/dev.py catalogues                 extract, update every language, compile
    python packaging/dev.py catalogues check           name what is missing, unused, unlike its original or stale
    python packaging/dev.py catalogues missing [ru]    the untranslated messages as JSON, to be filled
    python packaging/dev.py catalogues fill FILE [ru]  take the translations of such a JSON, then update
    python packaging/dev.py catalogues add CODE        start a language, e.g. `de`

English is the language of the source, so its catalogue fills itself. The files hold no dates and no line numbers, and
the compiled ones are written here and not by a tool that stamps them: the same source gives the same bytes.
In the JSON a plural is a list of forms, and a context stands before its message, parted by U+0004 as in gettext.
"""

from __future__ import annotations

import ast
import json
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = "viewer"
SOURCE_LANGUAGE = "en"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
HEADER = 'msgid ""\nmsgstr ""\n{lines}\n\n'
PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}")


class Catalogues:
    """The catalogues of one checkout."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = root / "resources" / "locale"
        self.template = self.folder / f"{DOMAIN}.pot"

    def languages(self) -> list[str]:
        """The languages that have a catalogue, English first."""
        found = {file.parent.parent.name for file in self.folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po")}
        return [SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE})]

    def source(self, language: str) -> Path:
        """The catalogue that people edit."""
        return self.folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"

    def compiled(self, language: str) -> Path:
        """The catalogue that the program reads."""
        return self.source(language).with_suffix(".mo")

    def read(self, language: str) -> Catalog:
        """One language as it stands in its file."""
        return load(self.source(language), language)

    def extract(self) -> Catalog:
        """Every marked message of the source, with the files where it stands."""
        catalog = Catalog(charset="utf-8")
        found = extract_from_dir(self.root / "viewer", [("**.py", "python")], keywords=KEYWORDS)
        for file, line, message, _comments, context in found:
            name = Path("viewer", file).as_posix()
            catalog.add(message, None, [(name, line)], context=context)
        return catalog

    def update(self) -> list[str]:
        """Bring template, catalogues and compiled files up to the source; the messages that left a catalogue."""
        write(self.template, self.extract(), "")
        gone = []
        for language in self.languages():
            catalog = self.read(language)
            # Extracted anew for each: Babel hands the template's own message objects over.
            catalog.update(self.extract(), no_fuzzy_matching=True)
            if language == SOURCE_LANGUAGE:
                repeat_source(catalog)
            else:
                dropped = {key(old): old.string for old in catalog.obsolete.values() if is_translated(old)}
                gone += [f"{language}: {name!r}: {text!r}" for name, text in dropped.items()]
            catalog.obsolete.clear()
            write(self.source(language), catalog, language)
            self.compiled(language).write_bytes(compiled(catalog, language))
        return gone

    def missing(self, language: str) -> dict[str, object]:
        """The untranslated messages of a language, ready to be filled."""
        catalog = self.read(language)
        catalog.update(self.extract(), no_fuzzy_matching=True)
        return {key(message): [""] * catalog.num_plurals if message.pluralizable else ""
                for message in messages(catalog) if not is_translated(message)}  # fmt: skip

    def fill(self, language: str, translations: dict[str, str | list[str]]) -> list[str]:
        """Take translations into a language; what could not be taken, with the reason."""
        catalog = self.read(language)
        catalog.update(self.extract(), no_fuzzy_matching=True)
        known = {key(message): message for message in messages(catalog)}
        refused = []
        for name, text in translations.items():
            message = known.get(name)
            if message is None:
                refused.append(f"{name!r}: not in the source")
                continue
            before, message.string = message.string, tuple(text) if isinstance(text, list) else text
            faults = list(message_faults(message, catalog.num_plurals))
            if faults:
                message.string = before
                refused += faults
        write(self.source(language), catalog, language)
        return refused

    def problems(self) -> list[str]:
        """Everything that is wrong with the catalogues, a line each; none when they are as they should be."""
        wanted = {key(message) for message in messages(self.extract())}
        found = [*composed(self.root), *differences(self.template.name, load(self.template), wanted)]
        for language in self.languages():
            catalog = self.read(language)
            found += differences(language, catalog, wanted)
            for message in messages(catalog):
                found += [f"{language}: {fault}" for fault in message_faults(message, catalog.num_plurals)]
            binary = self.compiled(language)
            if not binary.exists() or binary.read_bytes() != compiled(catalog, language):
                found.append(f"{language}: {binary.name} is stale: run `python packaging/dev.py catalogues`")
        return found


def load(file: Path, language: str | None = None) -> Catalog:
    """A catalogue as it stands in its file; empty when there is none yet."""
    if not file.exists():
        return Catalog(language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language, charset="utf-8")


def differences(name: str, catalog: Catalog, wanted: set[str]) -> list[str]:
    """What a catalogue has too little and too much."""
    held = {key(message) for message in messages(catalog)}
    return [
        *(f"{name}: missing: {each!r}" for each in sorted(wanted - held)),
        *(f"{name}: unused: {each!r}" for each in sorted(held - wanted)),
        *(f"{name}: obsolete: {key(old)!r}" for old in catalog.obsolete.values()),
    ]


def messages(catalog: Catalog) -> Iterator[Message]:
    """The messages without the header."""
    return (message for message in catalog if message.id)


def key(message: Message) -> str:
    """What tells a message from all others: its context, where it has one, and its (singular) text."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"{message.context}\x04{text}" if message.context else text


def forms(message: Message) -> list[str]:
    """The translation as a list: one text, or the plural forms."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def is_translated(message: Message) -> bool:
    """Whether every form has text."""
    return bool(forms(message)) and all(forms(message))


def repeat_source(catalog: Catalog) -> None:
    """Fill the catalogue of the source's own language."""
    for message in messages(catalog):
        message.string = message.id


def message_faults(message: Message, plurals: int) -> Iterator[str]:
    """What is wrong with one translation."""
    name = key(message)
    if not is_translated(message):
        yield f"untranslated: {name!r}"
        return
    if message.fuzzy:
        yield f"fuzzy: {name!r}"
    if len(forms(message)) != (plurals if message.pluralizable else 1):
        yield f"wrong number of forms: {name!r}"
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    for index, form in enumerate(forms(message)):
        # In English, "one" may do without its number; in Russian the first form serves 21 as well.
        allowed = originals if plurals == 2 and index == 0 else originals[-1:]
        if placeholders(form) not in [placeholders(original) for original in allowed]:
            yield f"placeholders differ: {name!r} and {form!r}"


def placeholders(text: str) -> set[str]:
    """The names in braces that the program fills."""
    return set(PLACEHOLDER.findall(text))


def composed(root: Path) -> Iterator[str]:
    """Calls that look a text up which no catalogue can hold: an f-string, or one already put together."""
    for file in sorted((root / "viewer").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS):
                continue
            for argument in node.args[: 1 if node.func.id in ("_", "N_") else 2]:
                joined = isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute)
                if isinstance(argument, ast.JoinedStr | ast.BinOp) or (joined and argument.func.attr == "format"):  # type: ignore[attr-defined]
                    where = file.relative_to(root).as_posix()
                    yield f"{where}:{node.lineno}: translate first, then fill: {ast.unparse(node)[:80]}"


def header(language: str) -> str:
    """What a catalogue says of itself; nothing in it changes with the day or the tool."""
    lines = ["Project-Id-Version: Open Lines Viewer", "MIME-Version: 1.0"]
    lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    if language:
        count, expression = get_plural(language)[:2]
        lines += [f"Language: {language}", f"Plural-Forms: nplurals={count}; plural={expression};"]
    return "".join(line + "\n" for line in lines)


def write(file: Path, catalog: Catalog, language: str) -> None:
    """Write a catalogue for people: sorted, with file names but no line numbers, so that a diff shows what changed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    quoted = "\n".join(f'"{line}\\n"' for line in header(language).splitlines())
    with file.open("wb") as target:
        target.write(HEADER.format(lines=quoted).encode())
        write_po(target, catalog, width=110, omit_header=True, sort_output=True, include_lineno=False)


def compiled(catalog: Catalog, language: str) -> bytes:
    """The catalogue in gettext's binary form: two tables of (length, offset), then the texts."""
    texts = {"": header(language)}
    for message in messages(catalog):
        if is_translated(message) and not message.fuzzy:
            plural = "" if isinstance(message.id, str) else "\0" + message.id[1]
            texts[key(message) + plural] = "\0".join(forms(message))
    pairs = sorted((name.encode(), text.encode()) for name, text in texts.items())
    start = 7 * 4
    offset = start + 2 * 8 * len(pairs)
    tables, data = b"", b""
    for column in (0, 1):
        for pair in pairs:
            tables += struct.pack("<II", len(pair[column]), offset + len(data))
            data += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), start, start + 8 * len(pairs), 0, offset)
    return head + tables + data


def _update(house: Catalogues) -> int:
    gone = house.update()
    print("".join(f"No longer in the source, dropped: {line}\n" for line in gone), end="")
    for language in house.languages():
        held = list(messages(house.read(language)))
        print(f"{language}: {sum(map(is_translated, held))} of {len(held)} messages translated")
    return 0


def _check(house: Catalogues) -> int:
    problems = house.problems()
    print("\n".join(problems) or "The catalogues are complete.")
    return 1 if problems else 0


def _fill(house: Catalogues, file: str, language: str) -> int:
    refused = house.fill(language, json.loads(Path(file).read_text(encoding="utf-8")))
    print("".join(f"Not taken: {line}\n" for line in refused), end="")
    _update(house)
    return 1 if refused else 0


def _add(house: Catalogues, language: str) -> int:
    write(house.source(language), house.read(language), language)
    print(f"Started {house.source(language).relative_to(house.root)}; name the language in viewer/i18n.py as well.")
    return _update(house)


def main(arguments: list[str]) -> int:
    """Run one command."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    house = Catalogues()
    match arguments:
        case [] | ["update"]:
            return _update(house)
        case ["check"]:
            return _check(house)
        case ["missing", *languages] if len(languages) < 2:
            print(json.dumps(house.missing((languages or ["ru"])[0]), ensure_ascii=False, indent=1))
            return 0
        case ["fill", file, *languages] if len(languages) < 2:
            return _fill(house, file, (languages or ["ru"])[0])
        case ["add", language]:
            return _add(house, language)
    print((__doc__ or "").strip())
    return 0 if arguments[0] in ("-h", "--help") else 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
