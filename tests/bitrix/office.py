"""A sign-in server and its portal behind the real client: tokens that rotate, expire and are spent."""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.bitrix.scripted import Answer, bad, good
from viewer.bitrix import Application, Grant, Keep, OAuth, Pace, Portal, Secret, SignInServer, embedded

HOST = "portal.example"
CLIENT_ID = "local.5f0c1e7a3b2d41.90871234"
CLIENT_SECRET = "cl13ntS3cr3tOfTheTest"
CODE = "c0deFr0mTheBrowser12"
NOW = 1_760_000_000


class Office:
    """Hands out `access-1`, `access-2` … with their refresh tokens; only the latest of each are good.

    `asked` holds what the sign-in server was asked, `used` the access tokens that the portal saw. `fault` is what the
    server answers instead; `pause` is called before the portal refuses a token.
    """

    def __init__(self, root: str = f"https://{HOST}", server: str = "") -> None:
        self.application = Application.parse(root, CLIENT_ID, CLIENT_SECRET, server)
        self.number = 0
        self.expired = False
        self.asked: list[dict[str, str]] = []
        self.used: list[str] = []
        self.refusals = 0
        self.fault: Answer | Exception | None = None
        self.pause: Callable[[], object] = lambda: None
        self.extra: dict[str, object] = {}
        self.now = NOW
        self._lock = threading.Lock()

    # --- what answers ---

    def respond(self, verb: str, url: str, _headers: Mapping[str, str], body: bytes) -> Answer:
        address = urlsplit(url)
        if address.path == "/oauth/token/":
            assert (verb, body) == ("GET", b"")
            return self._token({key: values[0] for key, values in parse_qs(address.query).items()})
        assert not address.query, "no token in an address"
        return self._call(verb, address.path, json.loads(body))

    def _token(self, asked: dict[str, str]) -> Answer:
        with self._lock:
            self.asked.append(asked)
            if isinstance(self.fault, Exception):
                raise self.fault
            if self.fault is not None:
                return self.fault
            if (asked["client_id"], asked["client_secret"]) != (CLIENT_ID, CLIENT_SECRET):
                return bad("WRONG_CLIENT", 200)
            good_code = asked["grant_type"] == "authorization_code" and asked["code"] == CODE
            if not good_code and asked.get("refresh_token") != self.refresh:
                return bad("invalid_grant")
            self.number += 1
            self.expired = False
            return Answer(200, json.dumps(self.told()).encode())

    def told(self) -> dict[str, object]:
        """The server's answer, as §2.2 has it."""
        return {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_in": 3600,
            "expires": NOW + 3600,
            "client_endpoint": f"{self.application.root}/rest/",
            "server_endpoint": f"{self.application.server}/rest/",
            "domain": self.application.server_host,
            "member_id": "a223c6b3710f85df22e9377d6c4f7553",
            "user_id": 7,
            "scope": "imopenlines,im",
            "status": "L",
        } | self.extra

    def _call(self, verb: str, path: str, body: dict[str, Any]) -> Answer:
        assert verb == "POST"
        token = body.pop("auth")
        with self._lock:
            self.used.append(token)
            refused = self.expired or token != self.access
            self.refusals += refused
        if refused:
            self.pause()
            return bad("expired_token", 401)
        if path.endswith("/batch"):
            result = {"profile": {"ID": "7", "NAME": "Анна"}, "scope": ["imopenlines", "im"], "list": {}}
            return good({"result": result, "result_error": []})
        return good({"path": path, **body})

    # --- what is asked with ---

    @property
    def access(self) -> str:
        return f"access-t0ken-{self.number}"

    @property
    def refresh(self) -> str:
        return f"refresh-t0ken-{self.number}"

    def clock(self) -> float:
        return self.now

    def server(self) -> SignInServer:
        """The real client of the sign-in server before this one."""
        return SignInServer(transport=embedded(self.respond), clock=self.clock)

    def grant(self) -> Grant:
        """A sign-in that works now."""
        return self.server().exchange(self.application, Secret(CODE))

    def access_with(self, grant: Grant, keep: Keep | None = None) -> OAuth:
        return OAuth(grant, keep, self.server())

    def portal(self, access: OAuth) -> Portal:
        """The real client before this portal; nothing makes it wait."""
        return Portal(access, transport=embedded(self.respond), pace=Pace(1e6, 1e6, 1000), chance=lambda: 0.5)


class Loopback:
    """An office on a real socket of this computer."""

    def __enter__(self) -> Office:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                served = loopback.office.respond(self.command, loopback.root + self.path, dict(self.headers), body)
                self.send_response(served.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(served.body)))
                self.end_headers()
                self.wfile.write(served.body)

            do_GET = do_POST = answer  # noqa: N815 -- as the base class calls them

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.office = Office(self.root, self.root)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self.office

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
