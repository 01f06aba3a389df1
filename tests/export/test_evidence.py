"""Evidence of an export: whatever was changed, moved or lost is told."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from pypdf import PdfReader

from viewer.chat import Origin, Transcript
from viewer.export import FORMATS, Export, ExportError
from viewer.export.evidence import SUFFIX, Verdict, content_digest, message_digest, verify, write_evidence

from .conversation import FILES, MESSAGES, PEOPLE, SESSION, at, png
from .page import sheets

TALK = Transcript(
    sessions=(SESSION,),
    messages=tuple(replace(each, raw={"id": each.id, "text": each.text, "params": []}) for each in MESSAGES),
    people=PEOPLE,
)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    export = Export(TALK, host="zerno.example", exported_by="Марина", version="1")
    paths = [tmp_path / "Анна.txt", tmp_path / "Анна.json"]
    for path in paths:
        FORMATS[path.suffix[1:]].write(export, path)
    return write_evidence(export, paths, {4: b"%PDF-1.7"})


def verdicts(path: Path, *answers: Transcript) -> dict[str, Verdict]:
    return {finding.what: finding.verdict for finding in verify(path, answers)}


def test_an_untouched_export_is_the_same(written: Path) -> None:
    count = len(MESSAGES)
    expected = {written.name, "Анна.txt", "Анна.json", f"{count} messages, in their order"}
    for path in (written, written.parent, written.with_name("Анна.txt")):
        assert verdicts(path) == dict.fromkeys(expected, Verdict.SAME)
    again = verdicts(written, TALK)
    assert again["every message is as the answer has it"] is Verdict.SAME


@pytest.mark.parametrize("form", ["pdf", "html", "md", "txt", "xlsx"])
def test_the_cover_tells_every_digest(form: str, tmp_path: Path, texts: Callable[[Path], str]) -> None:
    content, answer = content_digest(TALK), Origin.of(b"{}", "321", at(14, 5, 14), "imopenlines.session.history.get")
    pictures, files = {1: png(30, 20)}, {4: b"%PDF-1.7"}
    export = Export(replace(TALK, origins=(answer,), files=FILES), host="zerno.example", evidence=content)
    held = FORMATS[form].pictures
    path = (
        FORMATS[form]
        .write(replace(export, files=files, pictures=pictures if held else {}), tmp_path / f"a.{form}")
        .path
    )
    told = {"pdf": texts, "xlsx": lambda each: str(sheets(each))}.get(form, lambda each: each.read_text("utf-8"))(path)
    shown = [
        content,
        answer.sha256,
        *(sha256(data).hexdigest() for data in (*(pictures.values() if held else ()), *files.values())),
    ]
    assert [digest for digest in shown if digest not in told] == []
    assert "imopenlines.session.history.get" in told


def test_on_paper_the_cover_stands_alone(tmp_path: Path) -> None:
    export = Export(TALK, evidence=content_digest(TALK))
    pages = PdfReader(FORMATS["pdf"].write(export, tmp_path / "a.pdf").path).pages
    assert content_digest(TALK) in pages[0].extract_text()
    assert "Ответим" not in pages[0].extract_text()
    assert "Ответим" in pages[1].extract_text()


def test_without_evidence_nothing_of_it_is_told(tmp_path: Path) -> None:
    answer = Origin.of(b"{}", "321", at(14, 5, 14))
    for form in ("html", "md", "txt", "json"):
        path = FORMATS[form].write(Export(replace(TALK, origins=(answer,))), tmp_path / f"a.{form}").path
        assert answer.sha256 not in path.read_text("utf-8")


def test_what_was_changed_is_told(written: Path) -> None:
    with written.with_name("Анна.txt").open("ab") as file:
        file.write(b".")
    written.with_name("Анна.json").unlink()
    assert verdicts(written)["Анна.txt"] is Verdict.CHANGED
    assert verdicts(written)["Анна.json"] is Verdict.MISSING


@pytest.mark.parametrize("act", ["drop", "swap", "edit"])
def test_no_message_goes_or_moves_unseen(written: Path, act: str) -> None:
    made = json.loads(written.read_bytes())
    listed = made["messages"]
    if act == "drop":
        del listed[3]
    elif act == "swap":
        listed[1], listed[2] = listed[2], listed[1]
    else:
        listed[0]["sha256"] = listed[1]["sha256"]
    written.write_text(json.dumps(made), encoding="utf-8")
    found = verdicts(written)
    assert found[written.name] is Verdict.CHANGED
    assert found[f"{len(listed)} messages, in their order"] is Verdict.CHANGED


def test_a_later_answer_is_compared_message_by_message(written: Path) -> None:
    first, second, *others = TALK.messages
    later = replace(TALK, messages=(replace(first, raw={"id": first.id, "text": "edited"}), *others))
    found = verdicts(written, later)
    assert found[f"message 1 ({first.id})"] is Verdict.CHANGED
    assert found[f"message 2 ({second.id})"] is Verdict.MISSING
    assert "every message is as the answer has it" not in found


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": "else"}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_evidence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / f"x{SUFFIX}"
    path.write_bytes(content)
    with pytest.raises(ExportError):
        verify(path)


def test_nothing_to_check_by(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "x.pdf"):
        with pytest.raises(ExportError, match="There is no evidence"):
            verify(path)


def test_what_holds_the_evidence_and_cannot_be_read_does_not_hide_the_rest(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, odd = written.with_name(f"held{SUFFIX}"), written.with_name(f"odd{SUFFIX}")
    held.write_bytes(written.read_bytes())
    odd.write_bytes(b"[" * 100_000)
    written.with_name(f"folder{SUFFIX}").mkdir()
    read = Path.read_bytes

    def refusing(path: Path) -> bytes:
        if path == held:
            raise PermissionError(13, "held by another program")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refusing)
    found = verdicts(written.parent)
    assert (found.pop(held.name), found.pop(odd.name)) == (Verdict.UNREADABLE, Verdict.CHANGED)
    assert set(found.values()) == {Verdict.SAME}
    assert verdicts(held) == {held.name: Verdict.UNREADABLE}


@pytest.mark.parametrize("name", ["folder", "a\0b", "\udcff" * 3, "n" * 300, "pipe", "Анна.txt/x"])
def test_what_is_no_file_in_its_place_is_missing(written: Path, name: str) -> None:
    written.with_name("folder").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(written.with_name("pipe"))
    made = json.loads(written.read_bytes())
    made["files"] = [{"name": name, "sha256": ""}]
    written.write_text(json.dumps(made), encoding="utf-8")
    assert verdicts(written)[name] is Verdict.MISSING


def test_a_name_in_the_evidence_never_leads_out_of_the_folder(written: Path) -> None:
    made = json.loads(written.read_bytes())
    for name in ("../../etc/passwd", "/etc/passwd", "a/b/passwd", "../passwd", "C:\\passwd", "..\\passwd", "C:passwd"):
        made["files"] = [{"name": name, "sha256": ""}]
        written.write_text(json.dumps(made), encoding="utf-8")
        assert verdicts(written)["passwd"] is Verdict.MISSING


def test_the_digest_depends_on_nothing_but_what_the_portal_sent() -> None:
    turned = [replace(each, raw=dict(reversed(each.raw.items()))) for each in TALK.messages]
    assert [message_digest(each) for each in turned] == [message_digest(each) for each in TALK.messages]
    assert content_digest(replace(TALK, messages=TALK.messages[1:])) != content_digest(TALK)
