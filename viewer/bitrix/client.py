"""One portal: calls with pace, patience and typed errors; downloads (`bitrix24-api.md` §1, §9.3; `design.md` §4)."""

import logging
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from viewer.bitrix import errors, masking
from viewer.bitrix.access import Access
from viewer.bitrix.answers import Answer, Command, batch_answers, query, read_answer
from viewer.bitrix.limits import Limits, Why
from viewer.bitrix.pace import Cancel, OnWait, Pace, shared
from viewer.bitrix.secret import Secret
from viewer.bitrix.wire import Asked, Received, Wire, gathered
from viewer.chat import Origin

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

ATTEMPTS = 4
ANSWER_LIMIT = 512 * 1024 * 1024  # bytes
FILE_LIMIT = 128 * 1024 * 1024  # bytes; the portal takes files up to 100 MB (§9.1)
BATCH_LIMIT = 50  # commands (§1.8)
_WHY = {errors.Busy: Why.BUSY, errors.OverBudget: Why.BUDGET}


class Portal:
    """A portal opened by a webhook or a sign-in. Safe to use from several threads; close it when done.

    `on_wait` is told the seconds that the portal makes us wait, and 0 when it goes on; it is called on the thread that
    waits. `authority` is a file with further certificates to trust; BadAuthority is raised when it cannot be used.
    Every method raises PortalError and Cancelled.
    """

    def __init__(
        self,
        access: Access,
        *,
        transport: "httpx.BaseTransport | None" = None,
        pace: Pace | None = None,
        authority: Path | None = None,
        on_wait: OnWait | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        masking.install()
        for secret in access.secrets():
            masking.remember(secret.reveal())
        self.access = access
        self.on_wait = on_wait
        self.pace = pace or shared(access.host)
        self._chance = chance
        self._wire = Wire(transport, authority)

    @property
    def root(self) -> str:
        """The portal's address without a slash at the end."""
        return self.access.root

    @property
    def host(self) -> str:
        """The portal's name."""
        return self.access.host

    def close(self) -> None:
        """Let go of the connections."""
        self._wire.close()

    def limits(self) -> Limits:
        """How the calls of this process to the portal stand now."""
        return self.pace.limits()

    # --- calls ---

    def call(
        self,
        method: str,
        params: Mapping[str, object] | None = None,
        *,
        subject: str = "",
        cancel: Cancel | None = None,
        write: bool = False,
        attempts: int = ATTEMPTS,
    ) -> Answer:
        """Call a REST method. Reads are repeated when the fault may pass; a `write` is never repeated."""
        attempts = 1 if write else attempts
        for attempt in range(1, attempts + 1):
            try:
                return self._once(method, dict(params or {}), subject, cancel)
            except errors.PortalError as error:
                if not error.passing:
                    raise
                seconds = self._patience(error, attempt)
                if attempt == attempts:
                    raise
                log.info("%s: %s, attempt %d of %d", method, type(error).__name__, attempt, attempts)
                self.pace.pause(seconds, cancel, self._told, _WHY.get(type(error), Why.FAULT))
        raise AssertionError("unreachable")

    def batch(
        self,
        commands: Mapping[str, Command],
        *,
        subject: str = "",
        cancel: Cancel | None = None,
        attempts: int = ATTEMPTS,
    ) -> dict[str, Answer | errors.PortalError]:
        """Several calls in one request, at most 50; each key gets its answer or its error (§1.8)."""
        if len(commands) > BATCH_LIMIT:
            raise errors.BadRequest("ERROR_BATCH_LENGTH_EXCEEDED", method="batch", subject=subject)
        lines = {key: f"{method}?{query(params)}" for key, (method, params) in commands.items()}
        answer = self.call("batch", {"halt": 0, "cmd": lines}, subject=subject, cancel=cancel, attempts=attempts)
        answers = batch_answers(answer.result, commands, subject)
        for key, (method, _params) in commands.items():
            self._learn(method, answers[key])
        return answers

    def pages(
        self, method: str, params: Mapping[str, object], *, subject: str = "", cancel: Cancel | None = None
    ) -> Iterator[Answer]:
        """The pages of a method that counts with `start` and `next` (§1.9)."""
        start = 0
        while True:
            answer = self.call(method, {**params, "start": start}, subject=subject, cancel=cancel)
            yield answer
            if answer.next <= start:
                return
            start = answer.next

    def _once(self, method: str, params: dict[str, object], subject: str, cancel: Cancel | None) -> Answer:
        """Ask, and ask again when the token had expired. A call refused for its token was not carried out."""
        token = self.access.token()
        try:
            return self._ask(method, params, token, subject, cancel)
        except errors.Unauthorised as refused:
            self.access.renew(token, refused, cancel)
        return self._ask(method, params, self.access.token(), subject, cancel)

    def _ask(
        self, method: str, params: dict[str, object], token: Secret | None, subject: str, cancel: Cancel | None
    ) -> Answer:
        asked = Asked(
            "POST",
            self.access.url(method),
            self.host,
            ANSWER_LIMIT,
            method,
            subject,
            headers={"Accept": "application/json"},
            json=params if token is None else {**params, "auth": token.reveal()},
        )
        with self.pace.turn(method, cancel, self._told):
            received = self._wire.send(asked, cancel)
        self._refuse_redirect(received, method, subject)
        answer = read_answer(received.body, received.status, method=method, subject=subject)
        self._learn(method, answer)
        return replace(answer, origins=(Origin.of(received.body, subject, datetime.now(UTC), method),))

    def _learn(self, method: str, answer: Answer | errors.PortalError) -> None:
        """Remember what an answer tells of the method's time; of a batch the inner methods alone are counted (§1.7)."""
        if isinstance(answer, Answer) and method != "batch":
            self.pace.note(method, answer.used, answer.resets_in)
        elif isinstance(answer, errors.OverBudget):
            self._patience(answer, 1)

    def _refuse_redirect(self, received: Received, method: str, subject: str) -> None:
        if 300 <= received.status < 400:
            host = urlsplit(urljoin(self.root, received.headers.get("location", ""))).netloc.lower()
            if host and host != self.host:
                raise errors.Moved(method=method, subject=subject, host=host)
            raise errors.NotPortal(method=method, subject=subject)

    def _patience(self, error: errors.PortalError, attempt: int) -> float:
        """Seconds before the next attempt: 1, 2, 4 … with jitter, or until the portal allows the method again."""
        seconds = 2.0 ** (attempt - 1) * (0.75 + 0.5 * self._chance())
        if isinstance(error, errors.Busy):
            self.pace.busy(seconds := seconds + 1.0)
            error.seconds = seconds
        elif isinstance(error, errors.OverBudget):
            seconds = self.pace.over_budget(error.method, 5.0 * attempt)
            error.reset = datetime.now(UTC) + timedelta(seconds=seconds)
        return seconds

    def _told(self, seconds: float) -> None:
        if self.on_wait is not None:
            self.on_wait(seconds)

    # --- downloads ---

    def fetch(self, url: str, *, subject: str = "", cancel: Cancel | None = None, limit: int = FILE_LIMIT) -> bytes:
        """The bytes behind an address of this portal. Raises NotPortal for a login page instead of a file.

        Other hosts are asked for nothing, neither at first nor by a redirect; `limit` is in bytes.
        """
        with self.coming(url, subject=subject, cancel=cancel, limit=limit) as (response, asked):
            received = gathered(response, asked, cancel)
        return file_bytes(received, subject)

    @contextmanager
    def coming(
        self, url: str, *, subject: str = "", cancel: Cancel | None = None, limit: int = FILE_LIMIT
    ) -> "Iterator[tuple[httpx.Response, Asked]]":
        """What stands behind an address of this portal, still on its way, and what was asked for it in the end.

        The portal's pace is held until the answer begins (§9.3). Raises OpenInBrowser for another host, NotPortal when
        redirects go on for ever.
        """
        headers = {"Accept": "*/*", "Accept-Language": "en,ru;q=0.8", "Referer": f"{self.root}/"}
        address = urljoin(self.root + "/", url)
        for _hop in range(4):
            if urlsplit(address).netloc.lower() != self.host or not address.startswith(self.root.partition(":")[0]):
                raise errors.OpenInBrowser(method="download", subject=subject)
            asked = Asked("GET", address, self.host, limit, "download", subject, headers)
            with self._wire.coming(asked, cancel, self.pace.turn("download", cancel, self._told)) as response:
                if not 300 <= response.status_code < 400 or "location" not in response.headers:
                    yield response, asked
                    return
                address = urljoin(address, response.headers["location"])
        raise errors.NotPortal(method="download", subject=subject)


def file_bytes(received: Received, subject: str) -> bytes:
    """The bytes, if they are a file's: not a login page, not an error told in JSON (§9.2)."""
    if received.status == 401:  # the link's own token is used up; the webhook was accepted when the link was made
        raise errors.NotPortal(method="download", subject=subject)
    if received.status >= 400:
        read_answer(received.body, received.status, method="download", subject=subject)
        raise errors.NotPortal(method="download", subject=subject)
    if "content-disposition" not in received.headers:
        start = received.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if start.startswith((b"<!doctype html", b"<html", b"<head", b"<script")):
            raise errors.NotPortal(method="download", subject=subject)
        if start.startswith(b"{") and b'"error"' in received.body[:512]:
            read_answer(received.body, received.status, method="download", subject=subject)
    return received.body
