"""Judge mutants on the command line: `python -m tests.kill API [NAME…]`; without names, all mutants of the API."""

from __future__ import annotations

import sys
import time

from tests.mutation.kill_matrix import broken, judged_in_process, mutants, surplus


def main(api: str, names: list[str]) -> None:
    """Print for each mutant whether it violates exactly what it names, and the differences."""
    wanted = [one for one in mutants(f"tests.{api}.mutants") if not names or one.__name__ in names]
    for mutant in wanted:
        started = time.monotonic()
        judgements = judged_in_process(mutant(slow_seconds=0.6))
        found = broken(judgements)
        named = mutant.kills
        good = set(named) <= set(found) and not surplus(api, named, found)
        print(f"{'ok  ' if good else 'BAD '} {mutant.__name__} {time.monotonic() - started:.1f} s: {mutant.__doc__}")
        if not good:
            print("   not violated:", [id for id in named if id not in found])
            for id, reason in surplus(api, named, found).items():
                print(f"   also violated: {id}: {reason[:200]}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
