"""Messages: one record from either method's object, and the pages of a chat (`bitrix24-api.md` §5.4, §6, §10)."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from viewer.bitrix import errors
from viewer.bitrix.cards import parse_cards
from viewer.bitrix.client import Portal
from viewer.bitrix.files import parse_files
from viewer.bitrix.kinds import kind_of, session_of, votes_of
from viewer.bitrix.pace import Cancel
from viewer.bitrix.people import parse_people
from viewer.bitrix.reading import (
    Record,
    flag,
    items,
    link,
    moment,
    pairs,
    record,
    unescaped,
    whole,
    wholes,
    without_tags,
    words,
)
from viewer.chat import Batch, Button, Delivery, Forward, Message, MessageKind, Person, Reaction, Side, Sticker
from viewer.i18n import _
from viewer.markup import looks_like_markdown

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # the date of a message whose own cannot be read
PAGE = 50


def parse_message(value: object, *, key: str = "", chat_id: int = 0, root: str = "", escaped: bool = False) -> Message:
    """A message in any spelling. What cannot be read becomes a message of kind UNKNOWN with what could be.

    `key` is the message's name in its container; `escaped` says that the server is old enough to keep texts escaped.
    """
    given = record(value)
    params = record(given.get("params"))
    number = whole(given.get("id")) or whole(key)
    author = _author(given)
    text = _text(given, escaped) if given else words(value)
    cards = parse_cards(params.get("attach"), root)
    kind = kind_of(params, max(author, 0), text, cards=bool(cards))
    date = moment(given.get("date"))
    message = Message(
        number or _made_up(value),
        whole(given.get("chatid")) or chat_id,
        max(author, 0),
        date or NEVER,
        text,
        kind,
        session_of(params, kind, text),
        cards,
        wholes(params.get("fileid")),
        _buttons(params.get("keyboard"), root),
        edited=flag(params.get("isedited")),
        deleted=flag(params.get("isdeleted")),
        pinned=flag(params.get("ispinned")),
        delivery=_delivery(params),
        reply_to=max(0, whole(params.get("replyid"))),
        forward=_forward(given, params),
        author_name=words(params.get("name")).strip(),
        author_avatar=link(params.get("avatar"), root),
        reactions=parse_reactions(given.get("reactions") or params.get("reactions"), wholes(params.get("like"))),
        sticker=_sticker(given.get("sticker") or params.get("sticker") or params.get("stickerparams"), root),
        votes=votes_of(params, kind),
        raw=value if isinstance(value, dict) else {"value": value},
    )
    return _with_problem(message, _problem(message, author, date))


def _problem(message: Message, author: int, date: datetime | None) -> str:
    """Why a message cannot be shown as it was meant; empty when it can."""
    if author < 0 or date is None:
        return _("The portal sent this message in a form that cannot be read in full.")
    if message.kind in (MessageKind.SESSION_START, MessageKind.SESSION_END) or message.deleted or message.forward:
        return ""
    if message.text.strip() or message.cards or message.file_ids or message.buttons or message.sticker:
        return ""
    if message.author_id:
        return _("A sticker, or something else that the portal does not describe.")
    return _("An empty line of the portal.")


def _with_problem(message: Message, problem: str) -> Message:
    if not problem:
        return message
    return replace(message, kind=MessageKind.UNKNOWN, problem=problem)


def _author(given: Record) -> int:
    """The author's id, 0 for the portal, -1 when the message does not tell."""
    for key in ("senderid", "authorid"):
        if given.get(key) is not None and words(given[key]).strip().lstrip("-").isdigit():
            return max(0, whole(given[key]))
    return 0 if flag(given.get("issystem")) else -1


def _text(given: Record, escaped: bool) -> str:
    text = given.get("text")
    if text is None:
        return without_tags(words(given.get("textlegacy"))).strip()
    plain = words(text)
    return unescaped(plain) if escaped and _may_be_escaped(plain) else plain


def _may_be_escaped(text: str) -> bool:
    """Escaped text has no `<` of its own but in `<br />`."""
    return "<" not in text.replace("<br />", "").replace("<br>", "").replace("<br/>", "")


def _made_up(value: object) -> int:
    """A number for a message without one: negative, and the same for the same content."""
    return -1 - zlib.crc32(json.dumps(value, default=str, sort_keys=True).encode("utf-8", "replace"))


def _delivery(params: Record) -> Delivery:
    if flag(params.get("iserror")):
        return Delivery.FAILED
    undelivered = params.get("isdelivered") is not None and not flag(params["isdelivered"])
    return Delivery.PENDING if undelivered or flag(params.get("sending")) else Delivery.DELIVERED


def _forward(given: Record, params: Record) -> Forward | None:
    origin = record(given.get("forward")) or record(params.get("forward"))
    found = Forward(
        max(0, whole(words(origin.get("id")).rpartition("/")[2]) or whole(params.get("forwardid"))),
        max(0, whole(origin.get("userid")) or whole(params.get("forwarduserid"))),
        words(origin.get("chattitle") or params.get("forwardchattitle")).strip(),
    )
    return found if found != Forward() else None


