"""Change recorded answers and find the changes that no check notices: `python -m tests.survivors API`.

Exits with 1 if a survivor is not explained by `tests/<api>/lawful.toml`, if a rule explains none, or if a check ends
with an exception.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from operator import attrgetter

from pytest_reportconformance.register import apis
from tests.mutation import lawful
from tests.mutation.recorded_run import SERVERS
from tests.mutation.survivors import Result, all_results, sampled

FATES = ("killed", "lawful", "excused", "error", "survived")
MOST_STEPS = 4


def fate(api: str, result: Result) -> str:
    """The fate of a change: `lawful` if it survived and a rule explains it."""
    return "lawful" if result.fate == "survived" and lawful.load(api).rule(result) else result.fate


def scores(api: str, results: Iterable[Result], group: Callable[[Result], str]) -> Iterable[str]:
    """A table: for each group how many changes were tried, and their fates."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        found[group(result)][fate(api, result)] += 1
        found["all"][fate(api, result)] += 1
    yield f"{'':32}{'tried':>8}" + "".join(f"{name:>10}" for name in FATES)
    for name, counts in sorted(found.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        yield f"{name:32}{counts.total():8}" + "".join(f"{counts[one]:10}" for one in FATES)


def lines(results: Iterable[Result]) -> Iterable[str]:
    """A line for each operation, status, media, member and operator: how often, and in which steps."""
    found: dict[tuple[str, str, str, str, str], Counter[str]] = defaultdict(Counter)
    for one in results:
        found[one.operation, str(one.status), one.media, one.member or "-", one.operator][one.step] += 1
    for key, steps in sorted(found.items(), key=lambda pair: (pair[0][0], -pair[1].total())):
        shown = ", ".join(name for name, _ in steps.most_common(MOST_STEPS))
        more = f" and {len(steps) - MOST_STEPS} steps more" if len(steps) > MOST_STEPS else ""
        yield f"{steps.total():5} {' '.join(key)}: {shown}{more}"


def unused(api: str, results: Iterable[Result]) -> list[str]:
    """The rules that explain no survivor."""
    used = {lawful.load(api).rule(one) for one in results if one.fate == "survived"}
    return [rule.line for rule in lawful.load(api).rules if rule not in used]


def tried(options: argparse.Namespace) -> list[Result]:
    """The results for the chosen servers; tells on stderr how long each took."""
    results: list[Result] = []
    for server in options.server or SERVERS:
        started = time.monotonic()
        if options.sample:
            found = sampled(options.api, server, options.seed, options.sample)
        else:
            found = all_results(options.api, server, options.operation, options.processes)
        results += [one for one in found if options.operation in ("", one.operation)]
        print(f"{server}: {len(found)} changes in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return results


def main(options: argparse.Namespace) -> int:
    """Print the scores and the survivors; 1 if there is something to do."""
    results = tried(options)
    api = options.api
    unexplained = [one for one in results if fate(api, one) == "survived"]
    errors = [one for one in results if one.fate == "error"]
    whole = not (options.sample or options.operation or options.server)
    idle = unused(api, results) if whole else []
    for group in ("operation", "operator"):
        print(*scores(api, results, attrgetter(group)), "", sep="\n")
    used = Counter(rule.line for one in results if one.fate == "survived" and (rule := lawful.load(api).rule(one)))
    if options.rules:
        print("Lawful by rule:", *(f"{count:6} {line}" for line, count in used.most_common()), "", sep="\n")
    print("Not explained:", *lines(unexplained), sep="\n")
    for title, found in {
        "Checks that ended with an exception:": {one.by for one in errors},
        "Unused rules:": idle,
    }.items():
        if found:
            print("", title, *sorted(found), sep="\n")
    return 1 if unexplained or errors or idle else 0


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    made = argparse.ArgumentParser(prog="python -m tests.survivors")
    made.add_argument("api", choices=apis.names())
    made.add_argument("--operation", default="", help="change the answers of this operation only")
    made.add_argument("--server", action="append", choices=SERVERS, help="use this server (repeatable; default: all)")
    made.add_argument(
        "--sample", type=int, default=0, metavar="N", help="try N changes chosen at random (default: all)"
    )
    made.add_argument("--seed", type=int, default=1, metavar="S", help="choose the sample by this seed (default: 1)")
    made.add_argument("--processes", type=int, default=2, metavar="P", help="judge in P processes (default: 2)")
    made.add_argument("--rules", action="store_true", help="show how many survivors each rule explains")
    return made


if __name__ == "__main__":
    raise SystemExit(main(parser().parse_args()))
