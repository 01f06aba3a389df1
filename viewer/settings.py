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
CACHE_MB = 500  # megabytes of files that were fetched, kept on this computer


@dataclass(frozen=True, slots=True)
class Account:
    """A portal the user connected: where it is and as whom, never the secret. `key` names it in the vault."""

    key: str
    host: str
    name: str = ""
    user_name: str = ""


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
    cache_mb: int = CACHE_MB  # at most so much of fetched files stays on the disk; 0 keeps none
    geometry: str = ""  # of the window, as Qt encodes it
    panes: tuple[int, ...] = field(default=())

    def with_account(self, account: Account) -> "Settings":
        """These settings with `account` added or replaced, and current."""
        others = tuple(known for known in self.accounts if known.key != account.key)
        return replace(self, accounts=(*others, account), account=account.key)

    def without_account(self, key: str) -> "Settings":
        """These settings without the account `key`."""
        others = tuple(known for known in self.accounts if known.key != key)
        return replace(self, accounts=others, account=others[0].key if others else "")


def _whole(value: Any, low: int, high: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high else None


def _accounts(value: Any) -> tuple[Account, ...]:
    items = value if isinstance(value, list) else []
    names = [item.name for item in fields(Account)]
    return tuple(
        Account(**{name: str(item.get(name, "")) for name in names})
        for item in items
        if isinstance(item, dict) and item.get("key") and item.get("host")
    )


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
    "geometry": lambda value: value if isinstance(value, str) and len(value) < 4096 else None,
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
        beside.write_text(json.dumps(asdict(value), ensure_ascii=False, indent=1), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        log.info("settings not kept: %s", type(error).__name__)
        with suppress(OSError):
            beside.unlink(missing_ok=True)
