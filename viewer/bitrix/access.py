"""What opens a portal (`bitrix24-api.md` §1.1, §2)."""

from typing import Protocol

from viewer.bitrix.errors import Unauthorised
from viewer.bitrix.pace import Cancel
from viewer.bitrix.secret import Secret


class Access(Protocol):
    """A webhook, or the sign-in of an application. `user_id` is whose it is, 0 when not known yet."""

    @property
    def root(self) -> str:
        """The portal's address without a slash at the end."""

    @property
    def host(self) -> str:
        """The portal's name, with its port if it has an unusual one."""

    @property
    def user_id(self) -> int: ...

    def url(self, method: str) -> str:
        """Where to post a call; it may hold a secret."""

    def token(self) -> Secret | None:
        """What the body of a call carries as `auth`, None for nothing."""

    def renew(self, spent: Secret | None, refused: Unauthorised, cancel: Cancel | None, /) -> None:
        """The portal refused a call with the token `spent`: see to a newer one.

        Raises Cancelled, or the error that the user is to see when there is none: `refused` or one that says more.
        """

    def secrets(self) -> tuple[Secret, ...]:
        """What no log may show."""
