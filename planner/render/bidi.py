"""Text that runs from right to left, made inert: what a user typed turns nothing around it.

Source: Unicode Standard Annex 9 (the bidirectional algorithm), sections 2.4 to 2.7. An isolate ends, with whatever was
opened in it, at its U+2069; all end with their line.
"""

from __future__ import annotations

import re

FIRST_STRONG, POP_ISOLATE = "\u2068", "\u2069"
_POP_EMBEDDING = "\u202c"
_ISOLATES = frozenset("\u2066\u2067\u2068")
_EMBEDDINGS = frozenset("\u202a\u202b\u202d\u202e")
_CONTROLS = _ISOLATES | _EMBEDDINGS | {POP_ISOLATE, _POP_EMBEDDING}
_TURNS = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Right-to-left letters and marks, and the controls of direction."""
_LINE_END = re.compile("(\r\n|[\n\r\x1c-\x1e\x85\u2029])")
"""What ends a paragraph, and with it every direction."""


def inert(text: str) -> str:
    """The text with each line that could turn its surroundings isolated, and what opens or closes nothing left out.

    What is inert already stays as it is, so that a sentence can be built of such texts.
    """
    if text.isascii() or not _TURNS.search(text):
        return text
    return "".join(_line(one) for one in _LINE_END.split(text))


def open_isolates(text: str) -> int:
    """How many isolates are open at the end of an inert text, cut anywhere."""
    last = _LINE_END.split(text)[-1]
    return sum(one in _ISOLATES for one in last) - last.count(POP_ISOLATE)


def _line(line: str) -> str:
    line = _balanced(line) if _CONTROLS.intersection(line) else line
    return f"{FIRST_STRONG}{line}{POP_ISOLATE}" if _turns(line) else line


def _balanced(line: str) -> str:
    """The line without controls that have no partner; an isolate's end closes the embeddings in it."""
    opened: list[int] = []
    alone: set[int] = set()
    for at, one in enumerate(line):
        if one in _ISOLATES or one in _EMBEDDINGS:
            opened.append(at)
        elif one == _POP_EMBEDDING:
            if opened and line[opened[-1]] in _EMBEDDINGS:
                opened.pop()
            else:
                alone.add(at)
        elif one == POP_ISOLATE:
            start = next((n for n in reversed(range(len(opened))) if line[opened[n]] in _ISOLATES), None)
            if start is None:
                alone.add(at)
            else:
                alone.update(opened[start + 1 :])
                del opened[start:]
    alone.update(opened)
    return "".join(one for at, one in enumerate(line) if at not in alone) if alone else line


def _turns(line: str) -> bool:
    """Whether anything outside of the line's isolates could turn what stands beside it."""
    depth = 0
    for one in line:
        if one in _ISOLATES:
            depth += 1
        elif one == POP_ISOLATE:
            depth -= 1
        elif not depth and _TURNS.match(one):
            return True
    return False
