"""Markup: message source to nodes to every output, beside PyPI `bbcode`, and hostile inputs of 64 KB to 1 MB.

    python tests/benchmarks/bench_markup.py [MESSAGES]

Prints nanoseconds a character over the demo portal's messages and over a made-up correspondence, medians of five runs;
then, for each hostile input, seconds as it doubles, and how much longer twice as much took at worst. `bbcode` does less
(no mentions, quotes, files), in one step from text to HTML; it is not put to the hostile inputs, which it does not
survive (a RecursionError at 1,000 nested tags).
"""

import gc
import importlib
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from viewer.demo import DemoPortal
from viewer.markup import Context, commonmark, data, html, parse, plain, rich

WORDS = (  # noqa: SIM905
    "здравствуйте подскажите пожалуйста почему не работает заказ оплата возврат клиент оператор ошибка вчера доставка "
    "курьер адрес телефон письмо ссылка спасибо проверьте please check the order status again payment refund 👍 🙏"
).split()
RULE = "-" * 54
HOSTILE = {
    "nested": "[b]",
    "unclosed": "[url=http://a][b]x",
    "alternating": "[b]x[/i]",
    "crossing": "[b][i][u][/b]",
    "brackets": "[",
    "unclosed code": "[code]",
    "mentions": "[user=1 replace]",
    "link in link": "[url=[a]",
    "dots": "a.b.",
    "mail": "a@b.",
    "://": "://",
    "http://a.": "http://a.",
    "phones": "+7 8 ",
    ">> lines": ">>x\n",
    "rules": f"{RULE}\n",
    "quotes": f"{RULE}\nA [b] [c] \nx\n{RULE}\n",
    "spaces": "  ",
    "marks": "e\u0301\u0301\u0301\u0301\u0301",
    "directions": "\u2067\u202a\u202e",
}
SIZES = [64_000 * 2**step for step in range(5)]


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
        "nodes and HTML": lambda source: html(parse(source), context),
        "nodes and CommonMark": lambda source: commonmark(parse(source), context),
    }
    try:
        peer = importlib.import_module("bbcode").Parser(newline="<br>", replace_links=True, escape_html=True)
    except ImportError:
        print("PyPI bbcode is not installed: skipped")
        return subjects
    peer.install_default_formatters()
    return {**subjects, "PyPI bbcode": peer.format}


def main(count: int = 20_000) -> None:
    """All tables."""
    subjects = _subjects()
    _compare("the demo portal", _demo(), subjects)
    _compare("a made-up correspondence", correspondence(count), subjects)
    print(f"\n{'hostile input, seconds':24}" + "".join(f"{size / 1000:7.0f} KB" for size in SIZES) + "   at worst")
    for name, unit in HOSTILE.items():
        taken = [_seconds(lambda size=size: _every_output(unit * (size // len(unit)))) for size in SIZES]  # noqa: B023
        worst = max(after / before for before, after in pairwise(taken))
        print(f"{name:24}" + "".join(f"{each:10.2f}" for each in taken) + f"   x{worst:.1f}")


def _demo() -> list[str]:
    """The texts of the demo portal but for its longest chat, which repeats itself."""
    return [message.text for _session, message in DemoPortal(today=date(2026, 3, 11)).world.all_messages()]


def _compare(name: str, messages: list[str], subjects: dict[str, Callable[[str], object]]) -> None:
    characters = sum(map(len, messages))
    print(f"\n{name}: {len(messages)} messages, {characters / 1e6:.2f} M characters")
    times: dict[str, list[float]] = {subject: [] for subject in subjects}
    for _ in range(5):
        for subject, work in subjects.items():
            times[subject].append(_seconds(lambda work=work: [work(message) for message in messages]))
    for subject, taken in times.items():
        middle = statistics.median(taken)
        each = f"{middle / characters * 1e9:8.0f} ns/char{middle / len(messages) * 1e6:8.1f} us/message"
        print(f"{subject:24}{each}")


def _every_output(source: str) -> None:
    nodes = parse(source, base="https://zerno.bitrix24.example")
    for write in (rich, html, plain, commonmark, data):
        write(nodes, Context())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
