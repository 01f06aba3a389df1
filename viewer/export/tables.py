"""A conversation as tables: a row for each message, and one for each session. CSV and XLSX write the same rows.

Codes (side, kind, delivery, status, votes) are those of the JSON export, in every language. A value that is not known
is None. Dates keep the offset the portal sent.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from viewer.chat import (
    Figures,
    Message,
    MessageKind,
    MessageRow,
    Row,
    Session,
    SessionEnd,
    SystemLines,
    Transcript,
    Votes,
    connector_name,
    figures,
)
from viewer.export import facts
from viewer.export.document import Export
from viewer.i18n import N_
from viewer.markup import card_plain, parse, plain
from viewer.markup.fit import fit

Value = str | int | bool | datetime | None
Values = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for programs, its heading for people, its width in characters."""

    name: str
    label: str
    width: int = 12


MESSAGES = (
    Column("session", N_("Session"), 9),
    Column("number", N_("Number"), 8),
    Column("id", N_("Id"), 10),
    Column("date", N_("Date"), 19),
    Column("author_id", N_("Author id"), 9),
    Column("author", N_("Author"), 22),
    Column("side", N_("Side"), 9),
    Column("kind", N_("Kind"), 13),
    Column("internal", N_("Internal"), 9),
    Column("text", N_("Text"), 70),
    Column("cards", N_("Cards"), 40),
    Column("files", N_("Files"), 30),
    Column("buttons", N_("Buttons"), 16),
    Column("reactions", N_("Reactions"), 16),
    Column("reply_to", N_("Reply to"), 10),
    Column("forwarded", N_("Forwarded"), 18),
    Column("edited", N_("Edited"), 9),
    Column("deleted", N_("Deleted"), 9),
    Column("pinned", N_("Pinned"), 9),
    Column("delivery", N_("Delivery"), 11),
    Column("wait_seconds", N_("Client waited, s"), 14),
    Column("note", N_("Note"), 30),
)
SESSIONS = (
    Column("session", N_("Session"), 9),
    Column("chat_id", N_("Chat"), 9),
    Column("line", N_("Line"), 20),
    Column("connector", N_("Channel code"), 14),
    Column("channel", N_("Channel"), 14),
    Column("client", N_("Client"), 22),
    Column("operator_id", N_("Operator id"), 11),
    Column("operator", N_("Operator"), 22),
    Column("opened", N_("Opened"), 19),
    Column("closed", N_("Closed"), 19),
    Column("status", N_("Status"), 10),
    Column("close_reason", N_("Closing reason"), 14),
    Column("client_vote", N_("Client's rating"), 13),
    Column("head_vote", N_("Supervisor's rating"), 13),
    Column("head_comment", N_("Comment"), 40),
    Column("messages", N_("Messages"), 10),
    Column("by_client", N_("By the client"), 10),
    Column("by_operators", N_("By operators"), 10),
    Column("by_bots", N_("By bots"), 10),
    Column("files", N_("Files"), 8),
    Column("first_reply_seconds", N_("First reply, s"), 13),
    Column("longest_wait_seconds", N_("Longest wait, s"), 13),
    Column("duration_seconds", N_("Duration, s"), 12),
    Column("crm", N_("CRM"), 30),
)


# --- messages -------------------------------------------------------------------------------------------------------


def message_rows(export: Export) -> Iterator[Values]:
    """The values of `MESSAGES` for each message, oldest first."""
    table = _Messages(export)
    for row in export.rows():
        yield from table.values(row)


