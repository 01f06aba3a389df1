"""The history of a session: everything in one answer (`bitrix24-api.md` §5)."""

from collections.abc import Iterator
from dataclasses import replace

from viewer.bitrix import errors
from viewer.bitrix.client import Portal
from viewer.bitrix.dialogs import client_of, parse_dialog
from viewer.bitrix.files import parse_files
from viewer.bitrix.messages import NEVER, in_dialects, parse_message, with_reactions
from viewer.bitrix.pace import Cancel, check
from viewer.bitrix.people import parse_people
from viewer.bitrix.reading import Record, flag, items, pairs, record, whole, words
from viewer.chat import Batch, Dialog, Message, MessageKind, Person, Rating, Session, Side

METHOD = "imopenlines.session.history.get"
PORTION = 500  # messages


def get(portal: Portal, session_id: int = 0, chat_id: int = 0, *, cancel: Cancel | None = None) -> Iterator[Batch]:
    """A session's history, oldest first, in portions. `chat_id` alone means its newest session, for members only.

    Raises Refused when there is no right to it, or no such session, or it is empty: the portal does not tell which.
    """
    params = {"SESSION_ID": session_id} if session_id else {"CHAT_ID": chat_id}
    subject = str(session_id) if session_id else f"chat{chat_id}"
    answer = portal.call(METHOD, params, subject=subject, cancel=cancel)
    batches = parse_history(answer.result, portal.root, cancel=cancel)
    yield replace(next(batches), origins=answer.origins)
    yield from batches


def is_history(result: object) -> bool:
    """Whether a result looks like a history."""
    given = record(result)
    return "message" in given and isinstance(given["message"], dict | list)


def parse_history(result: object, root: str = "", *, cancel: Cancel | None = None) -> Iterator[Batch]:
    """A history in portions: people, files, chat and session with the first one. Raises BadAnswer for what is none."""
    if not is_history(result):
        raise errors.BadAnswer(method=METHOD)
    given = record(result)
    chat_id = _chat_id(given)
    people = parse_people(given.get("users"), root)
    read = with_reactions(_messages(given["message"], chat_id, root, cancel), given)
    messages = [_of_session(each, given) for each in in_dialects(read, people)]
    dialog = dialog_in(given)
    first = Batch(
        tuple(messages[:PORTION]),
        people,
        parse_files(given.get("files"), root),
        dialog,
        _session(given, dialog, people, messages),
        may_vote(given, dialog),
        len(messages),
    )
    yield first
    for at in range(PORTION, len(messages), PORTION):
        yield Batch(tuple(messages[at : at + PORTION]), expected=len(messages))


def _messages(value: object, chat_id: int, root: str, cancel: Cancel | None) -> list[Message]:
    raw = list(pairs(value))
    # A server without `textlegacy` is old enough to keep `text` escaped (§5.4).
    escaped = bool(raw) and not any("textlegacy" in record(item) for _key, item in raw)
    by_object = isinstance(value, dict)
    found: list[Message] = []
    for at, (key, item) in enumerate(raw):
        if at % 64 == 0:
            check(cancel)
        found.append(parse_message(item, key=key if by_object else "", chat_id=chat_id, root=root, escaped=escaped))
    return _in_order(found)


def _of_session(message: Message, given: Record) -> Message:
    """A line that opens or closes the session and does not tell which: it is this one."""
    if message.session_id or message.kind not in (MessageKind.SESSION_START, MessageKind.SESSION_END):
        return message
    return replace(message, session_id=whole(given.get("sessionid")))


def _in_order(messages: list[Message]) -> list[Message]:
    """By date and number; a message without a date stands where its number puts it."""
    last = min((message.date for message in messages if message.date != NEVER), default=NEVER)
    dated: list[Message] = []
    for message in sorted(messages, key=lambda each: each.id):
        if message.date == NEVER:
            message = replace(message, date=last)
        last = message.date
        dated.append(message)
    return sorted(dated, key=lambda each: (each.date, each.id))


def _chat_id(given: Record) -> int:
    return whole(given.get("chatid")) or whole(words(given.get("userid")).removeprefix("chat"))


def dialog_in(given: Record) -> Dialog | None:
    """The chat that a history describes."""
    chat_id = _chat_id(given)
    chats = [record(item) for item in items(given.get("chat"))]
    fitting = next((chat for chat in chats if whole(chat.get("id")) == chat_id), chats[0] if chats else None)
    if fitting is None:
        return Dialog(chat_id) if chat_id else None
    return parse_dialog(fitting, chat_id)


def rating_in(given: Record) -> Rating:
    """The supervisor's rating as it is now; the closing message may hold an older one (§10.2)."""
    return Rating(min(max(whole(given.get("sessionvotehead")), 0), 5), words(given.get("sessioncommenthead")).strip())


def may_vote(given: Record, dialog: Dialog | None) -> bool:
    """Whether the user may rate the session: `canVoteHead`, or the right to its line (§11.1)."""
    if flag(given.get("canvotehead")):
        return True
    lines = dict(pairs(record(given.get("openlines")).get("canvoteashead")))
    return dialog is not None and flag(lines.get(str(dialog.line_id)))


def _session(
    given: Record, dialog: Dialog | None, people: tuple[Person, ...], messages: list[Message]
) -> Session | None:
    number = whole(given.get("sessionid"))
    if not number:
        return None
    dialog = dialog or Dialog(0)
    client = next((person for person in people if person.side is Side.CLIENT), None)
    operator = _operator(dialog, people, messages)
    end = next((each for each in reversed(messages) if each.kind is MessageKind.SESSION_END), None)
    ended = end if end is not None and end.session_id in (0, number) else None
    votes = ended.votes if ended else None
    rating = rating_in(given)
    client_part, _separator, line_part = dialog.name.rpartition(" - ")
    return Session(
        number,
        dialog.chat_id,
        dialog.line_id,
        line_part.strip() if client_part else "",  # the chat is called "client - line" (§4)
        dialog.connector,
        operator.id if operator else dialog.owner_id,
        operator.name if operator else "",
        client.id if client else client_of(dialog.user_code),
        (client.name if client else "") or client_part.strip(),
        dialog.user_code,
        opened=messages[0].date if messages else None,
        closed=ended.date if ended else None,
        status="closed" if ended else "",
        client_vote={1: "dislike", 5: "like"}.get(votes.client, "") if votes else "",
        head_vote=rating.stars,
        head_comment=rating.comment,
        message_count=len(messages),
        crm=dialog.crm[0] if dialog.crm else None,
    )


def _operator(dialog: Dialog, people: tuple[Person, ...], messages: list[Message]) -> Person | None:
    """The chat's owner where he is known, else the employee who wrote last."""
    staff = {person.id: person for person in people if person.side is Side.OPERATOR}
    if dialog.owner_id in staff:
        return staff[dialog.owner_id]
    return next((staff[each.author_id] for each in reversed(messages) if each.author_id in staff), None)
