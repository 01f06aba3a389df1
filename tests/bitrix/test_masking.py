"""What is masked, and what is left alone."""

import logging

import pytest

from viewer.bitrix.masking import MaskingFilter, masked, remember


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.ru/rest/1/abcd1234/profile", "https://a.ru/rest/***/***/profile"),
        ("https://a.ru/rest/api/1/abcd1234/profile", "https://a.ru/rest/***/***/profile"),
        ("x=https%3A%2F%2Fa.ru%2Frest%2F1%2Fabcd1234%2F", "x=https%3A%2F%2Fa.ru%2Frest%2F***%2F***%2F"),
        ("/rest/download.json?sessid=1a&token=disk%7CaWQ9", "/rest/download.json?sessid=***&token=***"),
        (
            "a.php?signature=d1007a&exact=N&_esd=oYQ%3D&fileName=1.png",
            "a.php?signature=***&exact=N&_esd=***&fileName=1.png",
        ),
        ('{"access_token": "abc", "expires_in": 3600}', '{"access_token": "***", "expires_in": 3600}'),
        ("{'refresh_token': 'abc'}", "{'refresh_token': '***'}"),
        ("oauth/?code=abc&state=1", "oauth/?code=***&state=1"),
        ("code: ACCESS_DENIED", "code: ACCESS_DENIED"),
        ("the author=Ann wrote 1/2", "the author=Ann wrote 1/2"),
        ("by http://ann:hushhush@proxy.example:3128/", "by http://***@proxy.example:3128/"),
        ("https://a.ru:8443/x@y and 12:30@noon", "https://a.ru:8443/x@y and 12:30@noon"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked(shown) == shown


def test_a_known_secret_is_hidden_wherever_it_stands() -> None:
    remember("zz9plural8alpha")
    remember("short")
    assert masked("a zz9plural8alpha and a short word") == "a *** and a short word"


def test_a_record_with_arguments_that_do_not_fit_is_still_masked() -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "%d /rest/1/abcd1234/", ("word",), None)
    assert MaskingFilter().filter(record)
    assert record.getMessage() == "%d /rest/***/***/"
