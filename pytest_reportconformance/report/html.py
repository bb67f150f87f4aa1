"""The HTML report: one file that opens from disk, without scripts and without the network.

Rule: the only user of jinja2, with escaping on. The Content-Security-Policy allows the one style sheet, by its digest,
and nothing else; filters are CSS alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from pytest_reportconformance.judging import outcome_table
from pytest_reportconformance.judging.outcome_table import VERDICTS, Outcome
from pytest_reportconformance.report import change_groups, matrix, timeline
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.transcript import curl
from pytest_reportconformance.transcript.exchange import Exchange, Response
from pytest_reportconformance.transcript.parsing import visible
from pytest_reportconformance.transcript.transcript import Transcript

FOLDER = Path(__file__).parent
PAGE, STEPS = "page.html", "steps.html"
LEVELS = ("MUST", "SHOULD", "MAY")
LONGEST_BODY = 4000
LONGEST_FIELD = 500
MOST_FIELDS = 60
MOST_EXCHANGES = 40
MOST_STEPS = 12


@cache
def template(name: str) -> Template:
    """A template of this folder, compiled once."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        finalize=_printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"slug": slug, "seconds": seconds, "visible": visible, "link": link}
    return environment.get_template(name)


def _printable(value: Any) -> Any:
    """What the page prints: text without control characters; what is markup already stays."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def link(url: str) -> str:
    """An address that a reader may follow; '#' for every scheme but http and https."""
    return url if url.lower().startswith(("http://", "https://")) else "#"


def prepare() -> None:
    """Compile what a page needs."""
    for name in (PAGE, STEPS):
        template(name)


def render(stored: Stored) -> Iterator[str]:
    """The page, in pieces."""
    record = stored.record
    sections = [(outcome_table.find(outcome), _with(stored, outcome)) for outcome in record["totals"]["requirements"]]
    operations = list(dict.fromkeys(slug(one["operation"]) for one in record["requirements"]))
    style = _style([outcome.name for outcome, _ in sections], operations)
    yield from template(PAGE).generate(
        record=record,
        sections=sections,
        operations=operations,
        levels=LEVELS,
        accepted=outcome_table.names("accepted"),
        lists=_lists(stored),
        style=Markup(style),
        digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        timeline=timeline.build(stored),
        matrix=matrix.build(record["requirements"]),
        scenarios=_scenarios(stored),
        comparison=change_groups.page(record.get("comparison")),
        absent=change_groups.ABSENT,
        bar=_bar(record["totals"]["requirements"]),
    )


@cache
def slug(text: str) -> str:
    """A text as a name in CSS and in links."""
    return "".join(char if char.isalnum() or char in "._-" else "-" for char in text)


def seconds(value: float) -> str:
    """A duration for readers."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def _style(outcomes: Iterable[str], operations: Iterable[str]) -> str:
    """The style sheet with a rule for each filter."""
    rules = [(FOLDER / "page.css").read_text(encoding="utf-8")]
    rules += [
        f".{slug(one.name)}{{--tone:var(--{one.tone});--fill:var(--{_fill(one)})}}" for one in outcome_table.OUTCOMES
    ]
    rules += [f"header.page.{slug(one.name)} .verdict{{color:var(--{one.tone})}}" for one in VERDICTS]
    for outcome in outcomes:
        name = slug(outcome)
        rules.append(f"body:has(#show-{name}:not(:checked)) section.outcome.{name}{{display:none}}")
    for level in LEVELS:
        hidden = f"body:has(#level-{level}:not(:checked))"
        rules.append(f"{hidden} .requirement[data-level={level}]{{display:none}}")
    for operation in operations:
        chosen = f'body:has(#operation option[value="{operation}"]:checked)'
        rules.append(f'{chosen} .requirement:not([data-operation="{operation}"]){{display:none}}')
        rules.append(f'{chosen} section.outcome:not([data-operations~="{operation}"]){{display:none}}')
    return "\n".join(rules) + "\n"


def _fill(outcome: Outcome) -> str:
    """The color of dots and of the bar: what is not decided is paler than what is wrong."""
    return "wait" if outcome.group == "undecided" and outcome.tone == "doubt" else outcome.tone


