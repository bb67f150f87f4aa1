"""The GETs of queries and their pages in transcripts, whatever the names of their steps.

Rule: pure over transcripts.
"""

from __future__ import annotations

from collections.abc import Iterator

from pytest_reportconformance.transcript.exchange import LIMITED, Exchange
from pytest_reportconformance.transcript.transcript import Transcript

OWNER = "owner"


def fetches(transcript: Transcript) -> tuple[Exchange, ...]:
    """The GETs by the owner whose answers were observed as pages, until a method that has no meaning is sent to one."""
    return transcript.once("fetches", lambda one: tuple(_fetches(one)))


def _fetches(transcript: Transcript) -> Iterator[Exchange]:
    for one in transcript:
        if one.request.method == "GET":
            if one.identity == OWNER and one.name != LIMITED and ("page" in one.observations or one.response is None):
                yield one
        elif one.request.method != "HEAD" and "/queries/" in one.request.url:
            return
