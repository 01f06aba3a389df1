"""The command line (`design.md` §3). Exit codes: 0 done, 1 part of it failed, 2 wrong usage, 3 no access or refused,
4 the portal could not be reached. Qt is loaded only by what opens a window."""

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from viewer import __version__, i18n
from viewer.cli import console
from viewer.cli.words import opens_window, words_of
from viewer.errors import ViewerError
from viewer.i18n import _

DONE, PARTLY, USAGE, REFUSED, UNREACHABLE = range(5)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. No traceback reaches the user."""
    i18n.use("")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    words = words_of(sys.argv[1:] if argv is None else argv)
    tell = console.show if opens_window(words) and not console.exists() else say
    try:
        arguments = _parsed(words, tell)
        arguments.tell = tell
        with console.whole_streams():
            code = int(arguments.run(arguments))
            console.flush()
    except ViewerError as error:
        tell(error)
        return code_of(error)
    except KeyboardInterrupt:
        return PARTLY
    except Exception as error:  # noqa: BLE001 (no traceback reaches the user)
        if isinstance(error, OSError) and console.reader_has_gone(error):  # `… | head`
            return DONE
        tell((_refused(error) if isinstance(error, OSError) else "") or _unexpected(error))
        return PARTLY
    return code


def _parsed(words: list[str], tell: Callable[[object], None]) -> argparse.Namespace:
    """The arguments. What is wrong with them, or the help, goes to the console, or to `tell` where there is none."""
    if tell is say and sys.stdout is not None and sys.stderr is not None:
        return parser().parse_args(words)
    told = io.StringIO()
    try:
        with redirect_stdout(told), redirect_stderr(told):
            return parser().parse_args(words)
    except SystemExit:
        tell(told.getvalue().strip())
        raise


def _refused(error: OSError) -> str:
    """What the system refused to do with a file or with the output; "" where the error tells of neither."""
    reason = error.strerror or type(error).__name__
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)}: {reason}."
    if error.errno in _FULL:
        console.give_up_output()  # else Python fails on it once more when it ends
        return _("The output could not be written.") + f" {reason}."
    return ""


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def _unexpected(error: Exception) -> str:
    """A fault of the program itself, in one line: its kind and its place, since its text may hold anything."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace is not None else ""
    kind = _("Kind of error: {kind}.").format(kind=f"{type(error).__name__}{place}")
    return _("Something went wrong in the program.") + f" {kind}"


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="openlines-viewer",
        description=_("Read, judge and file customer dialogues of Bitrix24 Open Lines. Without a command: the window."),
        epilog=_("REFERENCE is a session id (343), chat1777, imol|343, a user code or a portal link.")
        + " "
        + _("Without a keyring, the environment variable OPENLINES_WEBHOOK holds the webhook address."),
    )
    top.add_argument("--version", action="version", version=f"openlines-viewer {__version__}")
    _source(top)
    _new_window(top)
    top.set_defaults(run=_window, named=[])
    commands = top.add_subparsers(metavar="COMMAND")

    command = commands.add_parser("open", help=_("open the window at a dialogue, or on saved answers"))
    command.add_argument("named", metavar="REFERENCE|ANSWER.json", nargs="*", default=[])
    _source(command)
    _new_window(command)
    command.set_defaults(run=_window)

    _list_options(commands.add_parser("list", help=_("list sessions")))

    _export_options(commands.add_parser("export", help=_("export dialogues to PDF, HTML, text or tables")))

    command = commands.add_parser("verify", help=_("check an export by its evidence"))
    command.add_argument(
        "path", type=Path, metavar="FILE|DIR", help=_("the evidence, a file of the export, or the folder")
    )
    command.add_argument(
        "--from-file",
        nargs="+",
        default=[],
        metavar="ANSWER.json",
        help=_("compare its messages with saved REST answers; - is standard input"),
    )
    command.set_defaults(run=_verify)

    command = commands.add_parser("self-test", help=_("start, render, export and find the keyring"))
    command.add_argument(
        "output", nargs="?", type=Path, metavar="REPORT.json", help=_("write the report to a file too")
    )
    command.set_defaults(run=_self_test)
    return top