class _Messages:
    """Messages as rows; those that people number are counted."""

    def __init__(self, export: Export) -> None:
        self._export = export
        self._context = facts.context(export)
        self._portal = replace(self._context, mention_mark="")
        self._sessions = sessions_of(export.transcript)
        self._number = 0

    def values(self, row: Row) -> Iterator[Values]:
        match row:
            case MessageRow(message=message, waited=waited):
                self._number += 1
                yield self._values(message, self._number, waited)
            case SystemLines(messages=messages):
                for message in messages:
                    yield self._values(message, None, None)
            case SessionEnd(message=message):
                yield self._values(message, None, None)

    def _values(self, message: Message, number: int | None, waited: timedelta | None) -> Values:
        export, context = self._export, self._context if number else self._portal
        author = export.transcript.author(message)
        nodes = parse(message.text, base=export.root, markdown=message.markdown)
        return (
            self._sessions.get(message.id) or None,
            number,
            message.id,
            message.date,
            author.id or None,
            fit(facts.person_name(author)),
            author.side.value,
            message.kind.value,
            message.internal,
            plain(nodes, context),
            "\n\n".join(card_plain(card, context) for card in message.cards),
            "\n".join(self._files(message)),
            "\n".join(fit(button.text) for button in message.buttons),
            fit(facts.reactions(message, export)),
            message.reply_to or None,
            fit(facts.forwarded(message, export)),
            message.edited,
            message.deleted,
            message.pinned,
            message.delivery.value,
            seconds(waited),
            fit(facts.instead(message)),
        )

    def _files(self, message: Message) -> Iterator[str]:
        for file in self._export.transcript.files_of(message):
            yield fit(f"{facts.file_name(file)} ({facts.file_detail(file, self._export)})")


def sessions_of(transcript: Transcript) -> dict[int, int]:
    """Message id to the session that it stands in; 0 before the first one that the messages tell of."""
    bounds = (MessageKind.SESSION_START, MessageKind.SESSION_END)
    named = [message for message in transcript.messages if message.kind in bounds and message.session_id]
    current = transcript.sessions[0].id if len(transcript.sessions) == 1 else 0
    if named and (named[0].kind is MessageKind.SESSION_END or len({message.session_id for message in named}) == 1):
        current = named[0].session_id
    elif named:
        current = 0
    out: dict[int, int] = {}
    for message in transcript.messages:
        if message.kind in bounds:
            current = message.session_id or current
        out[message.id] = current
    return out


# --- sessions -------------------------------------------------------------------------------------------------------


def session_rows(export: Export) -> Iterator[Values]:
    """The values of `SESSIONS` for each session; messages of no known session make a row of their own."""
    for session, messages in session_parts(export):
        yield _session_values(session, messages, export)


def session_parts(export: Export) -> Iterator[tuple[Session, list[Message]]]:
    """Each session with the messages that stand in it, the oldest session first."""
    transcript = export.transcript
    placed = sessions_of(transcript)
    held: dict[int, list[Message]] = defaultdict(list)
    for message in export.messages():
        held[placed[message.id]].append(message)
    known = {session.id: session for session in transcript.sessions}
    chat_id = transcript.dialog.chat_id if transcript.dialog else 0
    for number in sorted({*known, *held}):
        yield known.get(number) or Session(number, chat_id), held[number]


def session_figures(session: Session, messages: list[Message], transcript: Transcript) -> Figures:
    """Counts and waits of the messages of one session."""
    return figures(replace(transcript, sessions=(session,), messages=tuple(messages)))


def _session_values(session: Session, messages: list[Message], export: Export) -> Values:
    transcript = export.transcript
    dialog, client = transcript.dialog, transcript.client
    known = session_figures(session, messages, transcript)
    closing = next((each.votes for each in messages if each.kind is MessageKind.SESSION_END and each.votes), Votes())
    client_vote, head_vote, comment = facts.votes(session, closing)
    connector = session.connector or (dialog.connector if dialog else "")
    return (
        session.id or None,
        session.chat_id or (dialog.chat_id if dialog else 0) or None,
        fit(session.line_name),
        connector,
        fit(connector_name(connector)) if connector else "",
        fit(session.client_name or (client.name if client else "")),
        session.operator_id or None,
        fit(session.operator_name),
        session.opened,
        session.closed,
        session.status,
        session.close_reason,
        client_vote,
        head_vote or None,
        fit(comment),
        known.messages,
        known.by_client,
        known.by_team,
        known.by_bot,
        known.files,
        seconds(known.first_reply),
        seconds(known.longest_wait),
        seconds(known.duration) if messages else None,
        "\n".join(_crm(session, export)),
    )


def _crm(session: Session, export: Export) -> Iterator[str]:
    dialog = export.transcript.dialog
    links = dict.fromkeys([*([session.crm] if session.crm else []), *(dialog.crm if dialog else ())])
    for link in links:
        yield f"{link.type} {link.id}" + (f" {export.root}{link.path}" if export.root else "")


def seconds(span: timedelta | None) -> int | None:
    """A length of time in whole seconds."""
    return round(span.total_seconds()) if span is not None else None
