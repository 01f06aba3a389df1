"""News of a newer version: what an answer may say, and what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from viewer.bitrix.errors import Unreachable
from viewer.bitrix.transport import Respond, Served, embedded
from viewer.bitrix.updates import LARGEST, Release, is_newer, newest, numbers
from viewer.errors import ViewerError

ADDRESS = "https://releases.example/newest.json"
PAGE = "https://releases.example/0.2.0"


@dataclass
class Answer:
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def answering(answer: Served) -> Respond:
    return lambda _verb, _address, _headers, _body: answer


def asked(body: str, status: int = 200) -> Release:
    return newest(ADDRESS, transport=embedded(answering(Answer(body.encode(), status))))


def test_a_release_is_read() -> None:
    assert asked(f'{{"version": "0.2.0", "page": "{PAGE}"}}') == Release("0.2.0", PAGE)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[]",
        '{"version": "0.2.0"}',
        f'{{"version": "newest", "page": "{PAGE}"}}',
        f'{{"version": 2, "page": "{PAGE}"}}',
        '{"version": "0.2.0", "page": "https://elsewhere.example/"}',
        '{"version": "0.2.0", "page": "http://releases.example/"}',
        '{"version": "0.2.0", "page": "javascript:alert(1)"}',
        '{"version": "0.2.0", "page": "https://[releases.example"}',
        f'{{"version": "0.2.0", "page": "{PAGE}", "more": "{"x" * LARGEST}"}}',
    ],
)
def test_an_answer_of_another_kind_is_an_error_in_words(body: str) -> None:
    with pytest.raises(ViewerError, match="cannot be told"):
        asked(body)


def test_a_redirect_is_not_followed() -> None:
    answer = Answer(b"", 302, {"Location": "https://elsewhere.example/"})
    with pytest.raises(ViewerError, match="cannot be told"):
        newest(ADDRESS, transport=embedded(answering(answer)))


def test_nothing_of_the_user_is_sent() -> None:
    seen: dict[str, str] = {}

    def respond(verb: str, address: str, headers: Mapping[str, str], body: bytes) -> Served:
        seen.update(headers, verb=verb, address=address, body=body.decode())
        return Answer(f'{{"version": "0.2.0", "page": "{PAGE}"}}'.encode())

    newest(ADDRESS, transport=embedded(respond))
    assert (seen["verb"], seen["address"], seen["body"]) == ("GET", ADDRESS, "")
    assert seen["user-agent"] == "Open Lines Viewer"
    assert "cookie" not in seen


def test_a_broken_line_is_told_as_such() -> None:
    def respond(_verb: str, _address: str, _headers: Mapping[str, str], _body: bytes) -> Served:
        raise OSError("cut")

    with pytest.raises(Unreachable):
        newest(ADDRESS, transport=embedded(respond))


@pytest.mark.parametrize(
    ("there", "here", "newer"),
    [("0.2.0", "0.1.0", True), ("0.10", "0.9.9", True), ("1", "1.0.0", False), ("0.1.0", "0.1.0", False),
     ("0.0.9", "0.1.0", False), ("0.1.0.1", "0.1.0", True)],
)  # fmt: skip
def test_versions_are_compared_as_numbers(there: str, here: str, newer: bool) -> None:
    assert is_newer(Release(there, PAGE), here) is newer


@pytest.mark.parametrize("text", ["", "1.x", "1.2.3.4.5", "-1", "1." + "9" * 6, "१.२"])
def test_what_is_no_version_has_no_numbers(text: str) -> None:
    assert numbers(text) == ()
