"""Walks: requests chosen at random from the documented life of an execution or a query, and what they violate.

A walk begins with the requests that make its subjects; then it makes moves. The name of each exchange holds the number
of its walk and its move, so that a stored transcript can be judged again. Rule: data and pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pytest_reportconformance.transcript import usage
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.parsing import excerpt
from pytest_reportconformance.transcript.transcript import Transcript

NAME = re.compile(r"walk-(\d+) ([\w-]+)\.([\w-]+)(?:\(([\w-]*)\))?(?: by ([\w-]+))?(?: in ([\w-]+))?")

NOT_EXPLORED = "no walk came to it"
"""Why a check over walks is not applicable."""


@dataclass(frozen=True)
class Move:
    """One request of a walk: to which subject, which action with which argument, of which identity and session."""

    subject: str
    action: str
    argument: str = ""
    identity: str = "owner"
    session: str = ""

    def __str__(self) -> str:
        argument = f"({self.argument})" if self.argument else ""
        identity = f" by {self.identity}" if self.identity != "owner" else ""
        return f"{self.subject}.{self.action}{argument}{identity}" + (f" in {self.session}" if self.session else "")

    def name(self, walk: int) -> str:
        """The name of its exchange in a walk of that number."""
        return f"walk-{walk} {self}"


@dataclass(frozen=True)
class Sending:
    """How a move is sent: its request, observers of the answer, and until when it is polled (None: sent once)."""

    request: Request
    until: Callable[[Exchange], bool] | None = None
    observe: tuple[Callable[[bytes], Mapping[str, Any]], ...] = ()


@dataclass(frozen=True)
class Judged:
    """A requirement that an answer was held against, after everything that was answered before in the walk.

    `error` is None if it holds.
    """

    requirement: str
    error: Broken | None


def judged(requirement: str, holds: bool, expected: str, actual: Any, exchange: Exchange) -> Judged:
    """A requirement that holds, or what was expected and what was answered."""
    return Judged(requirement, None if holds else Broken(expected, excerpt(actual), exchange))


class Life(Protocol):
    """What the answers of one walk tell about its subjects.

    Nothing is assumed: a state is what the server said last. `begin` lists the moves that make subjects, `adopt` those
    that take over what exists, by subject; `moves` lists what the model allows next, each with its weight. `sending` is
    None if a move cannot be made. `see` learns from an answer and yields the requirements that it meets or violates.
    """

    def begin(self, subjects: Iterable[str]) -> list[Move]: ...

    def adopt(self, known: Mapping[str, str]) -> list[Move]: ...

    def moves(self) -> list[tuple[Move, int]]: ...

    def sending(self, move: Move) -> Sending | None: ...

    def see(self, move: Move, exchange: Exchange) -> Iterator[Judged]: ...


@dataclass(frozen=True)
class Found:
    """A judgement; of a violation also the exchanges of the walk that led to it. Polls of one wait count as one."""

    judged: Judged
    walk: tuple[Exchange, ...]


def step_of(exchange: Exchange) -> tuple[int, Move] | None:
    """The walk and the move of an exchange; None if it belongs to no walk."""
    found = NAME.fullmatch(exchange.name)
    if found is None:
        return None
    number, subject, action, argument, identity, session = found.groups()
    return int(number), Move(subject, action, argument or "", identity or "owner", session or "")


def conclusions(transcript: Transcript, life: Callable[[Mapping[str, Any]], Life]) -> dict[str, Found]:
    """For each requirement that answers in the walks were held against, its violation with the shortest walk.

    If it is not violated, an answer that meets it. `life` makes what is known at the beginning of a walk, from the
    fact `walks`.
    """
    lives: dict[int, Life] = {}
    walks: dict[int, list[tuple[Move, Exchange]]] = {}
    found: dict[str, Found] = {}
    for exchange in transcript:
        step = step_of(exchange)
        if step is None:
            continue
        number, move = step
        if number not in lives:
            lives[number] = life(transcript.facts.get("walks", {}))
        taken = walks.setdefault(number, [])
        taken.append((move, exchange))
        for judged in lives[number].see(move, exchange):
            known = found.setdefault(judged.requirement, Found(judged, ()))
            walk = without_polls(taken) if judged.error is not None else ()
            if walk and (not known.walk or len(walk) < len(known.walk)):
                found[judged.requirement] = Found(judged, walk)
    return found


def without_polls(taken: Sequence[tuple[Move, Exchange]]) -> tuple[Exchange, ...]:
    """The exchanges of a walk; of equal moves in a row that wait for something only the last one."""
    return tuple(
        exchange
        for (move, exchange), following in zip(taken, [*taken[1:], None], strict=True)
        if move.action != "await" or following is None or following[0] != move
    )


def judge(life: Callable[[Mapping[str, Any]], Life], requirement: str, *transcripts: Transcript) -> None:
    """Raise the violation of a requirement with the shortest walk; NotReached if no answer was held against it."""
    made = [transcript.once(("walks", life), lambda one: conclusions(one, life)) for transcript in transcripts]
    found = [one[requirement] for one in made if requirement in one]
    violated = [one for one in found if one.judged.error is not None]
    usage.at_something()
    if violated:
        shortest = min(violated, key=lambda one: len(one.walk))
        assert shortest.judged.error is not None
        shortest.judged.error.walk = shortest.walk
        raise shortest.judged.error
    for transcript in transcripts:
        if transcript.ended is not None and transcript.ended.outcome != "blocked":
            raise transcript.not_reached("walk")
    if not found:
        raise NotReached("not applicable", NOT_EXPLORED)
