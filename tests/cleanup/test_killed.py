"""What a run created is removed by the run itself, by the next run, or by `reportconformance cleanup`."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pytest_reportconformance.cleanup import killed, ledger
from pytest_reportconformance.cleanup.killed import clean
from pytest_reportconformance.cleanup.ledger import Busy, Ledger
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.server import Server
from pytest_reportconformance.jasperserver import operations
from pytest_reportconformance.jasperserver.reference import Reference
from pytest_reportconformance.run.target_argument import describe as target_of
from pytest_reportconformance.target.target import Target
from pytest_reportconformance.transcript.exchange import Request
from tests.hostile.hostile_run import checks, describe, finish, start
from tests.hostile.wire import until

Process = subprocess.Popen[bytes]
LIMITS = "[limits]\ndeadline_seconds = 60\n"
STATUS = checks("jasperserver")[:1]


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that shows executions only to the session that started them, and takes its time."""
    with Server(Reference(slow_seconds=30, bind_sessions=True)) as server:
        yield server


def reference(server: Server) -> Reference:
    assert isinstance(server.reference, Reference)
    return server.reference


def begin(folder: Path, server: Server, *options: str, of: Sequence[str] = STATUS) -> tuple[Process, Path]:
    """Start a run of some checks, and wait until it has executions and waits for them."""
    process, output = start(folder, describe(server.reference, server.url, LIMITS), *of, *options)
    seen = [-1]

    def settled() -> bool:
        time.sleep(0.6)
        seen.append(reference(server).executions_started)
        return seen[-1] == seen[-2] > 0 and reference(server).executions_left > 0

    assert until(20, settled), output.read_text()
    return process, output


