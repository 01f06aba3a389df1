"""The panel at the right: votes, figures, participants, CRM, files; and the chat's other sessions."""

from viewer.ui.details.pane import DetailsPane

__all__ = ["DetailsPane"]
