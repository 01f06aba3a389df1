"""The composition root: builds what a run of the program needs and hands it down. No logic stands here."""

from pathlib import Path

from viewer import settings
from viewer.vault import best_vault


def run_window(*, demo: bool = False, account: str = "", reference: str = "") -> int:
    """Open the window and stay until it is closed."""
    from viewer.errors import ViewerError
    from viewer.library.journal import Journal, default_folder
    from viewer.library.sources import chosen_source
    from viewer.ui.application import Program, application
    from viewer.ui.crash import CrashReporter

    app = application()
    journal = None if demo else Journal(default_folder())  # the demo portal leaves nothing on this computer
    reporter = CrashReporter(journal, app)
    if journal is not None:
        journal.open()
    reporter.install()
    store = settings.Store(None if demo else settings.default_path())
    program = Program(app, store, best_vault)
    if demo or account or reference or store.value.accounts:
        try:
            program.show_source(
                chosen_source(store.value, lambda: program.vault, demo=demo, account=account), reference
            )
        except ViewerError:
            if account:
                raise
            program.show_welcome()
    else:
        program.show_welcome()
    reporter.tell_of_last_run()
    try:
        return app.exec()
    finally:
        program.close()
        reporter.uninstall()
        if journal is not None:
            journal.close()


def run_self_test(output: Path | None) -> int:
    """Check that this installation starts, renders, exports and finds the keyring."""
    from viewer.ui.self_test import run

    return run(output)
