"""What the suite created on the target, written to disk before it is created, so that it can be removed in any case.

Rule: one line of JSON per event, appended and flushed. The file is outside the conformance report and readable by its
owner only, because it holds the session cookies without which some servers delete nothing. The writing process holds a
lock on it, which ends with the process: that distinguishes a run that is going on from one that was killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_reportconformance.cleanup.state import state_folder
from pytest_reportconformance.http.cookies import Cookie
from pytest_reportconformance.transcript import files


@dataclass
class Entry:
    """One thing that was or is about to be created; `id` is None until the target's answer has it.

    `of` is the resource that it runs, `before` what ran before its request; both None if unknown. `why` is the reason
    why it was not removed; `settled` is true if nothing more can be done about it.
    """

    number: int
    kind: str
    identity: str
    what: str
    id: str | None = None
    of: str | None = None
    before: frozenset[str] | None = None
    cookies: list[Cookie] = field(default_factory=list)
    why: str = ""
    settled: bool = False


@dataclass
class Kept:
    """What a ledger on disk holds: its head, its open entries, and the ids of all that was ever created, with kinds."""

    head: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)


class Unreadable(Exception):
    """A file in the state folder is no ledger that can be read: the message says why."""


class Busy(Exception):
    """The run that a ledger belongs to is still going on."""


class Ledger:
    """The ledger of one run against one target; `ids` are all that it created, each with its kind.

    Methods may be called from any thread.
    """

    def __init__(self, path: Path, head: dict[str, Any], entries: Iterable[Entry] = ()) -> None:
        self.path = path
        self.head = head
        self.created: Counter[str] = Counter()
        self.ids: dict[str, str] = {}
        self._open = {entry.number: entry for entry in entries}
        self._next = max(self._open, default=0)
        self._lock = threading.Lock()
        self.error: OSError | None = None
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8")

    @classmethod
    def begin(cls, api: str, url: str, report: Path) -> Ledger:
        """A new ledger for a run; its head says which target, process and conformance report it belongs to."""
        head = {"api": api, "url": url, "report": str(report.resolve()), "pid": os.getpid()}
        ledger = cls(state_folder() / f"{uuid.uuid4().hex}.jsonl", head)
        fcntl.flock(ledger._file, fcntl.LOCK_EX)
        ledger._write({"event": "run", **head})
        return ledger

    @classmethod
    def resume(cls, path: Path) -> Ledger:
        """The ledger of a run that ended without ending it. Raises Busy, Unreadable, OSError."""
        kept = read(path)
        ledger = cls(path, kept.head, kept.entries)
        ledger.ids = kept.ids
        try:
            fcntl.flock(ledger._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            ledger._file.close()
            process, url = kept.head.get("pid"), kept.head.get("url")
            raise Busy(f"the run of process {process} at {url} is still going on") from None
        ledger._file.write("\n")  # the last line may have been cut off
        return ledger

    def making(self, kind: str, identity: str, what: str, id: str | None = None, of: str | None = None) -> Entry:
        """Note that something is about to be created, with its id if that is known before."""
        with self._lock:
            self._next += 1
            entry = Entry(self._next, kind, identity, what, id, of)
            self._open[entry.number] = entry
            event = {"event": "making", "entry": entry.number, "kind": kind, "identity": identity, "what": what}
            more = {"id": id, "of": of}
            self._write(event | {name: value for name, value in more.items() if value is not None})
            if self.error is not None:  # nothing is created that could not be found after a crash
                del self._open[entry.number]
                raise self.error
        return entry

    def before(self, identity: str, ids: Iterable[str]) -> None:
        """Note what runs, as shown to an identity, before more is created."""
        with self._lock:
            self._write({"event": "before", "identity": identity, "ids": sorted(ids)})

    def awaiting(self, entry: Entry, before: Iterable[str] | None, cookies: list[Cookie]) -> None:
        """Note what ran before a request that is answered late, and the session that waits for its answer."""
        with self._lock:
            entry.before, entry.cookies = None if before is None else frozenset(before), cookies
            known = None if before is None else sorted(before)
            self._write({"event": "awaiting", "entry": entry.number, "before": known, "cookies": cookies})

    def made(self, entry: Entry, id: str | None, cookies: list[Cookie], certain: bool = True) -> None:
        """Note its id; None if the target refused. `certain = False` keeps it open: no answer came.

        An id that was known before stays: an answer cannot cause the removal of something else.
        """
        with self._lock:
            entry.id, entry.cookies = entry.id or id, cookies
            if id is not None:
                self.ids[id] = entry.kind
                self.created[entry.kind] += 1
                self._write({"event": "made", "entry": entry.number, "id": entry.id, "cookies": cookies})
            elif certain:
                self._close(entry)

    def gone(self, entry: Entry) -> None:
        """Note that it is no longer there."""
        with self._lock:
            self._close(entry)

    def left(self, entry: Entry, why: str, *, settled: bool = False) -> None:
        """Note why it is still there; a settled entry needs no further removal and is dropped at the end."""
        with self._lock:
            entry.why, entry.settled = why, settled
            if settled:
                self._write({"event": "gone", "entry": entry.number})

    def open_entries(self) -> list[Entry]:
        """What is still there, oldest first. Waits for no lock, so that a signal handler may ask."""
        return list(self._open.values())

    def find(self, id: str, identity: str) -> Entry | None:
        """The open entry of an id that this identity created."""
        return next((entry for entry in self.open_entries() if entry.id == id and entry.identity == identity), None)

    def end(self) -> None:
        """Close the ledger; the file stays only if something is left."""
        with self._lock:
            if all(entry.settled for entry in self._open.values()):
                self.path.unlink(missing_ok=True)
            files.close(self._file)

    def _close(self, entry: Entry) -> None:
        if self._open.pop(entry.number, None) is not None:
            self._write({"event": "gone", "entry": entry.number})

    def _write(self, event: dict[str, Any]) -> None:
        if not self._file.closed:  # a thread that hangs may continue after the end
            self.error = files.append(self._file, self.path, json.dumps(event) + "\n") or self.error


def kept(skipped: Callable[[str], None] = lambda text: None) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The ledgers on disk with their heads: of runs that are going on, and of those that left something.

    `skipped` is called with a sentence for each file that cannot be read.
    """
    for path in _paths(skipped):
        try:
            yield path, read(path).head
        except FileNotFoundError:
            continue  # its run ended meanwhile
        except Unreadable as error:
            if not _in_use(path):
                skipped(f"the ledger {path} is skipped: {error}; remove the file if no run needs it")


