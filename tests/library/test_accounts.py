"""From the browser's address to an account in the vault, and back to a portal; two windows with one sign-in."""

import threading
from pathlib import Path

import pytest

from tests.bitrix.office import CODE, HOST, Loopback, Office
from tests.conftest import MemoryKeyring
from viewer.bitrix import Access, Checked, OAuth, Portal, Secret, SignIn, SignInAgain, Webhook, connection
from viewer.errors import ViewerError
from viewer.library.accounts import Kept, access_of, check_sign_in, keep_webhook, sign_in
from viewer.library.sources import account_source
from viewer.settings import Account
from viewer.vault import LIMIT, Damaged, Entry, MemoryVault, SystemVault, Vault

ADDRESS = "https://portal.example/rest/7/s3cr3tc0de12345x/"
CHECKED = Checked("Анна", 7, ("imopenlines",), None, 0.1)


def kept(office: Office, vault: Vault) -> Account:
    """Sign in as a user does, and keep it."""
    begun = SignIn(office.application)
    pasted = f"https://app.example/?code={CODE}&state={begun.state.reveal()}&domain={office.application.host}"
    access = sign_in(begun, pasted, server=office.server())
    return check_sign_in(access, opened=lambda it, _file: portal_of(office, it)).keep(vault)


def portal_of(office: Office, access: Access) -> Portal:
    assert isinstance(access, OAuth)
    return office.portal(access)


def test_signing_in_makes_an_account_that_opens_the_portal(system_keyring: MemoryKeyring) -> None:
    office, vault = Office(), SystemVault(system_keyring)
    account = kept(office, vault)
    assert account == Account(
        f"{HOST}#7-oauth", HOST, name=HOST, user_name="Анна", kind="oauth", auth_host="oauth.bitrix.info"
    )
    (text,) = system_keyring.kept.values()
    assert Entry.read(text).kind == "oauth"
    access = access_of(account, vault, office.server())
    assert connection.check(portal_of(office, access)).user_id == 7
    office.expired = True
    assert portal_of(office, access).call("profile").result
    (text,) = system_keyring.kept.values()
    assert Entry.read(text).values["access"] == "access-t0ken-2"


def test_a_check_that_fails_may_be_made_again_with_the_same_sign_in() -> None:
    office = Office()
    access = sign_in(SignIn(office.application), CODE, server=office.server())

    def closed(_access: Access, _file: Path | None) -> Portal:
        raise ViewerError("no right yet")

    with pytest.raises(ViewerError):
        check_sign_in(access, opened=closed)
    assert check_sign_in(access, opened=lambda it, _file: portal_of(office, it)).checked.user_name == "Анна"
    assert len(office.asked) == 1


def test_two_windows_of_this_computer_renew_once() -> None:
    """Each has its own objects and its own view of the vault; the lock between them is a real one."""
    office, vault = Office(), MemoryVault()
    account = kept(office, vault)
    portals = [portal_of(office, access_of(account, vault, office.server())) for _ in range(2)]
    office.expired = True
    office.pause = threading.Barrier(2, timeout=60).wait
    results: list[object] = []
    threads = [threading.Thread(target=lambda it=it: results.append(it.call("profile").result)) for it in portals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [{"path": "/rest/profile"}] * 2
    assert [asked["grant_type"] for asked in office.asked] == ["authorization_code", "refresh_token"]


def test_an_account_opens_over_the_network() -> None:
    with Loopback() as office:
        vault = MemoryVault()
        account = check_sign_in(sign_in(SignIn(office.application), CODE)).keep(vault)
        portal = account_source(account, vault).open()
        try:
            office.expired = True
            assert portal.call("profile").result == {"path": "/rest/profile"}
        finally:
            portal.close()
    text = vault.load(account.key)
    assert text
    assert Entry.read(text).values["refresh"] == "refresh-t0ken-2"


def test_a_long_sign_in_fits_what_windows_keeps() -> None:
    office = Office("https://очень-длинное-название-компании.example")
    office.extra = {"access_token": "a" * 128, "refresh_token": "r" * 128}
    text = Entry("oauth", office.grant().values()).text()
    assert len(text.encode("utf-16-le")) < LIMIT


def test_a_webhook_is_kept_as_an_entry_and_an_old_one_still_opens() -> None:
    vault = MemoryVault()
    account = keep_webhook(vault, Webhook.parse(ADDRESS), CHECKED, authority="/ca.pem")
    assert (account.key, account.kind, account.authority) == ("portal.example#7", "webhook", "/ca.pem")
    assert Entry.read(vault.load(account.key) or "") == Entry("webhook", {"address": ADDRESS})
    assert access_of(account, vault) == Webhook.parse(ADDRESS)
    vault.save(account.key, ADDRESS)
    assert access_of(account, vault) == Webhook.parse(ADDRESS)


def test_what_is_not_kept_is_told_by_its_kind() -> None:
    for kind, word in (("oauth", "sign-in"), ("webhook", "webhook")):
        with pytest.raises(ViewerError) as caught:
            access_of(Account("gone", HOST, kind=kind), MemoryVault())
        assert word in caught.value.title


def test_what_is_damaged_is_told() -> None:
    vault = MemoryVault()
    for text, kind in (('{"kind":"oauth"}', SignInAgain), ("{", Damaged)):
        vault.save("a", text)
        with pytest.raises(kind):
            access_of(Account("a", HOST), vault)


def test_an_entry_that_became_a_webhook_is_no_sign_in() -> None:
    vault = MemoryVault()
    vault.save("a", ADDRESS)
    assert Kept(vault, "a").load() is None
    grant = Office().grant()
    Kept(vault, "a").save(grant)
    assert Kept(vault, "a").load() == grant
    assert grant.access == Secret("access-t0ken-1")
