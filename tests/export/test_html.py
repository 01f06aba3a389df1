"""The page of HTML: one file that fetches nothing, says everything, and takes no text for markup."""

import base64
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import pytest

from tests.export.conversation import CLIENT, EXPORT, OPERATOR, TRANSCRIPT, at, png, said, speaking
from tests.export.page import Page
from viewer import i18n
from viewer.chat import Delivery, FileKind, MessageKind, Session
from viewer.export import FORMATS, Export
from viewer.export.html import PAGE, POLICY, WIDEST, text
from viewer.export.options import Options
from viewer.export.pictures import shape

HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">x</a>',
    "[URL=javascript:alert(1)]x[/URL] [IMG]https://evil.example/a.png[/IMG]",
    "[COLOR=red;background:url(https://evil.example)]x[/COLOR]",
    "<!-- --> ]]> &lt;b&gt; &#60; \u202e\x00\ud800",
)


def page(export: Export) -> Page:
    return Page(text(export))


def test_it_says_everything_in_order() -> None:
    told = page(EXPORT).text
    wanted = [
        "Open Lines conversation", "zerno.bitrix24.example", "Анна Вересова, session 321", "Поддержка (Telegram)",
        "12 min, 12 min", "employee, did not write", "Session 321", "opened 11 Mar 2026 13:09",
        "Wednesday, 11 March 2026", "Начат диалог №321", "Automatic text", "sent to the client",
        "Чаша с трещиной 😞", "photo_1.png", "photo_2.png", "👍 Павел Кремнёв", "Обмен",
        "Возврат", "operator · 13:22 · edited",
        "+12 min", "Чаша с трещиной", "Заменим: https://zerno.example/obmen", "not visible to the client", "@Ирина",
        "Заказ № 48-1207", "Статус", "Химки", "Комментарий важно", "voice_0007.ogg", "voice message, 62 KB",
        "state:  ok", "Акт замены.pdf", "lost.png", "not read", "no longer describes this file", "مرحبا بالعالم",
        "not delivered", "The message was deleted", "передал диалог", "Thursday, 12 March 2026", "Спасибо!",
        "closed by the operator, 00:06", "4 of 5 ★★★★☆", "Норма 10 минут.", "Could not be read",
        "lost.png: the portal refused the file.", "Exported 14 Mar 2026 14:05 (UTC+3) by Марина Лещенко",
    ]  # fmt: skip
    position = 0
    for each in wanted:
        found = told.find(each, position)
        assert found >= 0, each
        position = found


