"""What the program is given to open: a saved answer by a double click, or a dialogue."""

import json
from pathlib import Path

import pytest

from viewer.app import _saved_answer
from viewer.demo import DemoPortal
from viewer.errors import ViewerError
from viewer.library import sources


@pytest.mark.parametrize("reference", ["", "343", "chat1777", "olv:343.json", "https://p.example/online/x.json"])
def test_a_reference_is_no_file(reference: str) -> None:
    assert _saved_answer(reference) is None


def test_a_saved_answer_is_opened_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "Анна.olv.json"
    answer = DemoPortal(limits=False, big=20).call("imopenlines.session.history.get", {"SESSION_ID": "343"})
    file.write_text(json.dumps(answer), encoding="utf-8")
    opened = _saved_answer(str(file))
    assert opened is not None
    source, reference = opened
    assert (source.title, source.demo, reference) == ("Анна.olv.json", False, "343")
    source.open().close()
    assert _saved_answer(f"file://{file}") is not None


def test_a_file_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(ViewerError, match="could not be read") as told:
        _saved_answer(str(tmp_path / "gone.json"))
    assert "gone.json" in str(told.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST_ANSWER", 3)
    file = tmp_path / "large.json"
    file.write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(ViewerError, match="too large"):
        _saved_answer(str(file))
