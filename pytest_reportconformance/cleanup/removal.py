"""The normal end: what a scenario created is removed by the session that created it.

Rule: the ledger has an entry before a request that creates something is sent, and the entry is closed only after the
target has confirmed the removal.
"""

from __future__ import annotations

from collections.abc import Callable

from pytest_reportconformance.api import Api
from pytest_reportconformance.cleanup.interrupted import PendingRequests
from pytest_reportconformance.cleanup.ledger import Entry, Ledger
from pytest_reportconformance.http.client import Conversation
from pytest_reportconformance.transcript.exchange import Exchange, Request

Send = Callable[[Request, Conversation], Exchange]


class Created:
    """What one scenario created, or is about to create. `send` sends a request of the clean-up and records it."""

    def __init__(self, api: Api, ledger: Ledger, pending: PendingRequests, send: Send) -> None:
        self._api = api
        self._ledger = ledger
        self._pending = pending
        self._send = send
        self._sessions: dict[int, Conversation] = {}

    def announce(self, request: Request, identity: str, session: Conversation) -> Entry | None:
        """Open an entry for a request that creates something, before it is sent. Raises Stopped, Refused."""
        self._pending.ask(request, session)
        if request.creates is None:
            return None
        resource = self._api.running.resource_of(request)
        what = f"{request.method} {request.url}"
        entry = self._ledger.making(request.creates, identity, what, request.named, resource)
        self._sessions[entry.number] = session
        self._pending.await_answer(entry, request, session)
        return entry

    def not_sent(self, entry: Entry | None) -> None:
        """Close the entry of a request that was not sent after all."""
        if entry is not None:
            self._pending.answered(entry)
            self._ledger.gone(entry)

    def answered(self, entry: Entry | None, request: Request, exchange: Exchange, session: Conversation) -> None:
        """Note the id of what a request created, and close the entry of what it removed."""
        if entry is not None:
            self._pending.answered(entry)
            id, certain = self._id(entry, request, exchange)
            self._ledger.made(entry, id, session.cookies, certain=certain)
        if request.removes is not None and exchange.succeeded:
            gone = self._ledger.find(request.removes, exchange.identity)
            if gone is not None:
                self._ledger.gone(gone)

    def take(self, kind: str, id: str, identity: str, session: Conversation) -> None:
        """Take over something that an earlier run created: the session of an identity that may remove it does so."""
        entry = self._ledger.making(kind, identity, f"{kind} {id}", id)
        self._sessions[entry.number] = session

    def remove(self, reachable: Callable[[], bool]) -> list[str]:
        """Remove what is still there, the newest first, as long as the target is reachable.

        Never raises; returns a warning for each attempt that failed.
        """
        warnings = []
        entries = [entry for entry in self._ledger.open_entries() if entry.number in self._sessions]
        for entry in reversed(entries):
            try:
                if reachable():
                    self._remove(entry)
            except Exception as error:  # what is not removed is listed; no check fails because of it
                warnings.append(f"{entry.what}: not removed: {type(error).__name__}: {error}")
        return warnings

    def _id(self, entry: Entry, request: Request, exchange: Exchange) -> tuple[str | None, bool]:
        """The id of what a request created, and whether it is certain that nothing exists if there is no id."""
        answered = exchange.response is not None
        id = self._api.identify(entry.kind, exchange) if answered else None
        if request.named is None:
            return id, answered
        # something with a name of ours is removed even if the answer is malformed
        return id or (request.named if exchange.succeeded else None), 300 <= _status(exchange) < 500

    def _remove(self, entry: Entry) -> None:
        if entry.id is None:
            return
        requests = self._api.clean_up.removal(entry.kind, entry.id)
        if not requests:
            self._ledger.gone(entry)
        for request in requests:
            last = self._send(request, self._sessions[entry.number])
            if request.removes and (last.succeeded or _status(last) == 404) and not self._is_there(entry):
                self._ledger.gone(entry)
                return
        if requests:
            self._look_again(entry, last)

    def _look_again(self, entry: Entry, last: Exchange) -> None:
        """What no request removed may be gone all the same, or end by itself."""
        rules, presence = self._api.clean_up, self._presence(entry)
        if presence is not None and _status(presence) == 404:
            self._ledger.gone(entry)
            return
        settled = rules.retired(entry.kind, last)
        if settled is None and presence is not None and presence.succeeded:
            settled = rules.harmless(entry.kind, presence)
        why = settled or f"it is still there after {last.line}: {_answer(last)}"
        self._ledger.left(entry, why, settled=settled is not None)

    def _is_there(self, entry: Entry) -> bool:
        """Whether something is still there after its removal; asked only for the kinds that the API verifies."""
        if entry.kind not in self._api.clean_up.verified:
            return False
        presence = self._presence(entry)
        return presence is not None and _status(presence) != 404

    def _presence(self, entry: Entry) -> Exchange | None:
        """The answer to the request that looks for something; None if there is no such request."""
        request = self._api.clean_up.presence(entry.kind, entry.id or "")
        return None if request is None else self._send(request, self._sessions[entry.number])


def _status(exchange: Exchange) -> int:
    return exchange.response.status_code if exchange.response is not None else 0


def _answer(exchange: Exchange) -> str:
    return exchange.error.text if exchange.error is not None else f"answered {_status(exchange)}"
