"""What carries requests: the network with the system's trust store, or a function in this process."""

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
    """A transport that asks `respond` instead of a network. What `respond` raises of httpx's own errors passes on."""
    import httpx

    def handle(request: httpx.Request) -> httpx.Response:
        served = respond(request.method, str(request.url), dict(request.headers), request.read())
        return httpx.Response(served.status, headers=dict(served.headers), content=served.body, request=request)

    return httpx.MockTransport(handle)


def trust(authority: Path | None = None) -> "ssl.SSLContext":
    """The operating system's trust store, and beside it the certificates in the file `authority`."""
    import ssl

    import truststore

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is not None:
        context.load_verify_locations(cafile=str(authority))
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


@contextmanager
def watched(_cancel: Cancel | None) -> Iterator[None]:
    """Let `cancel` interrupt what this thread waits for on the wire."""
    yield


def connected(transport: "httpx.BaseTransport | None", authority: Path | None) -> "httpx.Client":
    """A client that follows no redirect, keeps no cookie worth the name, and obeys the system's proxy settings."""
    import httpx

    return httpx.Client(
        transport=transport,
        verify=trust(authority) if transport is None else False,
        timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
        follow_redirects=False,
        trust_env=transport is None,
    )
