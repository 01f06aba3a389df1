"""PDF export: time, memory and size, against WeasyPrint and headless Chromium where they are installed.

    python -m tests.benchmarks.bench_pdf [messages ...]

The peers print our own page of HTML of the same conversation. Each measurement runs in a process of its own, so that
peak memory is its own; Chromium's is that of its largest process. One that takes longer than `LONGEST` is stopped.
"""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.export.conversation import CLIENT, EXPORT, OPERATOR, TRANSCRIPT, at, said
from viewer.export import Export

COUNTS = (100, 10_000, 100_000)
LONGEST = 600  # seconds
CHROMIUMS = ("chromium", "google-chrome", "chrome")
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


def page(count: int, folder: Path) -> Path:
    """Our own page of HTML of the same conversation, for the peers to print."""
    from viewer.export import FORMATS

    return FORMATS["html"].write(conversation(count), folder / "page.html").path


def weasyprint(source: Path, folder: Path) -> int:
    """WeasyPrint's PDF."""
    from weasyprint import HTML  # type: ignore[import-not-found]

    HTML(filename=source).write_pdf(folder / "peer.pdf", pdf_variant="pdf/ua-1")
    return (folder / "peer.pdf").stat().st_size


def chromium(source: Path, folder: Path) -> int:
    """Headless Chromium's PDF."""
    program = next(filter(None, map(shutil.which, CHROMIUMS)))
    subprocess.run(
        [program, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--timeout={LONGEST * 1000}", f"--print-to-pdf={folder / 'peer.pdf'}", source.as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip
    return (folder / "peer.pdf").stat().st_size


PEERS: dict[str, Callable[[Path, Path], int]] = {"weasyprint": weasyprint, "chromium": chromium}


def measure(name: str, count: int) -> None:
    """One measurement, printed. Making the peers' page is no part of it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        source = page(count, folder) if name in PEERS else folder
        start = time.perf_counter()
        size = PEERS[name](source, folder) if name in PEERS else ours(count, folder)
        spent = time.perf_counter() - start
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    print(
        f"{name:10} {count:6} messages {spent:7.2f} s {spent / count * 1000:6.2f} ms each"
        f" {peak:5} MB {size // 1024:6} KB",
        flush=True,
    )


def installed(name: str) -> bool:
    """Whether a writer can run here."""
    if name == "weasyprint":
        from importlib.util import find_spec

        return find_spec("weasyprint") is not None
    return name != "chromium" or any(map(shutil.which, CHROMIUMS))


def main(arguments: list[str]) -> None:
    """Measure everything, or one thing when called by itself."""
    if arguments[:1] == ["--one"]:
        measure(arguments[1], int(arguments[2]))
        return
    names = ["typst", *filter(installed, PEERS)]
    for name in PEERS.keys() - set(names):
        print(f"{name:10} is not installed")
    for count in map(int, arguments or COUNTS):
        for name in names:
            command = [sys.executable, "-m", "tests.benchmarks.bench_pdf", "--one", name, str(count)]
            run(command, f"{name:10} {count:6} messages")


def run(command: Sequence[str], what: str) -> None:
    """One measurement in a process of its own; one that takes too long is stopped with all its children."""
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            if process.wait(LONGEST):
                print(f"{what} failed", flush=True)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            print(f"{what} stopped after {LONGEST} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
