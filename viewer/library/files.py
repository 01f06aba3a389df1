"""Files of a dialogue: their bytes from the cache or the portal, and copies saved for the user."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer import bitrix
from viewer.bitrix import Cancel, Portal
from viewer.chat import File
from viewer.errors import Cancelled, ViewerError
from viewer.export import free_path, safe_name
from viewer.export.files import Drafts, explained
from viewer.i18n import _
from viewer.library.cache import FileCache
from viewer.library.saving import save_bytes

Progress = Callable[[int, int], object]  # bytes done, bytes in all (0 where nobody knows)
KEPT = 32 * 1024 * 1024  # bytes; larger files are saved where the user wants them and nowhere else


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving one of several files: where it stands now, or why it does not."""

    file: File
    path: Path | None = None
    problem: ViewerError | None = None


def fetch_file(
    portal: Portal, file: File, chat_id: int = 0, *, cache: FileCache | None = None, cancel: Cancel | None = None
) -> bytes:
    """The bytes of a file, from the cache where it has them. Raises FileGone, or OpenInBrowser with an address."""
    known = cache.get(file.id) if cache is not None else None
    if known is not None:
        return known
    data = bitrix.files.fetch(portal, file, chat_id, cancel=cancel)
    if cache is not None:
        cache.put(file.id, data)
    return data


def save_file(
    portal: Portal,
    file: File,
    path: Path,
    chat_id: int = 0,
    *,
    cache: FileCache | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Path:
    """Save a file to `path`, whole or not at all; a large one is never held in memory.

    Raises as `fetch_file` does, and ViewerError when the disk refuses.
    """
    known = cache.get(file.id) if cache is not None else None
    if known is not None:
        return save_bytes(known, path)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with Drafts() as drafts:
        draft = drafts.draft(path)
        with explained(path):
            size = bitrix.files.fetch_to(portal, file, draft, chat_id, progress=progress, cancel=cancel)
            if cache is not None and size <= KEPT:
                cache.put(file.id, draft.read_bytes())
        drafts.keep()
    return path


def save_files(
    portal: Portal,
    files: Sequence[File],
    folder: Path,
    chat_id: int = 0,
    *,
    cache: FileCache | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Iterator[Saved]:
    """Save files to a folder, under free names; one that fails does not stop the others. Raises Cancelled.

    `progress` counts the bytes of all; for a file whose size is not known, it counts none.
    """
    total, before = sum(file.size for file in files), 0

    def told(done: int, _of: int) -> None:
        if progress is not None:
            progress(min(before + done, total), total)

    for file in files:
        try:
            if file.missing:
                raise bitrix.FileGone("FILE_NOT_FOUND")
            path = free_path(folder / file_name(file))
            yield Saved(file, save_file(portal, file, path, chat_id, cache=cache, progress=told, cancel=cancel))
        except Cancelled:
            raise
        except ViewerError as error:
            yield Saved(file, problem=error)
        before += file.size
        told(0, 0)


def file_name(file: File) -> str:
    """A name that every system takes."""
    return safe_name(file.name or _("File {id}").format(id=file.id))
