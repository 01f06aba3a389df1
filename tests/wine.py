"""Where Wine does not do what Windows does; a test of that is skipped under Wine, and only there, with its reason."""

import ctypes
import sys

import pytest


def is_wine() -> bool:
    """Whether this Windows is Wine's."""
    return sys.platform == "win32" and hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")


def need_own_authority() -> None:
    """Skip a test that trusts a company's own authority: Wine's chain engine takes no other roots than the system's."""
    if is_wine():
        pytest.skip("Wine verifies no certificate by an authority of one's own")
