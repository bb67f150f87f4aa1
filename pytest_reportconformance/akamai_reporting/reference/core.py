"""Settings, clocks and the state that all parts of the reference server share.

The parts stand on each other as layers, one concept a file: core, problems, permissions, rate limits, discovery,
validation, selecting, queries, pages, submission, server. Each method answers one question, so that a mutant
overrides one method.
"""

from __future__ import annotations

import secrets
import threading
import time
from datetime import UTC, datetime
from typing import Literal

from pytest_reportconformance.akamai_reporting.reference.catalogue import Report, catalogue
from pytest_reportconformance.akamai_reporting.reference.identities import IDENTITIES, Identity
from pytest_reportconformance.akamai_reporting.reference.query import Query

Auth = Literal["basic", "bearer", "edgegrid"]
BASE = "/reporting-api/v2/reports"


class Core:
    """The settings and the state of the server.

    `slow_seconds` is how long the slow report computes, `quick_seconds` all others. `retry_after` is the advice in
    seconds, None for the remaining seconds. `requests_per_minute` None means no limit. `rows` sizes the report by
    hostname. `edgerc` is the path of a credentials file for target.toml, None to have the
    credentials in target.toml. `bare` describes the server without its reports, so that the suite discovers them.
    """

    prefix = ""
    name = "akamai-reporting-reference"
    identities: tuple[Identity, ...] = IDENTITIES

    def __init__(
        self,
        slow_seconds: float = 0.8,
        quick_seconds: float = 0.0,
        retry_after: int | None = None,
        requests_per_minute: int | None = None,
        auth: Auth = "basic",
        rows: int = 237,
        edgerc: str | None = None,
        bare: bool = False,
    ) -> None:
        self.slow_seconds = slow_seconds
        self.quick_seconds = quick_seconds
        self.advised_seconds = retry_after
        self.requests_per_minute = requests_per_minute
        self.auth = auth
        self.edgerc = edgerc
        self.bare = bare
        self.reports: dict[str, Report] = {report.path: report for report in catalogue(rows)}
        self.queries: dict[str, Query] = {}
        self.nonces: dict[str, float] = {}
        self.buckets: dict[str, tuple[float, float]] = {}
        self.secret = secrets.token_bytes(32)
        self.lock = threading.Lock()
        self.submissions = 0
        self.requests = 0

    def clock(self) -> float:
        """A clock in seconds that never goes back, for durations."""
        return time.monotonic()

    def now(self) -> datetime:
        """The time of day, for timestamps."""
        return datetime.now(UTC)

    def timestamp(self, moment: datetime) -> str:
        """A moment as this API writes it: RFC 3339 in UTC with milliseconds."""
        return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
