"""Which API a bare URL serves: found by answers that only a server of that API gives.

Rule: a refusal recognizes nothing by itself. It does if the documented path is refused and a path beside it does not
exist. The usual context paths are tried below a URL at which nothing is recognized.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import inf

from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.lockout import RefusedPasswords
from pytest_reportconformance.http.refusal import intermediary
from pytest_reportconformance.judging.exit_codes import ExitCode
from pytest_reportconformance.register import apis
from pytest_reportconformance.target.target import ANONYMOUS, Identity, Limits, Target, TargetError
from pytest_reportconformance.target.toml import from_url
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import Broken, NotReached

ASKING = Limits(answer_seconds=5, connect_seconds=3)
LEAST_SECONDS = 0.1
REFUSED = (401, 403)
NOT_FOUND = 404
CREDENTIALS = "check RC_OWNER_USERNAME and RC_OWNER_PASSWORD, or RC_OWNER_TOKEN, and name the API"


class TargetUnreachable(TargetError):
    """No server answers at the URL; `seen` is what was answered or why nothing was."""

    def __init__(self, text: str, seen: str = "") -> None:
        super().__init__(text)
        self.seen = seen


class Unrecognized(TargetError):
    """What answers at the URL is no server of an API; `seen` is what was answered, `advice` what to do."""

    def __init__(self, text: str, seen: str, advice: str) -> None:
        super().__init__(text)
        self.seen = seen
        self.advice = advice


def exit_code(error: TargetError) -> ExitCode:
    """The exit code for a target that cannot be tested: 7 if nothing answers, else 4."""
    return ExitCode.ERROR if isinstance(error, TargetUnreachable) else ExitCode.USAGE


@dataclass(frozen=True)
class Recognized:
    """An API, the base URL at which it was found, and how it was recognized."""

    api: str
    url: str
    how: str


class Asker:
    """Asks servers; `before` is called before each request, and none takes long, least of all after `ends` (monotonic).

    One asker tries a password that is refused as often as one run does, however often it asks.
    """

    def __init__(self, ends: float = inf, before: Callable[[], None] = lambda: None) -> None:
        self.passwords = RefusedPasswords()
        self._ends = ends
        self._before = before

    def ask(self, target: Target, request: Request, identity: Identity | None = None) -> Exchange:
        """Send one request, without credentials if no identity is given."""
        self._before()
        left = max(self._ends - time.monotonic(), LEAST_SECONDS)
        limits = replace(
            ASKING,
            answer_seconds=min(ASKING.answer_seconds, left),
            connect_seconds=min(ASKING.connect_seconds, left),
        )
        client = Client(replace(target, limits=limits))
        client.passwords = self.passwords
        try:
            return client.open(identity or Identity(ANONYMOUS)).send("probe", request)
        finally:
            client.close()


def recognize(url: str, asker: Asker | None = None) -> Recognized:
    """The API that a URL serves. Raises TargetUnreachable if nothing answers, Unrecognized if no API is recognized."""
    asker = asker or Asker()
    answers: list[Exchange] = []
    below = {name: apis.load(name).context_paths for name in apis.names()}
    for paths in (dict.fromkeys(below, ("",)), below):
        bases = [from_url(url.rstrip("/") + path, name) for name in below for path in paths[name]]
        found = [one for base in bases for one in _found(base, asker, answers)]
        if len(found) == 1:
            return found[0]
        if found:
            break
        if all(answer.response is None for answer in answers):
            break
    raise _unrecognized(url, answers, naming=" with --target-api " + " or ".join(apis.names()))


def identified(target: Target, asker: Asker) -> Recognized:
    """A target whose API is known, if a server of it answers. Raises TargetUnreachable, Unrecognized."""
    answers: list[Exchange] = []
    for found in _found(target, asker, answers):
        return found
    raise _unrecognized(target.url, answers, naming="")


def _unrecognized(url: str, answers: list[Exchange], naming: str) -> TargetError:
    """Why no API is recognized; `naming` is how a user names the API, if that helps."""
    if all(answer.response is None for answer in answers):
        return TargetUnreachable(f"{url} is unreachable: {_short(answers[0])}", _short(answers[0]))
    seen = "; ".join(dict.fromkeys(f"{answer.line} → {_short(answer)}" for answer in answers))
    reasons = [text for answer in answers if (text := intermediary(answer)) is not None]
    why = reasons[0] if reasons else f"no API is recognized at {url} ({seen})"
    refused = any(answer.response is not None and answer.status_code in REFUSED for answer in answers)
    advice = (CREDENTIALS if refused else "name the API") + naming
    return Unrecognized(f"--target: {why}; {advice}", seen, advice if naming else "check the URL and the credentials")


def _found(target: Target, asker: Asker, answers: list[Exchange]) -> Iterator[Recognized]:
    """The API of a target, if it is there; what was answered is added to `answers`."""
    api = apis.load(target.api)
    answer = asker.ask(target, api.probe)
    answers.append(answer)
    if _recognizes(api.name, answer):
        yield Recognized(api.name, target.url, f"recognized as {api.title} by {answer.line} ({answer.status_code})")
    elif (
        answer.response is not None
        and answer.status_code in REFUSED
        and (how := _behind_refusal(target, asker, answer))
    ):
        yield Recognized(api.name, target.url, f"recognized as {api.title}: {how}")


def _behind_refusal(target: Target, asker: Asker, refused: Exchange) -> str | None:
    """How an API is recognized whose probe is refused: by an identity's credentials, or by a path beside it."""
    known = target.identities
    identity = known.get("owner") or next(iter(known.values()), None)
    if identity is not None:
        answer = asker.ask(target, replace(apis.load(target.api).probe, credentials=True), identity)
        found = _recognizes(target.api, answer)
        return f"{answer.line} is answered {answer.status_code} to the {identity.name}" if found else None
    beside = asker.ask(target, Request("GET", f"/{uuid.uuid4().hex}", credentials=False))
    if beside.response is None or beside.status_code != NOT_FOUND:
        return None
    return f"{refused.line} is refused ({refused.status_code}), and a path beside it does not exist (404)"


def _recognizes(api: str, answer: Exchange) -> bool:
    try:
        return answer.response is not None and apis.load(api).recognizes(answer)
    except (Broken, NotReached):
        return False


def _short(answer: Exchange) -> str:
    if answer.response is None:
        return answer.error.text if answer.error else "no answer"
    return str(answer.response.status_code)
