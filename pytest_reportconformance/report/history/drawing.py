"""The history of a target as SVG: outcomes and duration of each run, and the requirements that changed.

Rule: no script, and nothing is loaded; colors follow the reader's light or dark mode. `style` is separate, for pages
that hold the drawing and allow one style sheet only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import Group
from pytest_reportconformance.judging.verdicts import number as counted
from pytest_reportconformance.report.history import table
from pytest_reportconformance.report.history.series import Series, Track
from pytest_reportconformance.report.runs import Run
from pytest_reportconformance.transcript.parsing import visible

LEFT, WIDTH, RIGHT = 60, 640, 20
"""Of the plots; labels stand to the left."""
HIGH, LOW = 110, 60
"""The heights of the plots of outcomes and of durations."""
ROW = 34
MOST_ROWS = 60
LONGEST_ID = 95
STACKED: tuple[Group, ...] = ("violated", "accepted", "undecided", "noted")
WORDS: dict[Group, str] = {
    "violated": "violated",
    "accepted": "known deviation or waived",
    "undecided": "not decided",
    "noted": "noted",
    "held": "holds",
    "unjudged": "not judged",
}


@cache
def style() -> str:
    """The style sheet of the drawing."""
    return (Path(__file__).parent / "history.css").read_text(encoding="utf-8")


def svg(found: Series) -> str:
    """A file of its own."""
    return "".join(drawn(found, f"<style>{style()}</style>"))


def drawn(found: Series, head: str = "") -> Iterator[str]:
    """The drawing, in pieces."""
    rows = found.changed[:MOST_ROWS]
    more = len(found.changed) - len(rows)
    top, width = 74, LEFT + WIDTH + RIGHT
    lists = top + HIGH + 34 + LOW + 50
    height = lists + (26 if rows else 0) + ROW * len(rows) + (22 if more else 0)
    title = escape(visible(f"History of {found.runs[-1].target.name}: {counted(len(found.runs), 'run')}"))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="history" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{title}"><title>{title}</title>{head}\n'
    )
    yield _text(LEFT, 20, title)
    yield from _key()
    yield from _outcomes(found.runs, top)
    yield from _durations(found.runs, top + HIGH + 34)
    yield from _times(found.runs, top, top + HIGH + 34 + LOW)
    if rows:
        yield _text(LEFT, lists + 10, f"Requirements that changed: {len(found.changed)}")
    for place, track in enumerate(rows):
        yield from _row(track, found.runs, lists + 26 + ROW * place)
    if more:
        yield _text(LEFT, height - 8, f"and {more} more", "quiet")
    yield "</svg>\n"


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    """A text that is escaped already."""
    return f'<text x="{x:g}" y="{y:g}"' + (f' class="{kind}"' if kind else "") + f">{text}</text>\n"


def _key() -> Iterator[str]:
    x: float = LEFT
    for group in STACKED:
        yield f'<rect class="{group}" x="{x:g}" y="34" width="10" height="10"/>'
        yield _text(x + 15, 43, WORDS[group], "quiet")
        x += 36 + 6.5 * len(WORDS[group])


def _column(number: int, runs: Sequence[Run]) -> tuple[float, float]:
    """Where the bar of a run is, and how wide: at most 28."""
    step = WIDTH / len(runs)
    width = min(step * 0.8, 28.0)
    return round(LEFT + step * (number + 0.5) - width / 2, 2), round(width, 2)


def _outcomes(runs: Sequence[Run], top: int) -> Iterator[str]:
    """A stack for each run: requirements that do not simply hold."""
    most = max(1, *(run.count(*STACKED) for run in runs))
    yield from _scale(top, HIGH, str(most), "requirements")
    for number, run in enumerate(runs):
        x, width = _column(number, runs)
        y = float(top + HIGH)
        for group in STACKED:
            count = run.count(group)
            size = max(HIGH * count / most, 2.0) if count else 0.0
            y -= size
            if count:
                says = escape(visible(f"run {number + 1}, {run.started:%Y-%m-%d %H:%M}: {count} {WORDS[group]}"))
                yield (
                    f'<rect class="{group}" x="{x}" y="{y:.2f}" width="{width}" height="{size:.2f}">'
                    f"<title>{says}</title></rect>\n"
                )


def _durations(runs: Sequence[Run], top: int) -> Iterator[str]:
    most = max(run.seconds for run in runs) or 1.0
    yield from _scale(top, LOW, f"{most:.0f} s" if most >= 10 else f"{most:.1f} s", "duration")
    for number, run in enumerate(runs):
        x, width = _column(number, runs)
        size = LOW * run.seconds / most
        yield (
            f'<rect class="time" x="{x}" y="{top + LOW - size:.2f}" width="{width}" height="{size:.2f}">'
            f"<title>run {number + 1}: {run.seconds:.1f} s</title></rect>\n"
        )


def _scale(top: int, height: int, most: str, what: str) -> Iterator[str]:
    for y, text in ((top, most), (top + height, "0")):
        yield f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y}" y2="{y}"/>'
        yield _text(LEFT - 6, y + 4, text, "quiet end")
    yield _text(LEFT, top - 5, what, "quiet")


def _times(runs: Sequence[Run], top: int, bottom: int) -> Iterator[str]:
    """First and last day, and a line wherever the version of the server changes."""
    for number in sorted({0, len(runs) - 1}):
        x, width = _column(number, runs)
        yield _text(x + width / 2, bottom + 16, runs[number].started.date().isoformat(), "quiet middle")
    versions = [run.target.version or "no version" for run in runs]
    for number in range(1, len(runs)):
        if versions[number] != versions[number - 1]:
            x = LEFT + WIDTH / len(runs) * number
            yield f'<line class="version" x1="{x:.2f}" x2="{x:.2f}" y1="{top - 4}" y2="{bottom}"/>'
            yield _text(x, bottom + 30, escape(visible(f"{versions[number - 1]} → {versions[number]}")[:60]), "middle")


def _row(track: Track, runs: Sequence[Run], top: int) -> Iterator[str]:
    """A requirement: its ID and state, and a square with a mark for each run."""
    yield _text(LEFT, top + 10, escape(visible(f"{track.id}: {table.state(track, runs)}")[:LONGEST_ID]))
    for number, outcome in enumerate(track.outcomes):
        x, width = _column(number, runs)
        group: Group = "unjudged" if outcome is None else outcome_table.find(outcome).group
        says = escape(f"run {number + 1}: {outcome or 'not in this report'}")
        yield f'<rect class="{group}" x="{x}" y="{top + 14}" width="{width}" height="12"><title>{says}</title></rect>'
        if width >= 10:
            yield _text(x + width / 2, top + 24, table.MARKS[group], "on")
