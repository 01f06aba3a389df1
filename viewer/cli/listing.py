"""`openlines-viewer list`: sessions as a table, CSV or JSON, as they come from the portal."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

from viewer.chat import CrmLink, Filter, Session, connector_name, merged, parse_crm
from viewer.cli import DONE, PARTLY, UsageError, say
from viewer.cli.portals import opened, use_zone
from viewer.cli.progress import Progress
from viewer.errors import ViewerError
from viewer.i18n import _, here, last_second, midnight, now, offset_name
from viewer.library import list_sessions

if TYPE_CHECKING:
    from viewer.bitrix import Portal

DEFAULT_DAYS = 56


def run(arguments: argparse.Namespace) -> int:
    """List the sessions that the arguments leave, newest first. What came before a failure is listed too."""
    use_zone(arguments)
    with opened(arguments) as portal:
        found, code = listed(arguments, portal)
    {"table": _table, "csv": _csv, "json": _json}[arguments.format](found)
    return code


def listed(arguments: argparse.Namespace, portal: "Portal") -> tuple[list[Session], int]:
    """The sessions that the arguments leave, newest first, and an exit code: a list may end early."""
    wanted, record = _filter(arguments), _record_of(arguments.crm)
    found: list[Session] = []
    code = DONE
    with Progress(_("Reading the list")) as progress:
        try:
            for batch in list_sessions(portal, wanted=wanted, crm=record, told=say, cancel=Event()):
                found += batch
                progress.advance(len(found), 0)
        except ViewerError as error:
            if not found:
                raise
            say(error)
            code = PARTLY
    found = merged([], found)
    found.sort(key=lambda session: (session.opened or _LONG_AGO, session.id), reverse=True)
    return found, code


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def _filter(arguments: argparse.Namespace) -> Filter:
    """The filter that the arguments describe; days are those of the chosen zone. Raises UsageError."""
    since, until = arguments.since, arguments.until
    if since and until and since > until:
        raise UsageError(_("The period ends before it begins."))
    if since is None and not arguments.crm:
        today = now().date()
        since = _days_before(min(until or today, today), DEFAULT_DAYS)
    return Filter(
        text=arguments.text,
        line=tuple(arguments.line),
        operator=tuple(arguments.operator),
        connector=tuple(arguments.connector),
        status=arguments.status,
        client_vote=arguments.client_vote,
        rated=arguments.rated,
        unrated=arguments.unrated,
        has_crm=arguments.has_crm,
        since=midnight(since) if since else None,
        until=last_second(until) if until else None,
        loose=True,
    )


def _days_before(day: date, count: int) -> date:
    """The day so many days before another; the first of the calendar where there is none."""
    return date.fromordinal(max(day.toordinal() - count, 1))


def _record_of(text: str) -> CrmLink | None:
    record = parse_crm(text) if text else None
    if text and record is None:
        raise UsageError(
            _("“{text}” names no CRM record.").format(text=text),
            advice=_("Use deal 123, D_123 or a link to the record; lead, contact and company likewise."),
        )
    return record


def _when(moment: datetime | None) -> str:
    return f"{here(moment):%Y-%m-%d %H:%M} {offset_name(moment)}" if moment else ""


def _table(found: Iterable[Session]) -> None:
    for session in found:
        stars = "★" * session.head_vote
        vote = {"like": "+", "dislike": "−"}.get(session.client_vote, " ")
        channel = connector_name(session.connector)
        line = (
            f"{session.id:>7}  {_when(session.opened):23}  {session.line_name[:16]:16}  {channel[:10]:10}  "
            f"{(session.client_name or f'#{session.client_id}')[:24]:24}  {session.operator_name[:20]:20}  "
            f"{session.message_count:>5}  {vote}  {stars}"
        )
        sys.stdout.write(line.rstrip() + "\n")


def _plain(value: object) -> object:
    match value:
        case datetime():
            return here(value).isoformat()
        case timedelta():
            return round(value.total_seconds())
        case CrmLink():
            return f"{value.type}:{value.id}"
    return value


def _record(session: Session) -> dict[str, object]:
    return {each.name: _plain(getattr(session, each.name)) for each in fields(session)}


def _json(found: Iterable[Session]) -> None:
    json.dump([_record(session) for session in found], sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _csv(found: Iterable[Session]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([each.name for each in fields(Session)])
    writer.writerows([_cell(value) for value in _record(session).values()] for session in found)


def _cell(value: object) -> object:
    """A value for a spreadsheet: text that a formula could start with is kept text."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
