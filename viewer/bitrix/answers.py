"""The envelopes of the portal: success, error, batch (`bitrix24-api.md` §1.3, §1.4, §1.8)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from viewer.bitrix import errors
from viewer.bitrix.codes import refusal
from viewer.bitrix.reading import decimal, decode, moment, pairs, record, whole, words
from viewer.chat import Origin

Command = tuple[str, Mapping[str, object]]  # method, parameters


@dataclass(frozen=True, slots=True)
class Answer:
    """A success. `next` is the offset of the next page, 0 on the last; `total` 0 when unknown.

    `seconds` is what the portal worked on it; `used` what it worked on the method in the last ten minutes; `resets_in`
    the seconds until the oldest of these uses is forgotten. Both are None when the portal does not count (§1.7).
    `origins` tell of the bytes that came, where they were not a batch.
    """

    result: object
    next: int = 0
    total: int = 0
    seconds: float = 0.0
    resets_in: float | None = None
    used: float | None = None
    origins: tuple[Origin, ...] = ()


def read_answer(body: bytes | str, status: int, *, method: str = "", subject: str = "") -> Answer:
    """The success in an HTTP answer. Raises the error that is in it, whatever the status: errors come with 200 too."""
    try:
        value = decode(body)
    except ValueError:
        raise _no_json(body, status, method, subject) from None
    if isinstance(value, dict) and value.get("error") is not None and (value["error"] or "result" not in value):
        raise refusal(_code(value["error"]), status, method=method, subject=subject)
    if status >= 400:
        raise refusal("", status, method=method, subject=subject)
    if not isinstance(value, dict) or "result" not in value:
        raise errors.BadAnswer(method=method, subject=subject)
    return Answer(value["result"], whole(value.get("next")), max(0, whole(value.get("total"))), *_times(value))


def _no_json(body: bytes | str, status: int, method: str, subject: str) -> errors.PortalError:
    start = (body[:200] if isinstance(body, str) else body[:200].decode("utf-8", "replace")).lstrip("\ufeff \t\r\n")
    if status >= 500:
        return refusal("", status, method=method, subject=subject)
    if start.startswith("<") or status >= 400:
        return errors.NotPortal(method=method, subject=subject)
    return errors.BadAnswer(method=method, subject=subject)


def _code(error: object) -> str:
    """The code in `error`: a string, a number, or an object with the code within (§1.4)."""
    return words(record(error).get("code")) if isinstance(error, dict) else words(error)


def _times(envelope: Mapping[str, object]) -> tuple[float, float | None, float | None]:
    times = record(envelope.get("time"))
    resets = moment(times.get("operatingresetat"))
    finish = moment(times.get("finish")) or moment(times.get("datefinish"))
    resets_in = (resets - finish).total_seconds() if resets and finish else None
    used = max(0.0, decimal(times["operating"])) if "operating" in times else None
    return decimal(times.get("duration")), resets_in, used


def batch_answers(
    result: object, commands: Mapping[str, Command], subject: str = ""
) -> dict[str, Answer | errors.PortalError]:
    """The answer or the error of each command. Each map may be `[]` or, with keys 0..n-1, a list."""
    parts = {key: dict(pairs(value)) for key, value in record(result).items()}
    found: dict[str, Answer | errors.PortalError] = {}
    for key, (method, _params) in commands.items():
        fault = parts.get("resulterror", {}).get(key)
        if fault:
            code = _code(record(fault).get("error")) if isinstance(fault, dict) else words(fault)
            found[key] = refusal(code, 400, method=method, subject=subject)
        elif key in parts.get("result", {}):
            envelope = {"time": parts.get("resulttime", {}).get(key)}
            following, total = (whole(parts.get(name, {}).get(key)) for name in ("resultnext", "resulttotal"))
            found[key] = Answer(parts["result"][key], following, max(0, total), *_times(envelope))
        else:
            found[key] = errors.BadAnswer(method=method, subject=subject)
    return found


def query(params: Mapping[str, object]) -> str:
    """Parameters as the query string that PHP reads: `A[]`, `filter[X]`, values percent-encoded once."""
    return "&".join(f"{quote(key, safe='[]')}={quote(value, safe='')}" for key, value in _flat(params.items(), ""))


def _flat(members: Iterable[tuple[object, object]], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in members:
        name = f"{prefix}[{key}]" if prefix else str(key)
        if isinstance(value, Mapping):
            yield from _flat(value.items(), name)
        elif isinstance(value, list | tuple):
            yield from _flat(enumerate(value), name)
        else:
            yield name, _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "Y" if value else "N"
    return "" if value is None else str(value)
