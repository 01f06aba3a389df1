"""Which dialect a text is in. Only what nobody writes by chance counts as Markdown."""

import re

_SIGNS = re.compile(
    r"^ {0,3}(?:```|~~~)"  # a fence
    r"|^ {0,3}\#{1,6} +\S"  # a heading
    r"|^ {0,3}\|?(?: *:?-{3,}:? *\|)+ *:?-*:? *$"  # the line under a table's head
    r"|\*\*[^*\s](?:[^*\n]{0,500}[^*\s])?\*\*"  # strong
    r"|\]\((?:https?://|mailto:|/)[^\s()]{1,2000}\)"  # a link
    r"|(?<!`)`[^`\n]{1,500}`(?!`)",  # code
    re.MULTILINE,
)
_LOOKED_AT = 20_000  # characters; the portal cuts messages there (§7.1)


def looks_like_markdown(source: str) -> bool:
    """Whether a text holds signs of Markdown: a fence, a heading, a table, strong text, a link or code."""
    return bool(_SIGNS.search(source[:_LOOKED_AT]))
