"""A report's pages: the same figures as text, as a web page that needs nothing else, and on paper."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

import tests
from planner import promises, reporting
from planner.model import DAY, HOUR
from planner.pdf import as_pdf
from planner.slo.figures import left, part, percent
from planner.slo.objectives import Promises
from planner.slo.report import charts, period
from planner.slo.report.compose import document
from planner.slo.report.document import Cell, Charts, Document, Heading, Paragraph, Table
from planner.slo.report.drawing import Box, Letters, Stroke
from planner.slo.report.figures import Limits, Report
from planner.slo.report.html import as_html
from planner.slo.report.style import DARK, LIGHT
from planner.slo.report.text import as_text
from planner.slo.report.wording import change, number, span
from tests.slo import month

NOW = month.DECEMBER + 10 * HOUR
HOSTILE = "<script>alert('x')</script> & “Напоминания”"
VOID = {"meta", "br", "hr", "link", "img", "input"}


def renamed(slos: Promises) -> Promises:
    """The promises as somebody may call them."""
    return Promises(tuple(replace(one, name=HOSTILE) if one.id == "reminders" else one for one in slos.slos))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("month") / "planner.db"
    month.fill(path)
    asked = period.read(NOW, month.ZONE, month="2026-11")
    return reporting.read_file(path, renamed(promises.load()), asked, NOW, price=2, limits=Limits(400))


@pytest.fixture(scope="module")
def pages(found: Report) -> Document:
    return document(found)


@pytest.fixture(scope="module")
def paper(pages: Document) -> PdfReader:
    return PdfReader(BytesIO(as_pdf(pages)))


class Reading(HTMLParser):
    """What a page holds: its elements, what it would fetch, its words; and whether each element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.fetched += [str(value) for name, value in attrs if name in {"src", "href", "data", "action", "poster"}]
        if tag not in VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"rect", "polyline"} and self.open[-1] != tag:
            return
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_page_needs_no_scripts_and_nothing_from_elsewhere(pages: Document) -> None:
    page = as_html(pages)
    read = Reading(page)
    assert read.open == []
    assert read.fetched == []
    assert not {"script", "link", "img", "iframe", "object", "image", "use"} & set(read.tags)
    assert "url(" not in page
    assert "@import" not in page
    assert "://" not in page
    assert " on" not in re.sub(r">[^<]*<", "><", page).split("</style>")[1].replace(" only", ""), "no handlers either"


def test_what_people_call_things_is_text_wherever_it_stands(pages: Document) -> None:
    page = as_html(pages)
    assert HOSTILE not in page
    assert HOSTILE in "".join(Reading(page).words)
    assert HOSTILE in as_text(pages)


def test_text_page_and_paper_say_the_same(pages: Document, paper: PdfReader) -> None:
    def words(text: str) -> set[str]:
        return set(re.findall(r"[\w%]+", text))

    said = [block.text for block in pages.blocks if isinstance(block, Heading | Paragraph)]
    said += [cell.text for block in pages.blocks if isinstance(block, Table) for row in block.rows for cell in row]
    for text in (
        as_text(pages),
        " ".join(Reading(as_html(pages)).words),
        "".join(one.extract_text() for one in paper.pages),
    ):
        joined = words(text) | words(text.replace("\n", ""))
        assert not {word for one in said for word in words(one)} - joined


def test_every_promise_that_counted_something_has_its_charts(pages: Document) -> None:
    drawn = [block.drawings for block in pages.blocks if isinstance(block, Charts)]
    assert [len(one) for one in drawn][:6] == [3, 1, 3, 3, 3, 3], "what was never bad has no causes"
    assert len(drawn) == 6 + sum(slo.counts != slo.id for slo in promises.load().slos)
    assert as_html(pages).count("<svg") == sum(map(len, drawn))


def test_charts_say_what_they_show_and_stay_within_their_frame(pages: Document) -> None:
    for block in pages.blocks:
        for one in block.drawings if isinstance(block, Charts) else ():
            assert one.about
            for shape in one.shapes:
                match shape:
                    case Box(x, y, width, height):
                        assert x >= 0
                        assert y >= 0
                        assert x + width <= one.width + 0.01
                        assert y + height <= one.height + 6
                        assert width > 0
                        assert height > 0
                    case Stroke(points):
                        assert all(0 <= x <= one.width and 0 <= y <= one.height for x, y in points)
                    case Letters(x, y):
                        assert 0 <= x <= one.width
                        assert 0 <= y <= one.height


