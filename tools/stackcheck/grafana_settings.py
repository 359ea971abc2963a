"""Grafana's settings as variables of the environment, ``GF_<SECTION>_<KEY>``: what it does not know it ignores.

Of each section the keys that could be of use here; one more is added here first. See
https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/.
"""

from __future__ import annotations

from collections.abc import Mapping

PREFIX = "GF_"
FROM_FILE = "__FILE"
"""Behind a name: the value stands in that file."""
SECTIONS: Mapping[str, frozenset[str]] = {
    "ANALYTICS": frozenset({
        "REPORTING_ENABLED", "CHECK_FOR_UPDATES", "CHECK_FOR_PLUGIN_UPDATES", "FEEDBACK_LINKS_ENABLED",
    }),
    "AUTH": frozenset({"DISABLE_LOGIN_FORM", "LOGIN_COOKIE_NAME", "LOGIN_MAXIMUM_LIFETIME_DURATION"}),
    "AUTH_ANONYMOUS": frozenset({"ENABLED", "ORG_NAME", "ORG_ROLE"}),
    "DASHBOARDS": frozenset({"DEFAULT_HOME_DASHBOARD_PATH", "MIN_REFRESH_INTERVAL", "VERSIONS_TO_KEEP"}),
    "DATABASE": frozenset({"WAL", "PATH", "TYPE"}),
    "LOG": frozenset({"LEVEL", "MODE", "FILTERS"}),
    "METRICS": frozenset({"ENABLED", "DISABLE_TOTAL_STATS"}),
    "NEWS": frozenset({"NEWS_FEED_ENABLED"}),
    "PLUGINS": frozenset({
        "PREINSTALL", "PREINSTALL_DISABLED", "PREINSTALL_AUTO_UPDATE", "PLUGIN_ADMIN_ENABLED",
        "PUBLIC_KEY_RETRIEVAL_DISABLED",
    }),
    "SECURITY": frozenset({
        "ADMIN_USER", "ADMIN_PASSWORD", "ADMIN_EMAIL", "DISABLE_GRAVATAR", "SECRET_KEY", "COOKIE_SECURE",
    }),
    "SERVER": frozenset({"ROOT_URL", "ENABLE_GZIP", "HTTP_ADDR", "HTTP_PORT", "DOMAIN", "SERVE_FROM_SUB_PATH"}),
    "SNAPSHOTS": frozenset({"ENABLED", "EXTERNAL_ENABLED"}),
    "UNIFIED_ALERTING": frozenset({"ENABLED"}),
    "USERS": frozenset({"ALLOW_SIGN_UP", "DEFAULT_THEME", "DEFAULT_LANGUAGE", "ALLOW_ORG_CREATE"}),
}  # fmt: skip


def known(name: str) -> bool:
    """Whether Grafana reads the variable of that name."""
    bare = name.removeprefix(PREFIX).removesuffix(FROM_FILE)
    return any(bare == f"{section}_{key}" for section, keys in SECTIONS.items() for key in keys)
