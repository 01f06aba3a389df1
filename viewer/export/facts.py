"""What every export says in the same words: titles, roles, marks, the facts of the conversation, its ratings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from viewer.chat import (
    Delivery,
    File,
    FileKind,
    Message,
    MessageKind,
    MessageRow,
    Person,
    Reaction,
    Row,
    Session,
    SessionEnd,
    Side,
    Votes,
    connector_name,
    figures,
)
from viewer.export.document import Export
from viewer.i18n import _, clock, day_of, duration, here, moment, ngettext, offset_name, short_date, size
from viewer.markup import Context, snippet

STARS = 5
MB = 1024 * 1024
QUOTED = 160  # characters shown of a message that another refers to
Pairs = list[tuple[str, str]]


def context(export: Export) -> Context:
    """What visitors of the markup need to know: people by id, and the zone of the conversation."""
    messages = export.transcript.messages
    names = {person.id: person.name for person in export.transcript.people.values() if person.name}
    zone = messages[0].date.tzinfo if messages else None
    return Context(people=names, zone=zone or UTC, base=export.root)


# --- names and roles ------------------------------------------------------------------------------------------------


def title(export: Export) -> str:
    """Whose conversation it is, and which sessions: "Anna, session 321"."""
    sessions = [session.id for session in export.transcript.sessions if session.id]
    name = export.transcript.title or _("Conversation")
    if not sessions:
        return name
    if len(sessions) == 1:
        return _("{name}, session {id}").format(name=name, id=sessions[0])
    return _("{name}, sessions {first}–{last}").format(name=name, first=min(sessions), last=max(sessions))


def person_name(person: Person) -> str:
    """The name, or what is known in its place."""
    if person.name:
        return person.name
    return _("User {id}").format(id=person.id) if person.id else _("Portal")


def role(person: Person) -> str:
    """What a person is in the conversation."""
    roles = {Side.CLIENT: _("client"), Side.OPERATOR: _("operator"), Side.BOT: _("bot"), Side.SYSTEM: _("portal")}
    return roles[person.side]


def people(export: Export) -> Pairs:
    """Who takes part: name and role, with the channel or the position; those who wrote come first."""
    wrote = Counter(message.author_id for message in export.transcript.messages)
    listed = sorted(export.transcript.people.values(), key=lambda person: (not wrote[person.id], _SIDES[person.side]))
    return [(person_name(person), ", ".join(filter(None, _roles(person, export, wrote)))) for person in listed]


_SIDES = {Side.CLIENT: 0, Side.OPERATOR: 1, Side.BOT: 2, Side.SYSTEM: 3}


def _roles(person: Person, export: Export, wrote: Counter[int]) -> Iterable[str]:
    yield role(person) if wrote[person.id] or person.side is not Side.OPERATOR else _("employee, did not write")
    yield _connector(export) if person.side is Side.CLIENT else person.position


def _connector(export: Export) -> str:
    dialog = export.transcript.dialog
    sessions = export.transcript.sessions
    code = (dialog.connector if dialog else "") or (sessions[0].connector if sessions else "")
    return connector_name(code) if code else ""


# --- a message's head ---------------------------------------------------------------------------------------------


def heading(row: MessageRow) -> str:
    """The name a message stands under."""
    kinds = {
        MessageKind.AUTOMATIC: _("Automatic text"),
        MessageKind.VOTE_REQUEST: _("Request for a rating"),
        MessageKind.FORM: _("CRM form"),
        MessageKind.NOTE: _("Internal note"),
        MessageKind.SYSTEM: _("Internal note"),
        MessageKind.TRANSFER: _("Internal note"),
        MessageKind.MEMBER: _("Internal note"),
        MessageKind.VOTE: _("Internal note"),
    }
    return kinds.get(row.message.kind) or person_name(row.author)


def marks(row: MessageRow, export: Export) -> list[str]:
    """What stands beside the name: role, time, and what happened to the message."""
    message = row.message
    if message.kind in (MessageKind.TEXT, MessageKind.UNKNOWN):
        told = [role(row.author)]
    elif not message.internal:
        told = [_("sent to the client")]
    else:
        told = [person_name(row.author)] if row.author.id else []
    told.append(clock(message.date))
    if message.internal:
        told.append(_("not visible to the client"))
    if message.edited:
        told.append(_("edited"))
    if message.pinned:
        told.append(_("pinned"))
    if message.delivery is not Delivery.DELIVERED:
        told.append(_("not delivered") if message.delivery is Delivery.FAILED else _("not delivered yet"))
    if message.forward:
        told.append(forwarded(message, export))
    return told


def forwarded(message: Message, export: Export) -> str:
    """Where a forwarded message came from; empty for any other."""
    forward = message.forward
    if forward is None:
        return ""
    person = export.transcript.people.get(forward.person_id)
    origin = (person_name(person) if person else "") or forward.chat_title
    return _("forwarded from {name}").format(name=origin) if origin else _("forwarded")


def waited(row: MessageRow) -> str:
    """How long the client had waited, where it was a minute or more: "+12 min"."""
    return f"+{duration(row.waited)}" if row.waited is not None and row.waited.total_seconds() >= 60 else ""


def reactions(message: Message, export: Export) -> str:
    """Each reaction with the names of those who made it: "👍 Anna, Pavel  😂 +2"."""
    return "  ".join(_reaction(each, export) for each in message.reactions)


def _reaction(reaction: Reaction, export: Export) -> str:
    known = (export.transcript.people.get(number) for number in reaction.people)
    names = [person_name(person) for person in known if person]
    others = reaction.count - len(names)
    told = ", ".join([*names, *([f"+{others}" if names else str(others)] if others > 0 else [])])
    return f"{reaction.emoji} {told}"


def sticker(message: Message) -> str:
    """A sticker in words."""
    if message.sticker is None:
        return ""
    word = _("Sticker")
    return f"[{word}: {message.sticker.name}]" if message.sticker.name else f"[{word}]"


def instead(message: Message) -> str:
    """What stands for a text that is not there."""
    if message.deleted:
        return _("The message was deleted. The portal no longer holds its text.")
    if message.kind is MessageKind.UNKNOWN or message.problem:
        return message.problem or _("The message cannot be shown.")
    if message.sticker is not None:
        return sticker(message)
    empty = not (message.text.strip() or message.cards or message.file_ids or message.buttons)
    return _("The message is empty.") if empty else ""


def in_short(message: Message, export: Export) -> str:
    """A message in one line, where another refers to it."""
    told = snippet(message.text) or ", ".join(file_name(file) for file in export.transcript.files_of(message))
    told = told or instead(message)
    return told if len(told) <= QUOTED else told[:QUOTED].rstrip() + "…"


def file_detail(file: File, export: Export | None = None) -> str:
    """What is known of a file besides its name, and of an export, where it stands."""
    return ", ".join(filter(None, [_kind_and_size(file), whereabouts(file, export) if export else ""]))


def whereabouts(file: File, export: Export) -> str:
    """Where a file of the conversation is: beside the export under its path, or too large to go with it."""
    if path := export.beside.get(file.id):
        return _("saved as {path}").format(path=path)
    if export.options.files != "none" and not file.missing and too_large(file, export):
        return _("over {size} MB, only named").format(size=export.options.largest)
    return ""


def too_large(file: File, export: Export) -> bool:
    """Whether a file is over the limit of those that go along, by its bytes where the portal tells no size."""
    limit = export.options.largest * MB
    return file.size > limit or (not file.size and len(export.files.get(file.id, b"")) > limit)


def _kind_and_size(file: File) -> str:
    kinds = {FileKind.IMAGE: _("picture"), FileKind.VIDEO: _("video"), FileKind.AUDIO: _("audio"),
             FileKind.VOICE: _("voice message")}  # fmt: skip
    if file.missing:
        return _("the portal no longer describes this file")
    kind = kinds.get(file.kind) or (file.extension.upper() if file.extension else _("file"))
    return f"{kind}, {size(file.size)}" if file.size else kind


def file_name(file: File) -> str:
    """A file's name, or its number."""
    return file.name or _("File {id}").format(id=file.id)


