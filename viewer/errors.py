"""What can go wrong, as the user is told of it.

- ViewerError             anything the program can name; shown in place with title, detail and advice
  - Cancelled             the user stopped the work; never shown as a failure
  - (bitrix.PortalError)  the portal refused or could not be reached
  - (export.ExportError)  a file could not be written or typeset
  - (vault.VaultError)    the system keyring did not answer
"""


class ViewerError(Exception):
    """A failure in the user's own language.

    `title` says what happened in a few words, `detail` in one sentence why, `advice` what to do about it.
    None of them may hold a secret. `fatal` is true when the work as a whole cannot go on.
    """

    def __init__(self, title: str, detail: str = "", advice: str = "", *, fatal: bool = False) -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail
        self.advice = advice
        self.fatal = fatal

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.detail, self.advice) if part)


class Cancelled(ViewerError):
    """The user stopped the work."""

    def __init__(self) -> None:
        super().__init__("Cancelled")
