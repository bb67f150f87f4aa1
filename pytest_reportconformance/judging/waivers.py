"""Waivers: failures that the operator of the target accepts, for a limited time and with a reason.

Rule: a waiver that has no effect fails the run. Waivers are tables in target.toml or in a separate file:
`[waivers."<id or glob>"]` with reason, responsible, expires, and optionally link and versions.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcomes import Judgement, Waived
from pytest_reportconformance.judging.verdicts import Verdict
from pytest_reportconformance.register import strict_toml
from pytest_reportconformance.register.register import Register
from pytest_reportconformance.register.strict_toml import Table, choices
from pytest_reportconformance.register.versions import is_range, lies_in
from pytest_reportconformance.transcript.parsing import visible

KEYS = ("reason", "responsible", "expires", "link", "versions")
DRAFT_DAYS = 90


@dataclass(frozen=True)
class Waiver:
    """A failure that is accepted: `pattern` is an ID or glob, `expires` the last valid day."""

    pattern: str
    reason: str
    responsible: str
    expires: datetime.date
    link: str | None = None
    versions: str = "*"

    def holds(self, version: str | None, today: datetime.date) -> bool:
        """Whether it is valid on that day for this version of the target."""
        return today <= self.expires and lies_in(version, self.versions)


def read(path: Path, error: type[Exception]) -> tuple[Waiver, ...]:
    """The waivers of a separate file; a format error raises `error`."""
    table = strict_toml.parse(path, str(path), error)
    table.only("waivers")
    return parse(table.table("waivers"))


def parse(table: Table | None) -> tuple[Waiver, ...]:
    """The waivers of a table `[waivers]`."""
    return () if table is None else tuple(_waiver(pattern, table.table(pattern)) for pattern in table.values)


def _waiver(pattern: str, table: Table) -> Waiver:
    table.only(*KEYS)
    expires = table.values.get("expires")
    if type(expires) is not datetime.date:
        table.refuse("expires", str(expires), "a date such as 2027-01-31, without quotation marks")
    versions = table.optional("versions") or "*"
    if not is_range(versions):
        table.refuse("versions", versions, "'*' or comparisons separated by commas, such as '>=8.0,<=8.2'")
    return Waiver(pattern, table.text("reason"), table.text("responsible"), expires, table.optional("link"), versions)


def effective(waivers: Iterable[Waiver], version: str | None, today: datetime.date) -> tuple[Waived, ...]:
    """Those that hold, as far as judging needs them."""
    return tuple(Waived(one.pattern, one.reason) for one in waivers if one.holds(version, today))


def problem(
    waiver: Waiver, judgements: Sequence[Judgement], register: Register, version: str | None, today: datetime.date
) -> str | None:
    """Why a waiver has no effect: unknown, expired, unmatched or stale; None if it has one, or may have."""
    known = register.match(waiver.pattern)
    if not known:
        allowed = choices(waiver.pattern, register.requirements)
        return f"unknown: no requirement has this id; allowed: an id or glob of {allowed}"
    if today > waiver.expires:
        return f"expired on {waiver.expires.isoformat()}"
    if not lies_in(version, waiver.versions):
        return f"unmatched: it is for versions {waiver.versions}, the target's is {version or 'unknown'}"
    found = [one.outcome for one in judgements if one.requirement in known]
    used = any(outcome in ("waived", *outcome_table.names("undecided")) for outcome in found)
    return None if used or not found else "stale: no requirement that it names is violated"


def draft(record: Mapping[str, Any], today: datetime.date) -> str:
    """Waivers for every violated requirement of a record, as TOML to complete by hand."""
    expires = (today + datetime.timedelta(days=DRAFT_DAYS)).isoformat()
    version = record["target"]["version"]
    violated = [one for one in record["requirements"] if one["outcome"] in outcome_table.names("violated")]
    lines = ["# Waivers drafted from a run: complete the reason and the responsible of each."]
    if not violated:
        lines = ["# Waivers drafted from a run: no requirement is violated.", "[waivers]"]
    for one in violated:
        lines += [
            "",
            f"# {one['says']}",
            f"[waivers.{_quoted(one['id'])}]",
            f"reason = {_quoted(' '.join(one['reason'].split()) or one['says'])}",
            'responsible = "not assigned"',
            f"expires = {expires}",
            *([f"versions = {_quoted('==' + version)}"] if version and is_range("==" + version) else []),
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(visible(text), ensure_ascii=False)


def described(
    waiver: Waiver, judgements: Sequence[Judgement], register: Register, version: str | None, today: datetime.date
) -> dict[str, Any]:
    """A waiver for the record, with the requirements that it excuses and its problem."""
    excused = {one.requirement for one in judgements if one.outcome == "waived" and not one.by}
    return {
        "pattern": waiver.pattern,
        "reason": waiver.reason,
        "responsible": waiver.responsible,
        "link": waiver.link,
        "versions": waiver.versions,
        "expires": waiver.expires.isoformat(),
        "waives": sorted(id for id in excused if fnmatchcase(id, waiver.pattern)),
        "problem": problem(waiver, judgements, register, version, today),
    }


def faulted(verdict: Verdict, described: Iterable[Mapping[str, Any]]) -> Verdict:
    """The verdict of a run: not conformant if a waiver has no effect."""
    faults = [f"{one['pattern']} is {one['problem']}" for one in described if one["problem"]]
    if not faults or verdict.name == "error":
        return verdict
    says = verdict.says if verdict.name == "not conformant" else ""
    return Verdict("not conformant", "; ".join([*([says] if says else []), *(f"waiver {one}" for one in faults)]), 1)
