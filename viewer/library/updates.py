"""Whether to look for a newer version, and where: an address that the build put into the program, if it did.

A checkout, and a build by someone without a place for releases, has none; then nothing is offered and nothing asked.
"""

from threading import Event
from urllib.parse import urlsplit

from viewer import __version__, resources

ADDRESS = ("updates.txt",)  # in the resources


def address() -> str:
    """The https address that tells the newest version, "" where the build has none."""
    try:
        told = resources.text(*ADDRESS).strip()
    except OSError:
        return ""
    try:
        parts = urlsplit(told)
    except ValueError:
        return ""
    return told if parts.scheme == "https" and parts.hostname else ""


def look(where: str, cancel: Event) -> tuple[str, str] | None:
    """Version and page of a newer release, None when this is the newest. Raises ViewerError."""
    from viewer.bitrix.updates import is_newer, newest

    release = newest(where, cancel=cancel)
    return (release.version, release.page) if is_newer(release, __version__) else None