# --- sessions -------------------------------------------------------------------------------------------------------


def closing(session: Session) -> str:
    """Who or what closed a session; empty while it is open or when it is not known."""
    reasons = {
        "operator": _("closed by the operator"),
        "auto": _("closed automatically"),
        "spam": _("closed as spam"),
        "client": _("closed by the client"),
        "replyLimit": _("closed, the time to reply ended"),
    }
    return reasons.get(session.close_reason) or (_("closed") if session.closed or session.status == "closed" else "")


def session_line(session: Session) -> str:
    """What stands beside a session's number."""
    told = [_("opened {moment}").format(moment=moment(session.opened))] if session.opened else []
    if session.connector:
        told.append(connector_name(session.connector))
    if ended := closing(session):
        told.append(f"{ended} {_after(session)}".strip())
    return " · ".join(told)


def _after(session: Session) -> str:
    """When it closed: the time alone on the day it opened."""
    if session.closed is None:
        return ""
    same = session.opened is not None and day_of(session.opened) == day_of(session.closed)
    return clock(session.closed) if same else moment(session.closed)


def ending(row: SessionEnd) -> tuple[str, str]:
    """The line that closes a session: its bold part and the rest."""
    session = row.session
    ended = closing(session) or _("closed")
    told = [f"{ended}, {clock(row.message.date)}"]
    if session.opened:
        told.append(_("duration {span}").format(span=duration((session.closed or row.message.date) - session.opened)))
    name = _("Session {id}").format(id=session.id) if session.id else _("Session")
    return name, " · ".join(told)


