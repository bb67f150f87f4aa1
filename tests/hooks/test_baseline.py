"""A run with a baseline: created on the first night, compared on every other, refused if it is of another server."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_reportconformance.hooks import baseline
from pytest_reportconformance.judging.verdicts import Verdict
from tests.hooks.test_command_line import ONE, results, run
from tests.hooks.test_exit_codes import KnowsEveryId, target_of

OPTIONS = ("--conformance-baseline", "base.json")
CREATE = "--conformance-baseline-create"
DEFAULT = "jasperserver.negotiation.status-default-xml"
"""A requirement that JasperReports Server meets in 6.4.2, and from which 8.1.1 deviates (json-by-default)."""


def night(folder: Path, target: str, *options: str, only: str = ONE) -> CompletedProcess[str]:
    """A run of one requirement with a baseline."""
    return run(folder, "--target", target, "-k", only, *OPTIONS, *options)


def last(done: CompletedProcess[str]) -> str:
    """The last line of the terminal."""
    return done.stdout.rstrip().splitlines()[-1]


def test_the_first_night_creates_the_baseline_and_the_second_is_not_worse(tmp_path: Path) -> None:
    first = night(tmp_path, "embedded:jasperserver", CREATE)
    assert first.returncode == 0, first.stdout
    assert "baseline created: base.json" in first.stdout
    created = (tmp_path / "base.json").read_text(encoding="utf-8")
    assert json.loads(created) == results(tmp_path)
    second = night(tmp_path, "embedded:jasperserver", CREATE)
    assert second.returncode == 0, second.stdout
    assert last(second) == "not worse than the baseline: no outcome changed; partial"
    assert (tmp_path / "base.json").read_text(encoding="utf-8") == created


@pytest.mark.parametrize("processes", [[], ["-n", "2"]], ids=["alone", "parallel"])
def test_a_violated_requirement_is_worse_in_the_last_line_and_in_the_record(
    tmp_path: Path, processes: list[str]
) -> None:
    night(tmp_path, "embedded:jasperserver", CREATE)
    with target_of(KnowsEveryId(), tmp_path) as target:
        done = night(tmp_path, str(target), "--conformance-report", "r", *processes)
    assert done.returncode == 1, done.stdout
    assert last(done) == "worse than the baseline: 1 requirement worse"
    assert "passed → failed" in done.stdout
    assert "without the baseline: not conformant: 1 violated requirement" in done.stdout
    record = results(tmp_path / "r")
    assert (record["verdict"], record["exit_code"]) == ("worse than the baseline", 1)
    assert [one["id"] for one in record["comparison"]["worse"]] == [ONE]


def test_an_upgrade_with_a_new_deviation_is_worse_until_it_is_accepted(tmp_path: Path) -> None:
    old, new = "embedded:jasperserver@6.4.2", "embedded:jasperserver@8.1.1"
    assert night(tmp_path, old, CREATE, "--accept-deviations", only=DEFAULT).returncode == 0
    for options in ([], ["--accept-deviations"]):
        done = night(tmp_path, new, "--conformance-report", "r", *options, only=DEFAULT)
        assert done.returncode == 1, done.stdout
        assert last(done) == "worse than the baseline: 1 requirement worse"
        for text in ("JasperReports Server 6.4.2 → 8.1.1\n", "passed → deviation json-by-default\n", DEFAULT):
            assert text in done.stdout
    done = night(tmp_path, new, "--accept-new-deviations", only=DEFAULT)
    assert done.returncode == 0, done.stdout
    assert last(done) == "not worse than the baseline: 1 changed otherwise; partial"
    (tmp_path / "base.json").write_bytes((tmp_path / "r" / "results.json").read_bytes())
    back = night(tmp_path, old, only=DEFAULT)
    assert back.returncode == 0, back.stdout
    assert last(back) == "not worse than the baseline: 1 better; partial"


def test_a_baseline_that_is_not_there_names_the_option_that_creates_it(tmp_path: Path) -> None:
    done = night(tmp_path, "embedded:jasperserver")
    assert done.returncode == 4
    assert "--conformance-baseline: there is no file base.json: add --conformance-baseline-create" in done.stderr
    assert not (tmp_path / "conformance").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--target", "embedded:akamai_reporting", *OPTIONS], "base.json: it is a report of jasperserver, and the"),
        (["--target", "embedded", *OPTIONS], "a baseline is of one target, and this run has 2"),
        (["--target", "embedded:jasperserver", CREATE], f"{CREATE}: there is no baseline: name its file"),
        (["--target", "embedded:jasperserver", "--accept-new-deviations"], "there is no baseline: name its file"),
        (["--target", "embedded:jasperserver", OPTIONS[0], "other.json"], "not a conformance report"),
        (["--target", "embedded:jasperserver", OPTIONS[0], "no/b.json", CREATE], "in a folder that does not exist"),
    ],
    ids=["api", "targets", "create-alone", "accept-alone", "no-record", "no-folder"],
)
def test_what_cannot_be_compared_is_a_usage_error(tmp_path: Path, arguments: list[str], words: str) -> None:
    assert night(tmp_path, "embedded:jasperserver", CREATE).returncode == 0
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    done = run(tmp_path, *arguments)
    assert done.returncode == 4, done.stdout
    assert words in done.stderr


def test_a_baseline_of_another_product_is_refused_as_soon_as_the_product_is_known(tmp_path: Path) -> None:
    night(tmp_path, "embedded:jasperserver@8.1.1", CREATE, "--accept-deviations")
    record = json.loads((tmp_path / "base.json").read_text(encoding="utf-8"))
    record["target"]["product"] = "Another Server"
    (tmp_path / "base.json").write_text(json.dumps(record), encoding="utf-8")
    done = night(tmp_path, "embedded:jasperserver@8.1.1")
    assert done.returncode == 4, done.stdout
    assert "it is a report of Another Server, and the target is JasperReports Server" in done.stderr + done.stdout


def test_no_baseline_is_created_from_a_run_with_an_error(tmp_path: Path) -> None:
    given = {"--conformance-baseline": "base.json", CREATE: True}
    config: Any = SimpleNamespace(invocation_params=SimpleNamespace(dir=tmp_path), getoption=given.get)
    finished: Any = SimpleNamespace(folder=tmp_path, settings=SimpleNamespace(baseline=None))
    (tmp_path / "results.json").write_text("{}", encoding="utf-8")
    line = baseline.create(config, finished, Verdict.named("error", "unreachable"))
    assert line == "baseline not created, because the verdict is error: base.json"
    assert not (tmp_path / "base.json").exists()
    assert baseline.create(config, finished, Verdict.named("incomplete", "1")) == "baseline created: base.json"
    assert (tmp_path / "base.json").read_text(encoding="utf-8") == "{}"
