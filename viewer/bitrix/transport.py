"""What carries requests: the network with the system's trust store, or a function in this process."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from viewer.bitrix import errors
from viewer.bitrix.pace import Cancel

if TYPE_CHECKING:
    import ssl

    import httpx

CONNECT_TIMEOUT = 10.0  # seconds
READ_TIMEOUT = 65.0  # seconds; the portal cuts a call at 60 (§1.1)


class Served(Protocol):
    """An answer of a portal in this process."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]: ...

    @property
    def body(self) -> bytes: ...


Respond = Callable[[str, str, Mapping[str, str], bytes], Served]  # verb, address, headers, body


def embedded(respond: Respond) -> "httpx.BaseTransport":
    """A transport that asks `respond` instead of a network. An OSError that `respond` raises is a broken connection."""
    import httpx

    def handle(request: httpx.Request) -> httpx.Response:
        try:
            served = respond(request.method, str(request.url), dict(request.headers), request.read())
        except OSError as error:
            raise httpx.ConnectError(str(error), request=request) from None
        return httpx.Response(served.status, headers=dict(served.headers), content=served.body, request=request)

    return httpx.MockTransport(handle)


def trust(authority: Path | None = None) -> "ssl.SSLContext":
    """The operating system's trust store, and beside it the certificates in the file `authority`, PEM or DER.

    Raises BadAuthority for a file that cannot be read or holds no certificate.
    """
    import ssl

    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is not None:
        try:
            given = authority.read_bytes()
            if b"-----BEGIN" in given:
                context.load_verify_locations(cafile=str(authority))
            else:
                context.load_verify_locations(cadata=given)
        except (OSError, ValueError):
            raise errors.BadAuthority(file=authority.name) from None
    return context


def broken(error: Exception, *, method: str = "", subject: str = "", host: str = "") -> errors.PortalError:
    """A fault of the wire as one of ours. Its own text may hold the address, so nothing of it is kept."""
    import httpx

    cut = isinstance(error, httpx.RemoteProtocolError) and "without sending a response" not in str(error)
    if cut or isinstance(error, httpx.DecodingError):
        return errors.BadAnswer(method=method, subject=subject)
    if isinstance(error, httpx.ProxyError):
        status = re.match(r"\d{3}", str(error))
        return errors.ProxyRefused(status[0] if status else "", method=method, subject=subject, host=host)
    refused = distrusted(error)
    if refused is not None:
        return errors.Untrusted(method=method, subject=subject, host=host, reason=refused)
    kind = errors.TimedOut if isinstance(error, httpx.TimeoutException) else errors.Unreachable
    return kind(method=method, subject=subject, host=host)


# What OpenSSL, Windows and macOS call it when a certificate is not accepted; see `errors.Untrusted`.
_REASONS = {
    **dict.fromkeys((9, 10, 0x800B0101, -67818, -67819), "time"),
    **dict.fromkeys((62, 64, 0x800B010F, -67602), "name"),
    **dict.fromkeys((18,), "self"),
}


def distrusted(error: BaseException) -> str | None:
    """Why a certificate was not trusted, as `errors.Untrusted` names it; None for any other fault of the wire."""
    import ssl

    seen: BaseException | None = error
    told = False
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return _REASONS.get(getattr(seen, "verify_code", 0), "")
        told = told or "CERTIFICATE_VERIFY_FAILED" in str(seen)
        seen = seen.__cause__ or seen.__context__
    return "" if told else None


def connected(transport: "httpx.BaseTransport | None", authority: Path | None) -> "httpx.Client":
    """A client that follows no redirect, keeps no cookie and obeys the system's proxy settings. Raises BadAuthority.

    Its requests raise BadProxy when the proxy of those settings is of no kind that can be used.
    """
    return _client(transport, trust(authority) if transport is None else None)


def unchecked() -> "httpx.Client":
    """The same for a look at a certificate that is not trusted. Nothing secret may be sent with it."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _client(None, context)


def _client(transport: "httpx.BaseTransport | None", context: "ssl.SSLContext | None") -> "httpx.Client":
    from http.cookiejar import DefaultCookiePolicy

    import httpx

    if transport is None:
        from viewer.bitrix.network import Network

        assert context is not None
        transport = Network(context)
    client = httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
        follow_redirects=False,
        trust_env=False,  # the network asks for the proxies itself
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


# --- proxies ------------------------------------------------------------------------------------------------------


def proxy_for(address: str) -> str:
    """The proxy that this system sets for an address, "" for none. A secret: a password may stand in it.

    httpx knows the system's proxies, yet not the hosts that Windows and macOS exempt from them: a self-hosted portal.
    """
    from urllib.request import getproxies, proxy_bypass

    parts, known = urlsplit(address), getproxies()
    proxy = known.get(parts.scheme) or known.get("all") or ""
    if not proxy or proxy_bypass(parts.netloc):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


# --- stopping a wait on the wire ----------------------------------------------------------------------------------

_here = threading.local()


@contextmanager
def watched(cancel: Cancel | None) -> Iterator[None]:
    """Let `cancel` end whatever this thread does on the network, within a tenth of a second."""
    _here.cancel = cancel
    try:
        yield
    finally:
        _here.cancel = None


def wanted() -> Cancel | None:
    """What stops the work of this thread on the network."""
    cancel: Cancel | None = getattr(_here, "cancel", None)
    return cancel
