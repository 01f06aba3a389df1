"""One message of a chat (`bitrix24-api.md` §5.4, §6, §10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from viewer.chat.card import Card


class MessageKind(Enum):
    """What a message is to the reader (§10.2)."""

    TEXT = "text"  # written by a person or a bot
    AUTOMATIC = "automatic"  # by the portal, sent to the client
    NOTE = "note"  # by the portal with data, internal: a page visited, a CRM record created
    FORM = "form"  # a CRM form was sent
    VOTE_REQUEST = "vote-request"  # the client was asked to rate
    SESSION_START = "session-start"
    SESSION_END = "session-end"
    TRANSFER = "transfer"  # who answers the client changed: taken, passed on, back in the queue
    MEMBER = "member"  # somebody joined the chat or left it
    VOTE = "vote"  # the client or a supervisor has rated: the portal says so in words
    SYSTEM = "system"  # any other line of the portal, internal
    UNKNOWN = "unknown"  # nothing that can be shown: a sticker, or a message that could not be read

    @property
    def client_sees(self) -> bool:
        """Whether the client got this message."""
        return self in _SEEN_BY_CLIENT


_SEEN_BY_CLIENT = frozenset(
    {MessageKind.TEXT, MessageKind.AUTOMATIC, MessageKind.FORM, MessageKind.VOTE_REQUEST, MessageKind.UNKNOWN}
)


class Delivery(Enum):
    """Whether a message reached the client's channel."""

    DELIVERED = "delivered"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Forward:
    """Where a forwarded message came from; every part may be unknown."""

    message_id: int = 0
    person_id: int = 0
    chat_title: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """A sign that people put on a message: `code` as the portal names it, who did where that is known, and how many."""

    code: str
    people: tuple[int, ...] = ()
    count: int = 0

    @property
    def emoji(self) -> str:
        """The sign; a question mark in a box for a code that is not known."""
        return _EMOJI.get(self.code, "⍰")


_EMOJI = {
    "like": "👍", "dislike": "👎", "kiss": "😘", "laugh": "😂", "wonder": "😮", "cry": "😢", "angry": "😡",
    "facepalm": "🤦",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sticker:
    """A sticker; the portal may tell its picture's address and its name, or neither."""

    url: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A keyboard button of a bot: shown, never pressed. `new_line` starts a new row of buttons."""

    text: str
    url: str = ""
    new_line: bool = False


@dataclass(frozen=True, slots=True)
class Votes:
    """What the closing message knows of ratings: `client` 0 none, 1 bad, 5 good; `head` 0..5 (§10.1)."""

    session_id: int = 0
    client: int = 0
    head: int = 0
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as read from the portal, whatever method brought it.

    `date` keeps the offset the portal sent. `text` is markup source. `session_id` is known on messages that open or
    close a session, else 0. `markdown` says which dialect the text is read in at first. `author_name` and
    `author_avatar` override the author's own where not empty. `raw` is the portal's own object, for the reader who
    wants to see it.
    """

    id: int
    chat_id: int
    author_id: int
    date: datetime
    text: str = ""
    kind: MessageKind = MessageKind.TEXT
    session_id: int = 0
    cards: tuple[Card, ...] = ()
    file_ids: tuple[int, ...] = ()
    buttons: tuple[Button, ...] = ()
    edited: bool = False
    deleted: bool = False
    pinned: bool = False
    delivery: Delivery = Delivery.DELIVERED
    reply_to: int = 0
    forward: Forward | None = None
    author_name: str = ""
    author_avatar: str = ""
    reactions: tuple[Reaction, ...] = ()
    sticker: Sticker | None = None
    votes: Votes | None = None
    markdown: bool = False
    problem: str = ""  # why a message of kind UNKNOWN cannot be shown, in the user's language
    raw: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)

    @property
    def internal(self) -> bool:
        """Whether the client never saw this message; of what cannot be shown, the portal's own lines."""
        return not self.kind.client_sees or (self.kind is MessageKind.UNKNOWN and self.author_id == 0)

    @property
    def likes(self) -> tuple[int, ...]:
        """Who liked the message."""
        return next((reaction.people for reaction in self.reactions if reaction.code == "like"), ())
