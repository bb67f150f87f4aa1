"""The pages of a board: the overview with all requirements, and one page for each target.

Rule: jinja2 with escaping on; nothing is loaded. The Content-Security-Policy allows the style sheet and the script of
the page by their digests. Without the script, the pages show everything and only the questions cannot be asked.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report.board.columns import Column, slug, unique
from pytest_reportconformance.report.board.deviations import Shown
from pytest_reportconformance.report.board.rows import KINDS, Cell, Kind, Row
from pytest_reportconformance.report.history import drawing
from pytest_reportconformance.report.history.series import series
from pytest_reportconformance.report.html_templates import link, templates
from pytest_reportconformance.report.runs import LEVELS, Judged, Run

FOLDER = Path(__file__).parent
TITLES: dict[Kind, str] = {
    "differs": "Differs between targets",
    "violated": "Violated on every target",
    "undecided": "Not decided on some target",
    "holds": "Holds on every target",
}
ALONE: dict[Kind, str] = {**TITLES, "violated": "Violated", "undecided": "Not decided", "holds": "Holds"}
"""The titles if there is one target."""
OPEN: tuple[Kind, ...] = ("differs", "violated")
LONGEST_REASON = 600


@dataclass(frozen=True)
class Api:
    """What a board shows of one API."""

    name: str
    columns: tuple[Column, ...]
    rows: list[Row]
    deviations: list[Shown]

    @cached_property
    def anchors(self) -> dict[str, str]:
        """The place of each requirement in the page of a target."""
        ids = [row.id for row in self.rows]
        return dict(zip(ids, unique(f"r-{slug(id)}" for id in ids), strict=True))

    @cached_property
    def places(self) -> dict[str, str]:
        """The place of each deviation in the overview."""
        ids = [one.id for one in self.deviations]
        return dict(zip(ids, unique(f"d-{slug(self.name)}-{slug(id)}" for id in ids), strict=True))

    @property
    def sections(self) -> Iterator[tuple[Kind, str, list[Row]]]:
        """The requirements by kind."""
        titles = TITLES if len(self.columns) > 1 else ALONE
        for kind in KINDS:
            if found := [row for row in self.rows if row.kind == kind]:
                yield kind, titles[kind], found


@cache
def _template(name: str) -> Callable[..., str]:
    """What renders a template of this folder."""
    found = templates(FOLDER, slug=slug, link=link, tone=_tone, verdict_tone=outcome_table.tone)
    return found.get_template(name).render


def _tone(cell: Cell) -> str:
    """The color of a cell: that of its outcome."""
    return "none" if cell.outcome not in outcome_table.names() else outcome_table.find(cell.outcome).tone


def index(apis: Sequence[Api]) -> str:
    """The overview."""
    return _page("index.html", "board.css", apis=apis, open=OPEN, counted=counted, totals=totals, stale=stale)


@dataclass(frozen=True)
class Group:
    """Requirements of one outcome on a target that show the same known deviations, with what else explains each."""

    deviations: tuple[Shown, ...]
    rows: list[tuple[Row, Cell, str]]


def target(api: Api, place: int) -> str:
    """The page of the target in that column."""
    column = api.columns[place]
    sections = [(outcome, _groups(api, place, outcome.name)) for outcome in outcome_table.OUTCOMES]
    history = series(column.runs) if len(column.runs) > 1 else None
    return _page(
        "target.html",
        "target.css",
        api=api,
        column=column,
        run=column.run,
        sections=[
            (outcome, groups, sum(len(group.rows) for group in groups)) for outcome, groups in sections if groups
        ],
        counts=_counts(column.run),
        drawing=Markup("".join(drawing.drawn(history))) if history else None,
    )


def _groups(api: Api, place: int, outcome: str) -> list[Group]:
    """The requirements of an outcome by known deviation: without one first, then the deviation of most of them."""
    register = {one.id: number for number, one in enumerate(api.columns[place].run.requirements)}
    found: dict[tuple[str, ...], list[Row]] = {}
    for row in api.rows:
        if row.cells[place].outcome == outcome:
            found.setdefault(row.cells[place].deviations, []).append(row)
    groups = []
    for ids, rows in sorted(found.items(), key=lambda one: (bool(one[0]), -len(one[1]), one[0])):
        ordered = sorted(rows, key=lambda row: (LEVELS.index(row.judged.level), register[row.id]))
        lines = [(row, row.cells[place], _why(api.columns[place].run.by_id[row.id], ids)) for row in ordered]
        groups.append(Group(tuple(one for one in api.deviations if one.id in ids), lines))
    return groups


def _why(one: Judged, deviations: Sequence[str]) -> str:
    """The reason of an outcome without what its deviations say already."""
    text = one.reason
    for id in deviations:
        before, found, _ = text.partition(f"{id}: ")
        text = before.removesuffix(": ") if found else text
    return text if len(text) <= LONGEST_REASON else text[: LONGEST_REASON - 1] + "…"


def _page(template: str, own: str, **values: Any) -> str:
    style = "".join((FOLDER / name).read_text("utf-8") for name in dict.fromkeys(("board.css", own)))
    style += drawing.style() if values.get("drawing") else ""
    script = (FOLDER / "board.js").read_text("utf-8")
    return _template(template)(
        **values,
        style=Markup(style),
        script=Markup(script),
        style_digest=_digest(style),
        script_digest=_digest(script),
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def totals(run: Run) -> list[tuple[str, int]]:
    """The outcomes of a run with their counts, worst first."""
    counts = Counter(one.outcome for one in run.requirements)
    return [(name, counts[name]) for name in outcome_table.names() if counts[name]]


def counted(run: Run, level: str, *groups: outcome_table.Group) -> int:
    """How many requirements of a level have an outcome of these groups."""
    return sum(one.level == level and one.group in groups for one in run.requirements)


def _counts(run: Run) -> list[tuple[str, list[int]]]:
    """For each level, how many requirements have each outcome of `totals`."""
    names = [name for name, _ in totals(run)]
    return [
        (level, [sum(one.level == level and one.outcome == name for one in run.requirements) for name in names])
        for level in LEVELS
    ]


def stale(api: Api) -> int:
    """By how many versions of the requirements the targets of an API were judged."""
    return len({column.run.specs for column in api.columns})
