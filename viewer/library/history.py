"""The exports that were made: when, what, where to. Names of files and numbers of sessions; no message."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import platformdirs

from viewer.errors import ViewerError
from viewer.library.batch import Item, Outcome, Plan, State
from viewer.library.choices import Choices
from viewer.library.saving import save_bytes
from viewer.settings import APP_NAME

log = logging.getLogger(__name__)

KEPT = 100  # exports
_NAMES = 20  # files named of one
_MOST = 32 * 1024 * 1024  # bytes


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
    """The last exports, newest first, in a file that only the user may read; in memory alone when `path` is None."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._memory: list[Entry] = []

    def entries(self) -> list[Entry]:
        """What is remembered; a damaged file means nothing, never a failure."""
        if self.path is None:
            return list(self._memory)
        try:
            told = json.loads(self.path.read_bytes()) if self.path.stat().st_size < _MOST else []
        except FileNotFoundError:
            return []
        except (OSError, ValueError, RecursionError) as error:
            log.info("the history of exports is not readable: %s", type(error).__name__)
            return []
        return [entry for each in (told if isinstance(told, list) else []) if (entry := _entry(each)) is not None]

    def add(self, entry: Entry) -> None:
        """Remember an export; the oldest beyond `KEPT` are forgotten."""
        self._keep([entry, *self.entries()][:KEPT])

    def clear(self) -> None:
        """Forget all of them."""
        self._keep([])

    def _keep(self, entries: list[Entry]) -> None:
        self._memory = entries
        if self.path is None:
            return
        try:
            save_bytes(
                json.dumps([_told(each) for each in entries], ensure_ascii=False).encode(), self.path, private=True
            )
        except ViewerError as error:
            log.info("the history of exports is not kept: %s", type(error).__name__)


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
