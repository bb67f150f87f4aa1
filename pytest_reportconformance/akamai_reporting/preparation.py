"""Discovers before the run which reports of a Reporting API serve which purpose.

Rule: target.toml takes precedence, and only the purposes that it leaves out are discovered; at most 3 submissions and 3
synchronous requests. No answer of the server ends the run; it continues with what was discovered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from pytest_reportconformance.akamai_reporting import discovery, operations, request_builder
from pytest_reportconformance.akamai_reporting.discovery import Options
from pytest_reportconformance.akamai_reporting.purposes import PURPOSES
from pytest_reportconformance.akamai_reporting.request_builder import Facts
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.scenarios import Cost
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Missing, NotReached

MOST_OPTIONS = 6
MOST_SUBMISSIONS = 3
MOST_AT_ONCE = 3
LISTS = 4
"""The owner's list, the other user's, and the options of two reports that it names."""
ENOUGH_ROWS = 13
MANY_ROWS = 5000
FEWER_ROWS = 60


def recognizes(exchange: Exchange) -> bool:
    """Whether the answer to a request for the list of reports comes from a Reporting API."""
    try:
        return exchange.succeeded and isinstance(exchange.field("reports"), list)
    except Missing:
        return False


def prepare(target: Target, step: Steps) -> Target:
    """Fill the purposes that target.toml leaves out, as far as the discovery resources describe reports for them."""
    missing = [purpose for purpose in PURPOSES if purpose not in target.reports]
    if not missing:
        return target
    search = Search(target, step)
    for purpose in FINDERS:
        if purpose in missing:
            search.find(purpose)
    reports = {purpose: facts for purpose, facts in search.reports.items() if facts}
    unfilled = {purpose: search.why(purpose) for purpose in missing if purpose not in reports}
    notes = [f"{purpose}: found {reports[purpose]['path']}" for purpose in missing if purpose in reports]
    notes += [f"{reason}: write [reports.{purpose}]" for purpose, reason in unfilled.items()]
    return replace(target, reports=reports, unfilled=unfilled, notes=(*target.notes, *notes))


def cost(target: Target) -> Cost:
    """The highest cost of the search; if target.toml describes every purpose, only the probe and the sign-ins."""
    signing_in = 1 + sum(role != "unscoped" for role in target.identities)
    if all(purpose in target.reports for purpose in PURPOSES):
        return Cost(others=signing_in)
    others = signing_in + LISTS + MOST_OPTIONS + MOST_AT_ONCE
    return Cost(submits=MOST_SUBMISSIONS, polls=MOST_SUBMISSIONS, others=others)


@dataclass
class Search:
    """One search for reports and its state. `reports` begins with the reports of target.toml."""

    target: Target
    step: Steps
    submissions: int = 0
    reasons: dict[str, str] = field(default_factory=dict)
    denied: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reports: dict[str, Facts] = {name: dict(facts) for name, facts in self.target.reports.items()}
        self.tried: set[str] = set()
        self.options: dict[str, Options] = {}
        self.entries = discovery.entries(self.step("list", operations.reports()))
        described = [str(facts["path"]) for purpose, facts in self.reports.items() if purpose != "forbidden"]
        open_first = sorted(self.entries, key=lambda path: self.entries[path] != "PUBLISHED")
        for path in list(dict.fromkeys([*described, *open_first]))[:MOST_OPTIONS]:
            self.describe(path)

    def find(self, purpose: str) -> None:
        """Look for a report; if a step fails, its reason is kept. Raises NotReached if the target is unreachable."""
        try:
            FINDERS[purpose](self)
        except NotReached as error:
            if error.outcome == "error":
                raise
            self.reasons[purpose] = error.reason

    def why(self, purpose: str) -> str:
        """Why a purpose could not be filled."""
        general = "the list of reports names none" if not self.entries else f"no report of {len(self.entries)} serves"
        return f"{self.reasons.get(purpose, general)} for {purpose!r}"

    def describe(self, path: str) -> None:
        """Fetch the options of a report."""
        exchange = self.step("options", operations.reports(*path.split("/")))
        if exchange.response is not None and exchange.response.status_code == 403:
            self.denied.append(path)
        found = discovery.options(path, exchange)
        if found is not None:
            self.options[path] = found

    def candidates(self) -> list[Facts]:
        """A request for each report that is described, in the order of the list."""
        guesses = [request_builder.request_facts(report, datetime.now(UTC)) for report in self.options.values()]
        return [facts for facts in guesses if facts is not None]

    def submit(self, facts: Facts) -> None:
        """Submit and poll once: a pending query is slow, a ready one has its number of rows in totalRows."""
        self.submissions += 1
        self.tried.add(facts["path"])
        submitted = self.step("submit", operations.request_for(facts, "async=true&pageSize=5"))
        location = operations.location(submitted)
        if location is None:
            return
        first = self.step("look", operations.fetch(location))
        if first.response is not None and first.response.status_code == 303:
            self.reports.setdefault("slow", facts)
            return
        metadata = discovery.body(first).get("metadata")
        total = metadata.get("totalRows") if isinstance(metadata, dict) else None
        if discovery.whole(total):
            self.offer({**facts, "rows": total})

    def count(self, facts: Facts) -> None:
        """Count the rows by a synchronous request."""
        answer = discovery.body(self.step("count", operations.request_for(facts, "async=false")))
        if isinstance(answer.get("data"), list):
            self.offer({**facts, "rows": len(answer["data"])})

    def offer(self, facts: Facts) -> None:
        """Take a request for `paged` if it is better than the one so far: enough rows, and not too many.

        If a limit reduces them, a sort order determines which rows remain.
        """
        if facts["rows"] > MANY_ROWS:
            facts = {**(request_builder.in_total_order(facts) or facts), "rows": FEWER_ROWS, "limit": FEWER_ROWS}
        best = self.reports.get("paged")
        if best is None or best.get("rows", ENOUGH_ROWS) < min(facts["rows"], ENOUGH_ROWS):
            self.reports["paged"] = facts


def _by_submitting(search: Search, purpose: str, found: Callable[[], bool]) -> None:
    for facts in search.candidates():
        if found() or search.submissions >= MOST_SUBMISSIONS:
            return
        if facts["path"] not in search.tried:
            search.submit(facts)
    if not found() and search.submissions:
        search.reasons[purpose] = f"none of the {search.submissions} reports tried serves"


def find_paged(search: Search) -> None:
    """A report that yields enough rows: found by submissions, or by a synchronous request if all are pending."""
    _by_submitting(search, "paged", lambda: _enough(search))
    slow = search.reports.get("slow")
    if "paged" not in search.reports and slow is not None:
        search.count(slow)


def _enough(search: Search) -> bool:
    paged = search.reports.get("paged")
    return paged is not None and paged.get("rows", ENOUGH_ROWS) >= ENOUGH_ROWS


def find_slow(search: Search) -> None:
    """A report whose query is pending at a poll right after the submission."""
    _by_submitting(search, "slow", lambda: "slow" in search.reports)


def find_sorted(search: Search) -> None:
    """The paged report in a total order; if target.toml does not name its columns, with columns from its options."""
    paged = search.reports.get("paged", {})
    report = search.options.get(paged.get("path", ""))
    guess = request_builder.request_facts(report, datetime.now(UTC)) if report and "dimensions" not in paged else None
    columns = {name: fact for name, fact in (guess or {}).items() if name in ("dimensions", "metrics")}
    found = request_builder.in_total_order({**paged, **columns})
    if found is not None:
        search.reports["sorted"] = found


def find_empty(search: Search) -> None:
    """The paged report with a filter that no row passes."""
    paged = search.reports.get("paged", {})
    report = search.options.get(paged.get("path", ""))
    found = request_builder.matching_nothing(paged, report) if report else None
    if found is not None:
        search.reports["empty"] = {name: fact for name, fact in found.items() if name != "rows"}
    else:
        search.reasons["empty"] = "the paged report has no column known to be filterable"


def find_forbidden(search: Search) -> None:
    """A report whose options are refused to the owner; the list of the other user can name more of these."""
    if not search.denied and search.step.has("other_user"):
        others = discovery.entries(search.step("list-by-other_user", operations.reports(), identity="other_user"))
        for path in [path for path in others if path not in search.entries][:2]:
            search.describe(path)
    usable = [facts["path"] for facts in search.reports.values()]
    if denied := [path for path in search.denied if path not in usable]:
        search.reports["forbidden"] = {"path": denied[0]}
    else:
        search.reasons["forbidden"] = "no report is known whose options are refused"


def find_unseen(search: Search) -> None:
    """A filter by an object that appears in rows of the other user and not in rows of the owner."""
    search.reasons["unseen"] = "no object is known that the other user sees and the owner does not"
    if not search.step.has("other_user"):
        return
    for facts in search.candidates():
        found = request_builder.by_objects(facts, search.options[facts["path"]])
        if found is None:
            continue
        request, column = found
        seen = [_values(search, request, column.name, identity) for identity in ("other_user", "owner")]
        if hidden := [value for value in seen[0] if value not in seen[1]] if seen[1] else []:
            search.reports["unseen"] = request_builder.with_object(facts, column, hidden[0])
        return


def _values(search: Search, request: Facts, column: str, identity: str) -> list[str]:
    answer = search.step(f"objects-of-{identity}", operations.request_for(request, "async=false"), identity=identity)
    rows = discovery.objects(discovery.body(answer).get("data"))
    return list(dict.fromkeys(str(row[column]) for row in rows if isinstance(row.get(column), str | int)))


FINDERS: dict[
    str, Callable[[Search], None]
] = {  # in this order: those that submit first, those that build on them after
    "paged": find_paged,
    "slow": find_slow,
    "sorted": find_sorted,
    "empty": find_empty,
    "forbidden": find_forbidden,
    "unseen": find_unseen,
}
