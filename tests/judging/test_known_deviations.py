"""A whole run against an edition whose failures are all known deviations: its verdict with and without the switch."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_reportconformance.jasperserver.reference import editions
from tests.hooks.test_command_line import results, run
from tests.hooks.test_exit_codes import target_of


@pytest.mark.sampled(0.5)
@pytest.mark.parametrize(
    ("switch", "name", "code"),
    [([], "not conformant", 1), (["--accept-deviations"], "conformant with known deviations", 0)],
    ids=["not accepted", "accepted"],
)
def test_known_deviations_are_failures_unless_they_are_accepted(
    switch: list[str], name: str, code: int, tmp_path: Path
) -> None:
    with target_of(editions.edition("8.1.1")(slow_seconds=4), tmp_path) as target:
        done = run(tmp_path, "--target", str(target), *switch)
    assert done.returncode == code, done.stdout[-3000:]
    assert f"\n{name}: " in done.stdout
    record = results(tmp_path)
    assert (record["verdict"], record["exit_code"]) == (name, code)
    for file in ("summary.md", "report.html", "badge.svg"):
        (path,) = tmp_path.rglob(file)
        assert name in path.read_text(encoding="utf-8")


def test_what_could_not_be_judged_is_never_accepted(tmp_path: Path) -> None:
    with target_of(editions.edition("8.1.1")(slow_seconds=4), tmp_path) as target:
        text = target.read_text(encoding="utf-8")
        target.write_text(text.replace('uri = "/reports/slow"', 'uri = "/reports/fast"'), encoding="utf-8")
        done = run(tmp_path, "--target", str(target), "--accept-deviations")
    assert done.returncode == 6, done.stdout[-3000:]
    assert "\nincomplete: " in done.stdout
    outcomes = {one["outcome"] for one in results(tmp_path)["requirements"]}
    assert outcomes >= {"deviation", "inconclusive"}
    assert not outcomes & {"failed", "error"}
