"""The server that signs applications in: codes for tokens, tokens for newer ones (`bitrix24-api.md` §2.2, §1.4)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from viewer.bitrix import errors, masking
from viewer.bitrix.addresses import host_of, same_host, secure
from viewer.bitrix.application import SIGN_IN_HOST, Application
from viewer.bitrix.codes import CLASS_OF, refusal
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import decode, record, whole, words
from viewer.bitrix.secret import Secret
from viewer.bitrix.wire import Asked, Received, Wire
from viewer.i18n import N_

if TYPE_CHECKING:
    import httpx

METHOD = "oauth.token"  # what errors call it
_LIMIT = 1024 * 1024  # bytes of an answer

_NOT_UNDERSTOOD: errors.Text = (
    N_("The sign-in server did not understand the request."),
    N_("Its answer was the code {code}."),
    N_("Check the application's id and secret; if they are right, report this."),
)
_NOT_A_SERVER: errors.Text = (
    N_("Something other than the sign-in server answered."),
    N_("A web page came instead of data: a firewall, or another server's address."),
    N_("Check the sign-in server's address, or ask the administrator to open the way to it."),
)
_UNREADABLE: errors.Text = (
    N_("The sign-in server's answer cannot be read."),
    N_("It is cut short or has an unexpected form."),
    N_("Sign in again; if it happens again, report this."),
)
_LATE: errors.Text = (
    N_("The code is no longer valid."),
    N_("It works once, and for 30 seconds only."),
    N_("Open the sign-in page once more and paste the address at once."),
)
_OTHER_PORTAL: errors.Text = (
    N_("This sign-in is for another portal."),
    N_("The sign-in server answered for {there}, not for {host}."),
    N_("Check the portal's address, or connect the other portal."),
)
_DAMAGED: errors.Text = (
    N_("The kept sign-in cannot be read."),
    N_("It is damaged, or another version of this program kept it."),
    N_("Sign in again."),
)


@dataclass(frozen=True, slots=True)
class Grant:
    """What the sign-in server gave one user. `endpoint` is where calls go, up to and with `/rest/`.

    `expires` is when the access token ends, in Unix seconds by this computer's clock; 0 when unknown. `user_id` is 0
    when the server did not tell.
    """

    application: Application
    endpoint: str
    access: Secret
    refresh: Secret
    expires: int = 0
    user_id: int = 0

    def __post_init__(self) -> None:
        for secret in self.secrets():
            masking.remember(secret.reveal())

    def secrets(self) -> tuple[Secret, ...]:
        """What no log may show."""
        return self.application.id, self.application.secret, self.access, self.refresh

    def values(self) -> dict[str, str]:
        """What the vault keeps of it, secrets readable."""
        return {
            "portal": self.application.root,
            "server": self.application.server,
            "id": self.application.id.reveal(),
            "secret": self.application.secret.reveal(),
            "endpoint": self.endpoint,
            "access": self.access.reveal(),
            "refresh": self.refresh.reveal(),
            "expires": str(self.expires),
            "user": str(self.user_id),
        }

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Grant":
        """What `values` told. Raises SignInAgain when it is damaged."""
        given = {key: values.get(key, "") for key in ("portal", "id", "secret", "access", "refresh")}
        try:
            application = Application.parse(
                given["portal"], given["id"], given["secret"], values.get("server", SIGN_IN_HOST)
            )
        except errors.BadSignIn:
            raise errors.SignInAgain(text=_DAMAGED) from None
        endpoint = _endpoint(values.get("endpoint", ""), application)
        if not (endpoint and given["access"] and given["refresh"]):
            raise errors.SignInAgain(text=_DAMAGED)
        return cls(
            application,
            endpoint,
            Secret(given["access"]),
            Secret(given["refresh"]),
            whole(values.get("expires")),
            whole(values.get("user")),
        )


def _endpoint(address: str, application: Application) -> str:
    """Where calls go, "" when that is not the application's portal: a token goes nowhere else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    host = host_of(parts.scheme, parts.netloc)
    if not host or not same_host(host, application.host) or not secure(parts.scheme, host):
        return ""
    return f"{parts.scheme}://{application.host}{parts.path.rstrip('/')}/"


