"""A conversation as another reader may see it: the client, or somebody who shall not learn who spoke.

What is taken away is gone from the records themselves, so that no format can let it through.
"""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from viewer.chat import Dialog, File, Message, MessageKind, Person, Session, Side, Transcript, Votes
from viewer.export.personal import Redaction, Redactor, Replaced
from viewer.markup import Context, parse, plain

_EDGES = (MessageKind.SESSION_START, MessageKind.SESSION_END)
_BARE = Context(mention_mark="")
_TIMES = 8
Record = TypeVar("Record")


def for_client(transcript: Transcript) -> Transcript:
    """What the client saw: no internal lines and notes, no supervisor's ratings, nobody and no file known from them."""
    messages = tuple(
        replace(message, votes=_without_head(message.votes), raw={} if message.kind in _EDGES else message.raw)
        for message in transcript.messages
        if not message.internal or message.kind in _EDGES
    )
    seen = {message.author_id for message in messages}
    named = {number for message in messages for number in message.file_ids}
    return replace(
        transcript,
        sessions=tuple(replace(each, head_vote=0, head_comment="") for each in transcript.sessions),
        messages=messages,
        people={
            number: person
            for number, person in transcript.people.items()
            if number in seen or person.side is Side.CLIENT
        },
        files={number: file for number, file in transcript.files.items() if number in named},
    )


def _without_head(votes: Votes | None) -> Votes | None:
    return replace(votes, head=0, comment="") if votes else None


def redacted(transcript: Transcript, redaction: Redaction) -> tuple[Transcript, list[Replaced]]:
    """The conversation with personal data replaced, and what was: texts, cards, names, file names and metadata."""
    redactor = Redactor(redaction, transcript.people.values())
    people = {number: _person(person, redactor) for number, person in transcript.people.items()}
    made = replace(
        transcript,
        dialog=_dialog(transcript.dialog, redactor) if transcript.dialog else None,
        sessions=tuple(_session(each, people, redactor) for each in transcript.sessions),
        messages=tuple(_message(each, redactor) for each in transcript.messages),
        people=people,
        files={number: _file(file, people, redactor) for number, file in transcript.files.items()},
    )
    return made, redactor.replaced()


def _person(person: Person, redactor: Redactor) -> Person:
    return replace(person, name=redactor.person(person), avatar="")


def _dialog(dialog: Dialog, redactor: Redactor) -> Dialog:
    return replace(dialog, name=redactor.text(dialog.name), user_code=_code(dialog.user_code))


def _code(code: str) -> str:
    """A user code without who the client is: in many channels that is a phone number (§4)."""
    parts = code.split("|")
    return "|".join([*parts[:2], *["0" for _part in parts[2:]]]) if code else ""


def _session(session: Session, people: dict[int, Person], redactor: Redactor) -> Session:
    def named(number: int, name: str) -> str:
        return people[number].name if number in people else redactor.text(name)

    return replace(
        session,
        operator_name=named(session.operator_id, session.operator_name),
        client_name=named(session.client_id, session.client_name),
        user_code=_code(session.user_code),
        head_comment=redactor.text(session.head_comment),
        snippet=redactor.text(session.snippet),
    )


def _file(file: File, people: dict[int, Person], redactor: Redactor) -> File:
    author = people[file.author_id].name if file.author_id in people else ""
    name = redactor.text(file.name)
    return replace(file, name=name, author_name=author, url_preview="", url_show="", url_download="")


def _message(message: Message, redactor: Redactor) -> Message:
    return replace(
        _within(replace(message, raw={}, text=""), redactor),
        text=_source(message.text, message.markdown, redactor),
        author_avatar="",
    )


def _source(source: str, markdown: bool, redactor: Redactor) -> str:
    """A text in markup, replaced in its source. What tags had kept apart is found in the words that are shown: then
    the text goes on without its markup, as often as what was code turns into markup by that."""
    told = redactor.text(source)
    for _ in range(_TIMES):  # a word of the user's own may stand in a pseudonym: no end would come
        words = plain(parse(told, markdown=markdown), _BARE)
        again = redactor.text(words)
        if again == words:
            break
        told = again
    return told


def _within(record: Record, redactor: Redactor) -> Record:
    """A record with all texts in it replaced, however deep."""
    changes = {each.name: _value(getattr(record, each.name), redactor) for each in fields(record)}  # type: ignore[arg-type]
    return replace(record, **changes)  # type: ignore[type-var]


def _value(value: Any, redactor: Redactor) -> Any:
    if isinstance(value, str):
        return redactor.text(value)
    if isinstance(value, tuple):
        return tuple(_value(each, redactor) for each in value)
    return _within(value, redactor) if is_dataclass(value) and not isinstance(value, type) else value


def summary(replaced: Iterable[Replaced]) -> int:
    """How many places were changed."""
    return sum(each.count for each in replaced)
