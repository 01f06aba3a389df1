"""`openlines-viewer list`: sessions as a table, CSV or JSON, as they come from the portal."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta

from viewer.chat import CrmLink, Session, connector_name
from viewer.cli.portals import opened
from viewer.library import list_sessions

DEFAULT_DAYS = 56


def run(arguments: argparse.Namespace) -> int:
    """List the sessions that the arguments leave, newest first."""
    until: date | None = arguments.until
    before = datetime.combine(until + timedelta(days=1), time(), UTC) if until else None
    start = (before or datetime.now(UTC)) - timedelta(days=DEFAULT_DAYS)
    since = datetime.combine(arguments.since, time(), UTC) if arguments.since else start
    with opened(arguments) as portal:
        found = [
            session
            for batch in list_sessions(portal, since=since, until=before)
            for session in batch
            if _wanted(session, arguments)
        ]
    found.sort(key=lambda session: (session.opened or since, session.id), reverse=True)
    {"table": _table, "csv": _csv, "json": _json}[arguments.format](found)
    return 0


def _wanted(session: Session, arguments: argparse.Namespace) -> bool:
    return (
        _named(arguments.line, session.line_name, session.line_id)
        and _named(arguments.operator, session.operator_name, session.operator_id)
        and not (arguments.unrated and session.head_vote)
    )


def _named(wanted: str, name: str, number: int) -> bool:
    return not wanted or wanted == str(number) or wanted.casefold() in name.casefold()


def _when(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else ""


def _table(found: Iterable[Session]) -> None:
    for session in found:
        stars = "★" * session.head_vote
        vote = {"like": "+", "dislike": "−"}.get(session.client_vote, " ")
        channel = connector_name(session.connector)
        line = (
            f"{session.id:>7}  {_when(session.opened):16}  {session.line_name[:16]:16}  {channel[:10]:10}  "
            f"{(session.client_name or f'#{session.client_id}')[:24]:24}  {session.operator_name[:20]:20}  "
            f"{session.message_count:>5}  {vote}  {stars}"
        )
        sys.stdout.write(line.rstrip() + "\n")


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
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
