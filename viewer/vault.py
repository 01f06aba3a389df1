"""Where secrets live: the system's keyring, else this session's memory; never a file (`design.md` §5).

- VaultError          the keyring did not do what was asked
  - NoKeyring         there is none, or none to trust
  - Locked            it is locked, and was not unlocked
  - Declined          it refused
  - TooSlow           it did not answer in time
  - Unkeepable        the secret itself is too long, or empty
  - Damaged           what it keeps cannot be read

`keyring` stands here alone and is imported on first use.
"""

import json
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, Protocol, Self, TypeVar

from viewer.errors import ViewerError
from viewer.i18n import N_, _

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

SERVICE = "Open Lines Viewer"
LIMIT = 2560  # bytes of UTF-16, as Windows counts an entry
PATIENCE = 60.0  # seconds; the system may be asking the user for a password meanwhile
_FIRST_LOOK = 5.0  # seconds to find out what keyring there is: nobody is asked anything then
# Keyrings that keep secrets readable, or nowhere.
_REFUSED = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")

_LATER = N_("Try again; until then, what you enter is kept for this session only.")
_UNLOCK = N_("Unlock it and try again; until then, what you enter is kept for this session only.")


class VaultError(ViewerError):
    """The system's keyring did not do what was asked."""

    TEXT = (
        N_("The system's keyring did not answer."),
        N_("It failed ({kind})."),
        _LATER,
    )

    @classmethod
    def told(cls, kind: str = "", n: float = 0) -> Self:
        """The error in the user's language; `kind` names what the system said, `n` is a number in its sentence."""
        title, detail, advice = map(_, cls.TEXT)
        return cls(title, detail.format(kind=kind or "—", n=round(n)), advice)


class NoKeyring(VaultError):
    """There is no keyring, or none that can be trusted with a secret."""

    TEXT = (
        N_("This computer offers no keyring."),
        N_("Nothing was found that keeps secrets safe between starts ({kind})."),
        N_("Your secret stays in memory until the program ends. On Linux, install GNOME Keyring or KWallet."),
    )


class Locked(VaultError):
    """The keyring is locked, and nobody unlocked it."""

    TEXT = (N_("The system's keyring is locked."), N_("It was not unlocked ({kind})."), _UNLOCK)


class Declined(VaultError):
    """The keyring refused."""

    TEXT = (
        N_("The system's keyring refused."),
        N_("It did not do what was asked ({kind})."),
        _LATER,
    )


class TooSlow(VaultError):
    """The keyring did not answer in time."""

    TEXT = (
        N_("The system's keyring did not answer in time."),
        N_("It was silent for {n} seconds; it may be waiting for a password in another window."),
        _UNLOCK,
    )


class Unkeepable(VaultError):
    """A secret that no keyring takes: empty, too long for Windows, or with a zero character in it."""

    TEXT = (
        N_("This secret cannot be kept."),
        N_("It is empty or longer than {n} characters."),
        N_("Connect the portal again."),
    )


class Damaged(VaultError):
    """What the keyring keeps of an account is no entry of ours."""

    TEXT = (
        N_("What the keyring keeps of this portal cannot be read."),
        N_("It is damaged, or another version of this program kept it."),
        N_("Connect the portal again."),
    )


# --- what is kept ---


