"""The special chats: the dialogue of the mock-ups, one that holds every kind of message, the long one, the refused one."""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from viewer.demo.world import BOT, LINES, ZONE, Chat, Message, Session, World

ANNA, KINDS, LONG, DENIED, LOST = 1763, 1777, 1781, 1785, 1789
KINDS_SESSION, LONG_SESSION, DENIED_SESSION, LOST_SESSION = 343, 345, 417, 347
RULE = "-" * 54


def build(world: World, big: int) -> None:
    """Add every special chat."""
    _anna(world)
    _kinds(world)
    _long(world, big)
    _denied(world)
    _lost(world)


def _at(world: World, days: int, hour: int, minute: int) -> datetime:
    return datetime.combine(world.today - timedelta(days=days), time(hour, minute), ZONE)


# --- the dialogue of the mock-ups ---


def _anna(world: World) -> None:
    chat = world.chat(ANNA, LINES[0], "telegrambot", "Анна Вересова")
    chat.deal = 2214
    for number, days, operator, votes in (
        (154, 54, 28, ("none", 3, "Ответ верный, но медленный.")),
        (288, 25, 28, ("like", 5, "")),
    ):
        old = world.session(chat, number, _at(world, days, 12, 10), operator)
        world.play(chat, old, _ANNA_EARLIER[number], votes)
    session = world.session(chat, 321, _at(world, 3, 13, 9))
    _anna_today(world, chat, session)
    session.closed, session.status, session.reason = _at(world, 3, 13, 48), "closed", "operator"
    session.client_vote = "like"


_ANNA_EARLIER = {
    154: [
        "c: Добрый день! Подойдёт ли к МВ-2 чаша от старой модели?",
        "+6 o: Здравствуйте, Анна! К сожалению, нет: у МВ-2 другой диаметр посадки, 58 мм.",
        "c: А переходник бывает?", "+9 o: Переходника не бывает, но чаша есть на складе: https://zerno.example/cup-mb2",
        "c: Поняла, спасибо",
    ],
    288: [
        "c: Здравствуйте. Заказ 48-1133 приедет до пятницы?",
        "+2 o: Здравствуйте! Да, он уже в Химках. Курьер позвонит утром.", "c: Супер 👍", "@like",
        "+1 o: Хорошего дня!",
    ],
}  # fmt: skip


