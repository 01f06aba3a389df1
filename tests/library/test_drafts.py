"""Drafts: what was typed is there after a crash, in a file that only the user may read."""

import logging
import stat
import sys
from pathlib import Path

import pytest

from viewer.chat import Rating
from viewer.library.drafts import Drafts, default_path

DRAFT = Rating(4, "Замену решил хорошо,\nно «долго» 👍 ")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "drafts.json"


def test_a_draft_is_there_after_a_crash(path: Path) -> None:
    assert Drafts(path).put("zerno.example#17", 321, DRAFT)
    found = Drafts(path).get("zerno.example#17", 321)
    assert found is not None
    assert found.rating == DRAFT
    assert found.kept.tzinfo is not None
    assert Drafts(path).get("zerno.example#18", 321) is None
    left = sorted(each.name for each in path.parent.iterdir())
    assert left == ["drafts.json", "drafts.json.last", "drafts.json.lock"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows guards the user's folder instead")
def test_nobody_else_may_read_it(path: Path) -> None:
    Drafts(path).put("a", 1, DRAFT)
    for each in (path, path.with_name("drafts.json.last")):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600


def test_a_draft_is_erased_when_it_is_saved(path: Path) -> None:
    drafts = Drafts(path)
    drafts.put("a", 1, DRAFT)
    drafts.put("a", 2, Rating(3, "ok"))
    drafts.erase("a", 1)
    drafts.erase("a", 99)
    for each in path.parent.iterdir():
        assert "Замену" not in each.read_text(encoding="utf-8")
    assert Drafts(path).get("a", 1) is None
    assert Drafts(path).get("a", 2) is not None
    drafts.forget("a")
    assert path.read_bytes() == b"{}"


def test_two_windows_do_not_undo_each_other(path: Path) -> None:
    one, other = Drafts(path), Drafts(path)
    one.put("a", 1, DRAFT)
    other.put("a", 2, DRAFT)
    one.put("b", 1, DRAFT)
    after = Drafts(path)
    assert after.get("a", 1)
    assert after.get("a", 2)
    assert after.get("b", 1)


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"[1, 2]", b'{"a": {"1": {"stars": 4', b"[" * 100_000])
def test_a_damaged_file_is_set_aside(path: Path, damage: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(damage)
    drafts = Drafts(path)
    assert drafts.get("a", 1) is None
    assert drafts.put("a", 1, DRAFT)
    assert path.with_name("drafts.json.damaged").read_bytes() == damage
    assert Drafts(path).get("a", 1)


def test_what_an_account_leaves_behind_goes_from_damaged_copies_too(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b'{"a": {"1": {"comment": "rude"')
    drafts = Drafts(path)
    drafts.put("b", 1, DRAFT)
    drafts.forget("a")
    assert not list(path.parent.glob("*.damaged*"))
    assert drafts.get("b", 1)


def test_a_file_that_is_held_for_a_moment_is_not_lost(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Drafts(path).put("a", 1, DRAFT)
    read = Path.read_bytes

    def held(place: Path) -> bytes:
        if place == path:
            raise PermissionError(13, "held by another program")
        return read(place)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", held)
        drafts = Drafts(path, patience=0)
        assert drafts.get("a", 1), "the copy has it"
        assert not drafts.put("a", 2, DRAFT)
    assert drafts.put("a", 3, DRAFT)
    after = Drafts(path)
    assert [number for number in (1, 2, 3) if after.get("a", number)] == [1, 2, 3]
    assert not path.with_name("drafts.json.damaged").exists()


def test_what_is_no_draft_in_the_file_is_passed_over(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(
        '{"a": {"1": {"stars": 9, "comment": "", "kept": "2026-03-14T14:02:00+00:00"}, "x": 5, "2": [], '
        f'"{"9" * 5000}": {{}}, "4": {{"stars": 3, "comment": 7, "kept": "2026-03-14T14:02:00+00:00"}}, '
        '"3": {"stars": 3, "comment": "ok", "kept": "2026-03-14T14:02:00+00:00"}}, "b": null}',
        encoding="utf-8",
    )
    drafts = Drafts(path)
    assert [number for number in range(1, 6) if drafts.get("a", number)] == [3]
    drafts.put("b", 1, DRAFT)
    assert '"x": 5' in path.read_text(encoding="utf-8"), "a newer version may know what it is"


def test_a_disk_that_refuses_leaves_the_draft_in_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "blocker").write_text("", encoding="utf-8")
    drafts = Drafts(tmp_path / "blocker" / "drafts.json")
    with caplog.at_level(logging.INFO):
        assert not drafts.put("a", 1, DRAFT)
    found = drafts.get("a", 1)
    assert found is not None
    assert found.rating == DRAFT
    assert "Замену" not in caplog.text


def test_the_demo_keeps_nothing_on_the_disk(home: Path) -> None:
    drafts = Drafts(None)
    assert drafts.put("demo", 321, DRAFT)
    assert drafts.get("demo", 321)
    drafts.erase("demo", 321)
    assert drafts.get("demo", 321) is None
    assert list(home.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not ask the environment")
def test_it_stands_in_the_users_data_folder(home: Path) -> None:
    assert default_path() == home / "openlines-viewer" / "drafts.json"


def test_a_removed_portal_leaves_no_draft_of_another_window(path: Path) -> None:
    here, there = Drafts(path), Drafts(path)
    there.put("a", 1, DRAFT)
    there.put("b", 2, DRAFT)
    here.forget("a")
    assert Drafts(path).get("a", 1) is None
    assert Drafts(path).get("b", 2) is not None
    assert '"a"' not in path.with_name("drafts.json.last").read_text(encoding="utf-8")
