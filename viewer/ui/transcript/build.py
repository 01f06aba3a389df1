"""From a message to its elements: what it says, quotes and carries, in reading order."""

from viewer.chat import Delivery, File, FileKind, Message, MessageKind, MessageRow, Side, Sticker, connector_name
from viewer.i18n import _, clock, ngettext
from viewer.markup import Context as Markup
from viewer.markup import card_plain, is_emoji_only, parse, plain, revealed, snippet
from viewer.markup.nodes import Code, Nodes, Quote
from viewer.ui.transcript.bubble import Bubble, Look
from viewer.ui.transcript.buttons import Buttons, Notice
from viewer.ui.transcript.card import CardBox
from viewer.ui.transcript.context import Context, Reading, type_of
from viewer.ui.transcript.elements import Element, Header, Label, Links
from viewer.ui.transcript.files import Voice, file_element
from viewer.ui.transcript.hits import Act, Hit
from viewer.ui.transcript.mosaic import Mosaic
from viewer.ui.transcript.text import CodeBox, QuoteBox, TextBox
from viewer.ui.transcript.words import html_of, nodes_of, pieces, zone_of

_SPOKEN = 8000  # characters of a message's source that are read out
_AUTOMATIC = (MessageKind.AUTOMATIC, MessageKind.VOTE_REQUEST, MessageKind.FORM)


def bubble(row: MessageRow, ctx: Context) -> Bubble:
    """A message, laid out."""
    message = row.message
    look = look_of(row)
    elements = _unknown(message) if message.kind is MessageKind.UNKNOWN else _elements(row, look, ctx)
    when = clock(message.date)
    if message.edited:
        when = _("edited") + f" · {when}"
    made = Bubble(row, look, _header(row, elements, when), elements, when, ctx)
    foot = _foot(message, ctx)
    if foot is not None:
        made.add_foot(foot, ctx)
    return made


def look_of(row: MessageRow) -> Look:
    """The bubble's drawing, by what the message is and who wrote it."""
    message, side = row.message, row.author.side
    if message.kind is MessageKind.UNKNOWN:
        return Look("canvas", "line_strong", dashes=True, left=side is Side.CLIENT)
    if message.kind in _AUTOMATIC:
        return Look("auto", "green", dashes=True)
    if message.internal:
        return Look("note", "line", bar="note_text")
    if side is Side.CLIENT:
        return Look("client", "line", left=True)
    return Look("bot") if side is Side.BOT else Look("operator")


def _header(row: MessageRow, elements: list[Element], when: str) -> Header | None:
    message, author = row.message, row.author
    alone = len(elements) == 1 and isinstance(elements[0], CardBox)
    if message.kind is MessageKind.UNKNOWN:
        return Header(_("This message cannot be shown yet"), when, role="label", icon="info")
    if message.kind in _AUTOMATIC:
        return Header(_sent(message), when, role="secondary-medium", color="green", icon="send")
    if alone and not author.name:
        return None
    if message.internal:
        text = _("Internal note, client does not see it")
        return Header(text, when, role="secondary-medium", color="note_text", icon="lock")
    if not row.first_of_run or (author.side is Side.CLIENT and len(elements) == 1 and isinstance(elements[0], Voice)):
        return None
    if author.side is Side.BOT:
        name = _("{name}, bot").format(name=author.name or _("Chat bot"))
        return Header(name, when, role="secondary-medium", color="bot_text", icon="bot", tip=author.position)
    return Header(author.name or _name_of(row), when, tip=author.position)


def _sent(message: Message) -> str:
    """What a message of the portal to the client is."""
    if message.kind is MessageKind.FORM:
        return _("CRM form, sent to client")
    return (
        _("Rating asked of the client") if message.kind is MessageKind.VOTE_REQUEST else _("Automatic, sent to client")
    )


def _name_of(row: MessageRow) -> str:
    number = row.author.id
    return (_("Client #{id}") if row.author.side is Side.CLIENT else _("Person #{id}")).format(id=number)


def _unknown(message: Message) -> list[Element]:
    number = message.id
    links = Links(
        [
            ("external", _("Open in Bitrix24"), Hit(Act.LINK, f"olv:open/{number}")),
            ("", _("Show raw data"), Hit(Act.LINK, f"olv:raw/{number}")),
        ]
    )
    reason = message.problem or _("Nothing in it that this program knows. Message {id}.").format(id=number)
    return [TextBox("secondary", "text2", plain=reason), links]


def _elements(row: MessageRow, look: Look, ctx: Context) -> list[Element]:
    message = row.message
    files = ctx.transcript.files_of(message)
    out: list[Element] = []
    if message.pinned:
        out.append(Notice("pin", _("Pinned"), "text3", "meta"))
    if message.forward is not None:
        out.append(Notice("forward", _forwarded(message, ctx), "text3"))
    if message.reply_to:
        out.append(_reply(message, ctx))
    out += _text(message, look, ctx)
    if message.sticker is not None:
        out.append(_sticker(message.sticker))
    pictures = [file for file in files if file.kind is FileKind.IMAGE and not file.missing]
    if pictures:
        out.append(Mosaic(pictures))
    out += [file_element(file) for file in files if file not in pictures]
    alone = not out and not message.buttons and len(message.cards) == 1
    reserved = type_of("meta").width(clock(message.date)) + 16 if alone and not row.author.name else 0.0
    for card in message.cards:
        out.append(CardBox(card, ctx, alone=alone, zone=zone_of(message), reserved=reserved))
    if message.buttons:
        out.append(Buttons(message.buttons, look.fill, "bot_text" if row.author.side is Side.BOT else "text2"))
    return out or [TextBox("secondary", "text3", plain=_("Empty message"))]


