"""What of a record differs from what its transcripts give, and from its own digests: the comparison of `verify`.

Rule: everything that can be recomputed is recomputed; the digests of the record find a change of the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_reportconformance.http.origin import origin
from pytest_reportconformance.judging.outcomes import Judgement, worst
from pytest_reportconformance.register import register
from pytest_reportconformance.report.rejudge import Again
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript.transcript import Transcript

DIGESTS = "digests"
CHECK = ("outcome", "reason", "expected", "actual")


def digests(folder: Path, record: Mapping[str, Any]) -> dict[str, str]:
    """SHA-256 of each transcript by its path, and of each member of a record by its pointer."""
    files = [folder / "target.har", *sorted((folder / "transcripts").glob("*.har"))]
    found = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file()
    }
    return found | {pointer: _digest(value) for pointer, value in _members(record)}


def differences(stored: Stored, again: Again) -> list[str]:
    """What differs, a sentence each, beginning with a JSON pointer or a file name."""
    record = stored.record
    found = [*_recomputed(record, again), *_transcripts(stored)]
    recorded, now = record.get(DIGESTS) or {}, digests(stored.folder, record)
    for name in dict.fromkeys([*recorded, *now]):
        if recorded.get(name) != now.get(name):
            found.append(f"{name}: it was changed after the run (digest mismatch)")
    return found


def _members(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        if key == DIGESTS:
            continue
        if isinstance(value, dict) and value:
            yield from ((f"/{key}/{name}", one) for name, one in value.items())
        else:
            yield f"/{key}", value


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _recomputed(record: Mapping[str, Any], again: Again) -> Iterator[str]:
    verdict, requirements = again.verdict, record["requirements"]
    if not record["leaks"]:
        yield from _compared("/verdict", record["verdict"], verdict.name)
        yield from _compared("/says", record["says"], verdict.says)
        yield from _compared("/exit_code", record["exit_code"], int(verdict.exit_code))
    for level in ("MUST", "SHOULD", "MAY"):
        counted = Counter(one["outcome"] for one in requirements if one["level"] == level)
        yield from _compared(f"/counts/{level}", record["counts"].get(level), dict(counted))
    checks = [check for one in requirements for check in one["checks"]]
    for name, group in (("requirements", requirements), ("checks", checks)):
        counted = Counter(one["outcome"] for one in group)
        yield from _compared(f"/totals/{name}", record["totals"].get(name), dict(counted))
    known = register.load(record["target"]["api"])
    yield from _compared("/specs/api", record["specs"]["api"], record["target"]["api"])
    yield from _compared("/specs/digest", record["specs"]["digest"], known.digest)
    yield from _compared("/requirements", [one["id"] for one in requirements], list(known.requirements))
    for number, one in enumerate(requirements):
        if one["id"] in known.requirements:
            judged = [found for found in again.judgements if found.requirement == one["id"]]
            yield from _requirement(f"/requirements/{number}", one, judged, known.requirements[one["id"]])
    shown = sorted({found.deviation for found in again.judgements if found.deviation})
    yield from _compared("/deviations/shown", record["deviations"]["shown"], shown)


def _requirement(
    at: str, one: Mapping[str, Any], judged: list[Judgement], entry: register.Requirement
) -> Iterator[str]:
    for name in ("level", "operation", "says"):
        yield from _compared(f"{at}/{name}", one[name], getattr(entry, name))
    source = {"title": entry.document.title, "section": entry.section, "url": entry.source_url}
    yield from _compared(f"{at}/source", one["source"], source)
    unjudged = "unchecked" if entry.unchecked else "not selected"
    outcome = worst(found.outcome for found in judged) if judged else unjudged
    yield from _compared(f"{at}/outcome", one["outcome"], outcome)
    names = [check["name"] for check in one["checks"]]
    yield from _compared(f"{at}/checks", sorted(names), sorted(found.check for found in judged))
    for number, found in _paired(names, judged):
        check = one["checks"][number]
        for name in CHECK:
            yield from _compared(f"{at}/checks/{number}/{name}", check[name], getattr(found, name))
    decisive = next((found for _, found in _paired(names, judged) if found.outcome == outcome), None)
    if decisive is not None:
        yield from _compared(f"{at}/reason", one["reason"], decisive.reason)


def _paired(names: list[str], judged: list[Judgement]) -> Iterator[tuple[int, Judgement]]:
    """The judgements by the place of their checks in the record: pytest judges in an order of its own."""
    by_name = {found.check: found for found in judged}
    return ((number, by_name[name]) for number, name in enumerate(names) if name in by_name)


def _transcripts(stored: Stored) -> Iterator[str]:
    base = origin(stored.record["target"]["url"])
    named = {one["transcript"] for one in stored.record["scenarios"]}
    there = {file.relative_to(stored.folder).as_posix() for file in stored.folder.glob("transcripts/*")}
    for name in sorted(named ^ there):
        yield f"{name}: {'the record does not name it' if name in there else 'it is not in the bundle'}"
    for number, one in enumerate(stored.record["scenarios"]):
        transcript = stored.transcript(one["name"])
        if transcript is not None:
            yield from _compared(f"/scenarios/{number}/name", one["name"], transcript.scenario)
            yield from _compared(f"/scenarios/{number}/seconds", one["seconds"], round(transcript.seconds, 3))
            yield from _exchanges(one["transcript"], transcript, base)


def _exchanges(file: str, transcript: Transcript, base: Any) -> Iterator[str]:
    for number, one in enumerate(transcript):
        at, response = f"{file}: /log/entries/{number}", one.response
        if origin(one.request.url) != base and one.error is None:
            yield f"{at}/request/url: {one.request.url} is of another host than the target"
        if response is not None and response.body is not None:
            yield from _compared(f"{at}/response/content/size", response.size, len(response.body))
            digest = hashlib.sha256(response.body).hexdigest()
            yield from _compared(f"{at}/response/_sha256", response.sha256, digest)


def _compared(pointer: str, recorded: Any, found: Any) -> Iterator[str]:
    if (type(recorded) is not type(found) and {type(recorded), type(found)} != {int, float}) or recorded != found:
        yield f"{pointer}: recorded {_short(recorded)}, recomputed {_short(found)}"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 200 else text[:200] + "…"
