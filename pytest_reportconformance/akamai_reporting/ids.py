"""Links that the server never issued: the link of a query with one change in its id or its report.

Rule: pure functions over texts; percent-encoded characters stay whole, and the part behind the id is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_reportconformance.akamai_reporting import links

CHAR = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHIFT = 7
SHORTEST = 12
FEW = 4
TAIL = "-never-issued"


def wrong(link: str, other_report: str | None) -> Iterator[tuple[str, str]]:
    """Links with one fault each, by the name of the fault; `other_report` is family/area/report.

    A short id may be a counter, and a changed one the id of another query: short ids are not changed or truncated.
    """
    chars = CHAR.findall(links.query_id(link))
    yield "never-issued", _with_id(link, [*map(_shifted, chars), *(TAIL if len(chars) < SHORTEST else "")])
    if len(chars) >= SHORTEST:
        for name, part in (("early", 0.3), ("middle", 0.5), ("late", 0.75)):
            yield f"changed-{name}", _with_id(link, _changed(chars, int(len(chars) * part)))
        yield "truncated", _with_id(link, chars[:-FEW])
    yield "empty", _with_id(link, [])
    found = links.place(link)
    if other_report is not None and found is not None and f"{links.BASE}/{found.report}/" in link:
        yield "other-report", link.replace(f"{links.BASE}/{found.report}/", f"{links.BASE}/{other_report}/", 1)


def _with_id(link: str, chars: list[str]) -> str:
    id = links.query_id(link)
    return link.replace(f"/queries/{id}", f"/queries/{''.join(chars)}", 1)


def _changed(chars: list[str], near: int) -> list[str]:
    """One letter or digit changed, the one nearest to a place."""
    places = sorted((at for at in range(len(chars)) if _shifted(chars[at]) != chars[at]), key=lambda at: abs(at - near))
    return [_shifted(char) if at in places[:1] else char for at, char in enumerate(chars)]


def _shifted(char: str) -> str:
    """Another letter of the same case, or another digit; any other character as it is."""
    if len(char) == 1 and char.isdecimal() and char.isascii():
        return str((int(char) + SHIFT) % 10)
    if char.lower() not in LETTERS or len(char) != 1:
        return char
    moved = LETTERS[(LETTERS.index(char.lower()) + SHIFT) % len(LETTERS)]
    return moved if char.islower() else moved.upper()
