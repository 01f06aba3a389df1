"""What a user does, without Qt and without threads: generators that yield batches and obey a cancel event.

The names are fetched when they are first used: the portal's room takes 40 ms to load, and the window paints before.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.library.files import Saved, fetch_file, save_file, save_files
    from viewer.library.rating import Outcome, Rated, rate
    from viewer.library.saving import save_bytes
    from viewer.library.transcripts import Connected, connect, list_sessions, open_dialogue

_HOMES = {
    "Connected": "transcripts", "Outcome": "rating", "Rated": "rating", "Saved": "files", "connect": "transcripts",
    "fetch_file": "files", "list_sessions": "transcripts", "open_dialogue": "transcripts", "rate": "rating",
    "save_bytes": "saving", "save_file": "files", "save_files": "files",
}  # fmt: skip
__all__ = [
    "Connected", "Outcome", "Rated", "Saved", "connect", "fetch_file", "list_sessions", "open_dialogue", "rate",
    "save_bytes", "save_file", "save_files",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    found: object = getattr(import_module(f"viewer.library.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
