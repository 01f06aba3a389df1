"""A saved answer of the portal, read without it (`design.md` §3, `--from-file`)."""

from collections.abc import Iterable

from viewer.bitrix import errors
from viewer.bitrix.answers import read_answer
from viewer.bitrix.histories import is_history, parse_history
from viewer.bitrix.messages import parse_page
from viewer.bitrix.reading import decode, record
from viewer.chat import Batch
from viewer.i18n import N_

_EMPTY = (N_("The file is empty."), N_("There is nothing to read in it."), "")
_CUT = (
    N_("The file is not a whole answer."),
    N_("It is cut short, or it is not JSON."),
    N_("Save the answer again, exactly as the portal sent it."),
)
_PAGE = (
    N_("The file is a web page."),
    N_("An answer of the portal in JSON was expected."),
    N_("Save the answer of the method, not the page in the browser."),
)
_OTHER = (
    N_("The file is not a history."),
    N_("It is an answer of the portal, but to another question."),
    N_("Save the answer of imopenlines.session.history.get or im.dialog.messages.get."),
)


_HEAD = 4096  # bytes or characters that show what kind of text it is


def read_saved(saved: str | bytes) -> Batch:
    """The conversation in a saved answer of `imopenlines.session.history.get` or `im.dialog.messages.get`.

    Takes `{"result": …}` as the portal sends it, or the bare result. Raises BadAnswer, or the portal's own error that
    was saved instead.
    """
    value = _decoded(saved)
    given = record(value)
    if "error" in given and "result" not in given:
        read_answer(saved, 400, method="imopenlines.session.history.get")
    result = given.get("result", value)
    if "messages" in record(result):
        return parse_page(result)
    if is_history(result):
        return _together(parse_history(result))
    raise errors.BadAnswer(text=_OTHER)


def _decoded(saved: str | bytes) -> object:
    if isinstance(saved, bytes) and saved[:2] in (b"\xff\xfe", b"\xfe\xff"):  # as PowerShell redirects
        saved = saved.decode("utf-16", "replace")
    head = saved[:_HEAD].decode("utf-8", "replace") if isinstance(saved, bytes) else saved[:_HEAD]
    start = head.lstrip("\ufeff \t\r\n")
    if not start and len(saved) <= _HEAD:
        raise errors.BadAnswer(text=_EMPTY)
    try:
        return decode(saved)
    except ValueError:
        raise errors.BadAnswer(text=_PAGE if start.startswith("<") else _CUT) from None


def _together(batches: Iterable[Batch]) -> Batch:
    first, *rest = batches
    return Batch(
        tuple(message for batch in (first, *rest) for message in batch.messages),
        first.people,
        first.files,
        first.dialog,
        first.session,
        first.can_vote,
        first.expected,
    )