def _export_options(command: argparse.ArgumentParser) -> None:
    """What `export` takes."""
    command.add_argument("references", metavar="REFERENCE", nargs="*")
    _source(command)
    command.add_argument(
        "--from-file",
        nargs="+",
        default=[],
        metavar="ANSWER.json",
        help=_("read saved REST answers; - is standard input"),
    )
    forms = ("pdf", "html", "txt", "md", "json", "csv", "xlsx")
    command.add_argument("--format", action="append", default=[], dest="formats", choices=forms)
    command.add_argument("--no-pictures", action="store_false", dest="pictures", help=_("leave pictures out"))
    command.add_argument("-o", "--output", default="", metavar="FILE|DIR")
    _reader_options(command)
    _run_options(command)
    _zone_option(command)
    _page_options(command.add_argument_group(_("how it looks")))
    _filter_options(command.add_argument_group(_("the list, for --scope list")))
    command.set_defaults(run=_export, has_crm=None)


def _run_options(command: argparse.ArgumentParser) -> None:
    """What is exported, under which names, and what is done with files that exist."""
    command.add_argument(
        "--scope",
        choices=("session", "chat", "list"),
        default="session",
        help=_("each REFERENCE as it is, every session of its chat, or every session that the filters leave"),
    )
    command.add_argument("--folder", type=Path, default=None, metavar="DIR", help=_("where the files go"))
    command.add_argument(
        "--name",
        default="",
        metavar="TEMPLATE",
        help=_("names such as {example}").format(example="{line}/{date}_{client}"),
    )
    command.add_argument(
        "--if-exists",
        choices=("refuse", "both", "replace", "skip"),
        default="refuse",
        help=_("what to do where a file stands already"),
    )
    command.add_argument("--force", action="store_true", help=_("overwrite files that exist"))
    command.add_argument("--resume", action="store_true", help=_("go on with an export to --folder that was cut"))


def _page_options(group: argparse._ArgumentGroup) -> None:
    """The looks of an export, and what of a dialogue goes with it."""
    group.add_argument("--paper", choices=("a4", "letter"), default="a4", help=_("of the PDF, as the next four"))
    group.add_argument("--margins", choices=("narrow", "normal", "wide"), default="normal")
    group.add_argument("--text-size", choices=("small", "normal", "large"), default="normal")
    group.add_argument(
        "--no-archival", action="store_false", dest="archival", help=_("a plain PDF, neither PDF/A nor PDF/UA")
    )
    group.add_argument(
        "--files",
        choices=("none", "embedded", "beside"),
        default="none",
        help=_("the files of the dialogue: only named, within the PDF, or in a folder beside the export"),
    )
    group.add_argument("--largest", type=_megabytes, default=20, metavar="MB", help=_("larger files are only named"))
    group.add_argument(
        "--leave-out",
        action="append",
        default=[],
        choices=("numbers", "times", "system", "votes"),
        help=_("leave out numbers of messages, response times, system lines or ratings; may be repeated"),
    )


def _megabytes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 2000:
        raise argparse.ArgumentTypeError(_("not a number from 1 to {n}: {text}").format(n=2000, text=text))
    return int(text)


def _reader_options(command: argparse.ArgumentParser) -> None:
    """Who is to read an export."""
    command.add_argument(
        "--for-client", action="store_true", help=_("leave out what the client never saw, and supervisors' ratings")
    )
    command.add_argument(
        "--redact",
        nargs="?",
        const="phones,emails,cards,names",
        default="",
        metavar="KINDS",
        help=_("replace personal data: any of phones,emails,cards,names (all of them when none is named)"),
    )
    command.add_argument(
        "--redact-words", type=Path, default=None, metavar="FILE", help=_("replace these words too, one a line")
    )
    command.add_argument(
        "--evidence", action="store_true", help=_("write digests beside the export, for verify to check it by")
    )


