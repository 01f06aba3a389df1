"""Tolerant reading of the portal's JSON (`bitrix24-api.md` §5.3, §6.1, §13).

Keys come in four spellings, `[]` stands for `{}`, numbers come as strings: all of it is normal. Nothing here raises but
`decode`, which raises ValueError.
"""

import html
import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from viewer.i18n import from_unix

Record = Mapping[str, object]

_SMALL = 200_000  # characters; shorter texts are decoded in one piece
_DEPTH = 3  # answer, result, messages: what lies deeper is decoded in one piece
_decoder = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


# --- text to values -----------------------------------------------------------------------------------------------


def decode(body: bytes | str) -> object:
    """The value of a JSON text. A large one is decoded in small pieces, so that other threads get their turn.

    One call over 23 MB would hold the interpreter for 99 ms, piece by piece 8 ms (`design.md` §2). Raises ValueError.
    """
    if len(body) < _SMALL:
        text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
        try:
            return json.loads(text.removeprefix("\ufeff"))
        except RecursionError:
            raise ValueError("nested too deeply") from None
    return _Pieces(body).whole()


class _Pieces:
    """A large JSON text, taken apart member by member.

    To make one text of 19 MB of UTF-8 would hold the interpreter for 76 ms. So each byte stands for a letter here,
    which changes nothing that JSON is built of, and only the pieces are read as what they are.
    """

    def __init__(self, body: bytes | str) -> None:
        self._packed = isinstance(body, bytes)
        if isinstance(body, bytes):
            self._text = body.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
        else:
            self._text = body.removeprefix("\ufeff")

    def whole(self) -> object:
        """The value of all of it. Raises ValueError."""
        try:
            value, end = self._value(self._after_space(0), _DEPTH)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if self._after_space(end) != len(self._text):
            raise ValueError("something follows the value")
        return value

    def _after_space(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _value(self, at: int, depth: int) -> tuple[object, int]:
        if depth and self._text[at : at + 1] == "{":
            return self._members(at + 1, depth - 1)
        if depth and self._text[at : at + 1] == "[":
            return self._elements(at + 1, depth - 1)
        return self._piece(at)

    def _piece(self, at: int) -> tuple[object, int]:
        value, end = _decoder.raw_decode(self._text, at)
        if not self._packed:
            return value, end
        piece = self._text[at:end]
        return (value if piece.isascii() else json.loads(piece.encode("latin-1").decode("utf-8", "replace"))), end

    def _members(self, at: int, depth: int) -> tuple[dict[str, object], int]:
        found: dict[str, object] = {}
        at = self._after_space(at)
        if self._text[at : at + 1] == "}":
            return found, at + 1
        while True:
            key, at = self._piece(at)
            at = self._after_space(at)
            if not isinstance(key, str) or self._text[at : at + 1] != ":":
                raise ValueError("not an object")
            found[key], at = self._value(self._after_space(at + 1), depth)
            at, ended = self._next(at, "}")
            if ended:
                return found, at

    def _elements(self, at: int, depth: int) -> tuple[list[object], int]:
        found: list[object] = []
        at = self._after_space(at)
        if self._text[at : at + 1] == "]":
            return found, at + 1
        while True:
            value, at = self._value(at, depth)
            found.append(value)
            at, ended = self._next(at, "]")
            if ended:
                return found, at

    def _next(self, at: int, close: str) -> tuple[int, bool]:
        at = self._after_space(at)
        sign = self._text[at : at + 1]
        if sign == close:
            return at + 1, True
        if sign != ",":
            raise ValueError("cut short")
        return self._after_space(at + 1), False


# --- values to what is meant --------------------------------------------------------------------------------------


def record(value: object) -> Record:
    """An object with its keys in one spelling: lower case, no `_`. Whatever is not an object is an empty one."""
    if not isinstance(value, dict):
        return {}
    found: dict[str, object] = {}
    for key, item in value.items():
        plain = _spelling(key)
        if found.get(plain) is None:
            found[plain] = item
    return found


@lru_cache(maxsize=4096)  # thousands of rows have the same few keys
def _spelling(key: object) -> str:
    return str(key).replace("_", "").lower()


def items(value: object) -> list[object]:
    """The elements of a list, or of an object without its keys; nothing else has any."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def pairs(value: object) -> Iterator[tuple[str, object]]:
    """The members of an object; the elements of a list under their position."""
    if isinstance(value, dict):
        yield from ((str(key), item) for key, item in value.items())
    elif isinstance(value, list):
        yield from ((str(number), item) for number, item in enumerate(value))


def whole(value: object) -> int:
    """A whole number from a number, a string or a boolean; 0 when it is none, or beyond 63 bits."""
    if value is None:
        return 0
    number = 0
    if isinstance(value, int):
        number = int(value)
    elif isinstance(value, float):
        number = int(value) if math.isfinite(value) else 0
    elif isinstance(value, str) and _WHOLE.fullmatch(value):
        number = int(value.strip().partition(".")[0])
    return number if _LEAST <= number <= _MOST else 0


_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,19}(?:\.[0-9]{0,30})?\s*")
_LEAST, _MOST = -(2**63), 2**63 - 1


def decimal(value: object) -> float:
    """A number from a number or a string; 0 when it is none."""
    try:
        number = float(value) if isinstance(value, int | float | str) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0


def wholes(value: object) -> tuple[int, ...]:
    """Whole numbers from a list, an object's values, or a single one; those that are none are left out."""
    listed = items(value) if isinstance(value, dict | list) else [value]
    return tuple(number for number in map(whole, listed) if number)


def words(value: object) -> str:
    """Text from a string or a number; nothing else has any. Halves of broken characters become U+FFFD."""
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def flag(value: object) -> bool:
    """True for true, Y, 1 and their like."""
    if isinstance(value, str):
        return value.strip().lower() in ("y", "yes", "1", "true")
    return bool(value) if isinstance(value, bool | int) else False


_UNIX = re.compile(r"[0-9.]{9,20}")


def moment(value: object) -> datetime | None:
    """A moment from ISO 8601 or Unix seconds, always with an offset; None when it is neither."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()
    try:
        unix = text[4:5] != "-" and _UNIX.fullmatch(text)
        found = from_unix(float(text)) if unix else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    if not 1970 <= found.year < 9000:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def link(value: object, root: str = "") -> str:
    """An address, joined with the portal's when it is relative; empty for the portal's blank picture (§5.5)."""
    text = words(value).strip()
    if not text or text.endswith("/blank.gif"):
        return ""
    try:
        return urljoin(root + "/", text) if root and not urlsplit(text).scheme else text
    except ValueError:
        return ""


_BREAK = re.compile(r"<br\s*/?>(?:\r?\n)?", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)


def unescaped(text: str) -> str:
    """Text of an old server, that kept it escaped, as it was typed (§5.4, §8)."""
    return html.unescape(_BREAK.sub("\n", text)) if "&" in text or "<" in text else text


def without_tags(text: str) -> str:
    """Text of an HTML rendering."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
