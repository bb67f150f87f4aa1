"""What unanswered requests created: found by a search for what runs, and removed only if it certainly belongs to them.

Rule: it belongs to them if it did not run before, is of the requested resource, is shown to the session that sent the
request, and there are no more of it than answers are missing; nothing else is touched. If a target shows what one
session created to others as well, this is certain only while no other client uses the account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pytest_reportconformance.api import Api
from pytest_reportconformance.cleanup.ledger import Entry, Ledger
from pytest_reportconformance.http.client import Conversation
from pytest_reportconformance.transcript.exchange import Request
from pytest_reportconformance.transcript.failures import Broken, NotReached


def running(api: Api, session: Conversation, *, urgent: bool = True) -> dict[str, str | None] | None:
    """The ids of what runs, with the resource of each; None if the target does not report it."""
    return None if api.running.search is None else _listed(api, session, api.running.search, urgent)


def _listed(api: Api, session: Conversation, request: Request, urgent: bool = True) -> dict[str, str | None] | None:
    answer = session.send("running", request, urgent=urgent)
    try:
        return dict(api.running.found(answer)) if answer.succeeded else None
    except (Broken, NotReached):
        return None


def identify(entry: Entry, shown: list[str], among: Iterable[Entry], session: Conversation, book: Ledger) -> bool:
    """Write the id of what an unanswered request created into the ledger, if it is certain; returns whether it was.

    `shown` is what is `alike`, `among` are all requests without an answer.
    """
    if entry.of is None or not shown:
        return False
    if len(shown) > sum((other.of, other.identity) == (entry.of, entry.identity) for other in among):
        book.left(entry, f"it is one of {', '.join(shown)}, and others run the same")
        return False
    book.made(entry, shown[0], session.cookies)
    return True


def alike(entry: Entry, session: Conversation, book: Ledger, api: Api) -> list[str] | None:
    """What an unanswered request may have created: shown to its session, new, and not known to be something else.

    None if it is unknown.
    """
    now = running(api, session)
    if entry.before is None or now is None:
        return None
    known = {*entry.before, *book.ids}
    for request in filter(None, (api.running.started_by(kind, id) for id, kind in book.ids.items())):
        known |= (_listed(api, session, request) or {}).keys()
    new = [id for id, of in now.items() if id not in known and entry.of in (None, of)]
    return [id for id in new if _shows(api, session, entry.kind, id)]


def shows_all(entries: Iterable[Entry], session_of: Callable[[Entry], Conversation], api: Api) -> bool:
    """Whether the target shows an identity what another of its sessions created, judged by entries with ids."""
    named = [entry for entry in entries if entry.id is not None and entry.cookies]
    for one in named:
        whose = (one.kind, one.identity)
        others = {two.id for two in named if (two.kind, two.identity) == whose and two.cookies != one.cookies}
        if others and api.clean_up.presence(one.kind, str(one.id)) is not None:
            return not others.isdisjoint(running(api, session_of(one)) or {})
    return False


def _shows(api: Api, session: Conversation, kind: str, id: str) -> bool:
    request = api.clean_up.presence(kind, id)
    return request is not None and session.send("running", request, urgent=True).succeeded
