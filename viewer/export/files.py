"""Files written beside and renamed when whole; what the system refuses, said in the user's words."""

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from viewer import disk
from viewer.export.document import ExportError
from viewer.export.names import need_name
from viewer.i18n import _


class Drafts(disk.Drafts):
    """Files that appear all together, or not at all; its methods raise ExportError."""

    def draft(self, path: Path) -> Path:
        """An empty file for others to write what is to stand at `path`."""
        with explained(path):
            return super().draft(path)

    def add(self, path: Path, content: bytes | Iterable[bytes]) -> None:
        """Write what is to stand at `path`, whole or piece by piece."""
        with explained(path):
            super().add(path, content)

    def keep(self) -> None:
        """Put everything into its place."""
        try:
            super().keep()
        except OSError as error:
            raise unwritable(Path(error.filename), error) from error


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file, whole or not at all; pieces one after another. Raises ExportError."""
    with explained(path):
        disk.write_whole(path, content)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn a failure of the system into an error that says what to do, and refuse what it takes for something else."""
    need_name(path)
    try:
        yield
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> ExportError:
    """What the system refused, in the user's words."""
    title = _("{name} could not be saved.").format(name=path.name)
    folder = str(path.parent)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ExportError(title, _("The disk is full."), _("Free some space or choose another disk."))
    long = disk.too_long(path, error)
    if long == "name":
        return ExportError(title, _("The name is too long."), _("Choose a shorter name."))
    if long == "path":
        told = _("The path is too long: the folders and the name are {n} characters together.")
        return ExportError(title, told.format(n=len(str(path.absolute()))), _("Choose a folder that lies less deep."))
    if error.errno == errno.ENOENT:
        return ExportError(
            title, _("The folder {folder} does not exist.").format(folder=folder), _("Choose another folder.")
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return ExportError(
            title,
            _("A file stands where the folder {folder} should.").format(folder=folder),
            _("Choose another folder."),
        )
    if error.errno == errno.EISDIR:
        return ExportError(title, _("A folder stands where the file should."), _("Choose another name."))
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return ExportError(
            title,
            _("The folder {folder} may not be written to, or the file is open in another program.").format(
                folder=folder
            ),
            _("Close the file, or choose another folder."),
        )
    return ExportError(title, f"{error.strerror or error}.", _("Choose another folder."))
