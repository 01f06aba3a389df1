"""Why a portal does not answer as it should, told step by step; and the same as text for an administrator."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from viewer.bitrix import Cancel, diagnosis
from viewer.bitrix.findings import Finding, Outcome, report
from viewer.i18n import _
from viewer.library.sources import Source

__all__ = ["Finding", "Outcome", "diagnose", "steps", "written"]


def diagnose(source: Source, *, cancel: Cancel | None = None) -> Iterator[Finding]:
    """Look at a portal from the network to the rights; one finding for each of `steps`. Raises Cancelled."""
    return diagnosis.diagnose(source.root, source.open, authority=source.authority, embedded=source.demo, cancel=cancel)


def steps() -> list[str]:
    """What is looked at, in order, in the user's language."""
    return [_(name) for name in diagnosis.NAMES]


def written(findings: Sequence[Finding], source: Source) -> str:
    """The findings as text without secrets, names of people or words of a message."""
    return report(findings, source.host, datetime.now(UTC))
