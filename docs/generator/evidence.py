"""What is known about each requirement beside its sentence: the checks, the mutants and the known deviations."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docs.generator.markdown import bullets, code, counted, folded, link, prose, table, target
from pytest_reportconformance.judging import collection, evaluate
from pytest_reportconformance.register import register
from pytest_reportconformance.register.products import Deviation
from tests.mutation.kill_matrix import mutants

FOLDED_FROM = 4
ELSEWHERE = {
    "read": "On the other versions it is known from reading their code.",
    "assumed": "On the other versions it is assumed, because neighboring versions show it.",
}


@dataclass(frozen=True)
class Evidence:
    """Of one API: names of checks and of the scenarios that they read, mutants, known deviations; by requirement."""

    api: str
    checks: Mapping[str, list[str]]
    scenarios: Mapping[str, list[str]]
    mutants: Mapping[str, list[Any]]
    deviations: Mapping[str, list[Deviation]]


def of(api: str) -> Evidence:
    """The evidence of an API of this repository."""
    killed: dict[str, list[Any]] = {}
    for mutant in mutants(f"tests.{api}.mutants"):
        for id in mutant.kills:
            killed.setdefault(id, []).append(mutant)
    deviations: dict[str, list[Deviation]] = {}
    for one in register.load(api).deviations.values():
        for id in one.requirements:
            deviations.setdefault(id, []).append(one)
    return Evidence(api, collection.checks(api), scenarios(api), killed, deviations)


def scenarios(api: str) -> dict[str, list[str]]:
    """The scenarios that the checks of each requirement read; empty if one reads all."""
    found: dict[str, dict[str, None]] = {}
    for check in evaluate.checks(api):
        found.setdefault(check.requirement, {}).update({need.scenario: None for need in check.transcripts.values()})
    return {id: list(names) for id, names in found.items()}


def checks(found: Evidence, id: str) -> str:
    """The checks of a requirement, and the scenarios whose transcripts they read."""
    names, read = found.checks.get(id, []), found.scenarios.get(id, [])
    links = ", ".join(link(f"scenario-{found.api}-{name}", code(name)) for name in read)
    scenarios = f"the {'scenario' if len(read) == 1 else 'scenarios'} {links}" if links else "all scenarios of a run"
    return f"Checked by {', '.join(map(code, names))}, over {scenarios}.\n\n" if names else ""


def violating(found: Evidence, id: str) -> str:
    """The mutants that violate a requirement, behind one line if they are many."""
    known = found.mutants.get(id, [])
    listed = bullets(f"{code(one.__name__)}: {prose(first(one))}" for one in known)
    says = f"{counted(len(known), 'mutant')} {'violates' if len(known) == 1 else 'violate'} it"
    if len(known) >= FOLDED_FROM:
        return f"{folded(says, listed)}\n"
    return f"{says}:\n\n{listed}\n" if known else ""


def first(mutant: Any) -> str:
    """What is wrong with a mutant."""
    return (inspect.getdoc(mutant) or "").partition("\n\n")[0]


def deviating(found: Evidence, id: str) -> str:
    """The products that are known to violate a requirement."""
    known = found.deviations.get(id, [])
    listed = bullets(
        f"{where(one)}: {prose(one.instead)} ({link(f'deviation-{one.id}', code(one.id))})" for one in known
    )
    return f"Products that deviate:\n\n{listed}\n" if known else ""


def where(deviation: Deviation) -> str:
    """The product, and the versions if they are not all."""
    return deviation.product + ("" if deviation.versions == "*" else f" {code(deviation.versions)}")


def deviation(one: Deviation) -> Iterator[str]:
    """The description of a known deviation."""
    yield f"{target(f'deviation-{one.id}')}## {one.id}\n\n{prose(one.instead)}\n\n"
    rows = [
        ("product", where(one)),
        ("occurs", one.occurs),
        ("observed on", ", ".join(one.observed_on)),
        ("shown by", prose(one.shown_by or "")),
        ("elsewhere", ELSEWHERE.get(one.elsewhere or "", "")),
        ("excuses answers with", ", ".join(map(str, one.answered))),
        ("violates", ", ".join(map(link, one.requirements)) or "no requirement"),
    ]
    yield f"{table(('', ''), (row for row in rows if row[1]))}\n"
