"""The watch itself: it hears what it should, and would fail the test."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leaks import SECRETS, files_that_tell, leaked
from viewer.errors import ViewerError


@pytest.fixture
def unmasked() -> Iterator[None]:
    """Without the program's own mask, which another test may have put on."""
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(logging.LogRecord)
    yield
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.usefixtures("unmasked")
def test_a_secret_is_heard_in_log_error_and_file(secret: str, tmp_path: Path, no_secret_told: list[str]) -> None:
    log = logging.getLogger("leaky")
    log.debug("nothing")
    log.debug("asked %s", f"https://x.example/{secret}/")
    try:
        raise ValueError(secret)
    except ValueError:
        log.info("failed", exc_info=True)
    ViewerError("A title.", f"It was {secret}.")
    ViewerError("A title.", "It was nothing.")
    assert no_secret_told == ["log of leaky, DEBUG", "log of leaky, INFO", "words of ViewerError"]
    no_secret_told.clear()
    (tmp_path / "a").mkdir()
    told = tmp_path / "a" / "report.txt"
    told.write_text(f"rest/17/{secret}/", encoding="utf-8")
    (tmp_path / "quiet.txt").write_text("rest/***/***/", encoding="utf-8")
    assert files_that_tell(tmp_path) == [f"file {Path('a', 'report.txt')}"]
    told.unlink()


def test_a_token_that_opens_a_file_is_a_secret() -> None:
    assert leaked("https://zerno.bitrix24.example/rest/download?token=1f4t0")
    assert not leaked("https://zerno.bitrix24.example/rest/download?token=***")
