"""A conversation as one page of HTML: it holds its style and its pictures, runs no script and fetches nothing.

Its policy allows the style within it and pictures within it, and forbids everything else. Every text is escaped, and
every element is ours (`viewer.markup.html`). Without its style the page still reads in order: headings for sessions,
days and messages. A message has the anchor `m` and its id, a session `s` and its number. The style stands in
`resources/templates/transcript.css`. Pictures are at most `WIDEST` pixels wide, which on paper is 240 dots an inch;
smaller ones keep their bytes.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from viewer import resources
from viewer.chat import (
    Aside,
    DayBreak,
    File,
    FileKind,
    Message,
    MessageKind,
    MessageRow,
    Row,
    SessionBar,
    SessionEnd,
    Side,
    SystemLines,
    messages_of,
)
from viewer.export import facts, omissions
from viewer.export.cover import cover
from viewer.export.document import Export
from viewer.export.htmlbody import Body
from viewer.export.pictures import for_print, shape
from viewer.i18n import _, clock, language, long_date
from viewer.markup.fit import fit
from viewer.markup.html import escaped

WIDEST, TALLEST = 1600, 6400  # pixels
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
PAGE = 12  # rows after which a new day begins on a new page of paper

_MIME = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_SIGNS = {
    FileKind.IMAGE: "🖼", FileKind.VIDEO: "🎞", FileKind.AUDIO: "🎵", FileKind.VOICE: "🎤", FileKind.DOCUMENT: "📄",
}  # fmt: skip


def text(export: Export) -> str:
    """The whole page."""
    return "".join(pieces(export, []))


def pieces(export: Export, notes: list[str]) -> Iterator[str]:
    """The same, row by row; `notes` are told what went amiss with pictures."""
    listed = export.rows()
    page = _Page(export, listed, notes)
    yield from page.head()
    yield from page.main()
    yield from page.foot()


def _said(told: str) -> str:
    """Characters as HTML text."""
    return escaped(fit(told))


def _tag(name: str, told: str, kind: str = "") -> str:
    """An element of one text in a direction of its own."""
    made = f' class="{kind}"' if kind else ""
    return f'<{name}{made} dir="auto">{_said(told)}</{name}>'


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<div>{_tag('dt', name)}{_tag('dd', value)}</div>" for name, value in pairs) + "</dl>\n"


def _items(kind: str, told: Sequence[str]) -> str:
    return f'<ul class="{kind}">' + "".join(f"<li>{each}</li>" for each in told) + "</ul>\n" if told else ""


@dataclass(slots=True)
class _Page:
    """One conversation."""

    export: Export
    listed: Sequence[Row]
    notes: list[str]

    def head(self) -> Iterator[str]:
        """Up to the first row: title, facts, people, and the sessions where there are several."""
        export = self.export
        style = resources.text("templates", "transcript.css")
        title = facts.title(export)
        yield (
            f'<!DOCTYPE html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
            '<meta name="referrer" content="no-referrer">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta name="generator" content="Open Lines Viewer {escape(export.version)}">\n'
            f"<title>{escape(fit(title))}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        )
        kind = _said(_("Open Lines conversation"))
        yield f'<header class="top">\n<p class="kind"><span>{kind}</span> <span>{_said(export.host)}</span></p>\n'
        yield _tag("h1", title) + "\n"
        if lacking := omissions.lacking(export):
            yield f"<p><b>{_said(lacking)}</b></p>\n"
        yield _pairs(facts.facts(export, self.listed))
        yield _items("people", [f"{_tag('b', name)} {_tag('span', role)}" for name, role in facts.people(export)])
        yield from self._cover()
        yield "</header>\n"
        bars = [row.session for row in self.listed if isinstance(row, SessionBar)]
        if len(bars) > 1:
            name = _("Session {id}")
            links = [
                f'<a href="#s{each.id}">{_said(name.format(id=each.id))}</a> {_said(facts.session_line(each))}'
                for each in bars
            ]
            label = escape(_("Sessions"))
            yield f'<nav aria-label="{label}">{_items("sessions", links)}</nav>\n'

    def _cover(self) -> Iterator[str]:
        """Circumstances and digests of an export with evidence; what follows begins on a new page of paper."""
        made = cover(self.export)
        if made is None:
            return
        title = _said(_("Evidence, SHA-256"))
        yield f'<section class="cover">\n<h2>{title}</h2>\n{_pairs(made.circumstances)}'
        for name, digests in made.groups:
            told = [
                f"{_tag('span', each.name)} <small>{_said(each.detail)}</small><br><code>{each.sha256}</code>"
                for each in digests
            ]
            yield f"<h3>{_said(name)}</h3>\n" + _items("digests", told)
        yield "</section>\n"

    def main(self) -> Iterator[str]:
        """The rows. A session, and a day, begins on a new page of paper when enough stands before it."""
        yield "<main>\n"
        rows = _Rows(self.export, self.listed, self.notes)
        since = 0
        headed = False
        for at, row in enumerate(self.listed):
            heads = isinstance(row, SessionBar | DayBreak)
            fresh = heads and not headed and since >= PAGE
            since = 0 if fresh else since + 1
            headed = heads
            yield from rows.row(row, self.listed[at + 1 : at + 2], fresh=fresh)
        yield "</main>\n"

    def foot(self) -> Iterator[str]:
        """What could not be read, and who exported the page."""
        export = self.export
        yield "<footer>\n"
        if told := omissions.untold(export):
            yield "<h2>" + _said(_("Could not be read")) + "</h2>\n" + _items("untold", [_said(each) for each in told])
        yield f"<p>{_said(facts.written_line(export))}</p>\n</footer>\n</body>\n</html>\n"


class _Rows:
    """The rows of one conversation, one after another."""

    def __init__(self, export: Export, listed: Sequence[Row], notes: list[str]) -> None:
        self._export = export
        self._notes = notes
        spoken = (row.message.id for row in listed if isinstance(row, MessageRow))
        self._numbers = {identity: number for number, identity in enumerate(spoken, start=1)}
        anchors = {message.id: f"m{message.id}" for message in export.messages()}
        self._body = Body(export, anchors)
        self._known: Mapping[int, Message] = {message.id: message for message in export.messages()}
        self._last: Message | None = None

    def row(self, row: Row, after: Sequence[Row], *, fresh: bool) -> Iterator[str]:
        """One row; `after` is the one that follows, `fresh` whether a page of paper begins."""
        page = " page" if fresh else ""
        match row:
            case SessionBar(session=session):
                name, rest = _("Session {id}").format(id=session.id), facts.session_line(session)
                yield f'<h2 class="session{page}" id="s{session.id}">{_said(name)} <small>{_said(rest)}</small></h2>\n'
            case DayBreak(day=day):
                first = next((message for each in after for message in messages_of(each)), None)
                zone = facts.zone_change(self._last.date, first.date) if self._last and first else ""
                yield f'<h3 class="day{page}">{_said(", ".join(filter(None, [long_date(day), zone])))}</h3>\n'
            case SystemLines(messages=messages):
                for told in messages:
                    line = self._body.line(told)
                    yield f'<p class="line" id="m{told.id}">{_time(told)} <span dir="auto">{line}</span></p>\n'
            case SessionEnd():
                yield self._end(row)
            case Aside(text=told):
                yield f'<p class="line">{_said(told)}</p>\n'
            case MessageRow():
                yield from self._message(row)
        self._last = next(reversed(messages_of(row)), self._last)

    def _end(self, row: SessionEnd) -> str:
        name, rest = facts.ending(row)
        told = self._body.line(row.message)
        line = f'<p dir="auto">{told}</p>' if told else ""
        head = f"<p><b>{_said(name)}</b> {_said(rest)}</p>"
        votes = facts.ratings(row, self._export)
        told = f"{head}{line}{_pairs(votes) if votes else ''}"
        return f'<section class="end" id="m{row.message.id}">{told}</section>\n'

    # --- messages -------------------------------------------------------------------------------------------------

    def _message(self, row: MessageRow) -> Iterator[str]:
        message = row.message
        anchor, number = f"m{message.id}", self._numbers[message.id]
        numbered = self._export.options.numbered
        shown = f'<a class="n" href="#{anchor}">{number}</a>' if numbered else '<span class="n"></span>'
        yield f'<article class="msg {_side(row)}" id="{anchor}">{shown}\n<div class="bubble">'
        wait = facts.waited(row)
        yield _tag("h4", facts.heading(row)) + f' <span class="marks">{self._marks(row)}</span>'
        yield f' <span class="wait">{_said(wait)}</span>\n' if wait else "\n"
        yield self._reply(message)
        yield self._body.text(message)
        if gone := facts.instead(message):
            yield _tag("p", gone, "gone") + "\n"
        yield from self._body.cards(message)
        yield from self._files(row)
        if message.buttons:
            yield "<p>" + " ".join(f"<kbd>{_said(button.text)}</kbd>" for button in message.buttons) + "</p>\n"
        if told := facts.reactions(message, self._export):
            yield _tag("p", told, "detail") + "\n"
        yield "</div></article>\n"

    def _marks(self, row: MessageRow) -> str:
        """The marks, the time among them for programs too."""
        time, marks = clock(row.message.date), facts.marks(row, self._export)
        return " · ".join(_time(row.message) if mark == time else _said(mark) for mark in marks)

    def _reply(self, message: Message) -> str:
        asked = self._known.get(message.reply_to)
        if asked is None:
            return ""
        author = facts.person_name(self._export.transcript.author(asked))
        link = f'<a href="#m{asked.id}"><cite>{_said(author)}</cite> {clock(asked.date)}</a>'
        told = facts.in_short(asked, self._export)
        return f'<blockquote>{link}<br><span dir="auto">{_said(told)}</span></blockquote>\n'

    # --- files ----------------------------------------------------------------------------------------------------

    def _files(self, row: MessageRow) -> Iterator[str]:
        """Pictures that can be shown, and a line for each other file."""
        lines: list[str] = []
        figures: list[str] = []
        for file in self._export.transcript.files_of(row.message):
            detail = facts.file_detail(file, self._export)
            if file.kind is FileKind.IMAGE and not file.missing:
                shown, problem = self._picture(file, row)
                if shown:
                    figures.append(shown)
                    continue
                detail += f", {problem}"
            name = self._named(file)
            lines.append(f'{_SIGNS[file.kind]} {name} <span class="detail">{_said(detail)}</span>')
        if figures:
            yield f'<div class="{"pictures" if len(figures) > 1 else "picture"}">\n{"".join(figures)}</div>\n'
        yield _items("files", lines)

    def _named(self, file: File) -> str:
        """A file's name, linked to where it was saved."""
        name = _tag("span", facts.file_name(file))
        path = self._export.beside.get(file.id)
        return f'<a href="{escape(quote(path))}">{name}</a>' if path else name

    def _picture(self, file: File, row: MessageRow) -> tuple[str, str]:
        """A picture within the page, or why there is none."""
        content = self._export.pictures.get(file.id)
        if content is None:
            return "", _("not read")
        found, made = shape(content), for_print(content, WIDEST, TALLEST)
        if found is None or made is None:
            large = found is not None and found.too_large
            problem = _("too large to show") if large else _("damaged, or no picture that can be shown")
            self._notes.append(f"{facts.file_name(file)}: {problem}.")
            return "", problem
        width = min(found.width, WIDEST)
        height = max(1, round(found.height * width / found.width))
        name = facts.file_name(file)
        told = _("{name}, picture sent by {author}").format(name=name, author=facts.person_name(row.author))
        address = f"data:{_MIME[made.kind]};base64,{b64encode(made.content).decode()}"
        image = f'<img src="{address}" alt="{escape(fit(told))}" width="{width}" height="{height}">'
        caption = f"{self._named(file)} · {_said(facts.file_detail(file, self._export))}"
        return f"<figure>{image}<figcaption>{caption}</figcaption></figure>\n", ""


def _time(message: Message) -> str:
    return f'<time datetime="{message.date.isoformat()}">{clock(message.date)}</time>'


def _side(row: MessageRow) -> str:
    """What a bubble looks like: whose it is, and whether the client saw it."""
    message = row.message
    if row.author.side is Side.CLIENT:
        return "client"
    if message.deleted or message.internal:
        return "inside"
    if message.kind in (MessageKind.AUTOMATIC, MessageKind.VOTE_REQUEST, MessageKind.FORM):
        return "auto"
    return "bot" if row.author.side is Side.BOT else "team"
