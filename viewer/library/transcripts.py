"""What a user does with a portal: list sessions, open a dialogue. Generators of batches, no threads."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from viewer import bitrix
from viewer.bitrix import (
    Cancel,
    Checked,
    MethodMissing,
    MissingScope,
    PlanNeeded,
    Portal,
    PortalError,
    Refused,
    SourceNote,
    Webhook,
)
from viewer.chat import (
    Batch,
    CrmLink,
    Dialog,
    Filter,
    Message,
    MessageKind,
    Person,
    Reference,
    ReferenceKind,
    Session,
    Votes,
)

log = logging.getLogger(__name__)

# A mention without a name: only the portal knows whom it means (`bitrix24-api.md` §7.2).
_NAMELESS = re.compile(r"\[USER=(\d{1,18})[^\]]*\]\[/USER\]", re.IGNORECASE)

# Refusals of one way that leave the others open; anything else ends the work.
SHUT = (Refused, PlanNeeded, MissingScope, MethodMissing, bitrix.BadRequest)


@dataclass(frozen=True, slots=True)
class Connected:
    """A webhook that works, and what the portal told of it."""

    webhook: Webhook
    checked: Checked


def connect(text: str, *, cancel: Cancel | None = None, opened: Callable[[Webhook], Portal] | None = None) -> Connected:
    """Read a pasted webhook address and try it. Raises BadWebhook, Unauthorised, MissingScope …"""
    webhook = Webhook.parse(text)
    portal = opened(webhook) if opened else Portal(webhook)
    try:
        return Connected(webhook, bitrix.connection.check(portal, cancel=cancel))
    finally:
        portal.close()


def list_sessions(
    portal: Portal,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    wanted: Filter | None = None,
    crm: CrmLink | None = None,
    told: Callable[[SourceNote], object] | None = None,
    cancel: Cancel | None = None,
) -> Iterator[tuple[Session, ...]]:
    """The sessions of a period, or with `crm` those of a CRM record, in batches, from whatever the portal offers.

    `since` and `until` go before those of `wanted`; `told` hears, once, what the list is missing. Raises PortalError
    when no source is open or a later page fails; what was yielded before is good.
    """
    wanted = wanted or Filter()
    if crm is not None:
        narrowed = replace(wanted, since=since or wanted.since, until=until or wanted.until)
        return bitrix.crm.by_crm(portal, crm.type, crm.id, wanted=narrowed, told=told, cancel=cancel)
    return bitrix.listing.listed(portal, since, until, wanted=wanted, told=told, cancel=cancel)


def open_dialogue(portal: Portal, reference: Reference, cancel: Cancel | None = None) -> Iterator[Batch]:
    """Read a dialogue by the first way that is open to the user; joins nobody and marks nothing read.

    The history of the session first, since it needs no membership; then the messages of the chat, for its members.
    What was read before a failure stays read. Raises the first refusal when every way is shut: it says most.
    """
    refusals: list[PortalError] = []
    found = Found()
    for way in _ways(portal, reference, found, cancel):
        begun = False
        try:
            for batch in way():
                begun = True
                yield batch
                found.note(batch)
        except SHUT as error:
            if begun:
                raise
            log.info("one way to the dialogue is shut: %s", type(error).__name__)
            refusals.append(error)
        else:
            if begun:
                yield from strangers(portal, found, cancel)
                return
    if refusals:
        raise _clearest(refusals)


class Found:
    """What became known on the way."""

    def __init__(self) -> None:
        self.dialog: Dialog | None = None
        self.authors: set[int] = set()
        self.people: set[int] = set()

    def note(self, batch: Batch) -> None:
        self.authors.update(message.author_id for message in batch.messages)
        for message in batch.messages:
            self.authors.update(person for reaction in message.reactions for person in reaction.people)
            if "[/USER]" in message.text.upper():
                self.authors.update(int(found) for found in _NAMELESS.findall(message.text))
        self.people.update(person.id for person in batch.people)


Way = Callable[[], Iterator[Batch]]


def _ways(portal: Portal, reference: Reference, found: Found, cancel: Cancel | None) -> Iterator[Way]:
    """The ways to a dialogue, best first. Each is asked for only when those before it were shut."""
    if reference.kind is ReferenceKind.SESSION:
        yield lambda: bitrix.histories.get(portal, int(reference.value), cancel=cancel)
    yield lambda: _by_dialog(portal, reference, found, cancel)
    if reference.kind is ReferenceKind.USER_CODE and found.dialog is None:
        yield lambda: _opened(portal, reference.value, found, cancel)
    if reference.kind is ReferenceKind.CHAT and found.dialog is None:
        found.dialog = Dialog(int(reference.value))
    if found.dialog is not None:
        dialog = found.dialog
        if reference.kind is not ReferenceKind.SESSION:
            yield lambda: bitrix.histories.get(portal, 0, dialog.chat_id, cancel=cancel)
        yield lambda: read_chat(portal, dialog, cancel=cancel)


def _by_dialog(portal: Portal, reference: Reference, found: Found, cancel: Cancel | None) -> Iterator[Batch]:
    """The dialog tells the session, the session's history the rest. A named session was already asked for."""
    found.dialog = bitrix.dialogs.get(portal, reference, cancel=cancel)
    if reference.kind is not ReferenceKind.SESSION and found.dialog.session_id:
        yield from bitrix.histories.get(portal, found.dialog.session_id, cancel=cancel)


