"""``slo.toml`` is refused with path, line, place, fault and an example; no text of any kind breaks its reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import promises
from planner.model import HOUR, MINUTE
from planner.slo.alerts import rules
from planner.slo.fields import EXAMPLES, TEXT_MAX
from planner.slo.objectives import COUNTS, Severity, SloError
from planner.slo.reading import SLO_KEYS, TIER_KEYS, read_slos

GOOD = """\
[defaults]
owner = "host"
window = "7d"
metric = "planner.sli.events"
tiers = ["fast"]
min_bad = 2
page_min_bad = 3
careful_below = 0.25

[tier.fast]
long = "1h"
short = "5m"
budget = 0.02
severity = "critical"
keep = "30m"

[route]
critical = ["telegram"]

[slo.reminders]
name = "On-time reminders"
description = "Reminders."
counted = "reminder"
objective = 0.99
alert_below = 0.98
impact = "Late."
policy = "Wait."
runbook = "stack/runbooks/slo-reminders.md"
"""


def refusal(text: str) -> str:
    with pytest.raises(SloError) as refused:
        read_slos(text, "here/slo.toml")
    return str(refused.value)


def test_the_file_that_the_others_are_made_of_is_right() -> None:
    (slo,) = read_slos(GOOD).slos
    assert (slo.id, slo.counts, slo.objective, slo.pages) == ("reminders", "reminders", 0.99, True)
    assert read_slos(GOOD).routes == {Severity.CRITICAL: ("telegram",)}


CASES = [
    ("objective = 0.99\n", "objective = 1\n", "objective =", "slo.reminders.objective is 1, and not between 0 and 1"),
    (
        "objective = 0.99\n",
        "objective = 99.9\n",
        "objective =",
        "slo.reminders.objective is 99.9, and not between 0 and 1",
    ),
    ("objective = 0.99\n", "objective = 0\n", "objective =", "slo.reminders.objective is 0, and not between"),
    ("objective = 0.99\n", "objective = -0.5\n", "objective =", "slo.reminders.objective is -0.5, and not between"),
    ("objective = 0.99\n", "objective = nan\n", "objective =", "slo.reminders.objective is nan, and not between"),
    ("objective = 0.99\n", "objective = true\n", "objective =", "slo.reminders.objective is no number"),
    ("objective = 0.99\n", 'objective = "0.99"\n', "objective =", "slo.reminders.objective is no number"),
    (
        "objective = 0.99\n",
        "objective = 0.99999999\n",
        "objective =",
        "slo.reminders.objective is 0.99999999, above 0.999999",
    ),
    ("objective = 0.99\n", "", "[slo.reminders]", "slo.reminders.objective is missing"),
    (
        "alert_below = 0.98\n",
        "alert_below = 0.995\n",
        "alert_below =",
        "slo.reminders.alert_below is 0.995, above the objective, 0.99",
    ),
    (
        "budget = 0.02\n",
        "budget = 0.7\n",
        "[slo.reminders]",
        "slo.reminders.tiers has fast, which can never fire: with an objective of 0.99",
    ),
    (
        "budget = 0.02\n",
        "budget = 0.005\n",
        "[slo.reminders]",
        "slo.reminders.tiers has fast, which fires at a burn rate of 0.84",
    ),
    ("budget = 0.02\n", "budget = 1\n", "budget =", "tier.fast.budget is 1, and not between"),
    (
        'long = "1h"\n',
        'long = "8d"\n',
        "[slo.reminders]",
        "slo.reminders.tiers has fast, which looks back 8d, further than the promise, 7d",
    ),
    ('short = "5m"\n', 'short = "1h"\n', "short =", "tier.fast.short is 1h, not shorter than long, 1h"),
    ('short = "5m"\n', 'short = "2h"\n', "short =", "tier.fast.short is 2h, not shorter than long, 1h"),
    ('short = "5m"\n', 'short = "5 min"\n', "short =", "tier.fast.short is no length of time"),
    ('short = "5m"\n', "short = 5\n", "short =", "tier.fast.short is no length of time"),
    ('window = "7d"\n', 'window = "0d"\n', "window =", "defaults.window is no length of time"),
    (
        '"planner.sli.events"',
        '"planner.sli.event"',
        "metric =",
        "defaults.metric is 'planner.sli.event', which is not known (is",
    ),
    (
        '"planner.sli.events"',
        '"planner.updates"',
        "metric =",
        "defaults.metric is 'planner.updates', which is not known",
    ),
    (
        'tiers = ["fast"]',
        'tiers = ["fats"]',
        "tiers =",
        "defaults.tiers names 'fats', which is not known (is 'fast' meant?)",
    ),
    ('tiers = ["fast"]', "tiers = []", "tiers =", "defaults.tiers is no list with something in it"),
    ('tiers = ["fast"]', 'tiers = "fast"', "tiers =", "defaults.tiers is no list with something in it"),
    ('tiers = ["fast"]', "tiers = [[1]]", "tiers =", "defaults.tiers names [1], which is not known"),
    ('tiers = ["fast"]', 'tiers = ["fast", "fast"]', "tiers =", "defaults.tiers names one twice"),
    (
        '"critical"\n',
        '"kritical"\n',
        "severity =",
        "tier.fast.severity is 'kritical', which is not known (is 'critical' meant?)",
    ),
    (
        '["telegram"]',
        '["telegramm"]',
        "critical =",
        "route.critical names 'telegramm', which is not known (is 'telegram' meant?)",
    ),
    ('["telegram"]', "[]", "critical =", "route.critical is no list with something in it"),
    ("critical = [", "urgent = [", "urgent =", "route.urgent is no severity"),
    ("min_bad = 2", "min_bad = 0", "min_bad =", "defaults.min_bad is no whole number from 1"),
    ("min_bad = 2", "min_bad = 2.0", "min_bad =", "defaults.min_bad is no whole number from 1"),
    ("min_bad = 2", "min_bad = true", "min_bad =", "defaults.min_bad is no whole number from 1"),
    ("page_min_bad = 3", "page_min_bad = 1", "[slo.reminders]", "slo.reminders.page_min_bad is 1, and min_bad 2"),
    ("careful_below = 0.25", "careful_below = 25", "careful_below =", "defaults.careful_below is 25, and not between"),
    ("min_bad = 2", "min_bed = 2", "min_bed =", "defaults.min_bed is not known (is 'min_bad' meant?)"),
    ("impact = ", "impakt = ", "impakt =", "slo.reminders.impakt is not known (is 'impact' meant?)"),
    ("budget = ", "bugdet = ", "bugdet =", "tier.fast.bugdet is not known (is 'budget' meant?)"),
    ("[route]", "[routes]", "[routes]", "routes is not known (is 'route' meant?)"),
    ("[slo.reminders]", "[slo.reminders]\npages = 1", "pages =", "slo.reminders.pages is neither true nor false"),
    (
        "[slo.reminders]",
        '[slo.reminders]\ncounts = "reminder"',
        "counts =",
        "slo.reminders.counts is 'reminder', which is not known",
    ),
    ("[slo.reminders]", "[slo.late]", "[slo.late]", "slo.late.counts is missing"),
    ('"Late."', '""', "impact =", "slo.reminders.impact is no text"),
    ('"Late."', '" "', "impact =", "slo.reminders.impact is no text"),
    ('"Late."', '"Late.\\nVery."', "impact =", "slo.reminders.impact is no text of one line"),
    ('"Late."', '"' + "x" * (TEXT_MAX + 1) + '"', "impact =", "slo.reminders.impact is no text of one line"),
    ('"Late."', '"{{ $value }}"', "impact =", "slo.reminders.impact has {{"),
    ('"Late."', "5", "impact =", "slo.reminders.impact is no text"),
    ("[slo.reminders]", "[slo.Reminders]", "", "slo.'Reminders' is no name"),
    ("[slo.reminders]", '[slo."on time"]', "", "slo.'on time' is no name"),
    ("[slo.reminders]", "[[slo.reminders]]", "[[slo.reminders]]", "slo.reminders is no table"),
    ("[slo.reminders]", "[slo]", "name =", "slo.name is no table"),
    ("[tier.fast]", "[tier.below]", "[tier.below]", "tier.below is what the alert on alert_below is called"),
    ("[tier.fast]", "[[tier]]", "[[tier]]", "tier is no table"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "said"), CASES, ids=[case[3][:50] for case in CASES])
def test_what_is_wrong_is_named_with_path_line_place_and_an_example(
    right: str, wrong: str, line: str, said: str
) -> None:
    assert right in GOOD
    text = GOOD.replace(right, wrong, 1)
    found = refusal(text)
    number = next((number for number, one in enumerate(text.splitlines(), 1) if line and one.startswith(line)), 0)
    assert found.startswith(f"here/slo.toml, line {number}: {said}" if number else f"here/slo.toml: {said}")
    assert re.search(r"; an example: \S", found)
    assert "\n" not in found


@pytest.mark.parametrize(
    "text", ["", "[slo]", "x = ", "[slo.a]\n[slo.a]", "a" * 10_000, "x = " + "[" * 5_000, f"x = {'9' * 5_000}"]
)
def test_what_is_no_such_file_at_all_is_refused(text: str) -> None:
    found = refusal(text)
    assert found.startswith("here/slo.toml")
    assert "an example: " in found


def test_the_same_promise_twice_is_refused_by_its_line() -> None:
    again = GOOD[GOOD.index("[slo.reminders]") :]
    assert f"line {len(GOOD.splitlines()) + 2}" in refusal(GOOD + "\n" + again)


def test_a_tier_within_budget_passes_where_it_is_meant() -> None:
    text = GOOD.replace("budget = 0.02", "budget = 0.005\nearly = true")
    assert read_slos(text).slos[0].tiers[0].early


def test_a_tier_that_fires_only_when_everything_fails_for_all_of_its_window_never_does() -> None:
    """A share is never above 1: 0.595 x 168 x 0.01 is just below, a little more is not."""
    assert read_slos(GOOD.replace("budget = 0.02", "budget = 0.595"))
    assert "can never fire" in refusal(GOOD.replace("budget = 0.02", "budget = 0.5952380952380952"))


def test_what_is_never_woken_for_may_have_any_floor() -> None:
    assert read_slos(
        GOOD.replace("min_bad = 2", "min_bad = 60").replace("[slo.reminders]", "[slo.reminders]\npages = false")
    )


def test_two_promises_may_stand_on_the_same_counts_but_not_raise_the_same_alert() -> None:
    first = GOOD[GOOD.index("[slo.reminders]") :]
    second = first.replace("[slo.reminders]", '[slo.reminders_strict]\ncounts = "reminders"')
    assert [slo.counts for slo in read_slos(GOOD + second).slos] == ["reminders", "reminders"]
    alike = [first.replace("[slo.reminders]", f'[slo.{name}]\ncounts = "reminders"') for name in ("a1_b", "a1b")]
    assert "has an alert PlannerA1BFastBurn, as a1_b/fast has" in refusal(GOOD + "".join(alike))


def test_the_line_of_a_text_of_several_lines_is_not_guessed() -> None:
    text = GOOD.replace('"Late."', '"""Late.\nobjective = 5"""')
    assert refusal(text).startswith("here/slo.toml: slo.reminders.impact")


def test_every_key_has_an_example_that_passes() -> None:
    tier = "".join(f"{key} = {EXAMPLES[key]}\n" for key in TIER_KEYS)
    slo = "".join(f"{key} = {EXAMPLES[key]}\n" for key in SLO_KEYS)
    read_slos(f"[tier.fast]\n{tier}[tier.slow]\n{tier}[slo.reminders]\n{slo}")


def test_the_file_in_the_working_folder_is_named_by_its_real_path_and_else_the_one_that_came_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert {slo.counts for slo in promises.load().slos} == set(COUNTS)
    Path("slo.toml").write_text(GOOD.replace("0.99\n", "1.5\n"))
    with pytest.raises(
        SloError, match=re.escape(f"{tmp_path}/slo.toml, line ") + "[0-9]+: slo.reminders.objective is 1.5"
    ):
        promises.load()
    Path("slo.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert len(promises.load().slos) == 1, "as some editors save it"
    Path("slo.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SloError, match=re.escape(f"{tmp_path}/slo.toml: cannot be read")):
        promises.load()


# Any text at all

VALUES = st.one_of(
    st.sampled_from(list(EXAMPLES.values())),
    st.floats().map(repr),
    st.integers().map(str),
    st.booleans().map(lambda flag: str(flag).lower()),
    st.sampled_from(["[]", "{}", "{a = 1}", '""', "[1]", '["a"]', "1979-05-27", "07:32:00", "''", '"1h"', '"7d"']),
)
LINES = st.one_of(
    st.sampled_from(
        ["[defaults]", "[tier.fast]", "[tier.slow]", "[route]", "[slo.reminders]", "[slo.x]", "[[slo.y]]", "[x]"]
    ),
    st.builds("{} = {}".format, st.sampled_from([*EXAMPLES, "critical", "info", "x", '"a b"', "slo.x"]), VALUES),
)


def fault(text: str) -> str:
    """What is said of it; nothing where it is read."""
    try:
        read_slos(text)
    except SloError as error:
        return str(error)
    return ""


@given(st.one_of(st.text(), st.lists(LINES, max_size=30).map("\n".join)))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    assert len(fault(text).splitlines()) <= 1


@given(st.sampled_from(GOOD.splitlines()), VALUES)
def test_any_value_in_a_good_file_is_read_or_refused_with_an_example(line: str, value: str) -> None:
    key, equals, _ = line.partition(" = ")
    said = fault(GOOD.replace(line, f"{key} = {value}") if equals else GOOD)
    assert re.fullmatch(r"(slo\.toml(, line [0-9]+)?: .+ an example: .+)?", said)


def test_links_lead_where_slo_toml_says() -> None:
    at = '\n[links]\nrunbooks = "https://git.example.org/planner/"\ndashboards = "https://grafana.example.org"\n'
    slo = read_slos(GOOD + at).slos[0]
    assert slo.runbook_url == f"https://git.example.org/planner/{slo.runbook}"
    assert slo.links.promises(slo.id) == f"https://grafana.example.org/d/planner-promises?var-slo={slo.id}"
    assert read_slos(GOOD).slos[0].runbook_url == slo.runbook


@pytest.mark.parametrize(
    "line", ['runbooks = "example.org"', "dashboards = 3", 'dashboards = ""', 'pages = "https://example.org"',
             'runbooks = "https://example.org/{{ x }}"'],
)  # fmt: skip
def test_links_that_lead_nowhere_are_refused(line: str) -> None:
    with pytest.raises(SloError, match=r"slo\.toml, line \d+: links\..*; an example: "):
        read_slos(f"{GOOD}\n[links]\n{line}\n")


@pytest.mark.parametrize(("long", "short"), [("1h", "31m"), ("20s", "9s")])
def test_short_windows_that_show_nothing_are_refused(long: str, short: str) -> None:
    changed = GOOD.replace('long = "1h"', f'long = "{long}"').replace('short = "5m"', f'short = "{short}"')
    with pytest.raises(SloError, match=r"tier\.fast\.short is "):
        read_slos(changed)


@pytest.mark.parametrize(("waits", "ms"), [("", 0), ("2m", 2 * MINUTE), ("1h", HOUR)])
def test_a_tier_may_say_how_long_it_burns_before_it_fires(waits: str, ms: int) -> None:
    (slo,) = read_slos(GOOD.replace('keep = "30m"', f'keep = "30m"\nfor = "{waits}"' if waits else 'keep = "30m"')).slos
    assert [rule.for_ms for rule in rules(slo)] == [ms, 0]


@pytest.mark.parametrize("waits", ['"61m"', '"0s"', "2"])
def test_how_long_it_burns_is_a_length_within_its_long_window(waits: str) -> None:
    assert "tier.fast.for is " in refusal(GOOD.replace('keep = "30m"', f'keep = "30m"\nfor = {waits}'))


def test_what_is_kept_for_longer_than_a_promise_looks_back_is_refused() -> None:
    assert read_slos(GOOD.replace('"30m"', '"7d"'))
    assert "slo.reminders.tiers has fast, which keeps 8d, longer than the promise, 7d" in refusal(
        GOOD.replace('"30m"', '"8d"')
    )


@pytest.mark.parametrize(
    "page", ["stack/runbooks/a-b_c.md", "a.md", "https://wiki.example.org/a?b=c#d", "http://10.0.0.1:8080/x"]
)
def test_a_runbook_is_a_path_within_the_project_or_an_address(page: str) -> None:
    assert read_slos(GOOD.replace("stack/runbooks/slo-reminders.md", page)).slos[0].runbook_url == page


@pytest.mark.parametrize(
    "page",
    ["/etc/passwd", "../outside.md", "a/../../b.md", "javascript:alert(1)", "ftp://example.org/a", "ask alice", "https://",
     "https://user:word@example.org/", "file:///etc/passwd", "//example.org/a", "a\\\\b.md"],
)  # fmt: skip
def test_a_runbook_that_leads_nowhere_is_refused(page: str) -> None:
    said = refusal(GOOD.replace("stack/runbooks/slo-reminders.md", page))
    assert "slo.reminders.runbook is neither a path within the project nor an http or https address" in said


@pytest.mark.parametrize("sign", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
@pytest.mark.parametrize("key", ["name", "impact", "policy", "counted", "description"])
def test_no_text_turns_what_follows_it(key: str, sign: int) -> None:
    changed = re.sub(rf'^{key} = "', f'{key} = "{chr(sign)}', GOOD, flags=re.MULTILINE)
    assert f"slo.reminders.{key} has a sign in it" in refusal(changed)
