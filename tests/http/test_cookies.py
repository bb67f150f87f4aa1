"""A cookie is sent only when the redaction knows it: an answer may repeat what was sent."""

from __future__ import annotations

import threading

import pytest
import requests

from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.server import Answer, Call, Server
from pytest_reportconformance.secrets.redaction import Redactor
from pytest_reportconformance.target.target import Identity, Target
from pytest_reportconformance.transcript.exchange import Request

VALUE = "0123456789abcdef-session"


class Setting:
    """Sets a cookie in every answer."""

    prefix = ""

    def answer(self, _call: Call) -> Answer:
        return Answer(200, b"{}", [("Set-Cookie", f"SESSION={VALUE}; Path=/")])

    def summary(self) -> str:
        return ""

    def target_toml(self, url: str) -> str:
        return f'[target]\nurl = "{url}"\n'


def test_no_thread_sends_a_cookie_that_is_not_hidden_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str | None] = []
    learn = Redactor.learn

    def slow(redactor: Redactor, value: str, kind: str) -> None:
        if value == VALUE:
            other = threading.Thread(target=send, daemon=True)
            other.start()
            other.join(0.3)
            assert sent == []
        learn(redactor, value, kind)

    def send() -> None:
        prepared = requests.Request("GET", server.url).prepare()
        conversation._cookies.put_into(prepared)
        sent.append(prepared.headers.get("Cookie"))

    monkeypatch.setattr(Redactor, "learn", slow)
    with Server(Setting()) as server:
        client = Client(Target("jasperserver", server.url, "t"))
        conversation = client.open(Identity("owner"))
        assert conversation.send("step", Request("GET", "/x")).status_code == 200
        send()
        client.close()
    assert sent[-1] == f"SESSION={VALUE}"
