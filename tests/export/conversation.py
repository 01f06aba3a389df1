"""One conversation that holds everything a page can show."""

import struct
import zlib
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from viewer.chat import (
    Button,
    Card,
    Cell,
    Delimiter,
    Delivery,
    Dialog,
    Display,
    File,
    FileKind,
    GridBlock,
    LinkBlock,
    LinkItem,
    Message,
    MessageKind,
    Person,
    Reaction,
    Session,
    Side,
    TextBlock,
    Transcript,
    Votes,
)
from viewer.export import Export

MOSCOW = timezone(timedelta(hours=3))
CLIENT, OPERATOR, OTHER, BOT = 7, 12, 13, 20


def png(width: int, height: int) -> bytes:
    """A small picture."""

    def chunk(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    lines = b"".join(b"\0" + bytes((40, 80, 120)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def at(hour: int, minute: int, day: int = 11) -> datetime:
    """A moment of March 2026 in Moscow."""
    return datetime(2026, 3, day, hour, minute, tzinfo=MOSCOW)


def said(number: int, author: int, when: datetime, text: str, **more: Any) -> Message:
    """A message of the chat."""
    return Message(number, 1777, author, when, text, **more)


PEOPLE = {
    CLIENT: Person(CLIENT, "Анна Вересова", Side.CLIENT),
    OPERATOR: Person(OPERATOR, "Павел Кремнёв", Side.OPERATOR),
    OTHER: Person(OTHER, "Ирина Соколова", Side.OPERATOR),
    BOT: Person(BOT, "Зёрнышко", Side.BOT),
}
SESSION = Session(
    321, 1777, 22, "Поддержка", "telegrambot", OPERATOR, "Павел Кремнёв", opened=at(13, 9), closed=at(13, 48),
    status="closed", close_reason="operator", client_vote="like", head_vote=4, head_comment="Норма 10 минут.",
)  # fmt: skip
CARD = Card(
    (
        LinkBlock((LinkItem("Заказ № 48-1207", "https://zerno.example/deal/1"),)),
        GridBlock(
            (
                Cell(Display.ROW, "Статус", "Замена"),
                Cell(Display.LINE, "Склад", "Химки"),
                Cell(Display.LINE, "Слот", "12 марта"),
                Cell(Display.BLOCK, "Адрес", "Москва"),
                Cell(Display.TABLE, "Вес", "2 кг"),
            )
        ),
        Delimiter(),
        TextBlock("Комментарий [b]важно[/b]"),
    ),
    "#df532d",
)
FILES = {
    1: File(1, "photo_1.png", FileKind.IMAGE, 120_000),
    2: File(2, "photo_2.png", FileKind.IMAGE, 90_000),
    3: File(3, "voice_0007.ogg", FileKind.VOICE, 62 * 1024),
    4: File(4, "Акт замены.pdf", FileKind.DOCUMENT, 248 * 1024, extension="pdf"),
    5: File(5, "lost.png", FileKind.IMAGE, 1000),
}
MESSAGES = (
    said(1, 0, at(13, 9), "Начат диалог №321", kind=MessageKind.SESSION_START, session_id=321),
    said(2, 0, at(13, 9), "Здравствуйте! Ответим в течение 10 минут.", kind=MessageKind.AUTOMATIC),
    said(3, CLIENT, at(13, 10), "Чаша с трещиной 😞", file_ids=(1, 2), reactions=(Reaction("like", (OPERATOR,), 1),)),
    said(4, BOT, at(13, 10), "Что сделать?", buttons=(Button("Обмен"), Button("Возврат"))),
    said(5, OPERATOR, at(13, 22), "Заменим: https://zerno.example/obmen", edited=True, reply_to=3),
    said(6, OPERATOR, at(13, 24), "[USER=13]Ирина[/USER], проверь.", kind=MessageKind.NOTE, cards=(CARD,)),
    said(7, CLIENT, at(13, 31), "", file_ids=(3,)),
    said(8, OPERATOR, at(13, 34), "Передали:\n[code]track: STR-44\nstate:  ok[/code]", file_ids=(4, 5, 99)),
    said(9, CLIENT, at(13, 39), "مرحبا بالعالم"),
    said(10, OPERATOR, at(13, 40), "Готово", delivery=Delivery.FAILED),
    said(11, OPERATOR, at(13, 42), "", deleted=True),
    said(12, 0, at(13, 43), "[USER=12]Павел[/USER] передал диалог", kind=MessageKind.SYSTEM),
    said(13, CLIENT, at(0, 5, 12), "Спасибо!"),
    said(14, 0, at(0, 6, 12), "Диалог завершён", kind=MessageKind.SESSION_END, session_id=321, votes=Votes(321, 5, 3)),
)
TRANSCRIPT = Transcript(Dialog(1777, "Анна", "telegrambot|22|1775|599", 321), (SESSION,), MESSAGES, PEOPLE, FILES)
EXPORT = Export(
    TRANSCRIPT,
    host="zerno.bitrix24.example",
    exported_at=at(14, 5, 14),
    exported_by="Марина Лещенко",
    version="1.0.0",
    pictures={1: png(300, 200), 2: png(200, 300)},
    missing=("lost.png: the portal refused the file.",),
)


def speaking(*texts: str) -> Export:
    """An export of a conversation in which the client says these texts."""
    messages = tuple(said(n, CLIENT, at(9, 0) + timedelta(minutes=n), text) for n, text in enumerate(texts, start=1))
    return replace(EXPORT, transcript=replace(TRANSCRIPT, messages=messages, files={}), pictures={}, missing=())
