"""The job that is done with a program that was built: what it calls well, and what it does not let pass."""

import logging
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import desktop
import job
import pytest

from viewer.library import logbook

PICTURE = b"<</Type/XObject/Subtype/Image/Width 480/Height 640/ColorSpace 694 0 R>>"
PIXELS = "iVBORw0KGgo" + "A" * 801  # a PNG's first bytes, and enough after them


def test_a_pdf_needs_each_of_its_pictures(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.7\n" + PICTURE * job.DIFFERENT + b"%%EOF")
    assert "12 different pictures" in job._READERS["pdf"](file)
    for content in (
        b"%PDF-1.7\n" + PICTURE * (job.DIFFERENT - 1) + b"%%EOF",
        b"%PDF-1.7\n" + PICTURE.replace(b"480", b"136") * job.DIFFERENT + b"%%EOF",  # smileys
        b"%PDF-1.7\n" + PICTURE * job.DIFFERENT,  # cut short
        b"<html>",
    ):
        file.write_bytes(content)
        with pytest.raises(job.JobError):
            job._READERS["pdf"](file)


def page(pictures: int, more: str = "") -> str:
    shown = f'<img alt="" src="data:image/png;base64,{PIXELS}">' * pictures
    return f"<!doctype html><p>{'word ' * 600}</p>{shown}{more}"


def test_a_page_holds_its_pictures_and_asks_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(page(job.PICTURES), encoding="utf-8")
    assert "20 pictures" in job._READERS["html"](file)
    for text in (
        page(job.PICTURES - 1),
        page(job.PICTURES, '<img src="https://portal.example/a.png">'),
        page(job.PICTURES, '<link rel="stylesheet" href="a.css">'),
        page(job.PICTURES - 1, '<img src="data:image/png;base64,SGVsbG8=">'),
        page(job.PICTURES).replace("word ", ""),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(job.JobError):
            job._READERS["html"](file)


def test_tables_and_texts_are_whole(tmp_path: Path) -> None:
    file = tmp_path / "a"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", '<row r="1">' * 10)
    for form, content in {
        "xlsx": None,
        "csv": b"a,b\r\n" * 80 + b"a\r\n",
        "txt": b"short",
        "md": b"short",
        "json": b'{"messages": [], "files": []}',
    }.items():
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(job.JobError):
            job._READERS[form](file)


def test_a_step_that_fails_ends_the_build(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> str:
        raise job.JobError("no pictures")

    with pytest.raises(SystemExit):
        job.tried("the showcase as pdf", fails)
    assert "the showcase as pdf: FAILED" in capsys.readouterr().err
    assert job.tried("well", lambda: "done").said == "done"
    assert "| well |" in job.table([job.tried("well", lambda: "done")])


def test_a_self_test_that_leaves_out_what_users_do_is_not_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was green in every package that could not write a PDF with pictures, and could not print."""
    session = desktop.Session(tmp_path, desktop.clean(tmp_path / "home"), None)
    checks = dict.fromkeys(job.CHECKS, "ok, well")
    monkeypatch.setattr(desktop.Session, "self_test", lambda _self, _program: checks)
    work = job.Job(Path(sys.executable), Path(sys.executable), session, None)
    assert "8 checks" in work.self_test()
    del checks["print"]
    with pytest.raises(job.JobError, match="print"):
        work.self_test()


def test_the_log_is_waited_for_from_a_moment_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = desktop.Session(tmp_path, desktop.clean(tmp_path / "home"), None)
    monkeypatch.setattr(desktop, "PATIENCE", 0.0)
    log = session._log
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("opened: saved answers, 2 messages\n", encoding="utf-8")
    session.wait_for_news("opened: saved answers")
    session.forget_news()
    with pytest.raises(TimeoutError, match="does not say"):
        session.wait_for_news("opened: saved answers")


@pytest.mark.skipif(sys.platform != "linux", reason="the processes of Linux")
def test_every_process_of_a_program_is_found() -> None:
    assert desktop._processes(Path(sys.executable))
    assert not desktop._processes(Path("/no/such/program"))


# --- a link that reaches the program that runs ---

STARTS = "--- Open Lines Viewer 0.1.0, Python 3.11.7, linux\n"
FIRST = "INFO viewer.ui.toplevel: shown: the first page\n"
WAITS = "INFO viewer.ui.toplevel: waits for a portal: 343\n"


@pytest.fixture
def link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """The step of the link, with programs that only write to the log: the second one this."""
    log = tmp_path / "viewer.log"
    log.write_text(STARTS + FIRST + WAITS, encoding="utf-8")  # of a step before
    monkeypatch.setattr(desktop, "_log_of", lambda _home: log)
    monkeypatch.setattr(desktop.Session, "end", lambda *_: None)
    monkeypatch.setattr(desktop, "PATIENCE", 0.0)

    def write(said: str) -> None:
        with log.open("a", encoding="utf-8") as file:
            file.write(said)

    def run(second: str) -> str:
        monkeypatch.setattr(job.subprocess, "Popen", lambda *_, **__: write(STARTS + FIRST))
        session = desktop.Session(tmp_path, {}, None)
        return job.Job(tmp_path, tmp_path, session, lambda _named, _session: write(second)).link()

    return run


def test_a_link_that_the_running_program_takes_is_well(link: Callable[[str], str]) -> None:
    assert link(WAITS) == "by the desktop"


def test_a_link_that_a_second_program_takes_is_none_that_was_handed_over(link: Callable[[str], str]) -> None:
    with pytest.raises(job.JobError, match="a second program"):
        link(STARTS + WAITS + FIRST)


def test_what_the_log_said_before_is_no_news(link: Callable[[str], str]) -> None:
    with pytest.raises(TimeoutError):
        link("")


def test_a_program_begins_its_log_as_the_trial_expects(tmp_path: Path) -> None:
    kept = logbook.Logbook(tmp_path)
    kept.open()
    logging.getLogger("viewer.test").info("a line")
    kept.close()
    assert (tmp_path / "viewer.log").read_text(encoding="utf-8").count(job.BEGINNING) == 1
