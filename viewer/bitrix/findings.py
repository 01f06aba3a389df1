"""What the diagnostics found, and the same as text.

It may be given to an administrator as it stands: it names the portal, versions and results, and never a secret, a
person or a word of a message (`design.md` §5).
"""

import platform
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from importlib.metadata import PackageNotFoundError, version

from viewer import __version__
from viewer.bitrix import masking
from viewer.i18n import _


class Outcome(Enum):
    """How a look came out. What could not be tried, because an earlier look failed, is SKIPPED."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found: its name, how it came out, one sentence, and what to do.

    `untrusted` when the certificate is at fault, so that a file with the company's own may help.
    """

    name: str
    outcome: Outcome
    text: str
    advice: str = ""
    untrusted: bool = False


def report(findings: Sequence[Finding], host: str, now: datetime) -> str:
    """The findings as text for an administrator: host, versions, results; no secret, no name, no message."""
    lines = [
        _("Open Lines Viewer {version}: diagnostics of {host}").format(version=__version__, host=host),
        now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        " · ".join(
            (
                f"{platform.system()} {platform.release()} {platform.machine()}",
                f"Python {platform.python_version()}",
                ssl.OPENSSL_VERSION,
                *(f"{name} {_version(name)}" for name in ("httpx", "truststore")),
            )
        ),
        "",
    ]
    for finding in findings:
        lines.append(f"[{finding.outcome.value}] {finding.name}: {finding.text}")
        if finding.advice and finding.outcome is not Outcome.OK:
            lines.append(f"    {finding.advice}")
    return masking.masked("\n".join(lines)) + "\n"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a packaged program may leave the names of its parts out
        return "?"
