"""Many pages of a list in few requests (`bitrix24-api.md` §1.8, §1.9)."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from viewer.bitrix import errors
from viewer.bitrix.answers import Answer
from viewer.bitrix.client import Portal
from viewer.bitrix.pace import Cancel

log = logging.getLogger(__name__)

GROWTH = 4  # where the end is not known, each request asks for so many times the pages of the one before
MOST = 10  # pages a request: the portal cuts a request after 60 s (§1.1)


@dataclass(frozen=True, slots=True)
class List:
    """A method that lists: the parameters of its page 0, 1, 2 …, and how its last page is known.

    `count` tells from a page how many there are, 0 for unknown, None when no page does; `most` is how many pages a
    request may ask for.
    """

    method: str
    params: Callable[[int], Mapping[str, object]]
    is_last: Callable[[Answer], bool]
    count: Callable[[Answer], int] | None = None
    most: int = MOST


def groups(portal: Portal, listed: List, *, pages: int = 10**9, cancel: Cancel | None = None) -> Iterator[list[Answer]]:
    """The pages of a list in order, those of one request together; at most `pages`, none after the last.

    The first page is a call of its own, so that something is shown at once; then come several a request. Raises the
    error of the first page that is refused, after the pages before it.
    """
    number, wanted, most = 0, 1, listed.most
    while number < pages:
        numbers = range(number, min(pages, number + wanted))
        found = _batch(portal, listed, numbers, cancel) if len(numbers) > 1 else []
        if not found:  # a page that a batch refuses tells its true error alone, or waits until it is allowed
            if len(numbers) > 1:
                most = max(1, len(numbers) // GROWTH)  # too much for one request, or batches are not allowed at all
            found = [portal.call(listed.method, listed.params(number), cancel=cancel)]
        found = found[: next((at + 1 for at, each in enumerate(found) if listed.is_last(each)), None)]
        yield found
        if listed.is_last(found[-1]):
            return
        number += len(found)
        wanted = min(wanted * GROWTH, most)
        if listed.count and (count := listed.count(found[-1])):
            pages, wanted = min(pages, max(count, number + 1)), most


def _batch(portal: Portal, listed: List, numbers: range, cancel: Cancel | None) -> list[Answer]:
    """The pages that one request brought, up to the first that was refused; none when the request itself was."""
    commands = {f"p{number}": (listed.method, listed.params(number)) for number in numbers}
    try:
        answers = portal.batch(commands, cancel=cancel, attempts=2)
    except errors.PortalError as error:
        if isinstance(error, errors.Unreachable) and not isinstance(error, errors.TimedOut):
            raise
        log.info("%s: no batch: %s", listed.method, type(error).__name__)
        return []
    found: list[Answer] = []
    for answer in answers.values():
        if isinstance(answer, errors.PortalError):
            break
        found.append(answer)
    return found
