"""Claiming what waits: what unanswered requests made is removed when a run is interrupted, where it is surely ours.

Rule: what runs is asked before anything is made, and by each session before a request that is answered late.
"""

from __future__ import annotations

import threading

from pytest_reportconformance.api import Api
from pytest_reportconformance.cleanup import killed, unanswered
from pytest_reportconformance.cleanup.ledger import Entry, Ledger
from pytest_reportconformance.http.client import Client, Conversation
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request


class PendingRequests:
    """The requests of a run that wait for their answers. All methods may be called from any thread."""

    def __init__(self, api: Api, ledger: Ledger) -> None:
        self.api = api
        self.ledger = ledger
        self._before: dict[Conversation, frozenset[str] | None] = {}
        self._waiting: dict[int, tuple[Entry, Conversation]] = {}
        self._lock = threading.Lock()

    def begin(self, target: Target, client: Client) -> None:
        """Before anything is made: what runs already, as far as each person is shown it. Raises Stopped, Refused."""
        for identity in target.identities.values():
            found = unanswered.running(self.api, client.open(identity), urgent=False)
            if found is None:
                return
            self.ledger.before(identity.name, found)

    def ask(self, request: Request, conversation: Conversation) -> None:
        """Before a request that is answered late: what runs already, in a session. Raises Stopped, Refused."""
        if self.api.running.answered_late(request) and conversation not in self._before:
            found = unanswered.running(self.api, conversation, urgent=False)
            with self._lock:
                self._before[conversation] = None if found is None else frozenset(found)

    def await_answer(self, entry: Entry, request: Request, conversation: Conversation) -> None:
        """A request is about to be sent; forgotten where it is answered at once."""
        if self.api.running.answered_late(request):
            self.ledger.awaiting(entry, self._before.get(conversation), conversation.cookies)
            with self._lock:
                self._waiting[entry.number] = entry, conversation

    def answered(self, entry: Entry) -> None:
        """Its answer came, or will not come any more."""
        with self._lock:
            self._waiting.pop(entry.number, None)

    def claim(self, target: Target) -> None:
        """Remove what was made by requests that still wait, where it is surely theirs."""
        with self._lock:
            waiting = list(self._waiting.values())
        entries = [entry for entry, _ in waiting]
        client = Client(target)  # beside the requests in flight, which may hold every slot
        try:
            for entry, conversation in waiting:
                session = client.open(conversation.identity)
                session.adopt(conversation.cookies)
                shown = unanswered.alike(entry, session, self.ledger, self.api) or []
                if unanswered.identify(entry, shown, entries, session, self.ledger):
                    killed.remove(entry, target, client, self.ledger)
        finally:
            client.close()
