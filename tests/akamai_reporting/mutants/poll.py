"""Mutants of polling."""

from __future__ import annotations

import time
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.problems import Refusal
from pytest_reportconformance.akamai_reporting.reference.query import Query
from pytest_reportconformance.http.server import Answer, Call
from tests.mutation.kill_matrix import kills


@kills("akamai_reporting.poll.immediate-poll", "akamai_reporting.poll.pending-status", "akamai_reporting.poll.too-fast")
class VisibleLater(Reference):
    """Answers the first poll of a slow query 404."""

    def pending(self, query: Query, call: Call, poll_number: int) -> Answer:
        return self.query_not_found() if poll_number == 1 else super().pending(query, call, poll_number)


class ChangesPending(Reference):
    """Sends pending answers that `changed` has changed."""

    def pending(self, query: Query, call: Call, poll_number: int) -> Answer:
        return self.changed(super().pending(query, call, poll_number), query, call, poll_number)

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        raise NotImplementedError


@kills("akamai_reporting.poll.pending-status", "akamai_reporting.poll.too-fast")
class AcceptedOnTheThirdPoll(ChangesPending):
    """Answers the third poll 202."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        answer.status = 202 if poll_number == 3 else 303
        return answer


@kills("akamai_reporting.poll.pending-status", "akamai_reporting.poll.too-fast")
class TemporaryRedirect(ChangesPending):
    """Answers the second poll 307."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        answer.status = 307 if poll_number == 2 else 303
        return answer


@kills("akamai_reporting.poll.pending-location")
class NoLocationOnTheThirdPoll(ChangesPending):
    """Omits the Location on the third poll."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        return answer.replace("Location", None) if poll_number == 3 else answer


@kills("akamai_reporting.poll.pending-same-link")
class CountsPollsInTheLink(ChangesPending):
    """Adds the number of the poll to the link, from the third on."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        link = answer.header("Location") or ""
        return answer.replace("Location", f"{link}?poll={poll_number}") if poll_number > 2 else answer


@kills("akamai_reporting.poll.pending-same-link")
class DropsTheEqualsSign(ChangesPending):
    """Omits the equals sign at the end of the id on the second poll."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        link = answer.header("Location") or ""
        return answer.replace("Location", link.rstrip("=")) if poll_number == 2 else answer


@kills("akamai_reporting.poll.pending-same-link")
class EscapesThePlus(ChangesPending):
    """Percent-encodes the plus of the id on the third poll."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        link = answer.header("Location") or ""
        return answer.replace("Location", link.replace("+", "%2B")) if poll_number == 3 else answer


@kills("akamai_reporting.poll.pending-same-spelling")
class AbsoluteOnTheSecondPoll(ChangesPending):
    """Writes the same link as an absolute URL on the second poll."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        whole = f"http://{call.header('Host')}{answer.header('Location')}"
        return answer.replace("Location", whole) if poll_number == 2 else answer


@kills("akamai_reporting.poll.pending-same-spelling")
class EscapesTheDot(ChangesPending):
    """Percent-encodes the dot of the id on the third poll."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        link = (answer.header("Location") or "").replace("/queries/.", "/queries/%2E")
        return answer.replace("Location", link) if poll_number == 3 else answer


@kills("akamai_reporting.poll.pending-no-rows")
class RowsBeforeTheyAreReady(ChangesPending):
    """Sends rows with the second pending answer."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        if poll_number == 2:
            answer.body = self.page_answer(query, 0).body
        return answer


@kills("akamai_reporting.poll.pending-no-rows")
class BlocksBeforeTheyAreReady(ChangesPending):
    """Sends rows as CSV blocks with the third pending answer."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        if poll_number == 3:
            answer.body = self.page_blocks(query, 0).body
        return answer


@kills("akamai_reporting.poll.pending-not-fresh")
class PendingIsFreshForAMinute(ChangesPending):
    """Has max-age=60 in the second pending answer."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        return answer.replace("Cache-Control", "private, max-age=60") if poll_number == 2 else answer


@kills("akamai_reporting.poll.pending-not-fresh")
class PendingIsFreshForSharedCaches(ChangesPending):
    """Has s-maxage=30 in pending answers."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        return answer.replace("Cache-Control", "max-age=0, s-maxage=30")


@kills("akamai_reporting.poll.pending-not-fresh")
class ExpiresLater(ChangesPending):
    """Has an Expires of one hour later in pending answers."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        later = format_datetime((self.now() + timedelta(hours=1)).replace(microsecond=0), usegmt=True)
        return answer.replace("Cache-Control", None).replace("Expires", later)


@kills("akamai_reporting.poll.retry-after-present")
class NoAdviceOnTheThirdPoll(ChangesPending):
    """Omits Retry-After on the third poll."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        return answer.replace("Retry-After", None) if poll_number == 3 else answer


@kills("akamai_reporting.poll.retry-after-valid")
class AdvisesSoon(ChangesPending):
    """Has `soon` as Retry-After on the second poll."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        return answer.replace("Retry-After", "soon") if poll_number == 2 else answer


@kills("akamai_reporting.poll.retry-after-valid")
class AdvisesThePast(ChangesPending):
    """Has -5 as Retry-After on the first poll."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        return answer.replace("Retry-After", "-5") if poll_number == 1 else answer


