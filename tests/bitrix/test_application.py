"""An application's data as typed, the address for the browser, and whatever is pasted back."""

from urllib.parse import parse_qs, urlsplit

import pytest

from viewer import i18n
from viewer.bitrix import Application, BadSignIn, Secret, SignIn
from viewer.bitrix.masking import masked

ID = "local.5f0c1e7a3b2d41.90871234"
SECRET = "cl13ntS3cr3tOfTheTest"
CODE = "abc123def456ghi789"
APPLICATION = Application.parse("firma.bitrix24.ru", ID, SECRET)


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("firma.bitrix24.ru", "https://firma.bitrix24.ru"),
        (" https://Firma.Bitrix24.ru/ ", "https://firma.bitrix24.ru"),
        ("«https://firma.bitrix24.ru/online/?IM_HISTORY=imol|343»", "https://firma.bitrix24.ru"),
        ("https://firma.bitrix24.ru:443/devops/section/standard/", "https://firma.bitrix24.ru"),
        ("https://crm.firma.local:8443", "https://crm.firma.local:8443"),
        ("https://bitrix", "https://bitrix"),
        ("https://портал.рф/", "https://портал.рф"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("localhost:8080", "https://localhost:8080"),
    ],
)
def test_any_address_of_the_portal_will_do(typed: str, root: str) -> None:
    application = Application.parse(typed, f" {ID}\n", f'"{SECRET}"')
    assert (application.root, application.id, application.secret) == (root, Secret(ID), Secret(SECRET))
    assert application.server == "https://oauth.bitrix.info"


@pytest.mark.parametrize(
    ("portal", "client_id", "client_secret", "server", "title"),
    [
        ("", ID, SECRET, "", "This is not a portal's address."),
        ("firma", ID, SECRET, "", "This is not a portal's address."),
        ("my portal", ID, SECRET, "", "This is not a portal's address."),
        ("ftp://firma.ru", ID, SECRET, "", "This is not a portal's address."),
        ("https://user:pass@firma.ru", ID, SECRET, "", "This is not a portal's address."),
        ("http://firma.bitrix24.ru", ID, SECRET, "", "The address is not secure."),
        ("firma.bitrix24.ru", " ", SECRET, "", "The application's id is missing."),
        ("firma.bitrix24.ru", "two words", SECRET, "", "The application's id is missing."),
        ("firma.bitrix24.ru", ID, "", "", "The application's secret is missing."),
        ("firma.bitrix24.ru", ID, "a\nb", "", "The application's secret is missing."),
        ("firma.bitrix24.ru", ID, SECRET, "nowhere", "This is not a sign-in server's address."),
        ("firma.bitrix24.ru", ID, SECRET, "http://oauth.firma.ru", "The address is not secure."),
    ],
)
def test_each_mistake_in_the_form_is_named(
    portal: str, client_id: str, client_secret: str, server: str, title: str
) -> None:
    with pytest.raises(BadSignIn) as caught:
        Application.parse(portal, client_id, client_secret, server)
    assert caught.value.title == title
    assert caught.value.detail
    assert caught.value.advice
    assert SECRET not in f"{caught.value} {caught.value!r}"


def test_another_sign_in_server() -> None:
    application = Application.parse("firma.local", ID, SECRET, " oauth.firma.local:8443 ")
    assert (application.server, application.server_host) == ("https://oauth.firma.local:8443", "oauth.firma.local:8443")


def test_the_address_for_the_browser() -> None:
    begun = SignIn(APPLICATION)
    address = urlsplit(begun.address)
    assert f"{address.scheme}://{address.netloc}{address.path}" == "https://firma.bitrix24.ru/oauth/authorize/"
    assert parse_qs(address.query) == {"client_id": [ID], "state": [begun.state.reveal()]}
    assert len(begun.state.reveal()) >= 32
    assert begun.state != SignIn(APPLICATION).state
    assert SECRET not in begun.address