def test_a_day_below_the_objective_has_the_colour_of_what_is_broken(found: Report) -> None:
    drawn = charts.rates(found.kept[0], "day")
    roles = [one.role for one in drawn.shapes if isinstance(one, Box)]
    assert [day for day, role in enumerate(roles, 1) if role == "broken"] == [9, 17, 24]
    assert drawn.words == "████████▂███████▂██████▂██████"
    assert "below it in 3 of 30" in drawn.about


def test_a_budget_burns_down_to_what_is_left_of_it(found: Report) -> None:
    drawn = charts.burn_down(found.kept[0], "day")
    [burnt] = [one for one in drawn.shapes if isinstance(one, Stroke) and one.width > 2]
    heights = [y for _, y in burnt.points]
    assert heights == sorted(heights), "a budget never grows back within a time"
    assert len(heights) == 31
    assert "22\xa0% at the end" in drawn.about


def test_paper_has_numbered_pages_letters_of_every_language_and_no_pictures(paper: PdfReader) -> None:
    texts = [page.extract_text() for page in paper.pages]
    assert 3 <= len(texts) <= 6
    assert all(f"{number} / {len(texts)}" in text for number, text in enumerate(texts, 1))
    assert "Напоминания" in "".join(texts)
    assert not any(page.images for page in paper.pages)
    assert {round(float(page.mediabox.height)) for page in paper.pages} == {842}


def long(rows: int, before: int) -> list[str]:
    """What stands on each page, where a table of so many rows comes after so many paragraphs."""
    table = Table(("Began", "Cause"), tuple((Cell(f"row {n}."), Cell("why " * 30)) for n in range(rows)), (20, 40))
    blocks = [Heading("Syncs"), *[Paragraph("Something.")] * before, Heading("When", 3), table]
    read = PdfReader(BytesIO(as_pdf(Document("T", "S", NOW, tuple(blocks)))))
    return [page.extract_text() for page in read.pages]


def test_a_long_table_has_its_head_on_every_page() -> None:
    pages = long(60, 0)
    assert len(pages) > 2
    assert all("Began" in page for page in pages)
    assert "row 0." in pages[0], "it begins where its heading stands"


@pytest.mark.parametrize("before", range(28, 46, 2))
def test_what_belongs_together_stands_on_one_page_wherever_it_begins(before: int) -> None:
    pages = long(4, before)
    assert all("When" in page for page in pages if "row" in page)
    assert all("row 0." in page and "row 3." in page for page in pages if "When" in page)


def test_notes_never_stand_on_a_page_of_their_own() -> None:
    for before in range(24, 46, 3):
        blocks = [*[Paragraph("Something.")] * before, Heading("Alerts"), Paragraph("None fired."),
                  Heading("Notes", folded=True), *[Paragraph("A rate is what it is. " * 20)] * 3]  # fmt: skip
        read = PdfReader(BytesIO(as_pdf(Document("T", "S", NOW, (Heading("First"), *blocks)))))
        assert all("None fired." in page.extract_text() for page in read.pages if "A rate" in page.extract_text())


def test_details_are_folded_away_on_a_page_and_never_on_paper(pages: Document) -> None:
    page = as_html(pages)
    folded = [block.text for block in pages.blocks if isinstance(block, Heading) and block.folded]
    assert page.count("<details>") == len(folded)
    assert folded[0] == "When it was broken"
    assert folded[-1].startswith("What these figures are")
    assert "details::details-content{content-visibility:visible" in page.split("@media print")[1]


def test_no_line_ends_between_a_number_and_its_percent_sign(pages: Document) -> None:
    for text in (as_text(pages), as_html(pages).split("</style>")[1]):
        assert re.search(r"\d\xa0%", text)
        assert not re.search(r"\d[ \n]?%", text)


def test_how_often_a_rate_was_below_its_objective_is_said_plainly(pages: Document) -> None:
    said = [block.text for block in pages.blocks if isinstance(block, Paragraph)]
    assert any(text.endswith("3 of 30 days were below it.") for text in said)
    assert any(text.endswith("No day was below the objective.") for text in said)