def _text(message: Message, look: Look, ctx: Context) -> list[Element]:
    if not message.text.strip():
        return []
    reading = ctx.reading(message)
    if reading is Reading.TYPED:
        return [CodeBox(revealed(message.text))]
    nodes = nodes_of(message.text, ctx, markdown=reading is Reading.MARKDOWN)
    if is_emoji_only(nodes) and not message.file_ids:
        return [_paragraph(nodes, "emoji", look, message, ctx)]
    out: list[Element] = []
    for piece in pieces(nodes):
        if isinstance(piece, Code):
            out.append(CodeBox(piece.text))
        elif isinstance(piece, Quote):
            out.append(_quote(piece, look, message, ctx))
        else:
            out.append(_paragraph(piece, "body", look, message, ctx))
    return out


def _paragraph(nodes: Nodes, role: str, look: Look, message: Message, ctx: Context) -> TextBox:
    return TextBox(role, html=html_of(nodes, ctx, look.fill, zone_of(message)))


def _quote(quote: Quote, look: Look, message: Message, ctx: Context) -> QuoteBox:
    html = html_of(quote.children, ctx, look.fill, zone_of(message), "text2")
    hit = None
    if quote.message_id:
        hit = Hit(Act.LINK, f"olv:message/{quote.dialog}/{quote.message_id}", _("Go to the message"))
    return QuoteBox(quote.author, quote.date, TextBox("secondary", "text2", html=html), hit)


def _reply(message: Message, ctx: Context) -> QuoteBox:
    original = ctx.message(message.reply_to)
    hit = Hit(Act.JUMP, message.reply_to, _("Go to the message"))
    if original is None:
        text = _("Message {id} is not among those read").format(id=message.reply_to)
        return QuoteBox("", "", TextBox("secondary", "text2", plain=text), hit)
    author = ctx.transcript.author(original)
    body = TextBox("secondary", "text2", plain=snippet(original.text) or _in_short(original, ctx))
    return QuoteBox(author.name, clock(original.date), body, hit, short=True)


def _sticker(sticker: Sticker) -> Label:
    """A sticker in words; its picture lies at an address of its own and opens in the browser."""
    text = _("Sticker: {name}").format(name=sticker.name) if sticker.name else _("Sticker")
    hit = Hit(Act.LINK, sticker.url, sticker.url) if sticker.url.startswith(("https://", "http://")) else None
    return Label(text, "secondary", "link" if hit else "text2", "image", hit)


def _in_short(message: Message, ctx: Context) -> str:
    if message.deleted:
        return _("Deleted message")
    if message.sticker is not None:
        return _("Sticker")
    files = ctx.transcript.files_of(message)
    if files:
        return ", ".join(file.name or _("File {id}").format(id=file.id) for file in files)
    return _("Card") if message.cards else _("Empty message")


def _forwarded(message: Message, ctx: Context) -> str:
    forward = message.forward
    person = ctx.names.get(forward.person_id, "") if forward else ""
    source = ", ".join(filter(None, (person, forward.chat_title if forward else "")))
    return _("Forwarded from {name}").format(name=source) if source else _("Forwarded")


def _foot(message: Message, ctx: Context) -> Element | None:
    if message.delivery is Delivery.FAILED:
        channel = connector_name(ctx.transcript.dialog.connector) if ctx.transcript.dialog else ""
        said = _("Not delivered to {channel}").format(channel=channel) if channel else _("Not delivered")
        return Notice("warning", said, "red")
    if message.delivery is Delivery.PENDING:
        return Label(_("Being delivered"), "meta", "text3", "clock")
    return None


# --- for those who listen -----------------------------------------------------------------------------------------


def speech(row: MessageRow, ctx: Context) -> str:
    """A message in words: who, when, what it holds."""
    message = row.message
    reading = Markup(people=ctx.names, base=ctx.base)
    parts = [_speaker(row), clock(message.date)]
    if message.internal:
        parts.append(_("internal note"))
    if message.kind in _AUTOMATIC:
        parts.append(_("automatic, sent to client"))
    if message.deleted:
        return ", ".join([*parts, _("deleted message")])
    if message.text:
        nodes = parse(message.text[:_SPOKEN], base=ctx.base, markdown=ctx.reading(message) is Reading.MARKDOWN)
        parts.append(" ".join(plain(nodes, reading, addresses=False).split()))
    if message.sticker is not None:
        parts.append(_sticker(message.sticker).text)
    parts += _carried(ctx.transcript.files_of(message))
    for card in message.cards:
        parts += [_("card"), " ".join(card_plain(card, reading).split())[:_SPOKEN]]
    parts += [f"{reaction.emoji} {reaction.count}" for reaction in message.reactions]
    if message.delivery is Delivery.FAILED:
        parts.append(_("not delivered"))
    if message.problem:
        parts.append(message.problem)
    return ", ".join(filter(None, parts))


def _speaker(row: MessageRow) -> str:
    kinds = {Side.CLIENT: _("Client {name}"), Side.OPERATOR: _("Operator {name}"), Side.BOT: _("Bot {name}")}
    if row.author.side is Side.SYSTEM:
        return _("Portal")
    return kinds[row.author.side].format(name=row.author.name).strip()


def _carried(files: tuple[File, ...]) -> list[str]:
    pictures = sum(file.kind is FileKind.IMAGE for file in files)
    others = len(files) - pictures
    out = []
    if pictures:
        out.append(ngettext("{n} picture", "{n} pictures", pictures).format(n=pictures))
    if others:
        out.append(ngettext("{n} file", "{n} files", others).format(n=others))
    return out