def cleanup(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the folder of a run."""
    command = [str(Path(sys.executable).with_name("reportconformance")), "cleanup", "report", *options]
    environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


def ledgers(folder: Path) -> list[Path]:
    return list((folder / "state" / "reportconformance").glob("*.jsonl"))


def test_a_killed_run_is_cleaned_up_by_the_command(tmp_path: Path, server: Server) -> None:
    process, _ = begin(tmp_path, server)
    assert cleanup(tmp_path).returncode == 4, "the run is still going on"
    process.kill()
    process.wait()
    assert reference(server).executions_left > 0
    [kept] = ledgers(tmp_path)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text() not in "".join(path.read_text() for path in (tmp_path / "report").rglob("*.har"))
    done = cleanup(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert reference(server).executions_left == 0
    assert ledgers(tmp_path) == []
    again = cleanup(tmp_path)
    assert again.returncode == 0
    assert "nothing is left" in again.stdout


@pytest.mark.sampled(0.5)
@pytest.mark.parametrize("bound", [False, True], ids=["shared", "bound"])
def test_a_whole_run_that_is_killed_while_some_wait_for_answers_is_cleaned_up(tmp_path: Path, bound: bool) -> None:
    with Server(Reference(slow_seconds=30, bind_sessions=bound)) as server:
        process, _ = begin(tmp_path, server, of=())
        process.kill()
        process.wait()
        assert reference(server).executions_left > 5
        done = cleanup(tmp_path)
        assert reference(server).executions_left == 0, done.stdout + done.stderr
        # A request in flight that is the first of its session: if bound, what it created is shown to no other session.
        assert done.returncode == 0 or (bound and "nothing like it is found" in done.stdout), done.stdout + done.stderr
    assert ledgers(tmp_path) == []


def test_a_killed_run_is_cleaned_up_by_the_next(tmp_path: Path, server: Server) -> None:
    process, _ = begin(tmp_path, server)
    process.kill()
    process.wait()
    left = reference(server).executions_left
    target = describe(server.reference, server.url, LIMITS)
    played = finish(*start(tmp_path, target, *checks("jasperserver")[1:2], "-k", "answers_200"), 40)
    assert left > 0
    assert reference(server).executions_left == 0, played.output
    assert ledgers(tmp_path) == []


@pytest.mark.sampled(0.5)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["exclusive", "xdist"])
def test_an_interrupted_run_leaves_nothing(
    tmp_path: Path, server: Server, number: signal.Signals, processes: tuple[str, ...]
) -> None:
    process, output = begin(tmp_path, server, *processes)
    process.send_signal(number)
    played = finish(process, output, 30)
    assert played.code == 2, played.output
    assert "Traceback" not in played.output
    assert reference(server).executions_left == 0, played.output
    assert ledgers(tmp_path) == []
    assert played.record["leftovers"] == []


SLOWLY = """
import os, time, pytest

def reported(moment):
    with open(moment, "a") as file:
        file.write(f"{os.getpid()}\\n")

@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop():
    if "PYTEST_XDIST_WORKER" in os.environ:
        reported("collected")
        time.sleep(1)

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call():
    reported("judging")
    time.sleep(0.05)
"""


def victim(moment: str, folder: Path) -> int:
    """A worker of a run, at a moment: when both have `collected`, or in the middle of `judging`."""
    reported, enough = folder / moment, {"collected": 2, "judging": 6}[moment]
    assert until(30, lambda: reported.exists() and len(reported.read_text().split()) >= enough)
    return int(reported.read_text().split()[-1])


@pytest.mark.parametrize("moment", ["collected", "judging"])
def test_a_killed_worker_leaves_nothing_and_changes_little(moment: str, tmp_path: Path) -> None:
    (tmp_path / "slowly.py").write_text(SLOWLY, encoding="utf-8")
    with Server(Reference(slow_seconds=2.5, bind_sessions=True)) as server:
        target = describe(server.reference, server.url, LIMITS)
        process, output = start(tmp_path, target, *STATUS, "-n", "2", "-p", "slowly")
        os.kill(victim(moment, tmp_path), signal.SIGKILL)
        played = finish(process, output, 60)
        assert reference(server).executions_left == 0, played.output
    assert ledgers(tmp_path) == []
    assert "node down" in played.output
    assert "INTERNALERROR" not in played.output, played.output
    assert len(played.checks) > 80
    lost = [check for check in played.checks if check["outcome"] != "passed"]
    assert len(lost) <= 1, played.reasons  # the one that the worker was at, as xdist tells
    assert all(check["outcome"] == "error" and "crashed" in check["reason"] for check in lost), played.reasons
    assert played.code == (7 if lost else 0), played.output


@pytest.fixture
def left(server: Server, tmp_path: Path) -> Iterator[tuple[Target, Client, Path]]:
    """A slow execution of the owner in a ledger whose run is over; and one that no ledger holds."""
    target = target_of(server)
    client = Client(target)
    book = Ledger.begin(target.api, target.url, tmp_path / "report")
    session = client.open(target.identity("owner"))
    for noted in (True, False):
        request = operations.run(target.report("slow")["uri"])
        entry = book.making("execution", "owner", "POST /rest_v2/reportExecutions") if noted else None
        answer = session.send("run", request)
        if entry is not None:
            book.made(entry, answer.field("requestId"), session.cookies)
    book.end()
    yield target, client, book.path
    client.close()


def test_only_what_the_ledger_holds_is_removed(server: Server, left: tuple[Target, Client, Path]) -> None:
    target, client, path = left
    found = clean(path, target, client)
    assert len(found.removed) == 1
    assert found.left == []
    assert reference(server).executions_left == 1
    assert not path.exists()


def test_without_its_session_an_administrator_stops_it_and_it_is_listed(
    server: Server, left: tuple[Target, Client, Path]
) -> None:
    target, client, path = left
    path.write_text(path.read_text().replace('"JSESSIONID", "', '"JSESSIONID", "0'))
    found = clean(path, target, client)
    assert found.removed == []
    [one] = found.left
    assert "admin stopped it, the rest ends with that session" in str(one)
    running = reference(server).executions[one.entry.id or ""]
    assert reference(server).status_of(running, None) == "cancelled"  # type: ignore[arg-type]  # no identity
    assert path.exists()


def test_without_session_and_administrator_it_is_listed(left: tuple[Target, Client, Path]) -> None:
    target, client, path = left
    path.write_text(path.read_text().replace('"JSESSIONID", "', '"JSESSIONID", "0'))
    bare = killed.without_credentials(target.api, target.url, iter(["owner"]))
    found = clean(path, bare, client)
    assert found.removed == []
    assert "session" in found.left[0].why or "401" in found.left[0].why
    assert path.exists()


def test_what_has_no_session_of_its_own_is_removed_in_that_of_its_identity(
    server: Server, left: tuple[Target, Client, Path]
) -> None:
    target, client, path = left
    [other] = set(reference(server).executions) - ledger.read(path).ids.keys()
    with path.open("a") as file:
        file.write(json.dumps({**UNANSWERED, "id": other}) + "\n")
    bare = killed.without_credentials(target.api, target.url, iter(["owner"]))
    assert clean(path, bare, client).left == []
    assert reference(server).executions_left == 0


UNANSWERED = {"event": "making", "entry": 9, "kind": "execution", "identity": "owner", "what": "POST /x"}


def test_what_was_never_answered_is_listed_once(left: tuple[Target, Client, Path]) -> None:
    target, client, path = left
    with path.open("a") as file:
        file.write(json.dumps(UNANSWERED) + "\n" + '{"event": "ma')
    found = clean(path, target, client)
    assert ["its answer never came" in one.why for one in found.left] == [True]
    assert not path.exists()


def test_what_was_never_answered_and_made_nothing_is_not_listed(left: tuple[Target, Client, Path]) -> None:
    target, client, path = left
    session = next(json.loads(line) for line in path.read_text().splitlines() if '"made"' in line)["cookies"]
    awaiting = {"event": "awaiting", "entry": 9, "before": [], "cookies": session}
    with path.open("a") as file:
        file.writelines(json.dumps(event) + "\n" for event in ({**UNANSWERED, "of": "/reports/other"}, awaiting))
    found = clean(path, target, client)
    assert found.left == []
    assert len(found.removed) == 1
    assert not path.exists()


def test_a_run_that_goes_on_keeps_its_own(left: tuple[Target, Client, Path]) -> None:
    target, client, path = left
    other = Ledger.resume(path)
    with pytest.raises(Busy, match="still going on"):
        clean(path, target, client)
    assert killed.earlier(target, client).removed == []
    other.end()
    assert len(killed.earlier(target, client).removed) == 1


def test_a_query_needs_no_removal() -> None:
    head, entry = {"api": "akamai_reporting"}, ledger.Entry(1, "query", "owner", "POST /x", "/x")
    target = Target(head["api"], "http://127.0.0.1:1", "t")
    client = Client(target)
    assert killed.Removal(target, client, entry).why_left() is None
    assert client.sent == 0
    client.close()


def test_a_deletion_names_what_it_removes() -> None:
    assert operations.removal("execution", "x")[0] == Request(
        "DELETE", "/rest_v2/reportExecutions/x", (("Accept", "application/json"),), removes="x"
    )