@kills("akamai_reporting.poll.retry-after-valid")
class AdvisesInAnotherZone(ChangesPending):
    """Has a date with another time zone as Retry-After on the third poll."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        soon = format_datetime(self.now().replace(microsecond=0))
        return answer.replace("Retry-After", soon) if poll_number == 3 else answer


@kills("akamai_reporting.poll.becomes-ready")
class GoneWhenReady(Reference):
    """Answers an unpaged slow query 404 when it should be ready."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        if query.selection.report.slow and query.selection.limit is None:
            return self.query_not_found()
        return super().ready(query, page, format)


@kills("akamai_reporting.poll.becomes-ready", "akamai_reporting.poll.too-fast-becomes-ready")
class ForgetsQueriesPolledTooFast(Reference):
    """Forgets a query that was polled while it was pending."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.polled_early: set[str] = set()

    def pending(self, query: Query, call: Call, poll_number: int) -> Answer:
        self.polled_early.add(query.token)
        return super().pending(query, call, poll_number)

    def ready(self, query: Query, page: int, format: str) -> Answer:
        return self.query_not_found() if query.token in self.polled_early else super().ready(query, page, format)


@kills("akamai_reporting.poll.stays-ready")
class PendingAgain(Reference):
    """Is pending once more at the fourth GET of a ready slow query."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        if query.selection.report.slow and query.fetches == 4:
            raise Refusal(self.redirect(query, self.href_of(query, 0)))
        return super().ready(query, page, format)


@kills("akamai_reporting.poll.stays-ready")
class RedirectsToTheFirstPage(Reference):
    """Answers the second GET of a ready limited query 303, to the same link."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        if query.selection.limit == 1 and query.fetches == 2:
            raise Refusal(self.redirect(query, self.href_of(query, 0)))
        return super().ready(query, page, format)


@kills(
    "akamai_reporting.poll.link-of-own-query",
    "akamai_reporting.poll.pending-same-link",
)
class LocationOfAnotherQuery(ChangesPending):
    """Answers the third poll of a limited query with the link of the unlimited one that is pending as well."""

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        if poll_number != 3 or query.selection.limit != 1:
            return answer
        others = []
        for _ in range(20):  # the other scenario may submit a moment later
            slow = [one for one in [*self.queries.values()] if one.selection.report.slow]
            others = [one for one in slow if [other.selection for other in slow].count(one.selection) > 1]
            if others:
                return answer.replace("Location", self.href_of(others[0], 0))
            time.sleep(0.02)
        return answer


@kills("akamai_reporting.poll.rows-of-own-query")
class RowsOfAnother(Reference):
    """Returns the rows of the limited query for a slow query that is equal to an earlier one."""

    def ready(self, query: Query, page: int, format: str) -> Answer:
        slow = [one for one in self.queries.values() if one.selection.report.slow]
        limited = [one for one in slow if one.selection.limit == 1]
        same = [one for one in slow if one.selection == query.selection]
        return super().ready(limited[0] if limited and len(same) > 1 and query is same[1] else query, page, format)


@kills("akamai_reporting.poll.without-session", "akamai_reporting.pages.any-order")
class RequiresTheSession(Reference):
    """Finds a query only for the session that submitted it."""

    def finished(self, call: Call, answer: Answer) -> Answer:
        answer.headers.append(("Set-Cookie", "session=abc; Path=/"))
        return super().finished(call, answer)

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        return super().fetch(call, query, page) if call.header("Cookie") else self.query_not_found()


@kills("akamai_reporting.poll.without-session")
class NewSessionsSeeLess(Reference):
    """Omits the last row of a slow query in answers to requests without cookies."""

    def finished(self, call: Call, answer: Answer) -> Answer:
        answer.headers.append(("Set-Cookie", "session=abc; Path=/"))
        return super().finished(call, answer)

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        whole = query.rows
        if query.selection.report.slow and not call.header("Cookie") and query.fetches > 0:
            query.rows = whole[:-1]
        answer = super().fetch(call, query, page)
        query.rows = whole
        return answer


@kills("akamai_reporting.poll.without-session")
class NewSessionsGetAnotherLocation(ChangesPending):
    """Has another Location in answers to polls without cookies."""

    def finished(self, call: Call, answer: Answer) -> Answer:
        answer.headers.append(("Set-Cookie", "session=abc; Path=/"))
        return super().finished(call, answer)

    def changed(self, answer: Answer, query: Query, call: Call, poll_number: int) -> Answer:
        return (
            answer if call.header("Cookie") else answer.replace("Location", f"{answer.header('Location')}?session=new")
        )


@kills("akamai_reporting.poll.ready-without-polling")
class NeedsThreePolls(Reference):
    """Processes a query only at polls, and has it ready after the third."""

    def is_pending(self, query: Query, poll_number: int) -> bool:
        return query.selection.report.slow and poll_number <= 3


@kills("akamai_reporting.poll.advised-interval")
class AdvisedPollIsLimited(Reference):
    """Answers the first poll after the advised time 429."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.warned: set[str] = set()

    def fetch(self, call: Call, query: Query, page: int) -> Answer:
        kept = query.selection.report.slow and self.seconds_left(query) == 0
        if kept and query.token not in self.warned:
            self.warned.add(query.token)
            answer = self.problem(429, "rate-limit-exceeded", "Rate limit exceeded", "Slow down")
            return answer.replace("Retry-After", "1")
        return super().fetch(call, query, page)


@kills("akamai_reporting.poll.too-fast", "akamai_reporting.poll.pending-status")
class FastPollIsAServerError(Reference):
    """Answers the third poll in a row 503."""

    def pending(self, query: Query, call: Call, poll_number: int) -> Answer:
        if poll_number == 3:
            return self.problem(503, "unavailable", "Unavailable", "Too fast")
        return super().pending(query, call, poll_number)
