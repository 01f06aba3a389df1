"""From the portal's error code to one of our errors (`bitrix24-api.md` §1.5, §12).

The code decides, compared in upper case; the HTTP status only where the code is unknown or means two things.
"""

from collections.abc import Callable

from viewer.bitrix import errors
from viewer.bitrix.errors import PortalError, Text
from viewer.i18n import N_

_CLASSES: dict[type[PortalError], str] = {
    errors.Unauthorised: "NO_AUTH_FOUND INVALID_CREDENTIALS AUTHORIZATION_ERROR ERROR_OAUTH WRONG_AUTH_TYPE "
    "USER_ACCESS_ERROR ALLOWED_ONLY_INTRANET_USER",
    errors.SignInAgain: "EXPIRED_TOKEN INVALID_TOKEN INVALID_GRANT",
    errors.WrongApplication: "INVALID_CLIENT WRONG_CLIENT APPLICATION_NOT_FOUND NOT_INSTALLED",
    errors.MissingScope: "INSUFFICIENT_SCOPE INVALID_SCOPE",
    errors.PlanNeeded: "PAYMENT_REQUIRED TARIFF_RESTRICTION",
    errors.Refused: "ACCESS_DENIED ERROR_ACCESS_DENIED CRM_CHAT_EMPTY_CRM_DATA",
    errors.NotMember: "ACCESS_ERROR",
    errors.NoSuchThing: "INVALID_SESSION_ID CHAT_TYPE CHAT_ID ERROR_NOT_FOUND NOT_FOUND",
    errors.FileGone: "FILE_NOT_FOUND",
    errors.Blocked: "OVERLOAD_LIMIT METHOD_CONFIRM_WAITING METHOD_CONFIRM_DENIED",
    errors.MethodMissing: "ERROR_METHOD_NOT_FOUND METHOD_NOT_FOUND METHOD_NOT_YET_AVAILABLE IM_NOT_INSTALLED "
    "ERROR_MANIFEST_IS_NOT_AVAILABLE",
    errors.PortalClosed: "PORTAL_DELETED",
    errors.Busy: "QUERY_LIMIT_EXCEEDED",
    errors.OverBudget: "OPERATION_TIME_LIMIT",
    errors.ServerFault: "INTERNAL_SERVER_ERROR ERROR_UNEXPECTED_ANSWER",
    errors.BadRequest: "100 ERROR_ARGUMENT INVALID_ARG_VALUE INVALID_FORMAT INVALID_REQUEST MISSING_REQUIRED_PARAM "
    "PERIOD_TOO_LARGE OFFSET_TOO_LARGE INVALID_FILTER PERIOD_REQUIRED BATCH_LIMIT_EXCEEDED FIND_SHORT "
    "DIALOG_ID_EMPTY FIRST_ID_STRING LAST_ID_STRING CONFIG_ID_EMPTY EMPTY_VOTE_PARAMS EMPTY_SESSION_ID "
    "ERROR_BATCH_METHOD_NOT_ALLOWED ERROR_BATCH_LENGTH_EXCEEDED",
}
CLASS_OF = {code: kind for kind, names in _CLASSES.items() for code in names.split()}

_STATUSES: dict[int, type[PortalError]] = {
    401: errors.Unauthorised,
    402: errors.PlanNeeded,
    403: errors.Refused,
    404: errors.MethodMissing,
    408: errors.ServerFault,
    410: errors.PortalClosed,
    429: errors.Busy,
    503: errors.Busy,
}

