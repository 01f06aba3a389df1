"""Files written beside and renamed when whole; what the system refuses, said in the user's words."""

import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from viewer.export.document import ExportError
from viewer.i18n import _


def write_whole(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write the files, all or none of them: each beside its place first, then renamed."""
    drafts: list[tuple[Path, Path]] = []
    try:
        for path, content in files:
            with explained(path):
                drafts.append((_draft(path, content), path))
        for draft, path in drafts:
            with explained(path):
                draft.replace(path)
    finally:
        for draft, _path in drafts:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _draft(path: Path, content: bytes) -> Path:
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    return draft


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a failure of the system into an error that says what to do."""
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
