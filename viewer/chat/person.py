"""Who speaks: client, operator, bot or the portal itself (`bitrix24-api.md` §5.5)."""

from dataclasses import dataclass
from enum import Enum


class Side(Enum):
    """On whose behalf somebody writes."""

    CLIENT = "client"
    OPERATOR = "operator"
    BOT = "bot"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Person:
    """A participant as the portal describes him. `id` 0 is the portal itself. `avatar` is a URL or empty."""

    id: int
    name: str
    side: Side
    position: str = ""
    avatar: str = ""

    @property
    def initials(self) -> str:
        """Up to two letters for a drawn avatar."""
        words = [word for word in self.name.replace("#", " ").split() if word[0].isalnum()]
        picked = (words[0][0] + words[-1][0]) if len(words) > 1 else (words[0][:1] if words else "?")
        return picked.upper()


PORTAL = Person(0, "", Side.SYSTEM)
