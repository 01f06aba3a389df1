"""Quotes: lines that begin with `>>`, and messages between rules of 54 hyphens (`bitrix24-api.md` §7.3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from viewer.markup.lexer import Token

RULE = "-" * 54
_MARKERS = (">>", "&gt;&gt;")
_HEADER = re.compile(r"(?P<author>\S.*?) *\[(?P<date>[^\[\]]+)\](?: +#(?P<dialog>chat\d+|\d+:\d+)/(?P<id>\d{1,18}))? *")


@dataclass(frozen=True, slots=True)
class Header:
    """Who wrote a quoted message and when; `dialog` and `message_id` name it where known."""

    author: str = ""
    date: str = ""
    dialog: str = ""
    message_id: int = 0


@dataclass(slots=True)
class _Line:
    """The tokens of a line, and the break that ends it."""

    tokens: list[Token] = field(default_factory=list)
    ending: Token | None = None


def may_quote(source: str) -> bool:
    """Whether it is worth looking for quotes at all."""
    return RULE in source or any(marker in source for marker in _MARKERS)


def header(line: str) -> Header:
    """`Author [date] #chat12/345` taken apart; empty when the line is not a header."""
    found = _HEADER.fullmatch(line)
    if not found:
        return Header()
    return Header(found["author"], found["date"], found["dialog"] or "", int(found["id"] or 0))


def quoted(source: str, tokens: list[Token]) -> list[Token]:
    """The tokens with marks around quotes; markers, rules, headers and the line breaks around quotes are gone."""
    out: list[Token] = []
    lines = list(_lines(tokens))
    closing = _rules(source, lines)
    index = 0
    while index < len(lines):
        end = _group_end(source, lines, index)
        if index in closing:
            _drop_break(out)
            out += _message(source, lines[index : closing[index] + 1])
            index = closing[index] + 1
        elif any(_says_more(source, line) for line in lines[index:end]):
            _drop_break(out)
            out += _group(source, lines[index:end])
            index = end + _gap(source, lines, end)
        else:
            end = max(end, index + 1)
            for line in lines[index:end]:
                out += [*line.tokens, line.ending] if line.ending else line.tokens
            index = end
    return out


def _lines(tokens: list[Token]) -> Iterator[_Line]:
    line = _Line()
    for token in tokens:
        if token.kind == "break":
            line.ending = token
            yield line
            line = _Line()
        else:
            line.tokens.append(token)
    yield line


def _rules(source: str, lines: list[_Line]) -> dict[int, int]:
    """Which rule closes which, by line number; an odd last one closes nothing, nor do two with nothing between."""
    rules = [index for index, line in enumerate(lines) if _is_rule(source, line)]
    pairs = zip(rules[::2], rules[1::2], strict=False)
    return {first: last for first, last in pairs if any(line.tokens for line in lines[first + 1 : last])}


def _is_rule(source: str, line: _Line) -> bool:
    only = line.tokens[0] if len(line.tokens) == 1 else None
    if only is None or only.kind != "text" or only.end - only.start > len(RULE) + 8:
        return False
    return source[only.start : only.end].rstrip() == RULE


def _message(source: str, lines: list[_Line]) -> Iterator[Token]:
    """A quoted message, from its opening rule to its closing rule."""
    first, last = lines[0].tokens[0], lines[-1].tokens[0]
    body = lines[1:-1]
    head = ""
    if body and body[0].tokens and all(token.kind == "text" for token in body[0].tokens):
        head = source[body[0].tokens[0].start : body[0].tokens[-1].end]
    if header(head).author:
        body = body[1:]
    else:
        head = ""
    yield Token("quote", first.start, first.start, argument=head)
    for number, line in enumerate(body):
        yield from line.tokens
        if line.ending and number < len(body) - 1:
            yield line.ending
    yield Token("unquote", last.end, last.end)


def _marker(source: str, line: _Line) -> str:
    """The marker with which a line begins, or ""."""
    if not line.tokens or line.tokens[0].kind != "text":
        return ""
    return next((marker for marker in _MARKERS if source.startswith(marker, line.tokens[0].start)), "")


def _says_more(source: str, line: _Line) -> bool:
    """Whether a marked line holds more than its marker."""
    first = line.tokens[0]
    return len(line.tokens) > 1 or bool(source[first.start + len(_marker(source, line)) : first.end].strip())


def _group_end(source: str, lines: list[_Line], start: int) -> int:
    end = start
    while end < len(lines) and _marker(source, lines[end]):
        end += 1
    return end


def _group(source: str, lines: list[_Line]) -> Iterator[Token]:
    """Marked lines as one quote."""
    yield Token("quote", lines[0].tokens[0].start, lines[0].tokens[0].start)
    for number, line in enumerate(lines):
        first = line.tokens[0]
        start = first.start + len(_marker(source, line))
        start += source.startswith(" ", start, first.end)
        if start < first.end:
            yield Token("text", start, first.end)
        yield from line.tokens[1:]
        if line.ending and number < len(lines) - 1:
            yield line.ending
    last = lines[-1].tokens[-1].end
    yield Token("unquote", last, last)


def _gap(source: str, lines: list[_Line], index: int) -> int:
    """1 when a single blank line stands at `index` between two groups of marked lines."""
    between = index + 1 < len(lines) and not lines[index].tokens and bool(_marker(source, lines[index + 1]))
    return 1 if between else 0


def _drop_break(out: list[Token]) -> None:
    if out and out[-1].kind == "break":
        out.pop()
