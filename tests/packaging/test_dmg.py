"""The image of macOS, as far as another system goes: what is run, in which order, and what is made of the answers."""

import json
import subprocess
import time
from pathlib import Path

import dmg
import pytest

SECRETS = {"MACOS_IDENTITY": "Developer ID", "MACOS_NOTARY_KEY": "key.p8", "MACOS_NOTARY_KEY_ID": "K",
           "MACOS_NOTARY_ISSUER": "I"}  # fmt: skip
ACCEPTED = json.dumps({"id": "2efe2717", "status": "Accepted", "message": "Processing complete"})
INVALID = json.dumps({"id": "2efe2717", "status": "Invalid", "message": "Processing complete"})
BUSY = (1, "", "hdiutil: create failed - Resource busy")


class Mac:
    """Stands in for the programs of a Mac: keeps what was run, and answers from a list, then that all went well."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: tuple[int, str, str]) -> None:
        self.ran: list[list[str]] = []
        self.waited: list[float] = []
        self._answers = list(answers)
        monkeypatch.setattr(subprocess, "run", self.run)
        monkeypatch.setattr(time, "sleep", self.waited.append)

    def run(self, command: list[str], **_how: object) -> subprocess.CompletedProcess[str]:
        self.ran.append(command)
        if command[:3] == ["xcrun", "notarytool", "submit"] and not self._answers:
            return subprocess.CompletedProcess(command, 0, ACCEPTED, "")
        code, output, error = self._answers.pop(0) if self._answers else (0, "", "")
        return subprocess.CompletedProcess(command, code, output, error)

    def steps(self) -> list[str]:
        """Each command by its program, what that is told to do, and the kind of file it is told to do it to."""
        return [
            " ".join([*filter(None, (_action(command), *sorted({Path(word).suffix for word in command} & KINDS)))])
            for command in self.ran
        ]


KINDS = {".app", ".zip", ".dmg"}


def _action(command: list[str]) -> str:
    if command[0] == "xcrun":
        return " ".join(command[1:3])
    return f"{command[0]} {command[1]}" if command[0] == "hdiutil" or "--verify" in command else command[0]


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in SECRETS.items():
        monkeypatch.setenv(name, text)


@pytest.mark.usefixtures("secrets")
def test_the_application_is_stapled_before_it_goes_into_the_image(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mac = Mac(monkeypatch)
    dmg.build(tmp_path / "Open Lines Viewer.app", tmp_path / "out")
    assert mac.steps() == [
        "codesign .app",
        "codesign --verify .app",
        "ditto .app .zip",
        "notarytool submit .zip",
        "stapler staple .app",
        "stapler validate .app",
        "ditto .app",
        "hdiutil create .dmg",
        "codesign .dmg",
        "codesign --verify .dmg",
        "notarytool submit .dmg",
        "stapler staple .dmg",
        "stapler validate .dmg",
        "stapler validate .app",
        "spctl .app",
        "spctl .dmg",
    ]
    assert dmg.ENTITLEMENTS.is_file()


def test_without_secrets_there_is_the_image_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    mac = Mac(monkeypatch)
    dmg.build(tmp_path / "Open Lines Viewer.app", tmp_path / "out")
    assert mac.steps() == ["ditto .app", "hdiutil create .dmg"]


def test_signed_without_a_notary_nothing_is_sent_to_apple(tmp_path: Path) -> None:
    given = {"MACOS_IDENTITY": "Developer ID"}
    assert dmg.notary(given) == []
    assert dmg.notary({**SECRETS, "MACOS_IDENTITY": ""}) == []
    assert len(dmg.signing(tmp_path, given)) == len(dmg.sealing(tmp_path, given)) == 2
    assert dmg.assessing(tmp_path, tmp_path, given) == []


@pytest.mark.parametrize("code", [0, 1])
def test_what_the_notary_refuses_ends_the_build_with_its_reasons(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reasons = '{"issues": [{"message": "The binary is not signed.", "path": "a/libqt.dylib"}]}'
    mac = Mac(monkeypatch, (code, INVALID, ""), (0, reasons, ""))
    with pytest.raises(SystemExit):
        dmg.notarise(tmp_path / "a.zip", tmp_path / "a.app", SECRETS)
    assert mac.steps() == ["notarytool submit .zip", "notarytool log"]
    assert "2efe2717" in mac.ran[1]
    told = "".join(capsys.readouterr())
    assert "The binary is not signed." in told
    assert "Invalid" in told


@pytest.mark.parametrize("answer", ["", "Error: HTTP status code: 401", "[]", "{}", '{"id": null, "status": null}'])
def test_a_notary_that_gives_no_verdict_has_not_accepted(
    answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mac = Mac(monkeypatch, (0, answer, ""))
    with pytest.raises(SystemExit):
        dmg.notarise(tmp_path / "a.zip", tmp_path / "a.app", SECRETS)
    assert len(mac.ran) == 1


def test_a_busy_image_is_tried_again_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    mac = Mac(monkeypatch, BUSY, BUSY, (0, "created", ""))
    assert dmg.run(["hdiutil", "create", "a.dmg"]) == "created"
    assert mac.waited == list(dmg.PAUSES[:2])


def test_what_stays_busy_ends_the_build(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    mac = Mac(monkeypatch, *[BUSY] * 9)
    with pytest.raises(SystemExit):
        dmg.run(["hdiutil", "create", "a.dmg"])
    assert len(mac.ran) == len(dmg.PAUSES) + 1
    assert "Resource busy" in "".join(capsys.readouterr())


def test_another_failure_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    mac = Mac(monkeypatch, (1, "", "hdiutil: create failed - No space left on device"))
    with pytest.raises(SystemExit):
        dmg.run(["hdiutil", "create", "a.dmg"])
    assert len(mac.ran) == 1


def test_a_word_of_apple_that_is_on_its_way_is_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    mac = Mac(monkeypatch, (65, "The staple and validate action failed! Error 65.", ""))
    dmg.run(["xcrun", "stapler", "staple", "a.app"])
    assert len(mac.ran) == 2


def test_an_image_is_let_go_of_even_where_the_copy_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mac = Mac(monkeypatch, (0, "", ""), (1, "", "ditto: no"), (16, "", "hdiutil: couldn't unmount - Resource busy"))
    with pytest.raises(SystemExit):
        dmg.try_image(tmp_path / "a.dmg")
    assert [step.partition(" .")[0] for step in mac.steps()] == [
        "hdiutil attach", "ditto", "hdiutil detach", "hdiutil detach",
    ]  # fmt: skip
