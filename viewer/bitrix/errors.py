"""What the portal, or the way to it, can refuse (`bitrix24-api.md` §1.5, §12).

- PortalError             with the portal's code, the REST method and the dialogue it was about
  - BadWebhook            what was pasted is not a webhook address
  - BadSignIn             what was typed or pasted to sign in is not what it should be
  - BadAuthority          the file with the company's certificate cannot be used
  - Unreachable           no answer came: network, name, proxy
    - TimedOut            the portal did not answer in time
    - Untrusted           the certificate is not trusted (`reason`)
    - BadProxy            the proxy set up on this computer cannot be used
    - ProxyRefused        the proxy did not let the connection through
    - NoSignInServer      the server that gives out sign-ins did not answer
  - NotPortal             something else answered: a web page, a firewall
  - BadAnswer             an answer that is cut short or has another shape
  - Moved                 the portal has another address now (`host`)
  - PortalClosed          deleted, or closed by its administrator
  - Unauthorised          the webhook is wrong, deleted or expired
    - SignInAgain         the sign-in of an application is over
    - WrongApplication    the application's id or secret is not accepted
  - MissingScope          a permission is not ticked in the webhook or application (`scope`)
  - PlanNeeded            the plan does not include it
  - Refused               no right to this, or it does not exist
    - NotMember           readable only by members of the chat
    - NoSuchThing         it does not exist
      - FileGone          the file was deleted
    - OpenInBrowser       the file opens only in a browser (`url`)
  - Blocked               REST was blocked by Bitrix24, or waits for the administrator
  - MethodMissing         this portal has no such method
  - BadRequest            the portal did not understand what was asked
  - Passing               goes away by itself; reads are repeated
    - Busy                too many requests (`seconds` to wait)
    - OverBudget          this method used up its time (`reset`)
    - ServerFault         the server failed

The portal's own `error_description` never stands in a message: it is in the portal's language and not for people.
"""

from datetime import datetime

from viewer import i18n
from viewer.bitrix.faults import (
    BadProxy,
    NoSignInServer,
    PortalError,
    ProxyRefused,
    Text,
    TimedOut,
    Unreachable,
    Untrusted,
)
from viewer.i18n import N_, _

__all__ = [
    "BadAnswer", "BadAuthority", "BadProxy", "BadRequest", "BadSignIn", "BadWebhook", "Blocked", "Busy", "FileGone",
    "MethodMissing", "MissingScope", "Moved", "NoSignInServer", "NoSuchThing", "NotMember", "NotPortal",
    "OpenInBrowser", "OverBudget", "Passing", "PlanNeeded", "PortalClosed", "PortalError", "ProxyRefused", "Refused",
    "ServerFault", "SignInAgain", "Text", "TimedOut", "Unauthorised", "Unreachable", "Untrusted", "WrongApplication",
]  # fmt: skip


class BadWebhook(PortalError):
    """What was pasted is not the address of an incoming webhook."""

    TEXT = (
        N_("This is not a webhook address."),
        N_("It should look like https://company.bitrix24.com/rest/1/abc123…/"),
        N_("Copy the address of the incoming webhook as a whole and paste it here."),
    )


class BadSignIn(PortalError):
    """What was typed or pasted to sign in is not what it should be: an application's data, an address, a code."""

    TEXT = (
        N_("This is neither an address nor a code."),
        N_("After you have signed in, the browser lands on an address with “code=” in it."),
        N_("Copy that address as a whole and paste it here."),
    )


class BadAuthority(PortalError):
    """The file with further certificates to trust is missing, cannot be read, or holds none; `file` is its name."""

    TEXT = (
        N_("The company's certificate cannot be used."),
        N_("The file {file} is missing, cannot be read, or holds no certificate."),
        N_("Choose the file of the certificate again; your administrator has it."),
    )


class NotPortal(PortalError):
    """A web page came instead of an answer: a firewall, an IP filter, a login page."""

    TEXT = (
        N_("Something other than the portal answered."),
        N_("A web page came instead of data: a firewall, an IP filter, or an address that is not a portal."),
        N_("Ask the administrator to allow REST from this computer."),
    )


class BadAnswer(PortalError):
    """The answer is cut short or has another shape than it should."""

    TEXT = (
        N_("The portal's answer cannot be read."),
        N_("It is cut short or has an unexpected form ({method})."),
        N_("Try again; if it happens again, tell your administrator the time and the method."),
    )


class Moved(PortalError):
    """The portal has another address now: `host`. The secret was not sent there."""

    TEXT = (
        N_("The portal has moved to {host}."),
        N_("The old address sends us there. Nothing was sent to the new one."),
        N_("If this is your portal's new address, connect it again from there."),
    )

    def __init__(self, code: str = "", *, method: str = "", subject: str = "", host: str = "") -> None:
        super().__init__(code, method=method, subject=subject, host=host or "—")
        self.host = host


class PortalClosed(PortalError):
    """The portal was deleted, or closed by its administrator."""

    TEXT = (
        N_("The portal is closed."),
        N_("It was deleted, or its administrator has closed it for the time being."),
        N_("Ask the administrator; on a self-hosted portal “temporary closure” may be switched on."),
    )


