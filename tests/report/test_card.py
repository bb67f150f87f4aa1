"""The failure card shows what was expected, what was answered, and how to repeat the request, wherever it stands."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest

from pytest_reportconformance.report import card, causes, renderings
from pytest_reportconformance.report.stored import Stored
from pytest_reportconformance.secrets.redaction import MARKDOWN
from pytest_reportconformance.transcript import answer
from pytest_reportconformance.transcript.exchange import Exchange, Request, Response
from tests.hooks.test_command_line import ONE, run
from tests.hooks.test_exit_codes import KnowsEveryId, target_of


def shown(stored: Stored) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The failed requirements, each with its first failed check, that an exchange shows."""
    return [
        (one, check)
        for one in stored.record["requirements"]
        for check in one["checks"][:1]
        if check["outcome"] == one["outcome"] == "failed" and check["curl"]
    ]


def answers(name: str, stored: Stored) -> list[dict[str, Any]]:
    """The failed checks whose answers a rendering shows: summary.md has one for each cause."""
    if name == "markdown":
        found = [one.shown for one in causes.of(stored.record) if one.violation is not None]
        return [dict(one[1]) for one in found if one is not None and one[1]["outcome"] == "failed"]
    return [check for _, check in shown(stored)]


def exchange(body: bytes, media: str = "application/json", size: int | None = None) -> Exchange:
    """An exchange whose answer has a body; `size` is that of the whole one if it was cut."""
    response = Response(200, "OK", (("Content-Type", media),), body, len(body) if size is None else size, "")
    return Exchange("poll", "owner", Request("GET", "http://a/b"), response, 0.0, 0.1)


def test_an_answer_is_its_status_media_type_size_and_body() -> None:
    assert answer.line(exchange(b'{"value":\n "ready"}')) == '200 OK, application/json, 19 bytes: {"value": "ready"}'
    assert answer.line(exchange(b"")) == "200 OK, application/json, empty body"
    assert answer.line(exchange(bytes(range(256)), "image/png")) == "200 OK, image/png, 256 bytes"


def test_a_long_body_is_cut_and_no_control_character_is_shown() -> None:
    text = answer.line(exchange(b"\x1b[31m" + "ä".encode() * 5000))
    assert len(text) < answer.LONGEST_BODY + 80
    assert text.endswith("ä…")
    assert "\x1b" not in text


@pytest.mark.parametrize("name", ["junit", "html", "markdown", "ctrf", "csv"])
def test_every_rendering_shows_what_was_answered(name: str, bad: Stored) -> None:
    text = html.unescape("".join(renderings.render(name, bad)))
    text = " ".join(text.replace("\\n", " ").split())  # a card wraps its lines
    for check in answers(name, bad):
        start = " ".join(check["answer"].partition(":")[0].split())
        assert start in text or start.translate(MARKDOWN) in text


def test_a_card_has_every_row_and_fits_80_columns(bad: Stored) -> None:
    for requirement, check in shown(bad):
        rows = card.rows(requirement, check)
        labels = ["requirement", "says", "source", "url", "expected", "actual", "exchange", "answer", "curl"]
        assert [label for label, _ in rows] == labels
        for line in card.plain(rows).splitlines():
            assert len(line) < 80 or " " not in line[card.INDENT :] or line.startswith("curl")


def test_a_card_names_its_scenarios_if_no_exchange_shows_the_failure(bad: Stored) -> None:
    requirement, check = shown(bad)[0]
    bare = {**check, "answer": None, "curl": None, "evidence": {**check["evidence"], "exchange": None}}
    labels = [label for label, _ in card.rows(requirement, bare)]
    assert labels[-2:] == ["actual", "scenario"]


@pytest.mark.parametrize("processes", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_the_terminal_shows_the_answer_and_its_summary_names_the_requirement(
    processes: list[str], tmp_path: Path
) -> None:
    with target_of(KnowsEveryId(), tmp_path) as target:
        done = run(tmp_path, "--target", str(target), "-k", ONE, "-ra", *processes, COLUMNS="80")
    assert f"\nFAILED {ONE} " in done.stdout, done.stdout
    assert "\nanswer       200 OK, application/errorDescriptor+json, 17 bytes" in done.stdout, done.stdout
    (summary,) = tmp_path.rglob("summary.md")
    assert "- answer: 200 OK, application/errorDescriptor+json, 17 bytes: " in summary.read_text(encoding="utf-8")