def landed(begun: SignIn, **changes: str) -> str:
    told = {
        "code": CODE,
        "state": begun.state.reveal(),
        "domain": "firma.bitrix24.ru",
        "member_id": "a223c6b3710f85df22e9377d6c4f7553",
        "scope": "imopenlines%2Cim",
        "server_domain": "oauth.bitrix.info",
    } | changes
    return "https://app.example/handler/?" + "&".join(f"{key}={value}" for key, value in told.items() if value)


def test_the_code_is_found_in_whatever_is_pasted() -> None:
    begun = SignIn(APPLICATION)
    whole = landed(begun)
    query = whole.partition("?")[2]
    pasted = [
        whole,
        f"  «{whole}»\n",
        whole[:60] + "\n  " + whole[60:],
        whole.removeprefix("https://"),
        "?" + query,
        query,
        whole.replace("?", "#"),
        landed(begun, domain=""),
        landed(begun, domain="FIRMA.bitrix24.ru:443"),
        landed(begun).replace("code=", "CODE="),
        CODE,
        f'"{CODE}"',
    ]
    assert [begun.code(each) for each in pasted] == [Secret(CODE)] * len(pasted)


def test_a_portal_with_letters_of_its_country_is_known_by_both_its_names() -> None:
    begun = SignIn(Application.parse("портал.рф", ID, SECRET))
    assert begun.code(landed(begun, domain="портал.рф".encode("idna").decode())) == Secret(CODE)


def wrong(begun: SignIn) -> list[tuple[str, str]]:
    return [
        ("", "Nothing was pasted."),
        (' "" \n', "Nothing was pasted."),
        ("код из браузера", "This is neither an address nor a code."),
        ("abc", "This is neither an address nor a code."),
        ("https://app.example/handler/", "There is no code in this address."),
        ("https://[bad/?code=" + CODE, "There is no code in this address."),
        (landed(begun, code=""), "There is no code in this address."),
        (landed(begun, code="%3Cscript%3E"), "There is no code in this address."),
        ("&".join(f"a{n}=1" for n in range(2000)), "There is no code in this address."),
        (begun.address, "This is the address of the sign-in page itself."),
        (landed(begun, state="another"), "This address is not from this sign-in."),
        (landed(begun, state=""), "This address is not from this sign-in."),
        (landed(begun, state="%D1%91"), "This address is not from this sign-in."),
        (landed(begun, domain="other.bitrix24.ru"), "This sign-in is for another portal."),
        ("https://app.example/?error=access_denied&state=x", "The portal did not let the application in."),
        ("https://app.example/?error=server_error", "The portal did not sign you in."),
        (f"https://app.example/?error={CODE}%20{CODE}", "The portal did not sign you in."),
    ]


def test_whatever_else_is_pasted_is_told_in_one_sentence() -> None:
    begun = SignIn(APPLICATION)
    for language in ("en", "ru"):
        for pasted, title in wrong(begun):
            i18n.use(language)
            with pytest.raises(BadSignIn) as caught:
                begun.code(pasted)
            error = caught.value
            assert (error.title == title) == (language == "en"), (pasted, error.title)
            assert error.detail
            assert error.advice
            assert "{" not in str(error)
            assert not any(secret in f"{error} {error!r}" for secret in (CODE, SECRET, begun.state.reveal()))


def test_another_portal_is_named() -> None:
    begun = SignIn(APPLICATION)
    with pytest.raises(BadSignIn) as caught:
        begun.code(landed(begun, domain="other.bitrix24.ru"))
    assert "other.bitrix24.ru, not to firma.bitrix24.ru" in caught.value.detail


def test_no_secret_is_shown() -> None:
    begun = SignIn(APPLICATION)
    code = begun.code(landed(begun))
    shown = f"{begun} {begun!r} {APPLICATION!r} {code!r}"
    assert not any(secret in shown for secret in (CODE, SECRET, ID, begun.state.reveal()))
    assert masked(f"pasted {CODE} for {begun.state.reveal()} by {SECRET}") == "pasted *** for *** by ***"
