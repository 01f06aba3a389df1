"""Every form in which a webhook is pasted, and every way in which it is none."""

import pickle

import pytest

from viewer.bitrix import BadWebhook, Secret, Webhook

GOOD = "https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8",
        "https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/profile.json",
        "https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/crm.activity.list.json?start=0&order[ID]=ASC",
        "https://firma.bitrix24.ru/rest/api/12/a1b2c3d4e5f6g7h8/",
        "  \thttps://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/ \n",
        '"https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/"',
        "«https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/»",
        "<https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/>",
        "HTTPS://FIRMA.Bitrix24.RU/REST/12/a1b2c3d4e5f6g7h8/",
        "https://firma.bitrix24.ru:443/rest/12/a1b2c3d4e5f6g7h8/",
        "firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/",
        "https://firma.bitrix24.ru/rest/12/\n  a1b2c3d4e5f6g7h8/",
        "https://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/#top",
        """curl -X POST -H "Content-Type: application/json" -d '{"SESSION_ID":321}' """
        + GOOD
        + "imopenlines.dialog.get",
        "Вебхук: " + GOOD,
        "curl -X POST \\\n -H 'Accept: application/json' \\\n " + GOOD + "profile",
    ],
)
def test_any_pasted_form_is_understood(text: str) -> None:
    webhook = Webhook.parse(text)
    assert webhook == Webhook("https://firma.bitrix24.ru", 12, Secret("a1b2c3d4e5f6g7h8"))
    assert webhook.url("profile") == GOOD + "profile"
    assert webhook.address.reveal() == GOOD
    assert Webhook.parse(webhook.address.reveal()) == webhook


@pytest.mark.parametrize(
    ("text", "root", "host"),
    [
        ("http://localhost:8080/rest/1/abcdefgh/", "http://localhost:8080", "localhost:8080"),
        ("http://127.0.0.1/rest/1/abcdefgh/", "http://127.0.0.1", "127.0.0.1"),
        ("http://[::1]:80/rest/1/abcdefgh/", "http://[::1]", "[::1]"),
        ("https://crm.firma.local:8443/rest/1/abcdefgh/", "https://crm.firma.local:8443", "crm.firma.local:8443"),
        ("https://firma.local/portal/rest/1/abcdefgh/", "https://firma.local/portal", "firma.local"),
        ("https://портал.рф/rest/1/abcdefgh/", "https://портал.рф", "портал.рф"),
    ],
)
def test_hosts(text: str, root: str, host: str) -> None:
    webhook = Webhook.parse(text)
    assert (webhook.root, webhook.host) == (root, host)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", "Nothing was pasted."),
        ("   \n", "Nothing was pasted."),
        ("webhook", "This is not a webhook address."),
        ("мой вебхук / код", "This is not a webhook address."),
        ("https://firma.bitrix24.ru/", "This is the portal's address, not a webhook's."),
        ("https://firma.bitrix24.ru/online/?IM_HISTORY=imol|343", "This is the portal's address, not a webhook's."),
        ("https://firma.bitrix24.ru/rest/", "The secret code is missing from the address."),
        ("https://firma.bitrix24.ru/rest/12/", "The secret code is missing from the address."),
        ("https://firma.bitrix24.ru/rest/12/profile.json", "The secret code is missing from the address."),
        ("https://firma.bitrix24.ru/rest/12/imopenlines.dialog.get", "The secret code is missing from the address."),
        (
            "https://firma.bitrix24.ru/rest/12/**put_your_webhook_here**/",
            "The secret code is missing from the address.",
        ),
        ("https://firma.bitrix24.ru/rest/profile?auth=abc", "This is an application's address, not a webhook's."),
        ("http://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/", "The address is not secure."),
        ("http://127.0.0.1.evil.example/rest/12/a1b2c3d4e5f6g7h8/", "The address is not secure."),
        ("ftp://firma.bitrix24.ru/rest/12/a1b2c3d4e5f6g7h8/", "The portal's name in the address is wrong."),
        ("https://user:pass@firma.ru/rest/12/a1b2c3d4e5f6g7h8/", "The portal's name in the address is wrong."),
        ("https://fir_ma..ru/rest/12/a1b2c3d4e5f6g7h8/", "The portal's name in the address is wrong."),
    ],
)
def test_each_mistake_is_named(text: str, title: str) -> None:
    with pytest.raises(BadWebhook) as caught:
        Webhook.parse(text)
    assert caught.value.title == title
    assert caught.value.detail
    assert "a1b2c3d4" not in str(caught.value)


def test_nothing_shows_the_secret() -> None:
    webhook = Webhook.parse(GOOD)
    for shown in (
        repr(webhook),
        str(webhook),
        f"{webhook}",
        f"{webhook.code}",
        repr(webhook.code),
        webhook.key,
        str(webhook.address),
    ):
        assert "a1b2c3d4" not in shown
    assert repr(webhook) == "Webhook(https://firma.bitrix24.ru/rest/***/***/)"
    assert webhook.key == "firma.bitrix24.ru#12"
    with pytest.raises(TypeError):
        pickle.dumps(webhook.code)


def test_equal_secrets_are_equal() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
    assert Secret("a") != "a"
