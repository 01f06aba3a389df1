"""Every code of the portal becomes one error that a supervisor understands."""

import re
from datetime import UTC, datetime

import pytest

from viewer import i18n
from viewer.bitrix import errors
from viewer.bitrix.answers import read_answer
from viewer.bitrix.codes import CLASS_OF, refusal, scope_of
from viewer.bitrix.errors import PortalError

HISTORY = "imopenlines.session.history.get"

# Code, HTTP status, method, kind of error, a word of what is said: the rows of §1.5 and §12.
ROWS = [
    ("QUERY_LIMIT_EXCEEDED", 503, HISTORY, errors.Busy, "busy"),
    ("OPERATION_TIME_LIMIT", 429, HISTORY, errors.OverBudget, "about ten minutes"),
    ("OVERLOAD_LIMIT", 503, HISTORY, errors.Blocked, "support"),
    ("INTERNAL_SERVER_ERROR", 500, HISTORY, errors.ServerFault, HISTORY),
    ("ERROR_UNEXPECTED_ANSWER", 500, HISTORY, errors.ServerFault, "administrator"),
    ("PORTAL_DELETED", 500, HISTORY, errors.PortalClosed, "temporary closure"),
    ("PORTAL_DELETED", 410, HISTORY, errors.PortalClosed, "closed"),
    ("NO_AUTH_FOUND", 401, HISTORY, errors.Unauthorised, "new incoming webhook"),
    ("expired_token", 401, HISTORY, errors.SignInAgain, "Sign in again"),
    ("invalid_token", 401, HISTORY, errors.SignInAgain, "Sign in again"),
    ("invalid_grant", 400, HISTORY, errors.SignInAgain, "Sign in again"),
    ("WRONG_CLIENT", 200, HISTORY, errors.WrongApplication, "secret"),
    ("INVALID_CREDENTIALS", 401, HISTORY, errors.Unauthorised, "webhook"),
    ("INVALID_CREDENTIALS", 403, HISTORY, errors.Unauthorised, "webhook"),
    ("insufficient_scope", 401, "im.recent.list", errors.MissingScope, "“im”"),
    ("insufficient_scope", 403, HISTORY, errors.MissingScope, "“imopenlines”"),
    ("insufficient_scope", 403, "crm.activity.list", errors.MissingScope, "“crm”"),
    ("insufficient_scope", 403, "disk.file.get", errors.MissingScope, "“disk”"),
    ("ACCESS_DENIED", 403, HISTORY, errors.PlanNeeded, "Market subscription"),
    ("ACCESS_DENIED", 400, HISTORY, errors.Refused, "Communication history"),
    ("ACCESS_DENIED", 400, "imopenlines.session.head.vote", errors.Refused, "Conversation rating"),
    ("ACCESS_DENIED", 403, "im.v2.File.download", errors.Refused, "browser"),
    ("ACCESS_DENIED", 400, "disk.file.get", errors.Refused, "browser"),
    ("ACCESS_DENIED", 403, "imopenlines.crm.chat.get", errors.Refused, "access"),
    ("PAYMENT_REQUIRED", 401, HISTORY, errors.PlanNeeded, "plan"),
    ("user_access_error", 403, HISTORY, errors.Unauthorised, "not open to you"),
    ("ALLOWED_ONLY_INTRANET_USER", 403, HISTORY, errors.Unauthorised, "employee"),
    ("WRONG_AUTH_TYPE", 403, "imconnector.list", errors.Unauthorised, "sign-in"),
    ("METHOD_CONFIRM_WAITING", 401, HISTORY, errors.Blocked, "later"),
    ("METHOD_CONFIRM_DENIED", 403, HISTORY, errors.Blocked, "denied"),
    ("APPLICATION_NOT_FOUND", 401, HISTORY, errors.WrongApplication, "deleted"),
    ("NOT_INSTALLED", 401, HISTORY, errors.WrongApplication, "administrator"),
    ("invalid_client", 401, HISTORY, errors.WrongApplication, "id"),
    ("INVALID_REQUEST", 400, HISTORY, errors.BadRequest, "https"),
    ("ERROR_METHOD_NOT_FOUND", 404, "imopenlines.v2.Session.list", errors.MethodMissing, "Session.list"),
    ("METHOD_NOT_FOUND", 400, HISTORY, errors.MethodMissing, "outdated"),
    ("METHOD_NOT_YET_AVAILABLE", 400, HISTORY, errors.MethodMissing, "outdated"),
    ("ERROR_BATCH_METHOD_NOT_ALLOWED", 405, "batch", errors.BadRequest, "batch"),
    ("ERROR_BATCH_LENGTH_EXCEEDED", 400, "batch", errors.BadRequest, "batch"),
    ("100", 400, "imopenlines.v2.Session.list", errors.BadRequest, "100"),
    ("ERROR_ARGUMENT", 400, "disk.file.get", errors.BadRequest, "ERROR_ARGUMENT"),
    ("TARIFF_RESTRICTION", 400, "imopenlines.v2.Session.list", errors.PlanNeeded, "CRM activities"),
    ("PERIOD_TOO_LARGE", 400, "imopenlines.v2.Session.list", errors.BadRequest, "PERIOD_TOO_LARGE"),
    ("OFFSET_TOO_LARGE", 400, "imopenlines.v2.Session.list", errors.BadRequest, "report"),
    ("INVALID_FILTER", 400, "imopenlines.v2.Session.list", errors.BadRequest, "report"),
    ("ACCESS_ERROR", 400, "imopenlines.dialog.get", errors.NotMember, "session id"),
    ("ACCESS_ERROR", 403, "im.dialog.messages.get", errors.NotMember, "member"),
    ("INVALID_SESSION_ID", 400, HISTORY, errors.NoSuchThing, "number"),
    ("MISSING_REQUIRED_PARAM", 400, HISTORY, errors.BadRequest, "number"),
    ("CHAT_TYPE", 400, HISTORY, errors.NoSuchThing, "not an open line"),
    ("CHAT_ID", 400, HISTORY, errors.NoSuchThing, "number"),
    ("FIND_SHORT", 400, "im.search.chat.list", errors.BadRequest, "two characters"),
    ("FILE_NOT_FOUND", 400, "im.v2.File.download", errors.FileGone, "deleted"),
    ("ERROR_NOT_FOUND", 400, "disk.file.get", errors.FileGone, "deleted"),
    ("EMPTY_VOTE_PARAMS", 400, "imopenlines.session.head.vote", errors.BadRequest, "stars"),
    ("EMPTY_SESSION_ID", 400, "imopenlines.session.head.vote", errors.BadRequest, "session"),
    ("CRM_CHAT_EMPTY_CRM_DATA", 400, "imopenlines.crm.chat.getLastId", errors.Refused, "CRM record"),
    ("IM_NOT_INSTALLED", 400, "imopenlines.dialog.get", errors.MethodMissing, "messenger"),
    ("", 500, HISTORY, errors.ServerFault, "failed"),
    ("", 502, HISTORY, errors.ServerFault, "failed"),
    ("", 503, HISTORY, errors.Busy, "busy"),
    ("", 429, HISTORY, errors.Busy, "busy"),
    ("NEVER_SEEN", 404, HISTORY, errors.MethodMissing, "method"),
    ("NEVER_SEEN", 422, HISTORY, errors.BadRequest, "NEVER_SEEN"),
    ("NEVER_SEEN", 200, HISTORY, PortalError, "NEVER_SEEN"),
    ("", 400, "crm.activity.fields", errors.BadRequest, "—"),
]


