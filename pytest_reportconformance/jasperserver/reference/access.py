"""Signing on to the reference server: HTTP Basic, then a session cookie."""

from __future__ import annotations

from pytest_reportconformance.http.server import Call
from pytest_reportconformance.jasperserver.reference.faults import Refusal
from pytest_reportconformance.jasperserver.reference.identities import (
    Account,
    Accounts,
    Caller,
    Person,
    basic_credentials,
    session_cookie,
)


class Access:
    """Who sends a request."""

    prefix = "/jasperserver"

    def __init__(self, people: dict[str, Account]) -> None:
        self.people = people
        self.accounts = Accounts({account.username: account for account in people.values()})

    def sign_on(self, call: Call) -> Caller:
        """Who sent a request; 401 where nobody did."""
        cookie = session_cookie(call)
        held = self.accounts.sessions.get(cookie or "")
        if not call.header("Authorization"):
            if held is None or not self.still_known(held):
                raise self.unauthorised(call)
            return Caller(call, held, cookie or "")
        person = self.person_of(call)
        if person is None:
            raise self.unauthorised(call)
        if held == person:
            return Caller(call, person, cookie or "")
        return Caller(call, person, self.accounts.open(person), fresh=True)

    def person_of(self, call: Call) -> Person | None:
        """The person whose name and password a request carries, None where they are wrong."""
        credentials = basic_credentials(call)
        account = self.accounts.find(credentials[0]) if credentials else None
        if account is None or credentials is None or not account.enabled or account.password != credentials[1]:
            return None
        return account.person

    def still_known(self, person: Person) -> bool:
        """Whether the person of a session has an account."""
        account = self.accounts.known.get(person.username)
        return account is not None and account.enabled

    def unauthorised(self, call: Call) -> Refusal:
        """401, with the challenge unless it is not wanted."""
        wanted = call.header("X-Suppress-Basic").lower() != "true"
        return Refusal(401, None, (("WWW-Authenticate", 'Basic realm="Protected area"'),) if wanted else ())

    def session_cookie(self, caller: Caller) -> str | None:
        """The Set-Cookie value of an answer, None where the client has the session."""
        return f"JSESSIONID={caller.session}; Path={self.prefix}; HttpOnly" if caller.fresh else None
