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


@pytest.mark.parametrize("reference", ["", "343", "chat1777", "olv:343.json", "https://p.example/online/x.json"])
def test_a_reference_is_no_file(reference: str) -> None:
    assert saved.saved_answer(reference) is None


def test_a_file_is_known_by_its_ending(tmp_path: Path) -> None:
    file = tmp_path / "Анна.olv.JSON"
    assert saved.saved_answer(str(file)) == file
    assert saved.saved_answer(f"file://{file}") == file
