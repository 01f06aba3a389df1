"""No secret in a log: webhook codes, tokens and signed addresses become *** in every record (`design.md` §5)."""

import logging
import re
import traceback

_HIDDEN = "***"
_RULES = (
    (
        re.compile(r"(/rest/|%2Frest%2F)(?:api(?:/|%2F))?\d+(/|%2F)[A-Za-z0-9*]+", re.IGNORECASE),
        rf"\1{_HIDDEN}\2{_HIDDEN}",
    ),
    (
        re.compile(
            r"(?<![a-z])(auth|access_token|refresh_token|token|signature|_esd|client_secret|sessid|password|(?<=[?&])code)"
            r"(=|%3D|[\"']?\s*:\s*[\"'])[^&\s\"'<>]+",
            re.IGNORECASE,
        ),
        rf"\1\2{_HIDDEN}",
    ),
    (re.compile(r"(://)[^/\s:@]+:[^/\s@]+@"), rf"\1{_HIDDEN}@"),  # name and password of a proxy
)
_known: set[str] = set()


def remember(secret: str) -> None:
    """Hide this very text wherever it turns up from now on; texts too short to be told from words are left alone."""
    if len(secret) >= 8:
        _known.add(secret)


def masked(text: str) -> str:
    """`text` without secrets."""
    for secret in tuple(_known):
        text = text.replace(secret, _HIDDEN)
    for rule, instead in _RULES:
        text = rule.sub(instead, text)
    return text


class MaskingFilter(logging.Filter):
    """Masks the message, the arguments and the traceback of a record; lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            record.msg, record.args = masked(record.getMessage()), None
        except (TypeError, ValueError):  # arguments that do not fit: logging itself reports it, without them
            record.msg, record.args = masked(str(record.msg)), None
        if record.exc_info and record.exc_info[0]:
            record.exc_text = masked("".join(traceback.format_exception(*record.exc_info)).rstrip())
        return True


def install() -> None:
    """Mask every record of this process from now on, whichever logger makes it. Doing it twice does no harm."""
    make = logging.getLogRecordFactory()
    if getattr(make, "masks", False):
        return
    cleaner = MaskingFilter()

    def made(*args: object, **kwargs: object) -> logging.LogRecord:
        record: logging.LogRecord = make(*args, **kwargs)
        cleaner.filter(record)
        return record

    made.masks = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(made)