def _anna_today(world: World, chat: Chat, session: Session) -> None:
    client, pavel = chat.client.id, 27

    def at(hour: int, minute: int) -> datetime:
        return _at(world, 3, hour, minute)

    link = "[URL=/online/?IM_HISTORY=imol|321]321[/URL]"
    output = {"class": "bx-messenger-content-item-ol-output", "type": "lines"}
    world.say(
        session,
        0,
        at(13, 9),
        "Здравствуйте! Ответим в течение 10 минут. Укажите номер заказа.",
        imolForm="welcome",
        **output,
    )
    world.say(
        session,
        0,
        at(13, 9),
        f"Начат новый диалог №{link}",
        **{"class": "bx-messenger-content-item-ol-start", "imolSid": 321},
    )
    world.say(session, 0, at(13, 9), "Обращение направлено на [USER=27 REPLACE]Павел Кремнёв[/USER]")
    world.say(session, 0, at(13, 10), "[USER=90 REPLACE]Зёрнышко[/USER] присоединился к диалогу", code=["CHAT_JOIN"])
    moment = at(13, 10)
    first = world.say(
        session,
        client,
        moment,
        "Заказ 48-1207: коробка мятая, чаша с трещиной 😞 Доставка тоже опоздала.",
        like=[pavel],
        connectorMid=["1"],
    )
    first.params["fileId"] = [
        world.file(session, client, moment, f"photo_{index + 1}.png", "image", width=width, height=height, scene=scene)
        for index, (scene, width, height) in enumerate((("parcel", 1280, 960), ("cup", 640, 480), ("label", 800, 600)))
    ]
    buttons = {
        "BUTTONS": [{"TEXT": text, "TYPE": "BUTTON", "DISPLAY": "LINE"} for text in ("Обмен", "Возврат", "Оператор")]
    }
    world.say(session, BOT, at(13, 10), "Что хотите сделать с заказом?", keyboard=buttons)
    quote = f"{RULE}\nАнна Вересова [13:10] #chat{ANNA}/{first.id}\nкоробка мятая, чаша с трещиной 😞\n{RULE}\n"
    world.say(
        session, pavel, at(13, 22), quote + "Анна, извините! Заменим, доставка за наш счёт: [URL]https://zerno.example/obmen[/URL]",
        isEdited="Y", connectorMid=["2"],
    )  # fmt: skip
    world.say(
        session, 0, at(13, 24), "[USER=33]Ирина Соколова[/USER], проверь остаток чаш МВ-2 и слоты доставки.",
        **{"class": "bx-messenger-content-item-system"},
    )  # fmt: skip
    cells = [{"display": "ROW", "name": "Статус", "value": "Замена без возврата, 18 490 ₽", "colorToken": "base"}]
    cells += [
        {"display": "LINE", "name": name, "value": value, "colorToken": "base"}
        for name, value in (("Склад", "Химки, 6 шт."), ("Слот", "12 марта, 10–14"), ("Курьер", "Стриж"))
    ]
    card = {
        "id": 1773223765, "color": "#8A5200", "description": "",
        "blocks": [{"link": [{"name": "Заказ № 48-1207 в CRM", "link": "/crm/deal/details/2214/"}]}, {"grid": cells}],
    }  # fmt: skip
    world.say(session, 0, at(13, 26), "", attach=[card], **{"class": "bx-messenger-content-item-system"})
    voice = world.file(session, client, at(13, 31), "voice_0007.wav", "audio", size=62_000)
    world.say(session, client, at(13, 31), "", fileId=[voice], connectorMid=["3"])
    paper = world.file(session, pavel, at(13, 34), "Акт замены 48-1207.pdf", "file", size=253_952)
    code = "[CODE]track: STR-2026-004417\nstate: handed_over[/CODE]"
    world.say(session, pavel, at(13, 34), f"Передали замену курьеру:\n{code}", fileId=[paper], connectorMid=["4"])
    for minute, who, text in (
        (
            36,
            client,
            "А если курьер приедет раньше десяти? Меня не будет дома, только муж. Ему нужен паспорт или хватит номера заказа?",
        ),
        (
            38,
            pavel,
            "Хватит номера заказа и последних четырёх цифр телефона. Раньше 10:00 курьер не приедет, за час до визита придёт сообщение. Если планы изменятся, перенести слот можно самостоятельно: https://zerno.example/slot/STR-2026-004417",
        ),
        (39, client, "Can you also send the manual in English? My mother-in-law will be using the machine."),
        (
            40,
            pavel,
            "Of course, here it is: https://zerno.example/docs/mb-2-manual-en.pdf. Page 14 explains how to fit the new bowl.",
        ),
        (41, client, "Спасибо, подойдёт! 🙏"),
    ):
        world.say(session, who, at(13, minute), text, connectorMid=["5"])
    world.say(session, pavel, at(13, 42), "", isDeleted="Y")
    world.say(
        session,
        0,
        at(13, 48),
        "Диалог завершён. Оцените, пожалуйста, нашу работу.",
        imolVote="321",
        **{**output, "class": f"{output['class']} bx-messenger-content-item-vote"},
    )
    world.say(
        session,
        0,
        at(13, 48),
        "Диалог завершён.",
        imolVoteSid=321,
        imolVoteUser=5,
        imolVoteHead=0,
        componentId="bx-imopenlines-message",
        type="lines",
        **{"class": "bx-messenger-content-item-ol-end"},
    )


# --- every kind of message ---


def _kinds(world: World) -> None:
    chat = world.chat(KINDS, LINES[1], "livechat", "Green Guest #17")
    chat.member = True
    session = world.session(chat, KINDS_SESSION, _at(world, 1, 11, 20), 29)
    moment = world.begin(chat, session)
    for number, (who, text, params) in enumerate(_every_kind(world, chat, session, moment)):
        author = {"c": chat.client.id, "o": 29, "b": BOT, "s": 0}[who]
        world.say(session, author, moment + timedelta(minutes=number), text, **params)
    votes = ("like", 4, "Clear answers; the second one could be shorter.")
    world.close(chat, session, moment + timedelta(hours=1, minutes=20), random.Random(3), votes)


