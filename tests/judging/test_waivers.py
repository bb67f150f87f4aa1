"""Waivers excuse the requirements that they name until they expire, and are judged themselves."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path

import pytest

from pytest_reportconformance.judging import waivers
from pytest_reportconformance.judging.outcomes import Judgement
from pytest_reportconformance.judging.verdicts import Verdict
from pytest_reportconformance.judging.waivers import Waiver
from pytest_reportconformance.register import register
from pytest_reportconformance.register.strict_toml import Table
from pytest_reportconformance.target.target import TargetError
from tests.hooks.test_command_line import ONE, outcomes, results, run
from tests.hooks.test_exit_codes import KnowsEveryId, target_of

REGISTER = register.load("jasperserver")
TODAY = datetime.date(2027, 1, 15)
WAIVER = Waiver(ONE, "fixed in the next release", "operator", datetime.date(2027, 1, 31), versions=">=8.0")
TEXT = """
[waivers."{id}"]
reason = "fixed in the next release"
responsible = "operator"
expires = {expires}
"""


def table(text: str) -> Table:
    return Table("w.toml", "waivers", tomllib.loads(text)["waivers"], TargetError)


def problem(waiver: Waiver, outcome: str | None, version: str = "8.2", today: datetime.date = TODAY) -> str | None:
    """The problem of a waiver if its requirement has this outcome."""
    judgements = [] if outcome is None else [Judgement(ONE, "check", outcome)]
    return waivers.problem(waiver, judgements, REGISTER, version, today)


def test_a_waiver_is_read_whole() -> None:
    text = TEXT.format(id=ONE, expires="2027-01-31") + 'link = "https://tracker.example/1"\nversions = ">=8.0"\n'
    (found,) = waivers.parse(table(text))
    assert found == Waiver(
        ONE, "fixed in the next release", "operator", datetime.date(2027, 1, 31), "https://tracker.example/1", ">=8.0"
    )


@pytest.mark.parametrize(
    ("good", "bad", "found"),
    [
        ("reason", "raison", "did you mean 'reason'"),
        ("responsible = ", "link = ", "responsible: found nothing"),
        ("2027-01-31", '"2027-01-31"', "expires: found '2027-01-31'; allowed: a date"),
        ("2027-01-31", "2027-01-31T10:00:00Z", "expires: found"),
        ("responsible", 'versions = "8 to 9"\nresponsible', "versions: found '8 to 9'"),
    ],
)
def test_a_fault_names_found_and_allowed(good: str, bad: str, found: str) -> None:
    with pytest.raises(TargetError) as caught:
        waivers.parse(table(TEXT.format(id=ONE, expires="2027-01-31").replace(good, bad, 1)))
    assert found in str(caught.value)


def test_it_holds_until_its_last_day_and_on_its_versions() -> None:
    day = datetime.timedelta(days=1)
    assert WAIVER.holds("8.2", WAIVER.expires)
    assert not WAIVER.holds("8.2", WAIVER.expires + day)
    assert not WAIVER.holds("7.9", TODAY)
    assert not WAIVER.holds(None, TODAY)


@pytest.mark.parametrize("outcome", ["waived", "blocked", "inconclusive", "untested", "error", None])
def test_a_waiver_that_has_an_effect_or_is_not_decided_has_no_problem(outcome: str | None) -> None:
    assert problem(WAIVER, outcome) is None


def test_each_problem_is_named() -> None:
    assert (problem(WAIVER, "passed") or "").startswith("stale")
    assert (problem(WAIVER, "failed", version="7.1") or "").startswith("unmatched: it is for versions >=8.0")
    assert problem(WAIVER, "failed", today=datetime.date(2027, 2, 1)) == "expired on 2027-01-31"
    unknown = Waiver("jasperserver.status.unknown-ids", "", "", WAIVER.expires)
    assert f"did you mean '{ONE}'" in (problem(unknown, "failed") or "")


def test_a_problem_makes_a_conformant_run_not_conformant() -> None:
    described = [{"pattern": ONE, "problem": "stale: nothing"}]
    found = waivers.faulted(Verdict("conformant", "all holds", 0), described)
    assert (found.name, found.exit_code) == ("not conformant", 1)
    assert ONE in found.says
    assert waivers.faulted(Verdict("conformant", "", 0), [{"pattern": ONE, "problem": None}]).exit_code == 0
    assert waivers.faulted(Verdict("error", "", 7), described).exit_code == 7


def test_a_draft_is_toml_whatever_text_the_server_sent() -> None:
    one = {"id": ONE, "outcome": "failed", "says": "It is so.", "reason": 'a "b" \\ \x7f\x1b \ud83d \U0001f600\n'}
    text = waivers.draft({"target": {"version": "8.2.0 (build 1)"}, "requirements": [one]}, TODAY)
    (found,) = waivers.parse(table(text))
    assert found.reason.startswith('a "b" \\')
    assert found.versions == "*"


def test_the_draft_of_a_run_without_violations_is_a_file_without_waivers(tmp_path: Path) -> None:
    file = tmp_path / "waivers.toml"
    file.write_text(waivers.draft({"target": {"version": None}, "requirements": []}, TODAY), encoding="utf-8")
    assert waivers.read(file, TargetError) == ()


def test_a_failure_is_drafted_waived_and_excused(tmp_path: Path) -> None:
    with target_of(KnowsEveryId(), tmp_path) as target:
        select = ["--target", str(target), "-k", ONE]
        assert run(tmp_path, *select, "--write-waivers", "w.toml").returncode == 1
        draft = tomllib.loads((tmp_path / "w.toml").read_text(encoding="utf-8"))
        assert list(draft["waivers"]) == [ONE]
        done = run(tmp_path, *select, "--conformance-waivers", "w.toml")
    assert done.returncode == 0, done.stdout
    assert outcomes(tmp_path)[ONE] == "waived"
    (described,) = results(tmp_path)["waivers"]
    assert (described["problem"], described["waives"]) == (None, [ONE])


@pytest.mark.parametrize(
    ("id", "expires", "problem"),
    [
        (ONE, "2999-01-01", "stale"),
        (ONE, "2001-01-01", "expired on 2001-01-01"),
        ("jasperserver.status.unknown-ids", "2999-01-01", "unknown"),
    ],
)
def test_a_waiver_without_effect_fails_the_run_and_is_named(
    tmp_path: Path, id: str, expires: str, problem: str
) -> None:
    (tmp_path / "w.toml").write_text(TEXT.format(id=id, expires=expires), encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE, "--conformance-waivers", "w.toml")
    assert done.returncode == 1, done.stdout
    assert f"waiver {id} is {problem}" in done.stdout


def test_waivers_in_target_toml_count_as_well(tmp_path: Path) -> None:
    with target_of(KnowsEveryId(), tmp_path) as target:
        with target.open("a", encoding="utf-8") as file:
            file.write(TEXT.format(id="jasperserver.status.*", expires="2999-01-01"))
        assert run(tmp_path, "--target", str(target), "-k", ONE, "-n", "2").returncode == 0
    assert outcomes(tmp_path)[ONE] == "waived"


@pytest.mark.parametrize("text", ['[waivers."x"]\nreason = 1\n', "[other]\n", "no toml ="])
def test_a_file_of_another_format_is_a_usage_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "w.toml").write_text(text, encoding="utf-8")
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE, "--conformance-waivers", "w.toml")
    assert done.returncode == 4
    assert "w.toml" in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--set", "jasperserver-1999.1"],
        ["--set", "akamai_reporting-2026.1"],
    ],
)
def test_what_does_not_exist_is_a_usage_error(tmp_path: Path, options: list[str]) -> None:
    done = run(tmp_path, "--target", "embedded:jasperserver", "-k", ONE, *options)
    assert done.returncode == 4
    assert f"{options[0]}: found" in done.stderr or f"{options[0]}: " in done.stderr
    assert "allowed" in done.stderr


def test_a_frozen_set_is_named_in_the_record(tmp_path: Path) -> None:
    options = ["--target", "embedded:jasperserver", "-k", ONE, "--set", "jasperserver-2026.1"]
    assert run(tmp_path, *options).returncode == 0
    assert results(tmp_path)["set"] == "jasperserver-2026.1"
