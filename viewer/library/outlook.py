"""What an export will be, before it is made: counts, the period, what is still to be fetched, the name."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from viewer.chat import File, FileKind, Session, Transcript
from viewer.export import FORMATS
from viewer.export.personal import Redaction, Replaced
from viewer.export.readers import for_client, redacted
from viewer.i18n import _
from viewer.library.batch import Item
from viewer.library.choices import Choices
from viewer.library.gathering import MB, wanted_files
from viewer.library.naming import facts_of, parts_of

_LETTERS = {"small": 3600, "normal": 2900, "large": 2200}  # of messages on a page
_A_MESSAGE = 160  # letters of room that a message takes beside its own
_A_PICTURE = 600


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known before. `exact` where every message is here; `size` in bytes is that of the files that go along.

    `gone` files are no longer in the portal, `large` ones are only named, `unread` sessions could not be read.
    """

    dialogues: int = 0
    messages: int = 0
    sessions: int = 0
    first: date | None = None
    last: date | None = None
    files: int = 0
    here: int = 0
    size: int = 0
    to_fetch: int = 0
    fetch_size: int = 0
    gone: int = 0
    large: int = 0
    unread: int = 0
    pages: int = 0
    requests: int = 0
    exact: bool = True


def outlook(
    items: Sequence[Item],
    choices: Choices,
    others: Sequence[Session] = (),
    has: Callable[[int], bool] = lambda _number: False,
) -> Outlook:
    """What these dialogues will be. `others` are sessions of the chat not yet read; `has` knows the files at hand."""
    told = Outlook(dialogues=len(items))
    days: list[date] = []
    for item in items:
        if item.held is not None:
            told = _with_held(told, item.held, choices, has)
            days += [each.date.date() for each in (*item.held.messages[:1], *item.held.messages[-1:])]
        elif item.session is not None:
            told = _with_listed(told, item.session, days)
    if any(item.whole for item in items):
        for session in others:
            told = _with_listed(told, session, days)
    pages = told.pages + (0 if told.exact else told.messages // 8)
    return replace(told, first=min(days, default=None), last=max(days, default=None), pages=pages)


def _with_held(told: Outlook, held: Transcript, choices: Choices, has: Callable[[int], bool]) -> Outlook:
    shown = held if choices.internal else for_client(held)
    files = _carried(wanted_files(shown), choices)
    large = [file for file in files if file.size > choices.options.largest * MB and file.kind is not FileKind.IMAGE]
    going = [file for file in files if not file.missing and file not in large]
    wanted = [file for file in going if not has(file.id)]
    letters = sum(len(message.text) + _A_MESSAGE for message in shown.messages)
    letters += _A_PICTURE * sum(file.kind is FileKind.IMAGE for file in going)
    return replace(
        told,
        messages=told.messages + len(shown.messages),
        sessions=told.sessions + len(shown.sessions),
        files=told.files + len(going),
        here=told.here + len(going) - len(wanted),
        size=told.size + sum(file.size for file in going),
        to_fetch=told.to_fetch + len(wanted),
        fetch_size=told.fetch_size + sum(file.size for file in wanted),
        gone=told.gone + sum(file.missing for file in files),
        large=told.large + len(large),
        unread=told.unread + len(held.unread),
        pages=told.pages + 1 + letters // _LETTERS[choices.options.size],
        requests=told.requests + len(wanted),
    )


def _carried(files: list[File], choices: Choices) -> list[File]:
    """The files that these choices put into the export or beside it."""
    if choices.redaction is not None:
        return []
    if choices.options.files != "none":
        return files
    shows = choices.pictures and any(FORMATS[form].pictures for form in choices.formats)
    return [file for file in files if file.kind is FileKind.IMAGE] if shows else []


def _with_listed(told: Outlook, session: Session, days: list[date]) -> Outlook:
    """A session of which only a list told."""
    days += [moment.date() for moment in (session.opened, session.closed) if moment]
    return replace(
        told,
        messages=told.messages + session.message_count,
        sessions=told.sessions + 1,
        requests=told.requests + 2,
        exact=False,
    )


def named(item: Item, choices: Choices, template: str = "") -> PurePath:
    """The path, without an ending, that a dialogue will have in the folder. Raises TemplateError."""
    session = item.session
    transcript = item.held or Transcript(sessions=(session,) if session else ())
    made = facts_of(transcript, item.number, session)
    redaction, client, somebody = choices.redaction, _("Client"), _("Operator")
    if redaction is not None and item.held is None:
        made = replace(made, client=f"{client} 1", operator=f"{somebody} 1")
    elif redaction is not None:
        hidden = facts_of(redacted(replace(transcript, messages=()), redaction)[0], item.number, session)
        operator = f"{somebody} 1" if made.operator and not hidden.operator else hidden.operator
        made = replace(made, client=hidden.client, operator=operator)
    return PurePath(*parts_of(template or choices.template, made))


def replaced(transcript: Transcript, redaction: Redaction, *, internal: bool) -> list[Replaced]:
    """What a redaction would replace."""
    return redacted(transcript if internal else for_client(transcript), redaction)[1]


def unread_of(transcript: Transcript, siblings: Sequence[Session], passed: Collection[int] = ()) -> list[Session]:
    """The sessions of a chat before the oldest one that was read."""
    first = transcript.sessions[0].id if transcript.sessions else 0
    return [each for each in siblings if each.id < first and each.id not in passed]
