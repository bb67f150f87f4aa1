"""What a run does to its target as a whole: complete what is known of it before, remove what was created after.

Rule: whatever is created here is in the ledger first, and is removed once, however the run ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_reportconformance.api import Api
from pytest_reportconformance.cleanup import killed
from pytest_reportconformance.http.rate_limit import Stopped
from pytest_reportconformance.http.refusal import intermediary
from pytest_reportconformance.recording.context import RunContext
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.scheme import CredentialsUnreachable
from pytest_reportconformance.target.target import ANONYMOUS, Target, TargetError
from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.transcript import Transcript

NOT_FOUND = 404


class PreconditionError(TargetError):
    """The target cannot be judged as it is configured: what was answered, and what to do."""


class Unreachable(Exception):
    """The target is unreachable or cannot be prepared: one error for the whole run."""


def recognizes(api: Api, probe: Exchange) -> bool:
    """Whether an answer to the API's probe comes from one of its servers."""
    try:
        return api.recognizes(probe)
    except (Broken, NotReached):
        return False


def absent(api: Api, probe: Exchange, step: Steps) -> str | None:
    """Why there is no such API at the URL: neither its probe nor a request of an identity is known there."""
    if recognizes(api, probe) or api.landmark is None or probe.response is None or probe.error is not None:
        return None
    answer = step("landmark", api.landmark)
    if (text := intermediary(answer)) is not None:
        return text
    if answer.response is None or answer.error is not None or answer.status_code != NOT_FOUND:
        return None
    seen = f"{probe.line} is answered {probe.status_code} {probe.media_type}, {answer.line} {answer.status_code}"
    return f"no {api.title} there: {seen}; check the path of the URL"


class Preparation:
    """The steps of one run outside its scenarios; `warnings` is the run's list, to which it appends."""

    def __init__(self, context: RunContext, writer: har.Writer, warnings: list[str], started: float) -> None:
        self.steps = Steps(context, writer)
        self._context = context
        self._target = context.target
        self._writer = writer
        self._warnings = warnings
        self._started = started
        self._over = False
        self.skipped: list[str] = []

    def complete(self) -> Target:
        """The target with its version and reports, after it was reached. Raises Unreachable, TargetError."""
        redactor = self._context.client.redactor
        try:
            return self._complete()
        except (Unreachable, Stopped):
            if redactor.collision is None:
                raise
            raise PreconditionError(f"identities: {redactor.collision}") from None

    def _complete(self) -> Target:
        client, api = self._context.client, self._context.api
        for identity in self._target.identities.values():
            client.open(identity)  # credentials that cannot be read are reported before anything is sent
        probe = self.steps("probe", api.probe, identity=ANONYMOUS)
        if probe.response is None:
            raise Unreachable(probe.error.text if probe.error else "no answer")
        self.authenticate()
        if (text := absent(api, probe, self.steps)) is not None:
            raise PreconditionError(f"target.url: {text}")
        self._verify()
        found = killed.earlier(self._target, client)
        self.skipped = found.skipped
        self._warnings += [*found.skipped, *(f"left by an earlier run: {left}" for left in found.left)]
        if self._context.withheld is not None and not self._target.provision.enabled:
            return self._target
        try:
            self._target = api.prepare(self._target, self.steps)
        except NotReached as error:
            raise Unreachable(error.reason) from None
        self.steps.adopt(self._target)
        return self._target

    def authenticate(self) -> None:
        """Ask for the credentials that identities need first. Raises Unreachable, TargetError."""
        try:
            for identity in self._target.identities.values():
                self._context.client.open(identity).credentials.ready()
        except CredentialsUnreachable as error:
            raise Unreachable(str(error)) from None

    def _verify(self) -> None:
        """What has to hold before anything is judged. Raises PreconditionError."""
        try:
            found = self._context.api.preconditions(self._target, self.steps)
        except NotReached as error:
            if error.outcome == "error":
                raise Unreachable(error.reason) from None
            return
        except Broken:  # an answer that cannot be read is left to the checks
            return
        for finding in found:
            text = f"{finding.about}: {finding.says}" + (f": {finding.advice}" if finding.advice else "")
            if finding.word == "wrong":
                raise PreconditionError(text)
            if finding.word == "untested":
                self._context.withheld = text
                self._warnings.append(text)
        self._context.reachability.let_in.update(self._target.identities)

    def take(self, created: Mapping[str, Iterable[str]], identity: str) -> None:
        """Take over what an earlier run created, IDs by kind, so that it is removed at the end of this run."""
        for kind, ids in created.items():
            for id in ids:
                self.steps.take(kind, id, identity)

    def keep(self) -> None:
        """Leave on the target what was created for the run: whoever called removes it later."""
        self._end()
        ledger = self._context.ledger
        for entry in ledger.open_entries():
            ledger.left(entry, "kept", settled=True)

    def remove(self) -> list[str]:
        """Remove what was created for the whole run; returns what is still there. Later calls do nothing."""
        remaining: list[str] = []
        if self._over:
            return remaining
        self._over = True
        try:
            with self._context.api.clean_up.deprovision(self._target, self.steps) as remaining:
                self.steps.clean()
            self._warnings += remaining
        except NotReached as error:
            self._warnings.append(f"what is left on the target could not be listed: {error.reason}")
        finally:
            self._close()
        return remaining

    def _end(self) -> None:
        if not self._over:
            self._over = True
            self._close()

    def _close(self) -> None:
        waits = tuple(self.steps.waits)
        self._writer.close(Transcript(self._target.api, "target", (), waits, started=self._started))
