"""Breaking the process' own arithmetic: comparisons, operators, numbers, ``and`` and ``or``."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import pairwise

from tools.mutation.mutant import Mutant, mutant

FILES = ("planner/slo/alerts.py", "planner/slo/budget.py", "planner/slo/confidence.py")

_SYMBOLS: dict[type[ast.AST], tuple[str, tuple[str, ...]]] = {
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">", "<")),
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Eq: ("==", ("!=",)),
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("/",)),
    ast.Div: ("/", ("*",)),
    ast.And: ("and", ("or",)),
    ast.Or: ("or", ("and",)),
}


def of_source(path: str, text: str) -> Iterator[Mutant]:
    """All of a module's, in their order."""
    starts = _starts(text)
    found = [one for node in ast.walk(ast.parse(text)) for one in _of_node(path, text, starts, node)]
    yield from sorted(found, key=lambda one: (one.begin, one.new))


def _of_node(path: str, text: str, starts: list[int], node: ast.AST) -> Iterator[Mutant]:
    match node:
        case ast.Compare(left, ops, comparators):
            for before, operator, after in zip([left, *comparators], ops, comparators, strict=False):
                yield from _between(path, text, starts, before, operator, after)
        case ast.BinOp(left, operator, right):
            yield from _between(path, text, starts, left, operator, right)
        case ast.BoolOp(operator, values):
            for before, after in pairwise(values):
                yield from _between(path, text, starts, before, operator, after)
        case ast.Constant(int() | float() as value) if not isinstance(value, bool):
            begin, end = _span(starts, node)
            for new in _numbers(value):
                yield mutant(path, text, begin, end, new, "number")


def _between(
    path: str, text: str, starts: list[int], before: ast.expr, operator: ast.AST, after: ast.expr
) -> Iterator[Mutant]:
    symbol, others = _SYMBOLS.get(type(operator), ("", ()))
    begin = text.find(symbol, _span(starts, before)[1], _span(starts, after)[0])
    for new in others:
        yield mutant(path, text, begin, begin + len(symbol), new, _kind(operator))


def _kind(operator: ast.AST) -> str:
    kinds = ((ast.cmpop, "comparison"), (ast.operator, "sign"), (ast.boolop, "and, or"))
    return next(name for kind, name in kinds if isinstance(operator, kind))


def _numbers(value: float) -> Iterable[str]:
    return (f"{value + 1:g}",) if isinstance(value, int) else (f"{value + 0.01:g}",)


def _starts(text: str) -> list[int]:
    """Where each line begins."""
    lengths = [len(line) for line in text.splitlines(keepends=True)]
    return [sum(lengths[:number]) for number in range(len(lengths))]


def _span(starts: list[int], node: ast.expr) -> tuple[int, int]:
    """From where to where a piece of ASCII source reaches."""
    return starts[node.lineno - 1] + node.col_offset, starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)
