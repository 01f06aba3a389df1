"""What a conversation was read from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """One answer as its bytes came: to which method, about what, when it was read, its length and SHA-256.

    Of an answer that somebody saved, `subject` is the file's name and `method` is empty.
    """

    method: str
    subject: str
    read_at: datetime
    size: int  # bytes
    sha256: str

    @classmethod
    def of(cls, body: bytes, subject: str, read_at: datetime, method: str = "") -> "Origin":
        """What to remember of these bytes."""
        from hashlib import sha256

        return cls(method, subject, read_at, len(body), sha256(body).hexdigest())


def joined(known: tuple[Origin, ...], added: Iterable[Origin]) -> tuple[Origin, ...]:
    """The origins in the order in which they were read, the same bytes once."""
    return tuple({each.sha256: each for each in (*known, *added)}.values())
