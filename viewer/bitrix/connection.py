"""Does this webhook or sign-in work, whose is it, and what may it do (`bitrix24-api.md` §2.3)."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from viewer.bitrix import errors, sessions
from viewer.bitrix.answers import Answer
from viewer.bitrix.client import Portal
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import flag, items, record, whole, words

NEEDED = ("imopenlines",)
USEFUL = ("im", "crm", "disk")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a portal told of who asks. `can_list` is None when it did not tell; `seconds` is how long it took."""

    user_name: str
    user_id: int
    scopes: tuple[str, ...]
    can_list: bool | None
    seconds: float

    @property
    def missing(self) -> tuple[str, ...]:
        """Permissions without which nothing can be read."""
        return tuple(scope for scope in NEEDED if scope not in self.scopes)

    @property
    def lacking(self) -> tuple[str, ...]:
        """Permissions without which something is missing: own chats, CRM lists, files (§2.1)."""
        return tuple(scope for scope in USEFUL if scope not in self.scopes)


def check(portal: Portal, *, cancel: Cancel | None = None, clock: Callable[[], float] = time.monotonic) -> Checked:
    """Ask who we are and what we may, in one request. Raises Unauthorised and the like; MissingScope for the line."""
    begun = clock()
    commands = {
        "profile": ("profile", {}),
        "scope": ("scope", {}),
        "list": ("method.get", {"name": sessions.METHOD.lower()}),
    }
    answers = portal.batch(commands, cancel=cancel, attempts=2)
    profile = record(_result(answers["profile"], must=True))
    scopes = tuple(words(item).lower() for item in items(_result(answers["scope"], must=True)))
    known = record(_result(answers["list"], must=False))
    checked = Checked(
        " ".join(filter(None, (words(profile.get(key)).strip() for key in ("name", "lastname")))),
        whole(profile.get("id")) or portal.access.user_id,
        scopes,
        flag(known.get("isavailable")) if "isavailable" in known else None,
        clock() - begun,
    )
    if checked.missing:
        raise errors.MissingScope("INSUFFICIENT_SCOPE", method="imopenlines.*", scope=checked.missing[0])
    return checked


def _result(answer: Answer | errors.PortalError, *, must: bool) -> object:
    if isinstance(answer, errors.PortalError):
        if must:
            raise answer
        return None
    return answer.result
