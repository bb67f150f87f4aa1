"""The requirements of a board: each with its outcome on every target, and whether a client may rely on it.

Rule: a client may rely on what held in the last run of a target, and not on what was violated, whoever accepts that.
What has its outcome only because of another requirement was not observed: it is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.report.board import spans
from pytest_reportconformance.report.board.columns import Column
from pytest_reportconformance.report.runs import LEVELS, Judged

Answer = Literal["yes", "no", "unknown", "not applicable"]
ANSWERS: tuple[Answer, ...] = ("no", "unknown", "not applicable", "yes")
Kind = Literal["differs", "violated", "undecided", "holds"]
KINDS: tuple[Kind, ...] = ("differs", "violated", "undecided", "holds")
NOT_APPLICABLE = "not applicable"
ABSENT = "not in this report"
LONGEST_NOTE = 400


@dataclass(frozen=True)
class Cell:
    """A requirement on one target: its outcome, what that is for a client, and why."""

    outcome: str
    answer: Answer
    deviations: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A requirement on every target; `answer` says in a few words where a client may rely on it."""

    judged: Judged
    cells: tuple[Cell, ...]
    kind: Kind
    answer: str

    @property
    def id(self) -> str:
        """The ID of the requirement."""
        return self.judged.id


def rows(columns: Sequence[Column]) -> list[Row]:
    """The requirements of the targets of one API, those whose outcomes differ first."""
    newest = sorted((column.run for column in columns), key=lambda run: run.started, reverse=True)
    known: dict[str, Judged] = {}
    for run in newest:
        for one in run.requirements:
            known.setdefault(one.id, one)
    found = [_row(one, columns) for one in known.values()]
    places = {id: place for place, id in enumerate(known)}
    return sorted(found, key=lambda row: (*_order(row), places[row.id]))


def _order(row: Row) -> tuple[int, int, tuple[int, ...]]:
    """By kind, by level, and requirements that differ in the same way together: what the last version lacks first."""
    answers = tuple(ANSWERS.index(cell.answer) for cell in reversed(row.cells))
    return KINDS.index(row.kind), LEVELS.index(row.judged.level), answers


def _row(judged: Judged, columns: Sequence[Column]) -> Row:
    cells = tuple(cell(column.run.by_id.get(judged.id)) for column in columns)
    answers = [one.answer for one in cells]
    return Row(judged, cells, _kind(cells), ", ".join(_answer(columns, answers)))


def cell(one: Judged | None) -> Cell:
    """A requirement of a run."""
    if one is None:
        return Cell(
            ABSENT, "unknown", note="The report was made before this requirement was added, or after its removal."
        )
    deviations = sorted({check.deviation for check in one.checks if check.deviation})
    note = one.reason or outcome_table.find(one.outcome).means
    return Cell(one.outcome, "unknown" if one.blocked else answer(one.outcome), tuple(deviations), note[:LONGEST_NOTE])


def answer(outcome: str) -> Answer:
    """Whether a client may rely on a requirement with this outcome."""
    if outcome == NOT_APPLICABLE:
        return "not applicable"
    match outcome_table.find(outcome).group:
        case "held":
            return "yes"
        case "violated" | "accepted" | "noted":
            return "no"
    return "unknown"


def _kind(cells: Sequence[Cell]) -> Kind:
    held = any(cell.answer in ("yes", "not applicable") for cell in cells)
    if any(cell.answer == "no" or cell.deviations for cell in cells):
        return "differs" if held else "violated"
    return "undecided" if any(cell.answer == "unknown" for cell in cells) else "holds"


def _answer(columns: Sequence[Column], answers: Sequence[Answer]) -> Iterator[str]:
    """`yes`; `no since 7.8.1`; `yes`, `but unknown on 8.2.0`: what is not said is yes."""
    given = set(answers)
    if given <= {"yes", "not applicable"}:
        yield "yes" if "yes" in given else "not applicable"
        return
    but = "no" not in given and "yes" in given
    if but:
        yield "yes"
    wanted: tuple[Answer, ...] = ("no", "unknown")
    for one in wanted:
        if one in given:
            where = spans.text(columns, [found == one for found in answers])
            text = f"{one}{', ' if where.startswith(spans.EXCEPT) else ' '}{where}".strip()
            yield f"but {text}" if but else text