def _bar(totals: dict[str, int]) -> list[tuple[str, int, float, float]]:
    """The pieces of the bar of outcomes: outcome, count, place and width in percent; judged requirements alone."""
    counted = [(outcome, totals[outcome]) for outcome in outcome_table.checked() if outcome in totals]
    total = sum(count for _, count in counted) or 1
    places = [sum(count for _, count in counted[:number]) for number in range(len(counted))]
    return [
        (outcome, count, round(100 * place / total, 3), round(100 * count / total, 3))
        for (outcome, count), place in zip(counted, places, strict=True)
    ]


def _with(stored: Stored, outcome: str) -> list[dict[str, Any]]:
    return [_requirement(stored, one) for one in stored.record["requirements"] if one["outcome"] == outcome]


def _requirement(stored: Stored, requirement: dict[str, Any]) -> dict[str, Any]:
    keys = dict.fromkeys(key for check in requirement["checks"] for key in check["evidence"]["transcripts"])
    checks = [
        {**check, "shown": _shown(stored, check), "walk": "\ncurl " in (check["curl"] or "")}
        for check in requirement["checks"]
    ]
    return {**requirement, "checks": checks, "transcripts": list(keys)}


def _shown(stored: Stored, check: dict[str, Any]) -> dict[str, Any] | None:
    exchange = stored.shown_by(check) if check["evidence"]["step"] else None
    return None if exchange is None else _exchange(exchange)


def _lists(stored: Stored) -> dict[str, Markup]:
    """The list of the first steps of each transcript, rendered once for all requirements that rest on it."""
    return {
        scenario["name"]: Markup(template(STEPS).render(key=scenario["name"], steps=_steps(stored, transcript)))
        for scenario, transcript in stored.outlines()
        if transcript.exchanges
    }


def _steps(stored: Stored, transcript: Transcript) -> list[dict[str, Any]]:
    """The first steps of a transcript in a line each, addresses without the target's."""
    base = stored.record["target"]["url"]
    return [
        {
            "number": number,
            "name": one.name,
            "identity": one.identity,
            "line": _short(one.line.replace(base, ""), LONGEST_FIELD),
            "status": _status(one),
        }
        for number, one in enumerate(transcript.exchanges[:MOST_STEPS])
    ]


def _scenarios(stored: Stored) -> list[dict[str, Any]]:
    return [
        {
            **scenario,
            "exchanges": [_exchange(one) for one in transcript.exchanges[:MOST_EXCHANGES]],
            "more": max(len(transcript.exchanges) - MOST_EXCHANGES, 0),
            "waits": transcript.waits,
        }
        for scenario, transcript in stored.outlines()
    ]


def _exchange(exchange: Exchange) -> dict[str, Any]:
    request, response = exchange.request, exchange.response
    return {
        "name": exchange.name,
        "identity": exchange.identity,
        "line": _short(exchange.line, LONGEST_FIELD),
        "status": _status(exchange),
        "seconds": exchange.seconds,
        "request_headers": _fields(request.headers),
        "request_body": _body(request.body),
        "error": exchange.error.text if exchange.error else None,
        "response_headers": _fields(response.headers) if response else [],
        "response_body": _body(response.body if response.body is not None else response.head) if response else None,
        "size": response.size if response else None,
        "sha256": response.sha256 if response else None,
        "establishes": exchange.establishes,
        "observations": json.dumps(dict(exchange.observations), ensure_ascii=False)[:LONGEST_BODY],
        "curl": _short(curl.line(exchange), LONGEST_BODY),
    }


def _status(exchange: Exchange) -> str:
    response: Response | None = exchange.response
    return visible(f"{response.status} {response.reason}".strip()) if response else "no answer"


def _fields(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Header fields for readers: the first ones, long values cut."""
    return [(_short(name, LONGEST_FIELD), _short(value, LONGEST_FIELD)) for name, value in list(fields)[:MOST_FIELDS]]


def _short(text: str, longest: int) -> str:
    return visible(text if len(text) <= longest else text[: longest - 1] + "…")


def _body(body: bytes | None) -> str | None:
    """A body for readers: text, cut if it is long; binary bodies are only counted."""
    if not body:
        return None
    try:
        text = body[:LONGEST_BODY].decode("utf-8", "strict" if len(body) <= LONGEST_BODY else "ignore")
    except UnicodeDecodeError:
        return f"{len(body)} bytes that are not text"
    if "\x00" in text:
        return f"{len(body)} bytes that are not text"
    more = f"\n… {len(body) - LONGEST_BODY} more bytes" if len(body) > LONGEST_BODY else ""
    return visible(text) + more
