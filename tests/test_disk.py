"""Files on the disk: whole or not at all, under names that fit, and changed by one program at a time."""

import errno
import json
import os
import stat
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from viewer import disk
from viewer.disk import Drafts, SharedFile, locked, too_long, when_let_go, write_whole


def left(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.is_file())


def test_a_failure_names_the_place_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(disk.os, "fsync", refuse)
    with pytest.raises(OSError, match=r"a\.txt") as caught:
        write_whole(tmp_path / "a.txt", b"1")
    assert caught.value.filename == str(tmp_path / "a.txt")
    assert left(tmp_path) == []


def test_what_stands_there_stays_until_all_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")

    def pieces() -> Iterable[bytes]:
        yield b"new"
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="middle"):
        write_whole(tmp_path / "a", pieces())
    assert (left(tmp_path), (tmp_path / "a").read_bytes()) == (["a"], b"old")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows guards the user's folder instead")
def test_what_is_private_is_read_by_nobody_else(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"1", private=True)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["a", "ab", "a.b", "a.txt", "диалог.pdf", "д" * 120 + ".pdf", "н" * 127, "n" * 255])
def test_a_draft_has_no_longer_name_than_its_file(name: str, tmp_path: Path) -> None:
    with Drafts() as drafts:
        draft = drafts.draft(tmp_path / name)
        assert draft.parent == tmp_path
        assert len(draft.name) <= len(name)
        assert len(os.fsencode(draft.name)) <= len(os.fsencode(name))
        draft.write_bytes(b"1")
        assert not (tmp_path / name).exists()
        drafts.keep()
    assert left(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == b"1"


def test_drafts_of_short_names_do_not_meet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chances = iter(["a0", "a1", "a1", "b0"])
    monkeypatch.setattr(disk.secrets, "token_hex", lambda _size: next(chances))
    (tmp_path / "c").write_bytes(b"the user's own")
    with Drafts() as drafts:
        assert [drafts.draft(tmp_path / name).name for name in "cd"] == ["a", "b"]


def test_no_free_name_is_a_failure(tmp_path: Path) -> None:
    for name in "0123456789abcdef":
        (tmp_path / name).write_bytes(b"taken")
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "g", b"1")
    assert len(left(tmp_path)) == 16


def test_what_is_held_is_tried_again_until_it_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    now, tries = [0.0], []
    monkeypatch.setattr(disk.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(disk.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))

    def act(until: float) -> Callable[[], float]:
        def tried() -> float:
            tries.append(now[0])
            if now[0] < until:
                raise PermissionError(13, "held")
            return now[0]

        return tried

    assert 1 <= when_let_go(act(1), until=2) < 1.1
    with pytest.raises(PermissionError):
        when_let_go(act(9), until=3)
    assert 3 <= now[0] < 3.1
    tries.clear()
    with pytest.raises(PermissionError):
        when_let_go(act(9), until=0)
    assert len(tries) == 1, "once is always tried"
    with pytest.raises(IsADirectoryError):
        when_let_go(lambda: Path("/").read_bytes() if sys.platform != "win32" else _folder(), until=99)


def _folder() -> bytes:
    raise IsADirectoryError


# --- too long ---


@pytest.mark.skipif(sys.platform == "win32", reason="the system's own limits")
def test_what_linux_and_macos_find_too_long(tmp_path: Path) -> None:
    deep = tmp_path
    while len(os.fsencode(deep)) < os.pathconf("/", "PC_PATH_MAX"):
        deep /= "d" * 200
    for path, told in ((tmp_path / ("д" * 128), "name"), (deep / "a", "path"), (tmp_path / "none" / "a", "")):
        with pytest.raises(OSError, match=r"name too long|No such file") as caught:
            write_whole(path, b"1")
        assert too_long(path, caught.value) == told


class ToldByWindows(OSError):
    """As Windows tells it; elsewhere an OSError has no `winerror`."""

    def __init__(self, number: int, winerror: int | None) -> None:
        super().__init__(number, "refused")
        self.winerror = winerror


