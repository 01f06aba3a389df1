"""The settings: one table of key, default and meaning, kept in a plain file in the user's configuration folder.

Nothing else knows a default. A damaged or unreadable file means the defaults, never a failure. No secret stands here.
"""

import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

log = logging.getLogger(__name__)

APP_NAME = "openlines-viewer"
ACCOUNT_KINDS = ("webhook", "oauth")
ZONES = ("mine", "portal", "utc")  # this computer's, the portal's, Greenwich's
NORM = 10
CACHE_MB = 500  # megabytes of files that were fetched, kept on this computer


@dataclass(frozen=True, slots=True)
class Account:
    """A portal the user connected: where it is and as whom, never the secret. `key` names it in the vault."""

    key: str
    host: str
    name: str = ""
    user_name: str = ""
    kind: str = "webhook"  # or "oauth", the sign-in of an application
    auth_host: str = ""  # the server that signs the application in, "" for Bitrix24's own
    authority: str = ""  # a file with further certificates to trust for this portal


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A filter of the dialogue list, as `viewer.chat.Filter` tells itself plainly.

    `account` is the key of its portal, "" the demo portal, whose filters live in memory alone. `name` is the user's;
    "" is what was chosen last.
    """

    account: str
    name: str
    wanted: dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptExport:
    """How the user exports, under a name of his own, as `viewer.library.choices.Choices` tells itself plainly."""

    name: str
    choices: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading ended on a portal: a dialogue by its reference, and a message by its number, 0 the beginning.

    Only numbers stand here, never what was written; the demo portal, whose `account` would be "", has none.
    """

    account: str
    reference: str
    message: int = 0


ORDERS = ("newest", "oldest", "messages", "client")
LOOKS = ("cards", "columns")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program remembers between starts."""

    language: str = ""  # "en", "ru", or "" for the system's
    theme: str = ""  # "light", "dark", or "" to follow the system
    zoom: int = 100  # of the transcript, per cent, 80..200
    compact: bool = False
    accounts: tuple[Account, ...] = ()
    account: str = ""  # the key of the account last used
    days: int = 56  # how far back the list looks
    export_folder: str = ""
    export_scope: str = ""  # what was exported last: "session", "chat" …
    export_last: dict[str, Any] = field(default_factory=dict)  # how, as a `KeptExport` tells it
    exports: tuple[KeptExport, ...] = ()
    cache_mb: int = CACHE_MB  # at most so much of fetched files stays on the disk; 0 keeps none
    geometry: str = ""  # of the window, as Qt encodes it
    panes: tuple[int, ...] = field(default=())
    filters: tuple[KeptFilter, ...] = ()
    order: str = ORDERS[0]  # of the dialogue list
    look: str = LOOKS[0]  # of its rows
    updates: bool = False  # whether to look for a newer version at each start
    zone: str = ZONES[0]  # of the times that are shown
    norm: int = NORM  # minutes that a client may wait for an answer
    motion: str = ""  # "reduced", or "" as the system says
    reopen: bool = True  # the dialogue last read, at the next start
    places: tuple[Place, ...] = ()  # where reading ended, one a portal

    def with_account(self, account: Account) -> "Settings":
        """These settings with `account` added or replaced, and current."""
        others = tuple(known for known in self.accounts if known.key != account.key)
        return replace(self, accounts=(*others, account), account=account.key)

    def without_account(self, key: str) -> "Settings":
        """These settings without the account `key`."""
        others = tuple(known for known in self.accounts if known.key != key)
        filters = tuple(kept for kept in self.filters if kept.account != key)
        places = tuple(place for place in self.places if place.account != key)
        current = others[0].key if others else ""
        return replace(self, accounts=others, account=current, filters=filters, places=places)

    def with_place(self, place: Place) -> "Settings":
        """These settings, with where reading ended on a portal."""
        return replace(self, places=(*self.without_place(place.account).places, place))

    def without_place(self, account: str) -> "Settings":
        """These settings without the place on a portal."""
        return replace(self, places=tuple(place for place in self.places if place.account != account))

    def place_of(self, account: str) -> Place | None:
        """Where reading ended on a portal, None where that is not known."""
        return next((place for place in self.places if place.account == account), None)

    def with_filter(self, filter_: KeptFilter) -> "Settings":
        """These settings with a filter added, or in the place of the portal's filter of that name."""
        return replace(self, filters=(*self.without_filter(filter_.account, filter_.name).filters, filter_))

    def without_filter(self, account: str, name: str) -> "Settings":
        """These settings without a portal's filter."""
        others = tuple(kept for kept in self.filters if (kept.account, kept.name) != (account, name))
        return replace(self, filters=others)

    def with_export(self, kept: KeptExport) -> "Settings":
        """These settings with a way to export, or with it in the place of the one of that name."""
        return replace(self, exports=(*self.without_export(kept.name).exports, kept))

    def without_export(self, name: str) -> "Settings":
        """These settings without the way to export of that name."""
        return replace(self, exports=tuple(kept for kept in self.exports if kept.name != name))

    def filters_of(self, account: str) -> dict[str, KeptFilter]:
        """A portal's filters by name."""
        return {kept.name: kept for kept in self.filters if kept.account == account}


