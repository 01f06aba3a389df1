"""Why a portal does not answer, or not as it should: one look after the other, from the network to the rights."""

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from viewer import i18n
from viewer.bitrix import errors
from viewer.bitrix.answers import Answer, Command, read_answer
from viewer.bitrix.certificate import Certificate, read_certificate
from viewer.bitrix.client import Portal
from viewer.bitrix.findings import Finding, Outcome
from viewer.bitrix.pace import Cancel, check
from viewer.bitrix.reading import flag, items, moment, record, whole, words
from viewer.bitrix.transport import broken, connected, proxy_for, unchecked, watched
from viewer.errors import ViewerError
from viewer.i18n import N_, _

if TYPE_CHECKING:
    import httpx

PATIENCE = 20.0  # seconds for the first look, which asks for nothing that takes long
SKEW = timedelta(minutes=2)
SOON = timedelta(days=14)  # a certificate that ends so soon is worth a word
_PAGE = 64 * 1024  # bytes of an answer that are looked at


NAMES = (
    N_("Address"), N_("Proxy"), N_("Secure connection"), N_("Answer"), N_("Sign-in"), N_("Clock"), N_("Permissions"),
    N_("Functions"), N_("Limits"), N_("Open Lines module"),
)  # fmt: skip

# Permissions, and what their lack costs (`bitrix24-api.md` §2.1); any in a row grants the same.
_SCOPES = (
    (("imopenlines",), N_("nothing can be read")),
    (("im",), N_("names and files may be missing")),
    (("crm",), N_("fewer sessions may be found")),
    (("user_brief", "user_basic", "user"), N_("some names may be missing")),
    (("disk",), N_("some files will open in the browser")),
)

# Methods, and what their lack costs (§3.0).
_METHODS = (
    ("imopenlines.session.history.get", N_("dialogues are not readable without membership")),
    ("imopenlines.v2.Session.list", N_("not all sessions are listed")),
    ("crm.activity.list", N_("sessions of the CRM are not listed")),
    ("im.recent.list", N_("your own chats are not listed")),
    ("imopenlines.session.head.vote", N_("dialogues cannot be rated")),
    ("im.v2.File.download", N_("some files will open in the browser")),
)

Found = tuple[Outcome, str, str]
_NOT_TRIED: Found = (Outcome.SKIPPED, N_("Not tried: an earlier step failed."), "")


def diagnose(
    root: str,
    opened: Callable[[], Portal],
    *,
    authority: Path | None = None,
    embedded: bool = False,
    cancel: Cancel | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Finding]:
    """Look at the portal at `root`, which `opened` opens; one finding for each of `NAMES`, in their order.

    Goes on after a failure with what can still tell something. An `embedded` portal has no network to look at. Raises
    Cancelled, and nothing else.
    """
    visit = _Visit(root, opened, authority, cancel, now)
    network = (_demo_address, *(_not_needed,) * 3) if embedded else (_address, _proxy, _connection, _answer)
    looks = (*network, _sign_in, _clock, _permissions, _functions, _limits, _module)
    visit.reached = embedded
    try:
        for name, look in zip(NAMES, looks, strict=True):
            check(cancel)
            try:
                outcome, text, advice = look(visit)
            except ViewerError as error:
                check(cancel)
                outcome, text, advice = _trouble(error)
            yield Finding(_(name), outcome, text, advice, look is _connection and visit.distrusted)
    finally:
        visit.close()


class _Visit:
    """What is known so far."""

    def __init__(
        self,
        root: str,
        opened: Callable[[], Portal],
        authority: Path | None,
        cancel: Cancel | None,
        now: Callable[[], datetime],
    ) -> None:
        self.root, self.opened, self.authority, self.cancel, self.now = root, opened, authority, cancel, now
        self.host = urlsplit(root).netloc
        self.reached = False  # whether a call makes sense
        self.distrusted = False  # whether the certificate, or the file with further ones, is at fault
        self.accepted = False  # whether the portal accepts who asks
        self.status, self.headers, self.body = 0, dict[str, str](), b""
        self.seconds = 0.0
        self.calls: list[Answer] = []
        self.limits: list[errors.PortalError] = []
        self._portal: Portal | None = None

    def portal(self) -> Portal:
        if self._portal is None:
            self._portal = self.opened()
        return self._portal

    def call(self, method: str) -> object:
        """What a method answers; not repeated, since a fault is news."""
        with self._limits_noted():
            answer = self.portal().call(method, cancel=self.cancel, attempts=1)
        self.calls.append(answer)
        return answer.result

    def batch(self, commands: Mapping[str, Command]) -> dict[str, Answer | errors.PortalError]:
        """What each of some calls answers."""
        with self._limits_noted():
            return self.portal().batch(commands, cancel=self.cancel, attempts=1)

    @contextmanager
    def _limits_noted(self) -> Iterator[None]:
        try:
            yield
        except (errors.Busy, errors.OverBudget) as error:
            self.limits.append(error)
            raise

    def close(self) -> None:
        if self._portal is not None:
            self._portal.close()


