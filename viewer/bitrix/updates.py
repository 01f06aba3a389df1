"""Is there a newer version? One small JSON at an address of the build's own: `{"version": "0.2.0", "page": "https://…"}`.

Nothing of the user is sent, nothing is downloaded beyond that file, and nothing is ever installed.
"""

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from viewer.bitrix.pace import Cancel
from viewer.bitrix.transport import broken, connected, watched
from viewer.errors import ViewerError
from viewer.i18n import _

if TYPE_CHECKING:
    import httpx

LARGEST = 16 * 1024  # bytes of the answer that are read


@dataclass(frozen=True, slots=True)
class Release:
    """A version and the page that tells of it."""

    version: str
    page: str


def newest(address: str, *, cancel: Cancel | None = None, transport: "httpx.BaseTransport | None" = None) -> Release:
    """The newest release that `address` tells of. Raises PortalError, or ViewerError for an answer of another kind."""
    import httpx

    data = b""
    with watched(cancel), connected(transport, None) as client:
        try:
            with client.stream("GET", address, headers={"User-Agent": "Open Lines Viewer"}) as answer:
                for part in answer.iter_bytes():
                    data += part
                    if len(data) > LARGEST:
                        data = b""
                        break
                status = answer.status_code
        except httpx.HTTPError as error:
            raise broken(error, host=urlsplit(address).hostname or "") from None
    release = _read(data, address) if status == httpx.codes.OK else None
    if release is None:
        raise ViewerError(
            _("It cannot be told whether there is a newer version."),
            _("The answer of {host} was not understood.").format(host=urlsplit(address).hostname or "—"),
        )
    return release


def _read(data: bytes, address: str) -> Release | None:
    """What an answer tells; its page must stand on the same host, so that no answer leads elsewhere."""
    try:
        given = json.loads(data)
    except ValueError:
        return None
    version, page = (given.get("version"), given.get("page")) if isinstance(given, dict) else (None, None)
    if not isinstance(version, str) or not isinstance(page, str) or not numbers(version):
        return None
    try:
        parts, own = urlsplit(page), urlsplit(address)
    except ValueError:
        return None
    return Release(version, page) if (parts.scheme, parts.netloc) == ("https", own.netloc) else None


def numbers(version: str) -> tuple[int, ...]:
    """A version as it is compared: "0.10.1" is 0, 10, 1; empty for what is none."""
    return tuple(map(int, version.split("."))) if re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,5}){0,3}", version) else ()


def is_newer(release: Release, than: str) -> bool:
    """Whether a release is newer than the version `than`."""
    first, second = numbers(release.version), numbers(than)
    length = max(len(first), len(second))
    return first + (0,) * (length - len(first)) > second + (0,) * (length - len(second))
