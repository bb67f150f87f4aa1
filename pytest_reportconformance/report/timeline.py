"""The timeline of a run: for each scenario, when it waited for the server, for us, and when requests were under way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript.transcript import Transcript

WIDTH = 1000.0
ROW = 16
LABEL = 250
FINEST = 0.6
TICKS = 8
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)


@dataclass(frozen=True)
class Span:
    """A piece of a row: `kind` is server, ours or request; `x` and `width` in units of the picture."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """One scenario: its name, seconds, place from the top, whole length and pieces, and why it was exclusive."""

    name: str
    seconds: float
    y: int
    whole: Span
    spans: tuple[Span, ...]
    exclusive_because: str = ""


@dataclass(frozen=True)
class Timeline:
    """The picture: rows, ticks (seconds and place), and its height."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[str, float], ...]
    width: float
    height: int


def build(stored: Stored) -> Timeline | None:
    """The timeline of a report; None if no scenario was played."""
    outlines = list(stored.outlines())
    played = [transcript for _, transcript in outlines]
    if not played:
        return None
    exclusive = [str(scenario.get("exclusive_because", "")) for scenario, _ in outlines]
    start = min(transcript.started for transcript in played)
    seconds = max(max(transcript.started + transcript.seconds for transcript in played) - start, 0.001)
    scale = (WIDTH - LABEL) / seconds
    rows = tuple(
        replace(_row(transcript, number, start, scale), exclusive_because=exclusive[number])
        for number, transcript in enumerate(played)
    )
    step = next((step for step in STEPS if seconds / step <= TICKS), seconds / TICKS)
    ticks = tuple((f"{step * n:g} s", LABEL + step * n * scale) for n in range(int(seconds / step) + 1))
    return Timeline(rows, ticks, WIDTH, ROW * (len(rows) + 2))


def _row(transcript: Transcript, number: int, start: float, scale: float) -> Row:
    def span(kind: str, began: float, seconds: float) -> Span:
        x = LABEL + (began - start) * scale
        return Span(kind, round(x, 2), round(max(seconds * scale, FINEST), 2))

    waits = [span("server" if wait.server else "ours", wait.started, wait.seconds) for wait in transcript.waits]
    requests = _merged([span("request", exchange.started, exchange.seconds) for exchange in transcript])
    whole = span("whole", transcript.started, transcript.seconds)
    return Row(transcript.scenario, transcript.seconds, ROW * (number + 1), whole, (*waits, *requests))


def _merged(spans: list[Span]) -> list[Span]:
    """Spans with those that touch drawn as one: a run has thousands of requests."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: one.x):
        last = merged[-1] if merged else None
        if last is not None and span.x <= last.x + last.width + FINEST:
            end = max(last.x + last.width, span.x + span.width)
            merged[-1] = Span(span.kind, last.x, round(end - last.x, 2))
        else:
            merged.append(span)
    return merged