def _trouble(error: ViewerError) -> Found:
    """An error as a finding: what passes by itself is only a warning."""
    passing = isinstance(error, errors.Passing)
    text = " ".join(part for part in (error.title, error.detail) if part)
    return Outcome.WARNING if passing else Outcome.FAILED, text, error.advice


# --- the network --------------------------------------------------------------------------------------------------


def _demo_address(_visit: _Visit) -> Found:
    return Outcome.OK, _("The demo portal lives inside this program and needs no network."), ""


def _not_needed(_visit: _Visit) -> Found:
    return Outcome.SKIPPED, _("Not needed."), ""


def _address(visit: _Visit) -> Found:
    parts = urlsplit(visit.root)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        text = _("The name {host} is not known to the network.").format(host=parts.hostname)
        if proxy_for(visit.root):
            return Outcome.WARNING, text, _("The proxy may know it all the same.")
        return Outcome.FAILED, text, _("Check the portal's address and the network; a VPN may be needed.")
    addresses = ", ".join(dict.fromkeys(str(each[4][0]) for each in found))
    return Outcome.OK, _("{host} is at {addresses}.").format(host=parts.hostname, addresses=addresses), ""


def _proxy(visit: _Visit) -> Found:
    parts = urlsplit(proxy_for(visit.root))
    if not parts.netloc:
        return Outcome.OK, _("No proxy is used for this portal."), ""
    if parts.scheme not in ("http", "https"):
        raise errors.BadProxy
    place = parts.netloc.rpartition("@")[2]  # without name and password
    return Outcome.OK, _("The system's proxy {proxy} is used.").format(proxy=place), ""


def _connection(visit: _Visit) -> Found:
    """Connect and ask without the secret; what comes is kept for the next look."""
    import httpx

    try:
        client = connected(None, visit.authority)
    except errors.BadAuthority:
        visit.distrusted = True
        raise
    begun = time.monotonic()
    try:
        with watched(visit.cancel), client.stream("GET", f"{visit.root}/rest/server.time", timeout=PATIENCE) as came:
            told = _told(came)
            visit.status, visit.headers = came.status_code, {name.lower(): each for name, each in came.headers.items()}
            with suppress(httpx.HTTPError):  # a body that breaks off is the next look's business
                visit.body = next(came.iter_bytes(_PAGE), b"")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        fault = broken(error, method="server.time", host=visit.host)
        if isinstance(fault, errors.Untrusted):
            return _untrusted(visit, fault)
        raise fault from None
    finally:
        client.close()
    visit.reached = True
    visit.seconds = time.monotonic() - begun
    if told is None:
        return Outcome.OK, _("The connection is not encrypted and stays on this computer."), ""
    text = _("The certificate was issued by {issuer} and is good until {day}; trusted by {store}.")
    text = text.format(issuer=told.issuer or "—", day=i18n.short_date(told.until), store=_store(visit))
    if told.until - visit.now() < SOON:
        return Outcome.WARNING, text, _("It ends soon: the administrator should renew it.")
    return Outcome.OK, text, ""


def _store(visit: _Visit) -> str:
    if visit.authority is None:
        return _("the trust store of the system")
    return _("the trust store of the system, with {file}").format(file=visit.authority.name)


def _told(came: "httpx.Response") -> Certificate | None:
    """The certificate on the other end; None for a connection without one."""
    stream = came.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream is not None else None
    data = tls.getpeercert(True) if tls is not None else None
    if not data:
        return None
    try:
        return read_certificate(data)
    except ValueError:
        return None


def _untrusted(visit: _Visit, fault: errors.Untrusted) -> Found:
    """Why it is not trusted, and whose it is: looked at once more, with nothing sent that is secret."""
    import httpx

    visit.distrusted = True
    text, client = fault.detail, unchecked()
    try:
        with watched(visit.cancel), client.stream("HEAD", f"{visit.root}/", timeout=PATIENCE) as came:
            told = _told(came)
    except (httpx.HTTPError, httpx.InvalidURL, errors.PortalError):
        told = None
    finally:
        client.close()
    if told is not None:
        whose = _("It was issued by {issuer}, is good from {since} until {until}, and {store} does not accept it.")
        since, until = i18n.short_date(told.since), i18n.short_date(told.until)
        whose = whose.format(issuer=told.issuer or "—", since=since, until=until, store=_store(visit))
        text = f"{text} {whose}"
    return Outcome.FAILED, text, fault.advice


