"""What a message is to the reader, from its class, component and other parameters (`bitrix24-api.md` §10.2)."""

import re

from viewer.bitrix.reading import Record, items, unescaped, whole, words
from viewer.chat import MessageKind, Votes

_LINK = re.compile(r"imol(?:\||%7C)([0-9]{1,18})", re.IGNORECASE)
_CLASSES = (  # the first that fits; a rating request is an automatic text too
    ("ol-start", MessageKind.SESSION_START),
    ("ol-end", MessageKind.SESSION_END),
    ("item-vote", MessageKind.VOTE_REQUEST),
    ("ol-output", MessageKind.AUTOMATIC),
)


# What the portal writes when somebody else is to answer: it gives no other sign of it. English and Russian.
_TRANSFER = re.compile(
    r"(?:transferr?ed|redirected|picked|took|rejected) conversation|resubmitted to the queue"
    r"|(?:assigned|transferred|redirected) (?:to|according)"
    r"|переадресовала?\b|перенаправлен|передала?\b|забрала? диалог|начала? работу с диалогом"
    r"|отказал(?:ся|ась) от диалога|направлено на|возвращено в очередь",
    re.IGNORECASE,
)
_MEMBER = re.compile(
    r"\b(?:joined|left) the (?:chat|conversation)|\binvited\b|\bremoved .{1,80} from the (?:chat|conversation)"
    r"|присоединил(?:ся|ась)|пригласила?\b|(?:вышел|вышла) из чата|покинула? чат|исключила? .{1,80} из чата",
    re.IGNORECASE,
)
_VOTE = re.compile(
    r"\[(?:LIKE|DISLIKE|RATING=[1-5])\]|\brated conversation\b|\bоценила? диалог\b"
    r"|\bleft a comment to conversation\b|к диалогу .{1,40} оставила? комментарий",
    re.IGNORECASE,
)
_TAG = re.compile(r"\[[^\[\]]{0,200}\]")
_NOTED = 400  # characters of a line that are looked at; such lines are short


def kind_of(params: Record, author_id: int, text: str, *, cards: bool) -> MessageKind:
    """The kind of a message that has `params`. Only the portal itself writes anything but text."""
    if author_id > 0:
        return MessageKind.TEXT
    classes = words(params.get("class")).lower()
    component = words(params.get("componentid")).lower()
    for part, kind in _CLASSES:
        if part in classes:
            asks = kind is MessageKind.AUTOMATIC and "imolvote" in params
            return MessageKind.VOTE_REQUEST if asks else kind
    if component == "bx-imopenlines-form" or whole(params.get("crmformid")):
        return MessageKind.FORM
    if "content-item-system" in classes:
        return MessageKind.NOTE
    return _without_class(params, text, cards)


def _without_class(params: Record, text: str, cards: bool) -> MessageKind:
    """Newer servers may leave the classes out: they are names of an old style sheet."""
    if "imolvotesid" in params or "imolvotehead" in params:
        return MessageKind.SESSION_END
    if "imolvote" in params:
        return MessageKind.VOTE_REQUEST
    if params.get("imolform") or params.get("connectormid"):
        return MessageKind.AUTOMATIC
    if whole(params.get("imolsid")):
        return MessageKind.SESSION_START
    return MessageKind.NOTE if cards else _event(params, text)


def _event(params: Record, text: str) -> MessageKind:
    """What a line of the portal without any class tells."""
    codes = items(params.get("code")) or [params.get("code")]
    if any(words(code).upper() in ("CHAT_JOIN", "CHAT_LEAVE") for code in codes):
        return MessageKind.MEMBER
    if _VOTE.search(text[:_NOTED]):
        return MessageKind.VOTE
    said = _TAG.sub("", text[:_NOTED])
    if _TRANSFER.search(said):
        return MessageKind.TRANSFER
    return MessageKind.MEMBER if _MEMBER.search(said) else MessageKind.SYSTEM


def session_of(params: Record, kind: MessageKind, text: str) -> int:
    """The session that a message opens or closes, 0 when it does neither or does not tell."""
    number = whole(params.get("imolsid"))
    if kind in (MessageKind.SESSION_END, MessageKind.VOTE_REQUEST):
        number = whole(params.get("imolvotesid")) or whole(params.get("imolvote")) or number
    if not number and kind is MessageKind.SESSION_START and (found := _LINK.search(text)):
        number = whole(found[1])  # a forked session names its own number first, then its parent's
    return number


def votes_of(params: Record, kind: MessageKind) -> Votes | None:
    """The ratings that a closing message or a rating request knows of."""
    if kind not in (MessageKind.SESSION_END, MessageKind.VOTE_REQUEST):
        return None
    client = _client_vote(params.get("imolvoteuser")) or _client_vote(params.get("imolvote"), only_words=True)
    votes = Votes(
        session_of(params, kind, ""),
        client,
        min(max(whole(params.get("imolvotehead")), 0), 5),
        unescaped(words(params.get("imolcommenthead"))).strip(),
    )
    return votes if "imolvotesid" in params or votes != Votes() else None


def _client_vote(value: object, *, only_words: bool = False) -> int:
    """1 for a dislike, 5 for a like, 0 for none; in `imolVote` a number is a session (§10.1)."""
    named = {"like": 5, "dislike": 1}.get(words(value).strip().lower(), 0)
    return named if named or only_words else min(max(whole(value), 0), 5)
