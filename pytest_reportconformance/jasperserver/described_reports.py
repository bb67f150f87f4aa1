"""Verifies what target.toml says of reports: that they exist, that the owner may run them, how many pages one has.

Rule: a finding is `wrong` only if nothing else can explain the answers. What a server contradicts itself about is left
to the checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pytest_reportconformance.api import Finding
from pytest_reportconformance.jasperserver import descriptors, operations, output_text, purposes
from pytest_reportconformance.jasperserver.provisioning import repository
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached

CLOSED = ("forbidden", "executeonly")
"""Reports that the owner may not read."""
COUNTED = "multi"
"""The report whose pages are counted: a run of it is quick."""
REFUSED = (403, 404)
ROOT = "/"


def verify(target: Target, step: Steps) -> Iterator[Finding]:
    """The findings about the reports that target.toml names."""
    if not target.reports or "owner" not in target.identities:
        return
    uris = {purpose: str(facts["uri"]).removeprefix("repo:") for purpose, facts in target.reports.items()}
    status = _looks(step, {*uris.values(), ROOT})
    if status[ROOT] == 200:
        yield from _unseen(uris, status)
    if target.consents:
        hidden = {purpose for purpose, uri in uris.items() if status[uri] != 200 and status[ROOT] == 200}
        for purpose in sorted(hidden - {*CLOSED, COUNTED}):
            yield from _run(step, purpose, uris[purpose])
        if COUNTED in uris:
            yield from _count(step, target.reports[COUNTED], is_shown=status[uris[COUNTED]] == 200)


def _looks(step: Steps, uris: set[str]) -> dict[str, int | None]:
    """The status of the answer to a look at each URI in the repository; None if no answer came."""
    looks = {uri: repository.look(uri) for uri in uris}
    answers = step.together([partial(step, f"look-{uri}", look, identity="owner") for uri, look in looks.items()])
    statuses = [answer.response.status_code if answer.response else None for answer in answers]
    return dict(zip(looks, statuses, strict=True))


def _unseen(uris: Mapping[str, str], status: Mapping[str, int | None]) -> Iterator[Finding]:
    for purpose, uri in uris.items():
        if status[uri] == 404:
            text = f"{uri} does not exist, or the owner does not see it (404)"
            yield Finding(f"reports.{purpose}", "wrong", text, f"check uri in [reports.{purpose}]")
        elif status[uri] == 403 and purpose not in CLOSED:
            text = f"the owner may not read {uri} (403)"
            yield Finding(f"reports.{purpose}", "note", text, "give the owner permission to read it")


def _run(step: Steps, purpose: str, uri: str) -> Iterator[Finding]:
    """Whether a report that the repository does not show can be run; its execution is removed."""
    ran = step(f"try-{purpose}", operations.run(uri), identity="owner")
    yield from _refused(purpose, uri, ran)
    _remove(step, ran)


def _refused(purpose: str, uri: str, ran: Exchange) -> Iterator[Finding]:
    if ran.response is not None and ran.response.status_code in REFUSED:
        answered = ran.response.status_code
        text = f"a run of {uri} is answered with {answered}: it does not exist, or the owner may not run it"
        yield Finding(f"reports.{purpose}", "wrong", text, f"check uri in [reports.{purpose}]")


def _count(step: Steps, facts: Mapping[str, Any], *, is_shown: bool) -> Iterator[Finding]:
    """Run the report of several pages: neither its number of pages nor its output may contradict target.toml."""
    members: dict[str, Any] = {"outputFormat": "csv", "async": False}
    ran = step(f"try-{COUNTED}", operations.run(facts["uri"], **members), identity="owner")
    if not is_shown:
        yield from _refused(COUNTED, facts["uri"], ran)
    try:
        total = descriptors.member(ran, "totalPages") if ran.succeeded else None
        if isinstance(total, int) and total != facts["pages"] and not _shows_all(step, ran, facts):
            text = f"its run has {total} pages, and its output does not show page {facts['pages']}"
            yield Finding(f"reports.{COUNTED}", "wrong", text, f"correct pages or page_text in [reports.{COUNTED}]")
    except (Broken, NotReached):  # an answer that cannot be read is left to the checks
        pass
    _remove(step, ran)


def _shows_all(step: Steps, ran: Exchange, facts: Mapping[str, Any]) -> bool:
    """Whether the output shows the last page that target.toml speaks of."""
    request = operations.output(descriptors.id_of(ran), descriptors.first_export(ran))
    output = step(f"try-{COUNTED}-output", request, identity="owner")
    return output_text.shows(output, purposes.page_text(facts, facts["pages"]))


def _remove(step: Steps, ran: Exchange) -> None:
    if id := descriptors.request_id(ran) if ran.succeeded else None:
        step("delete", operations.delete(id), identity="owner")
