"""Every code of the portal becomes one error that a supervisor understands."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from tests.bitrix.scripted import HOST, Script, bad
from viewer import i18n
from viewer.bitrix import errors
from viewer.bitrix.answers import read_answer
from viewer.bitrix.codes import CLASS_OF, refusal, scope_of
from viewer.bitrix.errors import PortalError
from viewer.cli import REFUSED, UNREACHABLE, main
from viewer.library.sources import Source

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
    ("AUTHORIZATION_ERROR", 401, HISTORY, errors.Unauthorised, "webhook"),
    ("ERROR_OAUTH", 401, HISTORY, errors.Unauthorised, "webhook"),
    ("INVALID_ARG_VALUE", 400, "imopenlines.v2.Session.list", errors.BadRequest, "INVALID_ARG_VALUE"),
    ("INVALID_FORMAT", 400, "im.user.list.get", errors.BadRequest, "INVALID_FORMAT"),
    ("ERROR_MANIFEST_IS_NOT_AVAILABLE", 404, HISTORY, errors.MethodMissing, "outdated"),
    ("ERROR_METHOD_NOT_FOUND", 404, HISTORY, errors.MethodMissing, "module is missing"),
    ("ERROR_NOT_FOUND", 400, "im.v2.File.download", errors.FileGone, "deleted"),
    ("FILE_NOT_FOUND", 400, "disk.file.get", errors.FileGone, "deleted"),
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
    ("ERROR_METHOD_NOT_FOUND", 404, "imopenlines.v2.Session.list", errors.MethodMissing, "CRM activities"),
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


@pytest.mark.parametrize(("code", "status", "method", "kind", "word"), ROWS)
def test_each_row_on_the_real_client_in_both_languages(
    code: str, status: int, method: str, kind: type[PortalError], word: str
) -> None:
    told = {}
    for language in ("en", "ru"):
        i18n.use(language)
        script = Script({method: bad(code, status)})
        with pytest.raises(PortalError) as caught:
            script.portal().call(method, subject="343", attempts=1)
        error = caught.value
        assert type(error) is kind
        assert (error.code, error.method, error.subject) == (code.upper(), method, "343")
        assert script.methods == [method]
        told[language] = error
    english, russian = told["en"], told["ru"]
    assert word in str(english)
    for name in ("title", "detail", "advice"):
        in_english, in_russian = getattr(english, name), getattr(russian, name)
        assert bool(in_english) == bool(in_russian)
        assert not re.search("[а-яё]", in_english, re.IGNORECASE)
        assert not in_russian or re.search("[а-яё]", in_russian)
        assert not re.search("[{}]", in_english + in_russian)


@pytest.mark.parametrize(("code", "status"), sorted({row[:2] for row in ROWS}))
def test_each_row_on_the_command_line(
    code: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = Script({"/rest/": bad(code, status)})
    source = Source("key", "", HOST, script.portal)
    for room in ("exporting", "portals"):
        monkeypatch.setattr(f"viewer.cli.{room}.source", lambda _arguments: source)
    assert main(["export", "343", "--format", "txt"]) == REFUSED
    assert main(["list"]) == REFUSED
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 2
    assert "секретные" not in told.err


@pytest.mark.parametrize(
    "fault", [OSError("no route"), httpx.ReadTimeout("slow"), httpx.ProxyError("407 Proxy Authentication Required")]
)
def test_no_way_to_the_portal_on_the_command_line(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source = Source("key", "", HOST, Script({"/rest/": fault}).portal)
    monkeypatch.setattr("viewer.cli.exporting.source", lambda _arguments: source)
    assert main(["export", "343", "--format", "txt"]) == UNREACHABLE
    assert HOST in capsys.readouterr().err


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
    passing_kinds = {"Unreachable", "TimedOut", "NoSignInServer", "ProxyRefused", "Passing", "Busy", "OverBudget"}
    assert passing == {*passing_kinds, "ServerFault"}
    assert not errors.ProxyRefused("407").passing


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