def ratings(row: SessionEnd, export: Export) -> Pairs:
    """The ratings at a session's end; none where they are left out by choice."""
    if not export.options.votes:
        return []
    client, head, comment = votes(row.session, row.message.votes)
    shown = [(_("Client's rating"), _client_vote(client)), (_("Supervisor's rating"), _head_vote(head))]
    return [*shown, (_("Comment"), comment)] if comment else shown


def votes(session: Session | None, closing: Votes | None) -> tuple[str, int, str]:
    """The client's vote, the supervisor's and his comment. What the closing message knows may be older (§10.2)."""
    session, closing = session or Session(0), closing or Votes()
    client = session.client_vote or {1: "dislike", 5: "like"}.get(closing.client, "")
    return client, session.head_vote or closing.head, session.head_comment or closing.comment


def _client_vote(vote: str) -> str:
    return {"like": _("good"), "dislike": _("bad")}.get(vote) or _("not given")


def _head_vote(vote: int) -> str:
    if not vote:
        return _("not given")
    stars = "★" * vote + "☆" * (STARS - vote)
    return _("{n} of 5").format(n=vote) + f" {stars}"


# --- the facts at the top -------------------------------------------------------------------------------------------


def facts(export: Export, listed: Sequence[Row]) -> Pairs:
    """The facts of the conversation: label and value, eight of them, and what is told only where it is there."""
    transcript = export.transcript
    known = figures(transcript, listed if export.options.ruler else None)
    waits = [duration(span) if span is not None else "—" for span in (known.first_reply, known.longest_wait)]
    return [
        (_("Line"), _line(export)),
        (_("Operator"), _operators(export)),
        (_("Period"), period(export)),
        (_("Time zone"), _zones(transcript.messages)),
        (_("Messages"), _counts(export)),
        (_("Files"), _files(export)),
        (_("First reply, longest wait"), ", ".join(waits)),
        *([(_("Ratings"), _ratings(listed, transcript.sessions))] if export.options.votes else []),
        *([(_("Filters of the list"), export.filters)] if export.filters else []),
    ]


