"""Emoji where the system has none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from viewer import resources

CONFIGURATION = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""
PROGRAM = """
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from viewer.ui.emoji import lend

app = QApplication([])

def colours():
    label = QLabel("\\U0001f61e\\U0001f44d")
    label.resize(120, 40)
    image = label.grab().toImage()
    dots = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(dot.saturation() > 120 for dot in dots)

before = colours()
print(before, lend(), lend(), colours())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have emoji")
@pytest.mark.parametrize("has_emoji", [False, True])
def test_a_system_without_emoji_is_lent_ours(tmp_path: Path, has_emoji: bool) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for name in ("NotoSans-Regular.ttf", *(["NotoColorEmoji.ttf"] if has_emoji else [])):
        shutil.copy(resources.path("fonts", name), fonts)
    told = tmp_path / "fonts.conf"
    told.write_text(CONFIGURATION.format(fonts=fonts, cache=tmp_path / "cache"), encoding="utf-8")
    given = {**os.environ, "FONTCONFIG_FILE": str(told), "QT_QPA_PLATFORM": "offscreen"}
    made = subprocess.run([sys.executable, "-c", PROGRAM], env=given, check=True, capture_output=True, encoding="utf-8")
    before, lent, again, after = made.stdout.split()
    assert (lent, again) == (str(not has_emoji), str(not has_emoji))
    assert (int(before) > 20) is has_emoji
    assert int(after) > 20
