"""What each tag means: one rule, one small function, one shared signature (`bitrix24-api.md` §7.2).

A rule takes a token and the portal's links, and returns nodes, or None when the tag is to be shown as typed.
"""

import re
from collections.abc import Callable, Mapping

from viewer.markup.lexer import Token
from viewer.markup.links import Links, dialled, is_picture
from viewer.markup.nodes import (
    Action,
    Attachment,
    ChatLink,
    Code,
    DriveFile,
    Link,
    Mention,
    MessageLink,
    Nodes,
    Picture,
    Rating,
    Text,
    Timestamp,
)
from viewer.markup.times import FORMATS, LATEST

Leaf = Callable[[Token, Links], Nodes | None]

_IMAGE_SIZES = {"size=small": 120, "size=medium": 240, "size=large": 480}  # the portal's own pixels are not published
_ICON = re.compile(r" +(size|width|height|title)=", re.IGNORECASE)
_ICON_SIZE, _ICON_LIMIT = 20, 100
_DIALLED = re.compile(r"[0-9#()+./ -]{1,64}")
_LINE_END = re.compile(r"\r\n?|\n")


def _url(token: Token, links: Links) -> Nodes | None:
    written = token.content.strip()
    return links.link(written, ()) if written and links.known(written) else None


def _user(token: Token, _links: Links) -> Nodes | None:
    number, *options = token.argument.lower().split()
    if number == "all":
        return (Mention(0, token.content),)
    if int(number) == 0:
        return (Text(token.content),) if token.content else ()
    return (Mention(int(number), token.content, replace=bool(options)),)


def _chat(token: Token, _links: Links) -> Nodes | None:
    kind, number = re.findall(r"[0-9]+|[a-z|]+", "chat" + token.argument.lower())[-2:]
    return (ChatLink(int(number), kind.endswith("imol|"), token.content),) if int(number) else None


def _context(token: Token, _links: Links) -> Nodes | None:
    dialog, _, message = token.argument.lower().partition("/")
    return (MessageLink(dialog, int(message), token.content),) if token.content else ()


def _call(token: Token, _links: Links) -> Nodes | None:
    number = token.argument or token.content
    url = dialled(number) if _DIALLED.fullmatch(number) else ""
    shown = token.content or number
    return (Link(url, (Text(shown),), bare=shown == number),) if url else None


def _action(token: Token, _links: Links) -> Nodes | None:
    text = " ".join(token.content.split()) or token.argument
    return (Action(token.name.rstrip("="), token.argument or text, text),) if text else ()


def _code(token: Token, _links: Links) -> Nodes | None:
    text = _LINE_END.sub("\n", token.content).removeprefix("\n").removesuffix("\n")
    return (Code(text),) if text else ()


def _img(token: Token, links: Links) -> Nodes | None:
    written = token.content.strip()
    url = links.address(written)
    if not url.lower().startswith("http"):
        return None
    size = _IMAGE_SIZES.get(token.argument.lower(), 0)
    return (Picture(url, size=size),) if size and is_picture(url) else links.link(written, ())


def _icon(token: Token, links: Links) -> Nodes | None:
    written, *rest = _ICON.split(token.argument)
    url = links.address(written.strip())
    if not url.lower().startswith("http"):
        return None
    options = {key.lower(): value.strip() for key, value in zip(rest[::2], rest[1::2], strict=True)}
    sizes = [int(options[key]) for key in ("size", "width", "height") if re.fullmatch(r"\d{1,4}", options.get(key, ""))]
    return (Picture(url, options.get("title", ""), min(max([*sizes, 1]), _ICON_LIMIT) if sizes else _ICON_SIZE),)


def _timestamp(token: Token, _links: Links) -> Nodes | None:
    moment, _, form = token.argument.partition(" ")
    form = form.strip().partition("=")[2].upper()
    return (Timestamp(int(moment), form),) if form in FORMATS and int(moment) < LATEST else None


LEAVES: Mapping[str, Leaf] = {
    "url": _url,
    "user=": _user,
    "chat=": _chat,
    "context=": _context,
    "call": _call,
    "call=": _call,
    "img": _img,
    "img ": _img,
    "send": _action,
    "send=": _action,
    "put": _action,
    "put=": _action,
    "code": _code,
    "icon=": _icon,
    "timestamp=": _timestamp,
    "disk=": lambda token, _links: (DriveFile(int(token.argument)),),
    "attach=": lambda token, _links: (Attachment(int(token.argument)),),
    "rating=": lambda token, _links: (Rating(int(token.argument)),),
    "like": lambda _token, _links: (Rating(1, stars=False),),
    "dislike": lambda _token, _links: (Rating(-1, stars=False),),
}
