"""Attachment cards: the ATTACH of a message in all its forms (`bitrix24-api.md` §8)."""

import re
from collections.abc import Callable

from viewer.bitrix.reading import Record, decimal, flag, items, link, record, unescaped, whole, without_tags, words
from viewer.chat import (
    Block,
    Card,
    Cell,
    Delimiter,
    Display,
    FileBlock,
    FileItem,
    GridBlock,
    ImageBlock,
    ImageItem,
    LinkBlock,
    LinkItem,
    PersonBlock,
    PersonItem,
    PersonKind,
    TextBlock,
    UnknownBlock,
)

_TOKENS = ("primary", "secondary", "alert", "base")
_DISPLAYS = {"CARD": Display.LINE, "COLUMN": Display.ROW} | {each.value: each for each in Display}
_COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def parse_cards(value: object, root: str = "") -> tuple[Card, ...]:
    """The cards of a message: a list of them, one alone, or bare blocks without a card around; junk is none."""
    if isinstance(value, dict):
        given = record(value)
        # An object with neither blocks nor a block type is a list whose keys PHP has kept.
        value = [value] if "blocks" in given or _is_block(value) else list(value.values())
    if not isinstance(value, list):
        return ()
    if value and all(_is_block(item) for item in value):
        return _with_blocks({"blocks": value}, root)
    return tuple(card for item in value for card in _with_blocks(record(item), root))


def _with_blocks(given: Record, root: str) -> tuple[Card, ...]:
    given = given if "blocks" in given or not _is_block(given) else {"blocks": [given]}
    blocks = tuple(block for item in _listed(given.get("blocks")) for block in _blocks(item, root))
    description = _text(given.get("description"))
    if not blocks and not description:
        return ()
    color = words(given.get("color")).strip().lower()
    return (
        Card(
            blocks,
            color="transparent" if color == "transparent" else _color(color),
            token=_token(given.get("colortoken")),
            description="" if description in ("SKIP_MESSAGE", "FIRST_MESSAGE") else description,
        ),
    )


def _is_block(item: object) -> bool:
    return isinstance(item, dict) and bool(item) and all(key in _READERS for key in record(item))


def _listed(value: object) -> list[object]:
    """Blocks as a list: a single block is one too."""
    return [value] if _is_block(value) else items(value)


def _blocks(item: object, root: str) -> list[Block]:
    """The blocks in one element: an object whose key is the type. A string alone is a message."""
    if isinstance(item, str):
        return [TextBlock(_text(item))] if item.strip() else []
    found: list[Block] = []
    for kind, value in record(item).items():
        reader = _READERS.get(kind)
        block = reader(value, root) if reader else UnknownBlock(kind, "\n".join(_texts_within(value)))
        if block is not None:
            found.append(block)
    return found


def _entries(value: object) -> list[Record]:
    """The entries of a block: a list of objects, one object alone, or strings in their place."""
    alone = isinstance(value, dict) and not all(isinstance(each, dict) for each in value.values())
    listed = [value] if alone or isinstance(value, str) else items(value)
    return [record(each) if isinstance(each, dict) else {"link": each, "value": each} for each in listed if each]


def _message(value: object, _root: str) -> Block | None:
    text = "\n".join(_text(part) for part in items(value)) if isinstance(value, list) else _text(value)
    return TextBlock(text) if text else None


def _html(value: object, _root: str) -> Block | None:
    text = without_tags(words(value)).strip()
    return TextBlock(text) if text else None


def _links(rich: bool) -> Callable[[object, str], Block | None]:
    def read(value: object, root: str) -> Block | None:
        found = []
        for entry in _entries(value):
            url = _address(entry, root)
            title = _text(entry.get("name")) or link(entry.get("link"), root) or _target(entry)
            text = without_tags(words(entry.get("html"))) or _text(entry.get("desc"))
            preview = link(entry.get("preview"), root) or link(entry.get("extraimage"), root)
            if title or text or preview:
                found.append(LinkItem(title or text or preview, url, text if title else "", preview))
        return LinkBlock(tuple(found), rich) if found else None

    return read


