"""Write which steps each scenario has, from plays: `python -m tests.steps --write`.

Every scenario is played against the reference server, the permissive variant and the independent server. The result is
`steps.json` in the folder of each API, and docs/steps.md. Without `--write` the command says what would change.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pytest_reportconformance.register import apis, steps
from pytest_reportconformance.transcript.transcript import Transcript, numbered
from tests.mutation.recorded_run import SERVERS, recorded

PAGE = Path(__file__).parents[1] / "docs" / "steps.md"
WALK = "walk-"
"""How the names of steps begin that are chosen at random, as beside the scenarios."""
HEAD = """# Steps of the scenarios

Each scenario is a fixture of its name, and returns the transcript of what it played: `cancelled["cancel-json"]` is the
answer to the step `cancel-json` of the scenario `cancelled`. A number in the name of a step is written `N` here:
`run-N` stands for `run-0`, `run-1` and so on. A step that did not arise on a target skips the test that asks for it,
with the reason; a step that no such scenario has fails it. `pytest --target X --fixtures` prints the same lists.

This page is written by `python -m tests.steps --write`, from plays against three servers.
"""


def played(transcripts: Iterable[Transcript]) -> dict[str, list[str]]:
    """The names of the steps of each scenario, in the order of the first play that has them."""
    found: dict[str, dict[str, None]] = {}
    for transcript in transcripts:
        name = transcript.scenario.partition("[")[0]
        names = (numbered(one.name) for one in transcript if not one.name.startswith(WALK))
        found.setdefault(name, {}).update(dict.fromkeys(names))
    return {name: list(names) for name, names in sorted(found.items()) if names}


def of_all_servers(api: str) -> dict[str, list[str]]:
    """The steps of an API's scenarios on all servers."""
    return played(one for server in SERVERS for one in recorded(api, server).transcripts.values())


def page() -> str:
    """docs/steps.md, from the stored steps."""
    return "\n".join([HEAD, *(line for api in apis.names() if steps.of(api) for line in _api(api))]).rstrip() + "\n"


def _api(api: str) -> Iterator[str]:
    yield from (f"## {api}", "")
    scenarios = apis.scenarios(api)
    exploring = ", ".join(f"`{name}`" for name in scenarios if name not in steps.of(api))
    yield from (f"The steps of {exploring} are chosen at random: their names begin with `{WALK}`.", "")
    for name, names in steps.of(api).items():
        says = " ".join(scenarios[name].says.split())
        params = ", ".join(f"`{param}`" for param in scenarios[name].params)
        yield from (f"### `{name}`", "", says + (f" Variants: {params}." if params else ""), "")
        yield from (", ".join(f"`{step}`" for step in names), "")


def changes(old: Mapping[str, Iterable[str]], new: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """What differs, a line for each step."""
    for name in sorted({*old, *new}):
        before, after = set(old.get(name, ())), set(new.get(name, ()))
        yield from (f"{name}: {step} is new" for step in sorted(after - before))
        yield from (f"{name}: {step} is gone" for step in sorted(before - after))


def main() -> int:
    """Write, or say what would change; the exit code is 1 if anything would."""
    parser = argparse.ArgumentParser(prog="python -m tests.steps", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the files")
    write = parser.parse_args().write
    found_changes = []
    for api in apis.names():
        found = of_all_servers(api)
        found_changes += [f"{api}: {one}" for one in changes(steps.of(api), found)]
        if write:
            lines = [f"  {json.dumps(name)}: {json.dumps(names)}" for name, names in found.items()]
            steps.file(api).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    if write:
        steps.of.cache_clear()
        PAGE.write_text(page(), encoding="utf-8")
    print("\n".join(found_changes) or "no change")
    return 0 if write else int(bool(found_changes))


if __name__ == "__main__":
    sys.exit(main())
