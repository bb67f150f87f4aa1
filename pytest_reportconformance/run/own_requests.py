"""Requests of the user's own tests: sent by the process that plays, and recorded in a transcript for each test.

Rule: they follow the rules of scenarios: recorded, redacted, on the ledger, paced; what they create is removed when the
test ends.
"""

from __future__ import annotations

import re
import threading
from dataclasses import replace

from pytest_reportconformance.http.rate_limit import Stopped
from pytest_reportconformance.recording.recorder import Played
from pytest_reportconformance.run.run import Run
from pytest_reportconformance.scenarios import Need
from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Transcript

HARMLESS = ("GET", "HEAD", "OPTIONS")


class OwnRequests:
    """The requests that tests send to the target of one run; several tests may send at once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._open: dict[str, _Recording] = {}
        self._lock = threading.Lock()

    def send(self, test: str, identity: str, name: str, request: Request) -> Exchange:
        """Send a request of a test as an identity. Raises NotReached."""
        self._check(request)
        with self._lock:
            if test not in self._open:
                self._open[test] = _Recording(self.run, self._key(test))
        request = replace(request, creates=request.creates or self.run.api.creates(request))
        try:
            exchange = self._open[test].steps(name, request, identity=identity)
        except Stopped:
            raise NotReached("inconclusive", f"{name}: not sent, because the run is being ended") from None
        if exchange.error is not None and exchange.error.outcome == "untested":
            raise NotReached("untested", exchange.error.text)
        return exchange

    def close(self, test: str) -> None:
        """End a test: remove what it created, and store its transcript."""
        with self._lock:
            recording = self._open.pop(test, None)
        if recording is not None:
            recording.close()

    def close_all(self) -> None:
        """End the tests that did not end by themselves, such as those of a worker that died."""
        for test in list(self._open):
            self.close(test)

    def _check(self, request: Request) -> None:
        if self.run.api.needs_consent and request.method not in HARMLESS and not self.run.target.consents:
            reason = "others on the server could notice it: consent with disposable = true under [target]"
            raise NotReached("untested", f"{request.method} {request.url}: {reason}")

    def _key(self, test: str) -> str:
        """The name of a test in evidence: that of its file and function, and a number from its second run on."""
        key = re.sub(r"[^\w.\[\]-]+", ".", test.replace(".py::", "."), flags=re.ASCII)
        taken = {one.key for one in self.run.recorder.played}
        numbered = (f"{key}.{number}" for number in range(2, len(taken) + 3))
        return key if key not in taken else next(one for one in numbered if one not in taken)


class _Recording:
    """The transcript of one test while it is recorded."""

    def __init__(self, run: Run, key: str) -> None:
        self.run = run
        self.key = key
        self.writer = har.Writer(Need(key).path(run.folder))
        self.steps = run.recorder.steps(self.writer)
        self.started, self.begun = run.client.clock.wall(), run.client.clock.now()

    def close(self) -> None:
        self.steps.clean()
        seconds = self.run.client.clock.now() - self.begun
        steps = self.steps
        waits, api = tuple(steps.waits), self.run.target.api
        self.writer.close(Transcript(api, self.key, waits=waits, started=self.started, seconds=seconds))
        waiting = sum(wait.seconds for wait in steps.waits)
        self.run.recorder.played.append(
            Played(self.key, seconds, self.started, steps.requests, steps.seconds_answering, waiting)
        )