def _whole(value: Any, low: int, high: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None


def _accounts(value: Any) -> tuple[Account, ...]:
    return tuple(
        account for item in (value if isinstance(value, list) else []) if (account := _account(item)) is not None
    )


def _account(item: Any) -> Account | None:
    """An account, what is unusable in it left at its default; None for what names no portal."""
    given = item if isinstance(item, dict) else {}
    texts = {each.name: given[each.name] for each in fields(Account) if isinstance(given.get(each.name), str)}
    if texts.get("kind") not in ACCOUNT_KINDS:
        texts.pop("kind", None)
    return Account(**texts) if texts.get("key") and texts.get("host") else None


def _filters(value: Any) -> tuple[KeptFilter, ...]:
    items = value if isinstance(value, list) else []
    return tuple(
        KeptFilter(item["account"], item["name"], item["wanted"])
        for item in items[:MOST_FILTERS]
        if isinstance(item, dict)
        and isinstance(item.get("account"), str)
        and isinstance(item.get("name"), str)
        and isinstance(item.get("wanted"), dict)
        and item["account"]
    )


def _exports(value: Any) -> tuple[KeptExport, ...]:
    items = value if isinstance(value, list) else []
    return tuple(
        KeptExport(item["name"], item["choices"])
        for item in items[:MOST_FILTERS]
        if isinstance(item, dict)
        and isinstance(item.get("name"), str)
        and item["name"]
        and isinstance(item.get("choices"), dict)
    )


def _places(value: Any) -> tuple[Place, ...]:
    """Where reading ended; what is no reference is left out by whoever opens it."""
    items = value if isinstance(value, list) else []
    return tuple(
        Place(item["account"], item["reference"], _whole(item.get("message"), 0, 2**63) or 0)
        for item in items[:MOST_FILTERS]
        if isinstance(item, dict)
        and isinstance(item.get("account"), str)
        and isinstance(item.get("reference"), str)
        and item["account"]
        and len(item["reference"]) <= _LONGEST_REFERENCE
    )


MOST_FILTERS = 500  # that are read from a file
_LONGEST_REFERENCE = 300  # characters

# How each value of the file is read; None means "not usable, keep the default".
_READERS: dict[str, Callable[[Any], Any]] = {
    "language": lambda value: value if value in ("", "en", "ru") else None,
    "theme": lambda value: value if value in ("", "light", "dark") else None,
    "zoom": lambda value: _whole(value, 80, 200),
    "compact": lambda value: value if isinstance(value, bool) else None,
    "accounts": _accounts,
    "account": lambda value: value if isinstance(value, str) else None,
    "days": lambda value: _whole(value, 1, 3660),
    "cache_mb": lambda value: _whole(value, 0, 100_000),
    "export_folder": lambda value: value if isinstance(value, str) else None,
    "export_scope": lambda value: value if isinstance(value, str) and len(value) < 20 else None,
    "export_last": lambda value: value if isinstance(value, dict) else None,
    "exports": _exports,
    "geometry": lambda value: value if isinstance(value, str) and len(value) < 4096 else None,
    "filters": _filters,
    "updates": lambda value: value if isinstance(value, bool) else None,
    "order": lambda value: value if value in ORDERS else None,
    "look": lambda value: value if value in LOOKS else None,
    "zone": lambda value: value if value in ZONES else None,
    "norm": lambda value: _whole(value, 1, 1440),
    "motion": lambda value: value if value in ("", "reduced") else None,
    "reopen": lambda value: value if isinstance(value, bool) else None,
    "places": _places,
    "panes": lambda value: (
        tuple(value) if isinstance(value, list) and all(_whole(part, 0, 20_000) is not None for part in value) else None
    ),
}


def default_path() -> Path:
    """Where the settings stand on this system."""
    return platformdirs.user_config_path(APP_NAME, appauthor=False) / "settings.json"


class Store:
    """Settings in a file, or only in memory when `path` is None (the demo portal stores nothing)."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.value = _read(path) if path else Settings()
        self._said: set[tuple[str, ...]] = set()

    def change(self, **changes: Any) -> Settings:
        """Change some values and keep them; a disk that refuses is logged, not fatal."""
        self.put(replace(self.value, **changes))
        return self.value

    def put(self, value: Settings) -> None:
        """Keep `value`."""
        if value == self.value:
            return
        self.value = value
        if self.path:
            _write(self.path, value)

    def first_time(self, *what: str) -> bool:
        """Whether this is to be said for the first time in this run; it counts as said from now on."""
        fresh = what not in self._said
        self._said.add(what)
        return fresh


def _read(path: Path) -> Settings:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        log.info("settings not readable, using the defaults: %s", type(error).__name__)
        return Settings()
    if not isinstance(data, dict):
        return Settings()
    found = {key: reader(data[key]) for key, reader in _READERS.items() if key in data}
    return Settings(**{key: value for key, value in found.items() if value is not None})


def _write(path: Path, value: Settings) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lasting = replace(value, filters=tuple(kept for kept in value.filters if kept.account))
        beside.write_text(json.dumps(asdict(lasting), ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        log.info("settings not kept: %s", type(error).__name__)
        with suppress(OSError):
            beside.unlink(missing_ok=True)
