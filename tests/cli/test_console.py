"""Where words go without a console, what a closed pipe is, and which arguments mean `open`."""

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from viewer import __version__, app
from viewer.cli import DONE, PARTLY, USAGE, console, main
from viewer.errors import ViewerError
from viewer.settings import Account, Store, default_path
from viewer.ui import self_test

PIPE = SimpleNamespace(closed=False, isatty=lambda: False)
TERMINAL = SimpleNamespace(closed=False, isatty=lambda: True)
Asked = list[dict[str, object]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the window was asked for, instead of a window."""
    calls: Asked = []

    def run_window(_without_screen: Callable[[], None], **wanted: object) -> int:
        calls.append(wanted)
        return DONE

    monkeypatch.setattr(app, "run_window", run_window)
    return calls


@pytest.fixture
def boxes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The boxes that are shown."""
    shown: list[str] = []
    monkeypatch.setattr(console, "show", lambda news: shown.append(str(news)))
    return shown


def without_console(words: list[str]) -> int:
    """Run a command as a program that has no console, as on Windows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        patch.setattr(sys, "stderr", None)
        return main(words)


@pytest.mark.parametrize(
    "words",
    [
        ["a.json"], ["olv:343"], ["file:///home/a.json"], ["343"], ["chat1777"], ["a.json", "b.json"],
        [f"folder{os.sep}answer"], ["https://p.example/online/?IM_HISTORY=imol%7C343"],
    ],
)  # fmt: skip
def test_what_is_dropped_on_the_icon_is_opened(asked: Asked, words: list[str]) -> None:
    for before in ([], ["open"]):
        assert main([*before, *words]) == DONE
    assert main(["--account", "list", *words]) == DONE
    wanted = {"demo": False, "account": "", "named": words, "new_window": False}
    assert asked == [wanted, wanted, {**wanted, "account": "list"}]


def test_a_further_window_is_asked_for_in_both_places(asked: Asked) -> None:
    for words in (["--new-window"], ["--new-window", "open", "343"], ["open", "--new-window", "343"], ["--demo"]):
        assert main(words) == DONE
    assert [each["new_window"] for each in asked] == [True, True, True, False]
    assert [each["named"] for each in asked] == [[], ["343"], ["343"], []]


@pytest.mark.parametrize("words", [["exprot", "343"], ["hello"], ["--wrong"]])
def test_a_mistyped_command_is_wrong_usage(asked: Asked, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == USAGE
    assert words[0] in capsys.readouterr().err
    assert asked == []


@pytest.mark.parametrize("words", [["343", "321"], ["a.json", "343"]])
def test_one_dialogue_or_files_are_opened_at_once(
    asked: Asked, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["open", *words]) == USAGE
    assert "one dialogue" in capsys.readouterr().err
    assert asked == []


def test_an_account_that_is_not_connected_is_told_before_anything_opens(capsys: pytest.CaptureFixture[str]) -> None:
    Store(default_path()).put(Store(None).value.with_account(Account("p.example#1", "p.example", "Мой")))
    assert main(["--account", "other"]) == PARTLY
    assert "other" in capsys.readouterr().err


def test_without_a_console_what_is_wrong_is_shown_in_a_box(boxes: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        without_console(["exprot"])
    assert left.value.code == USAGE
    assert without_console(["--account", "other"]) == PARTLY
    with pytest.raises(SystemExit) as left:
        without_console(["--version"])
    assert left.value.code == DONE
    assert "exprot" in boxes[0]
    assert "other" in boxes[1]
    assert boxes[2:] == [f"openlines-viewer {__version__}"]


def test_without_a_console_a_fault_of_the_program_is_shown_without_its_text(
    boxes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise LookupError("the client's words")

    monkeypatch.setattr(app, "run_window", fail)
    assert without_console([]) == PARTLY
    (shown,) = boxes
    assert "LookupError (test_console.py:" in shown
    assert "words" not in shown


def test_what_needs_no_window_never_opens_a_box(boxes: list[str]) -> None:
    assert without_console(["export", "--from-file", "none.json"]) == PARTLY
    with pytest.raises(SystemExit):
        without_console(["list", "--since", "yesterday"])
    assert boxes == []


@pytest.mark.parametrize(
    ("system", "stream", "known", "there"),
    [
        ("win32", None, {}, False),
        ("linux", SimpleNamespace(closed=True), {}, False),
        ("linux", TERMINAL, {"launched": "mine"}, True),
        ("linux", PIPE, {}, True),
        ("linux", PIPE, {"launched": "1"}, True),
        ("linux", PIPE, {"launched": "mine"}, False),
        ("darwin", PIPE, {"parent": "1"}, False),
        ("darwin", PIPE, {"parent": "500"}, True),
    ],
)  # fmt: skip
def test_a_console_is_what_somebody_reads(
    monkeypatch: pytest.MonkeyPatch, system: str, stream: object, known: dict[str, str], there: bool
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(os, "getppid", lambda: int(known.get("parent", "500")), raising=False)
    monkeypatch.delenv("GIO_LAUNCHED_DESKTOP_FILE_PID", raising=False)
    if launched := known.get("launched"):
        monkeypatch.setenv("GIO_LAUNCHED_DESKTOP_FILE_PID", launched.replace("mine", str(os.getpid())))
    assert console.exists() is there


class Closed(io.TextIOBase):
    """A pipe whose reader has gone, as each system tells it."""

    def __init__(self, number: int, *, when: str) -> None:
        super().__init__()
        self.number, self.when = number, when

    def write(self, text: str) -> int:
        if self.when == "write":
            raise OSError(self.number, "gone")
        return len(text)

    def flush(self) -> None:
        if self.when == "flush":
            raise OSError(self.number, "gone")

    def close(self) -> None:
        self.when = ""
        super().close()


@pytest.mark.parametrize("number", [errno.EPIPE, errno.EINVAL])
@pytest.mark.parametrize("when", ["write", "flush"])
def test_a_reader_who_has_gone_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, when: str
) -> None:
    monkeypatch.setattr(sys, "stdout", Closed(number, when=when))
    assert main(["list", "--demo"]) == DONE
    assert capsys.readouterr().err == ""


def test_an_invalid_argument_that_is_no_pipe_stays_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(app, "run_window", fail)
    assert main([]) == PARTLY
    assert "OSError (test_console.py:" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_pipe_that_is_closed_early_is_no_failure(form: str) -> None:
    words = [sys.executable, "-m", "viewer", "list", "--demo", "--format", form]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == DONE


@pytest.mark.skipif(sys.platform == "win32", reason="there Qt itself waits in a box first")
def test_where_qt_finds_no_screen_the_reason_is_one_sentence(home: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "none-such", "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C"}
    words = [sys.executable, "-m", "viewer", "--demo"]
    done = subprocess.run(words, capture_output=True, env=environment, encoding="utf-8", check=False, timeout=100)
    assert done.returncode == PARTLY
    (line,) = done.stderr.splitlines()
    assert line.startswith("openlines-viewer: The window cannot be opened.")


def test_a_failure_before_the_window_is_one_line_where_there_is_a_console(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> int:
        raise ViewerError("No.", "Why.")

    monkeypatch.setattr(app, "run_window", fail)
    assert main([]) == PARTLY
    assert capsys.readouterr().err == "openlines-viewer: No. Why.\n"


def test_a_run_of_exports_goes_on_where_nobody_hears_of_it(tmp_path: Path) -> None:
    words = ["export", "343", "321", "--demo", "--format", "txt", "--folder", str(tmp_path)]
    assert without_console(words) == DONE
    assert len(list(tmp_path.rglob("*.txt"))) == 2
    assert (sys.stdout, sys.stderr) != (None, None), "a command gives back what it was given"


def test_a_list_that_nobody_reads_is_no_fault_of_the_program() -> None:
    assert without_console(["list", "--demo"]) == DONE


@pytest.mark.parametrize("words", [["list", "--demo"], ["export", "343", "--demo", "--format", "txt"]])
def test_a_full_disk_is_told_as_such(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", Closed(errno.ENOSPC, when="write"))
    assert main(words) == PARTLY
    assert capsys.readouterr().err == "openlines-viewer: The output could not be written. gone.\n"


def test_a_report_that_cannot_be_written_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(self_test, "_checks", lambda _opened: {"one": lambda: "well"})
    report = tmp_path / "none" / "report.json"
    assert main(["self-test", str(report)]) == PARTLY
    told = capsys.readouterr()
    assert told.err.startswith(f"openlines-viewer: {report}: ")
    assert "one: ok, well" in told.out
