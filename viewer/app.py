"""The composition root: builds what a run of the program needs and hands it down. No logic stands here."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from viewer import settings
from viewer.errors import ViewerError
from viewer.vault import best_vault

if TYPE_CHECKING:
    from viewer.library.sources import Source
    from viewer.ui.application import Program


def run_window(*, demo: bool = False, account: str = "", reference: str = "") -> int:
    """Open the window and stay until it is closed."""
    from viewer.library.logbook import Logbook, default_folder
    from viewer.ui.application import Program, application
    from viewer.ui.crash import CrashReporter
    from viewer.ui.prompts.opening import Opener

    app = application()
    with ExitStack() as at_the_end:
        logbook = None if demo else Logbook(default_folder())  # the demo portal leaves nothing on this computer
        if logbook is not None:
            logbook.open()
            at_the_end.callback(logbook.close)
        reporter = CrashReporter(logbook, app)
        reporter.install()
        at_the_end.callback(reporter.uninstall)
        program = Program(app, settings.Store(None if demo else settings.default_path()), best_vault)
        at_the_end.callback(program.close)
        _show(program, demo=demo, account=account, reference=reference)
        Opener(program, _saved_answer)
        reporter.tell_of_last_run()
        return app.exec()


def _show(program: "Program", *, demo: bool, account: str, reference: str) -> None:
    """Show what the command line names. A saved answer that cannot be read is told over the usual window."""
    from viewer.library.sources import chosen_source
    from viewer.ui.prompts.opening import show_failure

    refused: ViewerError | None = None
    try:
        saved = _saved_answer(reference)
    except ViewerError as error:
        saved, refused, reference = None, error, ""
    known = program.store.value
    if saved is not None:
        program.show_source(*saved)
    elif demo or account or reference or known.accounts:
        try:
            program.show_source(chosen_source(known, lambda: program.vault, demo=demo, account=account), reference)
        except ViewerError:
            if account:
                raise
            program.show_welcome()
    else:
        program.show_welcome()
    if refused is not None:
        show_failure(refused)


def _saved_answer(reference: str) -> "tuple[Source, str] | None":
    """The saved answer that a double click named, None for a reference to a dialogue. Raises ViewerError."""
    from viewer.library.sources import saved_source

    named = reference.lower().endswith(".json") and not reference.lower().startswith(("http:", "https:", "olv:"))
    return saved_source(Path(reference.removeprefix("file://"))) if named else None


def run_self_test(output: Path | None) -> int:
    """Check that this installation starts, renders, exports and finds the keyring."""
    from viewer.ui.self_test import run

    return run(output)
