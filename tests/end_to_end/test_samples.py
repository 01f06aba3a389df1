"""The sample answers of the documentation, from a file to PDF and text: nothing is lost on the way."""

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from viewer.cli import DONE, main
from viewer.markup import Context, parse, plain

SAMPLES = Path(__file__).parent.parent / "samples"
NAMES = ("seed_000", "seed_001", "seed_003")


def squeezed(text: str) -> str:
    """Text as it can be compared: one form of each character, no white space, no soft breaks."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def answer(name: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))["result"]
    return told


def rows(value: Any) -> list[dict[str, Any]]:
    return list(value.values()) if isinstance(value, dict) else list(value)


def messages(told: dict[str, Any]) -> list[dict[str, Any]]:
    found = rows(told.get("message") or told.get("messages"))
    return sorted(found, key=lambda message: (datetime.fromisoformat(message["date"]), int(message["id"])))


def card_texts(value: Any) -> Iterator[str]:
    """Every text of a card that a reader should see."""
    if isinstance(value, list):
        for each in value:
            yield from card_texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key.lower() in ("name", "value", "message") and isinstance(each, str):
                yield each
            else:
                yield from card_texts(each)


def expected(told: dict[str, Any]) -> list[str]:
    """What must stand in the export: texts, times, names, card cells, file names."""
    context = Context(people={int(user["id"]): user["name"] for user in rows(told["users"])}, mention_mark="")
    out: list[str] = []
    for message in messages(told):
        out.append(datetime.fromisoformat(message["date"]).strftime("%H:%M"))
        out.append(plain(parse(message["text"]), context, addresses=False))
        params = message["params"]
        out += card_texts(params.get("attach", [])) if isinstance(params, dict) else []
    authors = {str(message.get("senderid", message.get("author_id"))) for message in messages(told)}
    out += [user["name"] for user in rows(told["users"]) if str(user["id"]) in authors]
    named = {number for message in messages(told) for number in _files(message)}
    return out + [file["name"] for file in rows(told["files"]) if file["id"] in named]


def _files(message: dict[str, Any]) -> list[int]:
    params = message["params"]
    return (params.get("fileId") or params.get("FILE_ID") or []) if isinstance(params, dict) else []


def in_order(text: str, wanted: list[str]) -> list[str]:
    """The wanted texts that are missing from `text`, or stand before an earlier one."""
    position, lost = 0, []
    for each in wanted:
        found = text.find(squeezed(each), position)
        if found < 0:
            lost.append(each)
        else:
            position = found
    return lost


@pytest.mark.parametrize("name", NAMES)
def test_the_text_holds_everything(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--zone", "portal", "--from-file", str(SAMPLES / f"{name}.json"), "--format", "txt"]) == DONE
    text = squeezed(capsys.readouterr().out)
    assert [each for each in expected(answer(name)) if squeezed(each) not in text] == []
    texts = [
        plain(parse(message["text"]), Context(mention_mark=""), addresses=False) for message in messages(answer(name))
    ]
    assert in_order(text, texts) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_pdf_holds_everything_oldest_first(name: str, tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    assert main(["export", "--zone", "portal", "--from-file", str(SAMPLES / f"{name}.json"), "-o", str(target)]) == DONE
    reader = PdfReader(target)
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    assert [each for each in expected(answer(name)) if squeezed(each) not in text] == []
    texts = [
        plain(parse(message["text"]), Context(mention_mark=""), addresses=False) for message in messages(answer(name))
    ]
    assert in_order(text, texts) == []
    root = reader.trailer["/Root"]
    assert root["/Lang"]
    assert root["/MarkInfo"]["/Marked"]
    assert reader.outline
    assert reader.metadata is not None
    assert reader.metadata.title


def test_times_keep_each_messages_own_offset(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["export", "--zone", "portal", "--from-file", str(SAMPLES / "seed_001.json"), "--format", "json"]) == DONE
    )
    told = json.loads(capsys.readouterr().out)
    dates = {str(message["id"]): message["date"] for message in told["messages"]}
    assert {number: dates[number] for number in dates} == {
        message["id"]: message["date"] for message in messages(answer("seed_001"))
    }


def test_links_are_live_in_the_pdf(tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    assert main(["export", "--demo", "321", "-o", str(target)]) == DONE
    marks = [mark.get_object() for page in PdfReader(target).pages for mark in page.get("/Annots", [])]
    addresses = {mark["/A"]["/URI"] for mark in marks if "/URI" in mark.get("/A", {})}
    assert "https://zerno.example/obmen" in addresses
    assert "https://zerno.bitrix24.example/crm/deal/details/2214/" in addresses


@pytest.mark.parametrize(("session", "words"), [("480", "مرحبا"), ("481", "שלום"), ("321", "трещиной")])
def test_every_script_is_found_in_the_pdf(session: str, words: str, tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    assert main(["export", "--demo", session, "-o", str(target)]) == DONE
    text = unicodedata.normalize("NFKC", "".join(page.extract_text() for page in PdfReader(target).pages))
    assert words in text or words[::-1] in text


def test_emoji_stay_text(tmp_path: Path) -> None:
    target = tmp_path / "out.pdf"
    assert main(["export", "--demo", "343", "-o", str(target)]) == DONE
    text = "".join(page.extract_text() for page in PdfReader(target).pages)
    assert "👨‍👩‍👧‍👦" in text or re.search("👨.?👩.?👧.?👦", text)
    assert "❤" in text


def test_no_text_is_read_as_typst(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer("seed_000")
    hostile = '#import "x.typ": *\n#panic("read")\n*bold* _it_ `raw` $x^2$ <label> @ref \\ // comment'
    hostile += " /* block */ [#let x = 1]"
    message = next(iter(told["message"].values()))
    message["text"] = hostile
    saved = tmp_path / "hostile.json"
    saved.write_text(json.dumps({"result": told}), encoding="utf-8")
    target = tmp_path / "out.pdf"
    assert main(["export", "--zone", "portal", "--from-file", str(saved), "-o", str(target)]) == DONE
    text = "".join("".join(page.extract_text() for page in PdfReader(target).pages).split())
    assert "".join(hostile.split()) in text
