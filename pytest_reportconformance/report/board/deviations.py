"""The known deviations of a board: on which targets each was shown, and since which version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pytest_reportconformance.judging import directions
from pytest_reportconformance.report.board import spans
from pytest_reportconformance.report.board.columns import Column

State = Literal["shown", "not shown", "unknown"]
EVERYWHERE = "everywhere"


@dataclass(frozen=True)
class Shown:
    """A known deviation: what happens instead, where, and by which requirements on each target."""

    id: str
    instead: str
    since: str
    states: tuple[State, ...]
    requirements: tuple[tuple[str, ...], ...]


def deviations(columns: Sequence[Column]) -> list[Shown]:
    """The deviations that the targets of one API show: those that differ first."""
    shown = [dict(_requirements(column)) for column in columns]
    ids = sorted({id for one in shown for id in one})
    found = [_shown(id, columns, [one.get(id, ()) for one in shown]) for id in ids]
    return sorted(found, key=lambda one: (one.since == EVERYWHERE, one.id))


def _requirements(column: Column) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each deviation that a target shows, with the requirements."""
    found: dict[str, list[str]] = {}
    for one in column.run.requirements:
        for id in dict.fromkeys(check.deviation for check in one.checks if check.deviation):
            found.setdefault(id, []).append(one.id)
    for id, requirements in found.items():
        yield id, tuple(requirements)


def _shown(id: str, columns: Sequence[Column], requirements: list[tuple[str, ...]]) -> Shown:
    affected = sorted({one for found in requirements for one in found})
    states = tuple(
        "shown" if found else _absent(column, affected) for column, found in zip(columns, requirements, strict=True)
    )
    since = spans.text(columns, [state == "shown" for state in states]) or EVERYWHERE
    since = f"{EVERYWHERE} {since}" if since.startswith(spans.EXCEPT) else since
    return Shown(id, _instead(id, columns), since, states, tuple(requirements))


def _absent(column: Column, affected: Sequence[str]) -> State:
    """Not shown, if the requirements that show it elsewhere were decided here; unknown otherwise."""
    found = [column.run.by_id.get(id) for id in affected]
    decided = [
        one is not None and directions.judged(one.outcome) and not directions.undecided(one.outcome) for one in found
    ]
    return "not shown" if all(decided) else "unknown"


def _instead(id: str, columns: Sequence[Column]) -> str:
    """What happens instead, as the newest report says it; if none does, the sentence that is not met."""
    newest = sorted((column.run for column in columns), key=lambda run: run.started, reverse=True)
    known = [
        (before, text, one.says)
        for run in newest
        for one in run.requirements
        for check in one.checks
        if check.deviation == id
        for before, _, text in [check.reason.partition(f"{id}: ")]
    ]
    texts = sorted((bool(before), place, text) for place, (before, text, _) in enumerate(known) if text)
    return texts[0][2] if texts else f"Not met: {known[0][2]}"
