"""The dialogue of the mock-ups: Anna and the broken bowl."""

from viewer.demo.world import BOT, LINES, RULE, Chat, Session, World

ANNA = 1763


def add(world: World) -> None:
    """Add the chat with its three sessions."""
    chat = world.chat(ANNA, LINES[0], "telegrambot", "Анна Вересова")
    chat.deal = 2214
    for number, days, operator, votes in (
        (154, 54, 28, ("none", 3, "Ответ верный, но медленный.")),
        (288, 25, 28, ("like", 5, "")),
    ):
        old = world.session(chat, number, world.at(days, 12, 10), operator)
        world.play(chat, old, _ANNA_EARLIER[number], votes)
    session = world.session(chat, 321, world.at(3, 13, 9))
    _anna_today(world, chat, session)
    session.closed, session.status, session.reason = world.at(3, 13, 48), "closed", "operator"
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
    link = "[URL=/online/?IM_HISTORY=imol|321]321[/URL]"
    output = {"class": "bx-messenger-content-item-ol-output", "type": "lines"}
    world.say(
        session,
        0,
        world.at(3, 13, 9),
        "Здравствуйте! Ответим в течение 10 минут. Укажите номер заказа.",
        imolForm="welcome",
        **output,
    )
    world.say(
        session,
        0,
        world.at(3, 13, 9),
        f"Начат новый диалог №{link}",
        **{"class": "bx-messenger-content-item-ol-start", "imolSid": 321},
    )
    world.say(session, 0, world.at(3, 13, 9), "Обращение направлено на [USER=27 REPLACE]Павел Кремнёв[/USER]")
    world.say(
        session, 0, world.at(3, 13, 10), "[USER=90 REPLACE]Зёрнышко[/USER] присоединился к диалогу", code=["CHAT_JOIN"]
    )
    moment = world.at(3, 13, 10)
    first = world.say(
        session,
        chat.client.id,
        moment,
        "Заказ 48-1207: коробка мятая, чаша с трещиной 😞 Доставка тоже опоздала.",
        like=[27],
        connectorMid=["1"],
    )
    first.params["fileId"] = [
        world.file(
            session, chat.client.id, moment, f"photo_{index + 1}.png", "image", width=width, height=height, scene=scene
        )
        for index, (scene, width, height) in enumerate((("parcel", 1280, 960), ("cup", 640, 480), ("label", 800, 600)))
    ]
    _answer(world, session, first.id)
    _replacement(world, chat, session)
    _talk(world, chat, session)


def _answer(world: World, session: Session, quoted: int) -> None:
    buttons = {
        "BUTTONS": [{"TEXT": text, "TYPE": "BUTTON", "DISPLAY": "LINE"} for text in ("Обмен", "Возврат", "Оператор")]
    }
    world.say(session, BOT, world.at(3, 13, 10), "Что хотите сделать с заказом?", keyboard=buttons)
    quote = f"{RULE}\nАнна Вересова [13:10] #chat{ANNA}/{quoted}\nкоробка мятая, чаша с трещиной 😞\n{RULE}\n"
    world.say(
        session, 27, world.at(3, 13, 22), quote + "Анна, извините! Заменим, доставка за наш счёт: [URL]https://zerno.example/obmen[/URL]",
        isEdited="Y", connectorMid=["2"],
    )  # fmt: skip
    world.say(
        session, 0, world.at(3, 13, 24), "[USER=33]Ирина Соколова[/USER], проверь остаток чаш МВ-2 и слоты доставки.",
        **{"class": "bx-messenger-content-item-system"},
    )  # fmt: skip


def _replacement(world: World, chat: Chat, session: Session) -> None:
    client, pavel = chat.client.id, 27
    cells = [{"display": "ROW", "name": "Статус", "value": "Замена без возврата, 18 490 ₽", "colorToken": "base"}]
    cells += [
        {"display": "LINE", "name": name, "value": value, "colorToken": "base"}
        for name, value in (("Склад", "Химки, 6 шт."), ("Слот", "12 марта, 10–14"), ("Курьер", "Стриж"))
    ]
    card = {
        "id": 1773223765, "color": "#8A5200", "description": "",
        "blocks": [{"link": [{"name": "Заказ № 48-1207 в CRM", "link": "/crm/deal/details/2214/"}]}, {"grid": cells}],
    }  # fmt: skip
    world.say(session, 0, world.at(3, 13, 26), "", attach=[card], **{"class": "bx-messenger-content-item-system"})
    voice = world.file(session, client, world.at(3, 13, 31), "voice_0007.wav", "audio", size=62_000)
    world.say(session, client, world.at(3, 13, 31), "", fileId=[voice], connectorMid=["3"])
    paper = world.file(session, pavel, world.at(3, 13, 34), "Акт замены 48-1207.pdf", "file", size=253_952)
    code = "[CODE]track: STR-2026-004417\nstate: handed_over[/CODE]"
    world.say(
        session, pavel, world.at(3, 13, 34), f"Передали замену курьеру:\n{code}", fileId=[paper], connectorMid=["4"]
    )


def _talk(world: World, chat: Chat, session: Session) -> None:
    client, pavel = chat.client.id, 27
    output = {"class": "bx-messenger-content-item-ol-output", "type": "lines"}
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
        world.say(session, who, world.at(3, 13, minute), text, connectorMid=["5"])
    world.say(session, pavel, world.at(3, 13, 42), "", isDeleted="Y")
    world.say(
        session,
        0,
        world.at(3, 13, 48),
        "Диалог завершён. Оцените, пожалуйста, нашу работу.",
        imolVote="321",
        **{**output, "class": f"{output['class']} bx-messenger-content-item-vote"},
    )
    world.say(
        session,
        0,
        world.at(3, 13, 48),
        "Диалог завершён.",
        imolVoteSid=321,
        imolVoteUser=5,
        imolVoteHead=0,
        componentId="bx-imopenlines-message",
        type="lines",
        **{"class": "bx-messenger-content-item-ol-end"},
    )