def _address(entry: Record, root: str) -> str:
    """Where an entry leads: its own address, or the page of the person or chat that it names by number (§11.2)."""
    if own := link(entry.get("link"), root):
        return own
    if root and (person := whole(entry.get("userid")) or whole(entry.get("botid"))) > 0:
        return f"{root}/company/personal/user/{person}/"
    if root and (chat := whole(words(entry.get("chatid")).lower().removeprefix("chat"))) > 0:
        return f"{root}/online/?IM_DIALOG=chat{chat}"
    return ""


def _target(entry: Record) -> str:
    """What an entry without a name points to, in words."""
    for key, prefix in (("userid", "user"), ("botid", "bot"), ("chatid", "chat"), ("networkid", "")):
        if entry.get(key):
            return f"{prefix}{words(entry[key]).lower().removeprefix(prefix)}"
    return ""


def _people(value: object, root: str) -> Block | None:
    found = tuple(
        PersonItem(
            _text(entry.get("name")) or _target(entry) or _address(entry, root) or "—",
            _address(entry, root),
            link(entry.get("avatar"), root),
            _person_kind(entry),
        )
        for entry in _entries(value)
    )
    return PersonBlock(found) if found else None


def _person_kind(entry: Record) -> PersonKind:
    named = words(entry.get("avatartype")).strip().upper()
    if named in PersonKind.__members__:
        return PersonKind[named]
    if whole(entry.get("botid")):
        return PersonKind.BOT
    return PersonKind.CHAT if entry.get("chatid") and not entry.get("userid") else PersonKind.USER


def _images(value: object, root: str) -> Block | None:
    found = tuple(
        ImageItem(
            link(entry.get("link"), root),
            _text(entry.get("name")),
            link(entry.get("preview"), root),
            max(0, whole(entry.get("width"))),
            max(0, whole(entry.get("height"))),
        )
        for entry in _entries(value)
        if entry.get("link") or entry.get("preview")
    )
    return ImageBlock(found) if found else None


def _files(value: object, root: str) -> Block | None:
    found = []
    for entry in _entries(value):
        url = link(entry.get("link"), root)
        name = _text(entry.get("name")) or url.partition("?")[0].rpartition("/")[2] or url
        if name:
            found.append(FileItem(name, url, max(0, whole(entry.get("size")))))
    return FileBlock(tuple(found)) if found else None


def _grid(value: object, root: str) -> Block | None:
    cells = tuple(
        Cell(
            _DISPLAYS.get(words(entry.get("display")).upper(), Display.BLOCK),
            _text(entry.get("name")),
            _text(entry.get("value")),
            _address(entry, root),
            max(0, whole(entry.get("width"))),
            _color(words(entry.get("color"))),
            _token(entry.get("colortoken")),
        )
        for entry in _entries(value)
    )
    return GridBlock(cells) if cells else None


def _delimiter(value: object, _root: str) -> Block:
    given = record(value)
    return Delimiter(int(min(max(decimal(given.get("size")), 0), 2000)) or 200, _color(words(given.get("color"))))


_READERS: dict[str, Callable[[object, str], Block | None]] = {
    "message": _message,
    "html": _html,
    "link": _links(rich=False),
    "richlink": _links(rich=True),
    "user": _people,
    "image": _images,
    "file": _files,
    "grid": _grid,
    "delimiter": _delimiter,
}


def _text(value: object) -> str:
    """Markup of a card. Old servers kept it escaped, with `<br/>`."""
    return unescaped(words(value)).strip() if not isinstance(value, bool) else ("Y" if flag(value) else "N")


def _color(text: str) -> str:
    text = text.strip().lower()
    if not _COLOR.fullmatch(text):
        return ""
    return text if len(text) == 7 else "#" + "".join(sign * 2 for sign in text[1:])


def _token(value: object) -> str:
    token = words(value).strip().lower()
    return token if token in _TOKENS else "base"


def _texts_within(value: object, depth: int = 100) -> list[str]:
    if isinstance(value, dict | list):
        return [text for item in items(value) if depth for text in _texts_within(item, depth - 1)]
    text = words(value).strip()
    return [text] if text else []
