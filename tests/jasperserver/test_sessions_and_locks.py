"""A server may begin a session with every refusal, and lock accounts: a run loses neither a session nor an account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance import cli
from pytest_reportconformance.http.client import Client
from pytest_reportconformance.http.lockout import MOST
from pytest_reportconformance.http.server import Call, Server
from pytest_reportconformance.jasperserver import jobs, operations
from pytest_reportconformance.jasperserver.reference.deviations.access import LocksAccounts
from pytest_reportconformance.jasperserver.reference.deviations.search import LearnsLate
from pytest_reportconformance.jasperserver.reference.identities import EXPENDABLE, Identity, basic_credentials
from pytest_reportconformance.jasperserver.scenarios import access
from pytest_reportconformance.jasperserver.test_errors import error_page
from pytest_reportconformance.run.target_argument import describe
from pytest_reportconformance.secrets.secret import Secret
from pytest_reportconformance.target import target as targets
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from tests.mutation.kill_matrix import judged_in_process, violated

WRONG = targets.Identity("owner", "basic", {"username": "joeuser", "password": Secret("not-the-password")})


class Counts(LocksAccounts):
    """Locks accounts and counts the wrong passwords for each."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.wrong: Counter[str] = Counter()

    def identity_of(self, call: Call) -> Identity | None:
        found, credentials = super().identity_of(call), basic_credentials(call)
        if found is None and credentials:
            self.wrong[credentials[0]] += 1
        return found


@pytest.fixture
def served() -> Iterator[tuple[Counts, Server]]:
    """A server that locks accounts."""
    reference = Counts(slow_seconds=0.6)
    with Server(reference) as server:
        yield reference, server


def test_a_refusal_changes_no_cookies(served: tuple[Counts, Server]) -> None:
    target = describe(served[1])
    client = Client(target)
    session = client.open(target.identities["owner"])
    session.send("search", operations.search())
    held = [session.cookies]
    anonymous = Request("GET", operations.BASE, credentials=False)
    for request in (anonymous, operations.search().with_header("Authorization", "x")):
        answer = session.send("refused", request)
        assert (answer.status_code, len(answer.header_values("Set-Cookie"))) == (401, 1)
        held.append(session.cookies)
    client.close()
    assert len(held[0]) == 1
    assert held[1:] == [held[0], held[0]]


def test_a_wrong_password_is_sent_twice_at_most(served: tuple[Counts, Server]) -> None:
    reference, server = served
    client = Client(describe(server))
    answers = [client.open(WRONG).send("search", operations.search()) for _ in range(5)]
    client.close()
    assert reference.wrong == {"joeuser": MOST}
    assert [one.response is not None for one in answers] == [True, True, False, False, False]
    assert answers[-1].error is not None
    assert "so that the account is not locked" in answers[-1].error.text


def test_doctor_tries_a_wrong_password_twice_at_most(
    served: tuple[Counts, Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference, server = served
    path = tmp_path / "t.toml"
    path.write_text(reference.target_toml(server.url).replace("joe-5d2f", "joe-5d2g"), encoding="utf-8")
    assert cli.main(["doctor", str(path), "--no-rehearsal"]) == 4
    assert reference.wrong == {"joeuser": MOST}
    text = reference.target_toml(server.url)
    own = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("expendable"))
    path.write_text(own, encoding="utf-8")
    reference.wrong.clear()
    assert cli.main(["doctor", str(path), "--no-rehearsal"]) == 0
    assert "a run tries one wrong password for joeuser" in capsys.readouterr().out
    assert not reference.wrong


def test_a_server_that_locks_accounts_is_conformant() -> None:
    reference = Counts(slow_seconds=0.6)
    assert violated(judged_in_process(reference)) == {}
    assert reference.wrong == dict.fromkeys(EXPENDABLE, MOST)


class LearnsVeryLate(LearnsLate):
    """Its engine learns of a run after 1.2 seconds."""

    unknown_seconds = 1.2


def test_an_engine_that_learns_of_runs_late_violates_one_requirement() -> None:
    judgements = judged_in_process(LearnsVeryLate(slow_seconds=5, page_seconds=0.5))
    assert list(violated(judgements)) == ["jasperserver.cancel.once-executing"]


def test_the_owner_is_tried_once_without_expendable_accounts(served: tuple[Counts, Server]) -> None:
    target = describe(served[1])
    assert len(access.tried(target)) == 12
    assert access.tried(replace(target, expendable=())) == ["joeuser"]


PAGE = "<html><body><pre>\n\tat com.vendor.A.b(A.java:12)\n</pre><h3>{}</h3></body></html>"


@pytest.mark.parametrize(("signed", "named"), [("Apache Tomcat/9.0.70", "Apache Tomcat/9.0.70"), ("Reports 8", "")])
def test_the_error_page_of_a_container_is_known_by_its_signature(signed: str, named: str) -> None:
    body = PAGE.format(signed).encode()
    response = Response(500, "", (("Content-Type", "text/html;charset=utf-8"),), body, len(body), "")
    exchange = Exchange("x", "owner", Request("GET", "/"), response, 0.0, 0.0)
    assert error_page(exchange) == named


def test_what_is_gone_or_over_is_no_leftover() -> None:
    assert operations.presence("job", "7") == jobs.look("7")
    ready = b'{"value":"cancelled"}'
    response = Response(200, "", (("Content-Type", "application/json"),), ready, len(ready), "")
    exchange = Exchange("x", "owner", operations.status("a"), response, 0.0, 0.0)
    assert "it is over (cancelled)" in (operations.harmless("execution", exchange) or "")
