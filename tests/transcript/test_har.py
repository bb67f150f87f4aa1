"""Transcripts go to disk and come back as they were, whatever a server sent."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.transcript import har
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response, TransportError
from pytest_reportconformance.transcript.failures import Outcome
from pytest_reportconformance.transcript.transcript import Ending, Transcript, Wait

ODD = (
    "",
    "a",
    "ä€😀",
    "\x00\x1f\x7f",
    "\ud800",
    "\u2028\u202e",
    "\"\\'<&>",
    "http://127.0.0.1/x?a=%7e&b=%2b",
    " \t\r\n ",
    "=?utf-8?",
)
OUTCOMES: tuple[Outcome, ...] = ("failed", "error", "blocked", "inconclusive", "untested")


class Chance:
    """Transcripts of anything, the same ones in every run: a seed each."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def maybe(self, make: Callable[[], Any]) -> Any:
        return self.random.choice((None, make()))

    def some(self, make: Callable[[], Any], most: int) -> list[Any]:
        return [make() for _ in range(self.random.randint(0, most))]

    def text(self) -> str:
        return "".join(self.some(lambda: self.random.choice(ODD), 4))

    def name(self) -> str:
        return self.text() or "name"

    def bytes(self) -> bytes:
        return self.random.randbytes(self.random.randint(0, 60))

    def seconds(self) -> float:
        return self.random.randint(0, 10_000_000) / 1000

    def json(self, depth: int = 3) -> Any:
        leaves: list[Callable[[], Any]] = [lambda: None, lambda: True, lambda: -(10**20), lambda: 0.5, self.text]
        if not depth or self.random.random() < 0.5:
            return self.random.choice(leaves)()
        found = self.some(lambda: self.json(depth - 1), 3)
        return self.random.choice((found, {self.text(): one for one in found}))

    def fields(self) -> tuple[tuple[str, str], ...]:
        return tuple(self.some(lambda: (self.name(), self.text()), 4))

    def facts(self) -> dict[str, Any]:
        return {self.name(): self.json() for _ in range(self.random.randint(0, 3))}

    def request(self) -> Request:
        method, url = self.random.choice(("GET", "POST")), self.text()
        creates, removes = self.maybe(self.name), self.maybe(self.name)
        return Request(method, url, self.fields(), self.maybe(self.bytes), creates, removes, self.random.random() < 0.5)

    def response(self) -> Response:
        status, size = self.random.randint(100, 999), self.random.randint(0, 10**12)
        kept = self.random.choice(((self.bytes(), b"", b""), (None, self.bytes(), self.bytes())))
        body, head, tail = kept
        return Response(status, self.text(), self.fields(), body, size, "ab" * 32, head, tail)

    def exchange(self) -> Exchange:
        times = (self.seconds(), self.seconds(), self.seconds())
        error = self.maybe(lambda: TransportError(self.random.choice(OUTCOMES), self.text()))
        return Exchange(
            self.name(),
            self.name(),
            self.request(),
            self.maybe(self.response),
            *times,
            error,
            self.maybe(self.name),
            self.facts(),
        )

    def ending(self) -> Ending:
        return Ending(self.random.choice(OUTCOMES), self.text(), self.maybe(self.name))

    def transcript(self) -> Transcript:
        waits = self.some(lambda: Wait(self.seconds(), self.seconds(), self.text(), self.random.random() < 0.5), 2)
        absent = {self.name(): self.ending() for _ in range(self.random.randint(0, 2))}
        return Transcript(
            self.name(),
            self.name(),
            tuple(self.some(self.exchange, 4)),
            tuple(waits),
            self.facts(),
            absent,
            self.maybe(self.ending),
            self.seconds(),
            self.seconds(),
            self.random.random() < 0.5,
        )


@pytest.mark.parametrize("seed", range(100))
def test_a_transcript_comes_back_as_it_was(seed: int, tmp_path: Path) -> None:
    transcript, path = Chance(seed).transcript(), tmp_path / "t.har"
    har.write(path, transcript)
    assert har.read(path) == transcript
    assert json.loads(path.read_text(encoding="utf-8"))["log"]["version"] == "1.2"


def test_half_a_surrogate_pair_survives(tmp_path: Path) -> None:
    transcript = Transcript("a", "s", facts={"text": "\ud800"})
    har.write(tmp_path / "t.har", transcript)
    assert har.read(tmp_path / "t.har") == transcript


@pytest.mark.parametrize("text", ["", "{}", '{"log":{"version":"1.2"'])
def test_a_file_that_is_no_transcript_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.har"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"t\.har"):
        har.read(path)
