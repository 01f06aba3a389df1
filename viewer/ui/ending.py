"""The end of the process where Qt or Xlib ask for it: when the X server is gone, as at the end of a session."""

import ctypes
import logging
import sys

log = logging.getLogger(__name__)


def end_at_once() -> bool:
    """Let the process end as soon as anything asks for it, with the code that it asks for; whether that was arranged.

    Qt and Xlib call `exit` when the connection to the X server breaks. There Qt's bindings wait for the interpreter,
    and a thread that has the interpreter waits for them: such a process stands still for ever, or crashes, and keeps
    the place of the one running program. What is registered last with the C library comes first, so that nothing waits.
    Nothing is lost: what is to be kept is written when it changes, and at an ordinary end Python has done its part.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        library = ctypes.CDLL(None)
        arranged = bool(library.on_exit(library._exit, None) == 0)
    except AttributeError as error:  # a C library that is not the GNU one
        log.info("the end is left to the system: %s", type(error).__name__)
        return False
    return arranged
