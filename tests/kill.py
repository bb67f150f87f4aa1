"""Judge mutants on the command line: `python -m tests.kill API [NAME…]`; without names, all mutants of the API."""

from __future__ import annotations

import argparse
import sys
import time
from difflib import get_close_matches
from typing import Any

from pytest_reportconformance.register import apis
from tests.mutation.kill_matrix import judged_in_process, mutants, surplus, violated


def selected(api: str, names: list[str]) -> list[Any]:
    """The mutants of these names, or all of an API; exits with 2 if a name is unknown."""
    known = {mutant.__name__: mutant for mutant in mutants(f"tests.{api}.mutants")}
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"see tests/{api}/mutants/"
            print(f"{api} has no mutant {name!r}: {hint}", file=sys.stderr)
            raise SystemExit(2)
    return [mutant for name, mutant in known.items() if not names or name in names]


def main(api: str, names: list[str]) -> None:
    """Print for each mutant whether it violates exactly what it names, and the differences."""
    for mutant in selected(api, names):
        started = time.monotonic()
        judgements = judged_in_process(mutant(slow_seconds=0.6))
        found = violated(judgements)
        named = mutant.kills
        good = set(named) <= set(found) and not surplus(api, named, found)
        print(f"{'ok  ' if good else 'BAD '} {mutant.__name__} {time.monotonic() - started:.1f} s: {mutant.__doc__}")
        if not good:
            print("   not violated:", [id for id in named if id not in found])
            for id, reason in surplus(api, named, found).items():
                print(f"   also violated: {id}: {reason[:200]}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.kill")
    parser.add_argument("api", choices=apis.names())
    parser.add_argument("names", nargs="*", metavar="NAME", help="judge this mutant (default: all mutants of the API)")
    options = parser.parse_args()
    main(options.api, options.names)
