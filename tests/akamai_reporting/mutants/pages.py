"""Liars about what the pages of a result hold."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from pytest_reportconformance.akamai_reporting.reference import Reference
from pytest_reportconformance.akamai_reporting.reference.catalogue import TIME_RANGES
from pytest_reportconformance.akamai_reporting.reference.query import Query
from tests.akamai_reporting.mutants.ready import ChangesMetadata, is_last
from tests.mutation.kill_matrix import kills

MISSING = "akamai_reporting.pages.nothing-missing"
EXTRA = "akamai_reporting.pages.nothing-extra"
SUM = "akamai_reporting.pages.total-rows-sum"


class OneMorePage(Query):
    """A query with a page more than its rows fill."""

    @property
    def page_count(self):
        return super().page_count + 1


def is_middle(query, page):
    """Whether a page has one before and one after it."""
    return 0 < page < query.page_count - 1


@kills("akamai_reporting.pages.full", MISSING, SUM)
class MiddlePageLosesItsLastRow(Reference):
    """Loses the last row of every middle page."""

    def rows_of(self, query, page):
        rows = super().rows_of(query, page)
        return rows[:-1] if is_middle(query, page) and query.page_size > 3 else rows


@kills("akamai_reporting.pages.full")
class FirstPageIsShort(Reference):
    """Has a first page of one row less, and a last page of one row more."""

    def rows_of(self, query, page):
        if query.page_size != 7:
            return super().rows_of(query, page)
        start = page * 7 - (page > 0)
        end = len(query.rows) if page + 1 == query.page_count else (page + 1) * 7 - 1
        return query.rows[start:end]


@kills("akamai_reporting.pages.full", "akamai_reporting.pages.at-most", EXTRA, SUM)
class OneRowOverlaps(Reference):
    """Ends every page but the last with the first row of the next."""

    def rows_of(self, query, page):
        size = query.page_size
        more = page + 1 < query.page_count and size > 3
        return query.rows[page * size : (page + 1) * size + more]


@kills("akamai_reporting.pages.full", "akamai_reporting.pages.at-most", EXTRA, SUM)
class MiddlePageIgnoresTheSize(Reference):
    """Sends all rows on the second page of several."""

    def rows_of(self, query, page):
        return query.rows if page == 1 and query.page_size > 3 else super().rows_of(query, page)


@kills(
    "akamai_reporting.pages.last-not-empty", "akamai_reporting.pages.count", "akamai_reporting.links.last-without-next"
)
class EmptyPageAfterTheLast(Reference):
    """Has an empty page behind a result whose last page is full."""

    def create_query(self, selection, identity):
        query = super().create_query(selection, identity)
        full = query.rows and len(query.rows) % query.page_size == 0 and query.page_size in (2, 3)
        query.__class__ = OneMorePage if full else query.__class__
        return query


@kills("akamai_reporting.pages.one-row", "akamai_reporting.pages.last-not-empty")
class SmallestPageIsTwo(Reference):
    """Takes pageSize=1 for 2 and tells three pages all the same."""

    def rows_of(self, query, page):
        return query.rows[page * 2 : page * 2 + 2] if query.page_size == 1 else super().rows_of(query, page)


@kills(MISSING, EXTRA, "akamai_reporting.ready.distinct-rows")
class OneLostOneTwice(Reference):
    """Sends the first row of the second page as its last as well, so that one is lost and the counts stay right."""

    def rows_of(self, query, page):
        rows = [*super().rows_of(query, page)]
        return [*rows[:-1], rows[0]] if page == 1 and len(rows) > 3 else rows


@kills(MISSING, EXTRA)
class RowOfThePageBefore(Reference):
    """Begins the third page with the last row of the second instead of its own first."""

    def rows_of(self, query, page):
        rows = [*super().rows_of(query, page)]
        return [query.rows[page * query.page_size - 1], *rows[1:]] if page == 2 and query.page_size > 3 else rows


@kills(MISSING, EXTRA)
class LastPageIsMeasuredAnew(Reference):
    """Measures the last row of a result in pages once more, with another value."""

    def row_shown(self, query, page, row):
        if is_last(query, page) and query.page_size > 3 and row is query.rows[-1]:
            return row | {name: row[name] + 1 for name in query.selection.metrics}
        return row


@kills(EXTRA, "akamai_reporting.sync.same-rows")
class UnpagedLosesARow(Reference):
    """Loses the last row of a result without a page size."""

    def rows_of(self, query, page):
        rows = super().rows_of(query, page)
        return rows[:-1] if query.page_size == query.selection.report.data_points and len(rows) == 24 else rows

    def total_rows(self, query, page):
        return len(self.rows_of(query, page)) if query.page_count == 1 else len(query.rows)


class ChangesRepeatedly(Reference):
    """Counts how often each page was fetched: `changed` gets its rows and the number of the GET."""

    def __init__(self, **options):
        super().__init__(**options)
        self.seen = Counter()

    def data_of(self, query, page):
        self.seen[query.token, page] += 1
        rows = super().data_of(query, page)
        return self.changed(rows, query, page, self.seen[query.token, page]) if query.page_size == 7 else rows

    def changed(self, rows, query, page, times):
        raise NotImplementedError


@kills("akamai_reporting.pages.same-rows")
class LosesARowAtTheSecondGet(ChangesRepeatedly):
    """Loses a row of the middle pages at their second GET."""

    def changed(self, rows, query, page, times):
        return rows[1:] if times == 2 and is_middle(query, page) else rows


@kills("akamai_reporting.pages.same-rows")
class LastPageOnce(ChangesRepeatedly):
    """Has no rows on the last page when it is fetched again."""

    def changed(self, rows, query, page, times):
        return [] if times == 2 and is_last(query, page) else rows


@kills("akamai_reporting.pages.same-order")
class TurnsPagesAround(ChangesRepeatedly):
    """Gives the rows of a page in the opposite order at its second GET."""

    def changed(self, rows, query, page, times):
        return rows[::-1] if times == 2 else rows


@kills("akamai_reporting.pages.any-order")
class OrderOfFetchingCounts(Reference):
    """Gives a page the rows of the one before where the page after it was fetched just now."""

    def __init__(self, **options):
        super().__init__(**options)
        self.before = {}

    def rows_of(self, query, page):
        back = self.before.get(query.token) == page + 1 and query.page_size == 7
        self.before[query.token] = page
        return super().rows_of(query, page - 1 if back and page else page)


@kills("akamai_reporting.pages.any-order")
class NewConnectionsAreEmpty(ChangesRepeatedly):
    """Gives a middle page no rows when it is asked for the third time, as from another connection."""

    def changed(self, rows, query, page, times):
        return rows if times < 3 or not is_middle(query, page) else []


@kills("akamai_reporting.pages.count", "akamai_reporting.pages.full")
class OneRowAtTheEnd(Reference):
    """Puts the last row on a page of its own where the page before has room for it."""

    def create_query(self, selection, identity):
        query = super().create_query(selection, identity)
        if selection.page_size == 7:
            query.__class__ = OneMorePage
        return query

    def rows_of(self, query, page):
        if query.page_size != 7:
            return super().rows_of(query, page)
        cut = len(query.rows) - 1
        return query.rows[page * 7 : min(cut, page * 7 + 7)] if page + 1 < query.page_count else query.rows[cut:]


@kills("akamai_reporting.pages.total-rows-equal")
class LastPageTellsAnotherTotal(Reference):
    """Tells one row more in all on the last page."""

    def total_rows(self, query, page):
        return len(query.rows) + is_last(query, page)


@kills("akamai_reporting.pages.total-rows-equal")
class TotalOfWhatIsLeft(Reference):
    """Tells as total what is left from this page on."""

    def total_rows(self, query, page):
        return len(query.rows) - page * query.page_size


@kills(SUM)
class CountsTheHeader(Reference):
    """Counts one row too many on all pages of several."""

    def total_rows(self, query, page):
        return len(query.rows) + (query.page_count > 1)


@kills(SUM)
class TotalInWholePages(Reference):
    """Rounds totals up to whole pages."""

    def total_rows(self, query, page):
        return query.page_count * query.page_size if query.page_size == 7 else len(query.rows)


@kills("akamai_reporting.pages.name-equal")
class LastPageHasAnotherName(Reference):
    """Names the last page after its number."""

    def query_name(self, query, page):
        return super().query_name(query, page) + (f" ({page + 1})" if is_last(query, page) else "")


@kills("akamai_reporting.pages.request-time-equal")
class EachPageIsRequestedAnew(Reference):
    """Tells the time of the GET as that of the request."""

    def request_time(self, query, page):
        return self.timestamp(query.request_time + timedelta(milliseconds=page))


@kills("akamai_reporting.pages.request-time-equal")
class LastPageHasNoRequestTime(ChangesMetadata):
    """Leaves the request time out on the last page."""

    def changed(self, metadata, query, page):
        if is_last(query, page):
            del metadata["requestTime"]
        return metadata


@kills("akamai_reporting.pages.eviction-time-equal")
class PagesAreEvictedOneByOne(Reference):
    """Tells another eviction time for each page."""

    def eviction_timestamp(self, query, page):
        return self.timestamp(self.eviction_time(query) + timedelta(seconds=page))


@kills("akamai_reporting.pages.sequence", "akamai_reporting.pages.size-independent", "akamai_reporting.rows.sorted")
class SwapsRowsOfTwoPages(Reference):
    """Swaps the last row of the second page of two rows with the first of the third."""

    def rows_of(self, query, page):
        if query.page_size != 2 or query.page_count < 3 or page not in (1, 2):
            return super().rows_of(query, page)
        rows = query.rows
        return [rows[2], rows[4]] if page == 1 else [rows[3], *rows[5:6]]


@kills("akamai_reporting.pages.sequence", "akamai_reporting.pages.size-independent", "akamai_reporting.rows.sorted")
class SortsEachPageDownward(Reference):
    """Turns the order around on each page of three rows."""

    def rows_of(self, query, page):
        rows = super().rows_of(query, page)
        return rows[::-1] if query.page_size == 3 else rows


@kills("akamai_reporting.pages.sequence", "akamai_reporting.rows.sorted")
class PagesInTheOppositeOrder(Reference):
    """Gives the last rows first where the pages of a sorted result are small."""

    def rows_of(self, query, page):
        rows = query.rows[::-1] if query.selection.sort_bys and query.page_size < 4 else query.rows
        return rows[page * query.page_size : (page + 1) * query.page_size]


@kills("akamai_reporting.pages.larger-than-result", "akamai_reporting.pages.count")
class AlwaysTwoPages(Reference):
    """Halves a page size that is as large as the report."""

    def page_size_of(self, call, report):
        size = super().page_size_of(call, report)
        return 2 if size == 24 else size


@kills("akamai_reporting.pages.default-size")
class PagesOfTen(Reference):
    """Makes pages of ten rows where no page size is given."""

    def page_size_of(self, call, report):
        return super().page_size_of(call, report) if call.argument("pageSize") else 10


@kills("akamai_reporting.pages.one-snapshot")
class MovesWithTheClock(Reference):
    """Measures a relative time range anew when a page is fetched a second later."""

    def row_shown(self, query, page, row):
        late = (self.now() - query.request_time).total_seconds() > 0.9
        relative = query.selection.period.label == f"last {TIME_RANGES['LAST_1_DAY']} minutes"
        return row | {name: row[name] + 1 for name in query.selection.metrics} if late and relative else row


@kills("akamai_reporting.pages.one-snapshot")
class GrowsWithTheClock(Reference):
    """Counts a row more in a relative time range a second later."""

    def total_rows(self, query, page):
        late = (self.now() - query.request_time).total_seconds() > 0.9
        return len(query.rows) + (late and query.selection.period.label.startswith("last ") and query.page_size == 5)


@kills("akamai_reporting.pages.empty-status")
class EmptyIsNoContent(Reference):
    """Answers a result without rows 203."""

    def page_answer(self, query, page):
        answer = super().page_answer(query, page)
        answer.status = 200 if query.rows else 203
        return answer


@kills("akamai_reporting.pages.empty-data")
class EmptyIsNull(Reference):
    """Sends null as the rows of a result without any."""

    def page_document(self, query, page):
        document = super().page_document(query, page)
        return document if query.rows else document | {"data": None}


@kills("akamai_reporting.pages.empty-data", "akamai_reporting.ready.rows")
class EmptyHasAnEmptyRow(Reference):
    """Sends one row without members where there is none."""

    def page_document(self, query, page):
        document = super().page_document(query, page)
        return document if query.rows else document | {"data": [{}]}


@kills("akamai_reporting.pages.empty-rows")
class EmptyIsCountedAsOne(Reference):
    """Counts one row where there is none."""

    def row_count(self, query, page, data):
        return len(data) or 1


@kills("akamai_reporting.pages.empty-total-rows")
class EmptyHasNoTotal(Reference):
    """Counts none as null."""

    def total_rows(self, query, page):
        return len(query.rows) or None


@kills("akamai_reporting.pages.size-no-number")
class TextIsAPageSize(Reference):
    """Takes the default where the page size is no number."""

    def validate_page_size(self, text):
        return iter(()) if text == "abc" else super().validate_page_size(text)

    def page_size_of(self, call, report):
        return report.data_points if call.argument("pageSize") == "abc" else super().page_size_of(call, report)


@kills("akamai_reporting.pages.size-fraction")
class RoundsPageSizes(Reference):
    """Rounds a page size down."""

    def validate_page_size(self, text):
        return super().validate_page_size(text and text.partition(".")[0])

    def page_size_of(self, call, report):
        text = call.argument("pageSize")
        return int(float(text)) if text else super().page_size_of(call, report)


class TakesAnyNumber(Reference):
    """Takes one row for a page size that `accepts` names."""

    accepts = ""

    def validate_page_size(self, text):
        return iter(()) if text == self.accepts else super().validate_page_size(text)

    def page_size_of(self, call, report):
        return 1 if call.argument("pageSize") == self.accepts else super().page_size_of(call, report)


@kills("akamai_reporting.pages.size-zero")
class TakesZero(TakesAnyNumber):
    """Takes a page size of 0 for 1."""

    accepts = "0"


@kills("akamai_reporting.pages.size-negative")
class TakesNegative(TakesAnyNumber):
    """Takes a page size of -1 for 1."""

    accepts = "-1"


@kills("akamai_reporting.pages.size-on-get")
class ResizesOnGet(Reference):
    """Cuts a page to the page size that the GET names."""

    def fetch(self, call, query, page):
        size = call.argument("pageSize")
        if size is None:
            return super().fetch(call, query, page)
        rows, query.rows = query.rows, [*query.rows[: page * query.page_size + int(size)]]
        answer = super().fetch(call, query, page)
        query.rows = rows
        return answer