def parse_reactions(value: object, likes: tuple[int, ...] = ()) -> tuple[Reaction, ...]:
    """The reactions of a message: newer methods tell counters and people by code, histories only who liked (§10.1)."""
    given = record(value)
    counters, people = dict(pairs(given.get("reactioncounters"))), dict(pairs(given.get("reactionusers")))
    found = {"like": likes} if likes else {}
    for code, listed in people.items():
        known = found.get(code.lower(), ())
        found[code.lower()] = (*known, *(each for each in wholes(listed) if each not in known))
    counts = {code.lower(): whole(count) for code, count in counters.items()}
    codes = dict.fromkeys([*found, *counts])
    made = (Reaction(code, found.get(code, ()), max(counts.get(code, 0), len(found.get(code, ())))) for code in codes)
    return tuple(reaction for reaction in made if reaction.count)


def _sticker(value: object, root: str) -> Sticker | None:
    """A sticker in any shape: what newer servers send of it is not documented (§10.1)."""
    if isinstance(value, list):
        value = value[0] if value else None
    given = record(value)
    if not given:
        return Sticker() if words(value).strip() not in ("", "0") else None
    url = link(given.get("uri") or given.get("url") or given.get("link") or given.get("src"), root)
    return Sticker(url, words(given.get("title") or given.get("name")).strip())


def _buttons(value: object, root: str) -> tuple[Button, ...]:
    """The buttons of a keyboard: an object with BUTTONS, a bare list, or "N" for none."""
    given = record(value)
    listed = items(given.get("buttons")) if "buttons" in given else items(value)
    found: list[Button] = []
    new_line = False
    for item in listed:
        button = record(item)
        if words(button.get("type")).upper() == "NEWLINE":
            new_line = True
        elif text := words(button.get("text")).strip():
            found.append(Button(text, link(button.get("link"), root), new_line))
            new_line = False
    return tuple(found)


def parse_page(result: object, root: str = "") -> Batch:
    """One answer of `im.dialog.messages.get`. Raises BadAnswer for what is none."""
    given = record(result)
    if "messages" not in given:
        raise errors.BadAnswer(method="im.dialog.messages.get")
    chat_id = whole(given.get("chatid"))
    people = parse_people(given.get("users"), root)
    read = (parse_message(item, chat_id=chat_id, root=root) for item in items(given["messages"]))
    messages = in_dialects(with_reactions(read, given), people)
    return Batch(
        tuple(sorted(messages, key=lambda message: (message.date, message.id))),
        people,
        parse_files(given.get("files"), root),
    )


def with_reactions(messages: Iterable[Message], given: Record) -> Iterator[Message]:
    """The messages of an answer with the reactions that newer servers put beside them (§10.1)."""
    reactions = {whole(record(each).get("messageid")): each for each in items(given.get("reactions"))}
    for message in messages:
        if message.id in reactions:
            yield replace(message, reactions=parse_reactions(reactions[message.id], message.likes))
        else:
            yield message


def in_dialects(messages: Iterable[Message], people: Iterable[Person]) -> Iterator[Message]:
    """The messages, those of bots and assistants marked as Markdown where their texts look like it.

    No field of the portal tells the dialect (§7.1): people write the messenger's markup, programs often Markdown.
    """
    bots = {person.id for person in people if person.side is Side.BOT}
    for message in messages:
        written = message.author_id in bots or any(key.upper().startswith("COPILOT") for key in _params(message))
        marked = written and message.kind is MessageKind.TEXT and looks_like_markdown(message.text)
        yield replace(message, markdown=True) if marked else message


def _params(message: Message) -> Mapping[str, object]:
    params = message.raw.get("params")
    return params if isinstance(params, dict) else {}


def pages(portal: Portal, chat_id: int, *, before: int = 0, cancel: Cancel | None = None) -> Iterator[Batch]:
    """The whole chat, all its sessions, newest page first; each message once. For members of the chat (§6).

    With `before`, only the messages whose number is smaller. Raises NotMember for everybody else.
    """
    seen: set[int] = set()
    last = before
    while True:
        params: dict[str, object] = {"DIALOG_ID": f"chat{chat_id}", "LIMIT": PAGE}
        if last:
            params["LAST_ID"] = last
        answer = portal.call("im.dialog.messages.get", params, subject=f"chat{chat_id}", cancel=cancel)
        page = parse_page(answer.result, portal.root)
        fresh = tuple(message for message in page.messages if message.id not in seen)
        seen.update(message.id for message in fresh)
        if fresh:
            yield replace(page, messages=fresh, origins=answer.origins)
        lowest = min((message.id for message in page.messages if message.id > 0), default=0)
        if not fresh or not lowest or (last and lowest >= last):
            return
        last = lowest
