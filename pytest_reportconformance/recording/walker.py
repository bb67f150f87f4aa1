"""Explores: walks at random through what a model allows, and looks for the shortest walk that shows a violation.

Rule: no API is known here. Random choices come from a seed alone, so that equal answers lead to equal walks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from pytest_reportconformance.recording.polling import wait_as_advised, wait_until
from pytest_reportconformance.recording.steps import Steps
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.walk import Life, Move, Sending

LONGEST = 40
"""The most moves of one walk; a random one has at least half of them."""
SAME_SUBJECT, FOLLOWED = 2, 6
"""A move is so many times as likely if it is about the subject of the last one, and so many times less likely for each
time that it followed the last one before, in any walk."""
IN_A_ROW = 0.4
"""How probably a move is made three times in a row, unless one of its kind was."""
MOST_UNUSABLE = 3
"""Walks without a single move in a row, after which exploring ends."""
MOST_REPLAYS, MOST_SECONDS = 120, 60.0
"""The most walks, and the most seconds, that are spent on shortening what was found."""

Kind = tuple[str, ...]
"""The subjects of a walk, or the action and the identity of a move."""
Choice = Callable[[Life], Move | None]
"""The next move; None if the walk is over."""


@dataclass
class _Walk:
    """One walk: its number, the moves that were made, and how many led to the first violation of each requirement."""

    number: int
    moves: list[Move] = field(default_factory=list)
    found: dict[str, int] = field(default_factory=dict)


class Walker:
    """Explores with the steps of one scenario: `kinds` are the subjects of walks, `life` makes what is known of one."""

    def __init__(self, step: Steps, life: Callable[[], Life], kinds: Sequence[Kind]) -> None:
        self._step = step
        self._life = life
        self._kinds = kinds
        self._walks = 0
        self._known: set[str] = set()
        self._shortest: dict[str, tuple[Kind, list[Move]]] = {}
        self._followed: Counter[tuple[Kind, Kind]] = Counter()
        self._thrice: set[Kind] = set()
        self._replays_left = MOST_REPLAYS
        self._seconds_left = MOST_SECONDS

    def explore(self, steps: int, seed: int) -> None:
        """Make so many moves, in walks of random length over each kind in turn; shorten each new violation.

        Raises Stopped, and NotReached if the target is unreachable.
        """
        random = Random(seed)
        unusable = turn = 0
        while steps > 0 and self._kinds and unusable < MOST_UNUSABLE:
            kind = self._kinds[turn % len(self._kinds)]
            draw = self._drawn(random, min(steps, random.randint(LONGEST // 2, LONGEST)))
            walk = self._walk(draw, partial(_begin, kind))
            self._shorten_all(kind, walk)
            steps -= len(walk.moves)
            turn += 1
            unusable = 0 if walk.moves else unusable + 1

    def walk_on(self, known: Mapping[str, str], steps: int, seed: int) -> None:
        """Make so many moves in one walk with subjects that exist; it is not shortened. Raises like `explore`."""
        self._walk(self._drawn(Random(seed), steps), lambda life: life.adopt(known))

    def _shorten_all(self, kind: Kind, walk: _Walk) -> None:
        for requirement, length in walk.found.items():
            if requirement not in self._known:
                self._known.add(requirement)
                self._shorten(kind, walk.moves[:length], requirement)

    def _drawn(self, random: Random, most: int) -> Choice:
        """Draws moves from what the model allows: what did not follow the move before is more likely."""
        made: list[Move] = []
        again: list[Move] = []

        def choose(life: Life) -> Move | None:
            allowed = {move: weight for move, weight in life.moves() if self._step.has(move.identity)}
            if not allowed or len(made) == most:
                return None
            if again and again[-1] in allowed:
                move = again.pop()
            else:
                weights = [weight * self._liking(move, made) for move, weight in allowed.items()]
                move = random.choices(list(allowed), weights)[0]
                again[:] = self._repeats(random, move)
            if made and made[-1].subject == move.subject:
                self._followed[_kind(made[-1]), _kind(move)] += 1
            made.append(move)
            self._step.count_explored()
            return move

        return choose

    def _liking(self, move: Move, made: Sequence[Move]) -> float:
        """How many times as likely a move is because of the moves that were made."""
        if not made or move.subject != made[-1].subject:
            return 1
        return SAME_SUBJECT * float(FOLLOWED) ** -self._followed[_kind(made[-1]), _kind(move)]

    def _repeats(self, random: Random, move: Move) -> list[Move]:
        """The same move twice more, once for each kind of move."""
        if _kind(move) in self._thrice or random.random() > IN_A_ROW:
            return []
        self._thrice.add(_kind(move))
        return [move, move]

    def _walk(self, choose: Choice, begin: Callable[[Life], list[Move]], until: str | None = None) -> _Walk:
        """Make the moves that begin a walk, then those that are chosen, until a requirement is violated."""
        self._walks += 1
        walk, life = _Walk(self._walks), self._life()
        try:
            for move in begin(life):
                self._make(walk, life, move)
            while until not in walk.found and (chosen := choose(life)) is not None:
                walk.moves.append(chosen)
                self._make(walk, life, chosen)
        except Broken:  # the answer is recorded: the checks of its operation judge it
            pass
        except NotReached as error:
            if error.outcome == "error":
                raise
        return walk

    def _make(self, walk: _Walk, life: Life, move: Move) -> None:
        """Make a move, unless that is impossible by now, and learn from the answers."""
        sending = life.sending(move)
        if sending is None:
            return

        def learned(exchange: Exchange) -> bool:
            for judged in life.see(move, exchange):
                if judged.error is not None:
                    walk.found.setdefault(judged.requirement, len(walk.moves))
            return sending.until is None or sending.until(exchange)

        self._send(walk.number, move, sending, learned)

    def _send(self, walk: int, move: Move, sending: Sending, learned: Callable[[Exchange], bool]) -> None:
        """Send a move of a walk of that number; each walk has sessions of its own."""
        name, session = move.name(walk), f"walk-{walk}-{move.session}" if move.session else ""
        if sending.until is None:
            learned(self._step(name, sending.request, identity=move.identity, session=session, observe=sending.observe))
        else:
            if self._step.latest is not None:
                wait_as_advised(self._step, self._step.latest)
            wait_until(self._step, name, sending.request, learned, identity=move.identity, observe=sending.observe)

    def _shorten(self, kind: Kind, moves: list[Move], requirement: str) -> None:
        """Leave out subjects, then moves in halves, quarters and so on, while the rest violates the requirement.

        A walk that was made to shorten another one may violate it as well: it begins with the shortest of them.
        """
        kind, moves = self._shortest.get(requirement, (kind, moves))
        for subject in kind:
            fewer = tuple(one for one in kind if one != subject)
            if fewer and (
                shorter := self._replay(fewer, [move for move in moves if move.subject != subject], requirement)
            ):
                kind, moves = fewer, shorter
        size = len(moves)
        while size >= 1 and moves:
            size = min(size, len(moves))
            for start in range(0, len(moves), size):
                shorter = self._replay(kind, [*moves[:start], *moves[start + size :]], requirement)
                if shorter is not None:
                    moves = shorter
                    break
            else:
                size //= 2

    def _replay(self, kind: Kind, moves: list[Move], requirement: str) -> list[Move] | None:
        """Make moves with new subjects; those that violate the requirement again, None if they do not."""
        if self._replays_left <= 0 or self._seconds_left <= 0:
            return None
        self._replays_left -= 1
        begun = self._step.clock.now()
        left: Iterator[Move] = iter(moves)
        walk = self._walk(lambda _: next(left, None), partial(_begin, kind), requirement)
        self._seconds_left -= self._step.clock.now() - begun
        for found, length in walk.found.items():
            if found not in self._shortest or length < len(self._shortest[found][1]):
                self._shortest[found] = kind, walk.moves[:length]
        return walk.moves[: walk.found[requirement]] if requirement in walk.found else None


def _kind(move: Move) -> Kind:
    """A move without its subject, argument and session."""
    return (move.action, move.identity)


def _begin(kind: Kind, life: Life) -> list[Move]:
    """The moves that make the subjects of a walk."""
    return life.begin(kind)
