"""Verifies that a JasperReports Server is as described: product, users, sessions, reports, one small run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pytest_reportconformance.api import Finding
from pytest_reportconformance.jasperserver import described_reports, descriptors, operations, preconditions, preparation
from pytest_reportconformance.jasperserver.provisioning import provision
from pytest_reportconformance.jasperserver.provisioning.ids import MAKER
from pytest_reportconformance.jasperserver.purposes import PURPOSES
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import ANONYMOUS, Identity, Target
from pytest_reportconformance.transcript.failures import Missing


def examine(target: Target, step: Steps) -> tuple[Target, list[Finding]]:
    """The findings, and the target as a run would use it, with what would be provisioned."""
    found = [*_product(target, step), *preconditions.identities(target, step)]
    target = preparation.discover(target, step)
    if any(one.about == "identities.owner" and one.word == "wrong" for one in found):
        return target, found
    if preparation.wanted(target):
        expected, finding = _to_be_provisioned(target)
        return expected, [*found, finding]
    found += _wrong_passwords(target)
    known = [*_sessions(target, step), *described_reports.verify(target, step), *_tiny_run(target, step)]
    return target, [*found, *known]


def _product(target: Target, step: Steps) -> Iterator[Finding]:
    known = preparation.discover(replace(target, described=False, product=None, version=None, edition=None), step)
    name = " ".join(word for word in (known.product, known.version, known.edition) if word)
    yield Finding("product", "good" if known.product else "note", name or "the server shows no version")
    if target.described and target.product is None and known.product:
        text = "known deviations of the product count as failures, because target.toml does not name the product"
        yield Finding("product", "note", text, f'write product = "{known.product}" under [target]')


def _sessions(target: Target, step: Steps) -> Iterator[Finding]:
    if "owner" not in target.identities:
        return
    first, second = (step("session", operations.search(), session="examined") for _ in range(2))
    if first.response is None or second.response is None:
        return
    names = sorted({value.partition("=")[0] for value in first.header_values("Set-Cookie")})
    if not names:
        yield Finding("sessions", "note", "no session cookie is set")
    elif set(names) & {value.partition("=")[0] for value in second.header_values("Set-Cookie")}:
        text = "every request begins a new session: products up to 8.1.1 show an execution only within its session"
        yield Finding("sessions", "note", text, "check whether a proxy drops cookies")
    else:
        yield Finding("sessions", "good", f"kept by the cookie {', '.join(names)}")


def _wrong_passwords(target: Target) -> Iterator[Finding]:
    owner = target.identities.get("owner")
    if owner is None or owner.auth != "basic" or target.expendable:
        return
    text = f"a run tries one wrong password for {owner.value('username')}, and no more, so as not to lock the account"
    yield Finding("passwords", "note", text, "to try every operation, name accounts to lock in target.expendable")


def _tiny_run(target: Target, step: Steps) -> Iterator[Finding]:
    if "fast" not in target.reports:
        return
    if not target.consents:
        yield Finding("run", "untested", "no report may be run", "consent with disposable = true under [target]")
        return
    members: dict[str, Any] = {"outputFormat": "csv", "async": False}
    ran = step("try-fast", operations.run(target.reports["fast"]["uri"], **members))
    try:
        status = descriptors.status(ran) if ran.succeeded else ""
    except Missing:
        status = ""
    if id := descriptors.request_id(ran) if ran.succeeded else None:
        step("delete", operations.delete(id))
    if status == "ready":
        yield Finding("run", "good", f"a report of one page was run in {1000 * ran.seconds:.0f} ms")
    else:
        answer = f"{ran.status_code} {status}".strip() if ran.response is not None else "nothing"
        advice = "check uri in [reports.fast], and whether the owner may run it"
        yield Finding("run", "wrong", f"a run of {target.reports['fast']['uri']} was answered with {answer}", advice)


def _to_be_provisioned(target: Target) -> tuple[Target, Finding]:
    if not target.consents:
        advice = f"{preparation.CONSENT} name reports in [reports.…]"
        return target, Finding("provisioning", "untested", "the suite may not create its own reports", advice)
    if MAKER not in target.identities:
        return target, Finding(
            "provisioning", "wrong", "without an administrator nothing can be created", provision.BY_HAND
        )
    identities = {
        role: target.identities.get(role, Identity(ANONYMOUS)) for role in (*target.identities, *provision.ROLES)
    }
    reports = {purpose: target.reports.get(purpose, {}) for purpose in PURPOSES}
    text = f"the suite creates its own users and reports, in a new folder in {target.provision.parent}"
    return replace(target, identities=identities, reports=reports), Finding("provisioning", "good", text)
