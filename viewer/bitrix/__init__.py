"""The portal: Bitrix24's REST API, from HTTP answers to `viewer.chat` records. httpx is loaded on first use."""

from viewer.bitrix import (
    connection,
    crm,
    dialogs,
    files,
    histories,
    listing,
    messages,
    people,
    sessions,
    siblings,
    votes,
)
from viewer.bitrix.access import Access
from viewer.bitrix.answers import Answer
from viewer.bitrix.application import Application, SignIn
from viewer.bitrix.client import Portal
from viewer.bitrix.connection import Checked
from viewer.bitrix.errors import (
    BadAnswer,
    BadAuthority,
    BadProxy,
    BadRequest,
    BadSignIn,
    BadWebhook,
    Blocked,
    Busy,
    FileGone,
    MethodMissing,
    MissingScope,
    Moved,
    NoSignInServer,
    NoSuchThing,
    NotMember,
    NotPortal,
    OpenInBrowser,
    OverBudget,
    Passing,
    PlanNeeded,
    PortalClosed,
    PortalError,
    ProxyRefused,
    Refused,
    ServerFault,
    SignInAgain,
    TimedOut,
    Unauthorised,
    Unreachable,
    Untrusted,
    WrongApplication,
)
from viewer.bitrix.limits import Budget, Limits, Why
from viewer.bitrix.oauth import Keep, OAuth
from viewer.bitrix.pace import Cancel, Pace
from viewer.bitrix.saved import read_saved
from viewer.bitrix.secret import Secret
from viewer.bitrix.sources import Source, SourceNote
from viewer.bitrix.tokens import Grant, SignInServer
from viewer.bitrix.transport import embedded
from viewer.bitrix.webhook import Webhook

__all__ = [
    "Access", "Answer", "Application", "BadAnswer", "BadAuthority", "BadProxy", "BadRequest", "BadSignIn",
    "BadWebhook", "Blocked", "Budget", "Busy", "Cancel", "Checked", "FileGone", "Grant", "Keep", "Limits",
    "MethodMissing", "MissingScope", "Moved", "NoSignInServer", "NoSuchThing", "NotMember", "NotPortal", "OAuth",
    "OpenInBrowser", "OverBudget", "Pace", "Passing", "PlanNeeded", "Portal", "PortalClosed", "PortalError",
    "ProxyRefused", "Refused", "Secret", "ServerFault", "SignIn", "SignInAgain", "SignInServer", "Source",
    "SourceNote", "TimedOut", "Unauthorised", "Unreachable", "Untrusted", "Webhook", "Why", "WrongApplication",
    "connection", "crm", "dialogs", "embedded", "files", "histories", "listing", "messages", "people", "read_saved",
    "sessions", "siblings", "votes",
]  # fmt: skip
