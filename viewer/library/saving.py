"""Writing for the user: beside the goal and renamed when whole, so that no half of a file ever stands there."""

from pathlib import Path

from viewer.export.files import explained, write_whole


def save_bytes(data: bytes, path: Path) -> Path:
    """Write `data` to `path`, whole or not at all; its folder is made. Raises ViewerError when the disk refuses."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
    return path
