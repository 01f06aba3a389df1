"""PDF export: time, memory and size, against WeasyPrint and headless Chromium where they are installed.

    python -m tests.benchmarks.bench_pdf [messages ...]

Each measurement runs in a process of its own, so that peak memory is its own.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.export.conversation import CLIENT, EXPORT, OPERATOR, TRANSCRIPT, at, said
from viewer.export import Export
from viewer.markup import Context, parse, rich

COUNTS = (100, 2_000, 10_000)
TEXTS = (
    "Здравствуйте! Заказ 48-1207 пришёл с трещиной, что делать?",
    "Добрый день! [b]Заменим[/b], доставка за наш счёт: https://zerno.example/obmen?order=48-1207",
    "Спасибо 🙏 А когда ждать курьера? Меня не будет дома до шести вечера, а муж вернётся только к восьми.",
    ">> когда ждать курьера\nЗавтра с 18 до 22. [i]За час до визита придёт сообщение.[/i]",
    "Track number: [code]STR-2026-004417[/code]",
)


def conversation(count: int) -> Export:
    """A conversation of so many mixed messages, text only."""
    messages = tuple(
        said(n, (CLIENT, OPERATOR)[n % 2], at(9, 0) + timedelta(minutes=7 * n), TEXTS[n % len(TEXTS)])
        for n in range(1, count + 1)
    )
    return replace(EXPORT, transcript=replace(TRANSCRIPT, messages=messages, files={}), pictures={}, missing=())


def ours(count: int, folder: Path) -> int:
    """Our PDF; returns its size."""
    from viewer.export.pdf import write_pdf

    result = write_pdf(conversation(count), folder / "ours.pdf")
    return sum(path.stat().st_size for path in result.parts)


def page(count: int) -> str:
    """The same conversation as a plain HTML page for the peers."""
    context = Context()
    told = "".join(
        f"<p><b>{message.author_id}</b> {message.date:%H:%M}<br>{rich(parse(message.text), context)}</p>"
        for message in conversation(count).transcript.messages
    )
    return f"<!doctype html><html lang=ru><meta charset=utf-8><title>t</title><body>{told}"


def weasyprint(count: int, folder: Path) -> int:
    """WeasyPrint's PDF."""
    from weasyprint import HTML  # type: ignore[import-not-found]

    HTML(string=page(count)).write_pdf(folder / "peer.pdf", pdf_variant="pdf/ua-1")
    return (folder / "peer.pdf").stat().st_size


def chromium(count: int, folder: Path) -> int:
    """Headless Chromium's PDF."""
    program = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chrome"))))
    (folder / "page.html").write_text(page(count), encoding="utf-8")
    subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={folder / 'peer.pdf'}",
         (folder / "page.html").as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip
    return (folder / "peer.pdf").stat().st_size


WRITERS: dict[str, Callable[[int, Path], int]] = {"typst": ours, "weasyprint": weasyprint, "chromium": chromium}


def measure(name: str, count: int) -> None:
    """One measurement, printed."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        size = WRITERS[name](count, Path(folder))
        spent = time.perf_counter() - start
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    print(
        f"{name:10} {count:6} messages {spent:7.2f} s {spent / count * 1000:6.2f} ms each"
        f" {peak:5} MB {size // 1024:6} KB"
    )


def installed(name: str) -> bool:
    """Whether a writer can run here."""
    if name == "weasyprint":
        from importlib.util import find_spec

        return find_spec("weasyprint") is not None
    return name != "chromium" or any(map(shutil.which, ("chromium", "google-chrome", "chrome")))


def main(arguments: list[str]) -> None:
    """Measure everything, or one thing when called by itself."""
    if arguments[:1] == ["--one"]:
        measure(arguments[1], int(arguments[2]))
        return
    for name in WRITERS:
        if not installed(name):
            print(f"{name:10} is not installed")
            continue
        for count in map(int, arguments or COUNTS):
            if name == "typst" or count <= 2_000:
                command = [sys.executable, "-m", "tests.benchmarks.bench_pdf", "--one", name, str(count)]
                subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