class Unauthorised(PortalError):
    """The webhook is wrong, deleted, expired or was issued anew."""

    TEXT = (
        N_("The portal does not accept this webhook."),
        N_("It is mistyped, deleted, expired, or was issued anew by an administrator."),
        N_("Create a new incoming webhook in the portal and paste its address."),
    )


class SignInAgain(Unauthorised):
    """The sign-in of an application is over: the tokens are spent, expired or withdrawn."""

    TEXT = (
        N_("The sign-in has expired."),
        N_("The portal wants a new one."),
        N_("Sign in again."),
    )


class WrongApplication(Unauthorised):
    """The application's id or secret is not accepted, or the portal has the application no more."""

    TEXT = (
        N_("The application is not accepted."),
        N_("Its id or its secret is wrong, or it was deleted from the portal."),
        N_("Compare both with the application's page in the portal, or ask the administrator."),
    )


class MissingScope(PortalError):
    """A permission is not ticked in webhook or application: `scope`, empty when the portal did not tell which."""

    TEXT = (
        N_("The permission “{scope}” is missing."),
        N_("The portal refused the method {method}."),
        N_("Open the webhook or the application in the portal, tick “{scope}” and save."),
    )

    def __init__(self, code: str = "", *, method: str = "", subject: str = "", scope: str = "") -> None:
        super().__init__(code, method=method, subject=subject, scope=scope or "imopenlines")
        self.scope = scope


class PlanNeeded(PortalError):
    """The portal's plan does not include this."""

    TEXT = (
        N_("The portal's plan does not allow this."),
        N_("Access for programs needs a paid plan with a Market subscription."),
        N_("Ask the administrator to check the plan and the subscription."),
    )


class Refused(PortalError):
    """The user has no right to this, or it does not exist: the portal does not always tell which."""

    TEXT = (
        N_("The portal refused access."),
        N_("You have no right to this, or it does not exist."),
        N_("Ask the administrator for access."),
    )


class NotMember(Refused):
    """Readable this way only by those who are in the chat."""

    TEXT = (
        N_("You are not a member of this chat."),
        N_("The portal shows it to its members only, or it does not exist."),
        N_("Open the dialogue by its session id: history is readable without membership."),
    )


class NoSuchThing(Refused):
    """What was named does not exist."""

    TEXT = (
        N_("There is no such dialogue."),
        N_("The portal knows nothing under this number."),
        N_("Check the number or the link."),
    )


NOT_A_LINE: Text = (
    N_("This chat is not an open line."),
    N_("Only dialogues with clients can be read here."),
    N_("Check the number or the link."),
)


class FileGone(NoSuchThing):
    """The file was deleted from the portal."""

    TEXT = (N_("The file is no longer there."), N_("It was deleted from the portal."), "")


class OpenInBrowser(Refused):
    """The file opens only where the user is signed in: in the browser, at `url` (empty when unknown)."""

    TEXT = (
        N_("The portal does not give out this file."),
        N_("A program may not fetch files of chats that you are not in."),
        N_("Open it in the browser, where you are signed in."),
    )

    def __init__(self, code: str = "", *, method: str = "", subject: str = "", url: str = "") -> None:
        super().__init__(code, method=method, subject=subject)
        self.url = url


class Blocked(PortalError):
    """REST was blocked by Bitrix24, or waits for the administrator's word."""

    TEXT = (
        N_("Access for programs is blocked on this portal."),
        N_("Bitrix24 has blocked it because of overload."),
        N_("The administrator must contact the support of Bitrix24."),
    )


class MethodMissing(PortalError):
    """This portal has no such method."""

    TEXT = (
        N_("This portal cannot do that."),
        N_("It does not know the method {method}: the Open Lines module is missing, or the portal is outdated."),
        N_("Ask the administrator to update the portal."),
    )


class BadRequest(PortalError):
    """The portal did not understand what was asked."""

    TEXT = (
        N_("The portal did not understand the request."),
        N_("It answered {method} with the code {code}."),
        N_("Check the number or the link; if it is right, report this."),
    )


class Passing(PortalError):
    """Something that goes away by itself."""

    passing = True


class Busy(Passing):
    """Too many requests at once; `seconds` is the pause it takes, 0 when unknown."""

    TEXT = (
        N_("The portal is busy."),
        N_("Too many requests came from your network."),
        N_("Try again in a minute."),
    )

    def __init__(self, code: str = "", *, method: str = "", subject: str = "", seconds: float = 0.0) -> None:
        super().__init__(code, method=method, subject=subject)
        self.seconds = seconds


class OverBudget(Passing):
    """This method has used up its time; `reset` is when it works again, None when unknown. Other methods work on."""

    TEXT = (
        N_("The portal needs a pause."),
        N_("{method} has used up its time; it works again {when}."),
        N_("Other functions stay usable."),
    )

    def __init__(self, code: str = "", *, method: str = "", subject: str = "", reset: datetime | None = None) -> None:
        when = i18n.own_clock(reset) if reset else _("in about ten minutes")
        super().__init__(code, method=method, subject=subject, when=when)
        self.reset = reset


class ServerFault(Passing):
    """The server failed."""

    TEXT = (
        N_("The portal failed."),
        N_("It reported an internal error in {method}."),
        N_("Try again; if it happens again, tell your administrator the time and the method."),
    )
