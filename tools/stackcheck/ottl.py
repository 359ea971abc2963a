"""A small look at OTTL, the collector's language: balanced, functions that there are, and paths of their context.

The language: https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl/LANGUAGE.md; the
functions: …/pkg/ottl/ottlfuncs. Of those the ones that could be of use here; one more is added here first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

EDITORS = frozenset({
    "append", "delete_index", "delete_key", "delete_matching_keys", "flatten", "keep_keys", "keep_matching_keys",
    "limit", "merge_maps", "replace_all_matches", "replace_all_patterns", "replace_match", "replace_pattern", "set",
    "truncate_all",
})  # fmt: skip
"""What a statement begins with."""
CONVERTERS = frozenset({
    "Concat", "ContainsValue", "ConvertCase", "Double", "ExtractPatterns", "Format", "HasPrefix", "HasSuffix", "Int",
    "IsBool", "IsDouble", "IsInt", "IsList", "IsMap", "IsMatch", "IsString", "Len", "ParseJSON", "SHA256", "Split",
    "String", "Substring", "ToLowerCase", "ToUpperCase", "Trim",
})  # fmt: skip
"""What stands for a value."""
PATHS: Mapping[str, frozenset[str]] = {
    "resource": frozenset({"resource"}),
    "scope": frozenset({"resource", "scope", "instrumentation_scope"}),
    "span": frozenset({"resource", "scope", "instrumentation_scope", "span"}),
    "spanevent": frozenset({"resource", "scope", "instrumentation_scope", "span", "spanevent"}),
    "metric": frozenset({"resource", "scope", "instrumentation_scope", "metric"}),
    "datapoint": frozenset({"resource", "scope", "instrumentation_scope", "metric", "datapoint"}),
    "log": frozenset({"resource", "scope", "instrumentation_scope", "log"}),
}
"""With which words a path may begin, by context: its own, and what is around it."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_WORDS = frozenset({"and", "or", "not", "where", "true", "false", "nil"})
_PAIRS = {")": "(", "]": "[", "}": "{"}
_PATTERNS: Mapping[str, int] = {"IsMatch": 0, "replace_pattern": 0, "replace_all_patterns": 1}
"""Which of its strings is a regular expression."""


def of(config: Any) -> Iterator[str]:
    """What is wrong with the conditions and statements of all processors."""
    for name, settings in (config.get("processors") or {}).items():
        for section in (settings or {}).values():
            for one in section if isinstance(section, list) else ():
                if isinstance(one, dict) and one.get("context") in PATHS:
                    yield from (f"processors.{name}: {fault}" for fault in _section(one))


def _section(section: Any) -> Iterator[str]:
    for kind, editing in (("conditions", False), ("statements", True)):
        for text in section.get(kind) or ():
            yield from (f"{fault}: {text}" for fault in faults(text, section["context"], editing=editing))


def faults(text: str, context: str, *, editing: bool) -> Iterator[str]:
    """Of one condition, or of one statement, which begins with an editor."""
    bare = _STRING.sub('""', text)
    if '"' in bare.replace('""', "") or not _balanced(bare):
        yield "a bracket or a quote is open"
        return
    calls = re.findall(r"([A-Za-z_]\w*)\s*\(", bare)
    if editing and not (calls and bare.lstrip().startswith(calls[0]) and calls[0] in EDITORS):
        yield "begins with no editor that there is"
    for name in calls[1:] if editing else calls:
        if name not in CONVERTERS and name not in _WORDS:
            yield f"{name} is no converter that there is"
    yield from _paths(bare, context)
    yield from _patterns(text)


def _balanced(bare: str) -> bool:
    opened: list[str] = []
    for sign in bare:
        if sign in _PAIRS.values():
            opened.append(sign)
        elif sign in _PAIRS and (not opened or opened.pop() != _PAIRS[sign]):
            return False
    return not opened


def _paths(bare: str, context: str) -> Iterator[str]:
    for found in re.finditer(r"(?<![\w.])([A-Za-z_]\w*)(?:\.\w+)*(?!\w)(?!\s*\()", bare):
        word = found[1]
        named = re.match(r"\s*=(?!=)", bare[found.end() :])
        constant = word.isupper() or re.match(r"[A-Z]+_", word)
        if not (word in _WORDS or word in PATHS[context] or constant or named):
            yield f"{found[0]} is nothing of the context {context}"


def _patterns(text: str) -> Iterator[str]:
    """What these take is a pattern, where it is written out; Go's and Python's differ in what is not used here."""
    for name, which in _PATTERNS.items():
        for call in re.finditer(rf"\b{name}\(", text):
            strings = _STRING.findall(_arguments(text[call.end() :]))
            if len(strings) > which:
                pattern = strings[which][1:-1].replace("\\\\", "\\")
                try:
                    re.compile(pattern)
                except re.error as error:
                    yield f"{name} is given no pattern ({error})"


def _arguments(text: str) -> str:
    """Up to the bracket that ends them, without keys in square brackets."""
    depth, found = 1, ""
    for part in re.findall(r'"(?:[^"\\]|\\.)*"|.', text):
        depth += {"(": 1, ")": -1}.get(part, 0)
        if depth == 0:
            break
        found += part
    return re.sub(r'\["(?:[^"\\]|\\.)*"\]', "", found)
