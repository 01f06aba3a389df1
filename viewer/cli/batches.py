"""`export` of many dialogues: a chat, a list, names from a template, a run that was cut and goes on."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from viewer.chat import Session
from viewer.cli import DONE, PARTLY, UsageError, code_of, say
from viewer.cli.exporting import check, options, redaction, saved
from viewer.cli.listing import listed
from viewer.cli.portals import source
from viewer.cli.progress import Progress
from viewer.errors import ViewerError
from viewer.i18n import _
from viewer.library import journal as journals
from viewer.library.batch import Item, Moved, Outcome, Phase, Plan, State
from viewer.library.batch import run as run_plan
from viewer.library.choices import Choices, Clash
from viewer.library.naming import DEFAULT, TemplateError, check_template, plain_template
from viewer.library.scopes import PortalReader, SavedReader, list_items
from viewer.library.sources import Source


def run(arguments: argparse.Namespace, formats: Sequence[str]) -> int:
    """Export what the arguments name to a folder. One failure does not stop the others; the exit code tells of it."""
    choices = _choices(arguments, formats)
    folder = arguments.folder or Path(arguments.output or ".")
    if arguments.scope == "list" and (arguments.references or arguments.from_file):
        raise UsageError(_("--scope list takes its dialogues from the list: name no REFERENCE."))
    if arguments.from_file:
        transcript = saved(arguments.from_file)
        plan = Plan((Item(arguments.from_file[0], transcript.title, held=transcript),), choices, folder)
        return _tell_all(plan, SavedReader(), None)
    chosen = source(arguments)
    root = Path(tempfile.gettempdir()) / "openlines-viewer-demo" if chosen.demo else None
    before = journals.find(chosen.key, folder, root) if arguments.resume else None
    if before is None and arguments.scope != "list":
        _need_references(arguments, formats)
    portal = chosen.open()
    try:
        code = DONE
        if before is not None:
            plan, journal = _for(journals.go_on(before), chosen), before
            sys.stderr.write(_("Going on: {n} of {count} dialogues are left.").format(
                n=before.rest, count=len(plan.items)
            ) + "\n")  # fmt: skip
        else:
            found, code = listed(arguments, portal) if arguments.scope == "list" else ([], DONE)
            plan = _for(Plan(_items(arguments, found), choices, folder, filters=_filters(arguments)), chosen)
            journal = journals.begin(plan, chosen.key, root)
        done = _tell_all(plan, PortalReader(lambda: portal), journal)
        if done == DONE:
            journal.close()
        return max(code, done)
    finally:
        portal.close()


def _need_references(arguments: argparse.Namespace, formats: Sequence[str]) -> None:
    if arguments.resume and not arguments.references:
        raise UsageError(
            _("Nothing is to be gone on with in this folder."),
            advice=_("Name the same --folder as before, or the dialogues to export."),
        )
    check(arguments, formats)


def _choices(arguments: argparse.Namespace, formats: Sequence[str]) -> Choices:
    """The choices that the arguments describe."""
    hidden = redaction(arguments)
    template = plain_template(arguments.name) if arguments.name else DEFAULT
    try:
        check_template(template)
    except TemplateError as error:
        raise UsageError(error.title, error.detail, error.advice) from None
    clashes = {"refuse": Clash.ASK, "both": Clash.BOTH, "replace": Clash.REPLACE, "skip": Clash.SKIP}
    return Choices(
        formats=tuple(formats),
        options=options(arguments),
        internal=not arguments.for_client,
        pictures=arguments.pictures,
        kinds=tuple(sorted(kind.value for kind in hidden.kinds)) if hidden else (),
        words=hidden.words if hidden else (),
        redacted=hidden is not None,
        evidence=arguments.evidence,
        template=template,
        clash=Clash.REPLACE if arguments.force else clashes[arguments.if_exists],
    )


def _items(arguments: argparse.Namespace, found: Sequence[Session]) -> tuple[Item, ...]:
    if arguments.scope == "list":
        return list_items(found, lambda session: str(session.id))
    whole = arguments.scope == "chat"
    return tuple(Item(text, text, number, whole=whole) for number, text in enumerate(arguments.references, 1))


def _for(plan: Plan, chosen: Source) -> Plan:
    return replace(plan, host=chosen.host, portal=chosen.title, exported_by=chosen.user_name)


def _filters(arguments: argparse.Namespace) -> str:
    """The filters of the list as they were typed, for whoever reads the export; "" where no list was asked for."""
    if arguments.scope != "list":
        return ""
    told = []
    for name in ("since", "until", "line", "operator", "connector", "status", "client_vote", "text", "crm"):
        value = getattr(arguments, name)
        values = value if isinstance(value, list) else [value] if value else []
        told += [f"--{name.replace('_', '-')} {each}" for each in values]
    told += [f"--{name}" for name in ("rated", "unrated") if getattr(arguments, name)]
    if arguments.has_crm is not None:
        told.append("--with-crm" if arguments.has_crm else "--without-crm")
    return " ".join(told)


def _tell_all(plan: Plan, reader: PortalReader | SavedReader, journal: journals.Journal | None) -> int:
    """Run the plan and say what came of each dialogue."""
    count = len(plan.items)
    worst = DONE
    with Progress(_("Exporting")) as progress:

        def moved(step: Moved) -> None:
            if step.phase is Phase.READ and not step.done:
                progress.advance(step.item.number - 1, count)

        for outcome in run_plan(plan, reader, cancel=Event(), told=moved, journal=journal):
            progress.clear()
            worst = max(worst, _tell(outcome, alone=count == 1))
    if not count:
        say(_("No dialogue is to be exported."))
    return worst


def _tell(outcome: Outcome, *, alone: bool) -> int:
    """Say what came of a dialogue; the exit code that tells of it."""
    title = outcome.item.reference
    for note in (*outcome.notes, *outcome.lost):
        sys.stderr.write(f"{title}: {note}\n")
    for path in outcome.paths if outcome.state in (State.WRITTEN, State.INCOMPLETE, State.FAILED) else ():
        sys.stderr.write(f"{path}\n")
    if outcome.state is State.EXISTS:
        say(
            f"{title}: " + _("{path} exists already.").format(path=outcome.paths[0]) + " " + _("Allow it with --force.")
        )
        return PARTLY
    if outcome.error is not None:
        error = outcome.error
        say(ViewerError(f"{title}: {error.title}", error.detail, error.advice))
        return code_of(error) if alone else PARTLY
    return DONE
