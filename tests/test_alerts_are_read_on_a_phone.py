"""What Alertmanager writes: who is hit by what, since when, by how much, what to do; as Telegram takes it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from planner.localchat.markup import parsed

AMTOOL = shutil.which("amtool")
TEMPLATES = Path(__file__).parents[1] / "stack" / "alertmanager" / "*.tmpl"
CUT_AT = 4096
BOTH = pytest.mark.parametrize("kind", ["text", "html"])
"""0.25 fills a Telegram message in as text, later ones as HTML, which escapes by itself."""

pytestmark = pytest.mark.skipif(AMTOOL is None, reason="prometheus-alertmanager (amtool) is not installed")

LATE = {
    "subject": "On-time reminders: too many bad within 1h",
    "summary": "On-time reminders: 3 of 70 bad within 1h",
    "description": "Bad in the last hour: 3 of 70 reminders (4.286%).",
    "impact": "People hear of what they have to do too late.",
    "runbook_url": "https://example.org/runbooks/slo-reminders.md",
    "dashboard_url": "https://grafana.example.org/d/planner-promises?var-slo=reminders&from=now",
}


def alert(status: str = "firing", severity: str = "critical", **annotations: str) -> dict[str, object]:
    return {
        "status": status,
        "labels": {"alertname": "PlannerRemindersFastBurn", "severity": severity, "slo": "reminders"},
        "annotations": annotations,
        "startsAt": "2026-11-21T22:05:00+01:00",
        "endsAt": "2026-11-21T23:10:00+01:00" if status == "resolved" else "0001-01-01T00:00:00Z",
    }


def said(folder: Path, name: str, *alerts: dict[str, object], kind: str = "text") -> str:
    data = folder / "data.json"
    data.write_text(json.dumps({"status": "firing", "alerts": alerts}))
    done = subprocess.run(
        [str(AMTOOL), "template", "render", f"--template.glob={TEMPLATES}", f"--template.data={data}",
         f"--template.type={kind}", f'--template.text={{{{ template "planner.{name}" . }}}}'],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.removesuffix("\n")


@BOTH
def test_it_says_what_is_broken_for_whom_since_when_by_how_much_and_what_to_do(kind: str, tmp_path: Path) -> None:
    text, entities = parsed(said(tmp_path, "telegram", alert(**LATE), kind=kind), "HTML")
    assert text.splitlines() == [
        "🔴 On-time reminders: 3 of 70 bad within 1h",
        "Bad in the last hour: 3 of 70 reminders (4.286%).",
        "People hear of what they have to do too late.",
        "Since Sat 21 Nov 21:05 UTC",
        "What to do · Dashboard",
    ]
    assert [one["url"] for one in entities if one["type"] == "text_link"] == [
        LATE["runbook_url"],
        LATE["dashboard_url"],
    ]


@BOTH
def test_its_end_names_it_without_a_figure_and_says_how_long_it_lasted(kind: str, tmp_path: Path) -> None:
    text, _ = parsed(said(tmp_path, "telegram", alert("resolved", **LATE), kind=kind), "HTML")
    assert text.splitlines() == [
        "✅ Over: On-time reminders: too many bad within 1h",
        "From Sat 21 Nov 21:05 UTC, for 1h 5m",
    ]


@pytest.mark.parametrize(
    ("seconds", "lasted"),
    [
        (0.4, "0s"), (29.6, "30s"), (60, "1m"), (90, "1m 30s"), (630, "10m 30s"), (3600, "1h"), (3601, "1h 0m 1s"),
        (36_000, "10h"), (7500, "2h 5m"), (86_400, "24h"),
    ],
)  # fmt: skip
def test_how_long_it_lasted_is_said_in_no_more_than_is_needed(seconds: float, lasted: str, tmp_path: Path) -> None:
    began = datetime(2026, 11, 22, 4, 22, 59, tzinfo=UTC)
    over = {
        **alert("resolved", **LATE),
        "startsAt": began.isoformat(),
        "endsAt": (began + timedelta(seconds=seconds)).isoformat(),
    }
    assert said(tmp_path, "text", over).splitlines()[-1] == f"From Sun 22 Nov 04:22 UTC, for {lasted}"


def test_what_has_no_subject_ends_under_its_summary(tmp_path: Path) -> None:
    over = alert("resolved", summary="The planner is down")
    assert said(tmp_path, "subject", over) == "✅ Over: The planner is down"
    assert said(tmp_path, "slack.subject", over) == "✅ Over: The planner is down"
    assert said(tmp_path, "telegram", over).startswith("✅ Over: <b>The planner is down</b>")


@BOTH
def test_whatever_stands_in_an_alert_is_shown_as_it_is(kind: str, tmp_path: Path) -> None:
    odd = "<b>5</b> & \"6\" < '7' &amp; </i>"
    text, entities = parsed(
        said(tmp_path, "telegram", alert(summary=odd, description=odd, impact=odd), kind=kind), "HTML"
    )
    assert text.count(odd) == 3
    over, _ = parsed(said(tmp_path, "telegram", alert("resolved", subject=odd), kind=kind), "HTML")
    assert over.count(odd) == 1
    assert [one["type"] for one in entities] == ["bold", "italic"]


@BOTH
def test_a_page_of_the_repository_and_an_address_without_a_dot_are_shown_for_they_are_no_links(
    kind: str, tmp_path: Path
) -> None:
    annotations = {"runbook_url": "stack/runbooks/x.md", "dashboard_url": "http://localhost:3000/d/x?a=b&c=d"}
    text, entities = parsed(said(tmp_path, "telegram", alert(**annotations), kind=kind), "HTML")
    assert text.splitlines()[-2:] == [
        "What to do: stack/runbooks/x.md",
        "Dashboard: http://localhost:3000/d/x?a=b&c=d",
    ]
    assert [one["type"] for one in entities] == ["bold"]


@BOTH
def test_many_alerts_fit_into_one_message(kind: str, tmp_path: Path) -> None:
    long = {**LATE, "description": "x" * 700, "impact": "y" * 500, "summary": "z" * 120}
    raw = said(tmp_path, "telegram", *(alert(**long) for _ in range(50)), kind=kind)
    assert len(raw) < CUT_AT
    text, _ = parsed(raw, "HTML")
    assert text.count("z" * 120) == 10
    assert text.count("x" * 700) == 1
    assert text.endswith("… 50 alerts in all")


@pytest.mark.parametrize(("severity", "icon"), [("critical", "🔴"), ("warning", "🟠"), ("info", "🔵")])
def test_how_grave_it_is_is_seen_first(severity: str, icon: str, tmp_path: Path) -> None:
    assert said(tmp_path, "telegram", alert(severity=severity, **LATE)).startswith(f"{icon} <b>On-time")
    assert said(tmp_path, "subject", alert(severity=severity, **LATE)) == f"{icon} {LATE['summary']}"


def test_a_subject_names_the_first_and_how_many(tmp_path: Path) -> None:
    assert said(tmp_path, "subject", alert(**LATE), alert(**LATE)) == f"🔴 {LATE['summary']} (and others: 2)"
    assert said(tmp_path, "subject", alert()) == "🔴 PlannerRemindersFastBurn"


def test_without_markup_it_says_the_same(tmp_path: Path) -> None:
    plain = said(tmp_path, "text", alert(**LATE), alert("resolved", **LATE))
    assert not re.search(r"<\w", plain)
    assert plain.splitlines() == [
        "🔴 On-time reminders: 3 of 70 bad within 1h",
        "Bad in the last hour: 3 of 70 reminders (4.286%).",
        "People hear of what they have to do too late.",
        "Since Sat 21 Nov 21:05 UTC",
        "What to do: https://example.org/runbooks/slo-reminders.md",
        f"Dashboard: {LATE['dashboard_url']}",
        "",
        "✅ Over: On-time reminders: too many bad within 1h",
    ]


def test_in_slack_the_three_characters_that_it_wants_escaped_are_and_pages_are_links(tmp_path: Path) -> None:
    said_there = said(tmp_path, "slack", alert(**LATE), alert(**{**LATE, "summary": "Chat <slow>"}))
    assert said_there.splitlines() == [
        "Bad in the last hour: 3 of 70 reminders (4.286%).",
        "People hear of what they have to do too late.",
        "Since Sat 21 Nov 21:05 UTC",
        "<https://example.org/runbooks/slo-reminders.md|What to do>",
        "<https://grafana.example.org/d/planner-promises?var-slo=reminders&amp;from=now|Dashboard>",
        "",
        "🔴 Chat &lt;slow&gt;",
    ]
    odd = "<!channel> & \"6\" '7'"
    over = alert("resolved", subject=odd)
    assert said(tmp_path, "slack.subject", over) == "✅ Over: &lt;!channel&gt; &amp; \"6\" '7'"
    assert said(tmp_path, "slack.subject", alert(summary=odd)) == "🔴 &lt;!channel&gt; &amp; \"6\" '7'"
    assert said(tmp_path, "slack", alert(description=odd, impact=odd)).count("&lt;!channel&gt; &amp; \"6\" '7'") == 2


def test_in_slack_a_page_of_the_repository_is_shown_and_an_end_is_told(tmp_path: Path) -> None:
    assert "\nWhat to do: stack/x.md" in said(tmp_path, "slack", alert(runbook_url="stack/x.md"))
    assert said(tmp_path, "slack", alert("resolved", **LATE)) == "From Sat 21 Nov 21:05 UTC, for 1h 5m"
    subject = said(tmp_path, "slack.subject", alert("resolved", **LATE), alert(**LATE))
    assert subject == "✅ Over: On-time reminders: too many bad within 1h (and others: 2)"


def test_a_mail_reads_as_a_page_and_shows_whatever_stands_in_an_alert(tmp_path: Path) -> None:
    odd = "<b>5</b> & more"
    page = said(tmp_path, "html", alert(**{**LATE, "impact": odd}), *[alert(**LATE)] * 11, kind="html")
    assert page.startswith("<!DOCTYPE html>")
    assert page.rstrip().endswith("</body></html>")
    words = re.sub(r"<[^>]+>", "", page.partition("<body")[2].partition(">")[2])
    assert [html.unescape(line) for line in words.splitlines() if line.strip()] == [
        "🔴 On-time reminders: 3 of 70 bad within 1h",
        LATE["description"],
        odd,
        "Since Sat 21 Nov 21:05 UTC",
        "What to do",
        "Dashboard",
        *["🔴 On-time reminders: 3 of 70 bad within 1h"] * 9,
        "… 12 alerts in all",
    ]
    links = [html.unescape(one) for one in re.findall(r'href="([^"]+)"', page)]
    assert links == [LATE["runbook_url"], LATE["dashboard_url"]]


def test_a_mail_shows_a_page_of_the_repository_and_tells_an_end(tmp_path: Path) -> None:
    assert "<p>What to do: stack/x.md</p>" in said(tmp_path, "html", alert(runbook_url="stack/x.md"), kind="html")
    over = said(tmp_path, "html", alert("resolved", **LATE), kind="html")
    assert "From Sat 21 Nov 21:05 UTC, for 1h 5m" in over
    assert "What to do" not in over