def _answer(visit: _Visit) -> Found:
    if not visit.reached:
        return _not_tried()
    visit.reached = False
    if 300 <= visit.status < 400:
        host = urlsplit(urljoin(visit.root, visit.headers.get("location", ""))).netloc.lower()
        raise errors.Moved(method="server.time", host=host) if host != visit.host else errors.NotPortal()
    told = _("REST answers, in {n} s (HTTP {status}).").format(n=f"{visit.seconds:.1f}", status=visit.status)
    try:
        read_answer(visit.body, visit.status, method="server.time")
    except errors.Unauthorised:  # as it should, without a secret
        pass
    except errors.Passing:
        visit.reached = True
        raise
    visit.reached = True
    return Outcome.OK, told, ""


# --- the portal ---------------------------------------------------------------------------------------------------


def _not_tried() -> Found:
    outcome, text, advice = _NOT_TRIED
    return outcome, _(text), advice


def _sign_in(visit: _Visit) -> Found:
    if not visit.reached:
        visit.portal()  # a secret that is missing is news even without a network
        return _not_tried()
    profile = record(visit.call("profile"))
    if not profile:
        text = _("The portal accepts the webhook, but its user is no longer active.")
        return Outcome.FAILED, text, _("Create a new webhook under an active user.")
    visit.accepted = True
    if flag(profile.get("admin")):
        return Outcome.OK, _("The portal accepts it; its user is an administrator."), ""
    return Outcome.OK, _("The portal accepts it; its user is not an administrator."), ""


def _clock(visit: _Visit) -> Found:
    """The portal's time by its own word, else by the head of its first answer."""
    there: datetime | None = None
    before = visit.now()
    if visit.accepted:
        with suppress(errors.PortalError):
            there = moment(visit.call("server.time"))
    here = before + (visit.now() - before) / 2
    if there is None:
        with suppress(ValueError, TypeError):
            there = parsedate_to_datetime(visit.headers.get("date", ""))
    if there is None:
        return _not_tried()
    if there.tzinfo is None:
        there = there.replace(tzinfo=UTC)
    skew = here - there
    if abs(skew) < SKEW:
        return Outcome.OK, _("This computer and the portal agree about the time."), ""
    told = _("This computer's clock is {span} ahead of the portal's.")
    if skew < timedelta(0):
        told = _("This computer's clock is {span} behind the portal's.")
    advice = _("Set date and time right; times and periods may be wrong until then.")
    return Outcome.WARNING, told.format(span=i18n.duration(abs(skew))), advice


def _permissions(visit: _Visit) -> Found:
    if not visit.accepted:
        return _not_tried()
    held = {words(each).lower() for each in items(visit.call("scope"))}
    lacking = [(names[0], _(cost)) for names, cost in _SCOPES if held.isdisjoint(names)]
    if not lacking:
        return Outcome.OK, _("Every permission that is of use is ticked."), ""
    told = "; ".join(f"{scope} ({cost})" for scope, cost in lacking)
    outcome = Outcome.FAILED if lacking[0][0] == "imopenlines" else Outcome.WARNING
    names = ", ".join(scope for scope, _cost in lacking)
    advice = _("Open the webhook in the portal, tick {names} and save.").format(names=names)
    return outcome, _("Not ticked: {scopes}.").format(scopes=told), advice


def _functions(visit: _Visit) -> Found:
    if not visit.accepted:
        return _not_tried()
    commands = {f"c{place}": ("method.get", {"name": name.lower()}) for place, (name, _cost) in enumerate(_METHODS)}
    answers = visit.batch(commands)
    lacking, silent = [], 0
    for place, (name, cost) in enumerate(_METHODS):
        answer = answers[f"c{place}"]
        known = record(answer.result) if isinstance(answer, Answer) else {}
        silent += "isavailable" not in known
        if "isavailable" in known and not flag(known["isavailable"]):
            lacking.append((name, _(cost)))
    if silent == len(_METHODS):
        return Outcome.WARNING, _("The portal does not tell which methods it knows."), ""
    if not lacking:
        return Outcome.OK, _("The portal knows every method that is of use."), ""
    told = "; ".join(f"{name} ({cost})" for name, cost in lacking)
    outcome = Outcome.FAILED if lacking[0][0] == _METHODS[0][0] else Outcome.WARNING
    advice = _("It may be too old, a permission may be missing, or the plan does not include them.")
    return outcome, _("Not available: {methods}.").format(methods=told), advice


def _limits(visit: _Visit) -> Found:
    if visit.limits:
        raise visit.limits[-1]
    if not visit.calls:
        return _not_tried()
    if any(answer.resets_in is not None for answer in visit.calls):
        return Outcome.OK, _("The portal counts the time of its methods; nothing is used up."), ""
    return Outcome.OK, _("No limit was met; the portal does not count the time of its methods."), ""


def _module(visit: _Visit) -> Found:
    if not visit.accepted:
        return _not_tried()
    told = record(visit.call("imopenlines.revision.get"))
    return Outcome.OK, _("Revision {n} of the REST interface.").format(n=whole(told.get("rest")) or "—"), ""
