"""The job that users do, done with the program that was built: an empty home, no checkout, one step after another.

`self-test` works the window from within, with the mouse: from the list to a PDF with pictures, and to paper. The steps
here work the program from outside, as a terminal, a desktop and a keyring do, and open what it wrote as its reader
would.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import desktop
import dev

sys.path.append(str(dev.ROOT))  # scripts see their own folder alone

from viewer.export.readback import pictures_in

SHOWN = "343"  # the session of the demo portal with every kind of message, card and file
PICTURES, DIFFERENT = 20, 12  # in it; some stand there twice
FORMATS = ("pdf", "html", "txt", "md", "json", "csv", "xlsx")
PLACES = {"Europe/Moscow": "UTC+3", "Asia/Vladivostok": "UTC+10"}
ANSWER = dev.ROOT / "tests" / "samples" / "seed_000.json"
SAID = "Open the task card and click"  # in that answer
CHECKS = ("modules", "printed pictures", "zones", "window", "dialogue", "pdf", "print", "keyring")  # of the self-test
BEGINNING = "--- Open Lines Viewer "  # of what a program writes to the log
PATIENCE = 180.0  # seconds of one step


class JobError(Exception):
    """A step did not come to what its user expects."""


class Step(NamedTuple):
    """What was done, how long it took in seconds, and what came of it."""

    name: str
    seconds: float
    said: str


def do(program: Path, window: Path | None = None, opens: desktop.Opens | None = None) -> list[Step]:
    """Do the whole job with a program, saying each step; the build ends where one fails.

    `window` is the program that has no console, where that is another one. `opens` gives a file or a link to the
    desktop, as a double click does; without it the window's program is started with it.
    """
    made = []
    with (
        tempfile.TemporaryDirectory(prefix="openlines-job-", ignore_cleanup_errors=True) as folder,
        desktop.session(Path(folder)) as session,
    ):
        for name, step in Job(program.absolute(), (window or program).absolute(), session, opens).steps().items():
            made.append(tried(name, step))
    return made


def tried(name: str, step: Callable[[], str]) -> Step:
    """Do one step and say what came of it; the build ends where it fails."""
    began = time.monotonic()
    try:
        said = step()
    except Exception as error:  # noqa: BLE001 (whatever is wrong with what a program wrote)
        dev.stop(f"{name}: FAILED after {time.monotonic() - began:.1f} s: {type(error).__name__}: {error}")
    done = Step(name, time.monotonic() - began, said)
    dev.say(f"| {done.name} | {done.seconds:.1f} s | {done.said} |")
    return done


def table(steps: list[Step]) -> str:
    """The log of a trial, as a table in Markdown."""
    rows = [f"| {each.name} | {each.seconds:.1f} s | {each.said} |" for each in steps]
    whole = f"| all | {sum(each.seconds for each in steps):.1f} s | |"
    return "\n".join(["| step | took | what came of it |", "| --- | --- | --- |", *rows, whole, ""])


def expect(well: bool, words: str) -> None:
    """Raise JobError with these words unless all is well."""
    if not well:
        raise JobError(words)


class Job:
    """The steps, each of which returns in a few words what came of it, or raises JobError or OSError."""

    def __init__(self, program: Path, window: Path, session: desktop.Session, opens: desktop.Opens | None) -> None:
        self.program, self.window, self.session, self.opens = program, window, session, opens
        self.folder = session.folder
        self.report: dict[str, str] = {}

    def steps(self) -> dict[str, Callable[[], str]]:
        """What is done, in this order."""
        return {
            "self-test": self.self_test,
            **{f"the showcase as {form}": partial(self.export, form) for form in FORMATS},
            "every dialogue of the list": self.batch,
            "times of a zone by its name": self.zones,
            "evidence, checked, then broken": self.evidence,
            "a saved answer on the command line": self.answer,
            "a saved answer by double click": self.double_click,
            "a link to the program that runs": self.link,
            "the keyring of the system": self.keyring,
        }

    def run(self, *arguments: str | Path, code: int = 0) -> str:
        """What the command line prints. Raises JobError for another exit code than this."""
        done = subprocess.run([self.program, *arguments], env=self.session.given, cwd=self.folder, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)  # fmt: skip
        printed, told = (each.decode("utf-8", "replace") for each in (done.stdout, done.stderr))
        expect(done.returncode == code, f"exit code {done.returncode}: {told.strip()[-2000:] or 'not a word'}")
        expect("Traceback" not in told, told[-2000:])
        return printed

    def self_test(self) -> str:
        """The program's own test, by the program with the window."""
        self.report = self.session.self_test(self.window)
        well = {name: said.removeprefix("ok, ") for name, said in self.report.items() if said.startswith("ok, ")}
        lacking = [name for name in CHECKS if name not in well]
        expect(not lacking, f"it does not try: {', '.join(lacking)}")
        return f"{len(well)} checks, among them {well['pdf']}; {well['print']}"

    def export(self, form: str) -> str:
        """The showcase in one format, opened as its reader would."""
        folder = self.folder / form
        self.run("export", SHOWN, "--demo", "--format", form, "-o", f"{folder}{os.sep}")
        files = sorted(folder.iterdir())
        expect(len(files) == (2 if form == "csv" else 1), f"written: {[file.name for file in files]}")
        return _READERS[form](files[0])

    def batch(self) -> str:
        """Every dialogue of the list, in two formats; the demo portal refuses one, which the exit code tells."""
        listed = list(csv.DictReader(io.StringIO(self.run("list", "--demo", "--format", "csv").removeprefix("\ufeff"))))
        expect(len(listed) > 100, f"{len(listed)} sessions are listed")
        folder = self.folder / "batch"
        self.run(
            "export", "--demo", "--scope", "list", "--format", "txt", "--format", "json", "--folder", folder, code=1
        )
        texts, told = list(folder.rglob("*.txt")), list(folder.rglob("*.json"))
        expect(len(texts) == len(told) == len(listed) - 1, f"{len(texts)} texts, {len(told)} JSON of {len(listed)}")
        expect(all(file.stat().st_size > 100 for file in texts), "a file is empty")
        return f"{len(texts)} dialogues of {len(listed)}, two files each"

    def zones(self) -> str:
        """The same dialogue, its times told in two places."""
        for place, offset in PLACES.items():
            told = self.run("export", SHOWN, "--demo", "--format", "txt", "--zone", place)
            expect(offset in told, f"{offset} is not in the text of {place}")
        return ", ".join(PLACES)

    def evidence(self) -> str:
        """What was exported is found the same, and a letter that was changed is found out."""
        folder = self.folder / "evidence"
        folder.mkdir()
        file = folder / "dialogue.html"
        self.run("export", "321", "--demo", "--format", "html", "--evidence", "-o", file)
        self.run("verify", folder)
        file.write_bytes(file.read_bytes() + b" ")
        expect("CHANGED" in self.run("verify", folder, code=1), "a file that was changed is called the same")
        return "the same, then changed"

    def answer(self) -> str:
        """An answer that somebody saved, as PDF."""
        file = self.folder / "ответ.pdf"
        self.run("export", "--from-file", self._saved(), "--format", "pdf", "-o", file)
        expect(file.read_bytes().startswith(b"%PDF-") and file.stat().st_size > 10_000, "no PDF")
        expect(SAID in self.run("export", "--from-file", self._saved(), "--format", "txt"), "its text is not all there")
        return f"{file.stat().st_size // 1024} KB, and as text"

    def _saved(self) -> Path:
        """A saved answer under a name as people give them."""
        return Path(shutil.copyfile(ANSWER, self.folder / "Сохранённый ответ №1.olv.json"))

    def double_click(self) -> str:
        """A saved answer opens in the window."""
        with self._window(str(self._saved())):
            self.session.wait_for_news("opened: saved answers, ")
            self.session.keep_picture("double-click")
        return "by the desktop" if self.opens else "by a start with its name"

    def link(self) -> str:
        """A link reaches the program that runs, and waits there for a portal."""
        with self._window(""):
            self.session.wait_for_news("shown: the first page")
            self._hand_over("olv:343")
            self.session.wait_for_news("waits for a portal: 343")
            # A second program would say the same, below its own name, with which each begins what it writes.
            expect(self.session.count_news(BEGINNING) == 1, "the link was opened by a second program")
            self.session.keep_picture("link")
        return "by the desktop" if self.opens else "by a second start"

    def _hand_over(self, named: str) -> None:
        if self.opens is not None:
            self.opens(named, self.session)
        else:
            subprocess.Popen([self.window, "open", named], **self.session.apart())

    @contextmanager
    def _window(self, named: str) -> Iterator[None]:
        """The window on a file, or on what it shows at its first start; it is closed at the end."""
        self.session.forget_news()
        try:
            if named:
                self._hand_over(named)
            else:
                subprocess.Popen([self.window], **self.session.apart())
            yield
        finally:
            self.session.end(self.window)

    def keyring(self) -> str:
        """The self-test wrote a secret into the keyring of the system, read it and erased it."""
        told = self.report["keyring"]
        expect(told.startswith("ok, system"), f"{told} (on Linux: apt-get install dbus gnome-keyring)")
        return told.removeprefix("ok, ")


