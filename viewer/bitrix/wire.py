"""Requests and whole answers; every fault of the wire becomes one of our errors (`bitrix24-api.md` §12)."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from viewer import __version__
from viewer.bitrix import errors
from viewer.bitrix.pace import Cancel, check
from viewer.bitrix.reading import whole
from viewer.bitrix.transport import broken, connected, watched
from viewer.errors import Cancelled

if TYPE_CHECKING:
    import httpx

USER_AGENT = f"OpenLinesViewer/{__version__}"


@dataclass(frozen=True, slots=True)
class Received:
    """A whole HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """An HTTP request. `host` is who answers it, `method` and `subject` what it is about, as errors name them."""

    verb: str
    address: str = field(repr=False)
    host: str
    limit: int  # bytes of the answer
    method: str = ""
    subject: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, object] | None = field(default=None, repr=False)


class Wire:
    """A pool of connections. Safe to use from several threads; close it when done.

    `authority` is a file with further certificates to trust. Raises BadAuthority when it cannot be used.
    """

    def __init__(self, transport: "httpx.BaseTransport | None" = None, authority: Path | None = None) -> None:
        self._client = connected(transport, authority)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def send(self, asked: Asked, cancel: Cancel | None = None) -> Received:
        """The answer, whatever its status. Raises Unreachable and its kinds, BadAnswer and Cancelled."""
        with self.coming(asked, cancel) as response:
            received = gathered(response, asked, cancel)
        check(cancel)
        return received

    @contextmanager
    def coming(
        self, asked: Asked, cancel: Cancel | None = None, turn: AbstractContextManager[object] | None = None
    ) -> Iterator["httpx.Response"]:
        """The answer with its body still on the way; `turn` is held until it begins. Raises as `send` does."""
        check(cancel)
        with self._faults(asked), watched(cancel):
            request = self._client.build_request(
                asked.verb, asked.address, headers={"User-Agent": USER_AGENT, **asked.headers}, json=asked.json
            )
            with turn or nullcontext():
                response = self._client.send(request, stream=True)
            try:
                yield response
            finally:
                response.close()

    @contextmanager
    def _faults(self, asked: Asked) -> Iterator[None]:
        """Turn the faults of the wire into ours; their texts may hold the address, so none is kept."""
        import httpx

        method, subject = asked.method, asked.subject
        try:
            yield
        except RuntimeError:
            if not self._client.is_closed:
                raise
            raise Cancelled from None  # the window closed the portal while a worker was about to ask
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise broken(error, method=method, subject=subject, host=asked.host) from None


def gathered(response: "httpx.Response", asked: Asked, cancel: Cancel | None) -> Received:
    """The whole of an answer that is still on its way. Raises BadAnswer for one that is too large, and Cancelled."""
    if whole(response.headers.get("content-length")) > asked.limit:
        raise errors.BadAnswer("TOO_LARGE", method=asked.method, subject=asked.subject)
    body = bytearray()
    for piece in response.iter_bytes():
        check(cancel)
        body += piece
        if len(body) > asked.limit:
            raise errors.BadAnswer("TOO_LARGE", method=asked.method, subject=asked.subject)
    return Received(response.status_code, response.headers, bytes(body))
