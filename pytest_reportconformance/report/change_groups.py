"""The changes of a comparison as people read them: those of one kind together, with what explains them said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pytest_reportconformance.judging.directions import DIRECTIONS
from pytest_reportconformance.judging.verdicts import number

Change = Mapping[str, Any]
CASE = "the target is not worse than the baseline"
"""The comparison as a test case."""
ABSENT = "not there"
KEY = ("before", "had", "after", "deviations", "note")
"""What the changes of a group have in common."""
HEADINGS = {"worse": "Worse", "better": "Better", "other": "Changed otherwise"}


@dataclass(frozen=True)
class Group:
    """Changes from one outcome to another, by the same deviations and with the same note.

    `says` explains all of them; if it is empty, the reason of each change explains it.
    """

    before: str
    had: tuple[str, ...]
    after: str
    deviations: tuple[str, ...]
    note: str
    says: str
    changes: tuple[Change, ...]

    @property
    def title(self) -> str:
        """`passed → deviation json-by-default`."""
        old, new = (
            " ".join([outcome, ", ".join(ids)]).strip()
            for outcome, ids in ((self.before, self.had), (self.after, self.deviations))
        )
        return f"{old} → {new}" + (f" ({self.note})" if self.note else "")


def lists(found: Mapping[str, Any]) -> list[tuple[str, list[Group]]]:
    """The directions in which something changed, each with its groups."""
    return [(name, groups(found[name])) for name in DIRECTIONS if found[name]]


def groups(changes: Iterable[Change]) -> list[Group]:
    """The groups of changes, in the order of their first change."""
    changes = list(changes)
    instead = dict(_instead(changes))
    found: dict[tuple[Any, ...], list[Change]] = {}
    for one in changes:
        found.setdefault(tuple(map(str, (one[name] for name in KEY))), []).append(one)
    return [_group(together, instead) for together in found.values()]


def _group(changes: list[Change], instead: Mapping[str, str]) -> Group:
    one = changes[0]
    return Group(
        before=one["before"] or ABSENT,
        had=tuple(one["had"]),
        after=one["after"] or ABSENT,
        deviations=tuple(one["deviations"]),
        note=one["note"],
        says=_says(one["had"], one["deviations"], instead, changes),
        changes=tuple(changes),
    )


def _instead(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """What each deviation does instead, as the reasons say it."""
    for one in changes:
        for id in one["deviations"]:
            if f"{id}: " in one["reason"]:
                yield id, one["reason"].partition(f"{id}: ")[2]


def _says(had: Iterable[str], shown: Iterable[str], instead: Mapping[str, str], group: list[Change]) -> str:
    """What each new deviation does instead, or the reason that all changes have."""
    new = [instead[id] for id in shown if id in instead and id not in had]
    common = str(group[0]["reason"]) if len({one["reason"] for one in group}) == 1 else ""
    return " ".join(new) or common


def where(one: Change) -> str:
    """The checks that changed, if nothing else says what changed in a requirement."""
    return f"in {', '.join(one['checks'])}" if one["checks"] and one["had"] == one["deviations"] else ""


def explained(group: Group, direction: str, one: Change) -> str:
    """What explains a single change: where it is, and its reason if no sentence explains the whole group."""
    reason = one["reason"] if direction == "worse" and not group.says else ""
    return ": ".join(filter(None, [where(one), reason]))


def page(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The comparison as the page shows it; None without a baseline."""
    if found is None:
        return None
    shown = [
        (name, HEADINGS[name], [_explained(group, name) for group in kinds], len(found[name]))
        for name, kinds in lists(found)
    ]
    head = {name: found[name] for name in ("alone", "changed", "slower")}
    return {**head, "counts": sentence(found), "started": found["baseline"]["started"], "lists": shown}


def _explained(group: Group, direction: str) -> Group:
    changes = tuple({**one, "why": explained(group, direction, one)} for one in group.changes)
    return replace(group, changes=changes)


def sentence(found: Mapping[str, Any]) -> str:
    """The comparison in a few words, or that nothing changed."""
    return "Nothing changed" if quiet(found) else counted(found)


def counted(found: Mapping[str, Any]) -> str:
    """The comparison in a few words: `27 requirements worse, 5 better, 1 changed otherwise, 2 scenarios slower`."""
    counts = {name: len(found[name]) for name in (*DIRECTIONS, "slower")}
    words = {
        "worse": f"{number(counts['worse'], 'requirement')} worse",
        "better": f"{counts['better']} better",
        "other": f"{counts['other']} changed otherwise",
        "slower": f"{number(counts['slower'], 'scenario')} slower",
    }
    return ", ".join(words[name] for name, count in counts.items() if count) or "no outcome changed"


def quiet(found: Mapping[str, Any]) -> bool:
    """Whether nothing changed."""
    return not any(found[name] for name in (*DIRECTIONS, "slower", "changed"))
