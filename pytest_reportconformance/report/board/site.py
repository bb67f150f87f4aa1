"""The files of a board, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pytest_reportconformance.report import badge, writing
from pytest_reportconformance.report.board import markdown, pages
from pytest_reportconformance.report.board.columns import Column, columns
from pytest_reportconformance.report.board.deviations import Shown, deviations
from pytest_reportconformance.report.board.pages import Api
from pytest_reportconformance.report.board.rows import Row, rows
from pytest_reportconformance.report.runs import Run
from pytest_reportconformance.transcript import strict_json

JSON = "board.json"
FORMAT = 1
MADE = ("targets/*.html", "badges/*.svg")
"""What an earlier board may have left in the folder."""


class NotABoard(Exception):
    """A folder holds something else than a board; the message names it."""


def apis(runs: Iterable[Run]) -> list[Api]:
    """What the board shows, by API: the one with the most requirements that differ first."""
    found = [Api(name, own, rows(own), deviations(own)) for name, own in columns(runs).items()]
    return sorted(found, key=lambda api: -sum(row.kind == "differs" for row in api.rows))


def files(found: Sequence[Api]) -> dict[str, str]:
    """The files of the site: path and text."""
    every = {
        "index.html": pages.index(found),
        "board.md": markdown.text(found),
        JSON: strict_json.dumps(as_json(found), indent=1) + "\n",
    }
    for api in found:
        for place, column in enumerate(api.columns):
            every[f"targets/{column.key}.html"] = pages.target(api, place)
            every[f"badges/{column.key}.svg"] = _badge(column)
    return every


def _badge(column: Column) -> str:
    run = column.run
    totals = dict(pages.totals(run))
    return "".join(badge.drawn(column.title, f"{run.verdict}: {badge.counts(totals)}", run.verdict))


def require_room(out: Path) -> None:
    """Refuse a folder that holds something else than a board. Raises NotABoard."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise NotABoard(f"{out} is a link or no folder: name a folder with --out")
    if out.is_dir() and any(out.iterdir()) and not (out / JSON).is_file():
        raise NotABoard(f"{out} is not empty and holds no {JSON} of an earlier board: name another folder with --out")


def write(every: Mapping[str, str], out: Path) -> None:
    """Write a site; pages of targets that an earlier board had are removed. Raises OSError."""
    for pattern in MADE:
        for path in out.glob(pattern):
            if path.relative_to(out).as_posix() not in every:
                path.unlink()
    for name, text in every.items():
        writing.write(out / name, text)


def as_json(found: Iterable[Api]) -> dict[str, Any]:
    """Everything that the pages show."""
    return {"format": FORMAT, "apis": [_api(api) for api in found]}


def _api(api: Api) -> dict[str, Any]:
    return {
        "api": api.name,
        "targets": [_target(column) for column in api.columns],
        "requirements": [_requirement(row, api.columns) for row in api.rows],
        "deviations": [_deviation(one, api.columns) for one in api.deviations],
    }


def _target(column: Column) -> dict[str, Any]:
    run = column.run
    return {
        "key": column.key,
        **asdict(run.target),
        "started": run.started.isoformat(),
        "suite": run.suite,
        "specs": run.specs,
        "set": run.set,
        "verdict": run.verdict,
        "says": run.says,
        "runs": len(column.runs),
        "outcomes": dict(pages.totals(run)),
    }


def _requirement(row: Row, columns: Sequence[Column]) -> dict[str, Any]:
    return {
        **{name: getattr(row.judged, name) for name in ("id", "level", "operation", "says")},
        "source": dict(zip(("title", "section", "url"), row.judged.source, strict=True)),
        "kind": row.kind,
        "rely": row.answer,
        "targets": {column.key: asdict(cell) for column, cell in zip(columns, row.cells, strict=True)},
    }


def _deviation(one: Shown, columns: Sequence[Column]) -> dict[str, Any]:
    return {"id": one.id, "instead": one.instead, "since": one.since, "targets": dict(_states(one, columns))}


def _states(one: Shown, columns: Sequence[Column]) -> Iterator[tuple[str, dict[str, Any]]]:
    for column, state, requirements in zip(columns, one.states, one.requirements, strict=True):
        yield column.key, {"state": state, "requirements": list(requirements)}
