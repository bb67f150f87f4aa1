"""Examines a target before a run: is it reachable, is it as described, what will a run cost.

Rule: nothing is left on the target, and nothing is created there except one small report run, if that is allowed.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from pytest_reportconformance.api import Api, Finding, Word
from pytest_reportconformance.http.refusal import SKEW_SECONDS, skew
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis, register
from pytest_reportconformance.run.preparation import Unreachable, absent, recognizes
from pytest_reportconformance.run.rehearsal import Rehearsal, rehearse
from pytest_reportconformance.run.run import TARGET_FILE, Run, RunSettings
from pytest_reportconformance.target.target import ANONYMOUS, Target, is_loopback
from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.transcript import Transcript

TRUST = 'name the authority\'s certificates: ca_bundle = "ca.pem" under [target]'
LIMIT_FIELDS = ("x-ratelimit-", "ratelimit", "x-rate-limit")


@dataclass
class Diagnosis:
    """What was found; `rehearsal` is None if none was possible. `target` is as a run will complete it."""

    target: Target
    findings: list[Finding] = field(default_factory=list)
    rehearsal: Rehearsal | None = None
    latency: float = 0.0

    @property
    def exit_code(self) -> ExitCode:
        """7 if the target is unreachable, 4 if it is not as described, 6 if a MUST will be untested, else 0."""
        words = {finding.word for finding in self.findings}
        if "unreachable" in words:
            return ExitCode.ERROR
        if "wrong" in words:
            return ExitCode.USAGE
        untested = self.untested_levels["MUST"] or "untested" in words
        return ExitCode.INCOMPLETE if untested else ExitCode.OK

    @property
    def untested_levels(self) -> Counter[str]:
        """How many requirements of each level will be untested."""
        known = register.load(self.target.api).requirements
        return Counter(known[id].level for id in (self.rehearsal.untested if self.rehearsal else ()))

    @property
    def minutes(self) -> float:
        """About how long a run will take: its longest scenario, its requests, and the limit on their rate."""
        if self.rehearsal is None:
            return 0.0
        limits, requests = self.target.limits, self.rehearsal.requests
        rate = limits.requests_per_minute
        throttled = max(0.0, requests / rate - 1) if rate else 0.0
        flight = max(1, limits.requests_in_flight / 2)
        return max(throttled, (self.rehearsal.seconds + requests * self.latency / flight) / 60)

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        target = self.target
        return {
            "target": {
                "name": target.name,
                "api": target.api,
                "url": target.url,
                "product": target.product,
                "version": target.version,
                "edition": target.edition,
                "identities": list(target.identities),
                "reports": list(target.reports),
            },
            "findings": [asdict(finding) for finding in self.findings],
            "untested": dict(self.rehearsal.untested) if self.rehearsal else None,
            "requests": self.rehearsal.requests if self.rehearsal else None,
            apis.load(target.api).counted_plural: self.rehearsal.started if self.rehearsal else None,
            "minutes": round(self.minutes, 2) if self.rehearsal else None,
            "exit_code": self.exit_code,
        }


def diagnose(target: Target, *, rehearsed: bool = True) -> Diagnosis:
    """Examine a target. Never raises because of its answers; raises TargetError for a broken credentials file."""
    found = Diagnosis(target)
    with tempfile.TemporaryDirectory(prefix="reportconformance-") as folder:
        with Run.opened(RunSettings(target, Path(folder))) as run:
            _examine(run, found)
        _look_back(found, har.read(Path(folder) / TARGET_FILE))
    if rehearsed and not any(finding.word == "unreachable" for finding in found.findings):
        found.rehearsal = rehearse(found.target)
        found.findings += _outlook(found)
    return found


def _examine(run: Run, found: Diagnosis) -> None:
    step = run.preparation.steps
    try:
        probe = step("probe", run.api.probe, identity=ANONYMOUS)
    except NotReached as error:
        found.findings.append(Finding("reachable", "unreachable", error.reason))
        return
    found.findings += _reached(run.target, probe)
    if probe.response is None:
        return
    try:
        run.preparation.authenticate()
        if (text := absent(run.api, probe, step)) is not None:
            found.findings.append(Finding("api", "wrong", text, "the URL ends before the API's paths"))
            return
        found.findings.append(_api(run.api, probe))
        found.target, examined = run.api.examine(run.target, step)
        found.findings += examined
    except Unreachable as error:
        found.findings.append(Finding("credentials", "unreachable", str(error)))
    except NotReached as error:
        found.findings.append(Finding("reachable", "unreachable", error.reason))
    except Broken as error:
        found.findings.append(Finding("api", "wrong", str(error)))


def _api(api: Api, probe: Exchange) -> Finding:
    if recognizes(api, probe):
        return Finding("api", "good", f"{api.title}, recognized by {probe.line}")
    text = f"{probe.line} is answered {probe.status_code} {probe.media_type}: not recognized as {api.title}"
    return Finding("api", "note", text, "check url if more is wrong")


def _reached(target: Target, probe: Exchange) -> list[Finding]:
    """Whether it answers, and whether the connection is encrypted."""
    if probe.response is None:
        text = probe.error.text if probe.error else "no answer"
        tls = "certificate" in text.lower() or "ssl" in text.lower()
        about, advice = ("tls", TRUST) if tls else ("reachable", "look at url, at the proxy, and whether it is running")
        text = text if target.url in text else f"{target.url} is unreachable: {text}"
        return [Finding(about, "unreachable", text, advice)]
    found = [Finding("reachable", "good", f"{target.url} answers in {1000 * probe.seconds:.0f} ms")]
    if urlsplit(target.url).scheme == "https":
        found.append(Finding("tls", "good", "the certificate is trusted"))
    elif not is_loopback(target.url):
        found.append(Finding("tls", "note", "without TLS: passwords are sent unencrypted", "use https"))
    return found


def _look_back(found: Diagnosis, transcript: Transcript) -> None:
    """What the header fields of all answers show: clock, rate limits, response time."""
    answers = [exchange for exchange in transcript if exchange.response is not None]
    if not answers:
        return
    found.latency = median(exchange.seconds for exchange in answers)
    found.findings += [*_clock(answers[0]), *_limits(answers)]


def _clock(exchange: Exchange) -> Iterable[Finding]:
    off = skew(exchange)
    if off is None:
        yield Finding("clock", "note", "the server sends no Date header")
    elif abs(off) > SKEW_SECONDS:
        way = "ahead of" if off > 0 else "behind"
        yield Finding("clock", "note", f"its clock is {abs(off):.0f} s {way} this machine's", "set both by NTP")
    else:
        yield Finding("clock", "good", "in step with the clock of this machine")


def _limits(answers: list[Exchange]) -> Iterable[Finding]:
    seen = {
        f"{name}: {value}"
        for exchange in answers
        for name, value in exchange.answer.headers
        if name.lower().startswith(LIMIT_FIELDS)
    }
    if seen:
        advice = "set limits.requests_per_minute below it if others share the account"
        yield Finding("rate", "note", ", ".join(sorted(seen)[:4]), advice)
    refused = sum(exchange.status_code == 429 for exchange in answers)
    if refused:
        yield Finding("rate", "note", f"{refused} of {len(answers)} requests were answered 429")


def _outlook(found: Diagnosis) -> Iterable[Finding]:
    """What a run will leave untested and why, and what it costs."""
    if found.rehearsal is None:
        text = "the reference servers are needed to predict what a run leaves untested"
        yield Finding("outlook", "note", text, "pip install 'pytest-reportconformance[embedded]'")
        return
    known = register.load(found.target.api).requirements
    groups: dict[str, Counter[str]] = {}
    for id, reason in found.rehearsal.untested.items():
        groups.setdefault(reason, Counter())[known[id].level] += 1
    for reason, levels in groups.items():
        counts = ", ".join(f"{levels[level]} {level}" for level in register.LEVELS if levels[level])
        says, _, advice = reason.partition(": write ")
        word: Word = "untested" if levels["MUST"] else "note"
        yield Finding("outlook", word, f"{counts} untested: {says}", f"write {advice}" if advice else "")
    created, minutes = apis.load(found.target.api).counted_plural, max(1, round(found.minutes))
    text = f"about {found.rehearsal.requests} requests, {found.rehearsal.started} {created}, "
    yield Finding("cost", "good", text + (f"{minutes} minutes" if minutes > 1 else "a minute at most"))
