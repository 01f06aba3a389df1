"""What stands on and in a message besides its words: reactions, stickers, cards, ways to read, links in disguise."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.bitrix.cards import parse_cards
from viewer.chat import Message, MessageKind, Person, Reaction, Side, Sticker
from viewer.i18n import full_moment, offset_name
from viewer.ui.theme import theme
from viewer.ui.transcript import TranscriptView
from viewer.ui.transcript.context import Reading
from viewer.ui.transcript.hits import Act, Hit

from .talk import BOT, CLIENT, OPERATOR, conversation, message

Shown = Callable[..., TranscriptView]


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    def open_(*messages: Message, wide: int = 780) -> TranscriptView:
        view = TranscriptView(theme("light"))
        qtbot.addWidget(view)
        view.resize(wide, 600)
        with qtbot.waitExposed(view):
            view.show()
        view.set_rows(*conversation(*messages))
        settle(view)
        return view

    return open_


def settle(view: TranscriptView) -> None:
    view.lay_out()
    view.viewport().repaint()
    QApplication.processEvents()


def hits(view: TranscriptView) -> dict[Hit, QPoint]:
    """Everything the pointer can meet, and where it was met first."""
    size = view.viewport().size()
    found: dict[Hit, QPoint] = {}
    for y in range(0, size.height(), 4):
        for x in range(0, size.width(), 5):
            hit = view.hit_at(QPointF(x, y))
            if hit is not None:
                found.setdefault(hit, QPoint(x, y))
    return found


def words(view: TranscriptView) -> str:
    """What all elements in sight say."""
    return "\n".join(element.text for shown in view.stage.shown for element in shown.layout.elements)


def test_each_reaction_names_its_people(shown: Shown) -> None:
    reactions = (Reaction("like", (7, 555), 2), Reaction("laugh", (101,), 3), Reaction("newone", (), 4))
    view = shown(message(1, OPERATOR, "Ha", reactions=reactions))
    tips = {hit.target: hit.tip for hit in hits(view)}
    assert tips["like"] == "Liked by Павел Кремнёв, Person #555"
    assert tips["laugh"] == "😂 Анна Вересова, and 2 more"
    assert tips["newone"] == "⍰ 4, not named by the portal"


def test_the_row_of_pills_covers_no_neighbour(shown: Shown) -> None:
    reactions = tuple(Reaction(code, (7,), 1) for code in ("like", "laugh", "cry", "angry"))
    view = shown(message(1, CLIENT, "a", reactions=reactions), message(2, CLIENT, "b"))
    spots = [spot for hit, spot in hits(view).items() if hit.target in ("like", "laugh", "cry", "angry")]
    first, second = (row for row in view.stage.shown[-2:])
    assert len(spots) == 4
    assert all(spot.x() > first.layout.outline.left() for spot in spots)
    assert all(spot.y() + 20 < second.y + second.layout.outline.top() + 20 for spot in spots)
    assert second.y + second.layout.outline.top() >= first.y + first.layout.outline.bottom() + 11


def test_a_sticker_leads_to_its_picture(shown: Shown) -> None:
    view = shown(
        message(1, CLIENT, sticker=Sticker("https://zerno.example/8.webp", "Cheers")),
        message(2, CLIENT, sticker=Sticker()),
    )
    assert "Sticker: Cheers\nSticker" in words(view)
    assert Hit(Act.LINK, "https://zerno.example/8.webp", "https://zerno.example/8.webp") in hits(view)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (MessageKind.FORM, "CRM form, sent to client"),
        (MessageKind.VOTE_REQUEST, "Rating asked of the client"),
        (MessageKind.AUTOMATIC, "Automatic, sent to client"),
        (MessageKind.NOTE, "Internal note, client does not see it"),
    ],
)
def test_what_the_portal_wrote_is_named(shown: Shown, kind: MessageKind, said: str) -> None:
    assert said in words(shown(message(1, None, "text", kind=kind)))


def test_lines_of_every_event_fold_together(shown: Shown) -> None:
    kinds = (MessageKind.TRANSFER, MessageKind.MEMBER, MessageKind.VOTE, MessageKind.SYSTEM)
    lines = [message(10 + number, None, f"line {number}", kind=kind) for number, kind in enumerate(kinds)]
    view = shown(message(1, CLIENT, "Hello"), *lines)
    assert Hit(Act.FOLD, 10, "Unfold") in hits(view)


def test_a_message_is_read_in_three_ways(shown: Shown) -> None:
    view = shown(message(1, BOT, "## Title\n[B]bold[/B] **strong**\u202e", markdown=True))
    assert "Title\nbold strong" in words(view)
    view.read_as(1, Reading.TYPED)
    settle(view)
    assert "## Title\n[B]bold[/B] **strong**⟨U+202E⟩" in words(view)
    view.read_as(1, Reading.MESSENGER)
    settle(view)
    assert "## Title\nbold **strong**" in words(view)
    assert view.reading(1) is Reading.MESSENGER
    view.clear()
    assert view.stage.context.readings == {}


def test_a_link_in_disguise_is_told_on_hover(shown: Shown) -> None:
    view = shown(message(1, CLIENT, "is this [url=https://evil.example/login]https://bank.example/login[/url] you?"))
    tip = "Leads to evil.example, not to what its text names\nhttps://evil.example/login"
    assert Hit(Act.LINK, "https://evil.example/login", tip) in hits(view)


def test_a_card_leads_to_people_chats_and_pictures(shown: Shown) -> None:
    blocks = [
        {"USER": [{"NAME": "Ann", "USER_ID": 5}, {"NAME": "Room", "AVATAR_TYPE": "CHAT", "CHAT_ID": 7}]},
        {"IMAGE": [{"LINK": "https://zerno.example/cup.png", "NAME": "A cup"}]},
        {"GRID": [{"DISPLAY": "ROW", "NAME": "Deal", "VALUE": "No 5", "LINK": "/crm/deal/details/5/"}]},
        {"ODD": "kept"},
    ]
    cards = parse_cards([{"BLOCKS": blocks}], "https://zerno.example")
    view = shown(message(1, None, kind=MessageKind.NOTE, cards=cards))
    targets = {hit.target for hit in hits(view)}
    assert {
        "https://zerno.example/company/personal/user/5/",
        "https://zerno.example/online/?IM_DIALOG=chat7",
        "https://zerno.example/cup.png",
        "https://zerno.example/crm/deal/details/5/",
    } <= targets
    assert "Unknown part: odd\nkept" in words(view)


def test_lines_run_in_their_own_direction(shown: Shown) -> None:
    view = shown(message(1, CLIENT, "שלום לכולם ותודה רבה על העזרה\nok"))
    (text,) = [element for row in view.stage.shown for element in row.layout.elements if "ok" in element.text]
    document = text._document  # type: ignore[attr-defined]
    assert document.blockCount() == 2
    first, last = document.firstBlock(), document.lastBlock()
    assert first.textDirection() is Qt.LayoutDirection.RightToLeft
    assert last.textDirection() is Qt.LayoutDirection.LeftToRight


def test_an_author_by_another_name_stands_alone(shown: Shown) -> None:
    robot = Person(7, "Quality desk", Side.OPERATOR)
    view = shown(message(1, OPERATOR, "one"), message(2, OPERATOR, "two", author_name=robot.name))
    assert "Quality desk" in words(view)


def test_the_time_stands_clear_of_code(shown: Shown) -> None:
    view = shown(message(1, OPERATOR, "first"), message(2, OPERATOR, "Run:\n[code]a = 1\nb = 2[/code]"))
    layout = view.stage.shown[-1].layout
    code = layout.elements[-1]
    assert layout._time.x() >= code.rect.right()  # type: ignore[attr-defined]


def test_over_a_time_stands_the_whole_of_it_with_its_zone(shown: Shown) -> None:
    first, after = message(1, CLIENT, "Hello"), message(2, CLIENT, "Again", minute=1)
    tips = {hit.tip for hit in hits(shown(first, after)) if hit.act is Act.NONE}
    assert {full_moment(first.date), full_moment(after.date)} <= tips
    assert full_moment(first.date).endswith(f"({offset_name(first.date)})")
