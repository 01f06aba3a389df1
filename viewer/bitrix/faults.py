"""What the way to the portal can refuse, and what all refusals are; `viewer.bitrix.errors` lists them."""

from viewer.errors import ViewerError
from viewer.i18n import N_, _

Text = tuple[str, str, str]  # title, detail, advice: English sources of the catalogue


class PortalError(ViewerError):
    """The portal did not do what was asked. `code` is upper-case; `subject` names the dialogue, as the user did."""

    TEXT: Text = (N_("The portal did not do what was asked."), N_("Its answer was the code {code}."), "")
    passing = False  # whether the same call may succeed a little later

    def __init__(
        self, code: str = "", *, method: str = "", subject: str = "", text: Text | None = None, **facts: object
    ) -> None:
        facts |= {"code": code or "—", "method": method or "—"}
        title, detail, advice = (_(part).format_map(facts) for part in text or self.TEXT)
        super().__init__(title, detail, advice)
        self.code = code
        self.method = method
        self.subject = subject


class Unreachable(PortalError):
    """No connection to `host` came about: network, name, proxy."""

    TEXT = (
        N_("The portal cannot be reached."),
        N_("No connection to {host} came about."),
        N_("Check the network, the address and the proxy settings of this computer."),
    )
    passing = True

    def __init__(self, code: str = "", *, method: str = "", subject: str = "", host: str = "") -> None:
        super().__init__(code, method=method, subject=subject, host=host or "—")
        self.host = host


class TimedOut(Unreachable):
    """The portal did not answer in time."""

    TEXT = (
        N_("The portal did not answer in time."),
        N_("{host} was silent for too long."),
        N_("Try again; if it happens again, the network or the portal is overloaded."),
    )


class Untrusted(Unreachable):
    """The portal's certificate is not trusted by this computer.

    `reason` is "time" (expired, or not valid yet), "name" (made for another address), "self" (nobody vouches for it)
    or empty: whoever issued it is not known here.
    """

    TEXT = (
        N_("The portal's certificate is not trusted."),
        N_("This computer does not know who issued the certificate of {host}."),
        N_("For a self-hosted portal, add your company's certificate; otherwise ask your administrator."),
    )
    REASONS = {
        "time": (
            TEXT[0],
            N_("The certificate of {host} has expired, or is not valid yet."),
            N_("Check the date of this computer; if it is right, the administrator must renew the certificate."),
        ),
        "name": (
            TEXT[0],
            N_("The certificate that came was not made for {host}."),
            N_("Check the portal's address; if it is right, ask your administrator: something stands in between."),
        ),
        "self": (TEXT[0], N_("Nobody vouches for the certificate of {host}: it was signed by itself."), TEXT[2]),
    }
    passing = False

    def __init__(
        self, code: str = "", *, method: str = "", subject: str = "", host: str = "", reason: str = ""
    ) -> None:
        self.TEXT = self.REASONS.get(reason, self.TEXT)
        super().__init__(code, method=method, subject=subject, host=host)
        self.reason = reason


class BadProxy(Unreachable):
    """The proxy that is set up on this computer is of no kind that can be used, or its address is wrong."""

    TEXT = (
        N_("The proxy of this computer cannot be used."),
        N_("Its address is wrong, or it is of another kind than an HTTP proxy."),
        N_("Set up an HTTP proxy in this computer's settings, or exempt the portal from the proxy."),
    )
    passing = False


class ProxyRefused(Unreachable):
    """The proxy did not let the connection to `host` through; `code` is the HTTP status it said."""

    TEXT = (
        N_("The proxy did not let the connection through."),
        N_("The proxy of this computer was asked for {host} and answered {code}."),
        N_("Check the proxy settings, its user name and password too, or ask your administrator."),
    )

    def __init__(self, code: str = "", *, method: str = "", subject: str = "", host: str = "") -> None:
        super().__init__(code, method=method, subject=subject, host=host)
        self.passing = not code.startswith("4")  # 502 or 504: what stands behind the proxy may come back


class NoSignInServer(Unreachable):
    """The server that gives out sign-ins, at `host`, did not answer; the portal itself may be well."""

    TEXT = (
        N_("The sign-in server cannot be reached."),
        N_("No answer came from {host}, where Bitrix24 signs applications in."),
        N_("Check the network and the proxy; a firewall must let this address through."),
    )
