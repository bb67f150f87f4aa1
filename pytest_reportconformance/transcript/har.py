"""Transcripts as HAR 1.2 files, written as they grow: one entry a line, so that long ones are read line by line.

Rule: `read(write(transcript)) == transcript`. What HAR has no name for stands in members that begin with `_`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pytest_reportconformance import __version__
from pytest_reportconformance.transcript import files, strict_json
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.har_entry import ending, entry, exchange
from pytest_reportconformance.transcript.transcript import Ending, Transcript, Wait

OPENING = '{"log":{"version":"1.2","creator":%s,"pages":[],"entries":[\n'
CLOSING = "\n],"
LAST = '],"_transcript":'
FACTS: strict_json.Shape = {
    "api": (str,),
    "scenario": (str,),
    "waits": (list,),
    "facts": (dict,),
    "absent": (dict,),
    "ended": (dict, type(None)),
    "started": strict_json.NUMBER,
    "seconds": strict_json.NUMBER,
    "exclusive": (bool,),
}
WAIT: strict_json.Shape = {
    "started": strict_json.NUMBER,
    "seconds": strict_json.NUMBER,
    "reason": (str,),
    "server": (bool,),
}
ENDING: strict_json.Shape = {"outcome": (str,), "reason": (str,), "by": (str, type(None))}


class Writer:
    """Writes a transcript while it is recorded; several threads may add entries."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("w", encoding="utf-8", errors="backslashreplace")  # as JSON has half a pair
        self._file.write(opening({"name": "pytest-reportconformance", "version": __version__}))
        self._lock = threading.Lock()
        self._first = True

    def add(self, exchange: Exchange) -> None:
        """Append one exchange; nothing if the file is closed."""
        line = dumped(entry(exchange))
        with self._lock, files.named(self._path):
            if not self._file.closed:
                self._file.write(line if self._first else ",\n" + line)
                self._first = False

    def close(self, transcript: Transcript) -> None:
        """Append all but the exchanges, and close the file; nothing if it is closed."""
        facts = asdict(transcript)
        del facts["exchanges"]
        with self._lock, files.named(self._path):
            if not self._file.closed:
                self._file.write(CLOSING + f'"_transcript":{dumped(facts)}}}}}\n')
                self._file.close()


def opening(creator: Mapping[str, str]) -> str:
    """The first line of a file, with the suite that wrote it."""
    return OPENING % dumped({name: creator[name] for name in ("name", "version")})


def dumped(value: Any) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(path: Path, transcript: Transcript) -> None:
    """Write a whole transcript."""
    writer = Writer(path)
    for one in transcript:
        writer.add(one)
    writer.close(transcript)


def read(path: Path, keep: Callable[[int, Exchange], Exchange] | None = None) -> Transcript:
    """Read a transcript; raises ValueError if the file is not one of ours.

    `keep` is called with the number of each exchange and the exchange, and says what to keep of it.
    """
    exchanges: list[Exchange] = []
    facts: dict[str, Any] = {}
    for found in _parts(path, facts):
        one = exchange(found)
        exchanges.append(keep(len(exchanges), one) if keep else one)
    return _transcript(facts, tuple(exchanges))


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """The entries of a transcript, one after another. Raises ValueError if the file is not one of ours."""
    return (found for found, _ in pairs(path))


def pairs(path: Path) -> Iterator[tuple[dict[str, Any], Exchange]]:
    """The entries of a transcript, each with the exchange that it is. Raises ValueError as `entries`."""
    for found in _parts(path, {}):
        yield found, exchange(found)


def _parts(path: Path, facts: dict[str, Any]) -> Iterator[Any]:
    """The entries of a file as JSON values; at its end `facts` are what the transcript has beside them."""
    with path.open(encoding="utf-8") as file:
        if not next(file, "").startswith('{"log":'):
            raise ValueError(f"{path}: found another file; allowed: a transcript (HAR 1.2, one entry a line)")
        for line in file:
            text = line.strip()
            if text.startswith(LAST):
                facts |= strict_json.fitting(strict_json.loads(text[len(LAST) : -2]), FACTS, "_transcript")
                if text[-2:] != "}}" or next(file, None) is not None:
                    raise ValueError(f"{path}: found more after the end of a transcript")
                return
            if text:
                yield strict_json.loads(text.removesuffix(","))
    raise ValueError(f"{path}: found a file that ends in the middle; allowed: a whole transcript")


def _transcript(facts: dict[str, Any], exchanges: tuple[Exchange, ...]) -> Transcript:
    absent = {name: _ending(found) for name, found in facts["absent"].items()}
    ended = None if facts["ended"] is None else _ending(facts["ended"])
    waits = strict_json.items(facts["waits"], _wait, "waits")
    kept = {name: facts[name] for name in ("api", "scenario", "facts", "started", "seconds", "exclusive")}
    if len(facts) > len(FACTS):
        raise ValueError(f"_transcript: found a member beside {', '.join(FACTS)}")
    return Transcript(**kept, exchanges=exchanges, waits=waits, absent=absent, ended=ended)


def _ending(found: Any) -> Ending:
    return Ending(**ending(found, ENDING, "ending"))


def _wait(found: Any, at: str) -> Wait:
    strict_json.fitting(found, WAIT, at)
    return Wait(**{name: found[name] for name in WAIT})
