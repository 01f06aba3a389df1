"""One dialogue that holds every kind of message, card, file and mark (`bitrix24-api.md` §7–§10)."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from viewer.demo.world import BOT, LINES, RULE, Chat, Session, World

KINDS, KINDS_SESSION = 1777, 343


def add(world: World) -> None:
    """Add the chat."""
    chat = world.chat(KINDS, LINES[1], "livechat", "Green Guest #17")
    chat.member = True
    session = world.session(chat, KINDS_SESSION, world.at(1, 11, 20), 29)
    moment = world.begin(chat, session)
    for number, (who, text, params) in enumerate(_every_kind(world, chat, session, moment)):
        author = {"c": chat.client.id, "o": 29, "b": BOT, "s": 0}[who]
        world.say(session, author, moment + timedelta(minutes=number), text, **params)
    votes = ("like", 4, "Clear answers; the second one could be shorter.")
    world.close(chat, session, moment + timedelta(hours=1, minutes=20), random.Random(3), votes)


Said = tuple[str, str, dict[str, object]]


def _every_kind(world: World, chat: Chat, session: Session, moment: datetime) -> Iterator[Said]:
    yield from _texts(session)
    yield from _addresses()
    yield from _scripts()
    yield from _programs()
    yield from _events()
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


def _addresses() -> Iterator[Said]:
    yield "c", "Is this you? [URL=https://evil.example/login]https://zerno.example/login[/URL], it asks for my card", {}
    yield "o", "No! Ours are only www.zerno.example and [URL=mailto:sales@zerno.example]sales@zerno.example[/URL].", {}
    yield "c", "Позвоните: 8 (495) 000-11-22, 8-800-000-35-35 или +7 900 000-12-34. Заказ 48-1207, сумма 89 000", {}
    yield (
        "o",
        (
            "Opens at [TIMESTAMP=1773223765 FORMAT=SHORT_TIME_FORMAT], on [TIMESTAMP=1773223765 FORMAT=FULL_DATE_FORMAT], "
            "that is [TIMESTAMP=1773223765 FORMAT=SHORT_DAY_OF_WEEK_SHORT_MONTH_FORMAT]; [ATTACH=5] [SOURCE=2]from the manual[/SOURCE]"
        ),
        {},
    )


def _scripts() -> Iterator[Said]:
    yield "c", "شكرا جزيلا، وصل الطلب 48-1512 اليوم.\nThe invoice is fine too.\nרק הכוס שבורה (ראו תמונה).", {}
    yield "c", "Read backwards: \u202egpj.exe, and this stays as it is", {}
    yield (
        "c",
        "H"
        + "\u0301\u0302\u0303\u0304" * 9
        + "elp "
        + "\u0489" * 12
        + " e\u0301 й ё, zero\u200bwidth, control \x07 here",
        {},
    )
    yield "c", "👩🏽‍🚀 🏳️‍🌈 👨‍👩‍👧‍👦 🇨🇾 1️⃣ 🧑🏿‍🤝‍🧑🏻 among 文字 and words", {}


def _programs() -> Iterator[Said]:
    yield (
        "b",
        (
            "## Delivery\n\n| place | days |\n| --- | ---: |\n| Leeds | 3 |\n| **Cork** | 4 |\n\n1. Choose a *slot*\n2. Confirm it "
            "with **one** word, `ok` is enough\n   - or ~~never~~ later\n\n```\nslot 14\n```\n> anything else?\n\nSee [the terms](https://zerno.example/terms)."
        ),
        {},
    )
    yield "b", "A plain line of the bot, with [B]its own[/B] markup and 2 * 2 = 4", {}


def _events() -> Iterator[Said]:
    hanna, marcus = "[USER=29 REPLACE]Hanna Brandt[/USER]", "[USER=35 REPLACE]Marcus Hale[/USER]"
    yield "s", f"{hanna} transferred conversation to {marcus}", {}
    yield "s", f"{marcus} joined the chat", {"code": ["CHAT_JOIN"], "notify": "N"}
    yield "s", f"{hanna} left the chat", {"code": "CHAT_LEAVE"}
    yield "s", "[B]Whisper mode is on.[/B][BR]Your messages will not be visible to your contact.", {}
    yield "o", "I take it from here.", {"userId": 35}
    yield "s", "The client rated the work: [RATING=4], [LIKE] rather than [DISLIKE]", {}
    yield (
        "s",
        "Please rate our work[BR]1: good, 0: bad",
        {
            "class": "bx-messenger-content-item-ol-output bx-messenger-content-item-vote",
            "imolVote": 343,
            "type": "lines",
        },
    )


def _cards() -> Iterator[Said]:
    system = {"class": "bx-messenger-content-item-system"}
    blocks = [
        {"message": "A lead was [B]created[/B] for [USER=27]Pavel[/USER]"}, {"delimiter": {"size": 400, "color": "#c6c6c6"}},
        {"user": [{"name": "Hanna Brandt", "avatar": "", "link": "/company/personal/user/29/"},
                  {"name": "Zyornyshko", "avatarType": "BOT", "botId": 61}, {"name": "Second line", "avatarType": "CHAT", "chatId": 1763}]},
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
    for token in ("primary", "secondary", "base"):
        card: dict[str, object] = {"ID": 5, "COLOR_TOKEN": token, "BLOCKS": [{"MESSAGE": f"The colour {token}"}]}
        yield "s", "", {"attach": [card], **system}
    preview = [
        {
            "NAME": "MB-2",
            "LINK": "https://zerno.example/mb-2",
            "DESC": "Two bowls",
            "PREVIEW": "https://zerno.example/mb-2.jpg",
        }
    ]
    card = {"ID": 6, "COLOR": "transparent", "DESCRIPTION": "SKIP_MESSAGE", "BLOCKS": [{"RICH_LINK": preview}]}
    yield "o", "Here it is: https://zerno.example/mb-2", {"attach": [card], "urlId": [12]}
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
    yield "o", "Laughed at", {"like": [27], "reactions": {"like": [27], "laugh": [33, 29], "facepalm": [35]}}
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
    yield "c", "", {"sticker": {"id": 8, "name": "Cheers", "uri": "https://zerno.example/stickers/8.webp"}}
    yield "c", "", {"someNewKey": [1, 2, {"deep": "value"}]}
    yield (
        "s",
        "Out of hours: we answer at nine.",
        {"class": "bx-messenger-content-item-ol-output", "imolForm": "offline", "type": "lines"},
    )
