"""People: authors of messages, and the look-up of those whom an answer does not describe (`bitrix24-api.md` §5.5)."""

from collections.abc import Iterable

from viewer.bitrix import errors
from viewer.bitrix.client import BATCH_LIMIT, Portal
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import Record, flag, items, link, record, whole, words
from viewer.chat import Person, Side

_CHUNK = 50  # people a command


def parse_person(value: object, root: str = "") -> Person | None:
    """A participant in either spelling; None for what has no id."""
    given = record(value)
    number = whole(given.get("id"))
    if number <= 0:
        return None
    full = " ".join(filter(None, (words(given.get(key)).strip() for key in ("firstname", "lastname"))))
    avatar = link(given.get("avatarhr"), root) or link(given.get("avatar"), root)
    return Person(
        number,
        words(given.get("name")).strip() or full,
        _side(words(given.get("externalauthid")).lower(), flag(given.get("connector")), _is_bot(given)),
        words(given.get("workposition")).strip(),
        avatar,
    )


def _is_bot(given: Record) -> bool:
    return flag(given.get("bot")) or words(given.get("type")).lower() == "bot"


def _side(auth: str, connector: bool, bot: bool) -> Side:
    if connector or auth == "imconnector":
        return Side.CLIENT
    return Side.BOT if bot or auth == "bot" else Side.OPERATOR


def parse_people(value: object, root: str = "") -> tuple[Person, ...]:
    """The people of an answer: an object by id, or a list."""
    return tuple(person for item in items(value) if (person := parse_person(item, root)))


def resolve(portal: Portal, ids: Iterable[int], *, cancel: Cancel | None = None) -> dict[int, Person]:
    """Who these are, as far as the portal tells: `im.user.list.get`, 50 a command and 50 commands a request.

    Raises PortalError when it tells nothing at all, as without the permission `im`.
    """
    wanted = sorted({number for number in ids if number > 0})
    chunks = [wanted[at : at + _CHUNK] for at in range(0, len(wanted), _CHUNK)]
    found: dict[int, Person] = {}
    for at in range(0, len(chunks), BATCH_LIMIT):
        found |= _chunks(portal, chunks[at : at + BATCH_LIMIT], cancel)
    return found


def _chunks(portal: Portal, chunks: list[list[int]], cancel: Cancel | None) -> dict[int, Person]:
    method = "im.user.list.get"
    params = [{"ID": chunk, "RESULT_TYPE": "array"} for chunk in chunks]
    answers = (
        [portal.call(method, params[0], cancel=cancel)]
        if len(chunks) == 1
        else portal.batch({f"c{at}": (method, each) for at, each in enumerate(params)}, cancel=cancel).values()
    )
    found: dict[int, Person] = {}
    for answer in answers:
        if isinstance(answer, errors.PortalError):
            raise answer
        found |= {person.id: person for person in parse_people(answer.result, portal.root)}
    return found
