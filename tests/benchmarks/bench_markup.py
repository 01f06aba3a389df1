"""Markup: message source to nodes to rich text, beside PyPI `bbcode`, and hostile inputs of 1 MB.

    python tests/benchmarks/bench_markup.py [MESSAGES]

Prints nanoseconds a character over a made-up correspondence, medians of five runs, and seconds for each hostile input.
`bbcode` is skipped where it is not installed; it does less (no mentions, quotes, files), in one step from text to HTML.
"""

import gc
import importlib
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from viewer.markup import Context, data, parse, plain, rich

WORDS = (  # noqa: SIM905
    "здравствуйте подскажите пожалуйста почему не работает заказ оплата возврат клиент оператор ошибка вчера доставка "
    "курьер адрес телефон письмо ссылка спасибо проверьте please check the order status again payment refund 👍 🙏"
).split()
HOSTILE = {
    "[b]": "[b]",
    "[b]x[/i]": "[b]x[/i]",
    "[b][i][u][/b]": "[b][i][u][/b]",
    "[": "[",
    "[url]": "[url]",
    "[url=": "[url=",
    "[url=http://a]": "[url=http://a]",
    "[url=[a]": "[url=[a]",
    "[code]": "[code]",
    "[send]": "[send]",
    "[user=1 replace]": "[user=1 replace]",
    "[user=1]x": "[user=1]x",
    "a.b.": "a.b.",
    "a@": "a@",
    "a@b.": "a@b.",
    "://": "://",
    "http://": "http://",
    "http://a.": "http://a.",
    "+7 ": "+7 ",
    ">>": ">>",
    ">>\\n": ">>\n",
    "rules": "-" * 54 + "\n",
    "header": "-" * 54 + "\nA [b] [c] \n",
    '"': '"',
    "spaces": "  ",
    "#BR#": "#BR#",
}


def correspondence(count: int) -> list[str]:
    """Messages as support chats hold them: mostly short and plain, some long and marked up."""
    chance = random.Random(7)
    return [_message(chance, number) for number in range(count)]


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def _message(chance: random.Random, number: int) -> str:
    if chance.random() < 0.6:
        return _words(chance, chance.randint(2, 14))
    parts = []
    for _ in range(chance.randint(2, 5)):
        text = _words(chance, chance.randint(12, 45))
        kind = chance.random()
        if kind < 0.35:
            text = f"[b]{_words(chance, 3)}[/b] {text}"
        elif kind < 0.45:
            text = f"[i]{_words(chance, 2)}[/i] [code]x = {number}[/code] {text}"
        elif kind < 0.6:
            text += f" [url=https://example.org/doc/{number}]{_words(chance, 2)}[/url]"
        if kind > 0.7:
            text += f" https://example.org/order/{number}?x={chance.randint(1, 9999)}&y=1"
        parts.append(text)
    return "\n\n".join(parts)


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _subjects() -> dict[str, Callable[[str], object]]:
    context = Context()
    subjects: dict[str, Callable[[str], object]] = {
        "nodes": parse,
        "nodes and rich text": lambda source: rich(parse(source), context),
        "nodes and plain text": lambda source: plain(parse(source), context),
        "nodes and data": lambda source: data(parse(source), context),
    }
    try:
        peer = importlib.import_module("bbcode").Parser(newline="<br>", replace_links=True, escape_html=True)
    except ImportError:
        print("PyPI bbcode is not installed: skipped")
        return subjects
    peer.install_default_formatters()
    return {**subjects, "PyPI bbcode": peer.format}


def main(count: int = 20_000) -> None:
    """Both tables."""
    messages = correspondence(count)
    characters = sum(map(len, messages))
    print(f"{count} messages, {characters / 1e6:.1f} M characters")
    subjects = _subjects()
    times: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(5):
        for name, work in subjects.items():
            times[name].append(_seconds(lambda work=work: [work(message) for message in messages]))
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(f"{name:24}{middle / characters * 1e9:8.0f} ns/char{middle / count * 1e6:8.1f} us/message")
    print("\nhostile input            0.5 MB      1 MB  nodes and rich text, seconds")
    for name, unit in HOSTILE.items():
        half, whole = (_seconds(lambda size=size: _hostile(unit, size)) for size in (500_000, 1_000_000))  # noqa: B023
        print(f"{name:22}{half:9.2f}{whole:10.2f}   x{whole / half:.1f}")


def _hostile(unit: str, size: int) -> str:
    return rich(parse(unit * (size // len(unit)), base="https://zerno.bitrix24.example"), Context())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
