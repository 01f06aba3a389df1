"""What a supervisor may paste to name a dialogue or a CRM record (`design.md` §3, `bitrix24-api.md` §3.4, §3.6)."""

import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qs, unquote, urlsplit

from viewer.chat.dialog import CrmLink


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


def plain_name(text: str) -> str:
    """What was pasted, without what stands around it: spaces, quotes, or `olv:` as in a link to this program."""
    text = text.strip().strip("<>\"'«»").strip()
    return unquote(text[4:].strip("/")) if text[:4].lower() == "olv:" else text


def parse_reference(text: str) -> Reference | None:
    """`343`, `chat1777`, `imol|343`, a user code, or a link that holds one; None when it is none of them.

    A link is a portal's, or one to this program: `olv:343`, `olv:chat1777`.
    """
    text = plain_name(text)
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


# --- CRM records ---

_CRM_WORDS = {
    "lead": ("l", "1", "лид"), "deal": ("d", "2", "сделка"), "contact": ("c", "3", "контакт"),
    "company": ("co", "4", "компания"),
}  # fmt: skip
_CRM_TYPES = {word: kind for kind, words in _CRM_WORDS.items() for word in (kind, *words)}
_CRM_NAMED = re.compile(r"(?P<type>lead|deal|contact|company|лид|сделка|контакт|компания)[\s:/#№_-]*(?P<id>\d+)")
_CRM_SHORT = re.compile(r"(?P<type>l|d|c|co)_(?P<id>\d+)")  # the portal's own, as in bindings
_CRM_PATH = re.compile(
    r"(?:^|/)crm/(?P<type>lead|deal|contact|company|type/[1-4])/(?:details|show|edit)/(?P<id>\d+)(?![^/])"
)


def parse_crm(text: str) -> CrmLink | None:
    """`deal 123`, `deal:123`, `D_123`, `сделка №123`, or a link to the record's page; None when it is none of them."""
    text = plain_name(text)
    if "crm/" in text.lower():
        try:
            found = _CRM_PATH.search(urlsplit(text).path.lower())
        except ValueError:
            return None
    else:
        found = _CRM_NAMED.fullmatch(text.lower()) or _CRM_SHORT.fullmatch(text.lower())
    number = _ID.fullmatch(found["id"]) if found else None
    if found is None or number is None:
        return None
    return CrmLink(_CRM_TYPES[found["type"].removeprefix("type/")], int(number[1]))
