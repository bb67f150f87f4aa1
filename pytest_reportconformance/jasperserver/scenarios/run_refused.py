"""Runs that are refused: unknown and forbidden reports, malformed page ranges and bodies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_reportconformance.jasperserver import operations
from pytest_reportconformance.jasperserver.media import JSON, STATUS_MEDIA, XML
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import scenario
from pytest_reportconformance.target.target import ANONYMOUS, Target

MODES: dict[str, dict[str, Any]] = {"async": {"async": True}, "sync": {"async": False}}
BAD_PAGES = {"word": "abc", "list": "1,2", "negative": "-1", "open": "1-"}
BODIES: dict[str, tuple[bytes, str]] = {
    "malformed-json": (b'{"reportUnitUri": "/', JSON),
    "malformed-xml": (b"<reportExecutionRequest><reportUnitUri>/", XML),
    "empty-json": (b"", JSON),
    "empty-xml": (b"", XML),
    "null": (b"null", JSON),
    "no-uri-json": (b'{"async":true,"outputFormat":"html"}', JSON),
    "no-uri-xml": (
        b"<reportExecutionRequest><async>true</async><outputFormat>html</outputFormat></reportExecutionRequest>",
        XML,
    ),
}


def absent(target: Target) -> str:
    """The path of a report that does not exist, in the folder of one that does."""
    return f"{target.report('fast')['uri']}_that_nobody_made"


@scenario(needs=["fast", "multi"])
def run_refused(step: Steps, target: Target) -> None:
    """Runs that no server has to accept; an execution that one starts nevertheless is removed."""
    multi = target.report("multi")["uri"]
    for family in ("json", "xml"):
        media = STATUS_MEDIA[family]
        for mode, members in MODES.items():
            request = operations.run(absent(target), media=media, accept=media, **members)
            step(f"unknown-report-{family}-{mode}", request)
        for name, pages in BAD_PAGES.items():
            step(f"pages-{name}-{family}", operations.run(multi, media=media, accept=media, pages=pages))
        step(f"pages-reversed-{family}", operations.run(multi, media=media, accept=media, pages="3-1"))
    for name, (body, media) in BODIES.items():
        step(name, operations.raw_run(body, media=media, accept=media))
    step("text-plain", operations.raw_run(_body(target), media="text/plain"))
    step("parameters-array", operations.raw_run(_body(target, '"parameters":[{"name":"a","value":["1"]}],')))
    step("unknown-format", operations.run(target.report("fast")["uri"], outputFormat="abacus", **MODES["sync"]))


def _body(target: Target, more: str = "") -> bytes:
    return f'{{{more}"async":true,"outputFormat":"html","reportUnitUri":"{target.report("fast")["uri"]}"}}'.encode()


@scenario(needs=["forbidden"])
def run_forbidden(step: Steps, target: Target) -> None:
    """A report that its owner may not run."""
    uri = target.report("forbidden")["uri"]
    for family in ("json", "xml"):
        media = STATUS_MEDIA[family]
        for mode, members in MODES.items():
            step(f"{family}-{mode}", operations.run(uri, media=media, accept=media, **members))
    slash = operations.run(uri)
    step("url-with-slash", replace(slash, url=slash.url + "/"))
    step("uri-with-slash", operations.run(f"{uri}/"))
    step("uri-with-prefix", operations.run(f"repo:{uri}"))


@scenario(needs=["fast", "slow", "forbidden"], exclusive=True)
def run_nothing(step: Steps, target: Target) -> None:
    """What can be found before and after runs that are refused, while the suite runs nothing else."""
    forbidden, slow = target.report("forbidden")["uri"], target.report("slow")["uri"]
    _search(step, "before")
    step("forbidden", operations.run(forbidden))
    step("unknown", operations.run(absent(target)))
    step("anonymous", operations.run(slow), identity=ANONYMOUS)
    _search(step, "after")
    step.note(forbidden=forbidden, unknown=absent(target), slow=slow)


def _search(step: Steps, name: str) -> None:
    """Search as the owner and as each administrator."""
    for identity in ("owner", "admin", "superuser"):
        if step.has(identity):
            step(f"{name}-{identity}", operations.search(), identity=identity)
