"""The assertions of the checks. Each passes silently, or reports what was expected and what the server sent instead.

Rule: the only user of jsonschema and xmlschema. `Broken` is a fault of the server, `NotReached` is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pytest_reportconformance.register import register
from pytest_reportconformance.transcript import usage
from pytest_reportconformance.transcript.exchange import Exchange
from pytest_reportconformance.transcript.failures import Broken, NotReached
from pytest_reportconformance.transcript.parsing import excerpt, pointer


def status(exchange: Exchange, *allowed: int) -> None:
    """The status code is one of the allowed codes."""
    if exchange.status_code not in allowed:
        raise Broken(f"status {_either(allowed)} to {exchange.line}", _answered(exchange), exchange)


def refused(exchange: Exchange, *allowed: int, control: Exchange) -> None:
    """The request is refused with one of the allowed codes; the control, which differs in one thing only, succeeds."""
    precondition(control.granted, f"the control of {exchange.name!r} did not succeed: {_seen(control)}", control)
    status(exchange, *allowed)


def never(exchange: Exchange, *forbidden: int) -> None:
    """The status code is none of the forbidden codes."""
    if exchange.status_code in forbidden:
        raise Broken(f"a status other than {_either(forbidden)} to {exchange.line}", _answered(exchange), exchange)


def media_type(exchange: Exchange, *allowed: str) -> None:
    """The media type of the answer, without parameters, is one of the allowed types."""
    found = exchange.media_type
    if found not in [name.lower() for name in allowed]:
        raise Broken(
            f"media type {_either(map(_value, allowed))}", _value(found) if found else "no Content-Type", exchange
        )


def empty(exchange: Exchange) -> None:
    """The answer has no body."""
    if exchange.answer.size:
        raise Broken("an empty body", f"{exchange.answer.size} bytes: {excerpt(exchange.content)}", exchange)


def equal(actual: Any, expected: Any, what: str, exchange: Exchange) -> None:
    """Two values are equal; `what` names the one under test."""
    usage.at_something()
    if actual != expected or isinstance(actual, bool) != isinstance(expected, bool):
        raise Broken(f"{what} = {_value(expected)}", _value(actual), exchange)


def among(actual: Any, allowed: Iterable[Any], what: str, exchange: Exchange) -> None:
    """A value is one of several."""
    usage.at_something()
    allowed = list(allowed)
    if actual not in allowed:
        raise Broken(f"{what} one of {excerpt(allowed)}", _value(actual), exchange)


def that(holds: bool, expected: str, actual: Any, exchange: Exchange) -> None:
    """A condition holds; `expected` is a noun phrase: `that(rows > 0, "at least one row", rows)`."""
    usage.at_something()
    if not holds:
        raise Broken(expected, excerpt(actual), exchange)


def schema(exchange: Exchange, api: str, name: str) -> None:
    """The body fits the API's schema of that name: JSON Schema for JSON, XSD for XML."""
    if exchange.media_type.endswith("xml"):
        _fits_xsd(exchange, api, name)
    else:
        _fits_json_schema(exchange, api, name)


def precondition(holds: bool, reason: str, exchange: Exchange | None = None, by: str | None = None) -> None:
    """A condition that the check relies on and does not judge; if it does not hold, the check is blocked."""
    if not holds:
        raise NotReached("blocked", reason, by or (exchange.establishes if exchange else None))


def applies(holds: bool, reason: str) -> None:
    """The condition under which the requirement applies; if it does not hold, the outcome is not applicable."""
    if not holds:
        raise NotReached("not applicable", reason)


def seen(holds: bool, reason: str) -> None:
    """Something that the run should have observed; if it did not, the check is inconclusive."""
    if not holds:
        raise NotReached("inconclusive", reason)


def _value(value: Any) -> str:
    """A value in quotes if it is text, so that its first and last characters show."""
    return f'"{excerpt(value)}"' if isinstance(value, str) else excerpt(value)


def _either(allowed: Iterable[Any]) -> str:
    return " or ".join(map(str, allowed))


def _seen(exchange: Exchange) -> str:
    error = exchange.error
    return error.text if error else f"{exchange.line} → {exchange.response and exchange.response.status_code}"


def _answered(exchange: Exchange) -> str:
    body = exchange.answer.content
    tail = f": {excerpt(body)}" if body else ""
    return f"{exchange.status_code} {exchange.answer.reason}{tail}"


def members_fit(members: Any, exchange: Exchange, api: str, name: str) -> None:
    """What an answer holds, read from JSON or from XML, fits the API's JSON Schema of that name."""
    problem = _misfit(api, name, json.dumps(members, sort_keys=True))
    if problem:
        raise Broken(f"a body that fits the schema {name}", problem, exchange)


@lru_cache(maxsize=4096)
def _misfit(api: str, name: str, document: str) -> str:
    """Where a JSON document does not fit a schema, and why; empty if it does."""
    from jsonschema.exceptions import best_match

    error = best_match(_json_validator(api, name).iter_errors(json.loads(document)))
    return f"at {pointer(list(error.absolute_path)) or 'the body'}: {excerpt(error.message)}" if error else ""


def _fits_json_schema(exchange: Exchange, api: str, name: str) -> None:
    members_fit(exchange.json(), exchange, api, name)


def _fits_xsd(exchange: Exchange, api: str, name: str) -> None:
    from xml.etree.ElementTree import tostring

    error = next(_xml_schema(api, name).iter_errors(tostring(exchange.xml, encoding="unicode")), None)
    if error is not None:
        raise Broken(f"a body that fits {name}.xsd", f"at {error.path}: {excerpt(error.reason)}", exchange)


def _schema_file(api: str, name: str) -> Path:
    return register.folder(api) / "schemas" / name


@cache
def _json_validator(api: str, name: str) -> Any:
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    folder = _schema_file(api, "")
    documents = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))}
    registry: Registry[Any] = Registry().with_resources(
        [(key, Resource.from_contents(document)) for key, document in documents.items()]
        + [(document["$id"], Resource.from_contents(document)) for document in documents.values() if "$id" in document]
    )
    return Draft202012Validator(documents[f"{name}.json"], registry=registry)


@cache
def _xml_schema(api: str, name: str) -> Any:
    if find_spec("xmlschema") is None:
        raise NotReached("untested", "needs an extra: pip install 'pytest-reportconformance[xml]'")
    import xmlschema

    file = _schema_file(api, f"{name}.xsd")
    text = file.read_text(encoding="utf-8")
    kind = xmlschema.XMLSchema11 if "vc:minVersion" in text or "openContent" in text else xmlschema.XMLSchema10
    return kind(str(file))
