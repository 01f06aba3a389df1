"""The transcript beside one QTextBrowser and a QListView with a delegate: first paint, pages, jumps, find, memory.

    python tests/benchmarks/bench_transcript.py        # 100, 10,000 and 100,000 messages; under Xvfb, or offscreen

The list's delegate draws each message by a QTextDocument, a few hundred of which are kept; it must know the height of
every row before the first is drawn. Neither peer is asked for 100,000: they would take minutes. "find" is every hit of
a word in the whole conversation, the first time it is asked for, in CPU time of this process.

Each case runs in a process of its own, so that memory is its own. A frame is: set the scroll bar, repaint at once, run
the events that follow; every frame is checked, outside the timing, not to be blank. The figures to hold are those of
`design.md` §6.
"""

import json
import random
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, QStringListModel
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTextBrowser,
)

from viewer.chat import Dialog, File, FileKind, Message, Person, Row, Side, Transcript, rows
from viewer.library.finding import Query, find
from viewer.library.shown import Texts
from viewer.markup import Context, parse, rich
from viewer.ui.theme import apply, theme
from viewer.ui.transcript import TranscriptView
from viewer.ui.transcript.patterns import expression

FRAMES = 60
WORD = "возврат"
_WORDS = [
    "здравствуйте", "подскажите", "пожалуйста", "почему", "не", "работает", "заказ", "оплата", "возврат", "клиент",
    "оператор", "ошибка", "вчера", "сегодня", "доставка", "курьер", "адрес", "договор", "скидка", "спасибо",
    "проверьте", "ещё", "раз", "please", "check", "order", "status", "again", "refund", "😀", "🙏", "✅",
]  # fmt: skip
_CLIENT, _OPERATOR = Person(101, "Анна Вересова", Side.CLIENT), Person(7, "Павел Кремнёв", Side.OPERATOR)
_START = datetime(2026, 1, 1, 9, tzinfo=UTC)


def _words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choice(_WORDS) for _ in range(count))


def _text(dice: random.Random, number: int) -> str:
    if dice.random() < 0.6:
        return _words(dice, dice.randint(2, 14))
    paragraphs = []
    for _ in range(dice.randint(2, 5)):
        kind, text = dice.random(), _words(dice, dice.randint(12, 45))
        if kind < 0.3:
            text = f"[b]{_words(dice, 3)}[/b] {text}"
        elif kind < 0.4:
            text = f">>{_words(dice, 10)}\n{text}"
        elif kind < 0.6:
            text += f" https://example.org/order/{number}?x=1&y=2"
        elif kind < 0.7:
            text += f" [url=https://example.org/{number}]{_words(dice, 2)}[/url]"
        paragraphs.append(text)
    return "\n\n".join(paragraphs)


def conversation(count: int) -> Transcript:
    """A mixed conversation, the same one each time: two of three short, a tenth with pictures."""
    dice = random.Random(7)
    messages, when, side = [], _START, _CLIENT
    files = {n: File(n, f"{n}.jpg", FileKind.IMAGE, 90_000, 1600, 1200, "jpg") for n in range(1, 40)}
    for number in range(1, count + 1):
        if dice.random() < 0.4:
            side = _OPERATOR if side is _CLIENT else _CLIENT
        when += timedelta(seconds=dice.randint(5, 900))
        shown = tuple(dice.sample(range(1, 40), dice.randint(1, 6))) if dice.random() < 0.06 else ()
        messages.append(Message(number, 1, side.id, when, _text(dice, number), file_ids=shown))
    people = {person.id: person for person in (_CLIENT, _OPERATOR)}
    return Transcript(Dialog(1), (), tuple(messages), people, files)


