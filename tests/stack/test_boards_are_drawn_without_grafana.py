"""tools/boards: a panel is asked for and written as Grafana does it, and what people would stumble over is found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from math import inf, nan
from typing import Any

import pytest

from planner.dashboards.board import Board
from planner.dashboards.grid import Panel, Row
from planner.dashboards.panels import (
    GREEN,
    ORANGE,
    RED,
    Steps,
    columns,
    gauge,
    heatmap,
    log,
    note,
    over_time,
    override,
    stat,
    states,
    table,
    words,
)
from planner.dashboards.targets import LOKI, Query
from tools.boards import sense, units
from tools.boards.answers import RefusedError, Series, Span
from tools.boards.page import index, page
from tools.boards.rendering import Page, Rendered, rendered

NOW = 1_800_000_000.0
STEPS = Steps(GREEN, ((5, ORANGE), (10, RED)))
Found = Mapping[str, "list[tuple[dict[str, str], list[float]]]"]


class Prometheus:
    """It gives what is found for an expression, and remembers what it was asked."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self.asked: list[tuple[str, float]] = []

    def at(self, expression: str, moment: float) -> tuple[Series, ...]:
        return self.over(expression, Span(moment, moment), 0)

    def over(self, expression: str, span: Span, step: float) -> tuple[Series, ...]:
        self.asked.append((expression, step))
        if "wrong" in expression:
            raise RefusedError("parse error")
        return tuple(
            Series(labels, tuple((span.end - step * (len(values) - 1 - at), value) for at, value in enumerate(values)))
            for labels, values in self._found.get(expression, [])
        )


def drawn(panel: Panel, found: Found, **options: Any) -> Rendered:
    (one,) = whole([panel], found, **options).panels
    return one


def whole(panels: list[Panel], found: Found, **options: Any) -> Page:
    board = Board("test", "Test", "A test's.", (Row("Row", tuple(panels)),), since="now-1h")
    asked: Any = Prometheus(found)
    return rendered(json.loads(json.dumps(board.json)), asked, NOW, **options)


def a_stat(unit: str = "none", **options: Any) -> Panel:
    return stat("Title", "About.", Query("q", "{{kind}}"), unit, STEPS, **options)


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "expected"),
    [
        (0, "none", None, "0"),
        (3, "none", None, "3"),
        (1.2345, "none", None, "1.23"),
        (123.456, "none", None, "123"),
        (0.1 + 0.2, "none", None, "0.3"),
        (1.2345, "none", 1, "1.2"),
        (-0.001, "none", 1, "0.0"),
        (1_234_567, "short", None, "1.23 Mil"),
        (999, "short", None, "999"),
        (1, "percentunit", None, "100%"),
        (0.98765, "percentunit", 2, "98.77%"),
        (0.004, "s", None, "4 ms"),
        (0.000_25, "s", None, "250 µs"),
        (59, "s", None, "59 s"),
        (60, "s", None, "1 min"),
        (90, "s", None, "1.5 mins"),
        (7_200, "s", None, "2 hours"),
        (86_400 * 3, "s", None, "3 days"),
        (86_400 * 21, "s", None, "3 weeks"),
        (0, "s", None, "0 s"),
        (1_500, "ms", None, "1.5 s"),
        (0, "bytes", None, "0 B"),
        (1_536, "bytes", None, "1.5 KiB"),
        (5 * 1_024**3, "bytes", 1, "5.0 GiB"),
        (2_500, "Bps", None, "2.5 kB/s"),
        (1_200, "reqps", None, "1.2K req/s"),
        (1, "bool_yes_no", None, "Yes"),
        (7, "suffix:feeds", None, "7 feeds"),
        (7, "apples", None, "7 apples"),
        (inf, "none", None, "∞"),
    ],
)
def test_numbers_are_written_as_grafana_writes_them(
    value: float, unit: str, decimals: int | None, expected: str
) -> None:
    assert str(units.written(value, unit, decimals)) == expected


def test_a_unit_that_nobody_wrote_down_is_told_from_the_others() -> None:
    assert units.is_known("percentunit")
    assert not units.is_known("apples")


def test_a_number_is_the_last_that_is_one_in_its_steps_colour() -> None:
    one = drawn(a_stat(), {"q": [({}, [4.0, 7.5, nan])]})
    assert one.drawn.values == ("7.5",)
    assert "#FF9830" in one.drawn.html
    assert not one.drawn.is_empty


