"""The portal that a command works with, opened for the length of a `with`."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from viewer import settings
from viewer.library.sources import Source, chosen_source
from viewer.vault import best_vault

if TYPE_CHECKING:
    from viewer.bitrix import Portal


def source(arguments: argparse.Namespace) -> Source:
    """The source that the arguments name."""
    store = settings.Store(settings.default_path())
    demo, account = getattr(arguments, "demo", False), getattr(arguments, "account", "")
    return chosen_source(store.value, best_vault, demo=demo, account=account)


@contextmanager
def opened(arguments: argparse.Namespace) -> "Iterator[Portal]":
    """The portal of `source`, closed at the end."""
    portal = source(arguments).open()
    try:
        yield portal
    finally:
        portal.close()
