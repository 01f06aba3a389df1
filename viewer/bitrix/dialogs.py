"""Dialogs: the chat of an open line and what its `entity_data` tells (`bitrix24-api.md` §4, §5.6)."""

import re

from viewer.bitrix import errors
from viewer.bitrix.client import Portal
from viewer.bitrix.pace import Cancel
from viewer.bitrix.reading import moment, record, whole, words
from viewer.chat import CrmLink, Dialog, Reference, ReferenceKind

METHOD = "imopenlines.dialog.get"
_PARAMETERS = {
    ReferenceKind.SESSION: "SESSION_ID",
    ReferenceKind.CHAT: "CHAT_ID",
    ReferenceKind.USER_CODE: "USER_CODE",
}
_CRM_TYPES = ("lead", "deal", "contact", "company")


def get(portal: Portal, reference: Reference, *, cancel: Cancel | None = None) -> Dialog:
    """The dialog that a reference names. Raises NotMember when it is refused or does not exist."""
    value: object = reference.value if reference.kind is ReferenceKind.USER_CODE else whole(reference.value)
    params = {_PARAMETERS[reference.kind]: value}
    answer = portal.call(METHOD, params, subject=str(reference), cancel=cancel)
    kind = words(record(answer.result).get("entitytype"))
    if kind and kind.upper() != "LINES":
        raise errors.NoSuchThing("CHAT_TYPE", method=METHOD, subject=str(reference), text=errors.NOT_A_LINE)
    dialog = parse_dialog(answer.result)
    if not dialog.chat_id:
        raise errors.BadAnswer(method=METHOD, subject=str(reference))
    return dialog


def parse_dialog(value: object, chat_id: int = 0) -> Dialog:
    """A chat in either spelling."""
    given = record(value)
    about = words(given.get("entitydata1")).split("|")
    return Dialog(
        whole(given.get("id")) or chat_id,
        words(given.get("name")).strip(),
        user_code(given.get("entityid")),
        # Position 5 is the current or last session; old chats have fewer parts (§4).
        session_id=whole(about[5]) if len(about) > 5 else 0,
        owner_id=max(0, whole(given.get("owner"))),
        message_count=max(0, whole(given.get("messagecount"))),
        created=moment(given.get("datecreate")),
        crm=_crm(about, words(given.get("entitydata2")).split("|")),
    )


_CODE = re.compile(r"[^|]+\|[0-9]{1,18}\|[^|]*\|[^|]*")


def user_code(value: object) -> str:
    """A user code without the `imol|` that some answers put before it; empty for anything else (§0)."""
    code = words(value).strip()
    code = code[5:] if code.lower().startswith("imol|") else code
    return code if _CODE.fullmatch(code) else ""


def client_of(code: str) -> int:
    """The client in a user code: its last part; 0 when there is none."""
    return max(0, whole(code.rpartition("|")[2]))


def crm_link(kind: object, number: object) -> CrmLink | None:
    """A bound CRM record, None for none."""
    name = words(kind).strip().lower()
    return CrmLink(name, whole(number)) if name in _CRM_TYPES and whole(number) > 0 else None


def _crm(about: list[str], bound: list[str]) -> tuple[CrmLink, ...]:
    """The bound records, the main one first."""
    found: dict[CrmLink, None] = {}
    pairs = [(about[1], about[2])] if len(about) > 2 and about[0] == "Y" else []
    for kind, number in (*pairs, *zip(bound[::2], bound[1::2], strict=False)):
        if bound_record := crm_link(kind, number):
            found[bound_record] = None
    return tuple(found)