def _opened(portal: Portal, code: str, found: Found, cancel: Cancel | None) -> Iterator[Batch]:
    """The chat of a user code, when the dialog itself was refused."""
    found.dialog = Dialog(bitrix.sessions.open_chat(portal, code, cancel=cancel), user_code=code)
    yield from ()


def read_chat(portal: Portal, dialog: Dialog, *, before: int = 0, cancel: Cancel | None = None) -> Iterator[Batch]:
    """The whole chat, newest page first, and the sessions that its opening and closing lines tell of.

    For members of the chat: others get NotMember. With `before`, only the messages whose number is smaller.
    """
    known: dict[int, Session] = {}
    for page in bitrix.messages.pages(portal, dialog.chat_id, before=before, cancel=cancel):
        for session in sessions_in(page.messages, dialog, known):
            yield Batch(session=session)
        yield replace(page, dialog=dialog, expected=dialog.message_count)


def sessions_in(messages: Iterable[Message], dialog: Dialog, known: dict[int, Session]) -> Iterator[Session]:
    """The sessions that opening and closing lines tell of, each with what was `known` of it; that grows."""
    for message in messages:
        if message.session_id and message.kind in _BOUNDS:
            session = known.get(message.session_id) or _session(message, dialog)
            known[session.id] = session = _bounded(session, message)
            yield session


_BOUNDS = (MessageKind.SESSION_START, MessageKind.SESSION_END)


def _session(message: Message, dialog: Dialog) -> Session:
    return Session(
        message.session_id,
        dialog.chat_id,
        dialog.line_id,
        connector=dialog.connector,
        user_code=dialog.user_code,
        crm=dialog.crm[0] if dialog.crm else None,
    )


def _bounded(session: Session, message: Message) -> Session:
    """The session with what its opening or closing line tells."""
    if message.kind is MessageKind.SESSION_START:
        return replace(session, opened=message.date)
    votes = message.votes or Votes()
    vote = {1: "dislike", 5: "like"}.get(votes.client, "")
    return replace(
        session,
        closed=message.date,
        status="closed",
        client_vote=vote,
        head_vote=votes.head,
        head_comment=votes.comment,
    )


def strangers(portal: Portal, found: Found, cancel: Cancel | None = None) -> Iterator[Batch]:
    """Authors whom the answer does not describe; it is no failure when the portal does not tell."""
    missing = found.authors - found.people - {0}
    if not missing:
        return
    try:
        known: dict[int, Person] = bitrix.people.resolve(portal, missing, cancel=cancel)
    except PortalError as error:
        log.info("authors not known: %s", type(error).__name__)
        return
    if known:
        yield Batch(people=tuple(known.values()))


def _clearest(refusals: list[PortalError]) -> PortalError:
    """A missing permission can be helped at once; else the first way's refusal says most."""
    return next((error for error in refusals if isinstance(error, MissingScope)), refusals[0])