@pytest.mark.parametrize(("code", "status", "method", "kind", "word"), ROWS)
def test_each_row(code: str, status: int, method: str, kind: type[PortalError], word: str) -> None:
    error = refusal(code, status, method=method, subject="343")
    assert type(error) is kind
    assert (error.code, error.method, error.subject) == (code.upper(), method, "343")
    assert word in str(error)
    assert error.title
    assert error.detail
    assert "{" not in str(error)


def test_every_known_code_is_in_the_rows_or_has_the_words_of_its_class() -> None:
    for code in CLASS_OF:
        error = refusal(code, 400, method="x.y")
        assert type(error) is CLASS_OF[code]
        assert "{" not in str(error)
        assert error.title


def test_which_errors_pass() -> None:
    passing = {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and getattr(kind, "passing", False)
    }
    assert passing == {"Unreachable", "TimedOut", "NoSignInServer", "Passing", "Busy", "OverBudget", "ServerFault"}


def test_errors_speak_russian_and_say_when() -> None:
    noon = datetime(2026, 3, 11, 12, 5, tzinfo=UTC)
    said = errors.OverBudget(method="x", reset=noon).detail
    assert re.search(r"again \d\d:\d\d", said)
    i18n.use("ru")
    assert errors.Busy().title  # the catalogue itself is tested with all others


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    drawn = set(re.findall(r"^ *- (\w+)", errors.__doc__ or "", re.MULTILINE))
    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, PortalError)}
    assert drawn == kinds


def test_scopes() -> None:
    assert [scope_of(name) for name in ("imopenlines.v2.Session.list", "im.recent.list", "IM.x", "profile")] == [
        "imopenlines",
        "im",
        "im",
        "",
    ]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b'{"error":"QUERY_LIMIT_EXCEEDED","error_description":"x"}', 200, errors.Busy),
        (b'{"error":100,"error_description":"x"}', 400, errors.BadRequest),
        (b'{"error":{"code":"NO_AUTH_FOUND","message":"x"}}', 401, errors.Unauthorised),
        (b'{"error":"","error_description":"x"}', 400, errors.BadRequest),
        (b"<html>blocked</html>", 403, errors.NotPortal),
        (b"<html>login</html>", 200, errors.NotPortal),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", 200, errors.NotPortal),
        (b"<html>bad gateway</html>", 502, errors.ServerFault),
        (b"<html>gateway timeout</html>", 504, errors.ServerFault),
        (b'{"result":{"message":{"1":{"te', 200, errors.BadAnswer),
        (b"", 200, errors.BadAnswer),
        (b"[]", 200, errors.BadAnswer),
        (b'{"resul":1}', 200, errors.BadAnswer),
        (b"null", 200, errors.BadAnswer),
        (b'"text"', 418, errors.BadRequest),
        (b"[" * 100_000, 200, errors.BadAnswer),
        (b'{"result":' + b"[" * 100_000, 200, errors.BadAnswer),
        (b'{"result":' + b"1" * 5000 + b"}", 200, errors.BadAnswer),
    ],
)
def test_what_comes_instead_of_an_answer(body: bytes, status: int, kind: type[PortalError]) -> None:
    with pytest.raises(PortalError) as caught:
        read_answer(body, status, method=HISTORY)
    assert type(caught.value) is kind
