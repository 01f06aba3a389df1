"""The settings: one table of key, default and meaning, kept in a plain file in the user's configuration folder.

Nothing else knows a default. A file that cannot be used is no failure, and nothing in it is lost: what cannot be read
is not written over, what is damaged is set aside, and what another program or a newer version wrote there stays. No
secret stands here.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from viewer.disk import PATIENCE, SharedFile

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
        for item in items[-MOST_FILTERS:]
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
        for item in items[-MOST_FILTERS:]
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
        for item in items[-MOST_FILTERS:]
        if isinstance(item, dict)
        and isinstance(item.get("account"), str)
        and isinstance(item.get("reference"), str)
        and item["account"]
        and len(item["reference"]) <= _LONGEST_REFERENCE
    )


MOST_FILTERS = 500  # that are read from a file: the newest, which stand last
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


# What tells the entries of a collection apart.
_NAMED_BY: dict[str, tuple[str, ...]] = {
    "accounts": ("key",), "filters": ("account", "name"), "exports": ("name",), "places": ("account",),
}  # fmt: skip


class Store:
    """Settings in a file, or only in memory when `path` is None (the demo portal stores nothing).

    Every change is merged into what the file holds by then: another window may have written meanwhile. What the disk
    refuses stays in memory and is tried again with the next change; `trouble` is its reason then, None when all is
    kept, and `on_trouble` is called when that changes.
    """

    def __init__(self, path: Path | None, *, patience: float = PATIENCE) -> None:
        self.path = path
        self.trouble: OSError | None = None
        self.on_trouble: Callable[[OSError | None], object] = lambda _trouble: None
        self._said: set[tuple[str, ...]] = set()
        self._file = SharedFile[dict[str, Any]](path, dict, patience=patience) if path else None
        self._known = self._value = Settings()  # as the file was when it was last read, and with our changes
        if self._file is not None:
            try:
                held = self._file.read()
            except OSError as error:
                self._tell(error)
                held = self._file.copy()
            self._known = self._value = _parsed(held)

    @property
    def value(self) -> Settings:
        """The settings as they are now, with what another program has written."""
        if self._file is not None and self._file.has_news():
            try:
                held = self._file.read(patience=0)
            except OSError as error:
                log.info("settings not read again: %s", type(error).__name__)
            else:
                changes = _changes(self._known, self._value)
                self._take(held, _merged(held, changes))
                if not changes:
                    self._tell(None)
        return self._value

    def change(self, **changes: Any) -> Settings:
        """Change some values and keep them; a disk that refuses is `trouble`, not a failure."""
        self.put(replace(self.value, **changes))
        return self.value

    def put(self, value: Settings) -> None:
        """Keep `value`, which was made of `self.value`."""
        if value == self._value and self.trouble is None:
            return
        self._value = value
        if self._file is None:
            return
        changes = _changes(self._known, value)
        try:
            held = self._file.change(lambda held: _merged(held, changes))
        except OSError as error:
            log.info("settings not kept: %s", type(error).__name__)
            self._tell(error)
        else:
            self._take(held, held)
            self._tell(None)

    def forget_account(self, key: str) -> None:
        """Keep nothing of the account `key`, in copies that were damaged neither."""
        self.put(self.value.without_account(key))
        if self._file is not None:
            self._file.discard_damaged()

    def first_time(self, *what: str) -> bool:
        """Whether this is to be said for the first time in this run; it counts as said from now on."""
        fresh = what not in self._said
        self._said.add(what)
        return fresh

    def _take(self, held: dict[str, Any], ours: dict[str, Any]) -> None:
        """Go on from what the file holds, and what it is to hold by our changes."""
        memory = tuple(kept for kept in self._value.filters if not kept.account)
        value = _parsed(ours)
        self._known, self._value = _parsed(held), replace(value, filters=(*value.filters, *memory))

    def _tell(self, trouble: OSError | None) -> None:
        before, self.trouble = self.trouble, trouble
        if (before is None) != (trouble is None):
            self.on_trouble(trouble)


def _parsed(held: Mapping[str, Any]) -> Settings:
    """What is usable of a file, and the defaults for the rest."""
    found = {key: reader(held[key]) for key, reader in _READERS.items() if key in held}
    return Settings(**{key: value for key, value in found.items() if value is not None})


def _changes(before: Settings, after: Settings) -> dict[str, tuple[Any, Any]]:
    """What differs of two settings, as the file tells it; the demo portal's filters are not for the disk."""
    both = [replace(each, filters=tuple(kept for kept in each.filters if kept.account)) for each in (before, after)]
    pairs = {each.name: [getattr(one, each.name) for one in both] for each in fields(Settings)}
    return {name: (_plain(old), _plain(new)) for name, (old, new) in pairs.items() if old != new}


def _plain(value: Any) -> Any:
    def told(entry: Any) -> dict[str, Any]:
        return {each.name: getattr(entry, each.name) for each in fields(entry)}

    return json.loads(json.dumps(value, default=told))


def _merged(held: Mapping[str, Any], changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """What the file holds, with the changes; all else stays, known or not."""
    made = dict(held)
    for key, (before, after) in changes.items():
        made[key] = _merged_entries(held.get(key), before, after, _NAMED_BY[key]) if key in _NAMED_BY else after
    return made


def _merged_entries(
    held: Any, before: list[dict[str, Any]], after: list[dict[str, Any]], names: tuple[str, ...]
) -> list[Any]:
    """The entries of a collection, each merged by field: those that were added, changed and removed."""

    def name(entry: Any) -> tuple[Any, ...] | None:
        found = tuple(entry.get(each) for each in names) if isinstance(entry, dict) else ()
        return found if found and all(isinstance(each, str) for each in found) else None

    old, new = {name(entry): entry for entry in before}, {name(entry): entry for entry in after}
    made = []
    for entry in held if isinstance(held, list) else []:
        known = name(entry)
        if known in old and known not in new:
            continue
        made.append({**entry, **_changed(old.get(known, {}), new.pop(known))} if known in new else entry)
    return made + [entry for known, entry in new.items() if entry != old.get(known)]


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in after.items() if key not in before or before[key] != value}
