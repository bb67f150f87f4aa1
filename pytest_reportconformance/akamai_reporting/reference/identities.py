"""The identities of the reference server, their secrets, and the objects that each can access."""

from __future__ import annotations

from dataclasses import dataclass

OWN_ACCOUNT = "1-OWN001"
OTHER_ACCOUNT = "1-OTHER2"

OBJECTS = {OWN_ACCOUNT: ("12345", "12346", "12347"), OTHER_ACCOUNT: ("22345", "99999")}
"""The authorizable objects of each account."""


@dataclass(frozen=True)
class Identity:
    """An API client of an account; `scoped` is true if it has the scope that report data requires."""

    name: str
    account: str
    scoped: bool = True

    @property
    def password(self) -> str:
        """The secret for HTTP Basic; the user name is `name`."""
        return f"{self.name}-secret"

    @property
    def token(self) -> str:
        """The bearer token."""
        return f"{self.name}-token"

    @property
    def client_token(self) -> str:
        """EdgeGrid: which client signs."""
        return f"akab-client-{self.name}"

    @property
    def access_token(self) -> str:
        """EdgeGrid: for which authorisation it signs."""
        return f"akab-access-{self.name}"

    @property
    def client_secret(self) -> str:
        """EdgeGrid: the secret that signs."""
        return f"{self.name}-client-secret="

    @property
    def objects(self) -> tuple[str, ...]:
        """The authorizable objects that this identity has access to."""
        return OBJECTS[self.account]


OWNER = Identity("owner", OWN_ACCOUNT)
OTHER_USER = Identity("other_user", OTHER_ACCOUNT)
UNSCOPED = Identity("unscoped", OWN_ACCOUNT, scoped=False)
IDENTITIES = (OWNER, OTHER_USER, UNSCOPED)
