"""`openlines-viewer self-test`: does this installation do what its users do, and find what it needs?

Each check is named and reported; the packaged program is tested by running it (`design.md` §7). A windowed program on
Windows has no standard output, so the report can go to a file.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import qVersion

from viewer import __version__
from viewer.ui.self_test import installed
from viewer.ui.self_test.worked import Worked


def run(output: Path | None, checks: Mapping[str, Callable[[], str]] | None = None) -> int:
    """Run every check; 0 when all are well. Each returns in a few words what it found, or raises."""
    report: dict[str, str] = {
        "version": f"{__version__}, {'packaged' if getattr(sys, 'frozen', False) else 'from Python'}",
        "python": sys.version.split()[0],
        "qt": qVersion(),
    }
    failed = []
    with Worked() as window:
        for name, check in (checks or _checks(window)).items():
            started = time.monotonic()
            try:
                said = check()
                report[name] = f"ok, {said} ({time.monotonic() - started:.2f} s)"
            except Exception as error:  # noqa: BLE001 (a self-test reports whatever fails)
                failed.append(name)
                report[name] = f"FAILED: {type(error).__name__}: {error}"
    report["result"] = "failed: " + ", ".join(failed) if failed else "ok"
    _tell(report, output)
    return 1 if failed else 0


def _checks(window: Worked) -> dict[str, Callable[[], str]]:
    return {
        "resources": installed.files,
        "languages": installed.languages,
        "modules": installed.imports,
        "pictures": installed.pictures,
        "printed pictures": installed.printed_pictures,
        "zones": installed.zones,
        "licences": installed.licences,
        "trust": installed.trust,
        "keyring": installed.keyring,
        "window": window.show,
        "dialogue": window.dialogue,
        "pdf": window.pdf,
        "print": window.print,
    }


def _tell(report: dict[str, str], output: Path | None) -> None:
    if sys.stdout is not None:
        sys.stdout.write("".join(f"{name}: {said}\n" for name, said in report.items()))
    if output is not None:
        output.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
