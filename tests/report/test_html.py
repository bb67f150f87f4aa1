"""The HTML report: safe and whole; `test_page_in_browser` opens it in a browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from pytest_reportconformance.report import causes, renderings
from pytest_reportconformance.report.stored import Stored
from tests.report.markup import Page
from tests.report.stored_runs import HOSTILE


def page(stored: Stored, name: str = "html") -> str:
    """The report as one text."""
    return "".join(renderings.render(name, stored))


def test_the_verdict_comes_first(bad: Stored) -> None:
    text = page(bad)
    words = re.sub(r"<[^>]*>", " ", text[text.index("<body") :]).split()
    assert "Not conformant" in " ".join(words[:12])


@pytest.mark.parametrize("name", ["html", "exchanges"])
def test_nothing_is_loaded(name: str, stored: Stored) -> None:
    found = Page(page(stored, name))
    assert not [tag for tag, _ in found.tags if tag in ("iframe", "object", "embed", "img", "form", "base")]
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on") or name == "style"]
    assert [value for _, attributes in found.tags if (value := attributes.get("src"))] == []
    allowed = ("#", "https://", "http://", "transcripts/", "data:,", "report.html", "exchanges.html")
    assert not [link for link in found.values("href") if not link.startswith(allowed)]


@pytest.mark.parametrize(("name", "scripts"), [("html", 1), ("exchanges", 0)])
def test_the_policy_allows_the_style_sheet_and_the_script_of_the_page_and_nothing_else(
    name: str, scripts: int, good: Stored
) -> None:
    text = page(good, name)
    (policy,) = [
        attributes["content"] for tag, attributes in Page(text).tags if tag == "meta" and "http-equiv" in attributes
    ]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert text.count("<style") == 1
    assert text.count("<script") == scripts == policy.count("script-src")
    for tag, source in [("style", "style-src"), ("script", "script-src")][: 1 + scripts]:
        content = text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{source} 'sha256-{digest}';" in policy


@pytest.mark.parametrize("name", ["html", "exchanges"])
def test_text_of_the_server_is_escaped(name: str, bad: Stored) -> None:
    text = page(bad, name)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    assert "\x1b" not in text
    assert HOSTILE not in text


def test_every_requirement_is_there_once_and_every_link_leads_somewhere(stored: Stored) -> None:
    found, beside = Page(page(stored)), Page(page(stored, "exchanges"))
    ids = found.values("id")
    for one in (found, beside):
        assert len(one.values("id")) == len(set(one.values("id")))
        assert not {link[1:] for link in one.values("href") if link.startswith("#")} - set(one.values("id"))
    assert {one["id"] for one in stored.record["requirements"]} <= set(ids)
    outside = {link.partition("#")[2] for link in found.values("href") if link.startswith("exchanges.html#")}
    assert outside
    assert not outside - set(beside.values("id"))


def test_a_cause_shows_expected_actual_exchange_curl_and_source(bad: Stored) -> None:
    found = next(one for one in causes.of(bad.record) if one.outcome == "failed" and one.shown is not None)
    text = page(bad).partition('class="cause failed"')[2].partition('class="cause ')[0]
    assert found.violation is not None
    for word in ("expected", "actual", "curl -i", "Request", "Answer", found.violation["source"]["url"], found.says):
        assert word in text


def test_a_cause_names_what_it_blocks_folded(blocking: Stored) -> None:
    (found,) = [one for one in causes.of(blocking.record) if one.outcome == "failed"]
    text = page(blocking)
    assert text.count('class="cause failed"') == 1
    checks = sum(len(part.checks) for part in found.blocks)
    assert checks > 900
    assert f"blocks {checks} checks of {len(found.blocks)} requirements" in text
    assert f'<details class="folded"><summary>Blocks {checks} checks' in text


def test_a_known_deviation_is_one_cause(bad: Stored) -> None:
    record = json.loads(json.dumps(bad.record))
    for one in record["requirements"][:3]:
        one["outcome"] = one["checks"][0]["outcome"] = "deviation"
        one["checks"][0]["deviation"] = "json-by-default"
    text = page(Stored(bad.folder, record))
    assert text.count('class="cause deviation"') == 1
    assert "explains 3 requirements" in text


def test_permissions_are_words_of_what_the_server_does(good: Stored, blocking: Stored) -> None:
    record = json.loads(json.dumps(good.record))
    for one in record["requirements"]:
        one["outcome"] = "passed"  # on a busy machine some are inconclusive
    table = page(Stored(good.folder, record)).partition('<table class="matrix">')[2].partition("</table>")[0]
    cells = re.findall(r"<td[^>]*><a [^>]*>([^<]*)</a>", table)
    assert {"allowed", "refused"} == set(cells)
    assert "Cancel another user&#39;s running report" in table
    for one in record["requirements"]:
        if one["id"] == "jasperserver.permission.other-user-cancel":
            one["outcome"] = "failed"
    table = page(Stored(good.folder, record)).partition('<table class="matrix">')[2].partition("</table>")[0]
    assert table.count(">differs from the document<") == 1
    assert "not judged" in page(blocking).partition('<table class="matrix">')[2].partition("</table>")[0]


def test_filters_and_timeline_are_there(good: Stored) -> None:
    for word in ('id="show-passed"', 'id="level-MUST"', '<select id="operation"', 'id="search"', 'id="print-all"'):
        assert word in page(good)
    assert 'class="timeline"' in page(good, "exchanges")
