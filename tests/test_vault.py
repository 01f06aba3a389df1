"""One contract for every vault, the real Secret Service among them, and keyrings that fail in every way they do."""

import gc
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError

from tests.conftest import MemoryKeyring
from tests.secret_service import SecretService, secret_service
from viewer import i18n
from viewer.vault import (
    LIMIT,
    Damaged,
    Declined,
    Entry,
    FallbackVault,
    Locked,
    MemoryVault,
    NoKeyring,
    SystemVault,
    TooSlow,
    Unkeepable,
    Vault,
    VaultError,
    best_vault,
    trusted,
)

SECRET = "https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/"


@pytest.fixture(scope="session")
def running_service() -> Iterator[SecretService]:
    with secret_service() as service:
        yield service


@pytest.fixture
def service(running_service: SecretService) -> Iterator[SecretService]:
    """The real Secret Service, with nothing in it."""
    yield running_service
    for account in ("a", "b"):
        SystemVault(running_service.backend).delete(account)


class ScriptedKeyring(KeyringBackend):
    """A keyring that does what its script says before it does its work."""

    priority = 1  # type: ignore[assignment]

    def __init__(self, script: Callable[[str], object]) -> None:
        super().__init__()
        self.script = script
        self.kept = MemoryKeyring()

    def get_password(self, service: str, username: str) -> str | None:
        self.script("get")
        return self.kept.get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.script("set")
        self.kept.set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self.script("delete")
        self.kept.delete_password(service, username)


def refusing(error: Exception, *acts: str) -> ScriptedKeyring:
    """A keyring that raises `error`, at these acts alone when some are named."""

    def script(act: str) -> None:
        if not acts or act in acts:
            raise error

    return ScriptedKeyring(script)


def forgetful(error: Exception) -> FallbackVault:
    """A vault over a keyring that takes nothing: it lives by its memory alone."""
    return FallbackVault(refusing(error, "set"))


MAKERS: dict[str, Callable[[Any], Vault]] = {
    "memory": lambda _service: MemoryVault(),
    "scripted": lambda _service: SystemVault(ScriptedKeyring(lambda _act: None)),
    "fallback": lambda _service: FallbackVault(MemoryKeyring()),
    "refused": lambda _service: forgetful(PasswordSetError("no")),
    "secret service": lambda service: SystemVault(service.backend),
    "secret service with fallback": lambda service: FallbackVault(service.backend),
}


@pytest.fixture(params=list(MAKERS))
def vault(request: pytest.FixtureRequest) -> Vault:
    """Every kind of vault; all keep the contract."""
    name = str(request.param)
    return MAKERS[name](request.getfixturevalue("service") if "service" in name else None)


def test_what_is_kept_comes_back(vault: Vault) -> None:
    vault.save("a", SECRET)
    vault.save("b", "другой секрет")
    assert (vault.load("a"), vault.load("b")) == (SECRET, "другой секрет")


def test_the_latest_counts(vault: Vault) -> None:
    vault.save("a", "old")
    vault.save("a", "new")
    assert vault.load("a") == "new"


def test_nothing_is_none(vault: Vault) -> None:
    assert vault.load("nobody") is None


def test_forgetting_twice_does_no_harm(vault: Vault) -> None:
    vault.save("a", SECRET)
    vault.delete("a")
    vault.delete("a")
    assert vault.load("a") is None