# --- what was written, as its reader has it ----------------------------------------------------------------------


def _pdf(file: Path) -> str:
    content = file.read_bytes()
    expect(content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:], "no whole PDF")
    count = pictures_in(content)
    expect(count == DIFFERENT, f"{count} different pictures, and {DIFFERENT} should be")
    return f"{len(content) // 1024} KB, {count} different pictures"


class _Page(HTMLParser):
    """The pictures that stand in a page, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: list[bytes] = []
        self.outside: list[str] = []
        self.words = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src") or ""
        if tag == "img" and source.startswith("data:image/"):
            self.pictures.append(base64.b64decode(source.partition(",")[2], validate=True))
        elif tag in ("img", "script", "link"):
            self.outside.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += len(data.split())


def _html(file: Path) -> str:
    page = _Page()
    page.feed(file.read_text(encoding="utf-8"))
    page.close()
    kinds = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF")
    whole = [each for each in page.pictures if each.startswith(kinds) and len(each) > 500]
    expect(len(whole) == PICTURES, f"{len(whole)} pictures, and {PICTURES} should be")
    expect(not page.outside, f"it asks for what is not in it: {page.outside}")
    expect(page.words > 500, f"{page.words} words")
    return f"{len(whole)} pictures, {page.words} words"


def _text(file: Path) -> str:
    words = file.read_text(encoding="utf-8").split()
    expect(len(words) > 500, f"{len(words)} words")
    return f"{len(words)} words"


def _json(file: Path) -> str:
    told = json.loads(file.read_text(encoding="utf-8"))
    expect(len(told["messages"]) > 50 and len(told["files"]) > 20, "messages or files are missing")
    return f"{len(told['messages'])} messages, {len(told['files'])} files"


def _csv(file: Path) -> str:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    expect(len(rows) > 50 and len({len(row) for row in rows}) == 1, "the rows are not all there, or not all as long")
    return f"{len(rows)} rows"


def _xlsx(file: Path) -> str:
    with zipfile.ZipFile(file) as packed:
        expect(packed.testzip() is None, "a part of it is damaged")
        sheets = [name for name in packed.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
        rows = [packed.read(name).count(b"<row ") for name in sheets]
    expect(bool(rows) and max(rows) > 50, f"rows: {rows}")
    return f"{len(sheets)} sheets, {max(rows)} rows in the longest"


_READERS: dict[str, Callable[[Path], str]] = {
    "pdf": _pdf, "html": _html, "txt": _text, "md": _text, "json": _json, "csv": _csv, "xlsx": _xlsx,
}  # fmt: skip