Said = tuple[str, str, dict[str, object]]


def _every_kind(world: World, chat: Chat, session: Session, moment: datetime) -> Iterator[Said]:
    yield from _texts(session)
    yield from _cards()
    yield from _files(world, chat, session, moment)
    yield from _marks(session)


def _texts(session: Session) -> Iterator[Said]:
    yield "c", "Hello! Is the [B]bold[/B], [I]italic[/I], [U]underlined[/U] and [S]struck[/S] text shown?", {}
    yield (
        "o",
        "[SIZE=20]Large[/SIZE], [SIZE=9]small[/SIZE], [COLOR=#b02a22]red[/COLOR], [color=#0a0]green[/color], [B][I]nested[/I] [U]tags[/U][/B].",
        {},
    )
    yield (
        "o",
        "Links: https://zerno.example/a?b=1&c=(2). [URL=https://zerno.example/manual]the manual[/URL], [URL]https://zerno.example[/URL], [URL=/crm/deal/details/2214/]a deal[/URL], почта.рф: http://пример.рф/путь, sales@zerno.example, +7 900 000-12-34.",
        {},
    )
    yield (
        "c",
        "Not links: [URL=javascript:alert(1)]press me[/URL], file:///etc/passwd, <b>HTML</b> & <script>alert(1)</script>",
        {},
    )
    yield (
        "o",
        "[USER=33]Irina[/USER], [USER=27 REPLACE]Pavel[/USER], [USER=28][/USER] and [USER=all]everybody[/USER]; see [CHAT=1763]this chat[/CHAT] or [CHAT=imol|321]session 321[/CHAT], [CONTEXT=chat1763/80001]that message[/CONTEXT].",
        {},
    )
    yield (
        "o",
        "[CALL=+79000001234]Call us[/CALL] [PCH=5]call record[/PCH] [SEND=/help]Help[/SEND] [PUT=/order]Order[/PUT] [DISK=5003] [TIMESTAMP=1773223765 FORMAT=SHORT_TIME_FORMAT] [ICON=https://zerno.example/i.png size=20 title=Bean]",
        {},
    )
    yield "c", "[IMG size=small]https://zerno.example/cup.png [/IMG]", {}
    yield "c", ">>How long does delivery take?\n>>And to Cork?\nStill waiting for the answer", {}
    first = session.messages[-1].id
    yield (
        "o",
        f"{RULE}\nGreen Guest #17 [Today, 11:28] #chat{KINDS}/{first}\nStill waiting for the answer\n{RULE}\nThree working days, also to Cork.",
        {},
    )
    yield "o", f"{RULE}\nan anonymous quote\n{RULE}\nand the reply", {}
    yield "o", "Run this:\n[CODE]\n[b]not bold[/b]\nfor cup in cups:\n    cup.wash()[/CODE]", {}
    yield "c", "/me goes to look at the box", {}
    yield "c", "/loud IT IS BROKEN", {}
    yield (
        "c",
        "Unknown tags stay: [TABLE][TR]x[/TR][/TABLE] [FONT=Arial]y[/FONT], so do [B]unclosed ones, and [/I] strays",
        {},
    )
    yield "c", "👨‍👩‍👧‍👦🇷🇺👍🏽", {}
    yield "c", "Emoji among words: 👩‍💻 fixes it ❤️ in 🇵🇹", {}
    yield "c", "first line[BR]second line#BR#third line\n\n\tindented    with spaces", {}
    yield "c", "https://zerno.example/" + "very-long-path-without-any-break" * 8, {}
    yield (
        "b",
        "## Delivery\n\n| place | days |\n| --- | --- |\n| Leeds | 3 |\n| Cork | 4 |\n\n1. Choose a *slot*\n2. Confirm it with **one** word\n\n```\nslot 14\n```\n> anything else?",
        {"componentParams": {"markdown": True}},
    )
    yield (
        "s",
        "[USER=29 REPLACE]Hanna Brandt[/USER] transferred the conversation to [USER=35 REPLACE]Marcus Hale[/USER]",
        {},
    )
    yield "s", "The client rated the work: [RATING=4]", {}


