"""Measures fetching many pages against a bare loop of requests that follows the same links and parses the same pages.

    python benchmarks/page_walk.py [--rows 100000] [--page-size 5] [--pairs 7] [--pair-pages 2000]

Prints the median ratio over interleaved pairs of walks, and the time and peak memory of one walk over all pages each.
The reference server runs in a separate process, without a rate limit; so does every walk. The exit code is 1 if the
ratio is above 1.15 or the suite's walk needs 150 MB or more.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

REPORT = "delivery/traffic/hostnames"
COLUMNS = {"dimensions": ["hostname", "countryCode"], "metrics": ["edgeHitsSum"]}
MOST_RATIO = 1.15
MOST_MEGABYTES = 150


def serve(rows: int) -> None:
    """Serve a report with this number of rows until standard input ends."""
    from pytest_reportconformance.akamai_reporting.reference import Reference
    from pytest_reportconformance.http.server import Server

    server = Server(Reference(rows=rows))
    print(server.url, flush=True)
    sys.stdin.read()
    server.close()


def walk_bare(url: str, size: int, pages: int) -> tuple[float, int]:
    """The seconds that a plain loop needs for this number of pages, and the number of rows."""
    import requests

    session = requests.Session()
    session.auth = ("owner", "owner-secret")
    data = f"{url}/reporting-api/v2/reports/{REPORT}/data?async=true&pageSize={size}"
    link = session.post(data, json=COLUMNS, allow_redirects=False).headers["Location"]
    at: str | None = urljoin(data, link)
    rows = seen = 0
    started = time.perf_counter()
    while at is not None and seen < pages:
        page = session.get(at, allow_redirects=False).json()
        seen += 1
        rows += len(page["data"])
        href = next((link["href"] for link in page["metadata"]["links"] if link["rel"] == "next"), None)
        at = href and urljoin(at, href)
    return time.perf_counter() - started, rows


def walk_ours(url: str, size: int, pages: int) -> tuple[float, int]:
    """The seconds that the suite needs to fetch, observe and record this number of pages, and the number of rows."""
    from pytest_reportconformance.akamai_reporting import query_steps
    from pytest_reportconformance.run.run import Run, RunSettings
    from pytest_reportconformance.secrets.secret import Secret
    from pytest_reportconformance.target.target import Identity, Target
    from pytest_reportconformance.transcript import har

    owner = Identity("owner", "basic", {"username": "owner", "password": Secret("owner-secret")})
    target = Target("akamai_reporting", url, "benchmark", identities={"owner": owner})
    with tempfile.TemporaryDirectory() as folder, Run.prepared(RunSettings(target, Path(folder))) as run:
        step = run.recorder.steps(har.Writer(Path(folder) / "walk.har"))
        query = query_steps.submit(step, "walk", {"path": REPORT, **COLUMNS}, size=size)
        first = query_steps.wait(step, query)
        started = time.perf_counter()
        rows = sum(len(page.rows) for page in query_steps.follow(step, query, first, pages, keep=False))
        seconds = time.perf_counter() - started
    return seconds, rows


WALKS: dict[str, Callable[[str, int, int], tuple[float, int]]] = {"ours": walk_ours, "bare": walk_bare}


def measure(which: str, url: str, size: int, pages: int) -> dict[str, Any]:
    """One walk in a separate process: seconds, rows, peak memory in megabytes."""
    command = [sys.executable, __file__, "--walk", which, "--url", url, "--page-size", str(size), "--pages", str(pages)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


@contextmanager
def served(rows: int) -> Iterator[str]:
    """The URL of a server in a separate process."""
    command = [sys.executable, __file__, "--serve", "--rows", str(rows)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


def compare(options: argparse.Namespace) -> int:
    """Measure pairs and complete walks, print them, and return 1 if a limit is exceeded."""
    size, every = options.page_size, -(-options.rows // options.page_size)
    with served(options.rows) as url:
        ratios = []
        for number in range(options.pairs):
            order = ("ours", "bare") if number % 2 else ("bare", "ours")
            pair = {which: measure(which, url, size, min(every, options.pair_pages)) for which in order}
            ratios.append(pair["ours"]["seconds"] / pair["bare"]["seconds"])
            print(
                f"pair {number + 1}: ours {pair['ours']['seconds']:.2f} s, bare {pair['bare']['seconds']:.2f} s, "
                f"ratio {ratios[-1]:.3f}",
                flush=True,
            )
        whole = {which: measure(which, url, size, every) for which in WALKS}
    for which, found in whole.items():
        print(
            f"{which}: {found['rows']} rows in {every} pages, {found['seconds']:.1f} s, "
            f"peak memory {found['megabytes']:.0f} MB"
        )
    ratio = statistics.median(ratios)
    print(
        f"median ratio of {options.pairs} pairs: {ratio:.3f} (at most {MOST_RATIO}); "
        f"peak memory {whole['ours']['megabytes']:.0f} MB (below {MOST_MEGABYTES})"
    )
    return int(ratio > MOST_RATIO or whole["ours"]["megabytes"] >= MOST_MEGABYTES)


def main() -> int:
    """Read the command line: compare, or run as one of the compared processes."""
    parser = argparse.ArgumentParser(description="Measure fetching many pages against a bare loop of requests.")
    parser.add_argument("--rows", type=int, default=100_000, help="serve this number of rows (default: 100000)")
    parser.add_argument("--page-size", type=int, default=5, help="fetch pages of this size (default: 5)")
    parser.add_argument("--pairs", type=int, default=7, help="measure this number of pairs (default: 7)")
    parser.add_argument(
        "--pair-pages", type=int, default=2000, help="fetch this number of pages per pair (default: 2000)"
    )
    for name in ("--walk", "--url", "--pages", "--serve"):
        how: dict[str, Any] = {"action": "store_true"} if name == "--serve" else {}
        parser.add_argument(name, help=argparse.SUPPRESS, **how)
    options = parser.parse_args()
    if options.serve:
        serve(options.rows)
        return 0
    if options.walk:
        seconds, rows = WALKS[options.walk](options.url, options.page_size, int(options.pages))
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "rows": rows, "megabytes": megabytes}))
        return 0
    return compare(options)


if __name__ == "__main__":
    sys.exit(main())