@pytest.mark.parametrize(
    ("folder", "name", "number", "winerror", "told"),
    [
        (20, 20, errno.ENOENT, None, ""),  # the folder is not there
        (20, 20, errno.ENOENT, 3, ""),
        (20, 20, errno.EINVAL, 123, ""),  # a name with a question mark
        (20, 20, errno.EACCES, 5, ""),
        (200, 100, errno.EACCES, 5, ""),
        (200, 100, errno.ENOENT, None, "path"),  # what `open` says
        (200, 100, errno.EINVAL, None, "path"),
        (200, 100, errno.ENOENT, 3, "path"),  # what `mkdir` and `rename` say
        (200, 100, errno.ENOENT, 206, "path"),
        (248, 5, errno.ENOENT, 3, "path"),  # a folder has less room than a file
        (20, 256, errno.ENOENT, None, "name"),
        (20, 256, errno.EINVAL, 123, "name"),
    ],
)
def test_what_windows_finds_too_long(
    folder: int, name: int, number: int, winerror: int | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path("/" + "d" * (folder - 1)) / ("n" * name)
    monkeypatch.setattr(disk.sys, "platform", "win32")
    monkeypatch.setattr(disk.os.path, "abspath", str)
    assert too_long(path, ToldByWindows(number, winerror)) == told


# --- shared ---


def test_a_shared_file_is_read_by_people_too(tmp_path: Path) -> None:
    file = SharedFile[dict[str, Any]](tmp_path / "a.json", dict)
    made = {"имя": "Анна", "пусто": [], "глубже": {"a": [1, None, True]}, "/x/\udcff": "\udcff"}
    assert file.change(lambda held: held | made) == made
    text = (tmp_path / "a.json").read_bytes().decode("utf-8", "surrogatepass")
    assert text.splitlines()[1] == '"имя": "Анна",'
    assert json.loads((tmp_path / "a.json").read_bytes()) == made == file.read() == file.copy()
    listed = SharedFile[list[Any]](tmp_path / "b.json", list)
    assert listed.change(lambda held: [*held, 1, {"a": 2}]) == listed.read() == [1, {"a": 2}]
    assert listed.change(lambda _held: []) == listed.read() == []


def test_a_change_that_fails_leaves_all_as_it_was(tmp_path: Path) -> None:
    file = SharedFile[dict[str, Any]](tmp_path / "a.json", dict)
    file.change(lambda _held: {"a": 1})

    def fail(_held: dict[str, Any]) -> dict[str, Any]:
        raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        file.change(fail)
    with locked(file.lock_path, 0) as held:
        assert held, "it was let go"
    assert file.read() == {"a": 1}


def test_a_disk_that_knows_no_locks_still_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(disk, "_lock", refuse)
    file = SharedFile[dict[str, Any]](tmp_path / "a.json", dict)
    file.change(lambda held: held | {"a": 1})
    assert file.read() == {"a": 1}


def test_who_was_refused_is_less_patient_until_it_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window waits for it: once, not at every click."""
    now = [0.0]
    monkeypatch.setattr(disk.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(disk.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    file = SharedFile[dict[str, Any]](tmp_path / "a.json", dict, patience=2)

    def waited() -> float:
        before = now[0]
        with pytest.raises(TimeoutError):
            file.change(lambda held: held)
        return now[0] - before

    with locked(file.lock_path, 0):
        assert 2 <= waited() < 2.1
        assert 0.1 <= waited() < 0.2
    file.change(lambda held: held)
    with locked(file.lock_path, 0):
        assert 2 <= waited() < 2.1


def test_a_copy_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    file = SharedFile[dict[str, Any]](tmp_path / "a.json", dict)
    file.copy_path.mkdir()
    file.change(lambda held: held | {"a": 1})
    assert file.read() == {"a": 1}


def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    real, link = tmp_path / "kept elsewhere" / "settings.json", tmp_path / "settings.json"
    try:
        link.symlink_to(real)  # it leads nowhere yet
    except OSError:
        pytest.skip("Windows lets only some users make links")
    if not link.is_symlink():
        pytest.skip("Wine makes no links")
    SharedFile(link, dict).change(lambda held: {**held, "zoom": 150})
    SharedFile(link, dict).change(lambda held: {**held, "theme": "dark"})
    assert link.is_symlink()
    assert json.loads(real.read_bytes()) == {"zoom": 150, "theme": "dark"}


def test_a_folder_in_its_place_is_a_failure_and_stays(tmp_path: Path) -> None:
    file = SharedFile[dict[str, Any]](tmp_path / "a.json", dict, patience=0)
    file.path.mkdir()
    with pytest.raises(OSError, match=r"a\.json"):
        file.change(lambda held: held)
    assert file.path.is_dir()