def _cards() -> Iterator[Said]:
    system = {"class": "bx-messenger-content-item-system"}
    blocks = [
        {"message": "A lead was [B]created[/B] for [USER=27]Pavel[/USER]"}, {"delimiter": {"size": 400, "color": "#c6c6c6"}},
        {"user": [{"name": "Hanna Brandt", "avatar": "", "link": "/company/personal/user/29/"}]},
        {"link": [{"name": "The order", "link": "https://zerno.example/order/48-1207", "desc": "Paid, packed, on its way"}]},
        {"image": [{"name": "A cup", "link": "https://zerno.example/cup.png", "width": 640, "height": 480}]},
        {"file": [{"name": "price.xlsx", "link": "https://zerno.example/price.xlsx", "size": 48_211}]},
        {"richLink": [{"name": "MB-2, the machine", "link": "https://zerno.example/mb-2", "desc": "Two bowls, one pump"}]},
        {"carousel": [{"title": "A block of a kind to come"}]},
    ]  # fmt: skip
    yield (
        "s",
        "[B]Every block[/B]",
        {"attach": [{"id": 1, "color": "#2fc6f6", "blocks": blocks, "description": ""}], **system},
    )
    grid = [
        {"DISPLAY": "BLOCK", "NAME": "Block", "VALUE": "name over value"}, {"DISPLAY": "ROW", "NAME": "Row", "VALUE": "[B]beside[/B]"},
        {"DISPLAY": "COLUMN", "NAME": "Column", "VALUE": "as a row"}, {"DISPLAY": "LINE", "NAME": "Line 1", "VALUE": "one"},
        {"DISPLAY": "LINE", "NAME": "Line 2", "VALUE": "two", "COLOR": "#df532d"}, {"DISPLAY": "CARD", "NAME": "Card", "VALUE": "as a line"},
        {"DISPLAY": "TABLE", "NAME": "Table", "VALUE": "dense"}, {"DISPLAY": "TABLE", "NAME": "", "VALUE": "a lone value", "LINK": "https://zerno.example"},
    ]  # fmt: skip
    yield (
        "s",
        "[B]Every grid[/B], the other spelling",
        {"attach": {"ID": 2, "COLOR_TOKEN": "alert", "BLOCKS": [{"GRID": grid}]}, **system},
    )
    yield "s", "A bare list of blocks", {"attach": [{"message": "without a wrapper"}], **system}
    yield "s", "Junk in place of a card", {"attach": 1773223765, **system}
    form = [{"name": 'Filling out the CRM form "Contact Information"', "link": "/crm/lead/details/1205/"}]
    cells = [
        {"display": "ROW", "name": "Name", "value": "John"},
        {"display": "LINE", "name": "Phone", "value": "+19000000000", "height": 20},
    ]
    yield (
        "s",
        "[B]The form “Contact Information” was sent[/B]",
        {
            "attach": [{"id": 3, "blocks": [{"link": form}], "description": ""}],
            "componentId": "bx-imopenlines-form",
            "crmFormId": "3",
            "crmFormSec": "huqwyy",
            "connectorMid": ["9"],
        },
    )
    yield (
        "s",
        "[b]A new lead has been created[/b]",
        {
            "attach": [{"id": 4, "blocks": [{"link": form}, {"grid": cells}], "description": "", "color": "#df532d"}],
            "crmFormFilled": "Y",
        },
    )


def _files(world: World, chat: Chat, session: Session, moment: datetime) -> Iterator[Said]:
    client = chat.client.id

    def photo(scene: str, width: int, height: int) -> int:
        return world.file(session, client, moment, f"{scene}.png", "image", width=width, height=height, scene=scene)

    sets = ((("machine", 480, 640),), (("panorama", 2400, 600),), (("receipt", 480, 800), ("cup", 640, 480)),
            (("parcel", 640, 480), ("label", 640, 480), ("cup", 640, 480), ("beans", 320, 240)),
            (("beans", 320, 240), ("cup", 320, 240), ("label", 320, 240), ("parcel", 320, 240), ("screen", 640, 400)),
            (("screen", 1024, 640), ("cup", 640, 480), ("label", 640, 480), ("parcel", 640, 480), ("machine", 480, 640), ("receipt", 480, 800), ("beans", 320, 240)))  # fmt: skip
    for pictures in sets:
        yield "c", "" if len(pictures) > 1 else "Look:", {"fileId": [photo(*picture) for picture in pictures]}
    for name, kind, size in (
        ("Договор поставки.docx", "file", 18_211), ("price 2026.xlsx", "file", 48_211), ("track.csv", "file", 311),
        ("notes.txt", "file", 420), ("Invoice 48-1207.pdf", "file", 90_112), ("voice_0012.wav", "audio", 62_000),
        ("song.wav", "audio", 410_000), ("unboxing.mp4", "video", 84 * 1024 * 1024), ("setup.exe", "file", 1_048_576),
    ):  # fmt: skip
        yield "c", "", {"fileId": [world.file(session, client, moment, name, kind, size=size)]}


