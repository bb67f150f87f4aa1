"""Computes how long the waiting reports wait on a given server: as short as the checks allow.

Rule: pure. While a report waits, the longest scenario sends about STEPS requests, each of which may queue behind half
of the others in flight; and every report needs time to start.
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
    """The waits for a server with these response times, on which a run of one page takes `run` seconds."""
    each = median(answers) * max(1.0, in_flight / 2)
    seconds = math.ceil(LEAST_SECONDS + STEPS * each + STARTS * run)
    steps = math.ceil(1000 * (LEAST_PAGE_SECONDS + each + run / 2) / PAGE_STEP_MILLIS)
    millis = max(LEAST_MILLIS, steps * PAGE_STEP_MILLIS)
    return Waits(min(seconds, MOST_SECONDS), min(millis, MOST_MILLIS))
