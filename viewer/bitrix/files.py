"""Files: what the portal tells of them, and the supported ways to their bytes (`bitrix24-api.md` §9)."""

import logging
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from viewer.bitrix import errors
from viewer.bitrix.client import Portal, file_bytes
from viewer.bitrix.pace import Cancel, check
from viewer.bitrix.reading import flag, items, link, moment, record, whole, words
from viewer.bitrix.wire import Received
from viewer.chat import File, FileKind

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

_KINDS = {"image": FileKind.IMAGE, "video": FileKind.VIDEO, "audio": FileKind.AUDIO}


def parse_file(value: object, root: str = "") -> File | None:
    """A file in either spelling; None for what has no id."""
    given = record(value)
    number = whole(given.get("id"))
    if number <= 0:
        return None
    name = words(given.get("name")).strip()
    box = record(given.get("image"))
    return File(
        number,
        name,
        FileKind.VOICE if flag(given.get("isvoicenote")) else _KINDS.get(words(given.get("type")), FileKind.DOCUMENT),
        size=max(0, whole(given.get("size"))),
        width=max(0, whole(box.get("width"))),
        height=max(0, whole(box.get("height"))),
        extension=(words(given.get("extension")) or (name.rpartition(".")[2] if "." in name else "")).lower(),
        date=moment(given.get("date")),
        author_id=whole(given.get("authorid")),
        author_name=words(given.get("authorname")),
        url_preview=link(given.get("urlpreview"), root),
        url_show=link(given.get("urlshow"), root),
        url_download=link(given.get("urldownload"), root),
    )


def parse_files(value: object, root: str = "") -> tuple[File, ...]:
    """The files of an answer: an object by id, or a list."""
    return tuple(file for item in items(value) if (file := parse_file(item, root)))


_NOT_HERE = (errors.MethodMissing, errors.MissingScope, errors.BadRequest, errors.BadAnswer)
_DENIED = (errors.Refused, errors.PlanNeeded, errors.NotPortal, errors.Blocked)


Progress = Callable[[int, int], object]  # bytes that came, bytes in all (0 where nobody knows)
T = TypeVar("T")
_PIECE = 256 * 1024  # bytes written at once, and looked at before the first of them is


def fetch(portal: Portal, file: File, chat_id: int = 0, *, cancel: Cancel | None = None) -> bytes:
    """The bytes of a file, by the first way that the portal allows (§9.3).

    Raises FileGone when it was deleted, OpenInBrowser with the file's address when no way is open.
    """
    subject = _subject(chat_id)
    return _by_any_way(portal, file, chat_id, cancel, lambda url: portal.fetch(url, subject=subject, cancel=cancel))


def fetch_to(
    portal: Portal,
    file: File,
    path: Path,
    chat_id: int = 0,
    *,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> int:
    """Write a file to `path` as it comes, without holding it in memory; answers how many bytes it has.

    What stands at `path` after a failure is worth nothing. Raises as `fetch` does, and OSError when the disk refuses.
    """
    subject = _subject(chat_id)
    told = progress or (lambda _done, _total: None)
    return _by_any_way(
        portal, file, chat_id, cancel, lambda url: _stream(portal, url, path, subject, told, cancel, file.size)
    )


def _subject(chat_id: int) -> str:
    return f"chat{chat_id}" if chat_id else ""


def _by_any_way(portal: Portal, file: File, chat_id: int, cancel: Cancel | None, get: Callable[[str], T]) -> T:
    """What `get` makes of the first address that serves the file."""
    subject = _subject(chat_id)
    gone = denied = False
    for way in (_by_chat, _by_drive) if chat_id else (_by_drive,):
        try:
            return get(way(portal, file, chat_id, subject, cancel))
        except errors.NoSuchThing:
            gone = True
        except (*_DENIED, *_NOT_HERE) as error:
            denied = denied or isinstance(error, _DENIED)
            log.info("file %d: %s by %s", file.id, type(error).__name__, way.__name__)
    if gone and not denied:
        raise errors.FileGone("FILE_NOT_FOUND", subject=subject)
    page = file.url_download or link(f"/disk/downloadFile/{file.id}/", portal.root)
    raise errors.OpenInBrowser(subject=subject, url=page)


def _stream(
    portal: Portal, url: str, path: Path, subject: str, progress: Progress, cancel: Cancel | None, size: int
) -> int:
    """Write what stands behind an address of the portal to `path`; `size` is what the portal said of it."""
    with portal.coming(url, subject=subject, cancel=cancel) as (response, _asked):
        return _written(response, path, subject, progress, cancel, size)


def _written(
    response: "httpx.Response", path: Path, subject: str, progress: Progress, cancel: Cancel | None, size: int
) -> int:
    """Judge an answer by its beginning, as what is no file never gets to the disk, then write it."""
    total = whole(response.headers.get("content-length")) or size
    pieces = response.iter_bytes(_PIECE)
    start = b""
    while len(start) < _PIECE and (piece := next(pieces, b"")):
        start += piece
    file_bytes(Received(response.status_code, response.headers, start), subject)
    done = 0
    with path.open("wb") as file:
        for piece in chain([start], pieces):
            check(cancel)
            file.write(piece)
            done += len(piece)
            progress(done, max(total, done) if total else 0)
    return done


def _by_chat(portal: Portal, file: File, chat_id: int, subject: str, cancel: Cancel | None) -> str:
    params = {"dialogId": f"chat{chat_id}", "fileId": file.id}
    answer = portal.call("im.v2.File.download", params, subject=subject, cancel=cancel)
    return _address(words(record(answer.result).get("downloadurl")), subject)


def _by_drive(portal: Portal, file: File, _chat_id: int, subject: str, cancel: Cancel | None) -> str:
    answer = portal.call("disk.file.get", {"id": file.id}, subject=subject, cancel=cancel)
    given = record(answer.result)
    if whole(given.get("deletedtype")):
        raise errors.FileGone("FILE_NOT_FOUND", subject=subject)
    return _address(words(given.get("downloadurl")), subject)


def _address(url: str, subject: str) -> str:
    if not url:
        raise errors.BadAnswer(method="download", subject=subject)
    return url
