"""Equal requests of a run, whichever scenario sent them, with the rows of their whole results.

Rule: pure over transcripts. The rows of a report can change between two equal requests. They are taken as fixed only if
all other whole results, some requested before and some after, hold the same rows.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pytest_reportconformance.akamai_reporting import links, observation
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_results import NAMES, QueryResult, Transcripts, first_answer, query
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript

ENOUGH = 3
"""How many other results have to agree."""
FREE = ("async", "pageSize")
"""The arguments that do not select rows."""


@dataclass(frozen=True)
class Whole:
    """The whole result of a request: its rows, and when it was requested and answered."""

    request: str
    exchange: Exchange
    rows: Counter[str]
    began: float
    ended: float


def key(exchange: Exchange) -> str | None:
    """What a POST selects, equal for equal requests; None without start and end, with a limit, or with another body."""
    arguments = parse_qs(urlsplit(exchange.request.url).query)
    selecting = {name: values for name, values in arguments.items() if name not in FREE}
    try:
        body = json.loads(exchange.request.body or b"{}")
    except ValueError:
        return None
    if not isinstance(body, dict) or "limit" in body or not {"start", "end"} <= selecting.keys():
        return None
    return json.dumps([links.report_of(exchange.request.url), selecting, body], sort_keys=True)


def wholes(transcript: Transcript) -> tuple[Whole, ...]:
    """The whole results of a transcript, in both modes."""
    return transcript.once("whole results", lambda one: (*_at_once(one), *_fetched(one)))


def _at_once(transcript: Transcript) -> Iterator[Whole]:
    yield from (one for one, more in _answered_at_once(transcript) if more is not True)


def _answered_at_once(transcript: Transcript) -> Iterator[tuple[Whole, Any]]:
    """The synchronous answers, each with its hasMoreRows."""
    for one in transcript:
        if one.request.method == "POST" and "page" in one.observations and "pageSize" not in one.request.url:
            page, found = Page(one, ""), key(one)
            if found is not None and page.has_data and page.described:
                whole = Whole(found, one, Counter(page.rows), one.started, one.started + one.seconds)
                yield whole, page.metadata.get("hasMoreRows")


def _fetched(transcript: Transcript) -> Iterator[Whole]:
    for result in results(transcript):
        pages = result.pages
        found = None if _is_paged(result) or len(pages) > 1 else key(result.submitted)
        if found is not None and pages[0].has_data and pages[0].link("next") is None:
            last = pages[0].exchange
            rows, began = Counter(pages[0].rows), result.submitted.started
            yield Whole(found, last, rows, began, last.started + last.seconds)


def results(transcript: Transcript) -> list[QueryResult]:
    """The queries of a transcript that were polled."""
    return [query(transcript, name) for name in NAMES if first_answer(transcript, name)]


def fixed(request: str, began: float, ended: float, known: list[Whole]) -> Counter[str] | None:
    """The rows of a request that did not change from one time to another; None if they may have changed.

    `known` are other whole results.
    """
    same = [one for one in known if one.request == request]
    agree = len(same) >= ENOUGH and all(one.rows == same[0].rows for one in same)
    around = any(one.ended < began for one in same) and any(one.began > ended for one in same)
    return same[0].rows if agree and around else None


def beside(transcripts: Transcripts) -> list[tuple[Whole, Counter[str]]]:
    """Every whole result with the fixed rows of its request, by all others."""
    known = [one for transcript in transcripts for one in wholes(transcript)]
    pairs = [
        (one, fixed(one.request, one.began, one.ended, [other for other in known if other is not one])) for one in known
    ]
    return [(one, rows) for one, rows in pairs if rows is not None]


def at_once_beside(transcripts: Transcripts) -> list[tuple[Whole, Any]]:
    """The synchronous answers that hold exactly the fixed rows of their request, by all others, with hasMoreRows."""
    known = [one for transcript in transcripts for one in wholes(transcript)]
    answers = [pair for transcript in transcripts for pair in _answered_at_once(transcript)]
    return [
        (one, more)
        for one, more in answers
        if fixed(one.request, one.began, one.ended, [other for other in known if other.exchange is not one.exchange])
        == one.rows
    ]


def pages_beside(transcripts: Transcripts) -> list[tuple[Page, dict[str, int], Counter[str]]]:
    """A page of every query with a page size, the rows of all its pages, and the fixed rows of its request."""
    known = [one for transcript in transcripts for one in wholes(transcript)]
    found = []
    for result in [one for transcript in transcripts for one in results(transcript) if _is_paged(one)]:
        pages = [*{links.normal(page.url): page for page in result.distinct if page.has_data}.values()]
        request = key(result.submitted)
        if pages and request is not None:
            last = max(page.exchange.started for page in pages)
            rows = fixed(request, result.submitted.started, last, known)
            found += [(pages[-1], observation.multiset(pages), rows)] if rows is not None else []
    return found


def _is_paged(result: QueryResult) -> bool:
    return result.transcript.facts.get(f"{result.name}-size") is not None
