"""Saved answers, opened without their portal."""

from pathlib import Path

import pytest

from viewer.bitrix import BadAnswer
from viewer.errors import ViewerError
from viewer.library import open_saved, saved

SAMPLES = Path(__file__).parent.parent / "samples"


def test_an_answer_is_one_batch_that_leaves_open_whether_it_may_be_rated() -> None:
    (batch,) = open_saved([SAMPLES / "seed_000.json"])
    assert batch.messages
    assert batch.can_vote is None


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(BadAnswer):
        list(open_saved([SAMPLES / "seed_000.json", SAMPLES / "page.html"]))


def test_what_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (tmp_path / "gone.json", tmp_path):
        with pytest.raises(ViewerError, match=f"{path.name} cannot be read"):
            list(open_saved([path]))
    large = tmp_path / "large.json"
    large.write_bytes(b"[" + b" " * 100)
    monkeypatch.setattr(saved, "LARGEST", 100)
    with pytest.raises(ViewerError, match="too large"):
        list(open_saved([large]))


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"\x89PNG\r\n", b"PK\x03\x04", b"hello", b"\xff\xd8\xff\xe0"])
def test_a_file_of_another_kind_is_named_as_that(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    with pytest.raises(ViewerError, match=r"report\.pdf is no saved answer"):
        list(open_saved([path]))


def test_an_answer_that_powershell_redirected_is_read(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text((SAMPLES / "seed_000.json").read_text(encoding="utf-8"), encoding="utf-16")
    (batch,) = open_saved([path])
    assert batch.messages
