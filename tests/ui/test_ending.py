"""A process that is asked to end does, whatever its threads do with Qt meanwhile."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Three threads keep the interpreter and Qt's bindings busy; the main one asks to end as Xlib does.
SCRIPT = """
import ctypes, threading, time
from PySide6.QtCore import QCoreApplication, QObject, QRect
from PySide6.QtGui import QImage
from viewer.ui.ending import end_at_once

app = QCoreApplication([])
assert end_at_once()
begun = threading.Barrier(4)

def work():
    begun.wait()
    while True:
        QImage(20, 20, QImage.Format.Format_RGB32).copy(QRect(0, 0, 5, 5))
        QObject()

for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
begun.wait()
ctypes.CDLL(None).exit(3)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X servers")
@pytest.mark.parametrize("_time", range(4))
def test_a_busy_process_ends_with_the_code_that_is_asked_for(_time: int) -> None:
    """Without it about half of these stood still, and some crashed."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, stdin=subprocess.DEVNULL, timeout=60, check=False)
    assert done.returncode == 3
