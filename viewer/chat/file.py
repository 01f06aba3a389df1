"""A file of a message (`bitrix24-api.md` §9)."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class FileKind(Enum):
    """How a file is shown."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "file"


@dataclass(frozen=True, slots=True)
class File:
    """What the portal tells of a file; the bytes are fetched apart.

    `size` in bytes, 0 when unknown; `width` and `height` in pixels, 0 when unknown. The three addresses open only in
    a browser where the user is signed in (§9.2). `missing` means that a message names the file and the portal no
    longer describes it.
    """

    id: int
    name: str
    kind: FileKind
    size: int = 0
    width: int = 0
    height: int = 0
    extension: str = ""
    date: datetime | None = None
    author_id: int = 0
    author_name: str = ""
    url_preview: str = ""
    url_show: str = ""
    url_download: str = ""
    missing: bool = False
