"""How a test in an xdist worker sends a request: it asks the process that plays, by files in a temporary folder.

Rule: one process sends, so that there is one request budget and one ledger. A file is complete when it has its name.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pytest_reportconformance.run.own_requests import OwnRequests
from pytest_reportconformance.transcript import har_entry
from pytest_reportconformance.transcript.exchange import Exchange, Request
from pytest_reportconformance.transcript.failures import NotReached

EVERY = 0.02
QUESTIONS, ANSWERS = "questions", "answers"


class Asking:
    """The side of a worker, with its own name in the folder."""

    def __init__(self, folder: Path, worker: str) -> None:
        self._folder = folder
        self._names = (f"{worker}-{number}.json" for number in itertools.count())
        self._controller = os.getppid()

    def send(self, api: str, test: str, identity: str, name: str, request: Request) -> Exchange:
        """Send a request of a test as an identity. Raises NotReached."""
        question = {"do": "send", "api": api, "test": test, "identity": identity, "name": name}
        answer = self._ask({**question, "request": _dumped(request)})
        if "not_reached" in answer:
            raise NotReached(*answer["not_reached"])
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
        return har_entry.exchange(answer["entry"])

    def close(self, api: str, test: str) -> None:
        """End a test: what it created is removed."""
        self._ask({"do": "close", "api": api, "test": test})

    def _ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        name = next(self._names)
        _write(self._folder / QUESTIONS / name, question)
        path = self._folder / ANSWERS / name
        while not path.exists():
            if os.getppid() != self._controller:
                raise NotReached("inconclusive", "the process that sends has ended")
            time.sleep(EVERY)
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
        return found


class Answering:
    """The side of the process that plays: it answers until it is stopped, each question in a thread of its own."""

    def __init__(self, folder: Path, requests: Mapping[str, OwnRequests]) -> None:
        self._folder = folder
        self._requests = requests
        self._over = threading.Event()
        for name in (QUESTIONS, ANSWERS):
            (folder / name).mkdir(exist_ok=True)
        threading.Thread(target=self._answer_all, name="own requests", daemon=True).start()

    def stop(self) -> None:
        """Answer no more questions."""
        self._over.set()

    def _answer_all(self) -> None:
        while not self._over.wait(EVERY):
            for path in sorted((self._folder / QUESTIONS).glob("*.json")):
                question = json.loads(path.read_text(encoding="utf-8"))
                path.unlink()
                threading.Thread(target=self._answer, args=(path.name, question), daemon=True).start()

    def _answer(self, name: str, question: Mapping[str, Any]) -> None:
        requests, test = self._requests[question["api"]], question["test"]
        found: dict[str, Any] = {}
        try:
            if question["do"] == "close":
                requests.close(test)
            else:
                sent = requests.send(test, question["identity"], question["name"], _loaded(question["request"]))
                found["entry"] = har_entry.entry(sent)
        except NotReached as error:
            found["not_reached"] = [error.outcome, error.reason, error.by]
        except Exception as error:  # raised again in the worker, whose test waits
            found["fault"] = f"{type(error).__name__}: {error}"
        _write(self._folder / ANSWERS / name, found)


def _write(path: Path, values: Mapping[str, Any]) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(values), encoding="utf-8")
    unfinished.rename(path)


def _dumped(request: Request) -> dict[str, Any]:
    values = {field.name: getattr(request, field.name) for field in fields(request)}
    return {**values, "body": None if request.body is None else base64.b64encode(request.body).decode()}


def _loaded(values: Mapping[str, Any]) -> Request:
    body = None if values["body"] is None else base64.b64decode(values["body"])
    headers = tuple((name, value) for name, value in values["headers"])
    return Request(**{**values, "headers": headers, "body": body, "hides": tuple(values["hides"])})
