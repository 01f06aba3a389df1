"""The exports that were made: when, what, where to. Names of files and numbers of sessions; no message."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs

from viewer.disk import PATIENCE, SharedFile
from viewer.library.batch import Item, Outcome, Plan, State
from viewer.library.choices import Choices
from viewer.settings import APP_NAME

log = logging.getLogger(__name__)

KEPT = 100  # exports
_NAMES = 20  # files named of one


@dataclass(frozen=True, slots=True)
class Entry:
    """One export. `scope` is "selected", "session", "chat" or "list"; `references` name its dialogues to the portal."""

    when: datetime
    account: str
    scope: str
    title: str
    folder: Path
    names: tuple[str, ...]
    references: tuple[str, ...]
    choices: Choices
    written: int = 0
    failed: int = 0
    messages: int = 0
    files: int = 0
    size: int = 0

    def items(self) -> tuple[Item, ...]:
        """Its dialogues, to be exported again; selected messages are not known any more."""
        whole = self.scope == "chat"
        return tuple(Item(each, each, number, whole=whole) for number, each in enumerate(self.references, 1))


def default_path() -> Path:
    """Where the history stands on this system."""
    return platformdirs.user_data_path(APP_NAME, appauthor=False) / "exports.json"


def entry_of(plan: Plan, scope: str, account: str, outcomes: Sequence[Outcome], when: datetime) -> Entry:
    """What is kept of a run."""
    good = [each for each in outcomes if each.state in (State.WRITTEN, State.INCOMPLETE)]
    paths = [path for each in outcomes for path in each.paths if each in good]
    first = plan.items[0].title if plan.items else ""
    if plan.choices.redaction is not None:
        first = next((path.stem for path in paths), "")
    return Entry(
        when=when,
        account=account,
        scope=scope,
        title=first,
        folder=plan.folder,
        names=tuple(str(path.relative_to(plan.folder)) for path in paths[:_NAMES]),
        references=tuple(item.reference for item in plan.items),
        choices=plan.choices,
        written=len(good),
        failed=sum(each.state is State.FAILED for each in outcomes),
        messages=sum(each.messages for each in good),
        files=len(paths),
        size=sum(each.size for each in good),
    )


class History:
    """The last exports, newest first, in a file that only the user may read; in memory alone when `path` is None.

    What the disk refuses lives as long as the program, and is tried again with the next export.
    """

    def __init__(self, path: Path | None, *, patience: float = PATIENCE) -> None:
        self.path = path
        self._file = SharedFile[list[Any]](path, list, patience=patience) if path else None
        self._waiting: list[Entry] = []  # for the disk
        self._cleared = False  # and what the disk holds is to be forgotten
        self._gone: set[str] = set()  # or what it holds of these accounts

    def entries(self) -> list[Entry]:
        """What is remembered; a file that cannot be read is no failure."""
        if self._file is None:
            return list(self._waiting)
        try:
            held = self._file.read()
        except OSError as error:
            log.info("the history of exports is not readable: %s", type(error).__name__)
            held = self._file.copy()
        return [entry for each in self._changed(held) if (entry := _entry(each)) is not None]

    def add(self, entry: Entry) -> None:
        """Remember an export; the oldest beyond `KEPT` are forgotten."""
        self._waiting = [entry, *self._waiting][:KEPT]
        self._keep()

    def clear(self) -> None:
        """Forget all of them."""
        self._waiting, self._cleared = [], True
        self._keep()

    def forget(self, account: str) -> None:
        """Forget the exports of an account, in copies that were damaged too."""
        self._waiting = [entry for entry in self._waiting if entry.account != account]
        if self._file is not None:
            self._gone.add(account)
            self._keep()
            self._file.discard_damaged()

    def _keep(self) -> None:
        if self._file is None:
            return
        try:
            self._file.change(self._changed)
        except OSError as error:
            log.info("the history of exports is not kept: %s", type(error).__name__)
        else:
            self._waiting, self._cleared = [], False
            self._gone.clear()

    def _changed(self, held: list[Any]) -> list[Any]:
        """What the file holds, with what waits."""
        kept = [each for each in held if not (isinstance(each, dict) and each.get("account") in self._gone)]
        return [*map(_told, self._waiting), *([] if self._cleared else kept)][:KEPT]


_TEXTS = ("account", "scope", "title")
_COUNTS = ("written", "failed", "messages", "files", "size")


def _told(entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(entry, name) for name in (*_TEXTS, *_COUNTS)}
    return {
        **told,
        "when": entry.when.isoformat(timespec="seconds"),
        "folder": str(entry.folder),
        "names": list(entry.names),
        "references": list(entry.references),
        "choices": entry.choices.plain(),
    }


def _entry(told: Any) -> Entry | None:
    """One entry of the file; None for what is none."""
    try:
        texts: dict[str, Any] = {name: str(told[name]) for name in _TEXTS}
        counts: dict[str, Any] = {name: int(told[name]) for name in _COUNTS}
        return Entry(
            when=datetime.fromisoformat(told["when"]),
            folder=Path(told["folder"]),
            names=_strings(told["names"]),
            references=_strings(told["references"]),
            choices=Choices.of_plain(told["choices"]),
            **texts,
            **counts,
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str))
