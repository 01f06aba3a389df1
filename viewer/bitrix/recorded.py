"""A saved answer in the place of a portal: the window reads it through the same client, and no network is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from viewer.bitrix.histories import METHOD as HISTORY
from viewer.bitrix.histories import is_history
from viewer.bitrix.reading import record, whole
from viewer.bitrix.saved import read_saved, result_of
from viewer.chat import Batch

PAGE = "im.dialog.messages.get"
LISTS: dict[str, dict[str, object]] = {"im.recent.list": {"items": []}}  # it knows no other dialogue
_MISSING = {"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"}
_PORTIONS = ("LAST_ID", "FIRST_ID")  # what asks for more than the first page


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """An answer of the recorded portal."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})


class RecordedPortal:
    """Answers with one saved answer, however it is asked; every other method is one that it does not know.

    `batch` is the conversation. Raises BadAnswer for what is no history, or the portal's own error that was saved.
    """

    WEBHOOK = "https://saved.invalid/rest/1/savedanswer/"

    def __init__(self, saved: bytes) -> None:
        self.batch: Batch = read_saved(saved)
        self._result = record(result_of(saved))
        self._method = HISTORY if is_history(self._result) else PAGE
        if self._method == HISTORY:  # whoever may rate it on the portal cannot do so in a file
            lines = record(self._result.get("openlines"))
            self._result = {**self._result, "canvotehead": False, "openlines": {**lines, "canvoteashead": {}}}

    @property
    def reference(self) -> str:
        """What the conversation is called: its session, else its chat."""
        if self.batch.session is not None and self.batch.session.id:
            return str(self.batch.session.id)
        chat = self.batch.dialog.chat_id if self.batch.dialog is not None else 0
        return f"chat{chat or whole(self._result.get('chatid')) or 1}"

    def respond(self, _verb: str, address: str, _headers: Mapping[str, str], body: bytes) -> RecordedAnswer:
        """Answer a call."""
        method = address.partition("?")[0].rpartition("/")[2].removesuffix(".json").lower()
        if method == self._method:
            result: Mapping[str, object] = self._result
            if method == PAGE and any(f'"{name}"'.encode() in body.upper() for name in _PORTIONS):
                result = {**result, "messages": []}
        elif method in LISTS:
            result = LISTS[method]
        else:
            return RecordedAnswer(404, json.dumps(_MISSING).encode())
        return RecordedAnswer(200, json.dumps({"result": result}).encode())
