"""What a comparison of two records says: directions, deviations, facts that changed, durations."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from pytest_reportconformance.judging.verdicts import Verdict
from pytest_reportconformance.register import register
from pytest_reportconformance.report import baseline, change_groups, comparison, diff
from pytest_reportconformance.report.comparison import Accepts, Change, Comparison
from pytest_reportconformance.report.stored import Stored

JASPER = register.load("jasperserver")
PRODUCT = "JasperReports Server"
OLD, NEW, RARE = "delete-of-unknown-id", "json-by-default", "cancel-while-queued-ignored"
"""Two known deviations that always occur, and one that occurs sometimes."""


def copy(stored: Stored, **target: Any) -> dict[str, Any]:
    """A record of which a test may change what it likes."""
    record: dict[str, Any] = json.loads(json.dumps(stored.record))
    record["target"] |= {"product": PRODUCT, "version": "6.4.2", **target}
    return record


def musts(record: dict[str, Any], level: str = "MUST") -> list[dict[str, Any]]:
    """The requirements of a level that passed."""
    return [one for one in record["requirements"] if one["outcome"] == "passed" and one["level"] == level]


def deviate(one: dict[str, Any], *ids: str) -> None:
    """Make a requirement a known deviation, its first check by each ID."""
    one["outcome"], one["reason"] = "deviation", f"{ids[0]}: it answers otherwise"
    first = {**one["checks"][0], "outcome": "deviation"}
    one["checks"] = [{**first, "name": f"check[{number}]", "deviation": id} for number, id in enumerate(ids)]


def compared(old: dict[str, Any], new: dict[str, Any], accepted: Accepts = "none") -> Comparison:
    """The comparison of two records."""
    return comparison.compare(baseline.summary(old), new, accepted)


def named(changes: Iterable[Change]) -> list[tuple[str | None, str | None]]:
    """What each of some changes is."""
    return [(one.before, one.after) for one in changes]


def test_equal_records_have_no_changes(good: Stored) -> None:
    found = compared(copy(good), copy(good))
    assert found == Comparison((), (), (), (), ())
    assert diff.plain(comparison.as_json(found)) == "nothing changed"


def test_a_requirement_that_became_a_deviation_is_worse_and_has_its_id(good: Stored) -> None:
    new = copy(good, version="8.1.1")
    deviate(musts(new)[0], NEW)
    (one,) = compared(copy(good), new).worse
    assert (one.before, one.after, one.deviations) == ("passed", "deviation", (NEW,))
    (back,) = compared(new, copy(good)).better
    assert (back.before, back.had) == ("deviation", (NEW,))


@pytest.mark.parametrize(("accepted", "worse"), [("none", [OLD, NEW]), ("baseline", [NEW]), ("all", [])], ids=str)
def test_what_is_accepted_is_not_worse(good: Stored, accepted: Accepts, worse: list[str]) -> None:
    old, new = copy(good), copy(good)
    deviate(musts(old)[0], OLD)
    deviate(musts(new)[0], OLD)
    deviate(musts(new)[0], OLD)  # another requirement, by a deviation that the baseline had
    deviate(musts(new)[0], NEW)
    found = compared(old, new, accepted)
    assert [one.deviations[0] for one in found.worse] == worse
    assert len(found.worse) + len(found.other) == 2
    assert all(one.note == f"accepted by {comparison.OPTIONS[accepted]}" for one in found.other)


def test_a_deviation_by_chance_is_one_of_the_baseline_though_it_was_not_shown(good: Stored) -> None:
    assert JASPER.deviations[RARE].occurs == "sometimes"
    new = copy(good)
    deviate(musts(new)[0], RARE)
    assert len(compared(copy(good), new, "baseline").other) == 1
    assert len(compared(copy(good), new).worse) == 1


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [((OLD,), (NEW,), "worse"), ((OLD,), (OLD, NEW), None), ((NEW, NEW), (OLD, NEW), "worse"), ((OLD,), (OLD,), None)],
)
def test_another_deviation_of_a_check_is_worse(
    good: Stored, before: tuple[str, ...], after: tuple[str, ...], direction: str | None
) -> None:
    old, new = copy(good), copy(good)
    deviate(musts(old)[0], *before)
    deviate(musts(new)[0], *after)
    found = compared(old, new)
    assert len(found.worse) == (direction == "worse")
    assert compared(old, new, "all").worse == ()


def test_a_second_failing_check_of_a_failed_requirement_is_worse(good: Stored) -> None:
    old, new = copy(good), copy(good)
    for record, outcomes in ((old, ("failed", "passed", "passed")), (new, ("failed", "failed", "inconclusive"))):
        one = musts(record)[0]
        one["outcome"] = "failed"
        first = one["checks"][0]
        one["checks"] = [{**first, "name": f"check[{n}]", "outcome": name} for n, name in enumerate(outcomes)]
    (worse,) = compared(old, new).worse
    assert (worse.before, worse.after, worse.checks) == ("failed", "failed", ("check[1]",))
    assert "in check[1]" in diff.text(comparison.as_json(compared(old, new)))
    assert len(compared(new, old).better) == 1


def test_a_may_and_what_is_outside_the_set_are_never_worse(good: Stored) -> None:
    new = copy(good)
    deviate(musts(new, "MAY")[0], NEW)
    one = musts(new)[0]
    one["outcome"], one["counts"] = "failed", False
    found = compared(copy(good), new)
    assert found.worse == ()
    assert sorted(change.note for change in found.other) == [
        "a MAY requirement decides nothing",
        "outside the set of requirements",
    ]


def test_requirements_that_one_record_alone_has_are_other(good: Stored) -> None:
    old, new = copy(good), copy(good)
    gone, added = musts(old)[0]["id"], musts(old)[1]["id"]
    new["requirements"] = [one for one in new["requirements"] if one["id"] != gone]
    old["requirements"] = [one for one in old["requirements"] if one["id"] != added]
    new["specs"]["digest"] = "0" * 64
    musts(new)[0]["outcome"] = "failed"
    assert musts(old)[1]["id"] != added
    found = compared(old, new)
    assert sorted(change.note for change in found.other) == ["no longer among the requirements", "not in the baseline"]
    assert any(line.endswith(": 1 added, 1 removed") for line in found.changed)


def test_the_head_names_everything_that_changed_beside_outcomes(good: Stored) -> None:
    old, new = copy(good, edition="CE"), copy(good, version="8.1.1", edition="PRO", url="https://other.example/")
    new["suite"]["version"] = "99.0"
    new["set"] = "jasperserver-2026.1"
    new["options"]["strict"] = True
    new["configuration"]["limits"]["run_seconds"] = 1
    del new["configuration"]["identities"]["admin"]
    del old["configuration"]["identities"]["child_user"]
    text = "\n".join(compared(old, new).changed)
    assert text.startswith(f"{PRODUCT} 6.4.2 CE → 8.1.1 PRO\nsuite {old['suite']['version']} → 99.0\n")
    for line in ("set none → jasperserver-2026.1", "strict no → yes", "→ https://other.example/"):
        assert line in text
    for line in ("identities.admin removed", "identities.child_user added: basic", "limits.run_seconds 900"):
        assert line in text


def test_the_same_edition_is_not_repeated(good: Stored) -> None:
    found = compared(copy(good, edition="CE"), copy(good, version="8.1.1", edition="CE"))
    assert found.changed == (f"{PRODUCT} 6.4.2 → 8.1.1",)


@pytest.mark.parametrize(
    ("before", "after", "slower"), [(10.0, 19.0, False), (0.1, 4.0, False), (6.0, 12.5, True), (20.0, 30.0, False)]
)
def test_slower_is_more_than_noise_and_never_worse(good: Stored, before: float, after: float, slower: bool) -> None:
    old, new = copy(good), copy(good)
    old["scenarios"][0]["seconds"], new["scenarios"][0]["seconds"] = before, after
    found = compared(old, new)
    assert [one.scenario for one in found.slower] == ([new["scenarios"][0]["name"]] if slower else [])
    assert found.worse == ()


@pytest.mark.parametrize(
    ("alone", "worse", "expected"),
    [
        ("conformant", 1, ("worse than the baseline", 1)),
        ("conformant with known deviations", 2, ("worse than the baseline", 1)),
        ("partial", 1, ("worse than the baseline", 1)),
        ("incomplete", 1, ("worse than the baseline", 1)),
        ("not conformant", 1, ("worse than the baseline", 1)),
        ("error", 300, ("error", 7)),
        ("not conformant", 0, ("not conformant", 1)),
        ("conformant", 0, ("conformant", 0)),
    ],
)
def test_worse_outweighs_every_verdict_but_an_error(alone: str, worse: int, expected: tuple[str, int]) -> None:
    found = comparison.verdict(Verdict.named(alone, "because"), {"worse": [0] * worse, "better": []})
    assert (found.name, found.exit_code) == expected


def test_a_pace_that_all_scenarios_share_is_one_line(good: Stored) -> None:
    old, new = copy(good), copy(good)
    for before, after in zip(old["scenarios"], new["scenarios"], strict=True):
        before["seconds"], after["seconds"] = 4.0, 12.0
    new["scenarios"][0]["seconds"] = 40.0
    found = compared(old, new)
    assert found.changed == ("scenarios take 3.0 times as long as before (median)",)
    assert [one.scenario for one in found.slower] == [new["scenarios"][0]["name"]]


def test_a_group_says_once_what_a_deviation_does_instead(good: Stored) -> None:
    new = copy(good)
    for _ in range(3):
        deviate(musts(new)[0], NEW)
    text = diff.text(comparison.as_json(compared(copy(good), new)))
    assert text.count("it answers otherwise") == text.count(f"passed → deviation {NEW}") == 1
    assert all(len(line) <= diff.WIDTH for line in text.splitlines())


def test_long_groups_are_cut_unless_they_are_worse(good: Stored) -> None:
    new = copy(good)
    for one in musts(new)[:9]:
        one["outcome"] = "failed"
    there, back = compared(copy(good), new), compared(new, copy(good))
    assert "more" not in diff.text(comparison.as_json(there), 2)
    assert "and 7 more" in diff.text(comparison.as_json(back), 2)
    assert change_groups.counted(comparison.as_json(back)) == "9 better"
