"""Where a list of sessions can come from, and what a portal is known not to offer (`bitrix24-api.md` §3.0)."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from weakref import WeakKeyDictionary

from viewer.bitrix import errors
from viewer.bitrix.answers import Answer
from viewer.bitrix.client import Portal
from viewer.bitrix.codes import scope_of
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import flag, items, record, words
from viewer.i18n import _

log = logging.getLogger(__name__)

# What says that a source is not there for this user; anything else ends the listing.
UNAVAILABLE = (errors.MethodMissing, errors.PlanNeeded, errors.MissingScope, errors.Refused, errors.BadRequest)


class Source(Enum):
    """A source of sessions, by its method; in the order of preference. The last resort is a pasted id or link."""

    ALL = "imopenlines.v2.Session.list"
    CRM = "crm.activity.list"
    OWN = "im.recent.list"
    RECORD = "imopenlines.crm.chat.get"


@dataclass(frozen=True, slots=True)
class SourceNote:
    """What a list is missing, in the user's language, like an error: the sources it came from, and why not better."""

    sources: tuple[Source, ...]
    title: str
    detail: str = ""
    advice: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.detail, self.advice) if part)


OnNote = Callable[[SourceNote], object]


@dataclass(slots=True)
class Offer:
    """What one portal offers, as far as it is known. Kept while the portal is open: a reload does not ask again."""

    shut: dict[Source, errors.PortalError] = field(default_factory=dict)
    said: set[SourceNote] = field(default_factory=set)
    note: SourceNote | None = None
    asked: bool = False

    def close(self, source: Source, error: errors.PortalError) -> None:
        """Note that a source is not available."""
        log.info("%s is not available: %s", source.value, type(error).__name__)
        error.__context__ = None  # its frames would hold the portal, and this note would never go
        self.shut[source] = error.with_traceback(None)

    def say(self, note: SourceNote | None, told: OnNote | None) -> None:
        """Tell what the list is missing, unless it was told before."""
        self.note = note
        if note is not None and note not in self.said:
            self.said.add(note)
            if told is not None:
                told(note)

    def refusal(self, *sources: Source) -> errors.PortalError:
        """The clearest of these sources' refusals.

        They are forgotten, so that the next attempt asks anew: a permission may have been ticked meanwhile.
        """
        refusals = [error for source in sources if (error := self.shut.pop(source, None))]
        self.asked = False
        return clearest(refusals)


def clearest(refusals: Iterable[errors.PortalError]) -> errors.PortalError:
    """What the user can do most about: tick a permission, then ask for a right, then the rest."""
    ranks = {errors.MissingScope: 0, errors.Refused: 1, errors.PlanNeeded: 2}
    return min(refusals, key=lambda each: next((rank for kind, rank in ranks.items() if isinstance(each, kind)), 3))


_offers: WeakKeyDictionary[Portal, Offer] = WeakKeyDictionary()


def offer(portal: Portal) -> Offer:
    """What is known of a portal's sources."""
    return _offers.setdefault(portal, Offer())


def ask_rights(portal: Portal, known: Offer, cancel: Cancel | None = None) -> None:
    """Learn from `scope` and `method.get` which stand-ins need not be tried; no answer leaves them all open (§2.3).

    The list of all sessions is tried without asking: whether `method.get` knows its kind of method is not certain.
    """
    if known.asked:
        return
    known.asked = True
    stand_ins = {"crm": Source.CRM, "own": Source.OWN}
    commands = {key: ("method.get", {"name": source.value}) for key, source in stand_ins.items()}
    try:
        answers = portal.batch({"scope": ("scope", {}), **commands}, cancel=cancel, attempts=2)
    except errors.PortalError as error:
        log.info("rights not told: %s", type(error).__name__)
        return
    told = answers["scope"]
    scopes = {words(item).lower() for item in items(told.result)} if isinstance(told, Answer) else set()
    for key, source in stand_ins.items():
        answer, scope = answers[key], scope_of(source.value)
        about = record(answer.result) if isinstance(answer, Answer) else {}
        if scopes and scope not in scopes:
            known.close(source, errors.MissingScope("INSUFFICIENT_SCOPE", method=source.value, scope=scope))
        elif "isexisting" in about and not flag(about["isexisting"]):
            known.close(source, errors.MethodMissing("ERROR_METHOD_NOT_FOUND", method=source.value))


def stand_in_note(known: Offer, *, blind: bool) -> SourceNote:
    """That not all sessions are listed, which are, and why; `blind` when votes are asked for that nobody tells."""
    sources = tuple(source for source in (Source.CRM, Source.OWN) if source not in known.shut)
    detail = {
        (Source.CRM, Source.OWN): _("Shown are those bound to CRM records and those of your own chats."),
        (Source.CRM,): _("Shown are those bound to CRM records."),
        (Source.OWN,): _("Shown are those of your own chats."),
    }.get(sources, "")
    if blind:
        detail += " " + blind_words()
    advice = _advice(known) + " " + _("Any other dialogue opens by its id or link.")
    return SourceNote(sources, _reason(known.shut[Source.ALL]), detail, advice.strip())


def blind_words() -> str:
    """That votes were asked for in vain."""
    return _("Votes and ratings are not told this way: the list is not narrowed by them.")


def _reason(refusal: errors.PortalError) -> str:
    if isinstance(refusal, errors.PlanNeeded):
        return _("The portal's plan has no reports on Open Lines.")
    if isinstance(refusal, errors.Refused):
        return _("You may not list all sessions of this portal.")
    return _("This portal cannot list all sessions.")


def _advice(known: Offer) -> str:
    """What would show more: a permission of the webhook, or a right of the user."""
    lacking = [error.scope for error in known.shut.values() if isinstance(error, errors.MissingScope)]
    if lacking:
        return _("Tick “{scope}” in the webhook to see more.").format(scope="”, “".join(lacking))
    if isinstance(known.shut.get(Source.ALL), errors.Refused):
        return _("To see all, ask for the role right “Communication statistics: View” in the settings of Open Lines.")
    return ""
