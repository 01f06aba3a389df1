"""Conversations to lay out, made of chat records."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from viewer.chat import (
    Dialog,
    File,
    FileKind,
    Message,
    MessageKind,
    Person,
    Row,
    Session,
    Side,
    Transcript,
    Votes,
    rows,
)

ZONE = timezone(timedelta(hours=3))
CLIENT = Person(101, "Анна Вересова", Side.CLIENT)
OPERATOR = Person(7, "Павел Кремнёв", Side.OPERATOR)
BOT = Person(9, "Зёрнышко", Side.BOT)
OPENED = datetime(2026, 3, 11, 13, 9, tzinfo=ZONE)
SESSION = Session(321, 1763, connector="telegrambot", opened=OPENED, closed=OPENED + timedelta(minutes=39))


def message(number: int, author: Person | None, text: str = "", *, minute: float = 0.0, **more: Any) -> Message:
    """A message, `minute` minutes after the session opened."""
    when = OPENED + timedelta(minutes=minute)
    return Message(number, 1763, author.id if author else 0, when, text, **more)


def conversation(*messages: Message, files: tuple[File, ...] = ()) -> tuple[list[Row], Transcript]:
    """Rows and transcript of some messages."""
    transcript = Transcript(
        Dialog(1763, user_code="telegrambot|3|1|101"),
        (SESSION,),
        messages,
        {person.id: person for person in (CLIENT, OPERATOR, BOT)},
        {file.id: file for file in files},
    )
    return rows(transcript), transcript


def long(count: int, text: Callable[[int], str] = "Message {}".format) -> tuple[list[Row], Transcript]:
    """`count` messages that take turns, every fifth several lines long."""
    said = (
        message(
            number,
            CLIENT if number % 3 else OPERATOR,
            text(number) + (" and some more words" * 30 if number % 5 == 0 else ""),
            minute=number / 2,
        )
        for number in range(1, count + 1)
    )
    return conversation(*said)


PICTURE = File(1, "cup.jpg", FileKind.IMAGE, 90_000, 1200, 900, "jpg")
PAPER = File(5, "Акт замены.pdf", FileKind.DOCUMENT, 253_952, extension="pdf")
SYSTEM = tuple(
    message(number, None, f"System line {number}", minute=0.1, kind=MessageKind.SYSTEM) for number in (201, 202, 203)
)
END = message(900, None, minute=39, kind=MessageKind.SESSION_END, session_id=321, votes=Votes(321, 5, 4, "Good"))
