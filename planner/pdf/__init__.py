"""A report on paper. Needs fpdf2, which only ``planner[pdf]`` brings."""

from __future__ import annotations

from planner.slo.report.document import Document

HOW = 'a PDF needs fpdf2 and a font: pip install "planner[pdf]" brings both; --html needs nothing'


class CannotDrawError(Exception):
    """There is no PDF, and why."""


def as_pdf(document: Document) -> bytes:
    """The whole report on A4 pages, its charts as lines and letters. Raises ``CannotDrawError``."""
    try:
        from planner.pdf.pages import drawn

        return drawn(document)
    except (ImportError, FileNotFoundError):
        raise CannotDrawError(HOW) from None
