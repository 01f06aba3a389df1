"""Ratings that are written but not yet saved to the portal, in one small file, so that no crash loses them."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from viewer.chat import Rating
from viewer.disk import PATIENCE, SharedFile
from viewer.settings import APP_NAME

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """A rating as it was typed, and when it was kept."""

    rating: Rating
    kept: datetime


Kept = dict[str, dict[int, Draft]]  # by account and session


def default_path() -> Path:
    """Where the drafts stand on this system."""
    return platformdirs.user_data_path(APP_NAME, appauthor=False) / "drafts.json"


class Drafts:
    """Drafts in a file that only the user may read, or in memory alone when `path` is None (the demo portal).

    Every change is written at once, into what the file holds by then: another window may have written meanwhile. What
    the disk refuses lives as long as the program, and is tried again with the next change.
    """

    def __init__(self, path: Path | None, *, patience: float = PATIENCE) -> None:
        self._file = SharedFile[dict[str, Any]](path, dict, patience=patience) if path else None
        self._kept: Kept = {}
        self._waiting: dict[tuple[str, int], Draft | None] = {}  # for the disk; None where one is to be erased
        self._gone: set[str] = set()  # accounts of which nothing is to stay on it
        if self._file is not None:
            try:
                self._kept = _read(self._file.read())
            except OSError as error:
                log.info("drafts not readable: %s", type(error).__name__)
                self._kept = _read(self._file.copy())

    def get(self, account: str, session_id: int) -> Draft | None:
        """The draft of a session, None when there is none."""
        return self._kept.get(account, {}).get(session_id)

    def put(self, account: str, session_id: int, rating: Rating) -> bool:
        """Keep a draft; False when only the memory keeps it."""
        draft = Draft(rating, datetime.now(UTC))
        self._kept.setdefault(account, {})[session_id] = draft
        return self._write({(account, session_id): draft})

    def erase(self, account: str, session_id: int) -> None:
        """Forget a draft; it is no error when there is none."""
        if self._kept.get(account, {}).pop(session_id, None) is not None:
            self._write({(account, session_id): None})

    def forget(self, account: str) -> None:
        """Forget every draft of an account, those of other windows and in copies that were damaged too."""
        self._kept.pop(account, None)
        self._waiting = {place: draft for place, draft in self._waiting.items() if place[0] != account}
        if self._file is not None:
            self._gone.add(account)
            self._write({})
            self._file.discard_damaged()

    def _write(self, changes: dict[tuple[str, int], Draft | None]) -> bool:
        if self._file is None:
            return True
        self._waiting |= changes
        try:
            self._kept = _read(self._file.change(self._changed))
        except OSError as error:
            log.info("a draft was not kept: %s", type(error).__name__)
            return False
        self._waiting.clear()
        self._gone.clear()
        return True

    def _changed(self, held: dict[str, Any]) -> dict[str, Any]:
        """What the file holds, with what waits; what is no draft in it stays."""
        held = {account: drafts for account, drafts in held.items() if account not in self._gone}
        for (account, session_id), draft in self._waiting.items():
            known = held.get(account)
            drafts = {**known} if isinstance(known, dict) else {}
            drafts.pop(str(session_id), None)
            if draft is not None:
                drafts[str(session_id)] = _told(draft)
            held[account] = drafts
        return {account: drafts for account, drafts in held.items() if drafts}


def _told(draft: Draft) -> dict[str, Any]:
    return {
        "stars": draft.rating.stars,
        "comment": draft.rating.comment,
        "kept": draft.kept.isoformat(timespec="seconds"),
    }


def _read(told: dict[str, Any]) -> Kept:
    """The drafts in what a file holds."""
    kept: Kept = {}
    for account, drafts in told.items():
        for number, value in drafts.items() if isinstance(drafts, dict) else ():
            if number.isdecimal() and len(number) < 19 and (draft := _draft(value)):
                kept.setdefault(account, {})[int(number)] = draft
    return kept


def _draft(value: Any) -> Draft | None:
    """One draft of the file; None for what is none."""
    try:
        stars, comment, kept = value["stars"], value["comment"], datetime.fromisoformat(value["kept"])
    except (KeyError, TypeError, ValueError):
        return None
    if stars not in range(6) or not isinstance(comment, str) or kept.tzinfo is None:
        return None
    return Draft(Rating(int(stars), comment), kept)
