"""The board as Markdown, for places that show no HTML: the targets, what differs, and the known deviations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pytest_reportconformance.report.board.pages import Api, counted
from pytest_reportconformance.report.board.rows import Row
from pytest_reportconformance.report.markdown_text import code, escaped

MOST = 200


def text(apis: Iterable[Api]) -> str:
    """The whole board."""
    lines = ["# Conformance board", ""]
    lines += ["May a client rely on it? What the last run found on each target."]
    for api in apis:
        lines += ["", *_api(api)]
    return "\n".join(lines) + "\n"


def _api(api: Api) -> Iterator[str]:
    yield f"## {escaped(api.name)}"
    yield ""
    yield from _targets(api)
    heads = [escaped(column.head) for column in api.columns]
    differing = [row for row in api.rows if row.kind == "differs"]
    if differing:
        yield from ("", f"### Differs between targets ({len(differing)})", "")
        yield from _table(["requirement", "rely on it?", *heads], map(_row, differing[:MOST]))
        if len(differing) > MOST:
            yield from ("", f"and {len(differing) - MOST} more")
    if api.deviations:
        rows = [[f"{escaped(one.instead)} {_code(one.id)}", one.since, *one.states] for one in api.deviations]
        yield from ("", f"### Known deviations ({len(rows)})", "")
        yield from _table(["what happens instead", "shown", *heads], rows)


def _targets(api: Api) -> Iterator[str]:
    rows = []
    for column in api.columns:
        run = column.run
        numbers = [counted(run, level, "violated", "accepted") for level in ("MUST", "SHOULD")]
        cells = [escaped(column.title), run.verdict, *map(str, (*numbers, run.count("undecided")))]
        rows.append([*cells, run.started.date().isoformat()])
    yield from _table(["target", "verdict", "MUST violated", "SHOULD violated", "not decided", "last run"], rows)


def _row(row: Row) -> list[str]:
    judged = row.judged
    head = f"{judged.level} {escaped(judged.says)} {_code(judged.id)}"
    return [head, escaped(row.answer), *(escaped(cell.outcome) for cell in row.cells)]


def _code(text: str) -> str:
    """Code in a cell: a bar would end the cell."""
    return "`" + code(text).replace("|", "\\|") + "`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
