"""Submissions in transcripts: every POST …/data?async=true, whichever scenario sent it.

Rule: pure over transcripts.
"""

from __future__ import annotations

import json

from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript, cut_short


def columns(submission: Exchange, *transcripts: Transcript) -> set[str]:
    """The columns that a submission requests, else those of the rows in its result."""
    if named := {*_listed(submission, "metrics"), *_listed(submission, "dimensions")}:
        return named
    query = submission.name.removesuffix("submit")
    answers = [one for transcript in transcripts for one in transcript.starting(query)]
    return {column for one in answers for column in one.observations.get("page", {}).get("sample", ())}


def _listed(submission: Exchange, member: str) -> list[str]:
    """A list of names in the body of a submission; empty if the body is sent malformed."""
    try:
        found: list[str] = json.loads(submission.request.body or b"{}").get(member, [])
    except ValueError:
        return []
    return found


def is_submission(exchange: Exchange) -> bool:
    """Whether a request is a POST …/data?async=true."""
    path, _, query = exchange.request.url.partition("?")
    return exchange.request.method == "POST" and path.endswith("/data") and "async=true" in query.split("&")


def accepted(*transcripts: Transcript) -> list[Exchange]:
    """The submissions that were answered 303; raises NotReached if there is none."""
    sent = [one for transcript in transcripts for one in transcript if is_submission(one)]
    found = [one for one in sent if one.response is not None and one.error is None and one.status_code == 303]
    if not found:
        raise cut_short(transcripts).not_reached("submit")
    return found
