"""Evidence of an export: whatever was changed, moved or lost is told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from viewer.chat import Transcript
from viewer.export import FORMATS, Export, ExportError
from viewer.export.evidence import SUFFIX, Verdict, content_digest, message_digest, verify, write_evidence

from .conversation import MESSAGES, PEOPLE, SESSION

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


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema": "else"}', b"\xff\xfe"])
def test_what_is_no_evidence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / f"x{SUFFIX}"
    path.write_bytes(content)
    with pytest.raises(ExportError):
        verify(path)


def test_nothing_to_check_by(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "x.pdf"):
        with pytest.raises(ExportError, match="There is no evidence"):
            verify(path)


def test_a_name_in_the_evidence_never_leads_out_of_the_folder(written: Path) -> None:
    made = json.loads(written.read_bytes())
    made["files"] = [{"name": "../../etc/passwd", "sha256": ""}]
    written.write_text(json.dumps(made), encoding="utf-8")
    assert verdicts(written)["passwd"] is Verdict.MISSING


def test_the_digest_depends_on_nothing_but_what_the_portal_sent() -> None:
    turned = [replace(each, raw=dict(reversed(each.raw.items()))) for each in TALK.messages]
    assert [message_digest(each) for each in turned] == [message_digest(each) for each in TALK.messages]
    assert content_digest(replace(TALK, messages=TALK.messages[1:])) != content_digest(TALK)
