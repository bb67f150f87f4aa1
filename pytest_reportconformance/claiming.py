"""What was made by requests that are not answered yet: found by asking what runs, and claimed where it is surely ours.

Rule: before a request that is answered late its session asks what runs. Claimed is what was not there then, is of the
resource asked for, is shown to that session, and has no more like it than answers are missing; all else is let alone.
Where a target shows what one session made to others as well, that is sure only while nobody else uses the account.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from pytest_reportconformance import cleaning
from pytest_reportconformance.apis import Api
from pytest_reportconformance.client import Client, Conversation
from pytest_reportconformance.exchange import Broken, NotReached, Request
from pytest_reportconformance.ledger import Entry, Ledger
from pytest_reportconformance.target import Target


@dataclass(frozen=True)
class Waiting:
    """A request without an answer: `of` is the resource that it makes something of."""

    entry: Entry
    of: str
    conversation: Conversation


class Claims:
    """The requests of a run that wait for their answers. All methods may be called from any thread."""

    def __init__(self, api: Api, ledger: Ledger) -> None:
        self.api = api
        self.ledger = ledger
        self._before: dict[Conversation, frozenset[str] | None] = {}
        self._waiting: dict[int, Waiting] = {}
        self._lock = threading.Lock()

    def ask(self, request: Request, conversation: Conversation) -> None:
        """Before a request that is answered late: what runs already, in a session. Raises Stopped, Refused."""
        if self.api.awaited(request) is not None and conversation not in self._before:
            found = self._running(conversation, urgent=False)
            with self._lock:
                self._before[conversation] = None if found is None else frozenset(found)

    def await_answer(self, entry: Entry, request: Request, conversation: Conversation) -> None:
        """A request is about to be sent; forgotten where it is answered at once."""
        of = self.api.awaited(request)
        if of is not None:
            with self._lock:
                self._waiting[entry.number] = Waiting(entry, of, conversation)

    def answered(self, entry: Entry) -> None:
        """Its answer came, or will not come any more."""
        with self._lock:
            self._waiting.pop(entry.number, None)

    def claim(self, target: Target) -> None:
        """Remove what was made by requests that still wait, where it is surely theirs."""
        with self._lock:
            waiting = list(self._waiting.values())
        client = Client(target)  # beside the requests in flight, which may hold every slot
        try:
            for one in waiting:
                alike = [other for other in waiting if (other.of, _who(other)) == (one.of, _who(one))]
                self._claim(one, len(alike), client)
        finally:
            client.close()

    def _claim(self, one: Waiting, most: int, client: Client) -> None:
        session = client.open(one.conversation.person)
        session.adopt(one.conversation.cookies)
        before, running = self._before.get(one.conversation), self._running(session)
        if before is None or running is None:
            return
        ours = self.ledger.ids
        new = [id for id, of in running.items() if of == one.of and id not in before and id not in ours]
        shown = [id for id in new if self._shows(session, one.entry.kind, id)]
        if not shown:
            return
        if len(shown) > most:
            self.ledger.left(one.entry, f"it is one of {', '.join(shown)}, and others run the same")
            return
        self.ledger.made(one.entry, shown[0], one.conversation.cookies)
        removal = cleaning.Removal(client.target, client, one.entry)
        why = removal.why_left()
        if why is None:
            self.ledger.gone(one.entry)
        else:
            self.ledger.left(one.entry, why, settled=removal.settled)

    def _running(self, session: Conversation, *, urgent: bool = True) -> dict[str, str | None] | None:
        """The ids of what runs, with the resource of each; None where the target does not say."""
        if self.api.running is None:
            return None
        answer = session.send("running", self.api.running, urgent=urgent)
        try:
            return dict(self.api.listed(answer)) if answer.succeeded else None
        except (Broken, NotReached):
            return None

    def _shows(self, session: Conversation, kind: str, id: str) -> bool:
        request = self.api.presence(kind, id)
        return request is not None and session.send("running", request, urgent=True).succeeded


def _who(one: Waiting) -> str:
    return one.conversation.person.name
