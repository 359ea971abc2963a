"""A word with one letter wrong in what the parts read only when they run: the checks of the stack find it before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.stackcheck import collector, compose, grafana_settings, ottl, provisioning, reading, streams
from tools.stackcheck.asked import Asked

needs_compose = pytest.mark.skipif(compose._program() is None, reason="Docker Compose is not installed")
Change = Callable[[Any], object]
REDACT = 'replace_pattern(span.name, "[0-9]{6,}(:|%3A)", "[hidden]")'


@pytest.mark.parametrize(
    ("text", "context", "says"),
    [
        (REDACT.replace("pattern", "patern"), "span", "no editor"),
        (REDACT.removesuffix(")"), "span", "is open"),
        (REDACT + ")", "span", "is open"),
        (REDACT.replace(', "[hid', ", [hid"), "span", "is open"),
        (REDACT, "log", "span.name is nothing of the context log"),
        (REDACT.replace("span.name", "name"), "span", "name is nothing"),
        (REDACT.replace("3A)", "3A"), "span", "no pattern"),
        (REDACT + ' where IsMtch(span.name, "a")', "span", "IsMtch is no converter"),
        ('IsMatch(span.name, "a")', "span", "no editor"),
    ],
)  # fmt: skip
def test_a_statement_that_the_collector_would_refuse_is_found(text: str, context: str, says: str) -> None:
    assert list(ottl.faults(REDACT, "span", editing=True)) == []
    assert any(says in fault for fault in ottl.faults(text, context, editing=True))


@pytest.mark.parametrize(
    "text",
    [
        'IsMatch(span.attributes["url.path"], "^/(livez|readyz)\\\\b")',
        'span.status.code == STATUS_CODE_ERROR and not (resource.attributes["a(b"] == nil)',
        "IsString(span.name) or true",
    ],
)
def test_a_condition_that_the_collector_takes_is_taken(text: str) -> None:
    assert list(ottl.faults(text, "span", editing=False)) == []


def collectors(made: Any, name: str) -> Any:
    return made["processors"][name]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda made: collectors(made, "filter/health")["trace_conditions"][0]["conditions"].append("IsMatch("),
            "open",
        ),
        (lambda made: collectors(made, "transform/redact")["log_statements"][1].update(context="resource"), "log.body"),
        (lambda made: collectors(made, "tail_sampling")["decision_cache"].update(sampled_cache_size=9), "fewer"),
    ],
)
def test_a_collector_with_such_a_slip_is_found(change: Change, says: str) -> None:
    made = reading.read(collector.FILE)
    assert list(collector.of(made)) == []
    change(made)
    assert any(says in fault for fault in collector.of(made))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ('{service_name="a"} |~ "(b"', "no regular expression"),
        ('{service_name="a"} | event =~ "["', "no regular expression"),
        ('{service_name=~"*"}', "no regular expression"),
        ('{service_name="a"} |~ `(?!b)`', "RE2"),
        ('{service_name="a"} | line_format "{{.event"', "open"),
        ('{service_name="a"} | line_format "{{.event}} {{if .cause}}"', "without its end"),
        ('{service_name="a"} | line_format "{{}}"', "says nothing"),
        ('quantile_over_time({service_name="a"} | unwrap lateness_ms [5m])', "not told which"),
        ('max_over_time(0.5, {service_name="a"} | unwrap lateness_ms [5m])', "told which"),
    ],
)
def test_a_query_that_loki_would_refuse_is_found(query: str, says: str) -> None:
    (fault,) = streams.check([Asked("here", "logql", query)]).faults
    assert says in fault
    assert "here" in fault


@pytest.mark.parametrize(
    "query",
    [
        '{service_name=~"plan.+"} |~ `\\d+` | reminder =~ "(.* )?1( .*)?"',
        '{service_name="a"} | line_format "{{.event}} {{if .cause}}{{.cause | lower}}{{end}} {{ `{{` }}"',
        'quantile_over_time(0.95, {service_name="a"} | unwrap lateness_ms [5m]) by (event)',
    ],
)
def test_a_query_that_loki_takes_is_taken(query: str) -> None:
    assert streams.check([Asked("here", "logql", query)]).faults == []


def test_a_setting_that_grafana_does_not_know_is_told_from_one_that_it_does() -> None:
    known = ("GF_USERS_ALLOW_SIGN_UP", "GF_SECURITY_ADMIN_PASSWORD__FILE", "GF_AUTH_ANONYMOUS_ENABLED")
    unknown = ("GF_USRS_ALLOW_SIGN_UP", "GF_USERS_ALLOW_SIGNUP", "GF_SECURITY_ADMIN_PASSWORD__FIEL", "GF_")
    assert all(map(grafana_settings.known, known))
    assert not any(map(grafana_settings.known, unknown))


@needs_compose
@pytest.mark.parametrize(
    ("service", "given", "says"),
    [
        ("grafana", {"GF_USRS_ALLOW_SIGN_UP": "false"}, "Grafana does not know"),
        ("loki", {"GOMEMLIMIT": "600MiB"}, "not below its mem_limit"),
        ("loki", {"GOMEMLIMIT": "512MiB"}, "not below its mem_limit"),
        ("loki", {"GOMEMLIMIT": "420MB"}, "Go does not read"),
    ],
)
def test_a_wrong_variable_of_a_container_is_found(
    service: str, given: dict[str, str], says: str, tmp_path: Path
) -> None:
    made = reading.read(compose.FILE)
    made["services"][service]["environment"].update(given)
    (tmp_path / "compose.yaml").write_text(yaml.safe_dump(made, sort_keys=False))
    (fault,) = compose.check(tmp_path / "compose.yaml").faults
    assert says in fault


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("FROM python:3.11-slim-bookworm AS", "FROM python:latest AS"),
        ("FROM python:3.11-slim-bookworm\n", "FROM python\n"),
        ("FROM python:3.11-slim-bookworm\n", "FROM --platform=linux/amd64 python:latest\n"),
        ("--from=build", "--from=busybox:latest"),
    ],
)
def test_an_image_without_a_version_in_the_dockerfile_is_found(old: str, new: str, tmp_path: Path) -> None:
    text = compose.DOCKERFILE.read_text()
    assert compose.dockerfile().faults == []
    assert old in text
    (tmp_path / "Dockerfile").write_text(text.replace(old, new))
    (fault,) = compose.dockerfile(tmp_path / "Dockerfile").faults
    assert "no image of one version" in fault


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda field: field.update(matcherRegex="(trace"), "no regular expression"),
        (lambda field: field.update(matcherType="regex"), "catches nothing"),
        (lambda field: field.pop("url"), "leads nowhere"),
    ],
)
def test_a_link_from_a_line_that_leads_nowhere_is_found(change: Change, says: str, tmp_path: Path) -> None:
    for path in provisioning.FOLDER.glob("*/*.yaml"):
        made = reading.read(path)
        for source in made.get("datasources", ()):
            if source["uid"] == "loki":
                change(source["jsonData"]["derivedFields"][0])
        copied = tmp_path / path.parent.name / path.name
        copied.parent.mkdir(exist_ok=True)
        copied.write_text(yaml.safe_dump(made))
    (fault,) = provisioning.check(tmp_path).faults
    assert says in fault
