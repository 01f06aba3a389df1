"""File names that three systems accept."""

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.export import ExportError, free_path, need_name, safe_name

RESERVED = ("con", "prn", "aux", "nul", "com1", "lpt9")


@given(st.text(st.characters(codec=None), max_size=400))
def test_any_name_is_made_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 120
    assert len(safe.encode()) <= 255
    assert safe == safe.strip(" .")
    assert not set(safe) & set('\\/:*?"<>|\0\n\u202e\u2066')
    assert all(char.isprintable() for char in safe)
    assert safe.split(".")[0].strip().casefold() not in RESERVED


@given(st.text(max_size=200))
def test_a_safe_name_stays(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Анна, session 321.pdf", "Анна, session 321.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\tb\nc.txt", "a b c.txt"),
        ("", "file"),
        ("...", "file"),
        (".pdf", "pdf"),
        ("x" * 300 + ".json", "x" * 114 + ".json"),
    ],
)
def test_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    "path",
    [
        "CON", r"C:\out\aux.txt", r"C:\out\nul.tar.gz", "com1.html", r"out\LPT¹\a.txt", "con.", "prn .txt", "CONIN$",
        "conout$", "trailing dot.", "trailing space ", r"C:\out.\a.txt", "q?.txt", "a*", "report:v2.txt",
        r"C:\a\b:c.txt", "a<b", "a>b", "a|b", 'a"b', "a\tb", r"\\server\share\nul", r"\\?\C:\out\aux.txt",
    ],
)  # fmt: skip
def test_a_path_that_windows_takes_for_something_else_is_refused(path: str) -> None:
    part = next(part for part in reversed(PureWindowsPath(path).parts) if part not in ("a.txt", "."))
    with pytest.raises(ExportError, match=re.escape(f"“{part}” can be no name")):
        need_name(PureWindowsPath(path), windows=True)
    need_name(PurePosixPath(path), windows=False)


@pytest.mark.parametrize(
    "path",
    [
        "a.txt", "C:\\", "C:a.txt", r"C:\Выгрузка №1 «июль»\Анна, session 321.pdf", r"..\console\auxiliary.txt", ".",
        r".\a.txt", r"..\..\b", ".hidden", "a..b", "com10.txt", "nullify", r"\\server\share\a.txt", r"\\?\C:\out\a.txt",
    ],
)  # fmt: skip
def test_any_other_path_is_taken(path: str) -> None:
    need_name(PureWindowsPath(path), windows=True)


@given(st.text(st.characters(codec=None), max_size=200))
def test_a_safe_name_is_one_on_windows(name: str) -> None:
    need_name(PureWindowsPath("C:\\out", safe_name(name)), windows=True)


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    assert free_path(path) == path
    path.touch()
    (tmp_path / "a (2).pdf").touch()
    assert free_path(path) == tmp_path / "a (3).pdf"
