"""Pages of scenarios: what each one plays, what it needs, and the steps that a run against the reference server has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from docs.generator import repository
from docs.generator.markdown import Page, code, folded, prose, table, target
from pytest_reportconformance.register import apis
from pytest_reportconformance.scenarios import Scenario
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript
from tests.coverage.cases import played

MOST = 70
"""Characters of a URL."""

OPAQUE = 20
"""Characters from which a part of a URL is an identifier or a time, which another run does not have."""


def pages() -> Iterator[Page]:
    """A page for each API."""
    for api in repository.names():
        yield Page(f"reference/scenarios-{api.replace('_', '-')}", page(api, played(api)))


def page(api: str, transcripts: list[Transcript]) -> str:
    """The scenarios of an API, in the order of their modules."""
    parts = [
        f"# Scenarios of {api}\n\nEach scenario is a fixture of the same name, which returns its transcript: "
        '`cancelled["cancel-json"]` is the exchange of the step `cancel-json`. A test that uses a scenario with '
        "variants is run once for each. The steps are those of a run against the reference server.\n\n"
    ]
    recorded: dict[str, list[Transcript]] = {}
    for transcript in sorted(transcripts, key=lambda one: one.scenario):
        recorded.setdefault(transcript.scenario.partition("[")[0], []).append(transcript)
    for scenario in apis.scenarios(api).values():
        parts += [f"{target(f'scenario-{api}-{scenario.name}')}## {scenario.name}\n\n{prose(scenario.says)}\n\n"]
        parts += [*facts(scenario), *(steps(one) for one in recorded.get(scenario.name, ()))]
    return "".join(parts)


def facts(scenario: Scenario) -> Iterator[str]:
    """What a scenario needs and which variants it has."""
    if scenario.needs:
        yield f"* reports that it needs: {', '.join(map(code, scenario.needs))}\n"
    if scenario.params:
        yield f"* variants: {', '.join(map(code, scenario.params))}\n"
    if scenario.exclusive:
        when = "is" if scenario.exclusive is True else "may be"
        yield f"* {when} played while no other scenario is: {prose(scenario.because)}\n"
    if scenario.read_only:
        yield "* does nothing that other users could notice\n"
    yield "\n"


def steps(transcript: Transcript) -> str:
    """The steps that were recorded, each name once, in order."""
    first: dict[str, Exchange] = {}
    for exchange in transcript.exchanges:
        first.setdefault(exchange.name, exchange)
    rows = [(code(name), one.identity, code(request(one)), status(one)) for name, one in first.items()]
    content = table(("step", "identity", "request", "status"), rows)
    return f"{folded(f'{len(rows)} steps of <code>{transcript.scenario}</code>', content)}\n" if rows else ""


def request(exchange: Exchange) -> str:
    """The method and the path of a request, without identifiers that no other run has."""
    url = urlsplit(exchange.request.url)
    parts = ("{id}" if len(part) >= OPAQUE else part for part in url.path.split("/"))
    query = re.sub(f"=[^&]{{{OPAQUE},}}", "=…", url.query)
    path = f"{'/'.join(parts)}{'?' if query else ''}{query}"
    return f"{exchange.request.method} {path if len(path) <= MOST else path[: MOST - 1] + '…'}"


def status(exchange: Exchange) -> str:
    """The status of an answer."""
    return str(exchange.status_code)
