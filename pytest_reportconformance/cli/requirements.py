"""`reportconformance requirements`: lists the register, with the checks of each requirement or why it has none."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

from pytest_reportconformance.cli import add_format, manual
from pytest_reportconformance.judging import collection
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis, register, sets
from pytest_reportconformance.register.register import LEVELS

COLUMNS = ("requirements", "checked", "unchecked")


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "requirements",
        help="list the requirements, with their checks or the reason why there is none",
        description="List the requirements, with their checks or the reason why there is none. The format 'set' prints "
        "a frozen set of all IDs.",
        **manual(
            {0: "printed", 1: "a requirement has neither a check nor a reason"},
            ("reportconformance requirements API", "list the requirements of an API"),
            (
                "reportconformance requirements API --format set > my-set.toml",
                "freeze the present IDs as a set",
            ),
        ),
    )
    parser.add_argument("api", nargs="?", choices=apis.names(), help="list only this API (default: all)")
    add_format(parser, FORMATS)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the register; 1 if a requirement has neither a check nor a reason."""
    listed = [listing(api) for api in ([options.api] if options.api else apis.names())]
    print(FORMATS[options.format](listed))
    bare = [one["id"] for api in listed for one in api["requirements"] if not one["checks"] and not one["unchecked"]]
    for id in bare:
        print(f"{id}: neither a check nor a reason: write a check, or the key 'unchecked'", file=sys.stderr)
    return ExitCode.FAILED if bare else ExitCode.OK


def listing(api: str) -> dict[str, Any]:
    """The register of an API as JSON values, with the checks of each requirement and the counts of each level."""
    known = register.load(api)
    checks = collection.checks(api)
    requirements = [
        {
            "id": one.id,
            "level": one.level,
            "operation": one.operation,
            "says": one.says,
            "unchecked": one.unchecked,
            "checks": checks.get(one.id, []),
            "implied_by": list(one.implied_by),
            "source": {"title": one.document.title, "section": one.section, "url": one.source_url},
        }
        for one in known.requirements.values()
    ]
    return {"api": api, "digest": known.digest, "counts": _counts(requirements), "requirements": requirements}


def _counts(requirements: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    return {
        level: {
            "requirements": len(found),
            "checked": sum(bool(one["checks"]) for one in found),
            "unchecked": sum(not one["checks"] for one in found),
        }
        for level in LEVELS
        for found in [[one for one in requirements if one["level"] == level]]
    }


def _text(listed: Iterable[dict[str, Any]]) -> str:
    lines = []
    for api in listed:
        lines += [f"{api['api']}", f"{'':8}" + "".join(f"{column:>14}" for column in COLUMNS)]
        lines += [f"{level:8}" + "".join(f"{row[column]:14}" for column in COLUMNS) for level, row in _rows(api)]
        lines.append("")
        for one in api["requirements"]:
            how = f"{len(one['checks'])} checks" if len(one["checks"]) != 1 else "1 check"
            lines.append(f"{one['id']}  {one['level']}  {how if one['checks'] else 'unchecked'}")
            lines.append(f"    {one['says']}")
            if one["unchecked"]:
                lines.append(f"    unchecked: {one['unchecked']}")
        lines.append("")
    return "\n".join(lines).rstrip()


def _rows(api: dict[str, Any]) -> list[tuple[str, dict[str, int]]]:
    total = {column: sum(row[column] for row in api["counts"].values()) for column in COLUMNS}
    return [*api["counts"].items(), ("all", total)]


def _markdown(listed: Iterable[dict[str, Any]]) -> str:
    lines = []
    for api in listed:
        lines += [f"# {api['api']}", "", "| | " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * len(COLUMNS)]
        lines += [
            f"| {level} | " + " | ".join(str(row[column]) for column in COLUMNS) + " |" for level, row in _rows(api)
        ]
        lines += ["", "| id | level | says | source | checks |", "|---|---|---|---|---|"]
        for one in api["requirements"]:
            source = f"[{_cell(one['source']['section'])}]({one['source']['url']})"
            how = str(len(one["checks"])) if one["checks"] else f"unchecked: {_cell(one['unchecked'] or 'no reason')}"
            lines.append(f"| `{one['id']}` | {one['level']} | {_cell(one['says'])} | {source} | {how} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _json(listed: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(listed), indent=1, ensure_ascii=False)


def _set(listed: Iterable[dict[str, Any]]) -> str:
    return "\n".join(sets.frozen(api["api"], [one["id"] for one in api["requirements"]]) for api in listed)


FORMATS = {"text": _text, "json": _json, "markdown": _markdown, "set": _set}
