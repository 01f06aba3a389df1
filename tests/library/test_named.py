"""What a command line, a link, a drop or an event names: one understanding for all of them."""

import os
import sys
from pathlib import Path

import pytest

from viewer.errors import ViewerError
from viewer.library.named import Named, check_files, looks_named, path_of_url, short_name, what_is_named

HERE = Path("/work/папка") if os.sep == "/" else Path("C:/work/папка")


@pytest.mark.parametrize(
    "text",
    [
        "343", " 343\n", "olv:343", "olv://343", "olv:/343", "OLV:343", "olv:chat1777", "olv:imol%7C343",
        "olv:livechat%7C22%7C1775%7C599", "imol|343", "chat1777", "livechat|22|1775|599", "deal 123", "D_2214",
        "https://p.example/online/?IM_HISTORY=imol%7C343", "https://p.example/crm/deal/details/2214/",
    ],
)  # fmt: skip
def test_a_reference_is_no_file(text: str) -> None:
    assert what_is_named([text], HERE) == Named(references=(text.strip(),))
    assert looks_named(text.strip())


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("olv://343", "343"), ("imol|343", "343"), ("https://p.example/online/?IM_DIALOG=chat1777", "chat1777"),
        ("olv:deal%20123", "deal 123"),
    ],
)  # fmt: skip
def test_a_reference_is_told_shortly(reference: str, told: str) -> None:
    assert short_name(reference) == told


@pytest.mark.parametrize("text", ["hello", "olv:nonsense", "olv:343.json", "https://p.example/x.json", "www example"])
def test_what_names_nothing_is_known_as_that(text: str) -> None:
    assert what_is_named(["", text, "other words"], HERE) == Named(unknown=text)


@pytest.mark.parametrize("text", ["list", "exprot", "hello", "self-test", ""])
def test_a_word_that_may_be_a_mistyped_command_is_no_name(text: str) -> None:
    assert not looks_named(text)


@pytest.mark.parametrize("text", ["Анна.olv.JSON", "a b.json", "notes.txt", f"sub{os.sep}answer", "343.json"])
def test_a_path_is_relative_to_the_folder_of_who_named_it(text: str) -> None:
    assert what_is_named([text], HERE) == Named((HERE / text,))
    assert looks_named(text)


def test_several_files_are_kept_in_order_and_none_is_named_twice(tmp_path: Path) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    found = what_is_named([str(first), second.as_uri(), first.as_uri()], HERE)
    assert found == Named((first, second))


@pytest.mark.skipif(sys.platform == "win32", reason="paths without a drive")
@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///home/%D0%90%D0%BD%D0%BD%D0%B0/%D0%9E%D1%82%D0%B2%D0%B5%D1%82.olv.json", "/home/Анна/Ответ.olv.json"),
        ("file://localhost/a%20b.json", "/a b.json"),
        ("FILE:/a.json", "/a.json"),
        ("file:///100%25%23%3F.json", "/100%#?.json"),
        ("file:///a%FF.json", "/a\udcff.json"),
    ],
)
def test_an_address_of_a_file_is_decoded(url: str, path: str) -> None:
    assert what_is_named([url], HERE) == Named((Path(path),))


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///C:/Users/%D0%90%D0%BD%D0%BD%D0%B0/a.json", "C:/Users/Анна/a.json"),
        ("file://localhost/c:/a.json", "c:/a.json"),
        ("file:///D|/a.json", "D:/a.json"),
        ("file://server/share/a%20b.json", "//server/share/a b.json"),
    ],
)
def test_an_address_of_windows_has_a_drive_or_a_computer(url: str, path: str) -> None:
    assert path_of_url(url, windows=True) == path


@pytest.mark.parametrize("url", ["file://other/a.json", "file:///a%00.json", "file://[broken/a.json", "file:"])
def test_an_address_that_leads_nowhere_on_this_computer_is_no_path(url: str) -> None:
    assert path_of_url(url, windows=False) == ""


@pytest.mark.parametrize("windows", [False, True])
def test_no_address_has_a_null_character(windows: bool) -> None:
    assert path_of_url("file:///C:/a%00.json", windows=windows) == ""


@pytest.mark.parametrize("text", ["file:///a%00.json", "a\0.json"])
def test_a_null_character_is_in_no_name(text: str) -> None:
    assert what_is_named([text], HERE).files == ()


def test_what_cannot_be_opened_is_told_before_it_is_tried(tmp_path: Path) -> None:
    empty, full = tmp_path / "empty.json", tmp_path / "full.json"
    empty.write_bytes(b"")
    full.write_bytes(b"{}")
    check_files([full])
    for path, words in ((tmp_path / "none.json", "no file"), (tmp_path, "is a folder"), (empty, "is empty")):
        with pytest.raises(ViewerError, match=words) as told:
            check_files([full, path])
        assert path.name in told.value.title
    with pytest.raises(ViewerError, match=r"cannot be read|no file"):  # by system
        check_files([full / "below.json"])
