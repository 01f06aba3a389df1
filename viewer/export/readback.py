"""A finished PDF, looked at as a reader would: by the typesetter itself, which also reads PDFs."""

import re
from pathlib import Path
from typing import Any

from viewer.errors import ViewerError
from viewer.i18n import _

_LOOK = """#set page(width: auto, height: auto, margin: 0pt)
#image("{name}", page: {page})
"""

_IMAGE = re.compile(rb"<<[^<>]*?/Subtype\s*/Image\b[^<>]*>>")
_WIDTH = re.compile(rb"/Width\s+(\d+)")
_MASK = b"/DeviceGray"  # how transparent another picture is
_SMILEY = 200  # pixels across; the emoji of our font are narrower


def pictures_in(pdf: bytes) -> int:
    """How many different pictures a PDF of ours holds; smileys, and the masks of pictures, are not counted."""
    found = (each for each in _IMAGE.findall(pdf) if _MASK not in each)
    return sum(int(wide[1]) >= _SMILEY for each in found if (wide := _WIDTH.search(each)))


def drawn_page(path: Path, page: int = 1, ppi: float = 72.0) -> bytes:
    """One page of a PDF as a PNG picture, `ppi` pixels an inch; pages count from 1.

    Raises ViewerError for what is no PDF, or has no such page. The name of the file must be plain.
    """
    import typst

    look = _LOOK.format(name=path.name, page=page).encode()
    options: dict[str, Any] = {"root": path.parent, "format": "png", "ppi": ppi}  # its types ask for one kind of path
    try:
        drawn = typst.compile(look, **options)
    except typst.TypstError:
        raise ViewerError(_("The PDF cannot be read."), f"{path.name}.") from None
    return bytes(drawn)
