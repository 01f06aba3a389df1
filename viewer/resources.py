"""The one finder of files in `resources/`: beside the package in a working tree, inside it in a wheel."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


@cache
def folder() -> Path:
    """The folder that holds icons, themes, templates, fonts and catalogues."""
    for root in _ROOTS:
        if (root / "themes").is_dir():
            return root
    raise FileNotFoundError(f"resources/ not found beside {_PACKAGE}")


def path(*parts: str) -> Path:
    """The path of one resource, e.g. `path("icons", "search.svg")`."""
    return folder().joinpath(*parts)


def text(*parts: str) -> str:
    """One resource as text."""
    return path(*parts).read_text(encoding="utf-8")
