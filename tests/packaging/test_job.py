"""The trial of a package: a step fails where the thing that it tries does."""

import logging
from collections.abc import Callable
from pathlib import Path

import desktop
import job
import pytest

from viewer.library import logbook

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
