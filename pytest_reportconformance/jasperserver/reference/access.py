"""Authentication at the reference server: HTTP Basic, then a session cookie."""

from __future__ import annotations

import secrets

from pytest_reportconformance.http.server import Call
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import (
    EXPENDABLE,
    USER,
    Account,
    Accounts,
    Caller,
    Identity,
    account,
    basic_credentials,
    new_session,
    session_cookie,
)


class Access:
    """The identity that sends a request."""

    prefix = "/jasperserver"

    def __init__(self, identities: dict[str, Account]) -> None:
        self.identities = identities
        self.accounts = Accounts({account.username: account for account in identities.values()})
        if "owner" in identities:
            organization = identities["owner"].identity.organization
            for name in EXPENDABLE:
                self.accounts.known[name] = account(name, secrets.token_hex(8), organization, USER)

    def sign_on(self, call: Call) -> Caller:
        """The identity that sent a request; 401 if it is unknown."""
        cookie = session_cookie(call)
        held = self.accounts.sessions.get(cookie or "")
        if not call.header("Authorization"):
            if held is None or not self.still_known(held):
                raise self.unauthorized(call)
            return Caller(call, held, cookie or "")
        identity = self.identity_of(call)
        if identity is None:
            raise self.unauthorized(call)
        if held == identity:
            return Caller(call, identity, cookie or "")
        return Caller(call, identity, self.accounts.open(identity), fresh=True)

    def identity_of(self, call: Call) -> Identity | None:
        """The identity whose name and password a request carries; None if they are wrong."""
        credentials = basic_credentials(call)
        account = self.accounts.find(credentials[0]) if credentials else None
        if account is None or credentials is None or not account.enabled or account.password != credentials[1]:
            return None
        return account.identity

    def still_known(self, identity: Identity) -> bool:
        """Whether the identity of a session still has an account."""
        account = self.accounts.known.get(identity.username)
        return account is not None and account.enabled

    def unauthorized(self, call: Call) -> Refusal:
        """401, with an anonymous session, and with the challenge unless the client suppresses it."""
        fields = [("Set-Cookie", self.cookie(new_session()))]
        if call.header("X-Suppress-Basic").lower() != "true":
            fields.append(("WWW-Authenticate", 'Basic realm="Protected area"'))
        return Refusal(401, None, tuple(fields))

    def session_cookie(self, caller: Caller) -> str | None:
        """The Set-Cookie value of an answer; None if the client has the session."""
        return self.cookie(caller.session) if caller.fresh else None

    def cookie(self, session: str) -> str:
        """The Set-Cookie value that gives a client a session."""
        return f"JSESSIONID={session}; Path={self.prefix}; HttpOnly"
