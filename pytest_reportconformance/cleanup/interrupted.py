"""An interrupted run: what its unanswered requests create is removed if it certainly belongs to them.

Rule: the target is asked what runs before anything is created, and by each session before a request that is answered
late: what ran before belongs to somebody else.
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
    """The requests of a run that have no answer yet. All methods may be called from any thread."""

    def __init__(self, api: Api, ledger: Ledger) -> None:
        self.api = api
        self.ledger = ledger
        self._before: dict[Conversation, frozenset[str] | None] = {}
        self._waiting: dict[int, tuple[Entry, Conversation]] = {}
        self._lock = threading.Lock()

    def begin(self, target: Target, client: Client) -> None:
        """Note what runs before anything is created, as shown to each identity. Raises Stopped, Refused."""
        for identity in target.identities.values():
            found = unanswered.running(self.api, client.open(identity), urgent=False)
            if found is None:
                return
            self.ledger.before(identity.name, found)

    def ask(self, request: Request, conversation: Conversation) -> None:
        """Note what runs before a request that is answered late, as shown to its session. Raises Stopped, Refused."""
        if self.api.running.answered_late(request) and conversation not in self._before:
            found = unanswered.running(self.api, conversation, urgent=False)
            with self._lock:
                self._before[conversation] = None if found is None else frozenset(found)

    def await_answer(self, entry: Entry, request: Request, conversation: Conversation) -> None:
        """Note that a request is about to be sent, if it is answered late."""
        if self.api.running.answered_late(request):
            self.ledger.awaiting(entry, self._before.get(conversation), conversation.cookies)
            with self._lock:
                self._waiting[entry.number] = entry, conversation

    def answered(self, entry: Entry) -> None:
        """Note that the answer came or will not come any more."""
        with self._lock:
            self._waiting.pop(entry.number, None)

    def claim(self, target: Target) -> None:
        """Remove what requests without an answer created, if it certainly belongs to them."""
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
