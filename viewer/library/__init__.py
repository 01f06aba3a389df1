"""What a user does, without Qt and without threads: generators that yield batches and obey a cancel event.

The names are fetched when they are first used: the portal's room takes 40 ms to load, and the window paints before.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.library.before import (
        Began,
        Beginning,
        Ended,
        Siblings,
        Unreadable,
        begins_here,
        chat_sessions,
        earlier,
        whole_chat,
    )
    from viewer.library.diagnosing import diagnose
    from viewer.library.files import Saved, fetch_file, save_file, save_files
    from viewer.library.rating import Outcome, Rated, rate
    from viewer.library.saved import open_saved
    from viewer.library.saving import save_bytes
    from viewer.library.transcripts import Connected, connect, list_sessions, open_dialogue, read_chat

_HOMES = {
    "Began": "before", "Beginning": "before", "Connected": "transcripts", "Ended": "before", "Outcome": "rating",
    "Rated": "rating", "Saved": "files", "Siblings": "before", "Unreadable": "before", "begins_here": "before",
    "chat_sessions": "before", "connect": "transcripts", "diagnose": "diagnosing", "earlier": "before",
    "fetch_file": "files", "list_sessions": "transcripts", "open_dialogue": "transcripts", "open_saved": "saved",
    "rate": "rating", "read_chat": "transcripts", "save_bytes": "saving", "save_file": "files",
    "save_files": "files", "whole_chat": "before",
}  # fmt: skip
__all__ = [
    "Began", "Beginning", "Connected", "Ended", "Outcome", "Rated", "Saved", "Siblings", "Unreadable",
    "begins_here", "chat_sessions", "connect", "diagnose", "earlier", "fetch_file", "list_sessions",
    "open_dialogue", "open_saved", "rate", "read_chat", "save_bytes", "save_file", "save_files", "whole_chat",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    found: object = getattr(import_module(f"viewer.library.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
