"""Emoji: whether a text is nothing else, and the hexadecimal form of old rows (`bitrix24-api.md` §7.4)."""

import re

from viewer.markup.nodes import Break, Nodes, Text

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u3030\u303d\u3297\u3299]\ufe0f"
    "|[\u231a-\u23ff\u25aa-\u27bf\u2934-\u2935\u2b05-\u2b55\U0001f000-\U0001faff]"
)
_ONE = rf"(?:{_PICTURE})[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*+"
_EMOJI = re.compile(
    rf"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_ONE}(?:\u200d{_ONE})*|\s)+",
)
_HEX = re.compile(r":((?:f09f[0-9a-f]{4}|e2[89a][0-9a-f]{3}|efb88f|e2808d)+):", re.IGNORECASE)


def is_emoji_only(nodes: Nodes) -> bool:
    """Whether the text is emoji and nothing else, and may be shown large."""
    if not all(isinstance(node, Text | Break) for node in nodes):
        return False
    text = "".join(node.text for node in nodes if isinstance(node, Text))
    return bool(text.strip()) and len(text) <= 200 and bool(_EMOJI.fullmatch(text))


def decoded(source: str) -> str:
    """The source with `:f09f918d:` turned into the emoji it stands for."""
    return _HEX.sub(_decoded, source) if ":f09f" in source or ":F09F" in source else source


def _decoded(found: re.Match[str]) -> str:
    try:
        return bytes.fromhex(found[1]).decode()
    except ValueError:
        return found[0]
