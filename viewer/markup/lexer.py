"""Source to tokens: where tags stand, what they enclose, where lines end (`bitrix24-api.md` §7.1, §7.2).

A tag is what fits its pattern; everything else is text. The source is read once: an opening tag finds its closing tag
through `_Closers`, which never looks at the same place twice, and the length of what plain-text tags may hold is
limited.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Literal

ARGUMENT_LIMIT = 2048


Kind = Literal[
    "text",
    "break",
    "open",  # of a span
    "close",  # of a span
    "leaf",  # a tag without inner markup, whole
    "quote",  # made by `blocks`; `argument` is the header line
    "unquote",  # made by `blocks`
]


@dataclass(slots=True)
class Token:
    """A piece of the source from `start` to `end`. `name` is in lower case, with "=" when it has a value."""

    kind: Kind
    start: int
    end: int
    name: str = ""
    argument: str = ""
    content: str = ""


class Body(Enum):
    """What stands between a tag and its closing tag."""

    NONE = "none"  # there is no closing tag
    SPAN = "span"  # markup
    PLAIN = "plain"  # text on one line
    OPAQUE = "opaque"  # anything up to the first closing tag


@dataclass(frozen=True, slots=True)
class Tag:
    """How a tag is written: its body and the pattern of its argument."""

    body: Body
    argument: re.Pattern[str] | None = None


def _tag(body: Body, argument: str = "") -> Tag:
    return Tag(body, re.compile(argument, re.IGNORECASE) if argument else None)


_SOME = r"(?s:.+)"
_PHONE = r"[0-9#()+./ -]{1,64}"
TAGS = {
    "b": _tag(Body.SPAN),
    "i": _tag(Body.SPAN),
    "u": _tag(Body.SPAN),
    "s": _tag(Body.SPAN),
    "size=": _tag(Body.SPAN, r"\d{1,4}(?:px|pt)?"),
    "color=": _tag(Body.SPAN, r"#(?:[0-9a-f]{3}|[0-9a-f]{6})"),
    "url=": _tag(Body.SPAN, _SOME),
    "pch=": _tag(Body.SPAN, r"[0-9]{1,18}"),
    "source=": _tag(Body.SPAN, _SOME),
    "url": _tag(Body.PLAIN),
    "user=": _tag(Body.PLAIN, r"(?:[0-9]{1,18}|all)(?: +replace)?"),
    "chat=": _tag(Body.PLAIN, r"(?:imol\||chat)?[0-9]{1,18}"),
    "context=": _tag(Body.PLAIN, r"(?:chat[0-9]{1,18}|[0-9]{1,18}:[0-9]{1,18})/[0-9]{1,18}"),
    "call": _tag(Body.PLAIN),
    "call=": _tag(Body.PLAIN, _PHONE),
    "img": _tag(Body.PLAIN),
    "img ": _tag(Body.PLAIN, r"size=(?:small|medium|large)"),
    "send": _tag(Body.OPAQUE),
    "send=": _tag(Body.OPAQUE, _SOME),
    "put": _tag(Body.OPAQUE),
    "put=": _tag(Body.OPAQUE, _SOME),
    "code": _tag(Body.OPAQUE),
    "br": _tag(Body.NONE),
    "icon=": _tag(Body.NONE, _SOME),
    "disk=": _tag(Body.NONE, r"[0-9]{1,18}"),
    "attach=": _tag(Body.NONE, r"[0-9]{1,18}"),
    "timestamp=": _tag(Body.NONE, r"[0-9]{1,12} +format=[a-z_]{1,64}"),
    "rating=": _tag(Body.NONE, r"[1-5]"),
    "like": _tag(Body.NONE),
    "dislike": _tag(Body.NONE),
}

_NAMES = "|".join(sorted({key.rstrip("= ") for key in TAGS}, key=len, reverse=True))
_SPANS = frozenset(key.rstrip("=") for key, tag in TAGS.items() if tag.body is Body.SPAN)
# An argument may hold brackets in pairs, as addresses do: [URL=https://shop.example/?a[1]=2].
_INNER = r"[^\[\]\r\n]*+"
_MARK = re.compile(
    rf"\[(?P<close>/)?(?P<name>{_NAMES})(?P<argument>[= ]{_INNER}(?:\[{_INNER}\]{_INNER})*)?\]|\r\n?|\n|\#BR\#",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"\r\n?|\n|#BR#|\[BR\]", re.IGNORECASE)
_AFTER_CODE = re.compile(r"\r\n?|\n|#BR#|\[BR\]|", re.IGNORECASE)
_REST_OF_LINE = re.compile(r"[^\[\r\n#]*+")


class _Closers:
    """Where the next closing tag of a name stands; asked with growing positions, it reads the source once a name."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._next: dict[str, tuple[int, int]] = {}

    def find(self, name: str, pos: int) -> tuple[int, int]:
        """Start and end of the first `[/name]` at or after `pos`; -1 when there is none."""
        known = self._next.get(name, (0, 0))
        if known[1] and (known[0] >= pos or known[0] < 0):
            return known
        found = _CLOSING[name].search(self._source, pos)
        self._next[name] = found.span() if found else (-1, -1)
        return self._next[name]


