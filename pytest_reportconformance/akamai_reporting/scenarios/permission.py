"""Authorization: a query of the owner, requested by other identities, without credentials and with a wrong secret."""

from __future__ import annotations

from pytest_reportconformance.akamai_reporting import edgegrid, observation, operations, query_steps
from pytest_reportconformance.akamai_reporting.row_observation import Facts
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost, scenario
from pytest_reportconformance.target.target import ANONYMOUS, WRONG_PASSWORD, Target
from pytest_reportconformance.transcript.failures import NotReached
from pytest_reportconformance.transcript.transcript import Ending

PAGE_SIZE = 2
OLD = 3600.0
CREDENTIALS = ("authorization", "cookie", "x-api-key", "x-auth-token")


@scenario(needs=["paged"], read_only=True, cost=Cost(submits=1, polls=1, others=26, waits=1))
def shielded(step: Steps, target: Target) -> None:
    """A query of the owner, pending if the target is slow, and requests for it and for more by other identities."""
    only_for_members(target)
    facts = target.report("paged")
    waiting = target.reports.get("slow", facts)
    query = query_steps.submit(step, "own", waiting, size=PAGE_SIZE)
    for identity in (ANONYMOUS, "other_user", "unscoped"):
        early = operations.fetch(query.link)
        step(f"early-poll-by-{identity}", early, identity=identity, observe=(observation.page(query.facts),))
    ask_for_more(step, query, facts)
    beyond(step, target)
    page = query_steps.wait(step, query)
    links = {
        "poll": query.link,
        "page": page.target("next") or page.target("self") or page.target("first"),
        "last": page.target("last"),
    }
    step.note(**{"own-links": {"page-by-owner": following} if (following := page.target("next")) else {}})
    step.note(**{"own-strays": {"last-by-owner": links["last"]} if links["last"] else {}})
    observe = (observation.page(query.facts),)
    for name, link in links.items():
        if link is not None:
            for identity in (ANONYMOUS, "other_user", "unscoped", "owner"):
                step(f"{name}-by-{identity}", operations.fetch(link), identity=identity, observe=observe)


def only_for_members(target: Target) -> None:
    """Raises NotReached if the target has no authentication, or all identities send the same credentials."""
    if not target.signs_on:
        raise NotReached("not applicable", "no identity of this target has credentials")
    constant = [name for name in target.headers if name.lower() in CREDENTIALS]
    if constant:
        raise NotReached("not applicable", f"all identities send the header {constant[0]} of [target.headers]")


def ask_for_more(step: Steps, query: query_steps.Query, facts: Facts) -> None:
    """The submission by identities without the right, and synchronous requests and options of owner and others."""
    submission = operations.request_for(query.facts, f"async=true&pageSize={PAGE_SIZE}")
    for identity in (ANONYMOUS, WRONG_PASSWORD, "unscoped"):
        step(f"submit-by-{identity}", submission, identity=identity)
    for identity in ("owner", ANONYMOUS, "unscoped"):
        observe = (observation.page(facts),) if identity == "owner" else ()
        step(f"synchronous-by-{identity}", operations.request_for(facts, ""), identity=identity, observe=observe)
    for identity in ("owner", "unscoped"):
        step(f"options-by-{identity}", operations.reports(*facts["path"].split("/")), identity=identity)


def beyond(step: Steps, target: Target) -> None:
    """Submissions by the owner for a report and for an object that the owner has no access to."""
    for purpose, queries in {"forbidden": ("async=true",), "unseen": ("async=true", "")}.items():
        names = [f"{purpose}-submit", f"{purpose}-synchronous"][: len(queries)]
        try:
            facts = target.report(purpose)
        except NotReached as error:
            step.absent.update({name: Ending(error.outcome, error.reason, error.by) for name in names})
            continue
        for name, query in zip(names, queries, strict=True):
            step(name, operations.request_for(facts, query))


@scenario(read_only=True, cost=Cost(others=3))
def signed(step: Steps, target: Target) -> None:
    """A request whose EdgeGrid signature is used once, used again, and an hour old."""
    request = edgegrid.signed(step.session("owner"), operations.reports())
    old = edgegrid.signed(step.session("owner"), operations.reports(), age=OLD)
    if request is None or old is None:
        raise NotReached("not applicable", "no identity of this target signs with EdgeGrid")
    step("first-use", request)
    step("second-use", request)
    step("old", old)
