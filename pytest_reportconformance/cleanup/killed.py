"""A killed run: what it left on the target is removed by its ledger, with the session that created it.

Rule: only what the ledger lists is cancelled or deleted, and nothing counts as removed before the target confirms it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pytest_reportconformance.cleanup import ledger, unanswered
from pytest_reportconformance.cleanup.ledger import Busy, Entry, Ledger, Unreadable
from pytest_reportconformance.http.client import Client, Conversation
from pytest_reportconformance.http.cookies import Cookie
from pytest_reportconformance.register import apis
from pytest_reportconformance.target.target import Identity, Target
from pytest_reportconformance.transcript.exchange import Exchange

UNAUTHORIZED, GONE = 401, 404
ADMINISTRATORS = ("admin", "superuser")
ASK_AGAIN = "; name a target.toml with the credentials: --target FILE"


@dataclass(frozen=True)
class Left:
    """Something that is or may be still on the target, and why."""

    entry: Entry
    why: str

    def __str__(self) -> str:
        return f"{self.entry.kind} {self.entry.id or '(id unknown)'} ({self.entry.what}): {self.why}"


@dataclass
class Cleaning:
    """The result of a clean-up; `skipped` are sentences about ledgers that cannot be read."""

    removed: list[Entry] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def earlier(target: Target, client: Client) -> Cleaning:
    """Clean up after all runs against this target that were killed; ledgers of running ones are skipped."""
    whole = Cleaning()
    for path, head in list(ledger.kept(whole.skipped.append)):
        if head["api"] == target.api and head["url"] == target.url:
            try:
                found = clean(path, target, client)
            except (Busy, FileNotFoundError):
                continue
            except (OSError, Unreadable) as error:
                whole.skipped.append(f"the ledger {path} is skipped: {error}")
                continue
            whole.removed += found.removed
            whole.left += found.left
    return whole


def clean(path: Path, target: Target, client: Client) -> Cleaning:
    """Remove the open entries of a ledger, the newest first. Raises Busy if its run is still going on."""
    book = Ledger.resume(path)
    found = Cleaning()
    try:
        _identify(book, target, client)
        for entry in reversed(book.open_entries()):
            removal = Removal(target, client, entry)
            why = removal.why_left()
            if why is None:
                found.removed.append(entry)
            else:
                found.left.append(Left(entry, why))
            if why is None or entry.id is None or removal.settled:
                book.gone(entry)
    finally:
        book.end()
    return found


def _identify(book: Ledger, target: Target, client: Client) -> None:
    """Give each entry a session, and find what unanswered requests created, as far as that is certain."""
    api, entries = apis.load(target.api), book.open_entries()
    unnamed = [entry for entry in entries if entry.id is None]
    sent_in_its_own = {entry.number for entry in entries if entry.cookies}
    shared = bool(unnamed) and unanswered.shows_all(entries, partial(_session, target=target, client=client), api)
    for entry in entries:
        entry.cookies = entry.cookies or _cookies(entries, entry.identity)
    for entry in unnamed:
        session = _session(entry, target, client)
        shown = unanswered.alike(entry, session, book, api)
        if shown == [] and (shared or entry.number in sent_in_its_own):
            book.gone(entry)
        else:
            unanswered.identify(entry, shown or [], unnamed, session, book)


def remove(entry: Entry, target: Target, client: Client, book: Ledger) -> None:
    """Remove one entry of a run that is going on, and note the result in its ledger."""
    removal = Removal(target, client, entry)
    why = removal.why_left()
    if why is None:
        book.gone(entry)
    else:
        book.left(entry, why, settled=removal.settled)


def _session(entry: Entry, target: Target, client: Client) -> Conversation:
    """The session in which something was created."""
    session = client.open(target.identities.get(entry.identity, Identity(entry.identity)))
    session.adopt(entry.cookies)
    return session


def _cookies(entries: list[Entry], identity: str) -> list[Cookie]:
    """The latest session of an identity: an entry that was open when the run was killed may have none of its own."""
    return next((entry.cookies for entry in reversed(entries) if entry.identity == identity and entry.cookies), [])


def without_credentials(api: str, url: str, roles: Iterator[str]) -> Target:
    """A target as its ledger describes it: its identities have no credentials but the sessions that the ledger kept."""
    return Target(api, url, "cleanup", identities={role: Identity(role) for role in roles})


class Removal:
    """Removes one entry: with the session that created it; if that has ended, an administrator stops it."""

    def __init__(self, target: Target, client: Client, entry: Entry) -> None:
        self.api = apis.load(target.api)
        self.target = target
        self.client = client
        self.entry = entry
        self.settled = False

    def why_left(self) -> str | None:
        """Remove it; returns why it is still there, None if it is gone."""
        if self.entry.id is None:
            return self.entry.why or "its answer never came, and nothing like it is found; it ends with its session"
        requests = self.api.clean_up.removal(self.entry.kind, self.entry.id)
        if not requests:
            return None
        session = _session(self.entry, self.target, self.client)
        status = 0
        for request in requests:
            answer = session.send("cleanup", request, urgent=True)
            if answer.response is None:
                return _error(answer)
            status = answer.response.status_code
            if request.removes and (answer.succeeded or status == 404):
                return self._checked(session)
        retired = self.api.clean_up.retired(self.entry.kind, answer)
        self.settled = retired is not None
        if retired is not None:
            return retired
        if self._ended(session) and self._can_be_stopped:
            return self._stopped()
        if status == UNAUTHORIZED:
            return f"{answer.line} was answered {status}{ASK_AGAIN}"
        return self._looked_again(session, answer)

    def _looked_again(self, session: Conversation, last: Exchange) -> str | None:
        """What no request removed may be gone all the same, or end by itself."""
        request = self.api.clean_up.presence(self.entry.kind, self.entry.id or "")
        answer = session.send("cleanup", request, urgent=True) if request is not None else None
        if answer is not None and answer.response is not None and answer.response.status_code == GONE:
            return None
        harmless = self.api.clean_up.harmless(self.entry.kind, answer) if answer and answer.succeeded else None
        self.settled = harmless is not None
        return harmless or f"{last.line} was answered {last.response.status_code if last.response else 'nothing'}"

    @property
    def _can_be_stopped(self) -> bool:
        return self.api.clean_up.stopping(self.entry.kind, self.entry.id or "") is not None

    def _ended(self, session: Conversation) -> bool:
        """Whether the session that created it has ended: the server gave another one."""
        return not set(self.entry.cookies) <= set(session.cookies)

    def _checked(self, session: Conversation) -> str | None:
        """Verify the removal: a server may confirm it to a session that did not create the thing, and do nothing."""
        request = self.api.clean_up.presence(self.entry.kind, self.entry.id or "")
        if request is None:
            return None
        answer = session.send("cleanup", request, urgent=True)
        if answer.response is None:
            return _error(answer)
        if answer.response.status_code == 404:
            return self._stopped() if self._ended(session) and self._can_be_stopped else None
        return f"{answer.line} still answers {answer.response.status_code}"

    def _stopped(self) -> str | None:
        """Let an administrator stop it; what is left of it ends with its session."""
        role = next((role for role in ADMINISTRATORS if role in self.target.identities), None)
        request = self.api.clean_up.stopping(self.entry.kind, self.entry.id or "")
        if role is None or request is None:
            return (
                "the session that made it is gone; it ends with that, and no administrator is known who could stop it"
            )
        answer = self.client.open(self.target.identity(role)).send("cleanup", request, urgent=True)
        if answer.response is None:
            return _error(answer)
        if answer.response.status_code == 404:
            return None
        if answer.succeeded:
            return f"the session that made it is gone; {role} stopped it, the rest ends with that session"
        return f"the session that made it is gone, and to {role} {answer.line} answered {answer.response.status_code}"


def _error(answer: Exchange) -> str:
    assert answer.error is not None
    return f"{answer.line}: {answer.error.text}"
