"""What the details tell of a conversation, as words."""

from collections.abc import Iterable

from viewer.chat import Person, Row, Session, Side, Transcript, connector_name, figures
from viewer.i18n import _, duration, moment
from viewer.ui.dialogues.model import outcome


def facts(transcript: Transcript, rows: list[Row], session: Session | None) -> Iterable[tuple[str, str, str]]:
    """Name, value and role of each line of figures."""
    told = figures(transcript, rows)
    if told.first_reply is not None:
        yield _("First reply"), duration(told.first_reply), "figure"
    if told.longest_wait is not None:
        yield _("Longest wait"), duration(told.longest_wait), "figure"
    if told.median_wait is not None and told.median_wait != told.longest_wait:
        yield _("Median wait"), duration(told.median_wait), "figure"
    opened = session.opened if session else None
    closed = session.closed if session else None
    yield _("Duration"), duration(closed - opened if opened and closed else told.duration), "figure"
    sides = ", ".join(
        part
        for part in (
            _("client {n}").format(n=told.by_client) if told.by_client else "",
            _("team {n}").format(n=told.by_team) if told.by_team else "",
            _("bot {n}").format(n=told.by_bot) if told.by_bot else "",
        )
        if part
    )
    yield _("Messages"), f"{told.messages} · {sides}" if sides else str(told.messages), "figure"
    if session is not None:
        if session.transfers:
            yield _("Transfers"), str(session.transfers), "figure"
        if opened:
            yield _("Opened"), moment(opened), "figure"
        if closed:
            yield _("Closed"), moment(closed), "figure"
        if told_outcome := outcome(session):
            yield _("Outcome"), told_outcome, "figure"
        votes = {"like": (_("good"), "green"), "dislike": (_("bad"), "red")}
        words, role = votes.get(session.client_vote, (_("none"), "figure"))
        yield _("Client vote"), words, role


def role_words(person: Person, transcript: Transcript) -> str:
    """What a participant is, in words."""
    names = {Side.CLIENT: _("Client"), Side.OPERATOR: _("Operator"), Side.BOT: _("Bot"), Side.SYSTEM: ""}
    parts = [names[person.side]]
    if person.side is Side.CLIENT and transcript.dialog:
        parts.append(connector_name(transcript.dialog.connector))
    elif person.position:
        parts.append(person.position)
    return ", ".join(part for part in parts if part)


def file_order(transcript: Transcript) -> list[int]:
    """The ids of the files that are known, in the order of their messages."""
    seen = dict.fromkeys(number for message in transcript.messages for number in message.file_ids)
    return [number for number in seen if number in transcript.files]
