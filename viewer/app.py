"""The composition root: builds what a run of the program needs and hands it down. No logic stands here."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from viewer import settings
from viewer.vault import best_vault

if TYPE_CHECKING:
    from viewer.ui.instance import Instance, Request


def run_window(
    without_screen: Callable[[], None],
    *,
    demo: bool = False,
    account: str = "",
    named: Sequence[str] = (),
    new_window: bool = False,
) -> int:
    """Open the window and stay until it is closed; where the program runs already, let it do that and end at once.

    `without_screen` tells that Qt can open no window; the process ends with it. Raises ViewerError for an account that
    is not connected.
    """
    from viewer.library.sources import named_account
    from viewer.ui import box
    from viewer.ui.instance import Instance, Request, activation_token

    store = settings.Store(None if demo else settings.default_path())
    key = named_account(store.value, account).key if account else ""
    request = Request(tuple(named), _folder(), key, new_window, activation_token())
    instance = Instance(settings.default_path(), demo=demo)
    with ExitStack() as at_the_end:
        at_the_end.callback(instance.close)
        if instance.hand_over(request):
            return 0
        box.leave_when_fatal(without_screen, 1)
        return _run(store, instance, request, at_the_end, demo=demo)


def _folder() -> str:
    """The folder that paths of the command line are relative to; "" where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""


def _run(store: settings.Store, instance: "Instance", request: "Request", at_the_end: ExitStack, *, demo: bool) -> int:
    from viewer.library.logbook import Logbook, default_folder
    from viewer.ui.application import Program, application
    from viewer.ui.crash import CrashReporter
    from viewer.ui.ending import end_at_once
    from viewer.ui.opening import Opening

    app = application()
    end_at_once()
    logbook = None if demo else Logbook(default_folder())  # the demo portal leaves nothing on this computer
    if logbook is not None:
        logbook.open()
        at_the_end.callback(logbook.close)
    reporter = CrashReporter(logbook, app)
    reporter.install()
    at_the_end.callback(reporter.uninstall)
    program = Program(app, store, best_vault, demo=demo)
    at_the_end.callback(program.close)
    program.take(request)
    instance.asked.connect(Opening(program).take)
    instance.listen()
    app.lastWindowClosed.connect(instance.close)
    reporter.tell_of_last_run()
    return app.exec()


def run_self_test(output: Path | None) -> int:
    """Check that this installation starts, renders, exports and finds the keyring."""
    from viewer.ui.self_test import run

    return run(output)
