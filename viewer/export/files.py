"""Files written beside and renamed when whole; what the system refuses, said in the user's words."""

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

from viewer.export.document import ExportError
from viewer.export.names import need_name
from viewer.i18n import _


class Drafts:
    """Files that appear all together, or not at all: each is written beside its place, and renamed by `keep`.

    A context manager: what was not kept is removed at its end.
    """

    def __init__(self) -> None:
        self._written: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        for draft, _path in self._written:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def add(self, path: Path, content: bytes | Iterable[bytes]) -> None:
        """Write what is to stand at `path`, whole or piece by piece."""
        draft = path.with_name(f".{secrets.token_hex(8)}.part")
        with explained(path):
            self._written.append((draft, path))
            with draft.open("xb") as file:
                file.writelines([content] if isinstance(content, bytes) else content)
                file.flush()
                os.fsync(file.fileno())

    def keep(self) -> None:
        """Put everything into its place."""
        for _draft, path in self._written:
            with explained(path):  # a name that is too long already fails at the question
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        for draft, path in self._written:
            with explained(path):
                draft.replace(path)


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file, whole or not at all; pieces one after another."""
    with Drafts() as drafts:
        drafts.add(path, content)
        drafts.keep()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a failure of the system into an error that says what to do, and refuse what it takes for something else."""
    need_name(path)
    try:
        yield
    except OSError as error:
        raise _explanation(path, error) from error


def _explanation(path: Path, error: OSError) -> ExportError:
    title = _("{name} could not be saved.").format(name=path.name)
    folder = str(path.parent)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ExportError(title, _("The disk is full."), _("Free some space or choose another disk."))
    if error.errno == errno.ENOENT:
        return ExportError(
            title, _("The folder {folder} does not exist.").format(folder=folder), _("Choose another folder.")
        )
    if error.errno in (errno.EISDIR, errno.ENOTDIR):
        return ExportError(title, _("A folder stands where the file should."), _("Choose another name."))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ExportError(
            title,
            _("The folder {folder} may not be written to, or the file is open in another program.").format(
                folder=folder
            ),
            _("Close the file, or choose another folder."),
        )
    if error.errno == errno.ENAMETOOLONG:
        return ExportError(title, _("The name is too long."), _("Choose a shorter name."))
    return ExportError(title, f"{error.strerror or error}.", _("Choose another folder."))
