"""What changed between two records: newly failing, fixed, newly inconclusive, appeared, gone, slower.

Rule: pure functions over records. A regression is a requirement that was satisfied and is now violated or undecided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.transcript import strict_json
from pytest_reportconformance.transcript.parsing import visible

SLOWER_FACTOR = 1.5
SLOWER_SECONDS = 1.0


@dataclass(frozen=True)
class Change:
    """One requirement or scenario, before and after: outcomes, or seconds."""

    name: str
    before: str | None
    after: str | None
    reason: str = ""


@dataclass(frozen=True)
class Changes:
    """All changes from an old record to a new one."""

    newly_failing: tuple[Change, ...]
    newly_inconclusive: tuple[Change, ...]
    gone: tuple[Change, ...]
    fixed: tuple[Change, ...]
    appeared: tuple[Change, ...]
    slower: tuple[Change, ...]
    verdicts: tuple[str, str]

    @property
    def worse(self) -> bool:
        """Whether there is a regression: a requirement newly violated or newly undecided."""
        return bool(self.newly_failing or self.newly_inconclusive)


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
    """The changes between two records of one API."""
    before = {one["id"]: one["outcome"] for one in old["requirements"]}
    after = {one["id"]: one for one in new["requirements"]}
    groups: dict[str, list[Change]] = {name: [] for name in KINDS}
    for id in dict.fromkeys([*after, *before]):
        now = after.get(id, {"outcome": None, "reason": ""})
        kind = _kind(before.get(id), now["outcome"])
        if kind:
            groups[kind].append(Change(id, before.get(id), now["outcome"], now["reason"]))
    groups["slower"] = _slower(old, new)
    return Changes(**{name: tuple(found) for name, found in groups.items()}, verdicts=(old["verdict"], new["verdict"]))


KINDS = ("newly_failing", "newly_inconclusive", "gone", "fixed", "appeared", "slower")


def _kind(before: str | None, after: str | None) -> str | None:
    old, new = _group(before), _group(after)
    if before is None or after is None or "unjudged" in (old, new):
        return None if old == new else "appeared" if old == "unjudged" else "gone"
    if new == "violated":
        order = outcome_table.names()
        return "newly_failing" if old != "violated" or order.index(after) < order.index(before) else None
    if new == "undecided":
        return None if old == "undecided" else "newly_inconclusive"
    return "fixed" if old in ("violated", "undecided") else None


def _group(outcome: str | None) -> str:
    return "unjudged" if outcome is None else outcome_table.find(outcome).group


def _slower(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    known = {one["name"]: one["seconds"] for one in old["scenarios"]}
    pairs = [(one["name"], known[one["name"]], one["seconds"]) for one in new["scenarios"] if one["name"] in known]
    return [
        Change(name, f"{before:.1f} s", f"{after:.1f} s")
        for name, before, after in pairs
        if after > before * SLOWER_FACTOR and after > before + SLOWER_SECONDS
    ]


def text(changes: Changes) -> str:
    """The changes for a terminal."""
    lines = [f"verdict: {' → '.join(changes.verdicts)}"]
    for kind, found in _groups(changes):
        lines.append(f"{kind} ({len(found)})")
        for one in found:
            reason = f": {one.reason}" if one.reason else ""
            lines.append(f"  {one.name}  {one.before or '-'} → {one.after or '-'}{reason}")
    return visible("\n".join(lines if len(lines) > 1 else [*lines, "nothing changed"]))


def markdown(changes: Changes) -> str:
    """The changes as Markdown."""
    lines = [f"# {' → '.join(changes.verdicts)}", ""]
    for kind, found in _groups(changes):
        lines += [f"## {kind} ({len(found)})", "", "| | before | after |", "|---|---|---|"]
        lines += [f"| `{_code(one.name)}` | {one.before or ''} | {one.after or ''} |" for one in found]
        lines.append("")
    return "\n".join(lines if len(lines) > 2 else [*lines, "Nothing changed."]).rstrip()


def _code(name: str) -> str:
    return " ".join(visible(name).split()).replace("`", "'").replace("|", "\\|")


def as_json(changes: Changes) -> str:
    """The changes as JSON."""
    return strict_json.dumps({"worse": changes.worse, **asdict(changes)}, indent=1)


def _groups(changes: Changes) -> list[tuple[str, tuple[Change, ...]]]:
    return [(kind.replace("_", " "), found) for kind in KINDS if (found := getattr(changes, kind))]


FORMATS: Mapping[str, Callable[[Changes], str]] = {"text": text, "markdown": markdown, "json": as_json}
