"""One contract for every vault, and keyrings that fail in every way they do."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError

from tests.conftest import MemoryKeyring
from viewer.vault import LIMIT, MemoryVault, SystemVault, Vault, VaultError, best_vault, trusted

SECRET = "https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/"


@pytest.fixture(params=["memory", "system"])
def vault(request: pytest.FixtureRequest, system_keyring: MemoryKeyring) -> Vault:
    return MemoryVault() if request.param == "memory" else SystemVault(system_keyring)


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


@pytest.mark.parametrize("secret", ["", "x" * (LIMIT + 1), "a\0b"])
def test_what_cannot_be_kept(vault: Vault, secret: str) -> None:
    with pytest.raises(VaultError):
        vault.save("a", secret)
    assert vault.load("a") is None


def test_the_longest_secret(vault: Vault) -> None:
    vault.save("a", "x" * LIMIT)
    assert vault.load("a") == "x" * LIMIT


def test_no_secret_is_shown(vault: Vault) -> None:
    vault.save("a", SECRET)
    assert "a1b2c3d4" not in f"{vault!r} {vault}"


def test_how_long_they_keep(system_keyring: MemoryKeyring) -> None:
    assert MemoryVault().status == "session"
    assert SystemVault(system_keyring).status == "system"


class BrokenKeyring(KeyringBackend):
    """Fails with one error, that tells a secret."""

    priority = 1  # type: ignore[assignment]

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error

    def delete_password(self, service: str, username: str) -> None:
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        NoKeyringError(SECRET),
        KeyringLocked(SECRET),
        InitError(SECRET),
        PasswordSetError(SECRET),
        OSError(1783, f"The stub received bad data {SECRET}"),
        RuntimeError(SECRET),
        ValueError(SECRET),
    ],
)
def test_whatever_a_keyring_raises_is_told_without_its_words(error: Exception) -> None:
    vault = SystemVault(BrokenKeyring(error))
    for act in (lambda: vault.load("a"), lambda: vault.save("a", SECRET), lambda: vault.delete("a")):
        with pytest.raises(VaultError) as caught:
            act()
        assert type(error).__name__ in caught.value.detail
        assert "a1b2c3d4" not in f"{caught.value} {caught.value!r}"
        assert caught.value.__suppress_context__


def test_the_best_vault_is_the_systems(system_keyring: MemoryKeyring) -> None:
    vault = best_vault()
    assert vault.status == "system"
    vault.save("a", SECRET)
    assert list(system_keyring.kept.values()) == [SECRET]


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
    assert best_vault().status == "session"
    assert trusted(system_keyring)


def test_a_keyring_that_cannot_even_be_asked_means_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> KeyringBackend:
        raise OSError("no bus")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    assert best_vault().status == "session"
