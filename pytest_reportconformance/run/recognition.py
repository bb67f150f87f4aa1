"""Which API a bare URL serves: found by answers that only a server of that API gives.

Rule: a refusal recognizes nothing by itself. It does if the documented path is refused and a path beside it does not
exist. The usual context paths are tried below a URL at which nothing is recognized.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.refusal import intermediary
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.target.target import ANONYMOUS, Identity, Limits, Target, TargetError
from pytest_reportconformance.target.toml import from_url
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import Broken, NotReached

ASKING = Limits(answer_seconds=5, connect_seconds=3)
REFUSED = (401, 403)
NOT_FOUND = 404
CREDENTIALS = "check RC_OWNER_USERNAME and RC_OWNER_PASSWORD, or RC_OWNER_TOKEN, and name the API"


class TargetUnreachable(TargetError):
    """No server answers at the URL."""


def exit_code(error: TargetError) -> ExitCode:
    """The exit code for a target that cannot be tested: 7 if nothing answers, else 4."""
    return ExitCode.ERROR if isinstance(error, TargetUnreachable) else ExitCode.USAGE


@dataclass(frozen=True)
class Recognized:
    """An API, the base URL at which it was found, and how it was recognized."""

    api: str
    url: str
    how: str


def recognize(url: str) -> Recognized:
    """The API that a URL serves. Raises TargetUnreachable if nothing answers, TargetError if no API is recognized."""
    answers: list[Exchange] = []
    below = {name: apis.load(name).context_paths for name in apis.names()}
    for paths in (dict.fromkeys(below, ("",)), below):
        found = [one for name in below for path in paths[name] for one in _found(url, name, path, answers)]
        if len(found) == 1:
            return found[0]
        if found:
            break
        if all(answer.response is None for answer in answers):
            raise TargetUnreachable(f"{url} is unreachable: {_short(answers[0])}")
    seen = "; ".join(dict.fromkeys(f"{answer.line} → {_short(answer)}" for answer in answers))
    reasons = [text for answer in answers if (text := intermediary(answer)) is not None]
    why = reasons[0] if reasons else f"no API is recognized at {url} ({seen})"
    refused = any(answer.response is not None and answer.status in REFUSED for answer in answers)
    advice = CREDENTIALS if refused else "name the API"
    raise TargetError(f"--target: {why}; {advice} with --target-api " + " or ".join(apis.names()))


def _found(url: str, api: str, path: str, answers: list[Exchange]) -> Iterator[Recognized]:
    """The API below a path of the URL, if it is there; what was answered is added to `answers`."""
    base = url.rstrip("/") + path
    answer = _ask(base, api, apis.load(api).probe)
    answers.append(answer)
    title = apis.load(api).title
    if _recognizes(api, answer):
        yield Recognized(api, base, f"recognized as {title} by {answer.line} ({answer.status})")
    elif answer.response is not None and answer.status in REFUSED and (how := _behind_refusal(base, api, answer)):
        yield Recognized(api, base, f"recognized as {title}: {how}")


def _behind_refusal(base: str, api: str, refused: Exchange) -> str | None:
    """How an API is recognized whose probe is refused: by the owner's credentials, or by a path beside it."""
    owner = from_url(base, api).identities.get("owner")
    if owner is not None:
        answer = _ask(base, api, replace(apis.load(api).probe, credentials=True), owner)
        return f"{answer.line} is answered {answer.status} to the owner" if _recognizes(api, answer) else None
    beside = _ask(base, api, Request("GET", f"/{uuid.uuid4().hex}", credentials=False))
    if beside.response is None or beside.status != NOT_FOUND:
        return None
    return f"{refused.line} is refused ({refused.status}), and a path beside it does not exist (404)"


def _recognizes(api: str, answer: Exchange) -> bool:
    try:
        return answer.response is not None and apis.load(api).recognizes(answer)
    except (Broken, NotReached):
        return False


def _ask(url: str, api: str, request: Request, identity: Identity | None = None) -> Exchange:
    client = Client(Target(api, url, "probe", limits=ASKING))
    try:
        return client.open(identity or Identity(ANONYMOUS)).send("probe", request)
    finally:
        client.close()


def _short(answer: Exchange) -> str:
    if answer.response is None:
        return answer.error.text if answer.error else "no answer"
    return str(answer.response.status)
