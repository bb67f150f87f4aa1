"""The reference server and its variant are conformant, and each mutant violates exactly what it names."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from jasperreports_io_conformance.reference import Reference
from judged import API, judged, unexplained, violated
from mutants import MUTANTS
from variant import Variant

from pytest_reportconformance.cli import requirements
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.register import register

AT_ONCE = 4
"""How many servers are judged side by side: a run spends most of its time waiting for reports."""
QUICK: dict[str, Any] = {"slow_seconds": 0.8, "page_seconds": 0.12}
PATIENT: dict[str, Any] = {"slow_seconds": 3.0, "page_seconds": 0.5}
OWN_WORDS = {
    "jasperreports_io.run.documented-properties",
    "jasperreports_io.info.bookmarks",
    "jasperreports_io.info.parts",
    "jasperreports_io.cancel.leaves-others",
}
"""Requirements whose sentence is not that of JasperReports Server: no XML, no users."""
ABSENT = ("search", "jobs", "permission", "access", "sessions", "organizations", "negotiation", "concurrency")
"""What JasperReports Server has requirements about, and JasperReports IO has not."""

Verdicts = dict[type, Future[list[Judgement]]]


@pytest.fixture(scope="session")
def verdicts(request: pytest.FixtureRequest) -> Iterator[Verdicts]:
    """The judgements of all mutants whose tests are selected."""
    chosen = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    wanted = [params["mutant"] for params in chosen if "mutant" in params]
    pool = ThreadPoolExecutor(AT_ONCE)
    yield {mutant: pool.submit(judged, mutant(**QUICK)) for mutant in wanted}
    pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_a_mutant_violates_exactly_what_it_names(verdicts: Verdicts, mutant: Any) -> None:
    found = verdicts[mutant].result()
    if violated(found) != {*mutant.violates}:  # the machine may be busy: alone, with longer waits
        found = judged(mutant(**PATIENT))
    assert violated(found) == {*mutant.violates}
    assert unexplained(found) == []


@pytest.mark.parametrize("server", [Reference, Variant])
def test_a_correct_server_is_conformant(server: type[Reference]) -> None:
    reference = server(**PATIENT)
    judgements = judged(reference)
    assert [one for one in judgements if one.outcome not in ("passed", "not applicable")] == []
    assert {one.requirement for one in judgements if one.outcome == "passed"} == checked()
    assert reference.executions_left == 0


def checked() -> set[str]:
    """The requirements that have a check."""
    listed = requirements.listing(API)["requirements"]
    assert all(one["checks"] or one["unchecked"] for one in listed)
    return {one["id"] for one in listed if one["checks"]}


def test_a_requirement_says_what_the_one_of_the_same_name_says() -> None:
    own, theirs = register.load(API).requirements, register.load("jasperserver").requirements
    others = {id for id, one in own.items() if one.says != theirs[id.replace(API, "jasperserver", 1)].says}
    assert others == OWN_WORDS


def test_every_requirement_is_one_that_a_guide_states() -> None:
    assert {(one.level, one.document.normative) for one in register.load(API).requirements.values()} == {("MUST", True)}


def test_nothing_is_required_that_the_product_does_not_have() -> None:
    assert not {one.operation for one in register.load(API).requirements.values()} & {*ABSENT}
    assert not [id for id in register.load(API).requirements if "xml" in id]


def test_there_are_twenty_mutants_at_least() -> None:
    known = register.load(API).requirements
    assert len(MUTANTS) >= 20
    assert [id for mutant in MUTANTS for id in mutant.violates if id not in known] == []
