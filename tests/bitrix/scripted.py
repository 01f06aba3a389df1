"""A portal that says what a test tells it to, behind the real client."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from viewer.bitrix import Pace, Portal, Webhook, embedded
from viewer.bitrix.pace import Cancel

CODE = "s3cr3tc0de12345x"
HOST = "portal.example"
WEBHOOK = f"https://{HOST}/rest/7/{CODE}/"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})


def good(result: object, **envelope: object) -> Answer:
    """A success of the portal."""
    return Answer(200, json.dumps({"result": result, **envelope}).encode())


def bad(code: str, status: int = 400) -> Answer:
    """An error of the portal, with words that nobody may see."""
    return Answer(status, json.dumps({"error": code, "error_description": "секретные слова сервера"}).encode())


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float, _cancel: Cancel | None) -> None:
        self.waits.append(seconds)
        self.now += seconds


@dataclass
class Asked:
    """A request that came."""

    verb: str
    url: str
    headers: Mapping[str, str]
    body: Any

    @property
    def method(self) -> str:
        return self.url.rsplit("/", 1)[-1]


Reply = Answer | Exception | Callable[[Any], Answer]
Replies = Reply | Sequence[Reply]


class Script:
    """Answers by method; a list is used up one by one, its last for ever. What was asked stands in `asked`."""

    def __init__(self, replies: Mapping[str, Replies]) -> None:
        self.replies = {
            name: list(reply) if isinstance(reply, Sequence) else [reply] for name, reply in replies.items()
        }
        self.asked: list[Asked] = []
        self.clock = Clock()

    def respond(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        asked = Asked(verb, url, headers, json.loads(body) if body else None)
        self.asked.append(asked)
        name = asked.method if asked.method in self.replies else next((key for key in self.replies if key in url), "")
        if not name:
            return bad("ERROR_METHOD_NOT_FOUND", 404)
        listed = self.replies[name]
        reply = listed.pop(0) if len(listed) > 1 else listed[0]
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, Answer) else reply(asked.body)

    @property
    def methods(self) -> list[str]:
        """The methods that were called, in order."""
        return [asked.method for asked in self.asked]

    def portal(self, **options: Any) -> Portal:
        """The real client before this script; its time is the script's."""
        options.setdefault("pace", Pace(clock=self.clock, wait=self.clock.wait))
        return Portal(Webhook.parse(WEBHOOK), transport=embedded(self.respond), chance=lambda: 0.5, **options)


def script(**replies: Replies) -> Script:
    """A script whose methods are spelt with `__` for the dot."""
    return Script({name.replace("__", "."): reply for name, reply in replies.items()})
