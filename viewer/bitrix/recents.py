"""Sessions of the caller's own recent chats and of the queues he serves (`bitrix24-api.md` §3.3)."""

from collections.abc import Iterator
from datetime import datetime

from viewer.bitrix.client import Portal
from viewer.bitrix.dialogs import client_of, parse_dialog
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import Record, flag, items, moment, record, whole, words
from viewer.chat import Session

METHOD = "im.recent.list"
PAGE = 200


def of_period(
    portal: Portal, since: datetime, until: datetime, *, cancel: Cancel | None = None
) -> Iterator[tuple[Session, ...]]:
    """Current sessions of recent open-line chats that were created in a period, each once, page by page.

    The portal filters nothing here. Its pages go from the latest activity on, after pinned chats, so a page without
    activity in or after the period is the last that is asked for. The votes are not told.
    """
    seen: set[str] = set()
    offset = 0
    while True:
        params = {"SKIP_DIALOG": "Y", "SKIP_CHAT": "Y", "OFFSET": offset, "LIMIT": PAGE}
        answer = record(portal.call(METHOD, params, cancel=cancel).result)
        rows = [record(item) for item in items(answer.get("items"))]
        fresh = [row for row in rows if words(row.get("id")) not in seen]
        seen.update(words(row.get("id")) for row in fresh)
        page = {session.id: session for row in fresh if (session := parse_recent(row))}
        fitting = tuple(each for each in page.values() if each.opened is None or since <= each.opened <= until)
        if fitting:
            yield fitting
        more = flag(answer.get("hasmore") or answer.get("hasmorepages"))
        if not fresh or not more or _are_older(fresh, since):
            return
        offset += PAGE


def _are_older(rows: list[Record], since: datetime) -> bool:
    """Whether all chats after these were last active before a moment; pinned ones stand out of order."""
    told = [
        moment(row.get("datelastactivity")) or moment(record(row.get("message")).get("date"))
        for row in rows
        if not flag(row.get("pinned"))
    ]
    return bool(told) and all(active is not None and active < since for active in told)


def parse_recent(value: object) -> Session | None:
    """A row of the recent list; None for what is no open line. `lines.id` is the session, not the line (§3.3)."""
    given = record(value)
    lines = record(given.get("lines"))
    chat = record(given.get("chat"))
    if not lines and words(chat.get("type")) != "lines" and words(chat.get("entitytype")).upper() != "LINES":
        return None
    dialog = parse_dialog(given.get("chat"), whole(given.get("chatid")))
    number = whole(lines.get("id")) or dialog.session_id
    if number <= 0:
        return None
    status = whole(lines.get("status"))
    closed = status in (60, 65, 69)
    client, _separator, line = (dialog.name or words(given.get("title"))).rpartition(" - ")
    message = record(given.get("message"))
    return Session(
        number,
        dialog.chat_id,
        dialog.line_id,
        line.strip() if client else "",
        dialog.connector,
        operator_id=dialog.owner_id,
        client_id=client_of(dialog.user_code),
        client_name=client.strip() or line.strip(),
        user_code=dialog.user_code,
        opened=moment(lines.get("datecreate")) or moment(message.get("date")),
        closed=moment(message.get("date")) if closed else None,
        status=_status(status) if lines.get("status") is not None else "",
        message_count=dialog.message_count,
        crm=dialog.crm[0] if dialog.crm else None,
        snippet=words(message.get("text")).strip(),
    )


def _status(number: int) -> str:
    """The numeric status in the words of the newer list (§3.1, §3.3)."""
    if number == 65:
        return "spam"
    if number >= 60:
        return "closed"
    return "new" if number < 10 else "answered"
