"""`openlines-viewer verify`: is an export still what it was, and what the portal had said."""

import argparse
import sys

from viewer.cli import DONE, PARTLY
from viewer.cli.exporting import saved
from viewer.export.evidence import Verdict, verify
from viewer.i18n import _


def run(arguments: argparse.Namespace) -> int:
    """Say of each thing whether it is the same; 1 when something is not."""
    answers = [saved(arguments.from_file)] if arguments.from_file else []
    findings = verify(arguments.path, answers)
    words = {
        Verdict.SAME: _("same"),
        Verdict.CHANGED: _("CHANGED"),
        Verdict.MISSING: _("MISSING"),
        Verdict.UNREADABLE: _("UNREADABLE"),
    }
    width = max(map(len, words.values()))
    for finding in findings:
        sys.stdout.write(f"{words[finding.verdict]:{width}}  {finding.what}\n")
    return DONE if all(finding.verdict is Verdict.SAME for finding in findings) else PARTLY
