"""Looking whether a JasperReports Server is as described: product, people, sessions, one tiny run, reports."""

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
    """What was found, and the target as a run would know it: with what would be provisioned."""
    found = [*_product(target, step), *_identities(target, step)]
    target = preparation.told(target, step)
    if preparation.wanted(target):
        expected, finding = _to_be_provisioned(target)
        return expected, [*found, finding]
    return target, [*found, *_sessions(target, step), *_reports(target, step), *_tiny_run(target, step)]


def _product(target: Target, step: Steps) -> Iterator[Finding]:
    told = preparation.told(replace(target, described=False, product=None, version=None, edition=None), step)
    name = " ".join(word for word in (told.product, told.version, told.edition) if word)
    yield Finding("product", "good" if told.product else "note", name or "the server tells no version")
    if target.described and target.product is None and told.product:
        text = "known deviations of the product are failures, as target.toml does not name it"
        yield Finding("product", "note", text, f'write product = "{told.product}" under [target]')


def _identities(target: Target, step: Steps) -> Iterator[Finding]:
    if not target.identities:
        advice = "write [identities.owner] and the others; beside a bare URL set RC_OWNER_USERNAME and the others"
        yield Finding("identities", "wrong", "nobody signs on", advice)
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
            text = f"is {name!r}, who is the {other} as well"
            yield Finding(about, "wrong", text, f"name somebody else in [{about}]")


def _refused(about: str, answer: Exchange, identity: Identity) -> Finding:
    if answer.response is None:
        return Finding(about, "unreachable", answer.error.text if answer.error else "no answer")
    if answer.status == 401:
        who = identity.value("username") or "the token"
        return Finding(about, "wrong", f"{who} is not let in (401): wrong name or password", f"look at [{about}]")
    advice = "look at the URL, and at what this person may do"
    return Finding(about, "wrong", f"{answer.line} is answered {answer.status}", advice)


def _as_should_be(about: str, role: str, name: str, listing: Exchange) -> Finding:
    """Whoever may list the users is an administrator."""
    is_admin = listing.succeeded
    if is_admin and role in REGULAR:
        text = f"{name} signs on, and is an administrator: nothing can be said about what the {role} may not do"
        return Finding(about, "wrong", text, f"name a user with {users.USER} alone in [{about}]")
    if not is_admin and role not in REGULAR:
        return Finding(about, "wrong", f"{name} signs on, and is no administrator", f"name one in [{about}]")
    return Finding(about, "good", f"{name} signs on, {'an administrator' if is_admin else 'a regular user'}")


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
        text = "every request begins a new session: products up to 8.1.1 show an execution to its session alone"
        yield Finding("sessions", "note", text, "look whether a proxy drops cookies")
    else:
        yield Finding("sessions", "good", f"kept by the cookie {', '.join(names)}")


def _reports(target: Target, step: Steps) -> Iterator[Finding]:
    for purpose, facts in target.reports.items():
        look = repository.look(str(facts["uri"]).removeprefix("repo:"))
        answer = step(f"look-{purpose}", look, identity="owner")
        if answer.response is not None and answer.status == 404:
            text = f"there is no {facts['uri']}, or the owner does not see it"
            yield Finding(f"reports.{purpose}", "wrong", text, f"look at uri in [reports.{purpose}]")
        elif answer.response is not None and answer.status == 403 and purpose not in CLOSED:
            text = f"the owner may not read {facts['uri']}"
            yield Finding(f"reports.{purpose}", "note", text, "let the owner read it, as far as it is to be run")


def _tiny_run(target: Target, step: Steps) -> Iterator[Finding]:
    if "fast" not in target.reports:
        return
    if not target.consents:
        yield Finding("run", "untested", "nothing may be run", "consent with disposable = true under [target]")
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
        told = f"{ran.status} {status}".strip() if ran.response is not None else "nothing"
        advice = "look at uri in [reports.fast], and whether the owner may run it"
        yield Finding("run", "wrong", f"{target.reports['fast']['uri']} was to be run, and {told} came", advice)


def _to_be_provisioned(target: Target) -> tuple[Target, Finding]:
    if not target.consents:
        advice = f"{preparation.CONSENT} name reports in [reports.…]"
        return target, Finding("provisioning", "untested", "the suite may not bring its own reports", advice)
    if MAKER not in target.identities:
        return target, Finding(
            "provisioning", "wrong", "without an administrator nothing can be made", provision.BY_HAND
        )
    identities = {
        role: target.identities.get(role, Identity(ANONYMOUS)) for role in (*target.identities, *provision.ROLES)
    }
    reports = {purpose: target.reports.get(purpose, {}) for purpose in PURPOSES}
    text = f"the suite brings its own people and reports, in a new folder in {target.provision.parent}"
    return replace(target, identities=identities, reports=reports), Finding("provisioning", "good", text)
