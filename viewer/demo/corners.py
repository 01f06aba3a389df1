"""Chats at the edges: the longest, the refused, the one with lost files, and scripts from right to left or without spaces."""

import random
from collections.abc import Iterator
from datetime import timedelta

from viewer.demo.world import LINES, Chat, Message, Session, World

LONG, DENIED, LOST, OPEN = 1781, 1785, 1789, 1791
LONG_SESSION, DENIED_SESSION, LOST_SESSION, OPEN_SESSION = 345, 417, 347, 421


def add_long(world: World, big: int) -> None:
    """Add the chat of `big` messages, which are made when they are first asked for."""
    chat = world.chat(LONG, LINES[0], "whatsappbyedna", "Оптовый чат «Северный обжарщик»")
    chat.member = True
    session = world.session(chat, LONG_SESSION, world.at(50, 8, 0))
    session.closed, session.status, session.reason = world.at(2, 19, 0), "closed", "auto"
    ids = 200_000
    world.late[session.id] = lambda: list(_long_messages(chat, session, big, ids))
    session.count = big


_LONG_CLIENT = (
    "Добрый день! По заказу {n} есть новости?", "Принято", "А можно разделить на две поставки?", "ок 👍", "Счёт получили, спасибо",
    "Сколько мешков осталось?", "Please send the certificate too", "У нас на складе пусто, ждём вас",
    "Вчерашняя партия {n} отличная, просим такую же обжарку на следующий месяц, а ещё проверьте, пожалуйста, помол: в прошлый раз два мешка были мельче, и кофе горчил. Фото пришлю вечером, когда вернусь на производство.",
)  # fmt: skip
_LONG_OPERATOR = (
    "Здравствуйте! Заказ {n} отгружен сегодня.", "Да, конечно.", "Осталось [B]{n}[/B] кг, резервируем?", "Документы: https://zerno.example/docs/{n}",
    "Передал на склад.", "Проверил: партия {n}, обжарка от понедельника. [I]Сертификат приложу к счёту.[/I]\n\nЕсли удобно, перенесём доставку на четверг, курьер будет с 10 до 14.",
    "Трек: [CODE]STR-{n}[/CODE]", ">>Сколько мешков осталось?\nДвенадцать.",
)  # fmt: skip


def _long_messages(chat: Chat, session: Session, big: int, first: int) -> Iterator[Message]:
    rng = random.Random(1781)
    step = timedelta(days=48) / max(1, big)
    for number in range(big):
        moment = session.opened + step * number
        if number % 97 == 0:
            text = "Обращение направлено на [USER=27 REPLACE]Павел Кремнёв[/USER]"
            yield Message(first + 2 * number, 0, moment, text)
            continue
        client = rng.random() < 0.5
        text = rng.choice(_LONG_CLIENT if client else _LONG_OPERATOR).replace("{n}", str(1000 + number))
        params: dict[str, object] = {"connectorMid": [str(number)]}
        yield Message(first + 2 * number, chat.client.id if client else 27, moment, text, params)


def add_denied(world: World) -> None:
    """Add the dialogue that nobody may read."""
    chat = world.chat(DENIED, LINES[2], "telegrambot", "Тёмная комната")
    session = world.session(chat, DENIED_SESSION, world.at(2, 16, 0), 34)
    session.denied = True
    world.play(chat, session, ["c: Этого супервайзер не видит.", "o: Именно так."])


def add_lost(world: World) -> None:
    """Add the dialogue whose files were deleted, refused, or lead to a login page, and that may not be rated."""
    chat = world.chat(LOST, LINES[0], "avito", "Елена Огнева-Лис")
    session = world.session(chat, LOST_SESSION, world.at(1, 11, 5), 28)
    session.rateable = False
    moment = world.begin(chat, session)
    client = chat.client.id

    def picture(name: str, lost: str) -> int:
        return world.file(session, client, moment, name, "image", width=640, height=480, scene="parcel", lost=lost)

    gone = world.file(session, client, moment, "gone.png", "image", width=640, height=480, scene="cup")
    del world.files[gone]
    world.say(session, client, moment, "Здравствуйте! Ещё продаёте кофемолку?", fileId=[picture("box.png", "v2"), gone])
    paper = world.file(session, client, moment, "договор_2026.docx", "file", size=31_000, lost="both")
    world.say(session, client, moment + timedelta(minutes=1), "", fileId=[paper])
    world.say(session, client, moment + timedelta(minutes=2), "", fileId=[picture("login.png", "login")])
    world.say(
        session,
        28,
        moment + timedelta(minutes=9),
        "Да, осталась одна. Файл, к сожалению, не открывается, пришлите ещё раз?",
    )
    world.close(chat, session, moment + timedelta(minutes=30), random.Random(5))


_OPEN = (
    ("answered", "Аркадий Мох", "Здравствуйте! Нужен счёт на десять килограммов.", "o: Готовлю, пришлю через час."),
    ("new", "Раиса Лань", "Добрый день. Вы работаете в субботу?", ""),
    ("spam", "SEO Boost", "We bring your shop to the top!!! Write to us today", ""),
)


def add_open(world: World) -> None:
    """Add a dialogue that goes on, one that nobody has taken yet, and spam."""
    for number, (status, name, asked, answer) in enumerate(_OPEN):
        chat = world.chat(OPEN + 2 * number, LINES[2], "telegrambot", name)
        chat.member = status != "spam"
        chat.deal = 2390 if status == "answered" else 0
        session = world.session(chat, OPEN_SESSION + number, world.at(6, 10, 30 + number), 34)
        world.play(chat, session, [f"c: {asked}", answer], ("none", 0, ""))
        session.status = status
        if status == "spam":
            session.reason = "spam"
        else:
            session.closed, session.reason = None, ""
            del session.messages[-2:]  # the request for a vote and the end


_FOREIGN = (
    ("مرحبا، هل يمكن توصيل الطلب 48-1512 إلى دبي؟", "Hello! Yes, in five working days. سعر التوصيل 20 يورو", "شكرا جزيلا 🙏 رقم الهاتف +971 500000000"),
    ("שלום, הכוס הגיעה שבורה. מה עושים?", "Hello! We will send a new one at once: https://zerno.example/obmen", "תודה רבה!"),
    ("你好,请问咖啡机什么时候发货?", "Hello! It leaves the warehouse tomorrow morning.", "好的,谢谢 👍🏽"),
)  # fmt: skip


def foreign(world: World, chat: Chat, index: int) -> None:
    """A short dialogue in a script of its own."""
    session = world.session(chat, 480 + index, world.at(4 + index, 15, 30), 29)
    first, second, third = _FOREIGN[index]
    world.play(chat, session, [f"c: {first}", f"+4 o: {second}", f"+1 c: {third}"])
