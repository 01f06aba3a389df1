"""File names that three systems accept."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewer.export import free_path, safe_name

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


def test_a_taken_name_gets_a_number(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    assert free_path(path) == path
    path.touch()
    (tmp_path / "a (2).pdf").touch()
    assert free_path(path) == tmp_path / "a (3).pdf"
