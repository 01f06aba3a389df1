"""The sessions of a chat before those that are shown: found, read one by one, and told where they cannot be read."""

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from viewer import bitrix
from viewer.bitrix import Cancel, NotMember, Portal, PortalError
from viewer.bitrix.names import Names
from viewer.chat import Batch, Dialog, Message, MessageKind, Reference, ReferenceKind, Session, Transcript
from viewer.library.transcripts import SHUT, Found, read_chat, sessions_in, strangers

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Siblings:
    """Sessions of the chat that were met while looking for others; not yet read."""

    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class Began:
    """A session is being read; its number is 0 where only its messages are known."""

    session: Session


@dataclass(frozen=True, slots=True)
class Ended:
    """A session was read to its end."""

    session: Session


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A session cannot be read by this user."""

    session: Session
    error: PortalError


@dataclass(frozen=True, slots=True)
class Beginning:
    """Nothing earlier was found; `sure` where the portal's own data say that there is nothing."""

    sure: bool


Step = Siblings | Began | Batch | Ended | Unreadable | Beginning


def begins_here(transcript: Transcript) -> bool:
    """Whether the oldest session of a conversation is surely the first of its chat, by what is already known."""
    dialog = transcript.dialog
    if dialog is None or not transcript.messages:
        return False
    if dialog.message_count and len(transcript.messages) >= dialog.message_count:
        return True
    oldest = transcript.sessions[0] if transcript.sessions else Session(0)
    return bitrix.siblings.is_first(dialog, oldest)


def chat_sessions(
    portal: Portal, transcript: Transcript, *, cancel: Cancel | None = None
) -> Iterator[tuple[Session, ...]]:
    """All sessions of the conversation's chat that the portal lists, each once, with names (`bitrix24-api.md` §5.7)."""
    dialog = _described(portal, transcript, cancel)
    if dialog is None:
        return
    names, seen = Names(portal, cancel), set[int]()
    for page in bitrix.siblings.listed(portal, dialog, cancel=cancel):
        fresh = [session for session in page if session.id not in seen]
        seen.update(session.id for session in fresh)
        if fresh:
            yield names.given(fresh)


def earlier(
    portal: Portal,
    transcript: Transcript,
    known: Iterable[Session] = (),
    *,
    passed: Collection[int] = (),
    cancel: Cancel | None = None,
) -> Iterator[Step]:
    """The sessions before the oldest one of a conversation, newest first, each found and read when it is asked for.

    Looked for, best first (`bitrix24-api.md` §5.7): in `known`, sessions that were listed; in what opening lines say;
    in the portal's lists; and, for members, in the messages of the chat. A session whose history is refused is read
    from the messages too; where these are closed it is told as `Unreadable`, and the next one is tried. Each is tried
    once, those in `passed` not at all. Joins nobody and marks nothing read.

    Raises PortalError for what is more than a refusal, Cancelled; what came before is good, and another call goes on
    from there.
    """
    search = _Search(portal, transcript, passed, cancel)
    yield from search.steps(known)


def whole_chat(portal: Portal, transcript: Transcript, *, cancel: Cancel | None = None) -> Iterator[Batch]:
    """What a conversation lacks of its chat, all sessions, newest first; for members of the chat.

    Raises NotMember for others; what was read before a failure is good.
    """
    if transcript.dialog is None:
        return
    known = {message.id for message in transcript.messages}
    found = Found()
    found.people.update(transcript.people)
    for batch in read_chat(portal, transcript.dialog, cancel=cancel):
        fresh = replace(batch, messages=tuple(each for each in batch.messages if each.id not in known))
        found.note(fresh)
        yield fresh
    yield from strangers(portal, found, cancel)


