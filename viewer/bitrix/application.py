"""A local application, and the part of signing in that happens in the browser (`bitrix24-api.md` §2.2).

The portal sends the browser to an address that the application's form fixed, with a code that lives 30 seconds. The
user pastes back that address, or the code alone.
"""

import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from viewer.bitrix import masking
from viewer.bitrix.addresses import host_of, same_host, secure
from viewer.bitrix.errors import BadSignIn
from viewer.bitrix.secret import Secret
from viewer.i18n import N_

SIGN_IN_HOST = "oauth.bitrix.info"

_QUOTES = "\"'`<>«»“” \t\r\n"
_ADDRESS = re.compile(r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<place>[^\s/?#]+)(?:[/?#]\S*)?", re.IGNORECASE)
_CODE = re.compile(r"[\w.~+-]{6,512}", re.ASCII)

_AGAIN = N_("Open the sign-in page from here once more and paste the address you land on.")
_NO_PORTAL = (
    N_("This is not a portal's address."),
    N_("It should look like https://company.bitrix24.com"),
    N_("Copy the portal's address from the browser."),
)
_NO_SERVER = (
    N_("This is not a sign-in server's address."),
    N_("It should look like oauth.bitrix.info"),
    N_("Leave the field empty unless your administrator has named another server."),
)
_PLAIN_HTTP = (
    N_("The address is not secure."),
    N_("A sign-in is a secret and travels over https only."),
    N_("Paste the address with https://."),
)
_FORM = N_("Copy both from the application's page in the portal.")
_NO_ID = (N_("The application's id is missing."), N_("It looks like local.abc123… and has no spaces in it."), _FORM)
_NO_SECRET = (N_("The application's secret is missing."), N_("It is a long word without spaces in it."), _FORM)
_EMPTY = (N_("Nothing was pasted."), BadSignIn.TEXT[1], BadSignIn.TEXT[2])
_NO_CODE = (N_("There is no code in this address."), BadSignIn.TEXT[1], BadSignIn.TEXT[2])
_TOO_EARLY = (
    N_("This is the address of the sign-in page itself."),
    BadSignIn.TEXT[1],
    N_("Sign in there first, then copy the address you land on."),
)
_OTHER_STATE = (N_("This address is not from this sign-in."), N_("It belongs to an earlier or another one."), _AGAIN)
_OTHER_PORTAL = (
    N_("This sign-in is for another portal."),
    N_("The browser was signed in to {there}, not to {host}."),
    N_("Sign in to the right portal in the browser, then open the sign-in page from here once more."),
)
_DECLINED = (N_("The portal did not let the application in."), N_("It was declined in the browser."), _AGAIN)
_FAILED = (N_("The portal did not sign you in."), N_("Its answer was the code {code}."), _AGAIN)


@dataclass(frozen=True, slots=True)
class Application:
    """A local application of a portal. `root` is the portal's address, `server` the sign-in server's; neither ends in
    a slash.
    """

    root: str
    id: Secret
    secret: Secret
    server: str = f"https://{SIGN_IN_HOST}"

    @classmethod
    def parse(cls, portal: str, client_id: str, client_secret: str, server: str = "") -> "Application":
        """Read what the user typed; any address of the portal will do. Raises BadSignIn."""
        root = _root(portal, _NO_PORTAL)
        names = client_id.strip(_QUOTES), client_secret.strip(_QUOTES)
        for name, missing in zip(names, (_NO_ID, _NO_SECRET), strict=True):
            if not name or not name.isprintable() or " " in name:
                raise BadSignIn(text=missing)
        return cls(root, Secret(names[0]), Secret(names[1]), _root(server.strip() or SIGN_IN_HOST, _NO_SERVER))

    @property
    def host(self) -> str:
        """The portal's name, with its port if it has an unusual one."""
        return urlsplit(self.root).netloc

    @property
    def server_host(self) -> str:
        """The sign-in server's name."""
        return urlsplit(self.server).netloc


def _root(text: str, wrong: tuple[str, str, str]) -> str:
    """Scheme and host of an address. Raises BadSignIn."""
    found = _ADDRESS.fullmatch(text.strip(_QUOTES))
    scheme = ((found["scheme"] if found else "") or "https").lower()
    host = host_of(scheme, found["place"]) if found else ""
    # A lone word is a host only where it is written as one.
    if not found or not host or not (found["scheme"] or "." in host or host.partition(":")[0] == "localhost"):
        raise BadSignIn(text=wrong)
    if not secure(scheme, host):
        raise BadSignIn(text=_PLAIN_HTTP)
    return f"{scheme}://{host}"


@dataclass(frozen=True, slots=True)
class SignIn:
    """One attempt to sign in. The address that the user lands on must bring back the same `state`."""

    application: Application
    state: Secret = field(default_factory=lambda: Secret(secrets.token_urlsafe(24)))

    def __post_init__(self) -> None:
        for secret in (self.state, self.application.id, self.application.secret):
            masking.remember(secret.reveal())

    @property
    def address(self) -> str:
        """What to open in the system's browser."""
        asked = {"client_id": self.application.id.reveal(), "state": self.state.reveal()}
        return f"{self.application.root}/oauth/authorize/?{urlencode(asked)}"

    def code(self, pasted: str) -> Secret:
        """The code in what was pasted: the whole address landed on, its query, or the code alone. Raises BadSignIn."""
        text = "".join(pasted.strip(_QUOTES).split())  # no space is part of it: a mail program broke the line
        if not text:
            raise BadSignIn(text=_EMPTY)
        if re.search(r"://|[?&=/]", text):
            return self._from_address(text)
        if not _CODE.fullmatch(text):
            raise BadSignIn
        masking.remember(text)
        return Secret(text)

    def _from_address(self, text: str) -> Secret:
        try:
            address = urlsplit(text)
            query = address.query or address.fragment or ("" if "://" in text else text)
            told = {key.lower(): value for key, value in parse_qsl(query, max_num_fields=100)}
        except ValueError:
            raise BadSignIn(text=_NO_CODE) from None
        if error := told.get("error", "").upper():
            code = error if re.fullmatch(r"\w{1,40}", error) else ""
            raise BadSignIn(code, text=_DECLINED if error == "ACCESS_DENIED" else _FAILED)
        code = told.get("code", "")
        if not code:
            raise BadSignIn(text=_TOO_EARLY if "/oauth/authorize" in address.path else _NO_CODE)
        masking.remember(code)
        there = host_of("https", told.get("domain", "").strip().rstrip("/")) or self.application.host
        if not same_host(there, self.application.host):
            raise BadSignIn(text=_OTHER_PORTAL, there=there, host=self.application.host)
        if not secrets.compare_digest(told.get("state", "").encode(), self.state.reveal().encode()):
            raise BadSignIn(text=_OTHER_STATE)
        if not _CODE.fullmatch(code):
            raise BadSignIn(text=_NO_CODE)
        return Secret(code)
