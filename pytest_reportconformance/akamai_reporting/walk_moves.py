"""The moves of walks over the pages of ready queries: which page or wrong link, by whom, in which session.

A page is named after the way to it: `1` is at the Location, `2` is where its `next` leads, `2-prev` where the prev link
of `2` leads. Rule: data and requests; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_reportconformance.akamai_reporting import ids, links, observation, operations, query_steps
from pytest_reportconformance.akamai_reporting.assertions import PREV
from pytest_reportconformance.akamai_reporting.observation import Page
from pytest_reportconformance.transcript.walk import Move, Sending

KINDS = (("paged-4",), ("paged-2", "sorted-4"), ("paged-4", "paged-2"))
"""The queries of a walk, one or two; each by its report and its page size."""
FIRST, LAST = "1", "last"
MOST_PAGES, MOST_STEPS_BACK = 6, 2
OTHERS = ("anonymous", "other_user", "unscoped")
WRONG = ("never-issued", "changed-early", "changed-middle", "changed-late", "truncated", "empty")
"""The faults of links that were never issued, see `ids`."""
PAGE, WRONG_ID = "page-", "wrong-id-"
OWN, NEW, BY_OTHERS, STRANGE = 6, 2, 1, 1
"""The weights of a page in the session of the walk, in a new one, by others, and of a link that was never issued."""


@dataclass
class Subject:
    """What the answers of a walk show of one query.

    `pages` are the links of its pages by name, as they were offered last. `numbers` tells which page along `next` a
    link leads to. `rows` are those that a link gave first, `read` those that a page gave first, by name. `said` are the
    first values of what is equal on all pages. `moved` are the links after which another page or session was read.
    """

    name: str
    size: int
    location: str = ""
    asked: tuple[str, bytes | None] = ("", None)
    ready: bool = False
    pages: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=dict)
    read: dict[str, list[str]] = field(default_factory=dict)
    following: dict[str, str] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)

    @property
    def is_paged(self) -> bool:
        """Whether a page has a link to a next one."""
        return len(self.numbers) > 1

    @property
    def final(self) -> int | None:
        """The number of the page with the last rows, if it and all before it were read; None if they were not.

        It has no next link, and it is not full or all pages hold totalRows.
        """
        number = 1
        while str(number) in self.read and str(number) in self.following:
            number += 1
        last = self.read.get(str(number))
        ends = bool(last) and (len(last or ()) < self.size or self.held(number) == self.said.get("totalRows"))
        return number if ends else None

    def held(self, number: int) -> int:
        """How many rows the pages up to a number hold."""
        return sum(len(self.read[str(one)]) for one in range(1, number + 1))


def allowed(subject: Subject, guarded: bool, session: str) -> list[tuple[Move, int]]:
    """What can be read now of a query, each with its weight.

    `guarded` tells whether others are to be refused; `session` is the name of a new session.
    """
    if not subject.ready:
        return []
    found = [(Move(subject.name, f"{WRONG_ID}{fault}"), STRANGE) for fault in WRONG if fault in _wrong(subject)]
    for page in subject.pages:
        action = f"{PAGE}{page}"
        found.append((Move(subject.name, action), OWN))
        found.append((Move(subject.name, action, session=session), NEW))
        if guarded:
            found += [(Move(subject.name, action, identity=identity), BY_OTHERS) for identity in OTHERS]
    return found


def sending(move: Move, subject: Subject, facts: Mapping[str, Any]) -> Sending | None:
    """How a move is sent; None if the walk came to no link of that name. `facts` are those of the report."""
    observe = (observation.page(facts),)
    if move.action == "submit":
        return Sending(operations.request_for(facts, f"async=true&pageSize={subject.size}"))
    if not subject.location:
        return None
    if move.action == "await":
        return Sending(operations.fetch(subject.location), until=query_steps.settled(), observe=observe)
    link = _wrong(subject).get(fault_of(move)) if is_wrong(move) else subject.pages.get(page_of(move))
    return Sending(operations.fetch(link), observe=observe) if link else None


def page_of(move: Move) -> str:
    """The name of the page that a move asks for."""
    return FIRST if move.action == "await" else move.action.removeprefix(PAGE)


def is_wrong(move: Move) -> bool:
    """Whether a move asks for a link that was never issued."""
    return move.action.startswith(WRONG_ID)


def fault_of(move: Move) -> str:
    """The fault of a link that was never issued."""
    return move.action.removeprefix(WRONG_ID)


def _wrong(subject: Subject) -> dict[str, str]:
    """The links that were never issued, by their faults."""
    return {fault: link for fault, link in ids.wrong(subject.location, None) if link != subject.location}


def named_pages(subject: Subject, name: str, page: Page) -> list[tuple[str, str]]:
    """The pages that the links of a page lead to, each with the name of the way to it, unless `next` leads there."""
    offered = []
    if name == FIRST:
        offered += [("first", page.target("first")), (LAST, page.target("last"))]
    elif name.count("prev") < MOST_STEPS_BACK:
        offered.append((f"{name}-prev", page.target(*PREV)))
    others = [
        (way, link) for way, link in offered if link and (way == LAST or links.normal(link) not in subject.numbers)
    ]
    following = page.target("next")
    goes_on = following is not None and name.isdigit() and int(name) < MOST_PAGES
    return [*([(str(int(name) + 1), following)] if goes_on and following else []), *others]
