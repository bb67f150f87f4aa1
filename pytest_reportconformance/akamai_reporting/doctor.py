"""Verifies target.toml: whether the credentials are accepted, and which reports serve which purpose."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_reportconformance.akamai_reporting import discovery, operations, preparation
from pytest_reportconformance.akamai_reporting.purposes import PURPOSES
from pytest_reportconformance.api import Finding
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import Target

REFUSED = (401, 403)


def examine(target: Target, step: Steps) -> tuple[Target, list[Finding]]:
    """The findings, and the target with the reports that its discovery resources list."""
    found = list(_identities(target, step))
    if any(finding.word in ("wrong", "unreachable") for finding in found if finding.about == "identities.owner"):
        return target, found
    known = preparation.prepare(target, step)
    return known, [*found, *_purposes(target, known)]


def _identities(target: Target, step: Steps) -> Iterator[Finding]:
    if not target.identities:
        yield Finding(
            "identities", "wrong", "no identity has credentials", "write [identities.owner] with edgerc and section"
        )
    for role in target.identities:
        about, answer = f"identities.{role}", step(f"list-{role}", operations.reports(), identity=role)
        if answer.response is None:
            yield Finding(about, "unreachable", answer.error.text if answer.error else "no answer")
        elif answer.status in REFUSED and role == "unscoped":
            yield Finding(about, "good", f"is refused ({answer.status}), as expected of an identity without the scope")
        elif answer.status in REFUSED:
            advice = f"look at [{about}]: the tokens, the section, and whether the API client has the Reporting API"
            yield Finding(about, "wrong", f"the credentials are not accepted ({answer.status})", advice)
        else:
            count = len(discovery.entries(answer))
            yield Finding(about, "good", f"the credentials are accepted; {count} reports listed")


def _purposes(target: Target, known: Target) -> Iterator[Finding]:
    for purpose in PURPOSES:
        about = f"reports.{purpose}"
        if purpose in known.reports:
            origin = "described" if purpose in target.reports else "found"
            yield Finding(about, "good", f"{known.reports[purpose]['path']} ({origin})")
        else:
            yield Finding(about, "note", known.unfilled.get(purpose, "there is none"), f"write [{about}]")
