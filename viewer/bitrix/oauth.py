"""The sign-in of an application: tokens, and their renewal (`bitrix24-api.md` §2.2, §1.5).

A token lives an hour and is renewed only when the portal says that it has expired. Each renewal spends the old refresh
token, so one renewal serves all threads of this process and all windows of this computer, and what it brings is kept
before it is used. A renewal that has begun is ended whoever gives up waiting for it: half of one loses the sign-in.
"""

import logging
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import AbstractContextManager, nullcontext
from threading import Lock, Thread
from typing import Protocol

from viewer.bitrix import errors
from viewer.bitrix.addresses import same_host
from viewer.bitrix.pace import Cancel, check
from viewer.bitrix.secret import Secret
from viewer.bitrix.tokens import Grant, SignInServer
from viewer.errors import ViewerError

log = logging.getLogger(__name__)

_LOOK_UP = 0.05  # seconds between looks whether the one who waits still wants it
_EXPIRED = frozenset({"EXPIRED_TOKEN", "INVALID_TOKEN"})
_NOT_ACCEPTED = frozenset({"", "NO_AUTH_FOUND", "INVALID_CREDENTIALS", "AUTHORIZATION_ERROR", "ERROR_OAUTH"})


class Keep(Protocol):
    """Where one sign-in is kept between starts, and shared by all windows of this computer."""

    def load(self) -> Grant | None:
        """What is kept, None when nothing is. Raises ViewerError."""

    def save(self, grant: Grant) -> None:
        """Keep this in the place of what was kept. Raises ViewerError."""

    def alone(self) -> AbstractContextManager[object]:
        """Hold it, so that no other window renews it meanwhile."""


class Nowhere:
    """Keeps nothing: the sign-in lasts as long as its object."""

    def load(self) -> None:
        """Nothing is kept."""

    def save(self, grant: Grant) -> None:
        """Keep nothing."""

    def alone(self) -> AbstractContextManager[object]:
        """Nobody shares what is not kept."""
        return nullcontext()


class OAuth:
    """A sign-in that opens a portal and renews itself. Safe to use from several threads."""

    def __init__(self, grant: Grant, keep: Keep | None = None, server: SignInServer | None = None) -> None:
        self.grant = grant
        self._keep = keep or Nowhere()
        self._server = server or SignInServer()
        self._lock = Lock()
        self._renewal: Future[Grant] | None = None
        self._spent: set[Secret] = set()  # access tokens that the portal refused
        self._over: errors.Unauthorised | None = None  # why there is nothing to renew any more

    @property
    def root(self) -> str:
        """The portal's address without a slash at the end."""
        return self.grant.application.root

    @property
    def host(self) -> str:
        """The portal's name, with its port if it has an unusual one."""
        return self.grant.application.host

    @property
    def user_id(self) -> int:
        """Who signed in, 0 when the server did not tell."""
        return self.grant.user_id

    def url(self, method: str) -> str:
        """Where to post a call; no secret is in it."""
        return self.grant.endpoint + method

    def token(self) -> Secret:
        """The access token, for the body of a call."""
        return self.grant.access

    def secrets(self) -> tuple[Secret, ...]:
        """What no log may show."""
        return self.grant.secrets()

    def renew(self, spent: Secret | None, refused: errors.Unauthorised, cancel: Cancel | None, /) -> None:
        """See to newer tokens when `spent` has expired; threads that come meanwhile wait for the same renewal.

        Raises SignInAgain when there are none to be had, `refused` when it is about something else, Cancelled, and
        what the sign-in server raises.
        """
        if refused.code in _NOT_ACCEPTED:
            raise errors.SignInAgain(refused.code, method=refused.method, subject=refused.subject) from None
        if refused.code not in _EXPIRED:
            raise refused
        with self._lock:
            if self.grant.access != spent:
                return
            self._spent.add(self.grant.access)
            renewal = self._renewal
            if renewal is None:
                renewal = Future()
                # Not a daemon: a program that ends must not cut a renewal in half.
                Thread(target=self._work, args=(renewal,), name="renewal").start()
                self._renewal = renewal
        while not wait_for([renewal], None if cancel is None else _LOOK_UP).done:
            check(cancel)
        if (error := renewal.exception()) is not None:
            raise error.with_traceback(None) from None

    def _work(self, renewal: "Future[Grant]") -> None:
        fresh: Grant | None = None
        failure: BaseException | None = None
        try:
            fresh = self._renewed()
        except BaseException as error:  # noqa: BLE001 -- those who wait raise it
            failure = error
        with self._lock:
            self._renewal = None
            if isinstance(failure, errors.Unauthorised):
                self._over = failure
            if fresh is not None:
                self.grant, self._over = fresh, None
        if failure is not None:
            log.info("the sign-in was not renewed: %s", type(failure).__name__)
            renewal.set_exception(failure)
        elif fresh is not None:
            renewal.set_result(fresh)

    def _renewed(self) -> Grant:
        """Newer tokens: those that another window has kept meanwhile, else the server's, kept before they are used."""
        with self._keep.alone():
            grant = self._newest()
            if grant.access not in self._spent and not self._server.expired(grant):
                return grant
            if self._over is not None and grant.refresh == self.grant.refresh:
                raise self._over.with_traceback(
                    None
                )  # asking on and on with a spent token gets an application blocked (§2.2)
            try:
                fresh = self._server.refresh(grant)
            except errors.SignInAgain:
                newest = self._newest()
                if newest.refresh == grant.refresh:
                    raise
                return newest  # a window that could not be held off was quicker
            self._spent.add(grant.access)
            try:
                self._keep.save(fresh)
            except ViewerError as error:  # the old tokens are spent: these live on for this session
                log.info("the renewed sign-in was not kept: %s", type(error).__name__)
            return fresh

    def _newest(self) -> Grant:
        """What is kept, if it is of our portal and not a token known to be spent; else what we have."""
        try:
            kept = self._keep.load()
        except ViewerError as error:
            log.info("the kept sign-in was not read: %s", type(error).__name__)
            kept = None
        if kept is None or kept.access in self._spent or not same_host(kept.application.host, self.host):
            return self.grant
        return kept

    def __repr__(self) -> str:
        return f"OAuth({self.host})"