# Where one code says more than its class does.
_TEXTS: dict[str, Text] = {
    "WRONG_AUTH_TYPE": (
        N_("The portal does not do this for a program."),
        N_("The method {method} needs another kind of sign-in."),
        "",
    ),
    "USER_ACCESS_ERROR": (
        N_("The application is not open to you."),
        N_("The administrator has allowed it to some users only."),
        N_("Ask the administrator to open the application to you."),
    ),
    "ALLOWED_ONLY_INTRANET_USER": (
        N_("Only employees may read this portal."),
        N_("The one who connected this portal is not an employee."),
        N_("Connect it as an employee."),
    ),
    "TARIFF_RESTRICTION": (
        N_("The portal's plan has no reports on Open Lines."),
        N_("So it cannot list all sessions."),
        N_("Sessions are listed from CRM activities and recent chats instead."),
    ),
    "METHOD_CONFIRM_WAITING": (
        N_("The administrator must confirm this first."),
        N_("He has received a request to allow the method {method}."),
        N_("Try again later."),
    ),
    "METHOD_CONFIRM_DENIED": (
        N_("The administrator has denied this."),
        N_("He did not allow the method {method}."),
        N_("Ask the administrator."),
    ),
    "INVALID_REQUEST": (
        N_("The portal wants a secure connection."),
        N_("It answers to https only."),
        N_("Paste the address with https://."),
    ),
    "IM_NOT_INSTALLED": (
        N_("This portal has no messenger."),
        N_("The messenger module is not installed."),
        N_("Ask the administrator to install it."),
    ),
    "CHAT_TYPE": errors.NOT_A_LINE,
    "CRM_CHAT_EMPTY_CRM_DATA": (
        N_("There is no dialogue for this CRM record."),
        N_("None was found, or you have no access to it."),
        "",
    ),
    "FIND_SHORT": (N_("The search text is too short."), N_("Type at least two characters."), ""),
    "EMPTY_VOTE_PARAMS": (N_("There is nothing to rate with."), N_("Choose stars or write a comment."), ""),
    "EMPTY_SESSION_ID": (N_("There is nothing to rate."), N_("The dialogue has no session."), ""),
}

_HISTORY: Text = (
    N_("The portal does not show this dialogue."),
    N_("You have no right to it, or it does not exist."),
    N_("Ask the administrator for the role right “Communication history: View – any” in the settings of Open Lines."),
)
_VOTE: Text = (
    N_("The portal did not accept the rating."),
    N_("The right “Conversation rating” is missing, or the plan does not include it."),
    N_("Ask the administrator for this right in the settings of Open Lines."),
)
_FILE: Text = errors.OpenInBrowser.TEXT

_DENIED_BY_METHOD: tuple[tuple[str, Text], ...] = (
    ("imopenlines.session.head.vote", _VOTE),
    ("imopenlines.session.", _HISTORY),
    ("im.v2.file.", _FILE),
    ("disk.", _FILE),
)

_SCOPES = (("imopenlines.", "imopenlines"), ("im.", "im"), ("crm.", "crm"), ("disk.", "disk"), ("user.", "user_brief"))


def scope_of(method: str) -> str:
    """The permission to tick for a method, empty for methods that need none (§2.1)."""
    return next((scope for prefix, scope in _SCOPES if method.lower().startswith(prefix)), "")


def refusal(code: str, status: int, *, method: str = "", subject: str = "") -> PortalError:
    """The error for a code (any case, may be empty) and an HTTP status."""
    code = code.strip().upper()
    kind = CLASS_OF.get(code) or _by_status(status)
    if code == "ACCESS_DENIED" and status == 403 and not _own_denial(method):
        kind = errors.PlanNeeded
    if kind is errors.MissingScope:
        return errors.MissingScope(code, method=method, subject=subject, scope=scope_of(method))
    if kind is errors.NoSuchThing and method.lower().startswith("disk."):
        kind = errors.FileGone
    text = _TEXTS.get(code)
    if kind is errors.Refused and text is None:
        text = next((said for prefix, said in _DENIED_BY_METHOD if method.lower().startswith(prefix)), None)
    make: Callable[..., PortalError] = kind
    return make(code, method=method, subject=subject, text=text) if text else make(code, method=method, subject=subject)


def _own_denial(method: str) -> bool:
    """Whether the method's own refusals come with status 403 too, so that the plan is not meant (§3.4, §9.3)."""
    return method.lower().startswith(("im.v2.", "disk.", "imopenlines.crm.", "imopenlines.v2.", "crm."))


def _by_status(status: int) -> type[PortalError]:
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:
        return errors.ServerFault
    return errors.BadRequest if status >= 400 else PortalError