def test_a_word_stands_for_its_value_in_its_own_colour() -> None:
    one = drawn(a_stat(mappings=words((2, "kept", GREEN), (0, "broken", RED))), {"q": [({}, [0.0])]})
    assert one.drawn.values == ("broken",)
    assert "background:#F2495C" in one.drawn.html


@pytest.mark.parametrize("found", [{}, {"q": [({}, [nan, nan])]}])
def test_nothing_and_numbers_that_are_none_are_empty_and_say_what_the_panel_says(found: Found) -> None:
    one = drawn(a_stat(empty="idle"), found)
    assert one.drawn.is_empty
    assert "idle" in one.drawn.html


def test_several_numbers_have_their_names() -> None:
    found: Found = {"q": [({"kind": "event"}, [1.0]), ({"kind": "plan"}, [2.0])]}
    one = drawn(a_stat(several=True), found)
    assert (one.drawn.values, one.drawn.words) == (("1", "2"), ("event", "plan"))


def test_variables_are_filled_in_as_grafana_fills_them() -> None:
    found = Prometheus({})
    query = Query('rate(x{instance=~"$instance"}[$window]) + y[$__rate_interval] + z[${__range}] + $unknown')
    board = Board("t", "T", "A.", (Row("R", (over_time("Over $window", "$window", [query], "none"),)),), since="now-1h")
    asked: Any = found
    one = rendered(board.json, asked, NOW, scrape=15)
    expression, step = found.asked[-1]
    assert expression == 'rate(x{instance=~".*"}[1h]) + y[60s] + z[3600s] + $unknown'
    assert step == 30
    assert one.panels[0].panel["title"] == "Over 1h"
    rendered(board.json, asked, NOW, scrape=15, chosen={"window": "5m"})
    assert "[5m]" in found.asked[-1][0]


def test_an_error_is_shown_and_kept() -> None:
    drew = whole([stat("Title", "About.", Query("wrong"), "none", STEPS)], {})
    assert drew.panels[0].errors == ["parse error"]
    assert "parse error" in page(drew, [drew.board])


def test_a_gap_parts_a_line_and_a_series_alone_has_its_own_unit_and_colour() -> None:
    panel = over_time("T", "A.", [Query("q", "{{kind}}")], "none", STEPS,
                      overrides=[override("plan", unit="s", color={"mode": "fixed", "fixedColor": RED})])  # fmt: skip
    found: Found = {"q": [({"kind": "event"}, [1.0, 2.0, nan, 4.0, 9.0]), ({"kind": "plan"}, [90.0, 90.0])]}
    one = drawn(panel, found)
    assert dict(zip(one.drawn.words, one.drawn.values, strict=True)) == {"event": "9", "plan": "1.5 mins"}
    assert one.drawn.html.count("<polyline") == 3
    assert 'stroke="#F2495C"' in one.drawn.html
    assert one.drawn.html.count('class="step"') == 2


def test_what_happened_is_marked_where_it_began() -> None:
    board = Board("t", "T", "A.", (Row("R", (over_time("T", "A.", [Query("q")], "none"),)),), since="now-1h")
    alerts = board.json["annotations"]["list"][0]["expr"]
    fired = [({"alertname": "PlannerDown"}, [1.0, 1.0, 1.0])]
    asked: Any = Prometheus({"q": [({}, [1.0, 2.0])], alerts: fired})
    (one,) = rendered(board.json, asked, NOW).panels
    assert one.drawn.html.count('class="mark"') == 1
    assert "<title>PlannerDown&#10;" in one.drawn.html


def test_bars_stand_upon_each_other() -> None:
    found: Found = {"q": [({"kind": "a"}, [3.0]), ({"kind": "b"}, [1.0])]}
    one = drawn(over_time("T", "A.", [Query("q", "{{kind}}")], "none", bars=True, min=0), found)
    inside = one.drawn.html.partition('class="hint"')[0]
    (first, tall), (second, short) = (
        map(float, found) for found in re.findall(r'y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', inside)
    )
    assert first + tall == pytest.approx(1_000)
    assert second + short == pytest.approx(first, abs=0.2)
    assert tall == pytest.approx(3 * short, abs=0.4)


