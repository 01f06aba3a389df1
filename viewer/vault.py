"""Where secrets live: the system's keyring, else this session's memory; never a file (`design.md` §5).

`keyring` stands here alone and is imported on first use.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from viewer.errors import ViewerError
from viewer.i18n import N_, _

log = logging.getLogger(__name__)

SERVICE = "Open Lines Viewer"
LIMIT = 1280  # characters: Windows keeps 2,560 bytes of UTF-16 an entry
# Keyrings that keep secrets readable, or nowhere.
_REFUSED = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")


class VaultError(ViewerError):
    """The system's keyring did not answer, or refused."""


class Vault(Protocol):
    """Keeps one secret an account. `status` is "system" or "session": how long it keeps them.

    Calls may block while the system asks the user to unlock the keyring; time limits are the caller's business.
    """

    @property
    def status(self) -> str: ...

    def save(self, account: str, secret: str) -> None:
        """Keep the secret of an account in the place of an earlier one. Raises VaultError."""

    def load(self, account: str) -> str | None:
        """The secret of an account, None when there is none. Raises VaultError."""

    def delete(self, account: str) -> None:
        """Forget the secret of an account; it is no error when there is none. Raises VaultError."""


def _checked(secret: str) -> str:
    if not secret or len(secret) > LIMIT or "\0" in secret:
        raise VaultError(
            _("This secret cannot be kept."),
            _("It is empty or longer than {n} characters.").format(n=LIMIT),
            _("Paste the webhook address again."),
        )
    return secret


class MemoryVault:
    """Keeps secrets until the program ends."""

    status = "session"

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def save(self, account: str, secret: str) -> None:
        """Keep the secret for this session."""
        self._kept[account] = _checked(secret)

    def load(self, account: str) -> str | None:
        """The secret, None when there is none."""
        return self._kept.get(account)

    def delete(self, account: str) -> None:
        """Forget the secret."""
        self._kept.pop(account, None)

    def __repr__(self) -> str:
        return f"MemoryVault({len(self._kept)} kept)"


_LOCKED = (
    N_("The system's keyring did not answer."),
    N_("It is locked, or it refused the request ({kind})."),
    N_("Unlock it and try again; until then the webhook is kept for this session only."),
)


class SystemVault:
    """Keeps secrets in the keyring of the operating system. `backend` is a keyring of the `keyring` package."""

    status = "system"

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def save(self, account: str, secret: str) -> None:
        """Keep the secret in the keyring."""
        _checked(secret)
        with _answered():
            self._backend.set_password(SERVICE, account, secret)

    def load(self, account: str) -> str | None:
        """The secret, None when the keyring has none."""
        with _answered():
            found = self._backend.get_password(SERVICE, account)
        return found if isinstance(found, str) and found else None

    def delete(self, account: str) -> None:
        """Forget the secret."""
        with _answered():
            if self._backend.get_password(SERVICE, account) is not None:
                self._backend.delete_password(SERVICE, account)

    def __repr__(self) -> str:
        return f"SystemVault({type(self._backend).__name__})"


@contextmanager
def _answered() -> Iterator[None]:
    """Turn whatever a keyring raises into a VaultError that tells its kind alone: its words may hold anything.

    Backends raise more than `KeyringError`: OSError 1783 on Windows, D-Bus errors on Linux.
    """
    try:
        yield
    except Exception as error:  # noqa: BLE001 -- see above
        log.info("keyring: %s", type(error).__name__)
        title, detail, advice = map(_, _LOCKED)
        raise VaultError(title, detail.format(kind=type(error).__name__), advice) from None


def trusted(backend: Any) -> bool:
    """Whether a keyring really keeps secrets, and keeps them secret."""
    kinds = [type(backend), *map(type, getattr(backend, "backends", ()))]
    return not any(kind.__module__.startswith(_REFUSED) for kind in kinds)


def best_vault() -> Vault:
    """The system's keyring where there is one that can be trusted, else memory."""
    try:
        import keyring

        backend = keyring.get_keyring()
        if trusted(backend) and float(backend.priority) > 0:
            return SystemVault(backend)
        log.info("no keyring to trust: %s", type(backend).__name__)
    except Exception as error:  # noqa: BLE001 -- a broken keyring must not keep the window from opening
        log.info("no keyring: %s", type(error).__name__)
    return MemoryVault()
