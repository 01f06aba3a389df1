"""What a user does, without Qt and without threads: generators that yield batches and obey a cancel event.

The names are fetched when they are first used: the portal's room takes 40 ms to load, and the window paints before.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from viewer.library.saving import save_bytes
    from viewer.library.transcripts import Connected, connect, fetch_file, list_sessions, open_dialogue

__all__ = ["Connected", "connect", "fetch_file", "list_sessions", "open_dialogue", "save_bytes"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    home = "saving" if name == "save_bytes" else "transcripts"
    found: object = getattr(import_module(f"viewer.library.{home}"), name)
    globals()[name] = found
    return found
