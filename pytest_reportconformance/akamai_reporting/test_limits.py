"""Checks of rate limits, on requests of other flows that were limited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from pytest_reportconformance.akamai_reporting import discovery, observation
from pytest_reportconformance.judging import expect
from pytest_reportconformance.register.register import requirement
from pytest_reportconformance.transcript.exchange import LIMITED, Exchange
from pytest_reportconformance.transcript.transcript import Transcript

HEADER = re.compile(r"(.*rate-?limit)-(limit|remaining|refill|next)", re.IGNORECASE)

Groups = list[tuple[Exchange, dict[str, str]]]


def limited(*transcripts: Transcript) -> list[Exchange]:
    """The answers 429; not applicable if there is none."""
    found = [exchange for transcript in transcripts for exchange in transcript.all(LIMITED)]
    expect.applies(found != [], "no request was answered 429")
    return found


def headers(*transcripts: Transcript) -> Groups:
    """The rate limit headers of each answer that has some, by their last word; not applicable if none has."""
    found = [(exchange, group) for one in transcripts for exchange in one for group in _groups(exchange)]
    expect.applies(found != [], "no answer has rate limit headers")
    return found


def _groups(exchange: Exchange) -> Iterator[dict[str, str]]:
    groups: dict[str, dict[str, str]] = {}
    for name, value in exchange.response.headers if exchange.response is not None else ():
        if match := HEADER.fullmatch(name):
            groups.setdefault(match[1].lower(), {})[match[2].lower()] = value.strip()
    yield from groups.values()


def is_moment(text: str) -> bool:
    """Whether a text is a date and time: RFC 3339, HTTP-date, or seconds since the epoch."""
    if observation.is_date_time(text) or re.fullmatch(r"\d{9,13}", text):
        return True
    try:
        return parsedate_to_datetime(text.removesuffix(" Z")) is not None
    except (ValueError, TypeError):
        return False


@requirement("akamai_reporting.limits.exceeded")
def test_a_limit_exceeded_is_a_problem_document(
    shielded: Transcript, refused: Transcript, touched: Transcript, separated: Transcript
) -> None:
    for exchange in limited(shielded, refused, touched, separated):
        if exchange.request.method == "HEAD":
            continue
        expect.media_type(exchange, "application/problem+json")
        found = discovery.problem(exchange) or {}
        expect.equal(found.get("status"), 429, "the member status", exchange)


@requirement("akamai_reporting.limits.exceeded-retry-time")
def test_a_limit_exceeded_gives_the_time_of_the_next_request(
    shielded: Transcript, refused: Transcript, touched: Transcript, separated: Transcript
) -> None:
    for exchange in limited(shielded, refused, touched, separated):
        advice = exchange.header_values("Retry-After") or any("next" in group for group in _groups(exchange))
        present = sorted({name for name, _ in exchange.answer.headers})
        expect.that(bool(advice), "Retry-After or a rate limit header next", present, exchange)


def limited_polls(transcript: Transcript) -> list[Exchange]:
    """The polls by the owner that were answered 429."""
    links = {exchange.request.url for exchange in transcript if exchange.name.endswith("-poll")}
    found = [exchange for exchange in transcript.all(LIMITED) if exchange.request.url in links]
    return [exchange for exchange in found if exchange.identity == "owner" and exchange.request.method == "GET"]


@requirement("akamai_reporting.limits.query-becomes-ready")
def test_a_query_survives_the_limit(shielded: Transcript, refused: Transcript, touched: Transcript) -> None:
    polls = [(transcript, poll) for transcript in (shielded, refused, touched) for poll in limited_polls(transcript)]
    expect.applies(polls != [], "no poll was answered 429")
    for transcript, poll in polls:
        same = [one for one in transcript if one.request.url == poll.request.url and one.identity == poll.identity]
        later = [one for one in same if one.started > poll.started and one.request.method == "GET"]
        served = [one for one in later if one.succeeded]
        refused_later = [
            one for one in later if one.response is not None and one.response.status_code not in (303, 429)
        ]
        expect.seen(bool(served or refused_later), f"{poll.line} was not fetched again until its end")
        expect.that(bool(served), "the data of the query after a 429", [one.status_code for one in later], poll)


@requirement("akamai_reporting.limits.header-integers")
def test_rate_limit_headers_are_integers(shielded: Transcript, refused: Transcript, touched: Transcript) -> None:
    for exchange, group in headers(shielded, refused, touched):
        for name in ("limit", "remaining", "refill"):
            value = group.get(name, "0")
            expect.that(re.fullmatch(r"-?\d+", value) is not None, f"an integer {name}", value, exchange)


@requirement("akamai_reporting.limits.header-remaining")
def test_the_remaining_header_is_not_above_the_limit(
    shielded: Transcript, refused: Transcript, touched: Transcript
) -> None:
    for exchange, group in headers(shielded, refused, touched):
        if all(re.fullmatch(r"\d+", group.get(name, "")) for name in ("remaining", "limit")):
            good = int(group["remaining"]) <= int(group["limit"])
            expect.that(good, f"at most {group['limit']} remaining", group["remaining"], exchange)


@requirement("akamai_reporting.limits.header-next")
def test_the_next_header_is_a_date(shielded: Transcript, refused: Transcript, touched: Transcript) -> None:
    for exchange, group in headers(shielded, refused, touched):
        if "next" in group:
            expect.that(is_moment(group["next"]), "a date and time", group["next"], exchange)
