"""Russian."""
from planner.when.language import Language
RU = Language(code="ru",script="cyrillic",words={},rules=(),weak=frozenset(),typed=frozenset(),not_typos=frozenset(),suffixes=frozenset(),measures=frozenset(),joints_before=frozenset(),joints_after=frozenset(),clock24=True,order="dmy")