_CLOSING = {name: re.compile(rf"\[/{name}\]", re.IGNORECASE) for name in _NAMES.split("|")}
_OPENING = {name: re.compile(rf"\[{name}[= \]]", re.IGNORECASE) for name in _NAMES.split("|")}


def tokens(source: str) -> Iterator[Token]:
    """The source as tokens without gaps, in its order."""
    closers = _Closers(source)
    text = pos = 0
    while found := _MARK.search(source, pos):
        pos = found.end()
        token = _token(source, found, closers)
        if token is None:
            continue
        if token.start > text:
            yield Token("text", text, token.start)
        yield token
        text = pos = token.end
    if text < len(source):
        yield Token("text", text, len(source))


def _token(source: str, found: re.Match[str], closers: _Closers) -> Token | None:
    """The token that begins with a mark, or None when it is text after all."""
    start, end = found.span()
    if found.lastindex is None:
        return Token("break", start, end)
    close, name, argument = found.groups("")
    name = name.lower()
    if close:
        return Token("close", start, end, name) if name in _SPANS and not argument else None
    key = name + argument[:1]
    argument = argument[1:]
    tag = TAGS.get(key)
    if tag is None or len(argument) > ARGUMENT_LIMIT or (tag.argument and not tag.argument.fullmatch(argument)):
        return None
    match tag.body:
        case Body.SPAN:
            return Token("open", start, end, key, argument)
        case Body.NONE:
            return Token("break" if name == "br" else "leaf", start, end, key, argument)
        case Body.PLAIN:
            return _plain(source, Token("leaf", start, end, key, argument), closers.find(name, end))
        case Body.OPAQUE:
            return _opaque(source, Token("leaf", start, end, key, argument), closers.find(name, end))


def _plain(source: str, token: Token, closing: tuple[int, int]) -> Token | None:
    """A tag with a text on one line; a mention of the portal's own making may lack its closing tag (§5, samples)."""
    first = token.end
    if 0 <= closing[0] <= first + ARGUMENT_LIMIT:
        content = source[first : closing[0]]
        if not _LINE_END.search(content) and not _OPENING[token.name.rstrip("= ")].search(content):
            token.content, token.end = content, closing[1]
            return token
    if token.name == "user=" and token.argument.lower().endswith("replace"):
        return _unclosed(source, token)
    return None


def _unclosed(source: str, token: Token) -> Token:
    """A mention up to the end of its line, or to the next bracket; its name is kept as written."""
    found = _REST_OF_LINE.match(source, token.end)
    rest = found[0] if found else ""
    token.argument = token.argument.split()[0] if rest.strip() else token.argument
    token.content = rest.rstrip()
    token.end += len(token.content)
    return token


def _opaque(source: str, token: Token, closing: tuple[int, int]) -> Token | None:
    if closing[0] < 0:
        return None
    token.content, token.end = source[token.end : closing[0]], closing[1]
    if token.name == "code" and (after := _AFTER_CODE.match(source, token.end)):
        token.end = after.end()
    return token