def _line(export: Export) -> str:
    lines = dict.fromkeys(session.line_name for session in export.transcript.sessions if session.line_name)
    channel = _connector(export)
    name = ", ".join(lines)
    return (f"{name} ({channel})" if name and channel else name or channel) or "—"


def _operators(export: Export) -> str:
    transcript = export.transcript
    wrote = {message.author_id for message in transcript.messages}
    people = [person for person in transcript.people.values() if person.side is Side.OPERATOR and person.id in wrote]
    named = [session.operator_name for session in transcript.sessions if session.operator_name]
    names = list(dict.fromkeys([*(person_name(person) for person in people), *([] if people else named)]))
    if len(names) > 3:
        return ", ".join(names[:2]) + " " + _("and {n} more").format(n=len(names) - 2)
    return ", ".join(names) or "—"


def period(export: Export) -> str:
    """From the first message to the last."""
    messages = export.transcript.messages
    if not messages:
        return "—"
    first, last = messages[0].date, messages[-1].date
    if day_of(first) == day_of(last):
        return f"{short_date(first)}, {clock(first)}–{clock(last)}"
    return f"{short_date(first, year=day_of(first).year != day_of(last).year)} – {short_date(last)}"


def _zones(messages: Sequence[Message]) -> str:
    return ", ".join(dict.fromkeys(offset_name(message.date) for message in messages)) or "—"


def _counts(export: Export) -> str:
    """How many messages are written, and of how many when not all."""
    total = len(export.transcript.messages)
    written = len(export.messages())
    if written == total:
        return ngettext("{n} message", "{n} messages", total).format(n=total)
    return _("{n} of {total}").format(n=written, total=total)


def _files(export: Export) -> str:
    transcript = export.transcript
    kinds = Counter(file.kind for message in transcript.messages for file in transcript.files_of(message))
    named = {
        FileKind.IMAGE: ngettext("{n} picture", "{n} pictures", kinds[FileKind.IMAGE]),
        FileKind.VIDEO: ngettext("{n} video", "{n} videos", kinds[FileKind.VIDEO]),
        FileKind.AUDIO: ngettext("{n} audio file", "{n} audio files", kinds[FileKind.AUDIO]),
        FileKind.VOICE: ngettext("{n} voice message", "{n} voice messages", kinds[FileKind.VOICE]),
        FileKind.DOCUMENT: ngettext("{n} document", "{n} documents", kinds[FileKind.DOCUMENT]),
    }
    return ", ".join(text.format(n=kinds[kind]) for kind, text in named.items() if kinds[kind]) or _("none")


def _ratings(listed: Sequence[Row], sessions: Sequence[Session]) -> str:
    """The ratings of a single session; of several, they stand at each one's end."""
    ends = [row for row in listed if isinstance(row, SessionEnd)]
    if len(ends) > 1 or len(sessions) > 1:
        return _("at the end of each session")
    client, head, _comment = votes(sessions[0] if sessions else None, ends[0].message.votes if ends else None)
    told = [_("client: {vote}").format(vote=_client_vote(client))] if client else []
    if head:
        told.append(_("supervisor: {n} of 5").format(n=head))
    return "; ".join(told) or _("none")


def written_line(export: Export) -> str:
    """When, by whom and with what the export was made."""
    when = f"{moment(export.exported_at)} ({offset_name(export.exported_at)})"
    told = _("Exported {moment} by {name}") if export.exported_by else _("Exported {moment}")
    return f"{told.format(moment=when, name=export.exported_by)} · Open Lines Viewer {export.version}".strip()


def zone_change(before: datetime | None, now: datetime) -> str:
    """The offset where it differs from the one before."""
    return offset_name(now) if before is not None and here(before).utcoffset() != here(now).utcoffset() else ""
