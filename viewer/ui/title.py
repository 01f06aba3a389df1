"""The title of a window."""

from viewer.chat import ReferenceKind
from viewer.ui.desk import Desk


def title_of(desk: Desk) -> str:
    """What is shown, the dialogue first: windows are told apart where only the beginning of their titles is seen."""
    source, reference, session = desk.source, desk.reference, desk.session
    shown = str(session.id) if session is not None and session.id else ""
    if not shown and reference is not None and reference.kind is not ReferenceKind.USER_CODE:
        shown = str(reference)  # a user code may hold a client's telephone number
    if source is not None and source.files:
        shown = ""  # the files are the title
    return " · ".join(filter(None, (shown, source.title if source else "", "Open Lines Viewer")))
