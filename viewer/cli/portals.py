"""The portal that a command works with, opened for the length of a `with`."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from viewer import i18n, settings
from viewer.cli import UsageError
from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.library.sources import Source, chosen_source
from viewer.vault import best_vault

if TYPE_CHECKING:
    from viewer.bitrix import Portal


def use_zone(arguments: argparse.Namespace) -> None:
    """Show times in the zone that the arguments name, else in the one chosen in the window. Raises ViewerError."""
    name = settings.Store(settings.default_path()).value.zone if arguments.zone is None else arguments.zone
    try:
        i18n.use_zone(name)
    except i18n.NoZoneTable:
        raise ViewerError(
            _("The table of time zones is missing on this computer, so “{text}” cannot be looked up.").format(
                text=name
            ),
            advice=_("Use mine, portal or utc. On Linux the package tzdata brings the table."),
        ) from None
    except ValueError:
        raise UsageError(
            _("“{text}” is no time zone.").format(text=name),
            advice=_("Use mine, portal, utc, or a name such as Europe/Moscow."),
        ) from None


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
