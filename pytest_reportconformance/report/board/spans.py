"""For which versions, or on which targets, something is so: `since 7.8.1`, `up to 6.4.2`, `on 7.8.1 and 8.2.0`.

Rule: only the versions of the board are known: `since V` is said of V and of every later version on the board.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_reportconformance.report.board.columns import Column

EXCEPT = "except"
"""What the text begins with if it is so everywhere else."""


def text(columns: Sequence[Column], flags: Sequence[bool]) -> str:
    """Where it is so; empty if it is so everywhere, or nowhere."""
    if all(flags) or not any(flags):
        return ""
    versions = _by_version(columns, flags)
    if versions is None:
        return _named([column.head for column in columns], flags)
    return _span([version for version, _ in versions], [flag for _, flag in versions])


def _named(names: Sequence[str], flags: Sequence[bool]) -> str:
    """The names with the flag, or those without it if they are fewer."""
    few = flags.count(True) <= flags.count(False)
    found = listed(name for name, flag in zip(names, flags, strict=True) if flag is few)
    return f"on {found}" if few else f"{EXCEPT} on {found}"


def _by_version(columns: Sequence[Column], flags: Sequence[bool]) -> list[tuple[str, bool]] | None:
    """Each version with its flag, if all are versions of one product and targets of one version agree."""
    targets = [column.target for column in columns]
    if len({(one.product, one.edition) for one in targets}) > 1 or not all(one.version for one in targets):
        return None
    found: dict[str, bool] = {}
    for target, flag in zip(targets, flags, strict=True):
        if found.setdefault(target.version or "", flag) != flag:
            return None
    return list(found.items())


def _span(versions: Sequence[str], flags: Sequence[bool]) -> str:
    first = flags.index(True)
    last = len(flags) - 1 - flags[::-1].index(True)
    if not all(flags[first : last + 1]):
        return _named(versions, flags)
    if last == len(flags) - 1:
        return f"since {versions[first]}"
    if first == 0:
        return f"up to {versions[last]}"
    return f"on {versions[first]}" if first == last else f"from {versions[first]} to {versions[last]}"


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: `a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