@dataclass(frozen=True, slots=True)
class Entry:
    """What the vault keeps of one account: its kind, "webhook" or "oauth", and what belongs to it."""

    kind: str
    values: Mapping[str, str] = field(repr=False)

    def text(self) -> str:
        """The entry as it is kept; a secret."""
        return json.dumps({**self.values, "kind": self.kind}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Entry":
        """An entry as it was kept, or a bare webhook address, as the first version kept it. Raises Damaged."""
        if not text.lstrip().startswith("{"):
            return cls("webhook", {"address": text})
        try:
            given = json.loads(text)
        except (ValueError, RecursionError):
            raise Damaged.told() from None
        values = {str(key): value for key, value in given.items() if isinstance(value, str)}
        kind = values.pop("kind", "")
        if kind not in ("webhook", "oauth"):
            raise Damaged.told()
        return cls(kind, values)


class Vault(Protocol):
    """Keeps one secret an account. `status` is "system" or "session": how long it keeps them.

    `problem` tells why it keeps them for the session only; None when it does not. Calls may take as long as the
    system asks the user to unlock the keyring, and PATIENCE seconds at most.
    """

    @property
    def status(self) -> str: ...

    @property
    def problem(self) -> VaultError | None: ...

    def save(self, account: str, secret: str) -> None:
        """Keep the secret of an account in the place of an earlier one. Raises VaultError."""

    def load(self, account: str) -> str | None:
        """The secret of an account, None when there is none. Raises VaultError."""

    def delete(self, account: str) -> None:
        """Forget the secret of an account; it is no error when there is none. Raises VaultError."""


def _checked(secret: str) -> str:
    if not secret or "\0" in secret or len(secret.encode("utf-16-le", "surrogatepass")) > LIMIT:
        raise Unkeepable.told(n=LIMIT / 2)
    return secret


class MemoryVault:
    """Keeps secrets until the program ends. `problem` is why nothing better was to be had, None for no reason."""

    status = "session"

    def __init__(self, problem: VaultError | None = None) -> None:
        self._kept: dict[str, str] = {}
        self.problem = problem

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


class SystemVault:
    """Keeps secrets in the keyring of the operating system. `backend` is a keyring of the `keyring` package.

    `patience` is how long it may take over one call, in seconds. A call that takes longer goes on behind the scenes,
    and later ones wait for it: they never overtake.
    """

    def __init__(self, backend: Any, patience: float = PATIENCE) -> None:
        self._backend = backend
        self._patience = patience
        self._turn = Lock()

    @property
    def status(self) -> str:
        """ "system": it keeps them between starts."""
        return "system"

    @property
    def problem(self) -> VaultError | None:
        """None: what it could not keep, it said at once."""
        return None

    def save(self, account: str, secret: str) -> None:
        """Keep the secret in the keyring."""
        _checked(secret)
        self._ask(lambda: self._backend.set_password(SERVICE, account, secret))

    def load(self, account: str) -> str | None:
        """The secret, None when the keyring has none."""
        found = self._ask(lambda: self._backend.get_password(SERVICE, account))
        return found if isinstance(found, str) and found else None

    def delete(self, account: str) -> None:
        """Forget the secret."""

        def forget() -> None:
            if self._backend.get_password(SERVICE, account) is not None:
                self._backend.delete_password(SERVICE, account)

        self._ask(forget)

    def _ask(self, act: Callable[[], Answer]) -> Answer:
        try:
            return _within(self._patience, act, self._turn)
        except VaultError:
            raise
        except Exception as error:  # noqa: BLE001 -- backends raise more than `KeyringError`: OSError, D-Bus errors
            told = _told(error)
        raise told

    def __repr__(self) -> str:
        return f"{type(self).__name__}({type(self._backend).__name__})"


class FallbackVault(SystemVault):
    """The system's keyring, and this session's memory for what it does not take: `problem` tells why.

    Each secret saved is offered to the keyring anew, so it is kept as soon as the keyring can.
    """

    def __init__(self, backend: Any, patience: float = PATIENCE) -> None:
        super().__init__(backend, patience)
        self._memory = MemoryVault()
        self._change = Lock()

    @property
    def status(self) -> str:
        """ "session" after the keyring has failed, until it takes a secret again."""
        return "session" if self.problem else "system"

    @property
    def problem(self) -> VaultError | None:
        """Why the last secret is kept for this session only; None when the keyring took it."""
        return self._memory.problem

    def save(self, account: str, secret: str) -> None:
        """Keep the secret in the keyring, or else in memory. Raises Unkeepable alone."""
        with self._change:
            self._memory.save(account, secret)
            try:
                super().save(account, secret)
            except VaultError as problem:
                self._memory.problem = problem.with_traceback(None)  # its frames hold the secret
            else:
                self._memory.problem = None
                self._memory.delete(account)

    def load(self, account: str) -> str | None:
        """The secret last saved, None when there is none."""
        return self._memory.load(account) or super().load(account)

    def delete(self, account: str) -> None:
        """Forget the secret in both places."""
        with self._change:
            self._memory.delete(account)
            super().delete(account)


# --- asking a keyring ---

# How keyrings name what they raise, in whichever package their errors stand.
_KINDS: dict[str, type[VaultError]] = {
    "KeyringLocked": Locked,
    "LockedException": Locked,
    "PromptDismissedException": Locked,
    "KeychainDenied": Locked,
    "NoKeyringError": NoKeyring,
    "SecretServiceNotAvailableException": NoKeyring,
}


def _told(error: BaseException) -> VaultError:
    """What a keyring raised, by its kind alone: its words, and the frames behind it, may hold a secret."""
    names = [type(one).__name__ for one in (error.__cause__, error) if one is not None]
    log.info("keyring: %s", ", ".join(names))
    kind = next((_KINDS[name] for name in names if name in _KINDS), Declined)
    return kind.told(names[-1])


def _within(seconds: float, act: Callable[[], Answer], turn: AbstractContextManager[object] | None = None) -> Answer:
    """What `act` returns or raises. Raises TooSlow when that takes too long: nothing can stop it, so it is left alone.

    It runs on a thread that keeps no program from ending; one that has not begun when its time is over never does.
    """
    answer: Future[Answer] = Future()

    def work() -> None:
        with turn or nullcontext():
            if answer.set_running_or_notify_cancel():
                try:
                    answer.set_result(act())
                except BaseException as error:  # noqa: BLE001 -- raised where the answer is awaited
                    answer.set_exception(error)

    Thread(target=work, name="keyring", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        answer.cancel()
        raise TooSlow.told(n=seconds) from None


def trusted(backend: Any) -> bool:
    """Whether a keyring really keeps secrets, and keeps them secret."""
    kinds = [type(backend), *map(type, getattr(backend, "backends", ()))]
    return not any(kind.__module__.startswith(_REFUSED) for kind in kinds)


def best_vault() -> Vault:
    """The system's keyring where there is one that can be trusted, else memory, whose `problem` tells why."""

    def look() -> tuple[Any, bool]:
        import keyring

        backend = keyring.get_keyring()
        return backend, trusted(backend) and float(backend.priority) > 0

    try:
        backend, good = _within(_FIRST_LOOK, look)
    except TooSlow as error:
        return MemoryVault(error)
    except Exception as error:  # noqa: BLE001 -- a broken keyring must not keep the window from opening
        log.info("no keyring: %s", type(error).__name__)
        return MemoryVault(NoKeyring.told(type(error).__name__))
    if good:
        return FallbackVault(backend)
    log.info("no keyring to trust: %s", type(backend).__name__)
    return MemoryVault(NoKeyring.told(f"{type(backend).__module__}"))
