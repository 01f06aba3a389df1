"""Files written whole or not at all, and what the system refuses."""

import errno
from pathlib import Path

import pytest

from viewer.export import ExportError
from viewer.export.files import Drafts, explained, write_whole


def test_writes_all(tmp_path: Path) -> None:
    with Drafts() as drafts:
        drafts.add(tmp_path / "a", b"1")
        drafts.add(tmp_path / "b", b"2")
        assert not (tmp_path / "a").exists()
        drafts.keep()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == {"a": b"1", "b": b"2"}


def test_replaces_what_stands_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    write_whole(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"


def test_writes_none_when_one_fails(tmp_path: Path) -> None:
    with Drafts() as drafts:
        drafts.add(tmp_path / "a", b"1")
        with pytest.raises(ExportError):
            drafts.add(tmp_path / "none" / "b", b"2")
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_folder_in_the_place(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(ExportError, match="could not be saved"):
        write_whole(tmp_path / "a", b"1")
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EACCES, "may not be written to"),
        (errno.EROFS, "may not be written to"),
        (errno.ENOENT, "does not exist"),
        (errno.ENAMETOOLONG, "too long"),
        (errno.EIO, "Input/output"),
    ],
)
def test_every_refusal_is_explained(code: int, told: str) -> None:
    import os

    with pytest.raises(ExportError) as caught, explained(Path("/x/a.pdf")):
        raise OSError(code, os.strerror(code))
    assert told in caught.value.detail
    assert caught.value.advice


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with pytest.raises(ExportError) as caught, explained(tmp_path / "a.pdf"), full.open("wb", buffering=0) as file:
        file.write(b"x")
    assert caught.value.detail == "The disk is full."
