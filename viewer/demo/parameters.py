"""What methods take and give: parameters with keys in upper case, and a result with `total` and `next` beside it."""

from dataclasses import dataclass, field
from typing import Any

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A result with `total` and `next` beside it."""

    result: object
    more: dict[str, object] = field(default_factory=dict)


def number(value: object) -> int:
    """A number as it is sent: an int, a string, or `chat12`; 0 for anything else."""
    try:
        return int(str(value).removeprefix("chat"))
    except ValueError:
        return 0


def paged(rows: list[Any], params: Params, total: int) -> Page:
    """Fifty rows from `start` (§1.9)."""
    start = number(params.get("START"))
    more: dict[str, object] = {"total": total}
    if start >= 0 and start + 50 < total:
        more["next"] = start + 50
    return Page(rows[max(0, start) : max(0, start) + 50], more)
