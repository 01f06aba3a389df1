"""A chat, its sessions and what a supervisor needs to know of them (`bitrix24-api.md` §3, §4)."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta


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
    def moment(self) -> datetime | None:
        """When something last happened, as far as is known."""
        return self.closed or self.opened