def test_without_the_library_it_is_said_how_to_get_it() -> None:
    script = (
        "import sys; sys.modules['fpdf'] = None\n"
        "from planner.pdf import as_pdf, CannotDrawError\n"
        "from planner.slo.report.document import Document\n"
        "try:\n    as_pdf(Document('x', 'y', 0))\n"
        "except CannotDrawError as error:\n    print(error)"
    )
    root = Path(tests.__file__).parents[1]
    said = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    assert "pip install" in said.stdout
    assert said.stderr == ""


ODD = ({"month": "2027-03"}, {"month": "2026-09"}, {"begin": "2026-01-01", "end": "2027-01-01"},
       {"begin": "2026-11-30T22:00", "end": "2026-11-30T23:00"})  # fmt: skip


@pytest.mark.parametrize("asked", ODD, ids=["to come", "before the first start", "a year", "an hour"])
def test_any_time_makes_pages(asked: dict[str, str], tmp_path: Path) -> None:
    """One that has not begun, one from before the first start, a year, an hour."""
    month.fill(tmp_path / "planner.db", month.DECEMBER - DAY)
    when = period.read(NOW, month.ZONE, **asked)
    found = reporting.read_file(tmp_path / "planner.db", promises.load(), when, NOW, price=0, limits=Limits(400))
    pages = document(found)
    assert len(as_text(pages).splitlines()) > 3
    assert Reading(as_html(pages)).open == []
    assert as_pdf(pages).startswith(b"%PDF")


def test_of_a_time_in_which_nothing_was_counted_it_is_said_first_and_how_to_see_what_there_is(tmp_path: Path) -> None:
    month.fill(tmp_path / "planner.db", month.DECEMBER - DAY)
    when = period.read(NOW, month.ZONE, month="2026-09")
    found = reporting.read_file(tmp_path / "planner.db", promises.load(), when, NOW, price=0, limits=Limits(400))
    pages = document(found)
    assert [block.text for block in pages.blocks if isinstance(block, Paragraph)] == [
        "Nothing was counted in this time: counting began on Mon 30 Nov 2026.",
        "To see what there is: planner.py slo report --from 2026-11-30 --tz Europe/Berlin",
    ]
    assert len(pages.blocks) == 2
    assert pages.outcome == "nothing was counted"


def test_colours_are_the_same_names_by_day_and_by_night() -> None:
    assert LIGHT.keys() == DARK.keys()


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("ink", "ground"), ("faint", "ground"), ("good", "ground"), ("bad", "ground"), ("ink", "card"), ("faint", "card"),
     ("good", "good-ground"), ("bad", "bad-ground"), ("good", "card"), ("bad", "card")],
)  # fmt: skip
def test_every_text_stands_out_enough_to_be_read(colours: dict[str, str], ink: str, ground: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_no_broken_promise_reads_as_kept() -> None:
    assert percent(0.98999) == "98.99\xa0%"
    assert percent(0.99) == "99\xa0%"
    assert percent(0.999999, 0) == "99\xa0%"
    assert percent(None) == "–"
    assert percent(-9_999_999, 0) == "-999999900\xa0%", "no powers of ten"


def test_numbers_are_written_for_people() -> None:
    assert [number(one) for one in (0, 0.7, 3.01, 12.9, 379.4, 15_780)] == ["0", "0.7", "3", "12.9", "379", "15,780"]
    assert [span(one) for one in (2_000, 240_000, 6_900_000, 10 * DAY + 18 * HOUR)] == ["2 s", "4 min", "1 h 55 min",
                                                                                    "10 d 18 h"]  # fmt: skip
    assert [change(one, 0.99) for one in (0.99, 0.98, 1.0, None)] == ["±0", "-1", "+1", "–"]


@pytest.mark.parametrize(
    ("share", "said"),
    [(2 / 3, "67"), (0.0486, "5"), (0.345, "35"), (0.001, "<1"), (0.999, ">99"), (0, "0"), (1, "100"), (-0.001, "-1"),
     (-0.43, "-43"), (1.2, "120")],
)  # fmt: skip
def test_parts_are_rounded_and_something_never_reads_as_nothing(share: float, said: str) -> None:
    assert part(share) == f"{said}\xa0%"
    assert left(share) == part(share)


def test_parts_of_a_whole_add_up() -> None:
    assert [part(one) for one in (0.634, 0.214, 0.104, 0.048)] == ["63\xa0%", "21\xa0%", "10\xa0%", "5\xa0%"]
    assert part(None) == left(None) == "–"
    assert left(-1_000) == "<-9999\xa0%"
