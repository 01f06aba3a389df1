"""The composition root: builds what a run of the program needs and hands it down. No logic stands here."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from viewer import settings
from viewer.errors import ViewerError
from viewer.vault import best_vault

if TYPE_CHECKING:
    from viewer.ui.application import Program


def run_window(*, demo: bool = False, account: str = "", reference: str = "") -> int:
    """Open the window and stay until it is closed."""
    from viewer.library.logbook import Logbook, default_folder
    from viewer.ui.application import Program, application
    from viewer.ui.crash import CrashReporter
    from viewer.ui.opening import Opener

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
        Opener(program)
        reporter.tell_of_last_run()
        return app.exec()


def _show(program: "Program", *, demo: bool, account: str, reference: str) -> None:
    """Show what the command line names."""
    from viewer.library.saved import saved_answer
    from viewer.library.sources import chosen_source, saved_source

    known = program.store.value
    saved = saved_answer(reference)
    if saved is not None:
        program.show_source(saved_source((saved,)))
    elif demo or account or reference or known.accounts:
        try:
            program.show_source(chosen_source(known, lambda: program.vault, demo=demo, account=account), reference)
        except ViewerError:
            if account:
                raise
            program.show_welcome()
    else:
        program.show_welcome()


def run_self_test(output: Path | None) -> int:
    """Check that this installation starts, renders, exports and finds the keyring."""
    from viewer.ui.self_test import run

    return run(output)
