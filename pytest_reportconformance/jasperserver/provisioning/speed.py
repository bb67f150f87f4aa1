"""How long the waiting reports have to wait on a given server: as short as the checks allow.

Rule: pure. While a report waits, the longest scenario sends about as many requests as STEPS, each of which may have to
queue behind half of the others that are in flight; and every report that starts takes its time first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

STEPS = 45
STARTS = 5
LEAST_SECONDS = 1.0
MOST_SECONDS = 15
LEAST_PAGE_SECONDS = 0.1
PAGE_STEP_MILLIS = 50
LEAST_MILLIS, MOST_MILLIS = 150, 2000


@dataclass(frozen=True)
class Waits:
    """Whole seconds that `slow` takes, and milliseconds that each page of `slowpages` takes."""

    seconds: int
    millis: int


def waits(answers: Sequence[float], run: float, in_flight: int) -> Waits:
    """The waits for a server whose answers took that long, and a run of one page `run` seconds."""
    each = median(answers) * max(1.0, in_flight / 2)
    seconds = math.ceil(LEAST_SECONDS + STEPS * each + STARTS * run)
    steps = math.ceil(1000 * (LEAST_PAGE_SECONDS + each + run / 2) / PAGE_STEP_MILLIS)
    millis = max(LEAST_MILLIS, steps * PAGE_STEP_MILLIS)
    return Waits(min(seconds, MOST_SECONDS), min(millis, MOST_MILLIS))
