"""The incoming webhook: the portal's address and the secret in it (`bitrix24-api.md` §2.1)."""

import re
from dataclasses import dataclass
from typing import Final, NoReturn
from urllib.parse import urlsplit

from viewer.bitrix.addresses import host_of, secure
from viewer.bitrix.errors import BadWebhook, Unauthorised
from viewer.bitrix.pace import Cancel
from viewer.bitrix.secret import Secret
from viewer.i18n import N_

_PATH = re.compile(
    r"(?P<base>(?:/[^/\s?#]+)*?)/rest/(?:api/)?(?P<user>\d{1,18})(?:/(?P<rest>[^\s?#]*))?", re.IGNORECASE
)
_CODE = re.compile(r"[A-Za-z0-9]{4,}")
_ADDRESS = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*)://)?(?P<place>[^\s/\"'<>?#]+)(?P<path>/[^\s\"'<>]*)", re.IGNORECASE
)
_METHODS: Final = frozenset(
    {"profile", "scope", "methods", "batch", "events", "method", "server", "app", "user", "feature"}
)

_PASTE = N_("Copy the address of the incoming webhook as a whole and paste it here.")
_EMPTY = (N_("Nothing was pasted."), BadWebhook.TEXT[1], _PASTE)
_PORTAL_ONLY = (
    N_("This is the portal's address, not a webhook's."),
    N_("The part /rest/…/…/ with the secret code is missing."),
    _PASTE,
)
_NO_CODE = (N_("The secret code is missing from the address."), BadWebhook.TEXT[1], _PASTE)
_APPLICATION = (
    N_("This is an application's address, not a webhook's."),
    N_("It has no user number and no secret code."),
    N_("Create an incoming webhook in the portal and paste its address."),
)
_PLAIN_HTTP = (
    N_("The address is not secure."),
    N_("A webhook is a secret and travels over https only."),
    N_("Paste the address with https://."),
)
_BAD_HOST = (N_("The portal's name in the address is wrong."), BadWebhook.TEXT[1], _PASTE)


@dataclass(frozen=True, slots=True)
class Webhook:
    """An incoming webhook. `root` is the portal's address without a slash at the end; `code` the secret."""

    root: str
    user_id: int
    code: Secret

    @classmethod
    def parse(cls, text: str) -> "Webhook":
        """Read whatever was pasted: quotes, a method at the end, a query, a whole curl line. Raises BadWebhook."""
        text = text.strip().strip("\"'`<>«»“”").strip()
        if not text:
            raise BadWebhook(text=_EMPTY)
        if "\n" in text and len(text.split()) <= 3 and "curl" not in text.lower():
            text = "".join(text.split())  # an address broken by the mail program it was copied from
        found = None
        for address in _ADDRESS.finditer(text):
            found = found or address
            if _PATH.fullmatch(address["path"].partition("?")[0].partition("#")[0]):
                return cls._read(address)
        raise BadWebhook(text=_what_instead(found))

    @classmethod
    def _read(cls, address: re.Match[str]) -> "Webhook":
        path = _PATH.fullmatch(address["path"].partition("?")[0].partition("#")[0])
        rest = [part for part in ((path["rest"] if path else "") or "").split("/") if part]
        code = rest[0].removesuffix(".json") if rest else ""
        if not _CODE.fullmatch(code) or code.lower() in _METHODS:
            raise BadWebhook(text=_NO_CODE)
        scheme = (address["scheme"] or "https").lower()
        host = _host(scheme, address["place"])
        base, user = (path["base"], int(path["user"])) if path else ("", 0)
        return cls(f"{scheme}://{host}{base}", user, Secret(code))

    @property
    def host(self) -> str:
        """The portal's name, with its port if it has an unusual one."""
        return urlsplit(self.root).netloc

    @property
    def key(self) -> str:
        """What an account with this webhook is called in the vault; no secret."""
        return f"{self.root.partition('://')[2]}#{self.user_id}"

    @property
    def address(self) -> Secret:
        """The whole address, for the vault."""
        return Secret(f"{self.root}/rest/{self.user_id}/{self.code.reveal()}/")

    def url(self, method: str) -> str:
        """Where to post a call; a secret."""
        return self.address.reveal() + method

    def token(self) -> None:
        """None: the address itself is the secret."""

    def renew(self, _spent: Secret | None, refused: Unauthorised, _cancel: Cancel | None, /) -> NoReturn:
        """A webhook that is refused stays refused: raises `refused`."""
        raise refused

    def secrets(self) -> tuple[Secret, ...]:
        """What no log may show."""
        return (self.code,)

    def __repr__(self) -> str:
        return f"Webhook({self.root}/rest/***/***/)"


def _host(scheme: str, place: str) -> str:
    """The host with its port, checked. Raises BadWebhook."""
    host = host_of(scheme, place)
    if not host:
        raise BadWebhook(text=_BAD_HOST)
    if not secure(scheme, host):
        raise BadWebhook(text=_PLAIN_HTTP)
    return host


def _what_instead(address: re.Match[str] | None) -> tuple[str, str, str] | None:
    """What is wrong with an address that holds no webhook; None for text that is no address at all."""
    if address is None or not (address["scheme"] or "." in address["place"]):
        return None
    path = address["path"].lower()
    if re.search(r"/rest/(?:api/)?\d*/?$", path.partition("?")[0]):
        return _NO_CODE
    return _APPLICATION if "/rest/" in path else _PORTAL_ONLY
