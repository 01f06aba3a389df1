"""A chat, its sessions and what a supervisor needs to know of them (`bitrix24-api.md` §3, §4)."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from html import unescape


@dataclass(frozen=True, slots=True)
class CrmLink:
    """A bound CRM record; `type` is lead, deal, contact or company."""

    type: str
    id: int

    @property
    def path(self) -> str:
        """The record's page, relative to the portal."""
        return f"/crm/{self.type}/details/{self.id}/"


@dataclass(frozen=True, slots=True)
class Dialog:
    """An open-line chat of one client in one line. `session_id` is its current or last session, 0 when unknown."""

    chat_id: int
    name: str = ""
    user_code: str = ""
    session_id: int = 0
    owner_id: int = 0
    message_count: int = 0
    created: datetime | None = None
    crm: tuple[CrmLink, ...] = ()

    @property
    def connector(self) -> str:
        """The channel's code: telegrambot, livechat …"""
        return self.user_code.split("|")[0]

    @property
    def line_id(self) -> int:
        """The line, from the user code (§4: `entity_data_1` does not hold it)."""
        parts = self.user_code.split("|")
        return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Rating:
    """A supervisor's rating: `stars` 1..5, 0 for none, and a comment, which may be empty."""

    stars: int = 0
    comment: str = ""

    def __bool__(self) -> bool:
        return bool(self.stars or self.comment.strip())

    def same(self, other: "Rating") -> bool:
        """Whether both say the same. The portal may escape a comment and break its lines in its own way (§10.1)."""
        return self.stars == other.stars and _plain(self.comment) == _plain(other.comment)


def _plain(comment: str) -> list[str]:
    return unescape(comment).split()


@dataclass(frozen=True, slots=True)
class Session:
    """One row of the dialogue list: a session with whatever its source told of it. Empty or 0 means unknown.

    `client_vote` is "like", "dislike" or empty; `head_vote` 1..5 or 0; `status` and `close_reason` as §3.1 names them;
    `first_answer` is the client's wait for the first answer.
    """

    id: int
    chat_id: int = 0
    line_id: int = 0
    line_name: str = ""
    connector: str = ""
    operator_id: int = 0
    operator_name: str = ""
    client_id: int = 0
    client_name: str = ""
    user_code: str = ""
    opened: datetime | None = None
    closed: datetime | None = None
    status: str = ""
    close_reason: str = ""
    client_vote: str = ""
    head_vote: int = 0
    head_comment: str = ""
    message_count: int = 0
    first_answer: timedelta | None = None
    transfers: int = 0
    crm: CrmLink | None = None
    snippet: str = ""

    def with_news(self, news: "Session") -> "Session":
        """This session with what `news` knows of it; what `news` does not know stays."""
        told = {each.name: getattr(news, each.name) for each in fields(news)}
        return replace(self, **{name: value for name, value in told.items() if value})

    @property
    def rating(self) -> Rating:
        """The supervisor's rating."""
        return Rating(self.head_vote, self.head_comment)

    def rated(self, rating: Rating) -> "Session":
        """This session with another rating of the supervisor."""
        return replace(self, head_vote=rating.stars, head_comment=rating.comment)

    @property
    def moment(self) -> datetime | None:
        """When something last happened, as far as is known."""
        return self.closed or self.opened
