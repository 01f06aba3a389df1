"""What the system asks to open: a file or a link by an event, a further start; files of one moment belong together."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer import settings
from viewer.demo import DemoPortal
from viewer.ui.application import Program
from viewer.ui.instance import Request
from viewer.ui.opening import Opening, text_of
from viewer.vault import MemoryVault

PATIENCE = 15_000


class Started(Program):
    """A program that remembers what it was asked for."""

    asked: list[Request]

    def take(self, request: Request) -> None:
        self.asked.append(request)
        super().take(request)


@pytest.fixture
def program(qapp: QApplication) -> Iterator[Started]:
    made = Started(qapp, settings.Store(None), MemoryVault)
    made.asked = []
    made.opening = Opening(made)  # type: ignore[attr-defined]
    yield made
    qapp.removeEventFilter(made.opening)  # type: ignore[attr-defined]
    made.close()


@pytest.fixture
def answers(tmp_path: Path) -> tuple[str, ...]:
    """Saved answers of one chat."""
    portal = DemoPortal(limits=False, big=20)
    files = [tmp_path / f"{number} Анна.olv.json" for number in (321, 288)]
    for file in files:
        told = portal.call("imopenlines.session.history.get", {"SESSION_ID": file.name[:3]})
        file.write_text(json.dumps(told), encoding="utf-8")
    return tuple(map(str, files))


def opened(program: Program, *files: str) -> bool:
    window = program.front.window
    source = window.desk.source if window is not None else None
    return source is not None and tuple(map(str, source.files)) == files


def test_files_that_the_system_names_one_by_one_are_opened_together(
    program: Started, qtbot: QtBot, answers: tuple[str, ...]
) -> None:
    for answer in answers:
        QApplication.sendEvent(program.app, QFileOpenEvent(answer))
    qtbot.waitUntil(lambda: opened(program, *answers), timeout=PATIENCE)
    assert program.asked == [Request(answers)], "once"


def test_files_of_further_starts_join_those_of_their_moment_and_of_no_other(
    program: Started, qtbot: QtBot, answers: tuple[str, ...]
) -> None:
    taking: Opening = program.opening  # type: ignore[attr-defined]
    taking._moment.setInterval(3_600_000)
    taking.take(Request((answers[0],)))
    qtbot.waitUntil(lambda: opened(program, answers[0]), timeout=PATIENCE)
    second = Path(answers[1])
    taking.take(Request((second.name,), str(second.parent)))
    qtbot.waitUntil(lambda: opened(program, *answers), timeout=PATIENCE)
    taking._moment.start(0)
    qtbot.waitUntil(lambda: not taking._moment.isActive())
    taking.take(Request((answers[0],)))
    qtbot.waitUntil(lambda: opened(program, answers[0]), timeout=PATIENCE)


def test_a_file_that_is_no_answer_is_told_and_the_window_stays(
    program: Started, qtbot: QtBot, answers: tuple[str, ...], tmp_path: Path
) -> None:
    program.take(Request((answers[0],)))
    window = program.front.window
    assert window is not None
    qtbot.waitUntil(lambda: window.desk.complete, timeout=PATIENCE)
    file = tmp_path / "other.json"
    file.write_text("[]", encoding="utf-8")
    QApplication.sendEvent(program.app, QFileOpenEvent(str(file)))
    qtbot.waitUntil(lambda: "The file is not a history." in window.conversation.notice.text.text(), timeout=PATIENCE)
    assert program.front.window is window
    assert window.desk.rows


def test_a_link_before_there_is_a_portal_waits(program: Started) -> None:
    QApplication.sendEvent(program.app, QFileOpenEvent(QUrl("olv:343")))
    assert program.asked == [Request(("olv:343",))]
    assert program.front.welcome is not None


@pytest.mark.parametrize(
    ("link", "text"),
    [
        ("olv:343", "olv:343"),
        ("olv://343", "olv:343"),
        ("olv:/343", "olv:/343"),
        ("OLV://chat1777", "olv://chat1777"),
        ("olv:imol%7C343", "olv:imol%7C343"),
    ],
)
def test_a_link_is_read_as_it_was_written(link: str, text: str) -> None:
    assert text_of(QUrl(link)) == text
