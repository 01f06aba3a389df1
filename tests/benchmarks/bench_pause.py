"""How long the window stands still while a large answer is read, or a PDF is typeset, in the background.

    python tests/benchmarks/bench_pause.py [MEGABYTES]      # 20; under Xvfb, or offscreen

A timer ticks in the GUI thread as often as it can; the longest gap between two ticks is how long a user could have been
kept waiting. Beside it the same answer decoded by `json.loads` alone in the same kind of thread, which holds the
interpreter until it is done. The first PDF of a run loads the compiler and the fonts. The figure to hold: no gap over
50 ms.
"""

import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer

from viewer.bitrix import read_saved
from viewer.ui.application import application
from viewer.ui.tasks import Tasks

_WORDS = [
    "здравствуйте",
    "заказ",
    "оплата",
    "возврат",
    "[b]клиент[/b]",
    "доставка",
    "https://example.org/order/48-1207",
    "спасибо",
    "😀",
]


def answer(megabytes: float) -> bytes:
    """An answer of `imopenlines.session.history.get`, as large as is asked for."""
    dice = random.Random(7)
    messages: dict[str, Any] = {}
    size = number = 0
    while size < megabytes * 1024 * 1024:
        number += 1
        text = " ".join(dice.choice(_WORDS) for _word in range(dice.randint(3, 60)))
        messages[str(number)] = {
            "id": number, "chatId": 1763, "senderId": 101 if number % 2 else 7, "recipientId": "chat1763",
            "date": f"2026-03-11T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}+03:00", "text": text,
            "textlegacy": text, "params": {"CLASS": "bx-messenger-content-item-ol-output"},
        }  # fmt: skip
        size += 3 * len(text) + 300
    chat = {"1763": {"id": 1763, "name": "Анна", "entityType": "LINES", "entityId": "telegrambot|3|1|101"}}
    users = {str(each): {"id": each, "name": f"User {each}", "connector": each == 101} for each in (101, 7)}
    told = {"chatId": 1763, "message": messages, "users": users, "chat": chat, "sessionId": 321}
    return json.dumps({"result": told}, ensure_ascii=False).encode()


def longest_gap(work: Callable[[], object]) -> tuple[float, float]:
    """The longest time between two ticks while `work` runs in a thread, and how long the work took, in ms."""
    tasks, gaps = Tasks(), [0.0]
    last = perf_counter()

    def tick() -> None:
        nonlocal last
        now = perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(1)
    for _turn in range(100):
        QCoreApplication.processEvents()
    gaps.clear()
    ended: list[bool] = []
    began = perf_counter()
    tasks.run(lambda _cancel: work(), on_done=lambda _result: ended.append(True), on_failure=ended.append)
    while not ended:
        QCoreApplication.processEvents()
    took = perf_counter() - began
    timer.stop()
    tasks.close()
    if ended != [True]:
        raise SystemExit(f"the answer could not be read: {ended[0]}")
    return max(gaps) * 1000, took * 1000


def typeset() -> None:
    """A PDF of two thousand messages."""
    from tests.benchmarks.bench_pdf import conversation
    from viewer.export.pdf import write_pdf

    with tempfile.TemporaryDirectory() as folder:
        write_pdf(conversation(2000), Path(folder) / "a.pdf")


def main() -> None:
    """Print the longest gaps."""
    application()
    for name in ("the first PDF of a run", "the second"):
        gap, took = longest_gap(typeset)
        print(f"{name:22} longest gap {gap:6.0f} ms, in {took:6.0f} ms")
    given = answer(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
    messages = len(read_saved(given).messages)
    print(f"{len(given) / 1024 / 1024:.1f} MB, {messages:,} messages")
    for name, work in (
        ("read by the viewer", lambda: read_saved(given)),
        ("json.loads alone", lambda: json.loads(given)),
    ):
        found = [longest_gap(work) for _round in range(3)]
        gap, took = min(found)
        every = ", ".join(f"{each[0]:.0f}" for each in found)
        print(f"{name:20} longest gap {gap:6.0f} ms (of {every}), in {took:6.0f} ms")


if __name__ == "__main__":
    main()