def _paths(skipped: Callable[[str], None]) -> list[Path]:
    folder = state_folder()
    try:
        return sorted(folder / name for name in os.listdir(folder) if name.endswith(".jsonl"))
    except FileNotFoundError:
        return []
    except OSError as error:
        skipped(f"the folder of ledgers {folder} is skipped: {error.strerror}")
        return []


def _in_use(path: Path) -> bool:
    """Whether a run that has only begun its ledger holds the lock on it."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def read(path: Path) -> Kept:
    """A ledger on disk; a line that was cut off by the end of a process is ignored.

    Raises Unreadable for a file that is no ledger, FileNotFoundError for none.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable("it is not a regular file")
        return _read(path)
    except FileNotFoundError:
        if path.is_symlink():
            raise Unreadable("it is a link to nothing") from None
        raise
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unreadable("it is not in the format of a ledger") from None


def _read(path: Path) -> Kept:
    kept = Kept()
    entries: dict[int, Entry] = {}
    before: dict[str, frozenset[str]] = {}
    for event in _events(path):
        name, number = event.pop("event", None), event.get("entry", 0)
        if name == "run":
            kept.head = _head(event)
        elif name == "before":
            before[event["identity"]] = frozenset(event["ids"])
        elif name == "making":
            entries[number] = _entry(number, event, before)
        elif name in ("made", "awaiting") and number in entries:
            _learn(entries[number], event, kept)
        elif name == "gone":
            entries.pop(number, None)
    if not kept.head:
        raise Unreadable("it does not begin as a ledger does")
    kept.entries = list(entries.values())
    return kept


def _head(event: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(event.get(name), str) for name in ("api", "url", "report")):
        raise ValueError("no head")
    return event


def _entry(number: int, event: dict[str, Any], before: dict[str, frozenset[str]]) -> Entry:
    known = (event["kind"], event["identity"], event["what"])
    optional = (event.get("id"), event.get("of"))
    if not (type(number) is int and all(isinstance(one, str) for one in known)):
        raise ValueError("no entry")
    if not all(one is None or isinstance(one, str) for one in optional):
        raise ValueError("no ids")
    return Entry(number, *known, *optional, before=before.get(event["identity"]))


def _learn(entry: Entry, event: dict[str, Any], kept: Kept) -> None:
    entry.cookies = [_cookie(*cookie) for cookie in event["cookies"]]
    if "id" in event:
        entry.id = event["id"]
        kept.ids[event["id"]] = entry.kind
    elif event["before"] is not None:
        entry.before = frozenset(event["before"])


def _cookie(name: str, value: str, domain: str, path: str) -> Cookie:
    if not all(isinstance(one, str) for one in (name, value, domain, path)):
        raise TypeError("no cookie")
    return name, value, domain, path


def _events(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        yield event
