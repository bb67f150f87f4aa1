"""Whether the target is still reachable: a run ends when it is not, and no check fails because of it.

Rule: one request without an answer is not enough; the target is probed before it counts as unreachable.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from pytest_reportconformance.api import Api
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.rate_limit import Stopped
from pytest_reportconformance.http.refusal import refusal
from pytest_reportconformance.target.target import ANONYMOUS, Identity
from pytest_reportconformance.transcript.exchange import Exchange, Request, TransportError
from pytest_reportconformance.transcript.failures import NotReached

PAUSES = (0.0, 0.5, 1.0)
"""Seconds before each probe: a target that restarts is soon reachable again."""
UNAUTHORIZED = 401
MOST_SILENT = 16
"""Requests in a row that may stay without an answer in time."""


class Reachability:
    """Whether the target answers; `error` is why it does not. All methods may be called from any thread."""

    def __init__(self, api: Api, client: Client) -> None:
        self.error: str | None = None
        self.let_in: set[str] = set()
        self._api = api
        self._client = client
        self._answered = 0.0
        self._silent = 0
        self._lock = threading.Lock()

    def check(self) -> None:
        """Raises NotReached if the target is unreachable, Stopped if the run is being ended."""
        if self.error is not None:
            raise NotReached("error", self.error)
        if self._client.clock.stopped:
            raise Stopped

    def confirmed(self, exchange: Exchange) -> Exchange:
        """The exchange, with an error of its own if the target turns out to be unreachable: that violates nothing.

        Ends the run in that case, and also after MOST_SILENT requests in a row without an answer in time.
        """
        if self.error is None and self._client.redactor.collision is not None:
            self.error = self._client.redactor.collision
            self._client.clock.stop()
            return replace(exchange, error=TransportError("error", self.error))
        if exchange.response is not None or not exchange.seconds or exchange.error is None:
            self._silent = 0 if exchange.response is not None else self._silent
            return exchange
        with self._lock:
            self._silent += exchange.error.outcome == "inconclusive"
            if self.error is None and (self._silent >= MOST_SILENT or not self._is_reachable(exchange)):
                self.error = f"the target {self._client.target.url} is unreachable: {exchange.error.text}"
                self._client.clock.stop()
        return exchange if self.error is None else replace(exchange, error=TransportError("error", self.error))

    def still_let_in(self, exchange: Exchange, request: Request) -> Exchange:
        """The exchange, with an error if its identity, let in at the start, is refused by now. Ends the run then."""
        signed = request.credentials and request.header("Authorization") is None
        pair = self._api.sign_in(exchange.identity) if signed and exchange.identity in self.let_in else None
        if pair is None or exchange.response is None or exchange.response.status_code != UNAUTHORIZED:
            return exchange
        with self._lock:
            if self.error is None and (reason := turned_away(self._client, pair, exchange)) is not None:
                self.error = reason
                self._client.clock.stop()
        return exchange if self.error is None else replace(exchange, error=TransportError("error", self.error))

    def _is_reachable(self, exchange: Exchange) -> bool:
        """Whether the target answers a probe after an exchange without an answer.

        The probe has a client of its own, as the requests in flight may hang.
        """
        if self._answered >= exchange.started + exchange.seconds:
            return True
        client = Client(self._client.target)
        late = exchange.error is not None and exchange.error.outcome == "inconclusive"
        try:
            for pause in PAUSES[:1] if late else PAUSES:
                time.sleep(pause)
                answer = client.open(Identity(ANONYMOUS)).send("probe", self._api.probe)
                if answer.response is not None:
                    self._answered = answer.started
                    return True
            return False
        finally:
            client.close()


def turned_away(client: Client, pair: tuple[Request, Request], exchange: Exchange) -> str | None:
    """Why an identity that was let in before is refused now, asked in new sessions; None if it is let in."""
    identity = client.target.identities[exchange.identity]
    reasons = [refusal(identity, client.open(identity).send("sign-in", request, urgent=True)) for request in pair]
    if any(reason is None for reason in reasons):
        return None
    return f"identities.{identity.name} was let in at the start of the run and is refused now: {reasons[0]}"
