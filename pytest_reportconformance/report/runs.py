"""Runs read for a comparison over time or over targets: of each results.json only what such views need.

Rule: no transcripts, and not the whole schema: a view over many runs also reads the records of earlier versions of the
suite, as long as they have format 1 and outcomes that this version knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report.stored import FORMAT, NotAReport, require_plain
from pytest_reportconformance.transcript import strict_json
from pytest_reportconformance.transcript.parsing import excerpt

FILE = "results.json"
LEVELS = ("MUST", "SHOULD", "MAY")
TEXT, MAYBE = (str,), (str, type(None))
RECORD = {
    "suite": (dict,),
    "specs": (dict,),
    "target": (dict,),
    "started": TEXT,
    "seconds": (int, float),
    "verdict": TEXT,
    "says": TEXT,
    "set": MAYBE,
    "requirements": (list,),
}
TARGET = {"name": TEXT, "api": TEXT, "product": MAYBE, "version": MAYBE, "edition": MAYBE}
REQUIREMENT = {
    **dict.fromkeys(("id", "level", "operation", "says", "outcome", "reason"), TEXT),
    "source": (dict,),
    "checks": (list,),
}
SOURCE = {"title": TEXT, "section": TEXT, "url": TEXT}
CHECK = {"name": TEXT, "outcome": TEXT, "reason": TEXT, "deviation": MAYBE, "blocked_by": MAYBE}


@dataclass(frozen=True)
class Target:
    """The server that a run tested."""

    name: str
    api: str
    product: str | None
    version: str | None
    edition: str | None


@dataclass(frozen=True)
class Check:
    """What one check of a requirement found."""

    name: str
    outcome: str
    reason: str
    deviation: str | None
    blocked_by: str | None


@dataclass(frozen=True)
class Judged:
    """A requirement and its outcome; `source` is title, section and URL of the document."""

    id: str
    level: str
    operation: str
    says: str
    source: tuple[str, str, str]
    outcome: str
    reason: str
    checks: tuple[Check, ...]

    @property
    def group(self) -> outcome_table.Group:
        """The group of its outcome."""
        return outcome_table.find(self.outcome).group

    @property
    def blocked(self) -> bool:
        """Whether it has its outcome only because another requirement is violated: nothing shows a violation of it."""
        decisive = [check for check in self.checks if check.outcome == self.outcome]
        return bool(decisive) and all(check.blocked_by for check in decisive)


@dataclass(frozen=True)
class Run:
    """One run; `seconds` is its duration, `specs` the digest of the requirements that it was judged by."""

    file: Path
    target: Target
    suite: str
    specs: str
    started: datetime
    seconds: float
    verdict: str
    says: str
    set: str | None
    requirements: tuple[Judged, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Judged]:
        """Its requirements by ID."""
        return {one.id: one for one in self.requirements}

    def count(self, *groups: outcome_table.Group) -> int:
        """How many requirements have an outcome of these groups."""
        return sum(one.group in groups for one in self.requirements)


def find(paths: Iterable[Path]) -> list[Run]:
    """The runs of files, and of every results.json in or below folders, earliest first. Raises NotAReport."""
    files = dict.fromkeys(file for path in paths for file in _files(path))
    found = {(run.target, run.started): run for run in map(read, files)}
    return sorted(found.values(), key=lambda run: run.started)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    files = sorted(file for file in path.rglob(FILE))
    if not files:
        raise NotAReport(f"{path}: neither {FILE} nor a folder with a conformance report below it")
    yield from files


def read(file: Path) -> Run:
    """The run of one results.json. Raises NotAReport, with the file."""
    try:
        require_plain(file)
        record = strict_json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise NotAReport(f"{file}: not a {FILE} of a conformance report: {why}") from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        found = record.get("format") if isinstance(record, dict) else None
        form = f"format {excerpt(found)}" if found is not None else "no format"
        raise NotAReport(f"{file}: not a {FILE} of this suite: it has {form}, and this version reads format {FORMAT}")
    try:
        return _run(file, record)
    except ValueError as error:
        raise NotAReport(f"{file}: not a {FILE} that this version of the suite can read: {error}") from None


def _run(file: Path, record: Mapping[str, Any]) -> Run:
    strict_json.fitting(record, RECORD, "record")
    if record["seconds"] < 0:
        raise ValueError("record.seconds: found a negative number")
    requirements = strict_json.items(record["requirements"], _judged, "requirements")
    if len({one.id for one in requirements}) != len(requirements):
        raise ValueError("requirements: an ID is there twice")
    target = strict_json.fitting(record["target"], TARGET, "target")
    return Run(
        file,
        Target(**{name: target[name] for name in TARGET}),
        strict_json.fitting(record["suite"], {"version": TEXT}, "suite")["version"],
        strict_json.fitting(record["specs"], {"digest": TEXT}, "specs")["digest"],
        _moment(record["started"]),
        float(record["seconds"]),
        _known(record["verdict"], "verdict", (one.name for one in outcome_table.VERDICTS)),
        record["says"],
        record["set"],
        requirements,
    )


def _judged(value: Any, at: str) -> Judged:
    one = strict_json.fitting(value, REQUIREMENT, at)
    source = strict_json.fitting(one["source"], SOURCE, f"{at}.source")
    return Judged(
        one["id"],
        _known(one["level"], f"{at}.level", LEVELS),
        one["operation"],
        one["says"],
        (source["title"], source["section"], source["url"]),
        _known(one["outcome"], f"{at}.outcome", outcome_table.names()),
        one["reason"],
        strict_json.items(one["checks"], _check, f"{at}.checks"),
    )


def _check(value: Any, at: str) -> Check:
    one = strict_json.fitting(value, CHECK, at)
    _known(one["outcome"], f"{at}.outcome", outcome_table.names())
    return Check(**{name: one[name] for name in CHECK})


def _known(value: str, at: str, allowed: Iterable[str]) -> str:
    names = tuple(allowed)
    if value not in names:
        raise ValueError(f"{at}: found {excerpt(value)}; allowed: {', '.join(names)}")
    return value


def _moment(text: str) -> datetime:
    """A moment in UTC."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            f"record.started: found {excerpt(text)}; allowed: a time such as 2026-11-28T02:17:00Z"
        ) from None
    raise ValueError(f"record.started: found {excerpt(text)}, which has no time zone")