def _marks(session: Session) -> Iterator[Said]:
    earlier = session.messages[4].id
    yield "o", "This text was edited.", {"isEdited": "Y"}
    yield "c", "", {"isDeleted": "Y"}
    yield "o", "This did not reach the client", {"isDelivered": "N", "isError": "Y"}
    yield "o", "This is still on its way", {"isDelivered": "N", "sending": "Y"}
    yield "o", "A reply to an earlier message", {"replyId": earlier}
    yield "o", "Liked by three", {"like": [17, 27, 33]}
    yield "o", "Pinned for the shift", {"isPinned": "Y"}
    yield (
        "o",
        "Forwarded words",
        {
            "forwardId": 80_001,
            "forwardUserId": 27,
            "forwardContextId": "chat1763/80001",
            "forwardChatTitle": "Анна Вересова - Поддержка",
        },
    )
    yield "o", "Signed by another name", {"name": "Quality desk", "avatar": "", "userId": 35}
    yield (
        "b",
        "Choose:",
        {
            "keyboard": {
                "BUTTONS": [
                    {"TEXT": "Track", "LINK": "https://zerno.example/track"},
                    {"TYPE": "NEWLINE"},
                    {"TEXT": "Operator"},
                ]
            }
        },
    )
    yield "c", "", {}
    yield "c", "", {"stickerParams": {"id": 7}, "someNewKey": [1, 2, {"deep": "value"}]}
    yield (
        "s",
        "Out of hours: we answer at nine.",
        {"class": "bx-messenger-content-item-ol-output", "imolForm": "offline", "type": "lines"},
    )


# --- the others ---


def _long(world: World, big: int) -> None:
    chat = world.chat(LONG, LINES[0], "whatsappbyedna", "Оптовый чат «Северный обжарщик»")
    chat.member = True
    session = world.session(chat, LONG_SESSION, _at(world, 50, 8, 0))
    session.closed, session.status, session.reason = _at(world, 2, 19, 0), "closed", "auto"
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


def _denied(world: World) -> None:
    chat = world.chat(DENIED, LINES[2], "telegrambot", "Тёмная комната")
    session = world.session(chat, DENIED_SESSION, _at(world, 2, 16, 0), 34)
    session.denied = True
    world.play(chat, session, ["c: Этого супервайзер не видит.", "o: Именно так."])


def _lost(world: World) -> None:
    chat = world.chat(LOST, LINES[0], "avito", "Елена Огнева-Лис")
    session = world.session(chat, LOST_SESSION, _at(world, 1, 11, 5), 28)
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


_FOREIGN = (
    ("مرحبا، هل يمكن توصيل الطلب 48-1512 إلى دبي؟", "Hello! Yes, in five working days. سعر التوصيل 20 يورو", "شكرا جزيلا 🙏 رقم الهاتف +971 500000000"),
    ("שלום, הכוס הגיעה שבורה. מה עושים?", "Hello! We will send a new one at once: https://zerno.example/obmen", "תודה רבה!"),
    ("你好,请问咖啡机什么时候发货?", "Hello! It leaves the warehouse tomorrow morning.", "好的,谢谢 👍🏽"),
)  # fmt: skip


def foreign(world: World, chat: Chat, index: int) -> None:
    """A short dialogue in a script of its own."""
    session = world.session(chat, 480 + index, _at(world, 4 + index, 15, 30), 29)
    first, second, third = _FOREIGN[index]
    world.play(chat, session, [f"c: {first}", f"+4 o: {second}", f"+1 c: {third}"])
