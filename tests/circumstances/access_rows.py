"""What keeps a run from its target: credentials, clocks, gateways, URLs, descriptions that cannot be true."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import requests

from pytest_reportconformance.http.server import Answer, Call, Reference, Server
from tests.circumstances.circumstance import GOOD, Circumstance, changing, replaced

JASPER, AKAMAI = BOTH = ("jasperserver", "akamai_reporting")
SOME = ("-k", "jasperserver.delete or akamai_reporting.submit")
PAGE = b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body>Back soon</body></html>"
Change = Callable[[Call, Answer], Answer]


def instead(status: int, body: bytes = b"", media: str = "text/html", *fields: tuple[str, str]) -> Change:
    """Answer this, whatever was asked."""
    return lambda _call, _answer: Answer(status, body, [("Content-Type", media), *fields])


def after(number: int, change: Change) -> Change:
    """Answer as the server does at first, and changed from a request on."""
    count = iter(range(10**9))
    return lambda call, answer: change(call, answer) if next(count) >= number else answer


def signed(change: Change) -> Change:
    """Change the answers to requests with credentials alone."""
    return lambda call, answer: change(call, answer) if call.header("Authorization") else answer


def clock(call: Call, answer: Answer) -> Answer:
    """A clock 55 s ahead, by which every signature is too old."""
    date = ("Date", format_datetime(datetime.now(UTC) + timedelta(seconds=55), usegmt=True))
    if not call.header("Authorization"):
        answer.headers.append(date)
        return answer
    problem = json.dumps({"title": "Bad request", "status": 400, "detail": "Invalid timestamp"}).encode()
    return Answer(400, problem, [("Content-Type", "application/problem+json"), date])


def unauthorized(*fields: tuple[str, str], body: bytes = b"") -> Change:
    """401 to every request with credentials."""
    return signed(instead(401, body, "application/json", *fields))


def bare(_text: str, _folder: Path) -> None:
    """A bare URL in place of a target.toml."""


def bearer(text: str, _folder: Path) -> str:
    """The owner has a token in place of a password."""
    return re.sub(r"(\[identities\.owner\]\n)(?:.+\n)+", r'\1auth = "bearer"\ntoken = "abc-123-def"\n', text)


def owner(url: str, _folder: Path) -> Mapping[str, str]:
    """Credentials of the owner in the environment."""
    return {"RC_OWNER_USERNAME": "joeuser", "RC_OWNER_PASSWORD": "joe-5d2f"}


def wrong_password(url: str, _folder: Path) -> Mapping[str, str]:
    """Wrong credentials of the owner in the environment."""
    return {"RC_OWNER_USERNAME": "joeuser", "RC_OWNER_PASSWORD": "wrong-5d2f"}


@contextmanager
def beside_a_scheduler(reference: Reference, _folder: Path) -> Iterator[str]:
    """Somebody else runs the same reports as the owner's user all the time, in a session of their own."""
    over = threading.Event()

    def keep_running(url: str) -> None:
        with requests.Session() as session:
            session.auth = ("joeuser", "joe-5d2f")
            for _ in range(300):
                for name in ("fast", "slow"):
                    body = {"reportUnitUri": f"/reports/{name}", "async": True, "outputFormat": "csv"}
                    session.post(f"{url}/rest_v2/reportExecutions", json=body, timeout=5)
                if over.wait(0.3):
                    return

    with Server(reference) as server:
        scheduler = threading.Thread(target=keep_running, args=(server.url,))
        scheduler.start()
        try:
            yield server.url
        finally:
            over.set()
            scheduler.join()


def refused(name: str, api: str, change: Change, sentence: str) -> Circumstance:
    """A row in which the run ends before anything is judged: exit code 4."""
    return Circumstance(name, api, 4, sentence, serve=changing(change))


