"""What no text may hold, made harmless before it is parsed: nothing may break out of its line or hide what is said.

Controls become a visible mark, since Qt and Typst draw nothing for them. Overrides of direction turn whatever follows
backwards, and no one writes them by hand: they become a visible mark too. Embeddings and isolates end with their line
at the latest. Marks piled on one letter would be drawn over the lines around it: each few of them get a base of their
own. The portal's own object keeps the text as it came (`Message.raw`).
"""

import re

MARKS = 3  # on one letter; no orthography of these signs writes more
_BASE = "\u25cc"  # the circle that stands for a missing letter
_LINE_ENDS = "\x0b\x0c\x85\u2028\u2029"
_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff"
_MARK = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_SUSPECT = re.compile(f"[{_CONTROLS}{_MARK}]")
_UNFIT = re.compile(f"[{_CONTROLS}]")
_PILE = re.compile(f"[{_MARK}]{{{MARKS + 1},}}")
_POP, _POP_ISOLATE = "\u202c", "\u2069"
_CLOSERS = {"\u202a": _POP, "\u202b": _POP} | dict.fromkeys("\u2066\u2067\u2068", _POP_ISOLATE)
_DIRECTIONS = re.compile("[\u202a-\u202c\u2066-\u2069]")


def fit(source: str) -> str:
    """The source as it may be shown."""
    if (source.isascii() and source.isprintable()) or not _SUSPECT.search(source):
        return source
    source = _UNFIT.sub(_harmless, source)
    if _DIRECTIONS.search(source):
        source = "\n".join(map(_closed, source.split("\n")))
    return _PILE.sub(_spread, source)


def _harmless(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in _LINE_ENDS:
        return "\n"
    return sign if _DIRECTIONS.match(sign) else "\ufffd"


def _closed(line: str) -> str:
    """A line whose embeddings and isolates end in it, as the Unicode algorithm counts them."""
    opened: list[str] = []
    isolates = 0
    for found in _DIRECTIONS.finditer(line):
        sign = found[0]
        if sign in _CLOSERS:
            opened.append(_CLOSERS[sign])
            isolates += _CLOSERS[sign] == _POP_ISOLATE
        elif sign == _POP_ISOLATE and isolates:
            isolates -= 1
            while opened.pop() != sign:
                pass
        elif opened and opened[-1] == sign:
            opened.pop()
    return line + "".join(reversed(opened))


def _spread(found: re.Match[str]) -> str:
    marks = found[0]
    return _BASE.join(marks[start : start + MARKS] for start in range(0, len(marks), MARKS))


_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff"
    r"\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)


def revealed(source: str) -> str:
    """The source with every character that nothing would be drawn for named in its place: `⟨U+202E⟩`."""
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", source.replace("\r\n", "\n"))
