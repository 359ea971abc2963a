"""PromQL, LogQL and TraceQL of dashboards, runbooks and docs by their grammars, and lines for the shell by bash.

Grafana's own grammars of LogQL and TraceQL, Prometheus' of PromQL, which is that of today's; and PromQL also by
promtool, which knows types and functions.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools import promtool
from tools.stackcheck import asked, provisioning
from tools.stackcheck.asked import Asked
from tools.stackcheck.found import NO_NODE, NODE_MODULES, Found, node, tool

GRAMMARS = tuple(asked.LANGUAGES.values())
_PLACE = re.compile(r"<[a-z][\w .:-]*>")
"""What readers of docs are to put something of theirs in for."""
_OF = re.compile(r'query_(\d+)"?,? ?(.*)')


def by_grammar(queries: Sequence[Asked] | None = None) -> Found:
    chosen = [query for query in _those(queries) if query.language in GRAMMARS]
    count = Counter(query.language for query in chosen)
    looked = f"{', '.join(f'{count[one]} of {one}' for one in GRAMMARS)}: queries by Grafana's and Prometheus' grammars"
    return Found(looked, list(_misread(chosen))) if node() else Found(looked, absent=NO_NODE)


def _misread(queries: Sequence[Asked]) -> Iterator[str]:
    said = subprocess.run(
        [str(node()), str(NODE_MODULES.parent / "parse.mjs")],
        input=json.dumps([{"language": one.language, "text": one.text} for one in queries]),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    for query, faults in zip(queries, json.loads(said.stdout), strict=True):
        if faults or not query.text.strip():
            at = faults[0]["from"] if faults else 0
            yield f"{query.place}: not {query.language} from «{query.text[at : at + 30]}» on: {query.text}"


def by_promtool(queries: Sequence[Asked] | None = None) -> Found:
    chosen = [query for query in _those(queries) if query.language == "promql"]
    looked = f"{len(chosen)} queries of promql by promtool"
    return Found(looked, list(_refused(chosen))) if tool("promtool") else Found(looked, absent="promtool")


def _refused(queries: Sequence[Asked]) -> Iterator[str]:
    """As rules, which is how promtool reads queries without a server."""
    rules = [{"record": f"query_{number}", "expr": query.text} for number, query in enumerate(queries)]
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "queries.rules.yml"
        path.write_text(json.dumps({"groups": [{"name": "queries", "rules": rules}]}))
        said = promtool.check([path])
    if said is None:
        return
    told = {int(one[1]): one[2] for one in _OF.finditer(said)}
    yield from (f"{queries[number].place}: {what}: {queries[number].text}" for number, what in told.items())
    if not told:
        yield said


def by_bash(queries: Sequence[Asked] | None = None) -> Found:
    """Blocks one by one: what one leaves open another must not close."""
    chosen = [query for query in _those(queries) if query.language == "sh"]
    bash = tool("bash")
    if bash is None:
        return Found(f"{len(chosen)} blocks of shell", absent="bash")
    found = []
    for query in chosen:
        text = query.text if query.counts else _PLACE.sub("word", query.text)
        ran = subprocess.run([bash, "-n"], input=text, capture_output=True, text=True, check=False)
        if ran.returncode or ran.stderr:
            found.append(f"{query.place}: {ran.stderr.strip()}")
    return Found(f"{len(chosen)} blocks of shell, by bash -n", found)


def _those(queries: Sequence[Asked] | None) -> Sequence[Asked]:
    return [*asked.everything(), *provisioning.asked()] if queries is None else queries
