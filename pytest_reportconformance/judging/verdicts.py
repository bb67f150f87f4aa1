"""The verdict of a run over the outcomes of its requirements, and its exit code.

Rule: pure functions over data; this module does not know pytest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import (
    CONFORMANT,
    ERROR,
    INCOMPLETE,
    KNOWN,
    NOT_CONFORMANT,
    PARTIAL,
    WORSE,
)
from pytest_reportconformance.register.register import Register

EXIT = {verdict.name: verdict.exit_code for verdict in outcome_table.VERDICTS}


@dataclass(frozen=True)
class Verdict:
    """The verdict of a run: its name, a sentence, and the exit code."""

    name: str
    says: str
    exit_code: int

    @classmethod
    def named(cls, name: str, says: str) -> Verdict:
        """The verdict of that name."""
        return cls(name, says, outcome_table.exit_code(name))


@dataclass(frozen=True)
class _Tally:
    """What a verdict depends on: the outcomes counted, of all and of MUST requirements, and the run's options."""

    counts: Counter[str]
    musts: Counter[str]
    partial: bool
    strict: bool
    accept_deviations: bool
    trouble: str | None
    omitted: int = 0

    def leading_to(self, verdict: str, counts: Counter[str]) -> int:
        """How many requirements have an outcome that leads to a verdict."""
        return sum(counts[name] for name in outcome_table.leading_to(verdict))

    @property
    def new(self) -> int:
        """How many violations nothing accepts: those that fail a run, if strict of SHOULD requirements too."""
        warned = self.counts[outcome_table.violation("SHOULD")] if self.strict else 0
        return self.leading_to(NOT_CONFORMANT, self.counts) + warned

    @property
    def known(self) -> int:
        """How many violations are known deviations of the product, if one of a MUST requirement is among them."""
        return self.leading_to(KNOWN, self.counts) if self.leading_to(KNOWN, self.musts) else 0


def verdict(
    outcomes: Mapping[str, str],
    register: Register,
    *,
    partial: bool = False,
    strict: bool = False,
    accept_deviations: bool = False,
    trouble: str | None = None,
    omitted: Iterable[str] = (),
) -> Verdict:
    """The verdict over the outcome of each requirement. `strict` treats violated SHOULD requirements as failures.

    `omitted` are requirements of which a part could not be judged although their outcome is another.
    """
    musts = Counter(outcome for id, outcome in outcomes.items() if register.requirements[id].level == "MUST")
    unseen = sum(register.requirements[id].level == "MUST" for id in outcomes.keys() & set(omitted))
    tally = _Tally(Counter(outcomes.values()), musts, partial, strict, accept_deviations, trouble, unseen)
    return next(found for rule in RULES if (found := rule(tally)) is not None)


def _violated(tally: _Tally) -> Verdict | None:
    """A violation that nothing accepts."""
    new, known = tally.new, tally.known
    if not new and (not known or tally.accept_deviations):
        return None
    if known:
        return Verdict.named(NOT_CONFORMANT, f"{number(known, 'known deviation')}, {new} new")
    return Verdict.named(NOT_CONFORMANT, f"{number(new, 'violated requirement')}")


def _troubled(tally: _Tally) -> Verdict | None:
    """The run as a whole, or a check of it, could not be made."""
    errors = tally.leading_to(ERROR, tally.counts)
    if not tally.trouble and not errors:
        return None
    return Verdict.named(ERROR, tally.trouble or f"{number(errors, 'requirement')} with an error of the suite")


def _selected(tally: _Tally) -> Verdict | None:
    """A selection never makes a target conformant."""
    known = f", {number(tally.known, 'known deviation')}" if tally.known else ""
    return Verdict.named(PARTIAL, f"not all requirements were selected{known}") if tally.partial else None


def _undecided(tally: _Tally) -> Verdict | None:
    """A MUST requirement that could not be judged, whatever is accepted; or no MUST requirement that was."""
    unknown = tally.leading_to(INCOMPLETE, tally.musts) + tally.omitted
    if unknown:
        return Verdict.named(INCOMPLETE, f"{number(unknown, 'MUST requirement')} could not be judged")
    judged = sum(tally.musts.values()) - tally.musts["not applicable"]
    return None if judged else Verdict.named(INCOMPLETE, "nothing was judged")


def _accepted(tally: _Tally) -> Verdict | None:
    """All violations of MUST requirements are known deviations, and those are accepted."""
    return Verdict.named(KNOWN, f"{number(tally.known, 'known deviation')}, 0 new") if tally.known else None


def _held(tally: _Tally) -> Verdict:
    """Every MUST requirement holds or is excused."""
    names = outcome_table.names("violated", "accepted", "noted")
    extra = [f"{tally.counts[name]} {name}" for name in names if tally.counts[name]]
    return Verdict.named(CONFORMANT, ", ".join(extra) or "every judged requirement holds")


RULES = (_violated, _troubled, _selected, _undecided, _accepted, _held)
"""The rules of the verdict: the first that applies gives it."""


def compared(found: Verdict, worse: int, better: int) -> Verdict:
    """The verdict of a run that was compared with a baseline: worse outweighs all but an error."""
    if not worse or found.name == ERROR:
        return found
    return Verdict.named(WORSE, f"{number(worse, 'requirement')} worse, {better} better")


def number(count: int, noun: str) -> str:
    """A count with its noun: `1 request`, `2 requests`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
