"""Series of polls in transcripts: every GET of a query's Location, in order of time.

Rule: pure over transcripts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_reportconformance.akamai_reporting import links, observation
from pytest_reportconformance.akamai_reporting.fetches import fetches
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.akamai_reporting.query_results import NAMES
from pytest_reportconformance.judging import expect
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.transcript import Transcript, cut_short

NEW_SESSION = ("-fresh", "-backward-")
"""What the names of steps in sessions of their own hold."""


@dataclass(frozen=True)
class Series:
    """Every GET of a query's Location by its owner in one transcript, in order of time.

    `fresh` are those in sessions of their own; the others are `exchanges`.
    """

    name: str
    link: str
    submitted: Exchange
    exchanges: list[Exchange]
    fresh: list[Exchange]

    @property
    def ready(self) -> int | None:
        """The index of the first answer with data, None if there is none."""
        return next((at for at, one in enumerate(self.exchanges) if observation.has_data(one)), None)

    @property
    def pending(self) -> list[Exchange]:
        """The answers before the data was ready.

        If it never was ready, those before the last 303; another requirement judges the answers after that.
        """
        end = self.ready
        if end is None:
            end = max((at + 1 for at, one in enumerate(self.exchanges) if _status(one) == 303), default=0)
        return [one for one in self.exchanges[:end] if _status(one) != 429]

    @property
    def begins_anew(self) -> bool:
        """Whether it was pending again after it was ready."""
        return any(_status(one) == 303 for one in self.after)

    @property
    def after(self) -> list[Exchange]:
        """The answers from the first one with data on."""
        return [] if self.ready is None else self.exchanges[self.ready :]


def _status(exchange: Exchange) -> int:
    return exchange.response.status_code if exchange.response is not None else 0


def series(*transcripts: Transcript) -> list[Series]:
    """The series of GETs of all queries that were polled; raises NotReached if there is none."""
    found = list(_series(transcripts))
    if not found:
        raise cut_short(transcripts).not_reached("poll")
    return found


def _series(transcripts: Sequence[Transcript]) -> Iterator[Series]:
    for transcript in transcripts:
        for name in NAMES:
            link = transcript.facts.get(f"{name}-link")
            if link is None or f"{name}-submit" not in transcript:
                continue
            found = [one for one in fetches(transcript) if links.same(one.request.url, link)]
            fresh = [one for one in found if any(mark in one.name for mark in NEW_SESSION)]
            exchanges = [one for one in found if one not in fresh]
            if exchanges:
                yield Series(name, link, transcript[f"{name}-submit"], exchanges, fresh)


def pending(*transcripts: Transcript) -> list[tuple[Series, Exchange]]:
    """Every answer before the data was ready; not applicable if every query was ready at its first poll."""
    found = [(one, exchange) for one in series(*transcripts) for exchange in one.pending]
    expect.applies(bool(found), "every query was ready at its first poll")
    return found


def late(polled: Transcript) -> Page:
    """The last answer to the query that was not polled, before its own polling began."""
    name = "twin-late-2" if "twin-late-2" in polled else "twin-late-1"
    return Page(polled[name], polled.fact("twin-link"))
