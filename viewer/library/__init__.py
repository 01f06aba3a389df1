"""What a user does, without Qt and without threads: generators that yield batches and obey a cancel event."""

from viewer.library.saving import save_bytes
from viewer.library.transcripts import Connected, connect, fetch_file, list_sessions, open_dialogue

__all__ = ["Connected", "connect", "fetch_file", "list_sessions", "open_dialogue", "save_bytes"]
