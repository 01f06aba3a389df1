"""Every paragraph of every fixture reads as written down, and the fixtures cover what the portal can send."""

import json

import pytest

from tests.markup.golden import Golden, every


@pytest.mark.parametrize("golden", every(), ids=lambda golden: f"{golden.file}: {golden.title}")
def test_fixture(golden: Golden) -> None:
    for actual, expected in zip(golden.actual().made, golden.made, strict=True):
        assert actual.strip("\n") == expected


def test_titles_are_told_apart() -> None:
    titles = [(golden.file, golden.title) for golden in every()]
    assert len(titles) == len(set(titles)) > 180


# The rows of `bitrix24-api.md` §7.2, §8 and §10.1.
TAGS = (
    *(
        "b",
        "i",
        "u",
        "s",
        "size",
        "color",
        "url",
        "user",
        "chat",
        "context",
        "call",
        "pch",
        "send",
        "put",
        "icon",
        "img",
    ),
    *("disk", "timestamp", "rating", "like", "dislike", "code", "br", "attach", "source"),
)
BLOCKS = ["MESSAGE", "HTML", "LINK", "RICH_LINK", "USER", "IMAGE", "FILE", "GRID", "DELIMITER"]
KEYS = (
    "FILE_ID", "ATTACH", "KEYBOARD", "KEYBOARD_UID", "MENU", "LIKE", "reactions", "FAVORITE", "IS_DELETED",
    "IS_EDITED", "IS_DELIVERED", "IS_ERROR", "SENDING", "IS_PINNED", "CAN_ANSWER", "REPLY_ID", "FORWARD_ID",
    "FORWARD_USER_ID", "FORWARD_CONTEXT_ID", "FORWARD_CHAT_TITLE", "USER_ID", "NAME", "AVATAR", "CODE",
    "NOTIFY", "CLASS", "COMPONENT_ID", "COMPONENT_PARAMS", "TYPE", "CONNECTOR_MID", "IMOL_SID", "IMOL_FORM",
    "IMOL_VOTE", "IMOL_VOTE_TEXT", "IMOL_VOTE_SID", "IMOL_VOTE_USER", "IMOL_VOTE_HEAD", "IMOL_COMMENT_HEAD",
    "IMOL_DATE_CLOSE_VOTE", "IMOL_TIME_LIMIT_VOTE", "IMOL_QUOTE_MSG", "CRM_FORM_ID", "CRM_FORM_SEC",
    "CRM_FORM_FILLED", "URL_ID", "URL_ONLY", "LARGE_FONT", "IS_ROBOT_MESSAGE", "DATE_TS", "CALL_ID", "sticker",
)  # fmt: skip


def sources(file: str) -> str:
    """All sources of the files that begin so."""
    return "\n".join(golden.source for golden in every() if golden.file.startswith(file))


def test_every_tag_is_shown() -> None:
    known = sources("tags").lower()
    assert [tag for tag in TAGS if f"[{tag}" not in known] == []
    assert all(sign in sources("") for sign in ("/me ", "/loud ", ">>", "{RULE}", "#BR#"))


def test_every_block_of_a_card_is_shown() -> None:
    assert [name for name in BLOCKS if f'"{name}"' not in sources("cards")] == []
    assert [
        name for name in ("BLOCK", "LINE", "ROW", "COLUMN", "TABLE", "CARD") if f'"{name}"' not in sources("cards")
    ] == []


def test_every_key_of_a_message_is_shown() -> None:
    known = {
        key for golden in every() if golden.file == "kinds.md" for key in json.loads(golden.source).get("params", {})
    }
    plain = {key.replace("_", "").lower() for key in known}
    assert [key for key in KEYS if key.replace("_", "").lower() not in plain] == []
