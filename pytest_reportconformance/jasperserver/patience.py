"""How long a scenario waits for a target that may be slow: judged by how late its reports and its answers are.

Rule: nothing is judged here; the numbers stand in timing.
"""

from __future__ import annotations

from pytest_reportconformance.jasperserver.timing import (
    LATENESS,
    MANY_TIMES,
    MANY_TIMES_DECLARED,
    MARGIN_SECONDS,
    OVERDUE_SECONDS,
    QUICK_ANSWER_SECONDS,
    SPREAD,
    SPREAD_SECONDS,
)
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.transcript.failures import NotReached, TooLate


def slow_seconds(step: Steps) -> float:
    """How many seconds the slow report takes here: those that target.toml declares, and how late others were."""
    return float(step.target.report("slow")["seconds"]) + (step.lateness or 0.0)


def slowness(step: Steps) -> float:
    """How many times longer than on a quick machine things take, by all that is known until now; at least 1."""
    declared = float(step.target.reports.get("slow", {}).get("seconds", 0.0))
    by_reports = 1 + (step.lateness or 0.0) / declared if declared else 1.0
    return max(1.0, by_reports, step.mean_answer / QUICK_ANSWER_SECONDS)


def stretched(step: Steps, seconds: float) -> float:
    """A patience in seconds, as many times longer as the target is slow, and no longer than a flow may take."""
    return float(min(seconds * slowness(step), step.target.limits.deadline_seconds))


def longest(step: Steps) -> float:
    """Seconds after which a report that is not done is overdue."""
    slow, pages = step.target.reports.get("slow", {}), step.target.reports.get("slowpages", {})
    declared = max(slow.get("seconds", 0.0), pages.get("pages", 0) * pages.get("seconds_per_page", 0.0))
    if step.lateness is None:
        return float(max(OVERDUE_SECONDS, MANY_TIMES_DECLARED * declared))
    return float(max(OVERDUE_SECONDS, MANY_TIMES * (declared + step.lateness)))


def outlast(step: Steps, begun: float, before: float | None = None) -> None:
    """Wait until a slow report that ran at `begun`, by the clock of the steps, would be over if nothing had ended it.

    It is taken to be as late as the reports that ran beside it. While none of those is over, it is waited for; if none
    runs, the report is taken to be on time. Raises TooLate if it would be over after `before` only, and NotReached,
    inconclusive, if none of the others is over when the report is overdue.
    """
    seconds = float(step.target.report("slow")["seconds"])
    step.wait(begun + seconds - step.clock.now(), "the report would be over by then, if it were on time")
    last = begun + longest(step) if before is None else before
    while (left := min(last, _expected(step, begun, seconds)) - step.clock.now()) > 0:
        step.wait(min(left, SPREAD_SECONDS), "the report would be over by then, if it were late")
    over, reason = _expected(step, begun, seconds), "the report may not be over yet, even if nothing ended it"
    if before is not None and over > before:
        raise TooLate(reason)
    if over > step.clock.now():
        raise NotReached("inconclusive", reason)


def _expected(step: Steps, begun: float, seconds: float) -> float:
    """When a report would be over, judged by the time that others took: some time later if none of them is over."""
    if step.lateness is not None:
        return begun + seconds + step.lateness + max(SPREAD * seconds, SPREAD_SECONDS)
    if step.lateness_is_measured:
        return step.clock.now() + SPREAD_SECONDS
    return begun + LATENESS * seconds + MARGIN_SECONDS
