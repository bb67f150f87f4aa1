"""`summary.md` as a renderer of CommonMark with GitHub's tables shows it."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from pytest_reportconformance.report import cause_text, causes, renderings
from pytest_reportconformance.report.markdown_text import code, escaped, link
from pytest_reportconformance.report.stored import Stored

GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])
AWKWARD = (
    "# no heading",
    "- no item",
    "1. no number",
    "a | b",
    "*a* _b_ `c` ~~d~~",
    "<b>&amp;&lt;</b> <script>alert(1)</script>",
    "[a](http://b.example) ![c](d)",
    "http://127.0.0.1:8080/rest_v2/*_x_* www.example_a.org",
    "$x$ and $y$, #12, a\\b",
    "> no quotation",
)


def page(stored: Stored) -> str:
    """The summary as HTML."""
    return str(GITHUB.render("".join(renderings.render("markdown", stored))))


def plain(html: str) -> str:
    """The words of HTML."""
    text = re.sub(r"<[^>]*>", "", html)
    for name, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(name, char)
    return " ".join(text.split())


@pytest.mark.parametrize("text", AWKWARD)
def test_text_of_a_server_is_shown_as_it_is(text: str) -> None:
    html = str(GITHUB.render(f"- expected: {escaped(text)}\n"))
    assert plain(html) == f"expected: {text}"
    assert re.findall(r"<(\w+)", html) == ["ul", "li"]


def test_no_address_becomes_a_link_by_itself() -> None:
    """GitHub makes links of bare addresses, with the backslashes that escape their underscores."""
    assert not re.search(r"\w://|www\.", escaped("GET http://a.example/rest_v2 and www.a.example"))


def test_a_link_leads_to_the_web_only() -> None:
    assert plain(str(GITHUB.render(link("a [b]", "https://c.example/d(e)?f=<g>")))) == "a [b]"
    assert 'href="https://c.example/d(e)?f=g"' in GITHUB.render(link("a", "https://c.example/d(e)?f=<g>"))
    assert link("a", "javascript:alert(1)") == "a"


def test_the_table_of_outcomes_is_a_table(stored: Stored) -> None:
    html = page(stored)
    table = html.partition("<table>")[2].partition("</table>")[0]
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)]
    assert [row[0] for row in rows] == ["", "MUST", "SHOULD", "MAY"]
    for row in rows[1:]:
        counted = dict(zip(rows[0][1:], map(int, row[1:]), strict=True))
        assert {name: count for name, count in counted.items() if count} == stored.record["counts"][row[0]]


def test_every_cause_is_an_item_with_what_it_blocks_below_it(bad: Stored, blocking: Stored) -> None:
    for stored in (bad, blocking):
        html = page(stored)
        assert html.count("<h1>") == 1
        for cause in causes.of(stored.record):
            assert plain(cause.says)[:60] in plain(html)
            for text in cause_text.counts(cause):
                assert re.search(rf"<li>\s*{re.escape(text)}", html)
    assert html.count("<code>jasperserver.status.known</code> (MUST)") == 1


def test_markup_of_the_server_is_text(bad: Stored) -> None:
    html = page(bad)
    assert set(re.findall(r"<(\w+)", html)) <= {
        *("h1", "h2", "h3", "p", "ul", "li", "code", "a", "table", "thead", "tbody", "tr", "th", "td")
    }
    assert '<script>alert("1")</script>' in plain(html)


def test_code_stays_in_one_span() -> None:
    assert plain(str(GITHUB.render(f"`{code('a`b | c')}`"))) == "a'b | c"
