"""What a supervisor may paste to name a dialogue (`design.md` §3, `bitrix24-api.md` §3.6)."""

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qs, unquote, urlsplit


class ReferenceKind(Enum):
    """What the value of a reference names."""

    SESSION = "session"
    CHAT = "chat"
    USER_CODE = "user code"


@dataclass(frozen=True, slots=True)
class Reference:
    """A dialogue as the user named it: a session id, a chat id or a user code."""

    kind: ReferenceKind
    value: str

    def __str__(self) -> str:
        return {ReferenceKind.SESSION: "{}", ReferenceKind.CHAT: "chat{}"}.get(self.kind, "{}").format(self.value)


_ID = re.compile(r"0*([1-9][0-9]{0,17})")
# As the portal itself writes it into every session's first line: not worth the taking apart of an address.
_USUAL = re.compile(r"(?:https?://[^/?#\s]+)?/online/\?IM_(?:HISTORY|DIALOG)=([^&#%:/\s]+)")
_CODE = re.compile(r"[^|\s]+\|[0-9]+\|[^|]+\|[^|]+")


def parse_reference(text: str) -> Reference | None:
    """`343`, `chat1777`, `imol|343`, a user code, or a portal link that holds one; None when it is none of them."""
    text = text.strip().strip("<>\"'«»").strip()
    if "://" in text or text.startswith("/"):
        return _from_link(text)
    plain = unquote(text) if "%7c" in text.lower() else text
    if plain.lower().startswith("chat") and (found := _ID.fullmatch(plain[4:])):
        return Reference(ReferenceKind.CHAT, found[1])
    plain = plain[5:] if plain.lower().startswith("imol|") else plain
    if found := _ID.fullmatch(plain):
        return Reference(ReferenceKind.SESSION, found[1])
    return Reference(ReferenceKind.USER_CODE, plain) if _CODE.fullmatch(plain) else None


def _from_link(text: str) -> Reference | None:
    if found := _USUAL.fullmatch(text):
        return parse_reference(found[1])
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    for query in (parts.query, parts.fragment.partition("?")[2]):
        values = {key.upper(): value for key, value in parse_qs(query).items()}
        for key in ("IM_HISTORY", "IM_DIALOG"):
            if key in values and "://" not in values[key][0]:
                return parse_reference(values[key][0])
    return None
