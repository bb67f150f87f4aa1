"""Causes in words: their titles and counts for every renderer, and the list for a terminal of 80 columns."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.verdicts import number
from pytest_reportconformance.report.causes import Cause, Part
from pytest_reportconformance.transcript.parsing import visible

WIDTH = 79
LONGEST = 300
MOST_NAMED = 5
"""How many requirements a terminal names of one cause."""
MOST_CAUSES = 20
"""How many causes of one outcome a terminal shows."""


def title(cause: Cause) -> str:
    """`failed: <api>.cancel.json (MUST)`, `deviation: json-by-default`; a reason alone is its own title."""
    violation = cause.violation
    level = f" ({violation['level']})" if violation is not None else ""
    return f"{cause.outcome}: {cause.name or cause.says}{level}"


def counts(cause: Cause) -> list[str]:
    """What a cause explains and blocks: `explains 3 requirements (2 MUST, 1 SHOULD)`, `blocks 37 checks of …`."""
    found = []
    more = consequences(cause)
    if more and cause.violation is not None:
        found.append(f"{number(len(more), 'more violation')} may follow from it ({levels(more)})")
    elif more:
        found.append(f"explains {number(len(more), 'requirement')} ({levels(more)})")
    if cause.blocks:
        found.append(blocked(cause))
    return found


def consequences(cause: Cause) -> tuple[Part, ...]:
    """What a cause explains besides the violated requirement that it is."""
    return tuple(part for part in cause.explains if part.id != cause.name)


def blocked(cause: Cause) -> str:
    """`blocks 37 checks of 12 requirements`."""
    checks = sum(len(part.checks) for part in cause.blocks)
    verb = "blocks" if cause.name else "concerns"
    return f"{verb} {number(checks, 'check')} of {number(len(cause.blocks), 'requirement')}"


def levels(parts: Iterable[Part]) -> str:
    """`20 MUST, 4 SHOULD`."""
    counted = Counter(str(part.requirement["level"]) for part in parts)
    return ", ".join(f"{counted[level]} {level}" for level in ("MUST", "SHOULD", "MAY") if counted[level])


def by_check(causes: Iterable[Cause]) -> dict[tuple[str, str], Cause]:
    """The cause of each check that has one, by the ID of its requirement and its name."""
    return {
        (part.id, str(check["name"])): cause
        for cause in causes
        for part in (*cause.explains, *cause.blocks)
        for check in part.checks
    }


def sentence(cause: Cause) -> str:
    """A cause in one line: its title, what it says, and its counts."""
    return ": ".join(filter(None, [title(cause), cause.says if cause.name else "", "; ".join(counts(cause))]))


def loud(causes: Iterable[Cause]) -> list[Cause]:
    """The causes that a reader looks for: not those of MAY requirements that block nothing."""
    quiet = outcome_table.names("noted")
    return [one for one in causes if one.outcome not in quiet or one.blocks]


def terminal(causes: Iterable[Cause]) -> list[str]:
    """The causes for a terminal, by outcome; nothing if there is none."""
    found = loud(causes)
    lines: list[str] = []
    for outcome in dict.fromkeys(one.outcome for one in found):
        group = [one for one in found if one.outcome == outcome]
        lines += [line for one in group[:MOST_CAUSES] for line in _cause(one)]
        if len(group) > MOST_CAUSES:
            lines.append(f"  and {number(len(group) - MOST_CAUSES, 'more cause')} of this outcome: {outcome}")
    return lines


def _cause(cause: Cause) -> Iterator[str]:
    yield from _wrapped(title(cause), 2, 4)
    if cause.name:
        yield from _wrapped(cause.says, 6)
    more = consequences(cause)
    texts = counts(cause)
    if len(more) == 1 and cause.violation is None:
        yield from _wrapped(f"explains {more[0].id} ({more[0].requirement['level']})", 6)
    elif more:
        yield from _wrapped(f"{texts[0]}:", 6)
        yield from _names(more)
    if cause.blocks:
        yield from _wrapped(texts[-1], 6)


def _names(parts: Sequence[Part]) -> Iterator[str]:
    """Requirements, one in a line; a list that is longer by one is not cut."""
    shown = parts if len(parts) <= MOST_NAMED + 1 else parts[:MOST_NAMED]
    for part in shown:
        yield f"        {part.requirement['level']:<6}  {part.id}"
    if len(shown) < len(parts):
        yield f"        and {len(parts) - len(shown)} more"


def _wrapped(text: str, indent: int, more: int | None = None) -> list[str]:
    text = " ".join(visible(text).split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent if more is None else more),
        break_long_words=False,
        break_on_hyphens=False,
    )
