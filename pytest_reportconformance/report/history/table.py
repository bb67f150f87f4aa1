"""The history of a target as text for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import Group
from pytest_reportconformance.judging.verdicts import number
from pytest_reportconformance.report.history.series import Series, Track
from pytest_reportconformance.report.runs import Run
from pytest_reportconformance.transcript.parsing import visible

WIDTH = 80
LONGEST_STRIP = 40
MARKS: dict[Group, str] = {
    "violated": "F",
    "accepted": "x",
    "undecided": "?",
    "noted": "n",
    "held": ".",
    "unjudged": "-",
}
"""One character for each group of outcomes."""
COUNTED: tuple[Group, ...] = ("violated", "accepted", "undecided")


def lines(found: Series, *, whole: bool = False) -> Iterator[str]:
    """The runs, what changed, and what is violated; `whole`: also each accepted violation that never changed."""
    yield from map(visible, _head(found.runs))
    yield ""
    yield from _runs(found.runs)
    yield "F violated, x known deviation or waived, ? not decided, n noted, . holds,"
    yield "- not judged"
    changed = found.changed
    flaky = sum(one.flaky for one in changed)
    yield from _section(f"Changed: {len(changed)}, flaky: {flaky}", changed, found.runs)
    failing = [one for one in found.standing if one.failed]
    accepted = [one for one in found.standing if not one.failed]
    yield from _section(f"Violated in every run: {len(failing)}", failing, found.runs)
    yield from _accepted(accepted, found.runs, whole)


def _head(runs: Sequence[Run]) -> tuple[str, str]:
    target = runs[-1].target
    product = " ".join(filter(None, (target.product, target.edition))) or target.api
    return f"{target.name} ({product})", f"{number(len(runs), 'run')}, {_day(runs[0])} to {_day(runs[-1])}"


def _day(run: Run) -> str:
    return run.started.date().isoformat()


def _runs(runs: Sequence[Run]) -> Iterator[str]:
    """A line for each run; the verdict is wrapped."""
    days = [_day(run) for run in runs]
    times = days if len(set(days)) == len(days) else [run.started.strftime("%Y-%m-%d %H:%M") for run in runs]
    rows = [["run", "started", "version", "seconds", *(MARKS[group] for group in COUNTED), "verdict"]]
    for place, (run, time) in enumerate(zip(runs, times, strict=True), start=1):
        counts = [str(run.count(group)) for group in COUNTED]
        rows.append([str(place), time, visible(run.target.version or "-"), f"{run.seconds:.1f}", *counts, run.verdict])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        texts = [
            cell.ljust(width) if place in (1, 2) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row[:-1], widths[:-1], strict=True))
        ]
        start = "  ".join(texts) + "  "
        room = max(WIDTH - len(start), 12)
        first, *more = textwrap.wrap(row[-1], room)
        yield start + first
        yield from (" " * len(start) + text for text in more)


def _section(title: str, tracks: Sequence[Track], runs: Sequence[Run]) -> Iterator[str]:
    if not tracks:
        return
    yield ""
    yield title
    for track in tracks:
        yield f"  {track.last.level:6}  {visible(track.id)}"
        yield f"          {strip(track)}  {state(track, runs)}"


def _accepted(tracks: Sequence[Track], runs: Sequence[Run], whole: bool) -> Iterator[str]:
    """What is accepted since the first run: a number, unless all are asked for."""
    title = f"Known deviation or waived in every run: {len(tracks)}"
    if whole:
        yield from _section(title, tracks, runs)
    elif tracks:
        yield from ("", f"{title} (--all lists them)")


def strip(track: Track) -> str:
    """A character for each of the last runs."""
    marks = "".join(
        MARKS["unjudged"] if one is None else MARKS[outcome_table.find(one).group] for one in track.outcomes
    )
    return marks if len(marks) <= LONGEST_STRIP else "…" + marks[1 - LONGEST_STRIP :]


def state(track: Track, runs: Sequence[Run]) -> str:
    """The outcome in the last run that judged it, since when it is violated, and whether it is flaky."""
    return ", ".join(_state(track, runs))


def _state(track: Track, runs: Sequence[Run]) -> Iterator[str]:
    since = track.since if track.violated else track.lasts
    if since is None:
        yield "not judged"
    elif since > track.judged[0][0]:
        yield f"{track.now} since run {since + 1} ({_day(runs[since])})"
    else:
        yield f"{track.now} {'since the first run' if track.changed else 'in every run'}"
    if track.flaky:
        yield "flaky"
