"""What a run prints beside pytest's own output: header, summary, comparison with the baseline, last line."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pytest_reportconformance import __version__
from pytest_reportconformance.cleanup.ledger import Entry
from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import INCOMPLETE, KNOWN, NOT_CONFORMANT, WORSE
from pytest_reportconformance.judging.verdicts import Verdict, number
from pytest_reportconformance.report import cause_text, causes, change_groups, diff
from pytest_reportconformance.report.causes import Cause
from pytest_reportconformance.report.renderings import FORMATS
from pytest_reportconformance.run.run import Run
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.parsing import visible

SUITE = f"suite: pytest-reportconformance {__version__}"
MOST_NAMED = 15
"""How many requirements of a group are named that are not worse."""


def header(target: Target) -> list[str]:
    """The target in pytest's header."""
    product = " ".join(word for word in (target.product, target.version, target.edition) if word)
    lines = [f"target: {target.name} ({target.api}{', ' + product if product else ''}) at {target.url}"]
    lines.append(f"identities: {', '.join(target.identities) or 'none'}")
    if target.absent:
        lines.append(f"absent: {', '.join(target.absent)}")
    return [visible(line) for line in lines]


def leftovers(entries: Iterable[Entry]) -> list[str]:
    """What is left on the target, a line for each kind; of what needs no more care, why it is there."""
    groups: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        groups.setdefault((entry.kind, entry.why if entry.settled else ""), []).append(entry.id or entry.what)
    return [
        f"left on the target: {kind} {', '.join(ids)}" + (f": {why}" if why else "")
        for (kind, why), ids in groups.items()
    ]


def line(run: Run, verdict: Verdict) -> str:
    """The verdict of one target in one line."""
    text = f"conformance of {run.target.name}: {verdict.name}: {verdict.says}; conformance report: {run.folder}"
    return visible(text)


def cleanup_command(run: Run) -> str:
    """The command that removes what a run left on its target."""
    return f"reportconformance cleanup {shlex.quote(str(run.folder))}"


def summary(reporter: Any, run: Run, verdict: Verdict, given: str = "TARGET") -> None:
    """The verdict of one target, one line for each outcome, and the causes; `given` is how the target was given."""
    totals = run.record["totals"]["requirements"]
    counts = {name: totals[name] for name in outcome_table.checked() if name in totals}
    good = verdict.exit_code == 0
    reporter.write_sep("=", f"conformance of {run.target.name}")
    reporter.write_line(f"{verdict.name}: {verdict.says}", green=good, red=not good, bold=True)
    checked, sent = number(sum(counts.values()), "requirement"), number(run.client.sent, "request")
    reporter.write_line(f"{checked} checked, {sent} sent")
    for name, count in counts.items():
        outcome = outcome_table.find(name)
        reporter.write_line(f"  {count:4} {name:<14}  {outcome.means}", **{outcome.color: True})
    if run.own.requirements:
        reporter.write_line(own_requirements(run.record))
    if run.recorder.context.withheld is not None:
        reporter.write_line(visible(run.recorder.context.withheld), yellow=True)
    for line in (*run.preparation.skipped, *leftovers(run.ledger.open_entries())):
        reporter.write_line(visible(line), yellow=True)
    reporter.write_line(f"conformance report: {run.folder}")
    explained(reporter, run, given)
    if run.comparison is not None:
        compared(reporter, run, run.comparison)


def own_requirements(record: Mapping[str, Any]) -> str:
    """The outcomes of the user's own requirements in one line."""
    counted = Counter(one["outcome"] for one in record["own_requirements"])
    outcomes = ", ".join(f"{counted[name]} {name}" for name in outcome_table.names() if counted[name])
    return f"requirements of your own, which do not count for the verdict: {outcomes}"


def explained(reporter: Any, run: Run, given: str) -> None:
    """The causes of what was found, and what to do next; nothing if all is well."""
    found = cause_text.loud(causes.of(run.record))
    if not found:
        return
    reporter.write_sep("=", f"causes of what was found at {run.target.name}")
    for one in cause_text.terminal(found):
        head = one.strip().partition(":")[0] if one.startswith("  ") and one[2:3] != " " else ""
        color = {outcome_table.find(head).color: True} if head in outcome_table.names() else {}
        reporter.write_line(one, **color)
    reporter.write_line("")
    for one in hints(run, found, given):
        reporter.write_line(visible(one))


def hints(run: Run, found: Iterable[Cause], given: str) -> Iterator[str]:
    """What helps to go on: an option, a command, the page."""
    outcomes = {one.outcome for one in found}
    options, verdict = run.record["options"], run.record["verdict"]
    if verdict == NOT_CONFORMANT and not options["accept_deviations"] and outcomes & {*outcome_table.leading_to(KNOWN)}:
        yield "--accept-deviations accepts the known deviations of the product: only what is new then fails the run"
    if outcomes & {*outcome_table.leading_to(INCOMPLETE)}:
        yield f"reportconformance doctor {shlex.quote(given)} shows what the target lacks"
    page = run.folder / FORMATS["html"].file
    if page.is_file():
        yield f"the page shows each cause with its exchange: {page}"


def compared(reporter: Any, run: Run, found: Mapping[str, Any]) -> None:
    """What changed since the baseline."""
    reporter.write_sep("=", "compared with the baseline")
    for one in diff.text(found, MOST_NAMED).splitlines():
        reporter.write_line(one, red=one.startswith("worse "), green=one.startswith("better "))
    if len(diff.text(found)) > len(diff.text(found, MOST_NAMED)):
        reporter.write_line(f"all of them: {run.folder / 'summary.md'}")
    alone = found["alone"]
    reporter.write_line(visible(f"\nwithout the baseline: {alone['verdict']}: {alone['says']}"))


def last(reporter: Any, verdict: Verdict, found: Mapping[str, Any]) -> None:
    """The last line of a run with a baseline, below pytest's own."""
    worse = verdict.name == WORSE
    word = WORSE if found["worse"] else f"not {WORSE}"
    text = f"{word}: {change_groups.counted(found)}"
    if not worse:
        text += f"; {verdict.name}"
    good = verdict.exit_code == 0
    reporter.write_line(visible(text), green=good, red=not good, bold=True)
