"""What can go wrong on the wire, for tests: put on with `DemoPortal.fail`."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


JSON_HEADERS = {"content-type": "application/json; charset=utf-8"}
HTML_HEADERS = {"content-type": "text/html; charset=utf-8"}
LOGIN_PAGE = "<!DOCTYPE html>\n<html><head><title>Авторизация</title></head><body><form></form></body></html>".encode()


class Refusal(Exception):
    """An error the portal answers with (§1.4)."""

    def __init__(self, status: int, code: str, text: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.text = status, code, text

    @property
    def answer(self) -> Answer:
        """As an HTTP answer."""
        told = {"error": self.code, "error_description": self.text or "Ошибка: " + self.code.lower()}
        return Answer(self.status, dict(JSON_HEADERS), json.dumps(told).encode())


@dataclass(frozen=True, slots=True)
class Fault:
    """Turns the true answer into another one, or raises. With `instead` the portal does not do what was asked."""

    change: Callable[[Answer], Answer]
    instead: bool = False

    @classmethod
    def error(cls, status: int, code: str) -> "Fault":
        """An error of the portal."""
        return cls(lambda _true: Refusal(status, code).answer, instead=True)

    @classmethod
    def html(cls, status: int = 200) -> "Fault":
        """A web page in place of JSON: a firewall, a login."""
        return cls(lambda _true: Answer(status, dict(HTML_HEADERS), LOGIN_PAGE), instead=True)

    @classmethod
    def truncated(cls) -> "Fault":
        """Half of the answer."""
        return cls(lambda true: Answer(true.status, true.headers, true.body[: len(true.body) // 2]))

    @classmethod
    def redirect(cls, location: str) -> "Fault":
        """The portal has moved."""
        return cls(lambda _true: Answer(302, {"location": location}), instead=True)

    @classmethod
    def body(cls, body: bytes) -> "Fault":
        """Any other body."""
        return cls(lambda true: Answer(true.status, true.headers, body))

    @classmethod
    def lie(cls) -> "Fault":
        """The portal says yes and does nothing (§11.1)."""
        return cls(lambda _true: Answer(200, dict(JSON_HEADERS), b'{"result": true}'), instead=True)

    @classmethod
    def drop(cls) -> "Fault":
        """The connection breaks after the portal has done what was asked."""
        return cls(_drop)

    @classmethod
    def lost(cls) -> "Fault":
        """The connection breaks before the portal hears what is asked."""
        return cls(_drop, instead=True)


def _drop(_true: Answer) -> Answer:
    raise ConnectionError("the demo portal dropped the connection")
