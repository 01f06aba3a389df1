"""The cache of files: bytes by account and file, within a limit, and never a reason to fail."""

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from viewer.library.cache import FileCache, default_root

PNG = b"\x89PNG\r\n\x1a\n" + bytes(992)


def entries(cache: FileCache) -> set[str]:
    return {path.name for path in cache.folder.iterdir()}


def test_what_was_put_is_there_in_the_next_start(tmp_path: Path) -> None:
    FileCache("zerno.example#17", tmp_path).put(7, PNG)
    later = FileCache("zerno.example#17", tmp_path)
    assert later.get(7) == PNG
    assert later.get(8) is None
    assert entries(later) == {"7"}, "nothing half-written stays"


def test_accounts_do_not_see_each_other(tmp_path: Path) -> None:
    one, other = FileCache("zerno.example#17", tmp_path), FileCache("zerno.example#18", tmp_path)
    one.put(7, PNG)
    assert other.get(7) is None
    other.put(7, b"other")
    assert one.get(7) == PNG
    one.clear()
    assert one.get(7) is None
    assert other.get(7) == b"other"


def test_the_key_of_an_account_names_no_path(tmp_path: Path) -> None:
    for key in ("../../etc", "a/b:c#1", "", "con"):
        cache = FileCache(key, tmp_path / "files")
        cache.put(1, PNG)
        assert cache.folder.parent == tmp_path / "files"
        assert FileCache(key, tmp_path / "files").get(1) == PNG


def test_what_was_used_longest_ago_gives_way(tmp_path: Path) -> None:
    cache = FileCache("a", tmp_path, limit=6000)
    for number in range(5):
        cache.put(number, PNG)
    assert cache.get(0) == PNG
    cache.put(5, PNG)
    assert entries(cache) == {"0", "2", "3", "4", "5"}
    assert cache.get(1) is None
    assert cache.get(0) == PNG


def test_the_limit_is_that_of_all_accounts(tmp_path: Path) -> None:
    FileCache("a", tmp_path, limit=6000).put(1, PNG)
    other = FileCache("b", tmp_path, limit=6000)
    for number in range(6):
        other.put(number, PNG)
    assert FileCache("a", tmp_path).get(1) is None
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 6000


def test_one_file_does_not_drive_out_all_others(tmp_path: Path) -> None:
    cache = FileCache("a", tmp_path, limit=6000)
    cache.put(1, PNG)
    cache.put(2, bytes(3000))
    assert cache.get(2) is None
    assert cache.get(1) == PNG
    nothing = FileCache("b", tmp_path, limit=0)
    nothing.put(1, PNG)
    assert nothing.get(1) is None


@pytest.mark.parametrize("spoilt", [b"", b"short", b"\0" * 32 + PNG, None])
def test_a_damaged_entry_is_missed_and_goes(tmp_path: Path, spoilt: bytes | None) -> None:
    cache = FileCache("a", tmp_path)
    cache.put(7, PNG)
    (path,) = cache.folder.iterdir()
    path.write_bytes(path.read_bytes()[:-1] if spoilt is None else spoilt)
    assert cache.get(7) is None
    assert not path.exists()
    cache.put(7, PNG)
    assert cache.get(7) == PNG


def test_an_entry_that_vanished_is_missed(tmp_path: Path) -> None:
    cache = FileCache("a", tmp_path)
    cache.put(7, PNG)
    (cache.folder / "7").unlink()
    assert cache.get(7) is None
    cache.drop(7)
    cache.clear()
    cache.clear()


def test_a_disk_that_refuses_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "files").write_bytes(b"a file stands where the folder should")
    cache = FileCache("a", tmp_path / "files")
    cache.put(7, PNG)
    assert cache.get(7) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows guards the user's folder instead")
def test_nobody_else_may_look(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        cache = FileCache("a", tmp_path / "files")
        cache.put(7, PNG)
    finally:
        os.umask(before)
    assert stat.S_IMODE((cache.folder / "7").stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(cache.root.stat().st_mode) == 0o700


def test_the_demo_leaves_nothing(home: Path) -> None:
    cache = FileCache.temporary()
    cache.put(7, PNG)
    assert cache.get(7) == PNG
    assert home not in cache.folder.parents
    cache.close()
    assert not cache.root.exists()
    cache.put(7, PNG)
    assert list(home.rglob("*")) == []


def test_it_stands_in_the_users_cache_folder(home: Path) -> None:
    assert home in default_root().parents
    assert FileCache("a").root == default_root()


def test_several_threads(tmp_path: Path) -> None:
    cache = FileCache("a", tmp_path, limit=20_000)

    def work(start: int) -> None:
        for number in range(start, start + 30):
            cache.put(number, PNG)
            assert cache.get(number) in (PNG, None)

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < sum(path.stat().st_size for path in cache.folder.iterdir()) <= 20_000


def test_what_is_held_is_counted_over_all_accounts_and_can_be_forgotten(tmp_path: Path) -> None:
    one, other = FileCache("zerno.example#17", tmp_path), FileCache("zerno.example#18", tmp_path)
    assert one.held() == 0
    one.put(7, PNG)
    other.put(7, PNG)
    assert one.held() == other.held() == 2 * (len(PNG) + 32)
    one.empty()
    assert (one.held(), other.get(7)) == (0, None)
    other.put(8, PNG)
    assert other.get(8) == PNG


def test_a_smaller_limit_lets_the_longest_unused_go_at_once(tmp_path: Path) -> None:
    cache = FileCache("zerno.example#17", tmp_path)
    for number in range(8):
        cache.put(number, PNG)
    cache.keep(5000)
    assert entries(cache) == {"4", "5", "6", "7"}
    cache.put(9, PNG)
    assert "9" in entries(cache)
    cache.keep(0)
    assert cache.held() == 0
    cache.put(10, PNG)
    assert cache.held() == 0
