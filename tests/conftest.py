"""What every test stands on: English, an empty home, a keyring in memory, no warning unheard, no question asked."""

import logging
import sys
import zoneinfo
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import hypothesis
import keyring
import platformdirs
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError
from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QMenu, QMessageBox

from tests.leaks import files_that_tell, leaked, watching
from viewer import i18n

# A slow or busy computer fails no test: neither by the time of one example nor by that of drawing it.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

_ASKING: dict[type, tuple[str, ...]] = {
    QDialog: ("exec",),
    QMenu: ("exec",),
    QDrag: ("exec",),
    QMessageBox: ("exec", "question", "information", "warning", "critical", "about"),
    QInputDialog: ("exec", "getText", "getItem", "getInt", "getMultiLineText"),
    QFileDialog: ("exec", "getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory"),
}


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets with the test."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Tests speak English unless they ask for Russian, and show times as the portal dates them."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")  # the command line speaks the system's language
    i18n.use("en")
    i18n.use_zone("portal")
    yield
    i18n.use("en")
    i18n.use_zone("portal")


@pytest.fixture
def no_zone_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer without the IANA table of zones."""
    monkeypatch.setitem(sys.modules, "tzdata", None)  # the package that stands in for it
    zoneinfo.reset_tzpath(to=[])
    yield
    zoneinfo.reset_tzpath()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, so that no test reads or writes the user's own settings."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in (
        "HOME",
        "USERPROFILE",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "APPDATA",
        "LOCALAPPDATA",
        *(f"WIN_PD_OVERRIDE_{name}" for name in ("APPDATA", "LOCAL_APPDATA", "PERSONAL", "DOWNLOADS")),
    ):
        monkeypatch.setenv(name, str(folder))
    assert platformdirs.user_config_path().is_relative_to(folder), "the tests would write to the user's own folders"
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _place: str(folder))
    monkeypatch.delenv("OPENLINES_WEBHOOK", raising=False)
    return folder


@pytest.fixture(autouse=True)
def system_keyring() -> Iterator[MemoryKeyring]:
    """The system's keyring, in memory."""
    before = keyring.get_keyring()
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture(autouse=True)
def no_unheard_warning(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A warning in the log fails the test, unless the test looked at the log itself and cleared it."""
    yield
    loud = [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    assert not loud, f"unexpected log: {[record.getMessage() for record in loud]}"


@pytest.fixture(autouse=True)
def no_secret_told(tmp_path: Path) -> Iterator[list[str]]:
    """A secret in the log, in the words of an error or in a file fails the test."""
    with watching() as found:
        yield found
    assert not found, f"a secret was told: {found}"
    told = files_that_tell(tmp_path)
    assert not told, f"a secret was written: {told}"


@pytest.fixture(autouse=True)
def no_question_without_answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What waits for an answer of the user fails the test at once: nobody would ever give it."""
    asked: list[str] = []

    def refusing(name: str) -> Callable[..., None]:
        def ask(*_: object, **__: object) -> None:
            asked.append(name)
            raise AssertionError(f"{name} waits for a user")

        return ask

    for owner, names in _ASKING.items():
        for name in names:
            monkeypatch.setattr(owner, name, refusing(f"{owner.__name__}.{name}"))
    yield
    assert not asked, f"waited for a user: {asked}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A secret that was printed fails the test."""
    report = yield
    if report.passed and leaked(report.capstdout + report.capstderr):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} printed a secret"
    return report
