"""A portal of nothing but sessions, strict about its limits (`bitrix24-api.md` §3.1)."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from tests.bitrix.scripted import Answer, Script, bad, good

METHOD = "imopenlines.v2.Session.list"


class Statistics:
    """Answers the list of all sessions, alone and in batches. `asked` holds every set of parameters that came."""

    def __init__(
        self, rows: list[dict[str, Any]], *, furthest: int = 10_000, longest: timedelta = timedelta(days=366)
    ) -> None:
        self.rows = sorted(rows, key=lambda row: (row["dateCreate"], row["id"]), reverse=True)
        self.furthest = furthest
        self.longest = longest
        self.asked: list[Mapping[str, Any]] = []
        self.batches = 0

    def script(self, **also: Any) -> Script:
        """A portal with this list and whatever else."""
        return Script({METHOD: self.answer, "batch": self.batch, **also})

    def answer(self, body: Any) -> Answer:
        """One page."""
        told = self._page(body)
        return bad(told) if isinstance(told, str) else good(told)

    def batch(self, body: Any) -> Answer:
        """Several pages."""
        self.batches += 1
        found: dict[str, Any] = {"result": {}, "result_error": {}}
        for key, line in body["cmd"].items():
            method, _, query = line.partition("?")
            told = self._page(dict(parse_qsl(query))) if method == METHOD else "ERROR_METHOD_NOT_FOUND"
            if isinstance(told, str):
                found["result_error"][key] = {"error": told}
            else:
                found["result"][key] = told
        return good(json.loads(json.dumps(found)))

    def _page(self, asked: Mapping[str, Any]) -> dict[str, Any] | str:
        self.asked.append(asked)
        offset, limit = int(asked["offset"]), int(asked["limit"])
        assert limit <= 200
        begin, end = (datetime.fromisoformat(asked[key]) for key in ("dateCreateFrom", "dateCreateTo"))
        if end - begin > self.longest:
            return "PERIOD_TOO_LARGE"
        if offset > self.furthest:
            return "OFFSET_TOO_LARGE"
        status = asked.get("status")
        fitting = [
            row
            for row in self.rows
            if begin <= datetime.fromisoformat(row["dateCreate"]) <= end and status in (None, row["status"])
        ]
        return {"sessions": fitting[offset : offset + limit], "hasNextPage": len(fitting) > offset + limit}


def row(number: int, opened: datetime, **more: Any) -> dict[str, Any]:
    """A session as the list tells it."""
    return {"id": number, "chatId": number, "status": "closed", "dateCreate": opened.isoformat(), **more}
