"""Ratings that are written but not yet saved to the portal, in one small file, so that no crash loses them."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs

from viewer.chat import Rating
from viewer.errors import ViewerError
from viewer.library.saving import save_bytes
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

    Every change is written at once, into what the file holds by then: another window may have written meanwhile. A
    damaged file is set aside, not lost; where the disk refuses, the drafts live as long as the program.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._kept: Kept = _read(path)[0] if path else {}

    def get(self, account: str, session_id: int) -> Draft | None:
        """The draft of a session, None when there is none."""
        return self._kept.get(account, {}).get(session_id)

    def put(self, account: str, session_id: int, rating: Rating) -> bool:
        """Keep a draft; False when only the memory keeps it."""
        draft = Draft(rating, datetime.now(UTC))
        self._kept.setdefault(account, {})[session_id] = draft
        return self._write(account, session_id, draft)

    def erase(self, account: str, session_id: int) -> None:
        """Forget a draft; it is no error when there is none."""
        if self._kept.get(account, {}).pop(session_id, None) is not None:
            self._write(account, session_id, None)

    def forget(self, account: str) -> None:
        """Forget every draft of an account."""
        for session_id in list(self._kept.get(account, {})):
            self.erase(account, session_id)

    def _write(self, account: str, session_id: int, draft: Draft | None) -> bool:
        if self.path is None:
            return True
        try:
            kept, sound = _read(self.path)
            if not sound:
                self.path.replace(self.path.with_name(f"{self.path.name}.damaged"))
            if draft is None:
                kept.get(account, {}).pop(session_id, None)
            else:
                kept.setdefault(account, {})[session_id] = draft
            save_bytes(_encoded(kept), self.path, private=True)
        except (OSError, ViewerError) as error:
            log.info("a draft was not kept: %s", type(error).__name__)
            return False
        return True


def _encoded(kept: Kept) -> bytes:
    told = {
        account: {
            str(number): {
                "stars": draft.rating.stars,
                "comment": draft.rating.comment,
                "kept": draft.kept.isoformat(timespec="seconds"),
            }
            for number, draft in drafts.items()
        }
        for account, drafts in kept.items()
        if drafts
    }
    return json.dumps(told, indent=1).encode()


def _read(path: Path) -> tuple[Kept, bool]:
    """The drafts in a file, and whether the file was one of ours; none and True when there is no file."""
    try:
        told = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}, True
    except (OSError, ValueError, RecursionError) as error:
        log.info("drafts not readable: %s", type(error).__name__)
        return {}, False
    if not isinstance(told, dict):
        return {}, False
    kept: Kept = {}
    for account, drafts in told.items():
        for number, value in drafts.items() if isinstance(drafts, dict) else ():
            if number.isdecimal() and len(number) < 19 and (draft := _draft(value)):
                kept.setdefault(account, {})[int(number)] = draft
    return kept, True


def _draft(value: Any) -> Draft | None:
    """One draft of the file; None for what is none."""
    try:
        stars, comment, kept = value["stars"], value["comment"], datetime.fromisoformat(value["kept"])
    except (KeyError, TypeError, ValueError):
        return None
    if stars not in range(6) or not isinstance(comment, str) or kept.tzinfo is None:
        return None
    return Draft(Rating(int(stars), comment), kept)
