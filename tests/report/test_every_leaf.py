"""Every value of a record, changed once with all digests renewed: `verify` finds it, or the docs say that it cannot."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.waivers import Waiver
from pytest_reportconformance.report import audit, baseline, record_schema, rejudge, transcript_audit
from pytest_reportconformance.report.stored import NotAReport, Stored
from tests.report.stored_runs import Hostile, play

DOCS = Path(__file__).parents[2] / "docs" / "verify.md"
WORDS = {
    **dict.fromkeys(("outcome",), outcome_table.names()),
    "level": ("MUST", "SHOULD", "MAY"),
    "verdict": tuple(verdict.name for verdict in outcome_table.VERDICTS),
    "exit_code": (0, 1, 6, 7),
}
"""Members with few values: their next value is another of these."""

PARTS = 10
"""The kinds of values are checked in so many parts."""

Path_ = tuple[str | int, ...]


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The paths of all values that are neither an object nor a list with something in it."""
    if isinstance(value, dict) and value:
        for name, one in value.items():
            yield from leaves(one, (*path, name))
    elif isinstance(value, list) and value:
        for number, one in enumerate(value):
            yield from leaves(one, (*path, number))
    else:
        yield path


def at(value: Any, path: Path_) -> Any:
    """The value at a path."""
    for step in path:
        value = value[step]
    return value


def kind(path: Path_) -> str:
    """A path without its numbers."""
    return "/" + "/".join("*" if isinstance(step, int) else step for step in path)


def other(name: str | int, value: Any) -> Any:
    """Another value that fits the schema as well."""
    if name in WORDS:
        known = WORDS[str(name)]
        return known[(known.index(value) + 1) % len(known)]
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case list():
            return ["x"]
        case dict():
            return {"x": 1} if name in ("counts", "totals") else {"x": "x"}
        case None:
            return "x"
    if re.match(r"\d{4}-", value):
        return f"{int(value[:4]) - 1}{value[4:]}"
    return re.sub(r"(?=[^/]*$)", "x", value, count=1) if value.endswith(".har") else f"{value}x"


def changed(record: dict[str, Any], paths: list[Path_]) -> dict[str, Any]:
    """A copy of a record with other values at some paths."""
    found: dict[str, Any] = json.loads(json.dumps(record))
    for path in paths:
        place = at(found, path[:-1])
        place[path[-1]] = other(path[-1], place[path[-1]])
    return found


@pytest.fixture(scope="module")
def run(good: Stored, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """A report with failed, waived and blocked requirements, worse than its baseline."""
    waiver = Waiver("jasperserver.delete.*", "old", "operator", datetime.date(2999, 1, 1), "https://example.org/1")
    folder, old = tmp_path_factory.mktemp("leaves") / "waived", baseline.summary(good.record)
    return play(Hostile(slow_seconds=0.6), folder, waivers=(waiver,), baseline=old)


def found_in(run: Stored, record: dict[str, Any], again: rejudge.Again) -> Iterator[str]:
    """What `verify` finds without the digests of the record."""
    yield from audit.recomputed(record, again)
    yield from transcript_audit.differences(with_record(run, record))


def with_record(run: Stored, record: dict[str, Any]) -> Stored:
    """The report with another record; transcripts that were read are not read again."""
    return replace(run, record=record)


def unverified() -> list[str]:
    """The kinds of values that the docs say cannot be recomputed."""
    return re.findall(r"^\| `(/[^`]*)`", DOCS.read_text(encoding="utf-8"), re.MULTILINE)


def excepted(path: str, kinds: list[str]) -> bool:
    """Whether the docs except a kind of values; `/…` at the end of an entry is everything below."""
    return any(path == one or (one.endswith("/…") and f"{path}/".startswith(one[:-1])) for one in kinds)


@pytest.fixture(scope="module")
def again(run: Stored) -> rejudge.Again:
    """What judging the unchanged report again finds: no difference."""
    found = rejudge.judge(run)
    assert list(found_in(run, run.record, found)) == []
    return found


@pytest.mark.sampled(0.35)
@pytest.mark.parametrize("part", range(PARTS))
def test_every_changed_value_is_found_or_documented(
    run: Stored, again: rejudge.Again, judged_by: set[str], part: int
) -> None:
    checked = list(checked_kinds(run.record).items())
    assert len(checked) > 70
    missed = [name for name, paths in checked[part::PARTS] if not is_found(run, again, judged_by, name, paths)]
    assert missed == []


def checked_kinds(record: dict[str, Any]) -> dict[str, list[Path_]]:
    """The paths of the values that can be recomputed, by their kind."""
    kinds: dict[str, list[Path_]] = {}
    for path in leaves(record):
        if path[0] != "digests":
            kinds.setdefault(kind(path), []).append(path)
    known = unverified()
    return {name: paths for name, paths in kinds.items() if not excepted(name, known)}


def is_found(run: Stored, again: rejudge.Again, judged_by: set[str], name: str, paths: list[Path_]) -> bool:
    """Whether a change of all values of a kind is found: of requirements by the pointer of each."""
    typed = [path for path in paths if isinstance(at(run.record, path), str | int | float)]
    edited = changed(run.record, typed or paths)
    if (not typed or name == "/format") and record_schema.fault(edited) is not None:
        return True
    if name.startswith("/requirements/"):
        named = {sentence.partition(":")[0] for sentence in audit.recomputed(edited, again)}
        return all(named & prefixes(path) for path in typed or paths)
    now = rejudged(run, edited, again) if paths[0][0] in judged_by else again
    return next(found_in(run, edited, now), None) is not None


class Watched(dict[str, Any]):
    """A record that notes which of its members are read."""

    def __init__(self, record: dict[str, Any]) -> None:
        super().__init__(record)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """A member, or something else if it is not there."""
        self.read.add(name)
        return super().get(name, default)


@pytest.fixture(scope="module")
def judged_by(run: Stored) -> set[str]:
    """The members of the record that judging again reads: it finds the same whatever the others say."""
    record = Watched(run.record)
    rejudge.judge(with_record(run, record))
    assert {"target", "requirements"} < record.read < set(record)
    return record.read


def rejudged(run: Stored, record: dict[str, Any], before: rejudge.Again) -> rejudge.Again:
    """What judging again finds; as before if the record cannot be judged, which is an error of its own."""
    try:
        return rejudge.judge(with_record(run, record))
    except NotAReport:
        return before


def prefixes(path: Path_) -> set[str]:
    """The pointers of a path and of what contains it, without the list of all requirements."""
    pointers = ["/" + "/".join(str(step) for step in path[: number + 1]) for number in range(len(path))]
    return set(pointers[1:])


def test_no_documented_exception_is_idle(run: Stored) -> None:
    there = {kind(path) for path in leaves(run.record)}
    idle = [one for one in unverified() if not any(excepted(name, [one]) for name in there)]
    assert idle == []
