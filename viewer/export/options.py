"""How an export is laid out and what goes with it, as its user chose."""

from dataclasses import dataclass

PAPERS = ("a4", "letter")
MARGINS = ("narrow", "normal", "wide")
SIZES = ("small", "normal", "large")
PLACES = ("none", "embedded", "beside")


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of an export.

    `paper`, `margins` and `size` (of the text) are of the PDF. `archival`: PDF/A-2a, or PDF/A-3a when files are
    embedded, and PDF/UA-1. `files`: the dialogue's files left out, embedded in the PDF, or saved in a folder beside
    the export; one larger than `largest` megabytes is only named, with its link. `numbered` messages, `ruler` the
    marks of response times, `system` the system lines, `votes` ratings and comments.
    """

    paper: str = PAPERS[0]
    margins: str = MARGINS[1]
    size: str = SIZES[1]
    archival: bool = True
    files: str = PLACES[0]
    largest: int = 20
    numbered: bool = True
    ruler: bool = True
    system: bool = True
    votes: bool = True
