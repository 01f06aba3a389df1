"""The journal of a run: what is done, so that a run that was cut goes on where it stood. No message stands in it."""

import hashlib
import json
import logging
import os
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import platformdirs

from viewer.chat import Session
from viewer.library.batch import Item, Outcome, Plan, State
from viewer.library.choices import Choices
from viewer.settings import APP_NAME

log = logging.getLogger(__name__)

SCHEMA = "openlines-viewer-run/1"
_MOST = 64 * 1024 * 1024  # bytes of a journal that are read


def default_root() -> Path:
    """Where the journals stand on this system: not in the user's folder, which he may hand over."""
    return platformdirs.user_state_path(APP_NAME, appauthor=False) / "exports"


@dataclass(slots=True)
class Journal:
    """A file that grows by a line for each dialogue, and goes when nothing is left to be done.

    A disk that refuses is logged: the run itself goes on.
    """

    path: Path
    plan: Plan
    done: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    left: int = 0

    @property
    def rest(self) -> int:
        """How many dialogues are not yet done."""
        return len(self.plan.items) - len(self.done)

    def written(self, item: Item) -> tuple[Path, ...]:
        """The files of a dialogue that was done before, if all of them are still there."""
        paths = self.done.get(_key(item), ())
        return paths if paths and all(path.is_file() for path in paths) else ()

    def mine(self, stem: Path) -> bool:
        """Whether files of that name were begun by this run."""
        return _spelled(stem) in self.begun

    def begin(self, item: Item, stem: Path) -> None:
        """Note that a dialogue is about to be written."""
        self.begun.add(_spelled(stem))
        self._append({"begin": _key(item), "stem": str(stem.absolute())})

    def end(self, outcome: Outcome) -> None:
        """Note that a dialogue is through; one that failed is tried again by who goes on."""
        if outcome.state in (State.WRITTEN, State.INCOMPLETE, State.SKIPPED):
            self.done[_key(outcome.item)] = outcome.paths
            self._append({"end": _key(outcome.item), "paths": [str(path.absolute()) for path in outcome.paths]})

    def close(self) -> None:
        """The run came to its end by itself: nothing is to be gone on with."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _append(self, record: dict[str, Any]) -> None:
        try:
            with self.path.open("a", encoding="utf-8", errors="surrogatepass") as file:
                file.write(f"\n{json.dumps(record, ensure_ascii=False)}\n")  # the line before may have been cut
        except OSError as error:
            log.info("the journal is not kept: %s", type(error).__name__)


def begin(plan: Plan, account: str, root: Path | None = None) -> Journal:
    """Begin the journal of a run; that of an earlier one to the same folder gives way."""
    journal = Journal(_place(account, plan.folder, root), plan)
    head = {
        "schema": SCHEMA,
        "folder": str(plan.folder.absolute()),
        "choices": plan.choices.plain(),
        "filters": plan.filters,
        "items": [_told(item) for item in plan.items],
    }
    try:
        journal.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _former_place(account, plan.folder, root).unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        file = os.fdopen(os.open(journal.path, flags, 0o600), "w", encoding="utf-8", errors="surrogatepass")
        with file:
            file.write(json.dumps(head, ensure_ascii=False) + "\n")
    except OSError as error:
        log.info("the journal is not kept: %s", type(error).__name__)
    return journal


def find(account: str, folder: Path, root: Path | None = None) -> Journal | None:
    """The journal of a run to this folder that was cut; None when there is none, or it cannot be read."""
    path = _place(account, folder, root)
    if not path.exists():
        path = _former_place(account, folder, root)
    try:
        if path.stat().st_size > _MOST:
            return None
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return None
    records = [record for line in lines if (record := _record(line)) is not None]
    if not records or records[0].get("schema") != SCHEMA:
        return None
    items = _items(records[0].get("items"))
    choices = records[0].get("choices")
    filters = records[0].get("filters")
    plan = Plan(items, Choices.of_plain(choices if isinstance(choices, dict) else {}), folder)
    journal = Journal(path, replace(plan, filters=filters if isinstance(filters, str) else ""))
    for record in records[1:]:
        if isinstance(record.get("stem"), str):
            journal.begun.add(_spelled(Path(record["stem"])))
        if isinstance(record.get("end"), str) and isinstance(record.get("paths"), list):
            journal.done[record["end"]] = tuple(Path(each) for each in record["paths"] if isinstance(each, str))
    return journal if items and journal.rest > 0 else None


def _place(account: str, folder: Path, root: Path | None) -> Path:
    return _named(f"{account}\n{_spelled(folder)}", root)


def _former_place(account: str, folder: Path, root: Path | None) -> Path:
    """Where earlier versions kept it: by the folder as it was typed."""
    return _named(f"{account}\n{folder.absolute()}", root)


def _named(text: str, root: Path | None) -> Path:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return (root or default_root()) / f"{digest[:24]}.jsonl"


def _spelled(path: Path) -> str:
    """A path in the one spelling that stands for all by which the system knows it."""
    told = os.path.normcase(os.path.realpath(path))
    # Windows is done with that; a Mac takes letters of either case, with accents in one piece or two.
    return unicodedata.normalize("NFC", told).casefold() if sys.platform == "darwin" else told


def _key(item: Item) -> str:
    return f"{item.reference}{'+' if item.whole else ''}"


def _told(item: Item) -> dict[str, Any]:
    line = item.session.line_name if item.session else ""
    session = item.session.id if item.session else 0
    return {
        "reference": item.reference, "title": item.title, "number": item.number, "whole": item.whole,
        "session": session, "line": line,
    }  # fmt: skip


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):  # the last line of a run that was cut while it wrote
        return None
    return told if isinstance(told, dict) else None


def _items(value: Any) -> tuple[Item, ...]:
    made = []
    for told in value if isinstance(value, list) else []:
        known = told if isinstance(told, dict) else {}
        reference, title, line = (known.get(name) for name in ("reference", "title", "line"))
        number, session = known.get("number"), known.get("session")
        if not isinstance(reference, str) or not isinstance(title, str) or not isinstance(number, int):
            continue
        listed = Session(session, line_name=line) if isinstance(session, int) and isinstance(line, str) else None
        made.append(Item(reference, title, number, listed, whole=known.get("whole") is True))
    return tuple(made)


def go_on(journal: Journal, items: Sequence[Item] = ()) -> Plan:
    """The plan of a run that was cut, its items as they are known now."""
    known = {_key(item): item for item in items}
    plan = journal.plan
    return replace(plan, items=tuple(known.get(_key(item), item) for item in plan.items))