def test_equal_states_are_one_stretch() -> None:
    panel = states("T", "A.", Query("q", "{{kind}}"), words((1, "on", GREEN), (0, "off", RED)))
    one = drawn(panel, {"q": [({"kind": "bot"}, [1.0, 1.0, 0.0, 0.0, 1.0])]})
    assert one.drawn.html.count("<rect") == 3
    assert (one.drawn.values, one.drawn.words) == (("on", "off"), ("bot",))


def test_buckets_are_parted_and_of_those_that_hold_nothing_only_neighbours_are_shown() -> None:
    found: Found = {"q": [({"le": le}, [value]) for le, value in
                          [("0.1", 0.0), ("1", 0.0), ("2", 3.0), ("5", 4.0), ("60", 4.0), ("+Inf", 4.0)]]}  # fmt: skip
    one = drawn(heatmap("T", "A.", Query("q"), "s"), found)
    assert one.drawn.values == ("1 s", "2 s", "5 s", "1 min", "3")
    assert re.findall(r"≤ ([^<]+)</title>", one.drawn.html) == ["2 s: 3", "5 s: 1"]


def test_a_table_joins_its_queries_names_its_columns_and_sorts() -> None:
    panel = table("T", "A.", [Query("a", instant=True, table=True), Query("b", instant=True, table=True)],
                  [override("Left", unit="percentunit"), override("Lasts", noValue="lasts")],
                  columns({"slo": "Promise", "Value #A": "Left", "Value #B": "Lasts"}, by="Left"))  # fmt: skip
    found: Found = {"a": [({"slo": "chat"}, [0.5]), ({"slo": "up"}, [0.25])], "b": [({"slo": "chat"}, [3.0])]}
    one = drawn(panel, found)
    assert one.drawn.words == ("Promise", "Left", "Lasts")
    assert one.drawn.values == ("up", "25%", "lasts", "chat", "50%", "3")


def test_a_bar_is_as_long_as_its_share() -> None:
    one = drawn(gauge("T", "A.", Query("q"), "percentunit", Steps(RED, ((0.5, GREEN),))), {"q": [({}, [0.75])]})
    assert "width:75.0%;background:#73BF69" in one.drawn.html
    assert one.drawn.values == ("75%",)


def test_what_others_feed_is_said_not_to_be_drawn() -> None:
    one = drawn(log("T", "A.", Query('{app="planner"}', source=LOKI)), {})
    assert not one.is_asked
    assert "Needs Loki: not drawn here." in one.drawn.html


def test_a_page_needs_nothing_else_and_leads_to_the_others() -> None:
    panels = [note("Look **here** first."), a_stat(), over_time("<T>", 'A "b".', [Query("q")], "none")]
    drew = whole(panels, {"q": [({"kind": "<script>"}, [1.0, 2.0])]})
    text = page(drew, [drew.board])
    assert 'href="planner-test.html"' in index([drew.board])
    assert "<b>here</b>" in text
    assert not re.search(r"<script|<link|src=|https?://", text)


def stumbled() -> Iterator[tuple[Panel, float, str]]:
    yield a_stat(digits=17), 0.1 + 0.2, "more digits"
    yield a_stat(digits=4), 0.000_001, "digits show nothing"
    yield a_stat("bytes"), -5, "less than nothing"
    yield a_stat(mappings=words((1, "NaN", GREEN))), 1, "nonsense"
    yield stat("A title that is far too long for so small a panel", "A.", Query("q"), "none", STEPS), 1, "title"


@pytest.mark.parametrize(("panel", "value", "fault"), [*stumbled()])
def test_what_people_would_stumble_over_is_found(panel: Panel, value: float, fault: str) -> None:
    (found,) = sense.faults(drawn(panel, {"q": [({}, [value])]}))
    assert fault in found


def test_more_names_than_there_is_room_for_are_found_and_a_panel_in_order_has_no_faults() -> None:
    def course(count: int) -> list[str]:
        found: Found = {"q": [({"kind": f"somewhat{number}"}, [1.0]) for number in range(count)]}
        return sense.faults(drawn(over_time("T", "A.", [Query("q", "{{kind}}")], "none", width=6), found))

    assert course(2) == []
    assert "names below the picture" in course(20)[0]
