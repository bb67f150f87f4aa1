"""What was made by requests whose answers never came: found by asking what runs, and taken where it is surely ours.

Rule: ours is what was not there before, is of the resource asked for, is shown to the session that asked, and has no
more like it than answers are missing; all else is let alone. Where a target shows what one session made to others as
well, that is sure only while nobody else uses the account.
"""

from __future__ import annotations

from collections.abc import Iterable

from pytest_reportconformance.apis import Api
from pytest_reportconformance.client import Conversation
from pytest_reportconformance.exchange import Broken, NotReached
from pytest_reportconformance.ledger import Entry, Ledger


def running(api: Api, session: Conversation, *, urgent: bool = True) -> dict[str, str | None] | None:
    """The ids of what runs, with the resource of each; None where the target does not say."""
    if api.running is None:
        return None
    answer = session.send("running", api.running, urgent=urgent)
    try:
        return dict(api.listed(answer)) if answer.succeeded else None
    except (Broken, NotReached):
        return None


def identify(entry: Entry, among: Iterable[Entry], session: Conversation, book: Ledger, api: Api) -> bool:
    """Write the id of what an unanswered request made into the ledger, where it is surely one; whether it was.

    `among` are all requests without an answer.
    """
    now = running(api, session)
    if entry.of is None or entry.before is None or now is None:
        return False
    shown = [id for id in _new(entry, now, book) if _shows(api, session, entry.kind, id)]
    if not shown:
        return False
    if len(shown) > sum((other.of, other.person) == (entry.of, entry.person) for other in among):
        book.left(entry, f"it is one of {', '.join(shown)}, and others run the same")
        return False
    book.made(entry, shown[0], session.cookies)
    return True


def made_nothing(
    entry: Entry, own: bool, others: Iterable[Entry], session: Conversation, book: Ledger, api: Api
) -> bool:
    """Whether an unanswered request made nothing: nothing like it is there, in a session that would be shown it.

    That is the `own` one in which it was sent, or one that is shown what `others` made in other sessions.
    """
    now = running(api, session)
    if now is None or _new(entry, now, book):
        return False
    held = set(session.cookies)
    return own or any(other.id in now for other in others if other.cookies and not set(other.cookies) <= held)


def _new(entry: Entry, now: dict[str, str | None], book: Ledger) -> list[str]:
    """What runs now, did not run before and is not known to be ours; of the same resource, where that is known."""
    unknown = set(now) - set(entry.before or ()) - book.ids
    return [id for id, of in now.items() if id in unknown and entry.of in (None, of)]


def _shows(api: Api, session: Conversation, kind: str, id: str) -> bool:
    request = api.presence(kind, id)
    return request is not None and session.send("running", request, urgent=True).succeeded