@pytest.mark.parametrize("secret", ["", "x" * (LIMIT // 2 + 1), "😀" * (LIMIT // 4 + 1), "a\0b"])
def test_what_cannot_be_kept(vault: Vault, secret: str) -> None:
    with pytest.raises(Unkeepable) as caught:
        vault.save("a", secret)
    assert "1280" in caught.value.detail
    assert vault.load("a") is None


@pytest.mark.parametrize("sign", ["x", "ё"])
def test_the_longest_secret(vault: Vault, sign: str) -> None:
    longest = sign * (LIMIT // 2)
    vault.save("a", longest)
    assert vault.load("a") == longest


def test_no_secret_is_shown(vault: Vault) -> None:
    vault.save("a", SECRET)
    assert "a1b2c3d4" not in f"{vault!r} {vault}"


def test_how_long_they_keep(system_keyring: MemoryKeyring) -> None:
    for vault, status in ((MemoryVault(), "session"), (SystemVault(system_keyring), "system")):
        assert (vault.status, vault.problem) == (status, None)


def test_one_entry_an_account(vault: Vault) -> None:
    """Saving replaces: nothing that was spent lies about in the keyring."""
    for number in range(3):
        vault.save("a", f"secret {number}")
    vault.delete("a")
    assert vault.load("a") is None


# --- what keyrings do ---


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NoKeyringError(SECRET), NoKeyring),
        (KeyringLocked(SECRET), Locked),
        (InitError(SECRET), Declined),
        (PasswordSetError(SECRET), Declined),
        (OSError(1783, f"The stub received bad data {SECRET}"), Declined),
        (RuntimeError(SECRET), Declined),
        (ValueError(SECRET), Declined),
    ],
)
def test_whatever_a_keyring_raises_is_told_without_its_words(error: Exception, kind: type[VaultError]) -> None:
    vault = SystemVault(refusing(error))
    for act in (lambda: vault.load("a"), lambda: vault.save("a", SECRET), lambda: vault.delete("a")):
        with pytest.raises(VaultError) as caught:
            act()
        assert type(caught.value) is kind
        assert type(error).__name__ in caught.value.detail
        assert "a1b2c3d4" not in f"{caught.value} {caught.value!r}"
        assert caught.value.__context__ is None


def test_a_prompt_that_was_dismissed_while_the_keyring_was_set_up_means_locked() -> None:
    class PromptDismissedException(Exception):
        """As SecretStorage names it."""

    error = InitError("failed")
    error.__cause__ = PromptDismissedException(SECRET)
    with pytest.raises(Locked):
        SystemVault(refusing(error)).load("a")


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_real_keyring_that_is_locked() -> None:
    with secret_service() as other:
        vault = FallbackVault(other.backend)
        vault.save("a", SECRET)
        assert (vault.status, vault.problem) == ("system", None)
        other.lock()
        with pytest.raises(Locked):
            vault.load("a")
        vault.save("a", "a newer secret")
        assert vault.load("a") == "a newer secret"
        assert (vault.status, type(vault.problem)) == ("session", Locked)
        gc.collect()  # `keyring` leaves the connection open on which it was refused


class Stuck:
    """A keyring's script that waits until it is let go: the system shows a prompt that nobody sees."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.done: list[str] = []

    def __call__(self, act: str) -> None:
        if not self.done:
            assert self.go.wait(60)
        self.done.append(act)


def test_a_keyring_that_says_nothing_is_left_alone_in_time() -> None:
    stuck = Stuck()
    vault = SystemVault(ScriptedKeyring(stuck), patience=0.05)
    try:
        for act in (lambda: vault.save("a", "first"), lambda: vault.load("a"), lambda: vault.delete("a")):
            with pytest.raises(TooSlow) as caught:
                act()
            assert "password" in caught.value.detail
    finally:
        stuck.go.set()
    patient = SystemVault(vault._backend)
    patient._turn = vault._turn
    assert patient.load("a") == "first"
    assert stuck.done == ["set", "get"], "what was given up before it began never happens"


def test_what_a_keyring_does_not_take_lives_for_the_session_and_is_offered_again() -> None:
    backend = refusing(KeyringLocked("no"))
    vault = FallbackVault(backend)
    vault.save("a", "first")
    assert (vault.load("a"), vault.status, type(vault.problem)) == ("first", "session", Locked)
    backend.script = lambda _act: None
    assert vault.load("a") == "first"
    vault.save("a", "second")
    assert (vault.load("a"), vault.status, vault.problem) == ("second", "system", None)
    assert list(backend.kept.kept.values()) == ["second"]
    assert FallbackVault(backend).load("a") == "second"


def test_what_is_in_memory_is_newer_than_the_keyring() -> None:
    backend = ScriptedKeyring(lambda _act: None)
    vault = FallbackVault(backend)
    vault.save("a", "spent")
    backend.script = lambda act: refusing(PasswordSetError("no"), "set").script(act)
    vault.save("a", "fresh")
    assert vault.load("a") == "fresh"
    vault.delete("a")
    assert vault.load("a") is None
    assert backend.kept.kept == {}


@pytest.mark.parametrize("kind", [NoKeyring, Locked, Declined, TooSlow, Unkeepable, Damaged, VaultError])
def test_each_failure_is_told_in_both_languages(kind: type[VaultError]) -> None:
    told = []
    for language in ("en", "ru"):
        i18n.use(language)
        error = kind.told("SomeError", n=60)
        assert error.title
        assert error.detail
        assert error.advice
        assert "{" not in str(error)
        told.append((error.title, error.detail, error.advice))
    assert not set(told[0]) & set(told[1])


# --- entries ---


def test_an_entry_is_kept_and_read_back() -> None:
    entry = Entry("oauth", {"portal": "https://портал.рф", "access": "t0k3n", "refresh": 'a"b'})
    assert Entry.read(entry.text()) == entry
    assert json.loads(entry.text())["kind"] == "oauth"
    assert "t0k3n" not in repr(entry)


def test_a_bare_address_is_the_webhook_of_the_first_version() -> None:
    assert Entry.read(SECRET) == Entry("webhook", {"address": SECRET})


@pytest.mark.parametrize("text", ["{", '{"kind": "future"}', '{"kind": 1}', "{}", '{"a":' * 100_000])
def test_a_damaged_entry_is_told(text: str) -> None:
    with pytest.raises(Damaged):
        Entry.read(text)


# --- the best there is ---


def test_the_best_vault_is_the_systems(system_keyring: MemoryKeyring) -> None:
    vault = best_vault()
    assert (vault.status, vault.problem) == ("system", None)
    vault.save("a", SECRET)
    assert list(system_keyring.kept.values()) == [SECRET]


def test_the_best_vault_is_the_real_keyring(service: SecretService) -> None:
    keyring.set_keyring(service.backend)
    vault = best_vault()
    vault.save("a", SECRET)
    assert vault.status == "system"
    assert best_vault().load("a") == SECRET


class PlainKeyring(MemoryKeyring):
    """Stands for the keyrings of keyrings.alt, which keep secrets readable."""


PlainKeyring.__module__ = "keyrings.alt.file"


class Chain(MemoryKeyring):
    """Stands for a chain of keyrings with a readable one in it."""

    backends = (MemoryKeyring(), PlainKeyring())


class Useless(MemoryKeyring):
    """A keyring that says of itself that it should not be used."""

    priority = 0  # type: ignore[assignment]


@pytest.mark.parametrize("backend", [null.Keyring(), fail.Keyring(), PlainKeyring(), Chain(), Useless()])
def test_a_keyring_not_to_trust_means_memory(backend: KeyringBackend, system_keyring: MemoryKeyring) -> None:
    keyring.set_keyring(backend)
    vault = best_vault()
    assert (vault.status, type(vault.problem)) == ("session", NoKeyring)
    assert type(backend).__module__ in str(vault.problem)
    assert trusted(system_keyring)


def test_a_keyring_that_cannot_even_be_asked_means_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> KeyringBackend:
        raise OSError("no bus")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    vault = best_vault()
    assert (vault.status, type(vault.problem)) == ("session", NoKeyring)


def test_a_keyring_that_does_not_even_say_what_it_is_means_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()

    def slow() -> KeyringBackend:
        assert go.wait(60)
        return MemoryKeyring()

    monkeypatch.setattr(keyring, "get_keyring", slow)
    monkeypatch.setattr("viewer.vault._FIRST_LOOK", 0.01)
    try:
        vault = best_vault()
    finally:
        go.set()
    assert (vault.status, type(vault.problem)) == ("session", TooSlow)
