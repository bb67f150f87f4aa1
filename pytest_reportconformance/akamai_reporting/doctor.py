"""Verifies target.toml: whether the credentials are accepted, and which reports serve which purpose."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_reportconformance.akamai_reporting import preconditions, preparation
from pytest_reportconformance.akamai_reporting.purposes import PURPOSES
from pytest_reportconformance.api import Finding
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import Target


def examine(target: Target, step: Steps) -> tuple[Target, list[Finding]]:
    """The findings, and the target with the reports that its discovery resources list."""
    found = preconditions.verify(target, step)
    if any(finding.word in ("wrong", "unreachable") for finding in found if finding.about == "identities.owner"):
        return target, found
    known = preparation.prepare(target, step)
    return known, [*found, *_purposes(target, known)]


def _purposes(target: Target, known: Target) -> Iterator[Finding]:
    for purpose in PURPOSES:
        about = f"reports.{purpose}"
        if purpose in known.reports:
            origin = "described" if purpose in target.reports else "found"
            yield Finding(about, "good", f"{known.reports[purpose]['path']} ({origin})")
        else:
            yield Finding(about, "note", known.unfilled.get(purpose, "there is none"), f"write [{about}]")