class _Search:
    """One walk back through a chat."""

    def __init__(self, portal: Portal, transcript: Transcript, passed: Collection[int], cancel: Cancel | None) -> None:
        self._portal, self._cancel = portal, cancel
        self._transcript = transcript
        self._dialog = transcript.dialog
        self._oldest = transcript.sessions[0] if transcript.sessions else Session(0)
        self._first = min((each.id for each in transcript.messages if each.id > 0), default=0)
        self._tried = {session.id for session in transcript.sessions} | set(passed)
        self._member = True  # until the portal says otherwise
        self._sure = begins_here(transcript)

    def steps(self, known: Iterable[Session]) -> Iterator[Step]:
        """Each way in turn; a later one is asked only where those before it have nothing more."""
        if not self._sure:
            yield from self._read_all(self._remembered(known))
        if not self._sure:
            yield from self._listed()
        if not self._sure:
            yield from self._by_messages()
        yield Beginning(self._sure)

    def _remembered(self, known: Iterable[Session]) -> list[Session]:
        """What needs no call to be known."""
        found = {each.id: each for each in known if self._is_of_chat(each)}
        for number in bitrix.siblings.named_in(self._transcript.messages):
            found.setdefault(number, Session(number))
        return list(found.values())

    def _is_of_chat(self, session: Session) -> bool:
        dialog = self._dialog
        if dialog is None:
            return False
        if session.chat_id:
            return session.chat_id == dialog.chat_id
        return bool(session.user_code) and session.user_code == dialog.user_code

    def _listed(self) -> Iterator[Step]:
        dialog = self._dialog = _described(self._portal, self._transcript, self._cancel)
        if dialog is None:
            return
        for page in bitrix.siblings.listed(self._portal, dialog, self._oldest.opened, cancel=self._cancel):
            if page:
                yield Siblings(page)
                yield from self._read_all(page)
            if self._sure:
                return

    def _read_all(self, found: Iterable[Session]) -> Iterator[Step]:
        """The sessions of a list that are older than those read, newest first."""
        for session in sorted(found, key=lambda each: each.id, reverse=True):
            if session.id in self._tried or (self._oldest.id and session.id > self._oldest.id):
                continue
            self._tried.add(session.id)
            yield from self._read(session)
            if self._sure:
                return

    def _read(self, session: Session) -> Iterator[Step]:
        yield Began(session)
        try:
            batches = list(bitrix.histories.get(self._portal, session.id, cancel=self._cancel))
        except SHUT as error:
            yield from self._otherwise(session, error)
            return
        dialog = batches[0].dialog
        if self._dialog and dialog and dialog.chat_id != self._dialog.chat_id:
            log.info("a session that was named belongs to another chat")
            return
        if session.opened:
            yield Batch(session=session)  # a list knows of votes and transfers what a history does not
        yield from self._told(batches)
        yield from self._done(next((batch.session for batch in batches if batch.session), session))

    def _otherwise(self, session: Session, refusal: PortalError) -> Iterator[Step]:
        """A refused history: its members may read its messages, if it is the session that comes next."""
        if session.chat_id or session.opened:  # a number that was only named may be anybody's
            read = False
            for step in self._by_messages(session.id):
                read = read or isinstance(step, Ended)
                yield step
            if not read:
                yield Unreadable(session, refusal)
                self._sure = self._sure or bitrix.siblings.is_first(self._dialog, session)

    def _by_messages(self, wanted: int = 0) -> Iterator[Step]:
        """Members only: the messages before the oldest one, session by session as their opening lines part them."""
        while self._member and self._dialog is not None and self._first and not self._sure:
            try:
                gathered, session, ended = self._page_back(self._dialog)
            except NotMember as error:
                log.info("not a member of the chat: %s", type(error).__name__)
                self._member = False
                return
            if gathered:
                yield Began(session)
                yield from self._told(gathered)
                self._tried.add(session.id)
                self._sure = ended
                yield from self._done(session)
            self._sure = ended
            if wanted and session.id <= wanted:
                return

    def _page_back(self, dialog: Dialog) -> tuple[list[Batch], Session, bool]:
        """Messages back to the next opening line: in batches, of which session, and whether the chat ended first."""
        gathered: list[Batch] = []
        known: dict[int, Session] = {}
        start: Message | None = None
        for page in bitrix.messages.pages(self._portal, dialog.chat_id, before=self._first, cancel=self._cancel):
            start = next((each for each in reversed(page.messages) if _opens(each)), None)
            kept = tuple(each for each in page.messages if start is None or each.id >= start.id)
            gathered.append(replace(page, messages=kept, dialog=dialog))
            list(sessions_in(kept, dialog, known))
            if start is not None:
                break
        session = known[start.session_id] if start is not None else Session(0, dialog.chat_id)
        if session.id:
            gathered.append(Batch(session=session))
        return gathered, session, start is None

    def _told(self, batches: Iterable[Batch]) -> Iterator[Step]:
        """The batches, and who of their authors they do not describe."""
        found = Found()
        found.people.update(self._transcript.people)
        for batch in batches:
            found.note(batch)
            lowest = min((each.id for each in batch.messages if each.id > 0), default=self._first)
            self._first = min(self._first or lowest, lowest)
            yield batch
        yield from strangers(self._portal, found, self._cancel)

    def _done(self, session: Session) -> Iterator[Step]:
        if session.id:
            self._oldest = session
        self._sure = self._sure or bitrix.siblings.is_first(self._dialog, session)
        yield Ended(session)


def _opens(message: Message) -> bool:
    return message.kind is MessageKind.SESSION_START and message.session_id > 0


def _described(portal: Portal, transcript: Transcript, cancel: Cancel | None) -> Dialog | None:
    """The chat with its user code, asked for where the history told none; it is no failure when it is refused."""
    dialog = transcript.dialog
    if dialog is None or dialog.user_code:
        return dialog
    try:
        return bitrix.dialogs.get(portal, Reference(ReferenceKind.CHAT, str(dialog.chat_id)), cancel=cancel)
    except SHUT as error:
        log.info("the chat is not described: %s", type(error).__name__)
        return dialog