def _list_options(command: argparse.ArgumentParser) -> None:
    """What `list` takes."""
    _source(command)
    _filter_options(command)
    _zone_option(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")
    command.set_defaults(run=_list, has_crm=None)


def _filter_options(command: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """What the list can be narrowed to. A choice given several times is any of them."""
    command.add_argument("--since", type=_day, metavar="DATE", help=_("from this day (2026-03-01)"))
    command.add_argument("--until", type=_day, metavar="DATE", help=_("to this day, inclusive"))
    for name, letter, told in (
        ("line", "L", _("only this line, by name or id; may be repeated, like the next two")),
        ("operator", "O", _("only this operator, by name or id")),
        ("connector", "C", _("only this channel, by name or code (Telegram, livechat)")),
    ):
        command.add_argument(f"--{name}", action="append", default=[], metavar=letter, help=told)
    command.add_argument("--status", choices=("open", "closed"), default="", help=_("only open or closed sessions"))
    command.add_argument(
        "--client-vote", choices=("like", "dislike", "none"), default="", help=_("only with this vote of the client")
    )
    either = command.add_mutually_exclusive_group()
    either.add_argument("--rated", action="store_true", help=_("only sessions with a supervisor's rating"))
    either.add_argument("--unrated", action="store_true", help=_("only sessions without a supervisor's rating"))
    either = command.add_mutually_exclusive_group()
    either.add_argument(
        "--with-crm",
        action="store_const",
        const=True,
        dest="has_crm",
        help=_("only sessions that are bound to a CRM record"),
    )
    either.add_argument(
        "--without-crm", action="store_const", const=False, dest="has_crm", help=_("only sessions that are not")
    )
    command.add_argument("--text", default="", metavar="T", help=_("only where these words stand in the row"))
    command.add_argument(
        "--crm", default="", metavar="RECORD", help=_("the sessions of a CRM record: deal 123, D_123 or its link")
    )


def _source(command: argparse.ArgumentParser) -> None:
    """Where dialogues come from. SUPPRESS keeps a command's silence from undoing what stood before it."""
    either = command.add_mutually_exclusive_group()
    either.add_argument(
        "--demo", action="store_true", default=argparse.SUPPRESS, help=_("the embedded demo portal, no network")
    )
    either.add_argument(
        "--account", default=argparse.SUPPRESS, metavar="NAME", help=_("a portal connected in the window")
    )


def _new_window(command: argparse.ArgumentParser) -> None:
    """A running program takes over what is opened; this has it open a further window."""
    command.add_argument(
        "--new-window",
        action="store_true",
        default=argparse.SUPPRESS,
        help=_("a further window, where the program runs already"),
    )


def _zone_option(command: argparse.ArgumentParser) -> None:
    """In which zone times are told; without it, as the window was told to."""
    told = _("the zone of the times: mine (this computer's), portal, utc, or a place such as Europe/Moscow")
    command.add_argument("--zone", metavar="ZONE", help=told)


def _day(text: str) -> "object":
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("not a date such as 2026-03-01: {text}").format(text=text)) from None


def say(news: object) -> None:
    """One line on standard error: a failure, or what is missing."""
    if sys.stderr is not None:  # a program with a window has none on Windows
        with suppress(BrokenPipeError):
            sys.stderr.write(f"openlines-viewer: {' '.join(str(news).split())}\n")


def code_of(error: ViewerError) -> int:
    """The exit code that tells the kind of failure."""
    from viewer.bitrix import PortalError, Unreachable

    if isinstance(error, Unreachable):
        return UNREACHABLE
    if isinstance(error, UsageError):
        return USAGE
    return REFUSED if isinstance(error, PortalError) else PARTLY


class UsageError(ViewerError):
    """The command line asks for something that makes no sense."""


def _one_opening(named: list[str]) -> list[str]:
    """What `open` names: any number of saved answers, or one dialogue. Raises UsageError for more."""
    from viewer.library.named import what_is_named

    found = what_is_named(named, Path())
    if len(found.references) + bool(found.files) > 1:
        raise UsageError(_("Name one dialogue, or one or more saved answers."))
    return named


class _NoScreen(ViewerError):
    """The window can stand nowhere."""

    def __init__(self) -> None:
        super().__init__(
            _("The window cannot be opened."),
            _("Qt, which draws it, found no screen to draw on or misses a part of the system."),
            _("The commands list, export and verify work without a window: see --help."),
        )


def _window(arguments: argparse.Namespace) -> int:
    from viewer import app

    return app.run_window(
        lambda: arguments.tell(_NoScreen()),
        demo=getattr(arguments, "demo", False),
        account=getattr(arguments, "account", ""),
        named=_one_opening(arguments.named),
        new_window=getattr(arguments, "new_window", False),
    )


def _list(arguments: argparse.Namespace) -> int:
    from viewer.cli import listing

    return listing.run(arguments)


def _export(arguments: argparse.Namespace) -> int:
    from viewer.cli import exporting

    return exporting.run(arguments)


def _verify(arguments: argparse.Namespace) -> int:
    from viewer.cli import verifying

    return verifying.run(arguments)


def _self_test(arguments: argparse.Namespace) -> int:
    from viewer import app

    return app.run_self_test(arguments.output)
