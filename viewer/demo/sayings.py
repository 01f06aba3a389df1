"""What is said in the showcase dialogue: every form that a text can have (`bitrix24-api.md` §7)."""

from collections.abc import Iterator

from viewer.demo.world import RULE, Session

Said = tuple[str, str, dict[str, object]]  # who: client, operator, bot or system; the text; its params


def texts(session: Session) -> Iterator[Said]:
    """Every tag."""
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
        f"{RULE}\nGreen Guest #17 [Today, 11:28] #chat{session.chat_id}/{first}\nStill waiting for the answer\n{RULE}\nThree working days, also to Cork.",
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


def addresses() -> Iterator[Said]:
    """What is linked, and where it truly leads."""
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


def scripts() -> Iterator[Said]:
    """Scripts, emoji and signs that would break a line."""
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


def programs() -> Iterator[Said]:
    """Markdown, as bots write it."""
    yield (
        "b",
        (
            "## Delivery\n\n| place | days |\n| --- | ---: |\n| Leeds | 3 |\n| **Cork** | 4 |\n\n1. Choose a *slot*\n2. Confirm it "
            "with **one** word, `ok` is enough\n   - or ~~never~~ later\n\n```\nslot 14\n```\n> anything else?\n\nSee [the terms](https://zerno.example/terms)."
        ),
        {},
    )
    yield "b", "A plain line of the bot, with [B]its own[/B] markup and 2 * 2 = 4", {}


def events() -> Iterator[Said]:
    """What the portal tells of people and votes."""
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
