"""What an export is about: messages that were selected, a session, a chat, a list; read from the portal as needed."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from viewer.chat import File, Row, Session, Transcript, parse_reference, session_part
from viewer.errors import Cancelled, ViewerError
from viewer.i18n import _
from viewer.library.batch import Item
from viewer.library.cache import FileCache

if TYPE_CHECKING:
    from viewer.bitrix import Cancel, Portal
    from viewer.chat import Batch

SCOPES = ("selected", "session", "chat", "list")


def selected(transcript: Transcript, numbers: Collection[int]) -> Transcript:
    """The messages with these numbers alone, and who and what they speak of."""
    messages = tuple(message for message in transcript.messages if message.id in numbers)
    people = {message.author_id for message in messages}
    people |= {who for message in messages for reaction in message.reactions for who in reaction.people}
    client = transcript.client
    people |= {client.id} if client else set()
    named = {message.session_id for message in messages if message.session_id}
    sessions = tuple(session for session in transcript.sessions if session.id in named) if named else ()
    return replace(
        transcript,
        sessions=sessions or transcript.sessions[-1:],
        messages=messages,
        people={number: person for number, person in transcript.people.items() if number in people},
        starts={number: session for number, session in transcript.starts.items() if number in numbers},
        unread={},
    )


def selected_item(transcript: Transcript, numbers: Collection[int], reference: str) -> Item:
    """Selected messages to export; the file says that they are not all."""
    part = selected(transcript, numbers)
    note = _("Only selected messages: {n} of {count}.").format(n=len(part.messages), count=len(transcript.messages))
    return Item(reference, transcript.title, held=part, notes=(note,))


def session_item(transcript: Transcript, listed: list[Row], session: Session | None, reference: str) -> Item:
    """One session of a conversation to export."""
    part, _rows = session_part(transcript, listed, session.id if session else 0)
    if part.sessions != transcript.sessions:
        part = replace(part, unread={})
    return Item(str(session.id) if session and session.id else reference, transcript.title, session=session, held=part)


def chat_item(transcript: Transcript, session: Session | None, reference: str) -> Item:
    """Every session of a conversation's chat to export; those that are not here are read first."""
    return Item(reference, transcript.title, session=session, held=transcript, whole=True)


def list_items(sessions: Iterable[Session], name: Callable[[Session], str]) -> tuple[Item, ...]:
    """Sessions of a list to export, each a dialogue of its own, in the list's order."""
    return tuple(
        Item(str(session.id), name(session), number, session)
        for number, session in enumerate(sessions, 1)
        if session.id
    )


class PortalReader:
    """Reads the dialogues of a run from a portal that is opened when it is first needed."""

    fetches = True

    def __init__(self, portal: "Callable[[], Portal]", cache: FileCache | None = None) -> None:
        self._portal, self._cache = portal, cache

    def read(
        self, item: Item, told: Callable[[int, int], object], cancel: "Cancel"
    ) -> tuple[Transcript, tuple[str, ...]]:
        """The conversation of an item, and in sentences what may be missing. Raises ViewerError."""
        transcript = item.held or self._opened(item, told, cancel)
        if not transcript.messages:
            raise ViewerError(_("The dialogue is empty."), _("There is no message to export."))
        if not item.whole:
            return transcript, ()
        return self._with_earlier(transcript, told, cancel)

    def fetch(self, file: File, chat_id: int, cancel: "Cancel") -> bytes:
        """The bytes of a file. Raises ViewerError."""
        from viewer.library.files import fetch_file

        return fetch_file(self._portal(), file, chat_id, cache=self._cache, cancel=cancel)

    def _opened(self, item: Item, told: Callable[[int, int], object], cancel: "Cancel") -> Transcript:
        from viewer.library.transcripts import open_dialogue

        reference = parse_reference(item.reference)
        if reference is None:
            raise ViewerError(_("“{text}” names no dialogue.").format(text=item.reference))
        transcript = Transcript(sessions=(item.session,) if item.session and item.session.id else ())
        for batch in open_dialogue(self._portal(), reference, cancel=cancel):
            transcript = transcript.with_batch(batch)
            _tell(transcript, batch, told, cancel)
        return transcript

    def _with_earlier(
        self, transcript: Transcript, told: Callable[[int, int], object], cancel: "Cancel"
    ) -> tuple[Transcript, tuple[str, ...]]:
        from viewer.chat import Batch
        from viewer.library.before import Beginning, Unreadable, earlier

        lacks: tuple[str, ...] = ()
        passed = frozenset(transcript.unread)
        for step in earlier(self._portal(), transcript, passed=passed, cancel=cancel):
            if isinstance(step, Batch):
                transcript = transcript.with_batch(replace(step, can_vote=None))
                _tell(transcript, step, told, cancel)
            elif isinstance(step, Unreadable):
                transcript = replace(transcript, unread={**transcript.unread, step.session.id: step.error.title})
            elif isinstance(step, Beginning) and not step.sure:
                lacks = (_("The portal lists no sessions by chat; one that you may not read may be missing."),)
        return transcript, lacks


class SavedReader:
    """Hands on conversations that were read from saved answers; there is nothing to fetch files from."""

    fetches = False

    def read(
        self, item: Item, _told: Callable[[int, int], object], _cancel: "Cancel"
    ) -> tuple[Transcript, tuple[str, ...]]:
        """The conversation of an item. Raises ViewerError where it holds none."""
        if item.held is None or not item.held.messages:
            raise ViewerError(_("The dialogue is empty."), _("There is no message to export."))
        return item.held, ()

    def fetch(self, file: File, _chat_id: int, _cancel: "Cancel") -> bytes:
        """Nothing can be fetched."""
        raise ViewerError(_("The file is not there."), file.name)


def _tell(transcript: Transcript, batch: "Batch", told: Callable[[int, int], object], cancel: "Cancel") -> None:
    if cancel.is_set():
        raise Cancelled
    told(len(transcript.messages), batch.expected)
