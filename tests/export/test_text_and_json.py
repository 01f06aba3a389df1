"""The text formats, and that they need no typesetter."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from tests.export.conversation import EXPORT, speaking
from viewer import export as room
from viewer.errors import Cancelled
from viewer.export import FORMATS
from viewer.export.json import SCHEMA, document
from viewer.export.json import text as as_json
from viewer.export.text import text as as_text

NAMES = ["pdf", "html", "txt", "md", "json", "csv", "xlsx"]
EXPECTED = """\

[4] Павел Кремнёв (operator · 13:22 · edited) +12 min
    > Анна Вересова 13:10: Чаша с трещиной 😞
    Заменим: https://zerno.example/obmen

[5] Internal note (Павел Кремнёв · 13:24 · not visible to the client)
    @Ирина, проверь.
    | Заказ № 48-1207 — https://zerno.example/deal/1
    | Статус: Замена
    | Склад: Химки
    | Слот: 12 марта
    | Адрес: Москва
    | Вес: 2 кг
    | --------------------
    | Комментарий важно

[6] Анна Вересова (client · 13:31)
    [voice_0007.ogg, voice message, 62 KB]
"""


def test_text_tells_everything() -> None:
    told = as_text(EXPORT)
    assert EXPECTED in told
    assert told.startswith("Анна Вересова, session 321\nOpen Lines conversation · zerno.bitrix24.example\n")
    assert "--- Thursday, 12 March 2026 ---" in told
    assert "    13:43  Павел передал диалог" in told
    assert "Supervisor's rating: 4 of 5 ★★★★☆" in told
    assert told.endswith("Could not be read\n- lost.png: the portal refused the file.\n")


def test_text_without_internal_messages() -> None:
    told = as_text(replace(EXPORT, internal=False))
    assert "проверь" not in told
    assert "left out by choice" in told


def test_text_can_always_be_encoded(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    result = FORMATS["txt"].write(speaking("a\x00b \ud800 c"), path)
    assert result.path == path
    assert b"\x00" not in path.read_bytes()
    assert "a" in path.read_text(encoding="utf-8")


def test_json_holds_the_schema() -> None:
    made = json.loads(as_json(EXPORT))
    assert made["schema"] == SCHEMA
    assert made["exported_at"] == "2026-03-14T14:05:00+03:00"
    assert [message["id"] for message in made["messages"]] == list(range(1, 15))
    fifth = made["messages"][4]
    assert fifth["date"] == "2026-03-11T13:22:00+03:00"
    assert fifth["author"] == "Павел Кремнёв"
    assert fifth["side"] == "operator"
    assert fifth["reply_to"] == 3
    assert fifth["nodes"][1] == ["a", "https://zerno.example/obmen", ["https://zerno.example/obmen"], True]
    card = made["messages"][5]["cards"][0]
    assert [block["type"] for block in card["blocks"]] == ["link", "grid", "delimiter", "text"]
    assert card["blocks"][1]["cells"][0]["display"] == "ROW"
    assert made["files"][0] == {
        "id": 1, "name": "photo_1.png", "kind": "image", "size": 120000, "width": 0, "height": 0, "date": None,
        "author_id": 0, "missing": False, "read": True, "path": "",
    }  # fmt: skip


def test_every_message_has_the_same_keys() -> None:
    keys = {tuple(message) for message in document(EXPORT)["messages"]}
    assert len(keys) == 1


def test_json_without_internal_messages() -> None:
    made = document(replace(EXPORT, internal=False))
    assert 6 not in [message["id"] for message in made["messages"]]


def test_json_mends_lone_surrogates() -> None:
    assert json.loads(as_json(speaking("\ud83d x")).encode())["messages"][0]["text"] == "\ufffd x"


def test_the_formats_name_themselves() -> None:
    assert {name: writer.extension for name, writer in FORMATS.items()} == {name: name for name in NAMES}
    assert list(FORMATS) == NAMES
    assert all(writer.title for writer in FORMATS.values())
    assert FORMATS["pdf"].text is None


def test_cancel_leaves_nothing(tmp_path: Path) -> None:
    cancel = Event()
    cancel.set()
    with pytest.raises(Cancelled):
        FORMATS["json"].write(EXPORT, tmp_path / "a.json", cancel=cancel)
    assert not (tmp_path / "a.json").exists()


def test_text_formats_need_no_typst(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from viewer.export import FORMATS, Export; from viewer.chat import *\n"
        "forms = ('html', 'txt', 'md', 'json', 'csv', 'xlsx')\n"
        f"for form in forms: FORMATS[form].write(Export(Transcript()), Path({str(tmp_path)!r}, form))\n"
        "print('typst' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "False"


def test_the_front_door() -> None:
    assert all(hasattr(room, name) for name in room.__all__)
