"""Judge correct servers on a machine that is some times too slow: `python -m tests.slow_machine API [--factor N…]`.

Everything the server does takes as many times longer than target.toml says: reports, exports, queries and each answer,
and now and then an answer takes ten times as long again. Exits with 1 if a requirement is violated, if an outcome
depends on the factor (up to STEADY), or if a check ends with an exception.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import sys
import time
from collections.abc import Mapping
from typing import Any

from pytest_reportconformance.http.server import Answer, Call
from pytest_reportconformance.jasperserver.reference import editions
from pytest_reportconformance.judging.outcomes import Judgement, worst
from pytest_reportconformance.register import apis
from tests.mutation.kill_matrix import VIOLATED, judged_in_process

FACTORS = (1.0, 5.0, 20.0)
STEADY = 20.0
"""Up to this factor, outcomes are equal; beyond it they may be inconclusive."""
ANSWER_SECONDS = 0.01
BURST_EVERY, BURST_TIMES = 20, 10
"""One answer of so many takes so many times as long."""
SECONDS = 1.0
"""The declared time of the slow report."""


def slowed(server: type, factor: float) -> type:
    """A server like another one, on a machine that is `factor` times too slow."""

    class Slowed(server):  # type: ignore[misc]  # any reference server
        """Its clock goes slower, and its answers are late."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            self._numbers = itertools.count(1)
            self._begun = time.monotonic()
            super().__init__(*arguments, **options)

        def clock(self) -> float:
            """Seconds of the machine."""
            return self._begun + (time.monotonic() - self._begun) / factor

        def answer(self, call: Call) -> Answer:
            """Answer late."""
            burst = BURST_TIMES if next(self._numbers) % BURST_EVERY == 0 else 1
            time.sleep(factor * ANSWER_SECONDS * burst)
            answered: Answer = super().answer(call)
            return answered

    return Slowed


def outcomes(judgements: list[Judgement]) -> dict[str, str]:
    """The outcome of each requirement. A check of several can be not applicable by chance, beside one that passed."""
    found: dict[str, list[str]] = {}
    for one in judgements:
        found.setdefault(one.requirement, []).append(one.outcome)
    return {id: worst(group) for id, group in found.items()}


def digest(found: Mapping[str, str]) -> str:
    """A short digest of outcomes."""
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()[:12]


def problems(judgements: list[Judgement], expected: Mapping[str, str], factor: float) -> list[str]:
    """What is wrong with the outcomes on a slow machine, a line each; `expected` are those of one that is not slow."""
    lines = [
        f"{one.outcome}: {one.requirement}: {one.check}: {one.reason[:200]}"
        for one in judgements
        if one.outcome in (*VIOLATED[:3], "error")
    ]
    for id, outcome in outcomes(judgements).items():
        before = expected.get(id, outcome)
        lawful = factor > STEADY and outcome == "inconclusive"
        if outcome != before and not lawful and outcome not in (*VIOLATED[:3], "error"):
            why = next(one for one in judgements if (one.requirement, one.outcome) == (id, outcome))
            lines.append(f"{before} → {outcome}: {id}: {why.check}: {why.reason[:200]}")
    return lines


def main(options: argparse.Namespace) -> int:
    """Print a line for each factor, and what is wrong."""
    kind = editions.edition(options.edition) if options.edition else type(apis.load(options.api).reference())
    expected: dict[str, str] = {}
    wrong = 0
    for factor in options.factor or FACTORS:
        started = time.monotonic()
        judgements = judged_in_process(slowed(kind, factor)(slow_seconds=options.seconds))
        found = outcomes(judgements)
        expected = expected or found
        lines = problems(judgements, expected, factor)
        wrong += len(lines)
        shown = f"{len(found)} requirements, digest {digest(found)}, {len(lines)} problems"
        print(f"{factor:g} times too slow: {shown}, {time.monotonic() - started:.0f} s", flush=True)
        for line in lines:
            print(f"    {line}", flush=True)
    return bool(wrong)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.slow_machine", description=__doc__)
    parser.add_argument("api", choices=apis.names())
    parser.add_argument("--edition", choices=editions.VERSIONS, help="an edition of jasperserver")
    parser.add_argument("--factor", type=float, nargs="+", help="default: 1 5 20")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="declared time of the slow report")
    sys.exit(main(parser.parse_args()))
