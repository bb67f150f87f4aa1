"""Cases, holes and their explanations.

A case is a value of a documented dimension of an operation, such as `details`, `identity × state`,
`other_user × ready`. A hole is a documented case that no transcript of a run holds.
"""

from __future__ import annotations

import importlib
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path

from pytest_reportconformance.register import apis
from pytest_reportconformance.run.run import Run, RunSettings
from pytest_reportconformance.transcript.transcript import Transcript
from tests.mutation.in_process import target_of
from tests.mutation.kill_matrix import needs

SPECS = Path(__file__).parents[2] / "specs"
SLOW_SECONDS = 4.0
"""How long the slow report takes: long enough for the requests that need it running, on a busy machine as well."""


@dataclass(frozen=True, order=True)
class Case:
    """A value of a dimension of an operation."""

    operation: str
    dimension: str
    value: str

    def __str__(self) -> str:
        return f"{self.operation} · {self.dimension} · {self.value}"


@dataclass(frozen=True)
class Explanation:
    """Why cases are not played; each pattern matches like a file name. `sometimes`: some runs play them by chance."""

    operations: tuple[str, ...]
    dimension: str
    values: tuple[str, ...]
    reason: str
    sometimes: bool = False

    def covers(self, case: Case) -> bool:
        """Whether it explains a case."""
        return (
            case.dimension == self.dimension
            and any(fnmatchcase(case.operation, pattern) for pattern in self.operations)
            and any(fnmatchcase(case.value, pattern) for pattern in self.values)
        )


Documented = Mapping[str, Mapping[str, Iterable[str]]]


@dataclass(frozen=True)
class Coverage:
    """The documented cases of an API, those that a run held, and the explanations of the others."""

    documented: tuple[Case, ...]
    held: frozenset[Case]
    explanations: tuple[Explanation, ...]

    @property
    def holes(self) -> list[Case]:
        """The documented cases that the run did not hold."""
        return [case for case in self.documented if case not in self.held]

    @property
    def unexplained(self) -> list[Case]:
        """The holes without an explanation."""
        return [case for case in self.holes if self.explanation(case) is None]

    def explanation(self, case: Case) -> Explanation | None:
        """The first explanation of a hole."""
        return next((one for one in self.explanations if one.covers(case)), None)

    def stale(self) -> Iterator[str]:
        """Patterns of explanations that explain no hole."""
        for one in self.explanations:
            for value in () if one.sometimes else one.values:
                alone = Explanation(one.operations, one.dimension, (value,), one.reason)
                if not any(alone.covers(case) for case in self.holes):
                    yield f"{', '.join(one.operations)} · {one.dimension} · {value}"


def pairs(*values: Iterable[str]) -> tuple[str, ...]:
    """Every combination of the values of several dimensions: `json × xml`."""
    return tuple(" × ".join(one) for one in product(*values))


def before(values: Iterable[str]) -> tuple[str, ...]:
    """Every order of two different values: `output before status`."""
    values = tuple(values)
    return tuple(f"{first} before {second}" for first in values for second in values if first != second)


def explanations(path: Path) -> tuple[Explanation, ...]:
    """The explanations of a coverage.toml. Raises TypeError for unknown keys and KeyError for missing ones."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["explained"]
    return tuple(
        Explanation(operations=tuple(table.pop("operations")), values=tuple(table.pop("values")), **table)
        for table in tables
    )


def coverage(api: str, transcripts: Iterable[Transcript]) -> Coverage:
    """The coverage of an API by transcripts."""
    dimensions = importlib.import_module(f"tests.{api}.coverage_dimensions")
    documented: Documented = dimensions.DOCUMENTED
    cases = tuple(
        Case(operation, dimension, value)
        for operation, by_dimension in documented.items()
        for dimension, values in by_dimension.items()
        for value in values
    )
    path = SPECS / api / "coverage.toml"
    return Coverage(cases, frozenset(dimensions.held(list(transcripts))), explanations(path) if path.exists() else ())


def played(api: str, slow_seconds: float = SLOW_SECONDS) -> list[Transcript]:
    """The transcripts of a run against the reference server in this process, whose slow report takes that long."""
    reference = apis.load(api).reference(slow_seconds=slow_seconds)
    with (
        tempfile.TemporaryDirectory() as folder,
        target_of(reference) as target,
        Run.prepared(RunSettings(target, Path(folder))) as run,
    ):
        wanted = set(needs(api))
        run.play(wanted)
        return [run.judging_context.transcript(need) for need in wanted]
