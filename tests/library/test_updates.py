"""Where newer versions are asked for: only an address that the build put there."""

from pathlib import Path
from threading import Event

import pytest

from viewer import resources
from viewer.bitrix import updates as portal
from viewer.bitrix.updates import Release
from viewer.library import updates

ADDRESS = "https://releases.example/newest.json"


def test_a_checkout_has_no_address() -> None:
    assert updates.address() == ""


@pytest.mark.parametrize(
    ("told", "address"),
    [(f" {ADDRESS}\n", ADDRESS), ("http://releases.example/", ""), ("", ""), ("https://[", ""), ("https:///x", "")],
)
def test_only_an_https_address_counts(told: str, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "updates.txt").write_text(told, encoding="utf-8")
    monkeypatch.setattr(resources, "folder", lambda: tmp_path)
    assert updates.address() == address


@pytest.mark.parametrize(("version", "found"), [("99.0", ("99.0", "https://releases.example/99")), ("0.0.1", None)])
def test_only_a_newer_version_is_news(
    version: str, found: tuple[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        portal, "newest", lambda _where, cancel: Release(version, "https://releases.example/99")  # noqa: ARG005
    )  # fmt: skip
    assert updates.look(ADDRESS, Event()) == found
