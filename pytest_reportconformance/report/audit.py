"""What of a record differs from what its transcripts give, and from its own digests: the comparison of `verify`.

Rule: everything that can be recomputed is recomputed, and the members that cannot are listed in docs/verify.md; the
digests of the record find a change of those, unless the digests were changed as well.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from pytest_reportconformance import __version__
from pytest_reportconformance.judging import waivers
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.judging.waivers import Waiver
from pytest_reportconformance.register import register, sets
from pytest_reportconformance.register.register import Register
from pytest_reportconformance.report import digests, record_members, rejudge, transcript_audit
from pytest_reportconformance.report.rejudge import Again
from pytest_reportconformance.report.stored import Stored

Record = Mapping[str, Any]


def differences(stored: Stored, again: Again) -> list[str]:
    """What differs, a sentence each, beginning with a JSON pointer or a file name."""
    record = stored.record
    found = [*recomputed(record, again), *transcript_audit.differences(stored)]
    return [*dict.fromkeys([*found, *digests.mismatches(stored.folder, record)])]


def recomputed(record: Record, again: Again) -> Iterator[str]:
    """What differs from what judging again gives, and from other members of the record."""
    try:
        known = register.load(record["target"]["api"])
    except register.RegisterError as error:
        yield f"/target/api: {error}"
        return
    suite = {"name": record_members.SUITE, "version": __version__}
    yield from unequal("/suite", record["suite"], suite)
    yield from unequal("/specs", record["specs"], {"api": known.api, "digest": known.digest})
    yield from _verdict(record, again)
    yield from _times(record)
    yield from _configuration(record)
    yield from _requirements(record, again, known)
    yield from unequal("/comparison", record.get("comparison"), again.comparison)
    version = record["target"]["version"]
    shown = record_members.deviations(again.judgements, known, record["target"]["product"], version)
    yield from unequal("/deviations", record["deviations"], shown)
    for number, one in enumerate(record["waivers"]):
        yield from _waiver(f"/waivers/{number}", one, record, again.judgements, known)


def _verdict(record: Record, again: Again) -> Iterator[str]:
    yield from unequal("/verdict", record["verdict"], again.verdict.name)
    yield from unequal("/says", record["says"], again.verdict.says)
    yield from unequal("/exit_code", record["exit_code"], int(again.verdict.exit_code))
    yield from unequal("/counts", record["counts"], record_members.counts(record["requirements"]))
    yield from unequal("/totals", record["totals"], record_members.totals(record["requirements"]))


def _times(record: Record) -> Iterator[str]:
    moments = [datetime.datetime.fromisoformat(record[name]).timestamp() for name in ("started", "finished")]
    if abs(moments[1] - moments[0] - record["seconds"]) > 0.0021:
        yield f"/seconds: recorded {record['seconds']}, {moments[1] - moments[0]:.3f} from /started to /finished"


def _configuration(record: Record) -> Iterator[str]:
    for name in ("identities", "reports"):
        yield from unequal(f"/target/{name}", record["target"][name], list(record["configuration"][name]))


def _requirements(record: Record, again: Again, known: Register) -> Iterator[str]:
    recorded = record["requirements"]
    yield from unequal("/requirements", [one["id"] for one in recorded], list(known.requirements))
    try:
        frozen = None if record["set"] is None else set(sets.load(record["set"]).ids)
    except sets.SetError as error:
        yield f"/set: {error}"
        return
    judged = rejudge.requirements(record, again.judgements, known)
    for number, (one, now) in enumerate(zip(recorded, judged, strict=True)):
        if one["id"] in known.requirements:
            now["counts"] = frozen is None or one["id"] in frozen
            yield from unequal(f"/requirements/{number}", _without_seconds(one), _without_seconds(now))


def _without_seconds(one: Record) -> dict[str, Any]:
    """How long a check took cannot be recomputed."""
    checks = [{name: value for name, value in check.items() if name != "seconds"} for check in one["checks"]]
    return {**one, "checks": checks}


def _waiver(at: str, one: Record, record: Record, judgements: Sequence[Judgement], known: Register) -> Iterator[str]:
    """A waiver as it is described on the day of the run, which is a day of the run's own time zone."""
    texts = (one["pattern"], one["reason"], one["responsible"])
    with suppress(ValueError):
        expires = datetime.date.fromisoformat(one["expires"])
        waiver = Waiver(*texts, expires, one["link"], one["versions"])
        day = datetime.datetime.fromisoformat(record["started"]).date()
        days = [day + datetime.timedelta(days=shift) for shift in (0, -1, 1)]
        version = record["target"]["version"]
        found = [waivers.described(waiver, judgements, known, version, day) for day in days]
        yield from () if one in found else unequal(at, one, found[0])
        return
    yield f"{at}/expires: {one['expires']} is not a date"


def unequal(pointer: str, recorded: Any, found: Any) -> Iterator[str]:
    """Where two values differ, a sentence for each place."""
    if isinstance(recorded, dict) and isinstance(found, dict):
        for name in dict.fromkeys([*found, *recorded]):
            at = f"{pointer}/{name}"
            if name in recorded and name in found:
                yield from unequal(at, recorded[name], found[name])
            else:
                yield f"{at}: {'it is recorded but not recomputed' if name in recorded else 'it is not recorded'}"
    elif isinstance(recorded, list) and isinstance(found, list) and len(recorded) == len(found):
        for number, pair in enumerate(zip(recorded, found, strict=True)):
            yield from unequal(f"{pointer}/{number}", *pair)
    elif recorded != found or isinstance(recorded, bool) != isinstance(found, bool):
        yield f"{pointer}: recorded {_short(recorded)}, recomputed {_short(found)}"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 200 else text[:200] + "…"
