"""What of a record's scenarios differs from the transcripts, and what in a transcript contradicts itself.

Rule: a transcript is of its scenario, of the record's target and suite, and is written as this suite writes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pytest_reportconformance.http.origin import origin
from pytest_reportconformance.register import apis
from pytest_reportconformance.report import record_members
from pytest_reportconformance.report.stored import MALFORMED, NotAReport, Stored, require_plain
from pytest_reportconformance.secrets.forms import HIDDEN
from pytest_reportconformance.target import schemes
from pytest_reportconformance.transcript import har, har_entry
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

TARGET = "target.har"
MARGIN = 0.002
"""Seconds by which rounded times may differ from their sum."""


def differences(stored: Stored) -> Iterator[str]:
    """What differs, a sentence each, beginning with a JSON pointer or a file name. Raises NotAReport."""
    record, scenarios = stored.record, stored.record["scenarios"]
    named = [one["transcript"] for one in scenarios]
    there = [file.relative_to(stored.folder).as_posix() for file in stored.folder.glob("transcripts/*")]
    for name in sorted({*named} ^ {*there}):
        yield f"{name}: {'the record does not name it' if name in there else 'it is not in the bundle'}"
    for number, one in enumerate(scenarios):
        if named.count(one["transcript"]) > 1 or [each["name"] for each in scenarios].count(one["name"]) > 1:
            yield f"/scenarios/{number}: the scenario {one['name']} or its transcript is there twice"
        transcript = stored.transcript(one["name"])
        if transcript is not None:
            yield from _scenario(f"/scenarios/{number}", one, transcript)
            yield from _file(stored, one["transcript"], transcript)
    sent = sum(one["requests"] for one in scenarios)
    if record["requests_sent"] < sent:
        yield f"/requests_sent: recorded {record['requests_sent']}, the scenarios have {sent}"
    yield from _longest(record)
    yield from _target(stored)


def _scenario(at: str, one: Mapping[str, Any], transcript: Transcript) -> Iterator[str]:
    scenario = apis.scenarios(transcript.api).get(one["name"].partition("[")[0])
    because = scenario.because if scenario is not None else one.get("exclusive_because", "")  # one of the user's own
    because = because if transcript.exclusive else ""
    exact = {
        "name": transcript.scenario,
        "started": record_members.time(transcript.started),
        "seconds": round(transcript.seconds, 3),
        "requests": len(transcript.exchanges),
        "exclusive": transcript.exclusive,
        "exclusive_because": because,
        "ended": asdict(transcript.ended) if transcript.ended else None,
    }
    sums = {
        "answering_seconds": sum(found.seconds for found in transcript),
        "waiting_seconds": sum(wait.seconds for wait in transcript.waits),
    }
    for name, value in exact.items():
        if one.get(name) != value:
            yield f"{at}/{name}: recorded {one.get(name)!r}, the transcript has {value!r}"
    for name, seconds in sums.items():
        if abs(one[name] - seconds) > MARGIN:
            yield f"{at}/{name}: recorded {one[name]}, the transcript has {seconds:.3f}"


def _longest(record: Mapping[str, Any]) -> Iterator[str]:
    longest, scenarios = record["longest_scenario"], record["scenarios"]
    most = max((one["seconds"] for one in scenarios), default=None)
    known = [{"name": one["name"], "seconds": one["seconds"]} for one in scenarios if one["seconds"] == most]
    if longest not in known and (longest or known):
        yield f"/longest_scenario: recorded {longest!r}, it is {known[0] if known else None!r}"


def _file(stored: Stored, name: str, transcript: Transcript) -> Iterator[str]:
    """What contradicts itself in a file, or is of another target or another suite."""
    path, record = stored.folder / name, stored.record
    if transcript.api != record["target"]["api"]:
        yield f"{name}: /log/_transcript/api: it is of {transcript.api}, the record of {record['target']['api']}"
    with path.open(encoding="utf-8") as file:
        if file.readline() != har.opening(record["suite"]):
            yield f"{name}: /log/creator: it differs from /suite of the record"
    base = origin(record["target"]["url"])
    for number, (entry, one) in enumerate(har.pairs(path)):
        at = f"{name}: /log/entries/{number}"
        if origin(one.request.url) != base and one.error is None:
            yield f"{at}/request/url: {one.request.url} is of another host than the target"
        yield from _entry(at, entry, one)
        yield from _credentials(at, one, record["configuration"])


def _entry(at: str, entry: Mapping[str, Any], one: Exchange) -> Iterator[str]:
    """Members that repeat others are as this suite writes them; the body has the recorded size and digest."""
    written = har_entry.entry(one)
    for name in dict.fromkeys([*written, *entry]):
        found, wanted = entry.get(name), written.get(name)
        if found != wanted and isinstance(found, dict) and isinstance(wanted, dict):
            inner = [key for key in dict.fromkeys([*wanted, *found]) if found.get(key) != wanted.get(key)]
            yield from (f"{at}/{name}/{key}: it contradicts the other members" for key in inner)
        elif found != wanted or (name in entry) != (name in written):
            yield f"{at}/{name}: it contradicts the other members"
    response = one.response
    if response is not None and response.content is not None:
        digest = hashlib.sha256(response.content).hexdigest()
        if response.sha256 != digest:
            yield f"{at}/response/_sha256: recorded {response.sha256}, the body has {digest}"
        if response.size != len(response.content) and HIDDEN.encode() not in response.content:
            yield f"{at}/response/content/size: recorded {response.size}, the body has {len(response.content)}"


def _credentials(at: str, one: Exchange, configuration: Mapping[str, Any]) -> Iterator[str]:
    scheme = configuration["identities"].get(one.identity)
    sent = one.request.header("Authorization")
    if scheme is None or sent is None:
        return
    known = schemes.known(scheme)
    if known is None:
        yield f"configuration/identities/{one.identity}: no authentication scheme {scheme} is installed here"
    elif known.word is not None and sent.partition(" ")[0] != known.word:
        yield f"{at}/request/headers: Authorization {sent} of {one.identity}, whose scheme is {scheme}"


def _target(stored: Stored) -> Iterator[str]:
    """The target's answers about itself: they begin with the probe of the API at the target's URL."""
    path, record = stored.folder / TARGET, stored.record
    if not path.is_file():
        yield f"{TARGET}: it is not in the bundle"
        return
    try:
        require_plain(path)
        transcript = har.read(path)
    except MALFORMED as error:
        raise NotAReport(f"{TARGET}: not a transcript of this suite: {error}") from None
    yield from _file(stored, TARGET, transcript)
    started = record_members.time(transcript.started)
    if record["started"] != started:
        yield f"/started: recorded {record['started']}, {TARGET} has {started}"
    probe = next((one for one in transcript if one.name == "probe"), None)
    if probe is not None:
        yield from _probe(probe, record)


def _probe(probe: Exchange, record: Mapping[str, Any]) -> Iterator[str]:
    """Every request goes to the target's URL and has its header fields and query arguments."""
    sent = probe.request
    wanted = record["target"]["url"] + apis.load(record["target"]["api"]).probe.url.partition("?")[0]
    if sent.url.partition("?")[0] != wanted and HIDDEN not in sent.url:
        yield f"/target/url: the first request of {TARGET} went to {sent.url}, not to {wanted}"
    for name in record["configuration"]["headers"]:
        if sent.header(name) is None:
            yield f"/configuration/headers: {name} was not sent"
    for name in record["configuration"]["query"]:
        if f"{name}=" not in sent.url:
            yield f"/configuration/query: {name} was not sent"
