"""The supervisor's rating: how it stands, and the only call that changes anything (`bitrix24-api.md` §11.1)."""

from dataclasses import dataclass

from viewer.bitrix import errors, histories
from viewer.bitrix.client import Portal
from viewer.bitrix.codes import refusal
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import record, words
from viewer.chat import Rating

METHOD = "imopenlines.session.head.vote"

# After these nobody knows whether the portal did what was asked: something was sent, and no word of the portal came.
_SILENT = (errors.Unreachable, errors.BadAnswer, errors.NotPortal, errors.ServerFault)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a session is rated now, and whether the user may rate it."""

    rating: Rating
    allowed: bool


def standing(portal: Portal, session_id: int, *, cancel: Cancel | None = None) -> Standing:
    """Ask for the session's history and look at its rating alone. Raises what `histories.get` raises."""
    answer = portal.call(histories.METHOD, {"SESSION_ID": session_id}, subject=str(session_id), cancel=cancel)
    if not histories.is_history(answer.result):
        raise errors.BadAnswer(method=histories.METHOD, subject=str(session_id))
    given = record(answer.result)
    return Standing(histories.rating_in(given), histories.may_vote(given, histories.dialog_in(given)))


def vote(
    portal: Portal,
    session_id: int,
    rating: int = 0,
    comment: str | None = None,
    *,
    cancel: Cancel | None = None,
) -> None:
    """Rate a session as its supervisor: one HTTP request, never repeated.

    `rating` is 1..5, 0 to leave the stars as they are; `comment` None leaves the comment, "" empties it. That no error
    comes is no proof: older servers say yes without saving. Raises BadRequest for what the portal would not take,
    before anything is sent; Refused without the right “Conversation rating”; `uncertain` tells what the other errors
    mean.
    """
    subject = str(session_id)
    if session_id <= 0:
        raise refusal("EMPTY_SESSION_ID", 400, method=METHOD)
    if not 1 <= rating <= 5 and not (rating == 0 and comment and comment.strip()):
        raise refusal("EMPTY_VOTE_PARAMS", 400, method=METHOD, subject=subject)
    params: dict[str, object] = {"SESSION_ID": session_id}
    if rating:
        params["RATING"] = rating
    if comment is not None:
        params["COMMENT"] = words(comment).strip()  # without halves of broken characters, which no JSON can carry
    portal.call(METHOD, params, subject=subject, cancel=cancel, write=True)


def no_right(session_id: int) -> errors.PortalError:
    """The refusal of the portal, for a right that is known to be missing before anything is sent."""
    return refusal("ACCESS_DENIED", 400, method=METHOD, subject=str(session_id))


def uncertain(error: errors.PortalError) -> bool:
    """Whether an error of `vote` leaves open what the portal did; after the others it did nothing."""
    return isinstance(error, _SILENT) and not isinstance(error, errors.Untrusted)
