"""What a message shows as plain text, in the order in which the window draws it: what can be found.

Texts that the window draws apart (a paragraph, a quote, a code block, a file's name, a cell of a card) are apart here
too, so that the same query meets the same places in both.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC

from viewer.chat import Card, File, FileKind, Message, MessageKind, Transcript
from viewer.i18n import _, zone
from viewer.library.finding import Has, Said, folding
from viewer.markup import Context, parse, plain, revealed, snippet, walk
from viewer.markup.cards import Divider, Entry, Pair, Part, Prose, Role, parts, title_of
from viewer.markup.nodes import (
    Action,
    Break,
    Code,
    Colored,
    Heading,
    Link,
    Listing,
    Node,
    Nodes,
    Picture,
    Quote,
    Rule,
    Sized,
    Styled,
    Table,
    Text,
)
from viewer.markup.plain import leaf_text

_UNMARKED = frozenset(
    {MessageKind.SYSTEM, MessageKind.TRANSFER, MessageKind.MEMBER, MessageKind.VOTE, MessageKind.SESSION_START}
)


class Texts:
    """What the messages of one conversation show; what was told once is kept.

    `base` is the portal's root, `names` are people's by id. `readings` tell of single messages how their reader wants
    them read: "messenger", "markdown" or "typed".
    """

    def __init__(
        self, transcript: Transcript, base: str = "", names: Mapping[int, str] | None = None,
        readings: Mapping[int, str] | None = None,
    ) -> None:  # fmt: skip
        self._transcript, self._base = transcript, base
        self._names = dict(names or {})
        self._readings = dict(readings or {})
        self._zone = zone()
        self._known: dict[int, Message] = {}
        self._told: dict[int, tuple[Message, Said]] = {}

    def __call__(self, message: Message) -> Said:
        """What a message shows."""
        kept = self._told.get(message.id)
        if kept is not None and kept[0] is message:
            return kept[1]
        said = self._said(message)
        said = Said(said.texts, said.has, tuple(map(folding, said.texts)))
        self._told[message.id] = (message, said)
        return said

    def follow(self, before: "Texts") -> None:
        """Take what another one was told of the same messages, where nothing changed that it depends on."""
        mine = self._base, self._names, self._readings, self._zone
        same = mine == (before._base, before._names, before._readings, before._zone)
        if same:
            self._told = {number: kept for number, kept in before._told.items() if not kept[0].reply_to}

    def _said(self, message: Message) -> Said:
        if message.deleted:
            return Said()
        if message.kind is MessageKind.UNKNOWN:
            return Said((message.problem,) if message.problem else ())
        if message.kind is MessageKind.SESSION_END:
            return Said(tuple(filter(None, (self._comment(message),))))
        mark = "" if message.kind in _UNMARKED else "@"
        context = Context(people=self._names, zone=message.date.tzinfo or UTC, mention_mark=mark)
        nodes = self._nodes(message)
        files = self._transcript.files_of(message)
        texts = [*self._quoted(message), *_pieces(nodes, context)]
        if self._is_typed(message):
            texts = [*self._quoted(message), revealed(message.text)]
        if message.sticker is not None:
            name = message.sticker.name
            texts.append(_("Sticker: {name}").format(name=name) if name else _("Sticker"))
        texts += file_texts(files)
        for card in message.cards:
            texts += card_texts(card, context, self._base)
        if message.buttons:
            texts.append(", ".join(button.text for button in message.buttons))
        return Said(tuple(filter(None, texts)), _carried(message, nodes, files, self._base))

    def _is_typed(self, message: Message) -> bool:
        return self._readings.get(message.id) == "typed"

    def _nodes(self, message: Message) -> Nodes:
        if not message.text or message.text.isspace():
            return ()
        meant = "markdown" if message.markdown else "messenger"
        markdown = self._readings.get(message.id, meant) == "markdown"
        return parse(message.text, base=self._base, markdown=markdown)

    def _comment(self, message: Message) -> str:
        session = next((each for each in self._transcript.sessions if each.id == message.session_id), None)
        if session is None and len(self._transcript.sessions) == 1:
            session = self._transcript.sessions[0]
        told = session.head_comment if session else ""
        return (told or (message.votes.comment if message.votes else "")).strip()

    def _quoted(self, message: Message) -> list[str]:
        """What the answer quotes of the message that it answers."""
        if not message.reply_to:
            return []
        if not self._known:
            self._known = {each.id: each for each in self._transcript.messages}
        original = self._known.get(message.reply_to)
        if original is None:
            return [_("Message {id} is not among those read").format(id=message.reply_to)]
        return [snippet(original.text) or self._in_short(original)]

    def _in_short(self, message: Message) -> str:
        if message.deleted:
            return _("Deleted message")
        if message.sticker is not None:
            return _("Sticker")
        files = self._transcript.files_of(message)
        if files:
            return ", ".join(map(_name, files))
        return _("Card") if message.cards else _("Empty message")


def _name(file: File) -> str:
    return file.name or _("File {id}").format(id=file.id)


def file_texts(files: tuple[File, ...]) -> list[str]:
    """The names of files as they stand in a message: pictures first, together; a voice message says what it is."""
    pictures = [file for file in files if file.kind is FileKind.IMAGE and not file.missing]
    others = [
        _("voice message") if file.kind is FileKind.VOICE and not file.missing else _name(file)
        for file in files
        if file not in pictures
    ]
    return [", ".join(file.name for file in pictures), *others]


def card_texts(card: Card, context: Context, base: str = "") -> Iterator[str]:
    """The texts of a card in its order, names of cells before their values."""
    for part in parts(card, base):
        yield from _part(part, context)


def _part(part: Part, context: Context) -> Iterator[str]:
    match part:
        case Prose(nodes=nodes):
            yield shown(nodes, context)
        case Pair(name=name, value=value):
            yield shown(name, context)
            yield shown(value, context)
        case Entry(role=Role.FILE, detail=detail):
            yield " · ".join(filter(None, (title_of(part), plain(detail, context))))
        case Entry(role=Role.PICTURE, title="", url=url) if url:
            yield _("Show the picture in the browser")
        case Entry(role=role, detail=detail):
            yield title_of(part)
            if role in (Role.LINK, Role.UNKNOWN):
                yield shown(detail, context)
        case Divider():
            return


def _carried(message: Message, nodes: Nodes, files: tuple[File, ...], base: str) -> frozenset[Has]:
    has = set()
    if message.sticker is not None or any(file.kind is FileKind.IMAGE for file in files):
        has.add(Has.PICTURE)
    if any(file.kind is not FileKind.IMAGE for file in files):
        has.add(Has.FILE)
    linked = any(isinstance(node, Link) for node in walk(nodes)) or any(button.url for button in message.buttons)
    if linked or any(_is_linked(part) for card in message.cards for part in parts(card, base)):
        has.add(Has.LINK)
    return frozenset(has)


def _is_linked(part: Part) -> bool:
    match part:
        case Prose(nodes=nodes):
            return any(isinstance(node, Link) for node in walk(nodes))
        case Pair(name=name, value=value):
            return any(isinstance(node, Link) for node in walk((*name, *value)))
        case Entry(url=url):
            return bool(url)
        case Divider():
            return False


# --- the tree as it is drawn --------------------------------------------------------------------------------------


def _pieces(nodes: Nodes, context: Context) -> Iterator[str]:
    """The text cut at its quotes and code blocks, which are drawn apart; of a quote, what is quoted."""
    start = 0
    for index, node in enumerate(nodes):
        if isinstance(node, Quote) or (isinstance(node, Code) and not node.inline):
            yield shown(nodes[start:index], context)
            yield node.text if isinstance(node, Code) else shown(node.children, context)
            start = index + 1
    yield shown(nodes[start:], context)


def shown(nodes: Nodes, context: Context) -> str:
    """The characters that are drawn of a text, blocks on lines of their own, without bullets and addresses."""
    if len(nodes) == 1 and isinstance(nodes[0], Text):
        return nodes[0].text.replace("\t", "    ")
    out: list[str] = []
    for node in nodes:
        _write(node, context, out)
    return "".join(out).strip("\n")


def _write(node: Node, context: Context, out: list[str]) -> None:
    match node:
        case Text(text=text):
            out.append(text.replace("\t", "    "))
        case Break():
            out.append("\n")
        case Styled() | Sized() | Colored() | Link():
            for child in node.children:
                _write(child, context, out)
        case Code(text=text, inline=True):
            out.append(text)
        case Picture(title=title):
            out.append("🖼 " + (title or _("Picture")))
        case Action():
            out.append(f" {leaf_text(node, context)} ")
        case Code() | Quote() | Heading() | Listing() | Table() | Rule():
            out.append(f"\n{_block(node, context)}\n")
        case _:
            out.append(leaf_text(node, context))


def _block(block: Code | Quote | Heading | Listing | Table | Rule, context: Context) -> str:
    match block:
        case Code(text=text):
            return text
        case Quote(author=author, date=date, children=children):
            return "\n".join(filter(None, (" ".join(filter(None, (author, date))), shown(children, context))))
        case Heading(children=children):
            return shown(children, context)
        case Listing(items=items):
            return "\n".join(shown(item, context) for item in items)
        case Table(rows=rows):
            return "\n".join(shown(cell, context) for row in rows for cell in row)
        case Rule():
            return ""
