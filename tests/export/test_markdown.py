"""The export as CommonMark, read back by a CommonMark reader."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from tests.export.conversation import CLIENT, EXPORT, TRANSCRIPT, at, said, speaking
from tests.export.page import Page
from viewer.chat import MessageKind
from viewer.export import Export
from viewer.export.markdown import said as as_markdown
from viewer.export.markdown import text
from viewer.export.options import Options

EXPECTED = """
**\\[4\\] Павел Кремнёв** (operator · 13:22 · edited) **\\+12 min**

> > **\\[2\\] Анна Вересова 13:10**: Чаша с трещиной 😞
>
> Заменим: <https://zerno.example/obmen>

**\\[5\\] Internal note** (Павел Кремнёв · 13:24 · not visible to the client)

> @Ирина, проверь.
>
> > [Заказ № 48-1207](<https://zerno.example/deal/1>)
> >
> > **Статус:** Замена
"""


def read(source: str) -> Page:
    made = MarkdownIt("commonmark").render(source).replace(" />", ">")
    for theirs, ours in (("em", "i"), ("strong", "b")):
        made = made.replace(f"<{theirs}>", f"<{ours}>").replace(f"</{theirs}>", f"</{ours}>")
    return Page(made)


def test_it_tells_everything() -> None:
    made = text(EXPORT)
    assert EXPECTED in made
    assert made.startswith("# Анна Вересова, session 321\n\nOpen Lines conversation · zerno.bitrix24.example\n")
    assert "\n## Session 321 · opened 11 Mar 2026 13:09" in made
    assert "\n### Thursday, 12 March 2026\n" in made
    assert "\n- 13:43 Павел передал диалог\n" in made
    assert "- **Supervisor's rating:** 4 of 5 ★★★★☆" in made
    assert made.endswith("## Could not be read\n\n- lost.png: the portal refused the file.\n")


def test_headings_are_ours_alone() -> None:
    heads = [tag for tag, _told in read(text(EXPORT)).headings]
    spoken = read(text(speaking("# no heading\n---\nnor this\n===", "- a\n1. b\n> c")))
    assert heads == ["h1", "h2", "h3", "h3", "h2"]
    assert [tag for tag, _told in spoken.headings] == ["h1", "h2", "h3"]
    assert "# no heading" in spoken.text


@pytest.mark.parametrize(
    "hostile",
    ["**[1] Павел** (operator)", "<script>alert(1)</script>", "</b><img src=x>", "[x](javascript:a)", "```\n# x", "a\\",
     "    code", "| a | b |", "![x](https://evil.example/a.png)", "_a_ *b* ~~c~~ `d`"],
)  # fmt: skip
def test_no_text_is_markup(hostile: str) -> None:
    person = replace(TRANSCRIPT.people[CLIENT], name=hostile)
    export = speaking(hostile)
    export = replace(export, host=hostile, transcript=replace(export.transcript, people={CLIENT: person}))
    made = read(text(export))
    flat = "".join(made.text.split())
    assert flat.count("".join(hostile.split())) >= 3
    assert [tag for tag, _told in made.headings] == ["h1", "h2", "h3"]


def test_characters_come_back() -> None:
    for told in ("a_b*c", "1. x", "# x", "+12 min", "a\nb", "&lt; <b>", "~~x~~", "`x`"):
        assert read(as_markdown(told)).text.strip().replace("\n\n", "\n") == told


def test_a_line_of_the_portal_may_hold_a_block() -> None:
    line = said(1, 0, at(9, 0), "[CODE]a\nb[/CODE]", kind=MessageKind.SYSTEM)
    made = text(replace(EXPORT, transcript=replace(TRANSCRIPT, messages=(line,))))
    assert "- 09:00\n  \n  ```\n  a\n  b\n  ```" in made.replace("09:00\n\n", "09:00\n  \n")


def test_without_numbers_and_internal_messages() -> None:
    made = text(replace(EXPORT, options=Options(numbered=False), internal=False))
    assert "**Павел Кремнёв** (operator · 13:22 · edited)" in made
    assert "> > **Анна Вересова 13:10**: Чаша" in made
    assert "проверь" not in made
    assert "left out by choice" in made


def test_an_empty_conversation() -> None:
    assert text(Export(replace(TRANSCRIPT, dialog=None, sessions=(), messages=(), people={}))).startswith(
        "# Conversation\n"
    )
