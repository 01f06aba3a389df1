"""The tree as plain lists, for what cannot walk nodes: the PDF template and the JSON export.

`data(nodes, context)` returns a list of items. An item is a JSON string (characters, never a line break), or a list
whose first element names its kind. `kids` is again such a list of items. The result holds nothing but `str`, `int`,
`bool`, `list` and, in quotes, one `dict`; it goes through `json.dumps` as it is.

Within a line:

    "text"                                  characters, spaces as typed
    ["br"]                                  line break
    ["b" | "i" | "u" | "s", kids]           bold, italic, underlined, struck out
    ["size", px, kids]                      text size, 8..30, where 13 is the body
    ["color", "#rrggbb", kids]              colour as written; the reader keeps it readable on his own background
    ["a", url, kids, bare]                  link; http, https, mailto or tel. `bare`: kids are just the address
    ["a", url, kids, false, host]           link whose text names another host than `host`, to which it leads
    ["@", id, name]                         mention of a person, 0 for everybody; `name` is ready to show, with its "@"
                                            where a person typed the mention
    ["chat", id, is_session, text]          link to a chat, or to a session when `is_session`; `text` never empty
    ["msg", dialog, id, text]               link to a message; `dialog` is "chat12" or "3:4"; `text` never empty
    ["stars", n, text]                      1..5 stars; `text` reads "★★★★☆ 4/5"
    ["like", text], ["dislike", text]       a thumb; `text` is its emoji
    ["pic", url, title, size]               picture by address, not fetched; `title` may be empty; `size` px or 0
    ["file", id, text]                      file of the Drive, by id; `text` is "[File]" in the reader's language
    ["attach", id, text]                    attachment card named within the text
    ["time", unix, text]                    a moment, `text` in the reader's language and zone
    ["button", kind, text, value]           inert button, `kind` "send" or "put"; `value` what it would send
    ["code", text, true]                    code within a line

Blocks stand on lines of their own; no ["br"] stands for the line break before and after them:

    ["code", text, false]                   lines of code, parted by "\\n"
    ["quote", head, kids]                   `head` is {"author": str, "date": str, "dialog": str, "message": int};
                                            empty strings and 0 where unknown
    ["h", level, kids]                      heading, level 1..6
    ["list", start, [kids, ...]]            list; `start` 0 for bullets, else the first number
    ["table", [[kids, ...], ...]]           rows of cells; the first row is the head; rows are equally long
    ["hr"]                                  rule

Blocks may stand inside styled, sized and coloured items, in quotes and in list items, hardly ever in links. Kinds may
be added; a reader should show the strings of a kind it does not know. Items nest at most `DEPTH_LIMIT` + 8 deep.
"""

from typing import TypeAlias

from viewer.markup.nodes import (
    Action,
    Attachment,
    Block,
    Break,
    ChatLink,
    Code,
    Colored,
    DriveFile,
    Heading,
    Leaf,
    Link,
    Listing,
    Mention,
    MessageLink,
    Node,
    Nodes,
    Picture,
    Quote,
    Rating,
    Rule,
    Sized,
    Styled,
    Table,
    Text,
    Timestamp,
)
from viewer.markup.plain import leaf_text
from viewer.markup.visitor import Context, true_host

Json: TypeAlias = "str | int | list[Json] | dict[str, Json]"


def data(nodes: Nodes, context: Context) -> list[Json]:
    """The tree as items (see the module)."""
    return [_item(node, context) for node in nodes]


def _item(node: Node, context: Context) -> Json:
    match node:
        case Text(text=text):
            return text
        case Break():
            return ["br"]
        case Styled(style=style, children=children):
            return [style.value, data(children, context)]
        case Sized(pixels=pixels, children=children):
            return ["size", pixels, data(children, context)]
        case Colored(color=color, children=children):
            return ["color", color, data(children, context)]
        case Link(url=url, children=children, bare=bare):
            host = true_host(node)
            return ["a", url, data(children, context), bare, *([host] if host else [])]
        case Code() | Quote() | Heading() | Listing() | Table() | Rule():
            return _block(node, context)
        case _:
            return _leaf(node, leaf_text(node, context))


def _block(block: Block, context: Context) -> Json:
    match block:
        case Code(text=text, inline=inline):
            return ["code", text, inline]
        case Quote(children=children, author=author, date=date, dialog=dialog, message_id=message):
            head: Json = {"author": author, "date": date, "dialog": dialog, "message": message}
            return ["quote", head, data(children, context)]
        case Heading(level=level, children=children):
            return ["h", level, data(children, context)]
        case Listing(items=items, start=start):
            return ["list", start, [data(item, context) for item in items]]
        case Table(rows=rows):
            return ["table", [[data(cell, context) for cell in row] for row in rows]]
        case Rule():
            return ["hr"]


def _leaf(leaf: Leaf, text: str) -> Json:
    match leaf:
        case Mention(person_id=number):
            return ["@", number, text]
        case ChatLink(id=number, session=session):
            return ["chat", number, session, text]
        case MessageLink(dialog=dialog, message_id=number):
            return ["msg", dialog, number, text]
        case Rating(value=value, stars=True):
            return ["stars", value, text]
        case Rating(value=value):
            return ["like" if value > 0 else "dislike", text]
        case Picture(url=url, title=title, size=size):
            return ["pic", url, title, size]
        case DriveFile(id=number):
            return ["file", number, text]
        case Attachment(id=number):
            return ["attach", number, text]
        case Timestamp(unix=unix):
            return ["time", unix, text]
        case Action(kind=kind, value=value):
            return ["button", kind, text, value]
