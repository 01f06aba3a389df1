"""A pytest plugin: each xdist worker moves to a virtual screen of its own, from the list that `dev.py` hands down."""

import os
import re


def screen_of(worker: str, screens: list[str]) -> str:
    """The screen of one worker ("gw0", "gw1", …); the process that only conducts takes the first."""
    number = int((re.search(r"\d+$", worker) or ["0"])[0])
    return screens[number % len(screens)]


_SCREENS = os.environ.get("OPENLINES_TEST_SCREENS", "").split()
if _SCREENS:
    os.environ["DISPLAY"] = screen_of(os.environ.get("PYTEST_XDIST_WORKER", ""), _SCREENS)
