"""The baseline of a comparison: what of an earlier record is compared, and whether it can be compared with a run.

Rule: JSON values. The record of a run with a baseline has them, so that the comparison can be repeated without the
file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pytest_reportconformance.judging import directions
from pytest_reportconformance.register import register

Record = Mapping[str, Any]
COPIED = ("started", "verdict", "suite", "specs", "set", "options")
IDENTITY = ("api", "product", "version", "edition")
FACTS = ("identities", "reports", "limits", "disposable", "headers", "query")


def summary(record: Record) -> dict[str, Any]:
    """What is compared of a record."""
    return {
        **{name: record[name] for name in COPIED},
        "target": {name: record["target"][name] for name in IDENTITY},
        "facts": dict(_facts(record)),
        "deviations": sorted(_deviations(record)),
        "requirements": [_requirement(one) for one in record["requirements"]],
        "scenarios": {one["name"]: float(one["seconds"]) for one in record["scenarios"]},
    }


def incomparable(baseline: Record, api: str, product: str | None) -> str | None:
    """Why a baseline cannot be compared with a run against a target of that API and product; None if it can."""
    old = baseline["target"]
    if old["api"] != api:
        return f"it is a report of {old['api']}, and the target is one of {api}"
    if None not in (old["product"], product) and old["product"] != product:
        return f"it is a report of {old['product']}, and the target is {product}"
    return None


def shown(baseline: Record) -> set[str]:
    """The known deviations that the baseline had: it showed them, or they occur only sometimes in its version."""
    target = baseline["target"]
    try:
        known = register.load(target["api"]).deviations.values()
    except register.RegisterError:
        return set(baseline["deviations"])
    chance = {
        one.id for one in known if one.occurs == "sometimes" and one.applies(target["product"], target["version"])
    }
    return chance | set(baseline["deviations"])


def _deviations(record: Record) -> set[str]:
    checks = (check for one in record["requirements"] for check in one["checks"])
    return {check["deviation"] for check in checks if check["deviation"]}


def _requirement(one: Record) -> dict[str, Any]:
    """A requirement; its checks only if one of them shows a violation."""
    checks = one["checks"] if directions.violated(one["outcome"]) else ()
    return {
        **{name: one[name] for name in ("id", "level", "outcome", "counts")},
        "checks": [{name: check[name] for name in ("name", "outcome", "deviation")} for check in checks],
    }


def _facts(record: Record) -> Iterator[tuple[str, str]]:
    """What the target is and how it was described, each fact with the name that it has in target.toml."""
    yield "url", record["target"]["url"]
    for name in FACTS:
        yield from _flat(name, record["configuration"][name])
    yield from _flat("absent", record["target"]["absent"])


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for key, one in value.items():
                yield from _flat(f"{name}.{key}", one)
        case list():
            yield name, ", ".join(map(str, value))
        case bool():
            yield name, "true" if value else "false"
        case _:
            yield name, "none" if value is None else str(value)
