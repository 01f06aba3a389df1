"""What a list of sessions is narrowed to (`bitrix24-api.md` §3.1)."""

from dataclasses import dataclass, replace
from datetime import datetime

from viewer.chat.connector import connector_name
from viewer.chat.dialog import Session

Choice = str | tuple[str, ...]  # one value or several of which any will do; empty does not narrow


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; an empty value does not narrow, and all that is given must fit.

    `text` is matched word by word, ё as е. `line` and `operator` are ids or names; with `loose`, as people type them, a
    part of a name does and a number is an id. `connector` is a code or a channel's name; `status` "open" or "closed";
    `client_vote` "like", "dislike" or "none"; `rated` and `unrated` are the supervisor's; `has_crm` asks for a bound
    CRM record or for none. The period is that of the session's opening, both ends included; a session of unknown time
    is in every period.
    """

    text: str = ""
    unrated: bool = False
    line: Choice = ""
    operator: Choice = ""
    connector: Choice = ""
    status: str = ""
    client_vote: str = ""
    rated: bool = False
    has_crm: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    loose: bool = False

    @property
    def narrows(self) -> bool:
        """Whether anything but the period is filtered."""
        votes = self.unrated or self.rated or self.client_vote
        chosen = any(map(choices, (self.line, self.operator, self.connector)))
        return bool(self.text.strip() or votes or chosen or self.status or self.has_crm is not None)

    def fits(self, session: Session) -> bool:
        """Whether a session is wanted, by what is known of it: a vote that nobody told counts as none."""
        return (
            self._in_period(session)
            and not (self.unrated and session.head_vote)
            and not (self.rated and not session.head_vote)
            and (not self.client_vote or self.client_vote == (session.client_vote or "none"))
            and (self.has_crm is None or self.has_crm == (session.crm is not None))
            and (not self.status or (self.status == "closed") == is_closed(session))
            and self._of_channel(session)
            and self._named(self.line, session.line_id, session.line_name)
            and self._named(self.operator, session.operator_id, session.operator_name)
            and says(session, self.text)
        )

    def _in_period(self, session: Session) -> bool:
        opened = session.opened
        if opened is None:
            return True
        return (self.since is None or opened >= self.since) and (self.until is None or opened <= self.until)

    def _of_channel(self, session: Session) -> bool:
        wanted = choices(self.connector)
        told = (session.connector.casefold(), connector_name(session.connector).casefold())
        return not wanted or any(each.casefold() in told for each in wanted)

    def _named(self, wanted: Choice, number: int, name: str) -> bool:
        chosen = choices(wanted)
        return not chosen or any(
            (number > 0 and each == str(number)) or is_named(each, name, loose=self.loose) for each in chosen
        )

    @property
    def asks_votes(self) -> bool:
        """Whether the client's vote or the supervisor's rating is asked for."""
        return bool(self.unrated or self.rated or self.client_vote)

    def without_votes(self) -> "Filter":
        """The same filter for sessions of which nobody tells the votes."""
        return replace(self, unrated=False, rated=False, client_vote="")

    def without_names(self) -> "Filter":
        """The same filter for sessions whose names are not yet known: what needs them is left out."""
        return replace(self, text="", line=_numbers(self.line), operator=_numbers(self.operator))


def choices(wanted: Choice) -> tuple[str, ...]:
    """The values that are chosen, without empty ones."""
    return tuple(filter(None, (wanted,) if isinstance(wanted, str) else wanted))


def _numbers(wanted: Choice) -> Choice:
    """The choice, if it can be decided without names."""
    return wanted if all(each.isdecimal() for each in choices(wanted)) else ""


def is_named(wanted: str, name: str, *, loose: bool = False) -> bool:
    """Whether these words name this; `loose` lets a part of the name do, and takes a number for an id."""
    return not wanted.isdecimal() and folded(wanted) in folded(name) if loose else wanted == name


def is_closed(session: Session) -> bool:
    """Whether nobody works on a session any more; spam is closed too (§3.3)."""
    return session.closed is not None or session.status in ("closed", "spam")


def says(session: Session, text: str) -> bool:
    """Whether all words of a text stand in what is known of a session."""
    words = folded(text).split()
    if not words:
        return True
    told = folded(
        f"{session.client_name} {session.operator_name} {session.line_name} {session.snippet} {session.id} "
        f"chat{session.chat_id} {session.user_code} {connector_name(session.connector)} {session.head_comment}"
    )
    return all(word in told for word in words)


def folded(text: str) -> str:
    """Text as it is compared: letter case and ё apart from е do not count."""
    return text.casefold().replace("ё", "е")