ROWS = [
    Circumstance(
        "somebody else runs the same reports",
        JASPER,
        0,
        "partial",
        GOOD,
        serve=beside_a_scheduler,
        options=("-k", "jasperserver.search or jasperserver.jobs or jasperserver.cancel or jasperserver.run.accepted"),
    ),
    Circumstance(
        "wrong password",
        JASPER,
        4,
        "identities.owner: the server refuses the user name 'joeuser'",
        target=replaced("joe-5d2f", "joe-5d2x"),
    ),
    Circumstance(
        "wrong password of another user",
        JASPER,
        4,
        "identities.other_user: the server refuses",
        target=replaced("jane-81c4", "jane-81cx"),
    ),
    Circumstance(
        "wrong password of the administrator",
        JASPER,
        4,
        "identities.admin: the server refuses",
        target=replaced("admin-e83b", "admin-xxxx"),
    ),
    Circumstance(
        "wrong token",
        AKAMAI,
        4,
        "identities.owner: the server refuses",
        target=replaced("owner-secret", "owner-secrex"),
    ),
    Circumstance(
        "another user who is the owner",
        JASPER,
        4,
        "the same user as the owner",
        target=replaced('username = "janeuser"\npassword = "jane-81c4"', 'username = "joeuser"\npassword = "joe-5d2f"'),
    ),
    Circumstance(
        "an administrator who is none",
        JASPER,
        4,
        "is not an administrator",
        target=replaced(
            'username = "jasperadmin"\npassword = "admin-e83b"', 'username = "newcomer"\npassword = "new-c07e"'
        ),
    ),
    Circumstance(
        "an owner who is an administrator",
        JASPER,
        4,
        "is an administrator",
        target=replaced(
            'username = "joeuser"\npassword = "joe-5d2f"', 'username = "jasperadmin"\npassword = "admin-e83b"'
        ),
    ),
    Circumstance(
        "a report that does not exist",
        JASPER,
        4,
        "reports.fast: /reports/gone does not exist",
        target=replaced("/reports/fast", "/reports/gone"),
    ),
    Circumstance(
        "a report that the owner may not run",
        JASPER,
        4,
        "reports.slow: a run of /reports/forbidden is answered with 403",
        target=replaced('/reports/slow"', '/reports/forbidden"'),
    ),
    Circumstance(
        "a report that does not exist, and no repository to say so",
        JASPER,
        4,
        "reports.multi: a run of /reports/gone is answered with 404",
        serve=changing(instead(404), lambda call: "/rest_v2/resources" in call.path),
        target=replaced("/reports/multi", "/reports/gone"),
    ),
    Circumstance(
        "more pages than there are",
        JASPER,
        4,
        "reports.multi: its run has 7 pages, and its output does not show page 99: correct pages",
        target=replaced("^pages = 7", "pages = 99"),
    ),
    Circumstance(
        "more pages that appear one after another than there are",
        JASPER,
        0,
        "",
        GOOD,
        target=replaced("^pages = 8", "pages = 80"),
        options=("-k", "jasperserver.page-status"),
    ),
    Circumstance(
        "a path of the URL that is wrong",
        JASPER,
        4,
        "target.url: no JasperReports Server",
        target=replaced(r'^(url = "[^"]*)"', r'\1/elsewhere"'),
    ),
    Circumstance(
        "nothing listens",
        JASPER,
        7,
        "the connection was refused",
        target=replaced(r'^url = ".*"', 'url = "http://127.0.0.1:1/jasperserver"'),
    ),
    Circumstance(
        "nothing listens at a bare URL",
        JASPER,
        7,
        "is unreachable: the connection was refused",
        target=bare,
        options=("--target", "http://127.0.0.1:1", *SOME),
    ),
    Circumstance(
        "no credentials at a bare URL",
        JASPER,
        0,
        "no credentials are given.*RC_OWNER_USERNAME",
        frozenset({"untested"}),
        target=bare,
    ),
    Circumstance("no credentials at a bare URL", AKAMAI, 4, "check RC_OWNER_USERNAME", target=bare),
    Circumstance(
        "no credentials, the API is named",
        AKAMAI,
        0,
        "no credentials are given",
        frozenset({"untested"}),
        target=bare,
        options=("--target-api", AKAMAI),
    ),
    Circumstance(
        "wrong credentials at a bare URL",
        JASPER,
        4,
        "identities.owner: the server refuses",
        target=bare,
        environment=wrong_password,
    ),
    *(
        refused(
            f"a gateway answers {status}",
            api,
            instead(status, b"<html>nginx</html>"),
            f"a gateway answers in place of the server \\({status}",
        )
        for api in BOTH
        for status in (502, 503, 504)
    ),
    *(refused("a maintenance page", api, instead(200, PAGE), "an HTML page 'Down for maintenance'") for api in BOTH),
    *(
        refused("a captive portal", api, instead(511, PAGE), "a gateway answers in place of the server \\(511")
        for api in BOTH
    ),
    *(
        refused("a proxy that demands credentials", api, instead(407), "the proxy demands credentials \\(407")
        for api in BOTH
    ),
    refused(
        "a locked account",
        JASPER,
        unauthorized(body=b'{"message": "User account is locked"}'),
        "the account 'joeuser' is locked",
    ),
    refused("a forbidden API", AKAMAI, signed(instead(403, b"{}", "application/json")), "may not use the API"),
    Circumstance(
        "an expired token",
        JASPER,
        4,
        "the token is expired",
        target=bearer,
        serve=changing(
            unauthorized(("WWW-Authenticate", 'Bearer error="invalid_token", error_description="The token is expired"'))
        ),
    ),
    Circumstance(
        "signatures that are too old",
        AKAMAI,
        4,
        "the server's clock is 5\\d s ahead of this machine's",
        serve=changing(clock),
        reference={"auth": "edgegrid"},
    ),
    Circumstance(
        "credentials that end during the run",
        JASPER,
        7,
        "was let in at the start of the run and is refused now",
        frozenset({"error", "passed", "not applicable", "untested"}),
        serve=changing(after(40, unauthorized())),
    ),
]
