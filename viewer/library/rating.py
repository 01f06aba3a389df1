"""Rating a session: look, send once, look again. Nothing is believed that the history does not show."""

import logging
from dataclasses import dataclass
from enum import Enum

from viewer.bitrix import Cancel, Portal, PortalError, votes
from viewer.chat import Rating

log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a rating."""

    SAVED = "saved"  # the history shows it
    CHANGED = "changed"  # nothing was sent: the portal holds another rating than the one the user saw
    NOT_KEPT = "not kept"  # the portal answered well, yet the history does not show it
    LOST = "lost"  # no answer came, and the history does not show it
    UNKNOWN = "unknown"  # it was sent, and the history could not be read again


@dataclass(frozen=True, slots=True)
class Rated:
    """What became of a rating, what the portal holds as far as was read last, and what broke on the way."""

    outcome: Outcome
    found: Rating
    error: PortalError | None = None


def rate(portal: Portal, session_id: int, wanted: Rating, seen: Rating, *, cancel: Cancel | None = None) -> Rated:
    """Rate a session with `wanted` in the place of `seen`, the rating that the user knows of.

    The history is read first: another's rating is not overwritten unseen, and what stands there already is not sent
    again. Then one call, never repeated, and the history once more. Raises the portal's refusal where it is certain
    that nothing was saved, and Cancelled; a cancel while the call is on its way leaves open what the portal did.
    """
    before = votes.standing(portal, session_id, cancel=cancel)
    target = Rating(wanted.stars or before.rating.stars, wanted.comment)  # stars cannot be taken back (§11.1)
    if wanted and before.rating.same(target):
        return Rated(Outcome.SAVED, before.rating)
    if not before.allowed:
        raise votes.no_right(session_id)
    if not before.rating.same(seen):
        return Rated(Outcome.CHANGED, before.rating)
    comment = wanted.comment if wanted.comment.strip() or before.rating.comment else None
    broken: PortalError | None = None
    try:
        votes.vote(portal, session_id, wanted.stars, comment, cancel=cancel)
    except PortalError as error:
        if not votes.uncertain(error):
            raise
        log.info("no answer to a rating: %s", type(error).__name__)
        broken = error
    try:
        after = votes.standing(portal, session_id, cancel=cancel).rating
    except PortalError as error:
        log.info("a rating could not be read again: %s", type(error).__name__)
        return Rated(Outcome.UNKNOWN, before.rating, broken or error)
    if after.same(target):
        return Rated(Outcome.SAVED, after)
    return Rated(Outcome.LOST if broken else Outcome.NOT_KEPT, after, broken)
