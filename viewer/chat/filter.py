"""What a list of sessions is narrowed to (`bitrix24-api.md` §3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

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

    def fits(self, session: Session, told: str = "") -> bool:
        """Whether a session is wanted, by what is known of it: a vote that nobody told counts as none.

        `told` is `told_of(session)`, for who asks again and again.
        """
        return (
            (not self.text or says(session, self.text, told))
            and not (self.unrated and session.head_vote)
            and not (self.rated and not session.head_vote)
            and (not self.client_vote or self.client_vote == (session.client_vote or "none"))
            and (self.has_crm is None or self.has_crm == (session.crm is not None))
            and (not self.status or (self.status == "closed") == is_closed(session))
            and (not self.connector or self._of_channel(session))
            and (not self.line or self._named(self.line, session.line_id, session.line_name))
            and (not self.operator or self._named(self.operator, session.operator_id, session.operator_name))
            and (self.since is self.until is None or self._in_period(session))
        )

    def covers(self, other: "Filter") -> bool:
        """Whether a list narrowed to this holds all that `other` wants, so that nothing more need be asked for."""
        sooner = self.since is None or (other.since is not None and other.since >= self.since)
        later = self.until is None or (other.until is not None and other.until <= self.until)
        plain = all(
            not mine or mine == theirs
            for mine, theirs in (
                (self.text.strip(), other.text.strip()),
                (self.status, other.status),
                (self.client_vote, other.client_vote),
                (self.rated, other.rated),
                (self.unrated, other.unrated),
            )
        )
        chosen = all(
            not mine or (theirs and set(mine) >= set(theirs))
            for mine, theirs in (
                (choices(self.line), choices(other.line)),
                (choices(self.operator), choices(other.operator)),
                (choices(self.connector), choices(other.connector)),
            )
        )
        bound = self.has_crm is None or self.has_crm == other.has_crm
        return sooner and later and plain and chosen and bound and self.loose == other.loose

    def plain(self) -> dict[str, object]:
        """What narrows, apart from the period, as JSON can hold it."""
        told: dict[str, object] = {name: list(choices(getattr(self, name))) for name in _CHOSEN}
        told |= {name: getattr(self, name) for name in ("text", "status", "client_vote", "rated", "unrated")}
        told["has_crm"] = self.has_crm
        return {name: value for name, value in told.items() if value or (name == "has_crm" and value is False)}

    @classmethod
    def of_plain(cls, told: Mapping[str, object]) -> "Filter":
        """The filter that `plain` told; what is damaged does not narrow."""
        line, operator, connector = (_chosen(told.get(name)) for name in _CHOSEN)
        status, vote, text, crm = (told.get(name) for name in ("status", "client_vote", "text", "has_crm"))
        return cls(
            text=text[:_LONGEST] if isinstance(text, str) else "",
            status=status if status in ("open", "closed") and isinstance(status, str) else "",
            client_vote=vote if vote in ("like", "dislike", "none") and isinstance(vote, str) else "",
            rated=told.get("rated") is True,
            unrated=told.get("unrated") is True and told.get("rated") is not True,
            has_crm=crm if isinstance(crm, bool) else None,
            line=line,
            operator=operator,
            connector=connector,
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


_CHOSEN = ("line", "operator", "connector")
_LONGEST = 200  # letters of a value that was kept


def _chosen(value: object) -> tuple[str, ...]:
    """The values of a choice that was kept."""
    items = value if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, str) and item and len(item) <= _LONGEST)


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


def says(session: Session, text: str, told: str = "") -> bool:
    """Whether all words of a text stand in what is known of a session; `told` is `told_of(session)`."""
    words = _words(text)
    if not words:
        return True
    told = told or told_of(session)
    return words[0] in told and all(word in told for word in words[1:])


@lru_cache(maxsize=16)
def _words(text: str) -> tuple[str, ...]:
    return tuple(folded(text).split())


_channel = lru_cache(maxsize=256)(connector_name)


def told_of(session: Session) -> str:
    """What is known of a session, as text is looked for in it."""
    return folded(
        f"{session.client_name} {session.operator_name} {session.line_name} {session.snippet} {session.id} "
        f"chat{session.chat_id} {session.user_code} {_channel(session.connector)} {session.head_comment}"
    )


def folded(text: str) -> str:
    """Text as it is compared: letter case and ё apart from е do not count."""
    return text.casefold().replace("ё", "е")