def test_nothing_is_fetched_and_nothing_runs() -> None:
    made = page(EXPORT)
    policy = next(meta["content"] for meta in made.metas if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy == POLICY
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy
    assert {"http-equiv": "Content-Security-Policy", "content": POLICY} in made.metas
    assert {"name": "referrer", "content": "no-referrer"} in made.metas


def test_anchors_lead_to_messages_of_the_page() -> None:
    made = page(EXPORT)
    assert len(made.ids) == len(set(made.ids))
    inner = {link[1:] for link in made.links if link.startswith("#")}
    assert inner <= set(made.ids)
    assert "https://zerno.example/obmen" in made.links
    assert text(EXPORT).count('href="#m3"') == 2, "its own number, and the reply"


def test_quotes_and_links_lead_to_their_messages() -> None:
    rule = "-" * 54
    quote = f"{rule}\nАнна [Today, 13:10] #chat1777/3\nЧаша\n{rule}\nОтвет"
    linked = "[CONTEXT=chat1777/3]see[/CONTEXT] [CONTEXT=chat1777/999]gone[/CONTEXT]"
    first = TRANSCRIPT.messages[2]
    messages = (first, said(20, OPERATOR, at(14, 0), quote), said(21, OPERATOR, at(14, 1), linked))
    made = text(replace(EXPORT, transcript=replace(TRANSCRIPT, messages=messages)))
    assert '<a href="#m3"><cite>Анна</cite></a>' in made
    assert '<a href="#m3">see</a>' in made
    assert "#m999" not in made
    assert "gone" in made


def test_headings_lead_through_the_page() -> None:
    headings = page(EXPORT).headings
    assert headings[0] == ("h1", "Анна Вересова, session 321")
    assert [tag for tag, _told in headings[1:4]] == ["h2", "h3", "h4"]
    spoken = page(speaking("x")).headings
    markdown = replace(TRANSCRIPT.messages[0], id=1, text="# Not ours", kind=MessageKind.TEXT, markdown=True)
    made = page(replace(EXPORT, transcript=replace(TRANSCRIPT, messages=(markdown,))))
    assert "Not ours" in made.text
    assert len(made.headings) == len(spoken) + 1, "what could not be read, and no heading of a message"


def test_pictures_stand_within_the_page() -> None:
    made = page(EXPORT)
    first, second = made.images
    assert first["alt"] == "photo_1.png, picture sent by Анна Вересова"
    assert (first["width"], first["height"]) == ("300", "200")
    assert base64.b64decode(second["src"].removeprefix("data:image/png;base64,")) == png(200, 300)


def test_wide_pictures_are_made_smaller() -> None:
    wide = png(3200, 1000)
    image = page(replace(EXPORT, pictures={1: wide, 2: png(900, 300)})).images
    assert (image[0]["width"], image[0]["height"]) == (str(WIDEST), "500")
    held = [b64decode(each["src"].partition(",")[2]) for each in image[:2]]
    assert [(found.width, found.height) for each in held if (found := shape(each))] == [(WIDEST, 500), (900, 300)]
    assert held[1] == png(900, 300)


def test_a_picture_cut_short_is_named_and_told(tmp_path: Path) -> None:
    cut = png(600, 400)[:-200]
    result = FORMATS["html"].write(replace(EXPORT, pictures={1: cut, 2: png(30, 20)}), tmp_path / "a.html")
    assert result.notes == ("photo_1.png: damaged, or no picture that can be shown.",)
    assert len(Page(result.path.read_text("utf-8")).images) == 1


def test_what_is_no_picture_is_named_and_told(tmp_path: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    head = png(10, 10)[:16] + (60_000).to_bytes(4, "big") * 2
    result = FORMATS["html"].write(replace(EXPORT, pictures={1: svg, 2: head}), tmp_path / "a.html")
    assert result.notes == (
        "photo_1.png: damaged, or no picture that can be shown.",
        "photo_2.png: too large to show.",
    )
    made = Page(result.path.read_text(encoding="utf-8"))
    assert made.images == []
    assert "too large to show" in made.text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_is_markup(hostile: str) -> None:
    person = replace(TRANSCRIPT.people[CLIENT], name=hostile)
    file = replace(TRANSCRIPT.files[1], name=hostile)
    session = replace(TRANSCRIPT.sessions[0], head_comment=hostile, line_name=hostile, operator_name=hostile)
    message = replace(TRANSCRIPT.messages[2], text=hostile)
    transcript = replace(
        TRANSCRIPT,
        people={**TRANSCRIPT.people, CLIENT: person},
        files={**TRANSCRIPT.files, 1: file},
        sessions=(session,),
        messages=(*TRANSCRIPT.messages[:2], message, *TRANSCRIPT.messages[3:]),
    )
    export = replace(EXPORT, transcript=transcript, host=hostile, exported_by=hostile, missing=(hostile,))
    made = page(export)
    text(export).encode()
    assert not any(link.startswith("javascript") for link in made.links)


def test_each_side_and_state_has_its_look() -> None:
    made = text(EXPORT)
    for look, identity in (("auto", 2), ("client", 3), ("bot", 4), ("team", 5), ("inside", 6), ("inside", 11)):
        assert f'<article class="msg {look}" id="m{identity}">' in made


def test_directions_and_languages() -> None:
    i18n.use("ru")
    try:
        made = text(EXPORT)
    finally:
        i18n.use("en")
    assert made.startswith('<!DOCTYPE html>\n<html lang="ru">')
    assert '<div class="text" dir="auto">مرحبا بالعالم</div>' in made
    assert "среда, 11 марта 2026" in made


def test_colours_can_be_read_by_day_and_by_night() -> None:
    made = text(speaking("[COLOR=#ffff00]bright[/COLOR]"))
    ink = made.split('class="ink" style="')[1].split('"')[0]
    day, night = (part.split(":")[1] for part in ink.split(";"))
    assert day != night
    assert "prefers-color-scheme: dark" in made


def test_a_day_begins_a_page_of_paper_when_enough_stands_before_it() -> None:
    few = [said(n, CLIENT, at(10, n), "x") for n in range(1, 3)] + [said(50, CLIENT, at(10, 0, 12), "x")]
    many = [said(n, CLIENT, at(10, n), "x") for n in range(1, PAGE + 3)] + [said(50, CLIENT, at(10, 0, 12), "x")]
    for messages, expected in ((few, 0), (many, 1)):
        transcript = replace(TRANSCRIPT, messages=tuple(messages))
        assert text(replace(EXPORT, transcript=transcript)).count('class="day page"') == expected


def test_several_sessions_are_listed_at_the_top() -> None:
    start, end = MessageKind.SESSION_START, MessageKind.SESSION_END
    messages = (
        said(1, 0, at(9, 0), "", kind=start, session_id=320),
        said(2, CLIENT, at(9, 1), "a"),
        said(3, 0, at(9, 2), "", kind=end, session_id=320),
        said(4, 0, at(9, 3), "", kind=start, session_id=321),
        said(5, CLIENT, at(9, 4), "b", delivery=Delivery.PENDING),
    )
    sessions = (Session(320, 1777), *TRANSCRIPT.sessions)
    made = page(replace(EXPORT, transcript=replace(TRANSCRIPT, sessions=sessions, messages=messages)))
    assert made.links[:2] == ["#s320", "#s321"]
    assert {"s320", "s321"} <= set(made.ids)
    assert "not delivered yet" in made.text


def test_without_internal_messages_and_numbers() -> None:
    made = page(replace(EXPORT, internal=False, options=Options(numbered=False)))
    assert "проверь" not in made.text
    assert "left out by choice" in made.text
    assert "#m2" not in made.links


def test_an_empty_conversation_and_one_without_pictures() -> None:
    assert "Conversation" in page(Export(replace(TRANSCRIPT, dialog=None, sessions=(), messages=(), people={}))).text
    bare = page(replace(EXPORT, pictures={}))
    assert bare.images == []
    assert bare.text.count("picture, ") == 3
    assert all(file.kind is not FileKind.IMAGE or file.name in bare.text for file in TRANSCRIPT.files.values())