def resident() -> float:
    """Memory of this process in MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _view(transcript: Transcript, listed: list[Row]) -> tuple[QAbstractScrollArea, Callable[[], None]]:
    view = TranscriptView(theme("light"))

    def picture(number: int, size: QSize) -> None:
        image = QImage(size, QImage.Format.Format_RGB32)
        image.fill(QColor("#8899aa"))
        view.set_picture(number, image)

    view.picture_needed.connect(picture)
    return view, lambda: view.set_rows(listed, transcript)


def _browser(transcript: Transcript, listed: list[Row]) -> tuple[QAbstractScrollArea, Callable[[], None]]:
    view = QTextBrowser()
    return view, lambda: view.setHtml("".join(_htmls(transcript)))


class _Delegate(QStyledItemDelegate):
    """Draws a message by a document of its own."""

    def __init__(self, texts: list[str], view: QListView) -> None:
        super().__init__(view)
        self._texts, self._view = texts, view
        self._kept: OrderedDict[int, QTextDocument] = OrderedDict()

    def document(self, row: int) -> QTextDocument:
        """A row's document, laid out for the view's width."""
        width = self._view.viewport().width()
        made = self._kept.get(row)
        if made is None:
            made = QTextDocument()
            made.setHtml(self._texts[row])
            self._kept[row] = made
            if len(self._kept) > 300:
                self._kept.popitem(last=False)
        if made.textWidth() != width:
            made.setTextWidth(width)
        return made

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self.document(index.row()).size().toSize()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.translate(option.rect.topLeft())  # type: ignore[attr-defined]
        self.document(index.row()).drawContents(painter)
        painter.restore()


def _list(transcript: Transcript, _listed: list[Row]) -> tuple[QAbstractScrollArea, Callable[[], None]]:
    view = QListView()
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setResizeMode(QListView.ResizeMode.Adjust)

    def fill() -> None:
        texts = _htmls(transcript)
        view.setItemDelegate(_Delegate(texts, view))
        view.setModel(QStringListModel(texts, view))

    return view, fill


def _htmls(transcript: Transcript) -> list[str]:
    reading, people = Context(), transcript.people
    return [
        f"<p><b>{people[each.author_id].name}</b><br>{rich(parse(each.text), reading)}</p>"
        for each in transcript.messages
    ]


def _hits(view: QAbstractScrollArea, transcript: Transcript, listed: list[Row]) -> int:
    """Every place of a word, as each view finds it."""
    if isinstance(view, QTextBrowser):
        count, cursor = 0, view.document().find(WORD)
        while not cursor.isNull():
            count, cursor = count + 1, view.document().find(WORD, cursor)
        return count
    if isinstance(view, QListView):
        model = view.model()
        texts = (str(model.data(model.index(row, 0))) for row in range(model.rowCount()))
        return sum(text.count(WORD) for text in texts)
    found = find(listed, Query(WORD), Texts(transcript, "", {}, {}), expression)
    return sum(len(spans) for each in found for spans in each.spans)


def _blank(view: QAbstractScrollArea) -> bool:
    image = view.viewport().grab().toImage()
    spots = [(x, y) for x in range(0, image.width(), 20) for y in range(0, image.height(), 20)]
    return len({image.pixel(x, y) for x, y in spots}) < 3


def _share(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def measure(kind: str, count: int) -> dict[str, Any]:
    """All figures of one view holding `count` messages."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply(app, theme("light"))
    transcript = conversation(count)
    listed = rows(transcript)
    view, fill = KINDS[kind][1](transcript, listed)
    view.resize(900, 700)
    view.show()
    while not view.windowHandle().isExposed():
        app.processEvents()
    before, dice = resident(), random.Random(1)
    began = perf_counter()
    fill()
    view.viewport().repaint()
    out: dict[str, Any] = {"first_ms": (perf_counter() - began) * 1000}
    began = perf_counter()
    while perf_counter() - began < 1.0:
        app.processEvents()
    scroll, blank = view.verticalScrollBar(), 0

    def frame(act: Callable[[], object]) -> float:
        nonlocal blank
        start = perf_counter()
        act()
        view.viewport().repaint()
        app.processEvents()
        spent = (perf_counter() - start) * 1000
        blank += _blank(view)
        return spent

    pages = [frame(lambda: scroll.setValue(scroll.value() + 650)) for _ in range(FRAMES)]
    jumps = [frame(lambda: scroll.setValue(dice.randint(0, scroll.maximum()))) for _ in range(FRAMES)]
    widths = [frame(lambda width=width: view.resize(width, 700)) for width in (820, 900, 700, 900, 640, 900)]  # type: ignore[misc]
    for name, times in (("page", pages), ("jump", jumps), ("resize", widths)):
        out[f"{name}_p50"], out[f"{name}_p95"] = _share(times, 0.5), _share(times, 0.95)
    out["memory_mb"] = resident() - before
    began = process_time()
    hits = _hits(view, transcript, listed)
    return {**out, "find_ms": (process_time() - began) * 1000, "hits": hits, "blank": blank}


KINDS: dict[str, tuple[str, Callable[[Transcript, list[Row]], tuple[QAbstractScrollArea, Callable[[], None]]]]] = {
    "view": ("TranscriptView", _view),
    "browser": ("QTextBrowser", _browser),
    "list": ("QListView", _list),
}
CASES = (
    ("view", 100), ("browser", 100), ("list", 100), ("view", 10_000), ("browser", 10_000), ("list", 10_000),
    ("view", 100_000),
)  # fmt: skip


def main() -> None:
    """Run every case and print the table."""
    if len(sys.argv) > 2:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
        return
    heads = ("first", 9), ("page 50/95", 14), ("jump 50/95", 14), ("resize", 9), ("find", 8), ("hits", 8), ("MB", 8)
    print(" " * 24 + "".join(f"{head:>{wide}}" for head, wide in (*heads, ("blank", 7))))
    for kind, count in CASES:
        done = subprocess.run(
            [sys.executable, __file__, kind, str(count)], capture_output=True, encoding="utf-8", check=True
        )
        row = json.loads(done.stdout.splitlines()[-1])
        name = KINDS[kind][0]
        pages = f"{row['page_p50']:.1f}/{row['page_p95']:.1f}"
        jumps = f"{row['jump_p50']:.1f}/{row['jump_p95']:.1f}"
        print(
            f"{name + f' {count:,}':24}{row['first_ms']:>9.0f}{pages:>14}{jumps:>14}{row['resize_p95']:>9.0f}"
            f"{row['find_ms']:>8.0f}{row['hits']:>8}{row['memory_mb']:>8.0f}{row['blank']:>7}"
        )


if __name__ == "__main__":
    main()