class SignInServer:
    """The server that gives out tokens. Each question has a connection of its own, that nobody else can close."""

    def __init__(
        self,
        *,
        transport: "httpx.BaseTransport | None" = None,
        authority: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        masking.install()
        self._transport = transport
        self._authority = authority
        self._clock = clock

    def exchange(self, application: Application, code: Secret, *, cancel: Cancel | None = None) -> Grant:
        """The first tokens, for the code that the browser brought.

        Raises SignInAgain when the code came too late, WrongApplication, BadSignIn for another portal, NoSignInServer
        and other kinds of PortalError.
        """
        asked = {"grant_type": "authorization_code", "code": code.reveal()}
        return self._grant(application, asked, "", {"INVALID_GRANT": _LATE}, cancel)

    def refresh(self, grant: Grant) -> Grant:
        """New tokens; those of `grant` are spent then. Raises SignInAgain when they were spent before, and the like."""
        asked = {"grant_type": "refresh_token", "refresh_token": grant.refresh.reveal()}
        fresh = self._grant(grant.application, asked, grant.endpoint, {}, None)
        return fresh if fresh.user_id else replace(fresh, user_id=grant.user_id)

    def expired(self, grant: Grant) -> bool:
        """Whether the time that the server gave these tokens is over."""
        return 0 < grant.expires <= self._clock()

    def _grant(
        self,
        application: Application,
        asked: dict[str, str],
        endpoint: str,
        texts: Mapping[str, errors.Text],
        cancel: Cancel | None,
    ) -> Grant:
        said = record(self._ask(application, asked, texts, cancel))
        access, refresh = words(said.get("accesstoken")), words(said.get("refreshtoken"))
        if not access or not refresh:
            raise errors.BadAnswer(method=METHOD, text=_UNREADABLE)
        told = words(said.get("clientendpoint")) or f"{application.root}/rest/"
        found = _endpoint(told, application) or endpoint  # a token once given is never lost to a changed address
        if not found:
            there = host_of("https", told.partition("://")[2].partition("/")[0]) or "—"
            raise errors.BadSignIn(text=_OTHER_PORTAL, there=there, host=application.host)
        lasts = whole(said.get("expiresin"))
        expires = int(self._clock()) + lasts if lasts > 0 else 0
        return Grant(application, found, Secret(access), Secret(refresh), expires, whole(said.get("userid")))

    def _ask(
        self, application: Application, asked: dict[str, str], texts: Mapping[str, errors.Text], cancel: Cancel | None
    ) -> object:
        """The server takes a GET with the secrets in its query (§2.2): masked in every log, sent to it alone."""
        named = {**asked, "client_id": application.id.reveal(), "client_secret": application.secret.reveal()}
        request = Asked(
            "GET",
            f"{application.server}/oauth/token/?{urlencode(named)}",
            application.server_host,
            _LIMIT,
            METHOD,
            headers={"Accept": "application/json"},
        )
        wire = Wire(self._transport, self._authority)
        try:
            received = wire.send(request, cancel)
        except errors.Untrusted:
            raise
        except errors.Unreachable as error:
            raise errors.NoSignInServer(method=METHOD, host=error.host) from None
        finally:
            wire.close()
        return _read(received, texts)


def _read(received: Received, texts: Mapping[str, errors.Text]) -> object:
    """The success in the server's answer. Raises the error in it: WRONG_CLIENT comes with status 200 (§1.4)."""
    try:
        value = decode(received.body)
    except ValueError:
        if received.status >= 500:
            raise refusal("", received.status, method=METHOD) from None
        page = received.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or received.status >= 300
        kind, text = (errors.NotPortal, _NOT_A_SERVER) if page else (errors.BadAnswer, _UNREADABLE)
        raise kind(method=METHOD, text=text) from None
    code = words(record(value).get("error")).strip().upper()
    if code or received.status >= 400:
        raise _refused(code, received.status, texts)
    return value


def _refused(code: str, status: int, texts: Mapping[str, errors.Text]) -> errors.PortalError:
    kind = CLASS_OF.get(code)
    if kind is None and status == 401:
        return errors.WrongApplication(code, method=METHOD)
    if kind is errors.BadRequest or (kind is None and status not in (403, 408, 429) and status < 500):
        return errors.BadRequest(code, method=METHOD, text=_NOT_UNDERSTOOD)
    if kind is not None and code in texts:
        return kind(code, method=METHOD, text=texts[code])
    return refusal(code, status, method=METHOD)
