"""One dialogue that holds every kind of message, card, file and mark (`bitrix24-api.md` §7–§10)."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from viewer.demo import sayings
from viewer.demo.sayings import Said
from viewer.demo.world import BOT, LINES, Chat, Session, World

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


def _every_kind(world: World, chat: Chat, session: Session, moment: datetime) -> Iterator[Said]:
    yield from sayings.texts(session)
    yield from sayings.addresses()
    yield from sayings.scripts()
    yield from sayings.programs()
    yield from sayings.events()
    yield from _cards()
    yield from _grids()
    yield from _forms()
    yield from _files(world, chat, session, moment)
    yield from _marks(session)


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


def _grids() -> Iterator[Said]:
    system = {"class": "bx-messenger-content-item-system"}
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


def _forms() -> Iterator[Said]:
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
