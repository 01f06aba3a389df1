"""Regular expressions that end: Qt's engine, which counts its steps.

Python's `re` holds the interpreter until it is done, and `(a+)+$` is never done. Qt brings PCRE2 along, with a limit of
steps for each match that holds for every expression: the longest a text can take is a few milliseconds. A limit on the
length of texts would not do, forty letters are enough; and the `regex` package would be one more compiled library in
the bundle for the same promise.
"""

import re
import warnings
from collections.abc import Callable

from PySide6.QtCore import QRegularExpression

from viewer.i18n import N_, _
from viewer.library.finding import Span, WrongPattern

STEPS = 200_000  # of one match: about 2 ms
_LIMIT = f"(*LIMIT_MATCH={STEPS})"
_REASONS = (  # in the words of Python's `re`, which always speaks English; Qt's speak the system's language
    ("missing )", N_("A closing bracket is missing.")),
    ("unbalanced parenthesis", N_("A closing bracket has no opening one.")),
    ("unterminated character set", N_("A square bracket is not closed.")),
    ("nothing to repeat", N_("There is nothing before it to repeat.")),
    ("multiple repeat", N_("There is nothing before it to repeat.")),
    ("min repeat", N_("The smaller number must stand first.")),
    ("bad character range", N_("The range begins after its end.")),
    ("bad escape (end", N_("Nothing follows the backslash.")),
    ("invalid group", N_("It names a group that is not there.")),
    ("unknown group", N_("It names a group that is not there.")),
    ("look-behind", N_("What it looks back at must have a known length.")),
)


def expression(source: str, case: bool) -> Callable[[str], list[Span]]:
    """What finds an expression in a text; `^` and `$` are the ends of lines. Raises `WrongPattern`, as does its use."""
    options = QRegularExpression.PatternOption
    chosen = options.UseUnicodePropertiesOption | options.MultilineOption
    if not case:
        chosen |= options.CaseInsensitiveOption
    made = QRegularExpression(_LIMIT + source, chosen)
    if not made.isValid():
        raise _wrong(made)

    def spans(text: str) -> list[Span]:
        found: list[Span] = []
        matches = made.globalMatch(text)
        while matches.hasNext():
            match = matches.next()
            found.append((match.capturedStart(), match.capturedEnd()))
        if not matches.isValid():
            raise WrongPattern(
                _("This expression takes too long."), _("Repeats within repeats do that, such as (a+)+.")
            )
        if not found or max(text) <= "\uffff":
            return found
        return [(_characters(text, start), _characters(text, end)) for start, end in found]

    return spans


def _wrong(made: QRegularExpression) -> WrongPattern:
    at = max(made.patternErrorOffset() - len(_LIMIT), 0)
    title = _("Not a regular expression: wrong at character {n}.").format(n=at + 1)
    return WrongPattern(title, _reason(made.pattern()[len(_LIMIT) :]), at)


def _reason(source: str) -> str:
    """Why an expression is none, where it is one of the common reasons."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of what a later Python may read otherwise
        try:
            re.compile(source)
        except re.error as error:
            return next((_(words) for sign, words in _REASONS if sign in error.msg), "")
        except (RecursionError, OverflowError):
            return ""
    return ""


def _characters(text: str, units: int) -> int:
    """A place in the units of UTF-16, in which Qt counts and of which an emoji has two, in characters."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "surrogatepass"))


def units(text: str, span: Span) -> Span:
    """A span of characters, in the units of UTF-16 in which Qt's documents count."""
    if text.isascii() or max(text) <= "\uffff":
        return span
    first = sum(letter > "\uffff" for letter in text[: span[0]])
    return span[0] + first, span[1] + first + sum(letter > "\uffff" for letter in text[slice(*span)])
