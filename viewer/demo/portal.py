"""The embedded portal: takes an HTTP request, gives an HTTP answer; no socket, no network (`bitrix24-api.md` §1–§9)."""

import json
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from threading import RLock
from urllib.parse import parse_qs, parse_qsl, urlsplit

from viewer.demo import papers, shapes
from viewer.demo.faults import HTML_HEADERS, JSON_HEADERS, LOGIN_PAGE, Answer, Fault, Refusal
from viewer.demo.limits import Limits
from viewer.demo.methods import METHODS, SCOPES
from viewer.demo.parameters import Page
from viewer.demo.story import world

CODE = "demodemodemodemo"
ALL_SCOPES = frozenset({"imopenlines", "im", "crm", "disk", "user_brief"})
_BASIC = ("profile", "scope", "methods", "method.get", "server.time", "batch")
_REST = re.compile(r"/rest/(?:(?P<user>\d+)/(?P<code>[^/]+)/)?(?P<method>[A-Za-z0-9_.]+)")


class DemoPortal:
    """A portal that exists only in this process; safe to use from several threads.

    `clock` gives Unix seconds; without `limits` nothing is ever too fast. `scopes` are the ticks of the webhook;
    `absent` names methods this portal is too old for, in lower case.
    """

    HOST = shapes.HOST
    WEBHOOK = f"https://{shapes.HOST}/rest/17/{CODE}/"

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        limits: bool = True,
        today: date = date(2026, 3, 14),
        big: int = 10_000,
        scopes: frozenset[str] = ALL_SCOPES,
        absent: frozenset[str] = frozenset(),
    ) -> None:
        self.clock = clock
        self.world = world(today, big)
        self.scopes = scopes
        self.absent = absent
        self.calls: list[str] = []
        self._limits = Limits(clock) if limits else None
        self._faults: dict[str, deque[Fault]] = {}
        self._tokens: dict[str, int] = {}
        self._links = count()
        self._lock = RLock()

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next calls of a method ("download" for files) meet these faults, one each."""
        with self._lock:
            self._faults.setdefault(method.lower(), deque()).extend(faults)

    def respond(self, verb: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:  # noqa: ARG002
        """Answer one request."""
        with self._lock:
            parts = urlsplit(url)
            if parts.path.startswith("/rest/download"):
                return self._met("download", lambda: self._download(parts.query))
            found = _REST.fullmatch(parts.path.removesuffix("/").removesuffix(".json"))
            if found is None:
                return Answer(200, dict(HTML_HEADERS), LOGIN_PAGE)
            method = found["method"].lower()
            self.calls.append(method)
            return self._met(method, lambda: self._rest(parts.scheme, found, parts.query, verb, body))

    def _met(self, method: str, true: Callable[[], Answer]) -> Answer:
        waiting = self._faults.get(method)
        fault = waiting.popleft() if waiting else None
        if fault is None:
            return true()
        return fault.change(Answer(200, dict(JSON_HEADERS)) if fault.instead else true())

    # --- calls ---

    def _rest(self, scheme: str, found: re.Match[str], query: str, verb: str, body: bytes) -> Answer:
        try:
            if scheme != "https":
                raise Refusal(400, "INVALID_REQUEST")
            if self._limits and self._limits.full():
                raise Refusal(503, "QUERY_LIMIT_EXCEEDED")
            if found["code"] is None:
                raise Refusal(401, "NO_AUTH_FOUND")
            if (found["user"], found["code"]) != ("17", CODE):
                raise Refusal(401, "INVALID_CREDENTIALS")
            told = self.call(found["method"], _params(query, verb, body))
        except Refusal as refusal:
            return refusal.answer
        return Answer(200, dict(JSON_HEADERS), _encoded(told, 3).encode())

    def call(self, name: str, params: dict[str, object]) -> dict[str, object]:
        """One method with its envelope; raises Refusal."""
        method = name.lower()
        if method not in METHODS or method in self.absent:
            raise Refusal(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
        needed = SCOPES[method.partition(".")[0]] if method not in _BASIC else frozenset[str]()
        if needed and not needed & self.scopes:
            raise Refusal(401, "insufficient_scope")
        if self._limits and self._limits.used_up(method):
            raise Refusal(429, "OPERATION_TIME_LIMIT")
        told = METHODS[method](self, {key.upper(): value for key, value in params.items()})
        made = told if isinstance(told, Page) else Page(told)
        sums = self._limits.spend(method, 0.02) if self._limits else (0, int(self.clock()) + 600)
        return {"result": made.result, **made.more, "time": shapes.time_of(self.clock(), *sums)}

    # --- files ---

    def link(self, number: int) -> str:
        """A download address that works once (§9.3)."""
        token = f"{number:x}t{next(self._links):x}"
        self._tokens[token] = number
        return f"https://{self.HOST}/rest/download?token={token}"

    def _download(self, query: str) -> Answer:
        number = self._tokens.pop(parse_qs(query).get("token", [""])[0], None)
        if number is None:
            return Refusal(401, "NO_AUTH_FOUND").answer
        file = self.world.files[number]
        if file.lost == "login":
            return Answer(200, dict(HTML_HEADERS), LOGIN_PAGE)
        headers = {"content-type": "application/octet-stream", "content-disposition": "attachment"}
        return Answer(200, headers, papers.content(file))


def _encoded(value: object, depth: int) -> str:
    """JSON, made in pieces: one call for ten thousand messages would hold the interpreter, and the window with it."""
    if isinstance(value, dict) and depth:
        return (
            "{" + ",".join(f"{json.dumps(str(key))}:{_encoded(inner, depth - 1)}" for key, inner in value.items()) + "}"
        )
    return json.dumps(value)


def _params(query: str, verb: str, body: bytes) -> dict[str, object]:
    params: dict[str, object] = dict(parse_qsl(query))
    if verb == "POST" and body:
        try:
            sent = json.loads(body)
        except ValueError:
            raise Refusal(400, "INVALID_ARG_VALUE") from None
        params |= sent if isinstance(sent, dict) else {}
    return params
