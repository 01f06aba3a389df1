"""What carries requests: the network with the system's trust store, or a function in this process."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

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

    Raises OSError or ValueError for a file that cannot be read or holds no certificate.
    """
    import ssl

    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is not None:
        if b"-----BEGIN" in authority.read_bytes():
            context.load_verify_locations(cafile=str(authority))
        else:
            context.load_verify_locations(cadata=authority.read_bytes())
    return context


def distrusted(error: BaseException) -> bool:
    """Whether a fault of the wire comes from a certificate that is not trusted."""
    import ssl

    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(seen):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def connected(transport: "httpx.BaseTransport | None", authority: Path | None) -> "httpx.Client":
    """A client that follows no redirect, keeps no cookie and obeys the system's proxy settings."""
    from http.cookiejar import DefaultCookiePolicy

    import httpx

    if transport is None:
        from viewer.bitrix.network import Network

        transport = Network(trust(authority))
    client = httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
        follow_redirects=False,
        trust_env=False,  # the network asks for the proxies itself
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


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
