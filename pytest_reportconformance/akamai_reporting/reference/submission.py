"""Requests for data: submitted to be fetched later, or answered at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from pytest_reportconformance.akamai_reporting.reference.blocks import Blocks
from pytest_reportconformance.akamai_reporting.reference.catalogue import Report, Row
from pytest_reportconformance.akamai_reporting.reference.core import BASE
from pytest_reportconformance.akamai_reporting.reference.identities import Identity
from pytest_reportconformance.akamai_reporting.reference.negotiation import best
from pytest_reportconformance.akamai_reporting.reference.problems import Refusal
from pytest_reportconformance.akamai_reporting.reference.selection import Selection
from pytest_reportconformance.http.server import Answer, Call

JSON, CSV = "application/json", "text/csv"
FORMATS = (JSON, CSV)
MAXIMUM_COST = 600


class Submission(Blocks):
    """Handles POST …/data in both modes."""

    def format_of(self, call: Call, offers: tuple[str, ...] = FORMATS) -> str:
        """The media type that the call gets; refuses with 406 if it accepts none of the offers."""
        chosen = best(call.header("Accept"), offers)
        if chosen is None:
            raise Refusal(self.not_acceptable(offers))
        return chosen

    def cost_of(self, selection: Selection) -> int:
        """What a request costs: days by columns."""
        return int(selection.period.days * len(selection.columns))

    def admit(self, identity: Identity, selection: Selection) -> None:
        """Refuse a selection of objects that the identity has no access to (403), or one that costs too much (422)."""
        if hidden := self.forbidden_objects(identity, selection):
            raise Refusal(self.objects_forbidden(hidden))
        if (cost := self.cost_of(selection)) > MAXIMUM_COST:
            raise Refusal(self.cost_exceeded(cost, MAXIMUM_COST))

    def submit(self, call: Call, identity: Identity, report: Report) -> Answer:
        """Submit a request, or answer it."""
        format = self.format_of(call)
        selection = self.selection_of(call, report)
        self.admit(identity, selection)
        if self.is_asynchronous(call):
            return self.accepted(self.create_query(selection, identity), call)
        return self.answered_at_once(selection, identity, format)

    def answered_at_once(self, selection: Selection, identity: Identity, format: str) -> Answer:
        """The synchronous mode: all rows within the limits, after as long as they take."""
        self.wait(self.seconds_of(selection))
        matching = self.rows_selected(selection, identity)
        data = [*self.rows_at_once(selection, matching)]
        if format == CSV:
            return self.report_blocks(selection, data)
        document = {"data": data, "metadata": self.report_metadata(selection, data, len(matching))}
        return self.json_answer(document).replace("Cache-Control", "private, no-store")

    def wait(self, seconds: float) -> None:
        """Take as long as a synchronous result takes."""
        if seconds > 0:
            time.sleep(seconds)

    def rows_at_once(self, selection: Selection, matching: Sequence[Row]) -> Sequence[Row]:
        """The rows of a synchronous result."""
        return self.limited(self.limited(matching, selection.report.data_points), selection.limit)

    def has_more_rows(self, data: Sequence[Row], matching: int) -> Any:
        """The member `hasMoreRows`: whether more rows match than are sent."""
        return matching > len(data)

    def report_links(self, report: Report) -> list[dict[str, Any]]:
        """The links of a synchronous result."""
        return [{"rel": "self", "href": f"{BASE}/{report.path}/data", "allow": ["POST"]}]

    def report_metadata(self, selection: Selection, data: Sequence[Row], matching: int) -> dict[str, Any]:
        """The metadata of a synchronous result: the request, its time range, and whether there are more rows."""
        metadata: dict[str, Any] = {
            "name": selection.report.name,
            "start": self.timestamp(selection.period.start),
            "end": self.timestamp(selection.period.end),
            "links": self.report_links(selection.report),
            "hasMoreRows": self.has_more_rows(data, matching),
        }
        columns = {"dimensions": list(selection.dimensions), "metrics": list(selection.metrics)}
        metadata |= {name: names for name, names in columns.items() if names}
        echoed = {name: selection.body[name] for name in ("filters", "sortBys", "limit") if selection.body.get(name)}
        return metadata | echoed
