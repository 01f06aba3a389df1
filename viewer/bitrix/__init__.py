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
from viewer.bitrix.answers import Answer
from viewer.bitrix.client import Portal
from viewer.bitrix.connection import Checked
from viewer.bitrix.errors import (
    BadAnswer,
    BadRequest,
    BadWebhook,
    Blocked,
    Busy,
    FileGone,
    MethodMissing,
    MissingScope,
    Moved,
    NoSuchThing,
    NotMember,
    NotPortal,
    OpenInBrowser,
    OverBudget,
    Passing,
    PlanNeeded,
    PortalClosed,
    PortalError,
    Refused,
    ServerFault,
    TimedOut,
    Unauthorised,
    Unreachable,
    Untrusted,
)
from viewer.bitrix.pace import Cancel, Pace
from viewer.bitrix.saved import read_saved
from viewer.bitrix.sources import Source, SourceNote
from viewer.bitrix.transport import embedded
from viewer.bitrix.webhook import Secret, Webhook

__all__ = [
    "Answer", "BadAnswer", "BadRequest", "BadWebhook", "Blocked", "Busy", "Cancel", "Checked", "FileGone",
    "MethodMissing", "MissingScope", "Moved", "NoSuchThing", "NotMember", "NotPortal", "OpenInBrowser", "OverBudget",
    "Pace", "Passing", "PlanNeeded", "Portal", "PortalClosed", "PortalError", "Refused", "Secret", "ServerFault",
    "Source", "SourceNote", "TimedOut", "Unauthorised", "Unreachable", "Untrusted", "Webhook", "connection", "crm",
    "dialogs", "embedded", "files", "histories", "listing", "messages", "people", "read_saved", "sessions", "siblings",
    "votes",
]  # fmt: skip
