"""Verifies that a JasperReports Server is as described: product, users, sessions, reports, one small run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pytest_reportconformance.api import Finding
from pytest_reportconformance.jasperserver import descriptors, operations, preparation
from pytest_reportconformance.jasperserver.provisioning import provision, repository, users
from pytest_reportconformance.jasperserver.provisioning.ids import MAKER
from pytest_reportconformance.jasperserver.purposes import PURPOSES
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import ANONYMOUS, Identity, Target
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing

REGULAR = ("owner", "other_user", "unscoped")
CLOSED = ("forbidden", "executeonly")


def examine(target: Target, step: Steps) -> tuple[Target, list[Finding]]:
    """The findings, and the target as a run would use it, with what would be provisioned."""
    found = [*_product(target, step), *_identities(target, step)]
    target = preparation.discover(target, step)
    if preparation.wanted(target):
        expected, finding = _to_be_provisioned(target)
        return expected, [*found, finding]
    return target, [*found, *_sessions(target, step), *_reports(target, step), *_tiny_run(target, step)]


def _product(target: Target, step: Steps) -> Iterator[Finding]:
    known = preparation.discover(replace(target, described=False, product=None, version=None, edition=None), step)
    name = " ".join(word for word in (known.product, known.version, known.edition) if word)
    yield Finding("product", "good" if known.product else "note", name or "the server shows no version")
    if target.described and target.product is None and known.product:
        text = "known deviations of the product count as failures, because target.toml does not name the product"
        yield Finding("product", "note", text, f'write product = "{known.product}" under [target]')


def _identities(target: Target, step: Steps) -> Iterator[Finding]:
    if not target.identities:
        advice = "write [identities.owner] and the others; beside a bare URL set RC_OWNER_USERNAME and the others"
        yield Finding("identities", "wrong", "no identity is declared", advice)
    names: dict[str, str] = {}
    for role, identity in target.identities.items():
        about, name = f"identities.{role}", identity.value("username")
        answer = step(f"sign-on-{role}", operations.search(), identity=role)
        if answer.response is None or answer.response.status not in (200, 204):
            yield _refused(about, answer, identity)
            continue
        yield _as_should_be(about, role, name, step(f"users-{role}", users.list_all(), identity=role))
        other = names.setdefault(name, role) if name else role
        if other != role and role in ("other_user", "other_admin"):
            text = f"is {name!r}, the same user as the {other}"
            yield Finding(about, "wrong", text, f"name another user in [{about}]")


def _refused(about: str, answer: Exchange, identity: Identity) -> Finding:
    if answer.response is None:
        return Finding(about, "unreachable", answer.error.text if answer.error else "no answer")
    if answer.status == 401:
        who = identity.value("username") or "the token"
        return Finding(about, "wrong", f"{who} cannot sign in (401): wrong name or password", f"check [{about}]")
    advice = "check the URL, and the permissions of this user"
    return Finding(about, "wrong", f"{answer.line} is answered {answer.status}", advice)


def _as_should_be(about: str, role: str, name: str, listing: Exchange) -> Finding:
    """A user who may list the users is an administrator."""
    is_admin = listing.succeeded
    if is_admin and role in REGULAR:
        text = f"{name} signs in, but is an administrator: what the {role} may not do cannot be judged"
        return Finding(about, "wrong", text, f"name a user with {users.USER} alone in [{about}]")
    if not is_admin and role not in REGULAR:
        return Finding(about, "wrong", f"{name} signs in, but is not an administrator", f"name one in [{about}]")
    return Finding(about, "good", f"{name} signs in, {'an administrator' if is_admin else 'a regular user'}")


def _sessions(target: Target, step: Steps) -> Iterator[Finding]:
    if "owner" not in target.identities:
        return
    first, second = (step("session", operations.search(), session="examined") for _ in range(2))
    if first.response is None or second.response is None:
        return
    names = sorted({value.partition("=")[0] for value in first.headers("Set-Cookie")})
    if not names:
        yield Finding("sessions", "note", "no session cookie is set")
    elif set(names) & {value.partition("=")[0] for value in second.headers("Set-Cookie")}:
        text = "every request begins a new session: products up to 8.1.1 show an execution only within its session"
        yield Finding("sessions", "note", text, "check whether a proxy drops cookies")
    else:
        yield Finding("sessions", "good", f"kept by the cookie {', '.join(names)}")


def _reports(target: Target, step: Steps) -> Iterator[Finding]:
    for purpose, facts in target.reports.items():
        look = repository.look(str(facts["uri"]).removeprefix("repo:"))
        answer = step(f"look-{purpose}", look, identity="owner")
        if answer.response is not None and answer.status == 404:
            text = f"{facts['uri']} does not exist, or the owner does not see it"
            yield Finding(f"reports.{purpose}", "wrong", text, f"check uri in [reports.{purpose}]")
        elif answer.response is not None and answer.status == 403 and purpose not in CLOSED:
            text = f"the owner may not read {facts['uri']}"
            yield Finding(f"reports.{purpose}", "note", text, "give the owner permission to read it")


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
        answer = f"{ran.status} {status}".strip() if ran.response is not None else "nothing"
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
