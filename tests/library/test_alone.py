"""The lock between windows: another process holds it, another thread holds it, the disk knows none."""

import subprocess
import sys
from pathlib import Path

import pytest

from viewer import disk
from viewer.library.alone import alone

HOLDER = """
from viewer.library.alone import alone
with alone("portal.example#7") as held:
    print(held, flush=True)
    input()
"""


def test_another_process_is_held_off_until_this_one_is_done() -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", cwd=Path(__file__).parents[2],
    )  # fmt: skip
    with other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "True"
        with alone("portal.example#7", patience=0) as held:
            assert not held
        with alone("portal.example#8", patience=0) as held:
            assert held, "another account is not held"
        other.communicate("\n")
    assert other.returncode == 0
    with alone("portal.example#7", patience=0) as held:
        assert held


def test_a_process_that_dies_lets_go() -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", cwd=Path(__file__).parents[2],
    )  # fmt: skip
    with other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "True"
        other.kill()
    with alone("portal.example#7", patience=0) as held:
        assert held


def test_within_a_process_too_and_after_a_failure() -> None:
    def fail() -> None:
        with alone("a", patience=0) as held, alone("a", patience=0) as again:
            assert (held, again) == (True, False)
            raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        fail()
    with alone("a", patience=0) as held:
        assert held


def test_a_disk_that_takes_no_file_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("", encoding="utf-8")
    monkeypatch.setattr("viewer.library.alone.platformdirs.user_state_path", lambda *_, **__: blocker / "folder")
    with alone("a") as held:
        assert not held


def test_a_disk_that_knows_no_locks_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_file: object) -> None:
        raise OSError("no locks available")

    monkeypatch.setattr(disk, "_lock", refused)
    with alone("a") as held:
        assert not held


def test_the_file_tells_nothing(home: Path) -> None:
    with alone("portal.example#7"):
        (file,) = home.rglob("*.lock")
        assert "portal" not in file.name
        assert file.read_bytes() == b""
