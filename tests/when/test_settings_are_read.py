"""A time of day, or a list of lengths, and nothing else: what settings are typed as."""

from __future__ import annotations

import pytest

from planner.when import durations, time_of_day


@pytest.mark.parametrize(
    ("text", "lang", "minute"),
    [
        ("8:30", "en", 510),
        ("08:30", "en", 510),
        ("20", "en", 1_200),
        ("8", "en", 480),
        ("8 pm", "en", 1_200),
        ("8pm", "en", 1_200),
        ("at 8:15 pm", "en", 1_215),
        ("noon", "en", 720),
        ("midnight", "en", 0),
        ("half past seven", "en", 450),
        ("7 in the morning", "en", 420),
        ("0:00", "en", 0),
        ("24:00", "en", 0),
        ("8:30", "ru", 510),
        ("в 8 утра", "ru", 480),
        ("8 утра", "ru", 480),
        ("в 8 вечера", "ru", 1_200),
        ("полдевятого", "ru", 510),
        ("полдень", "ru", 720),
        ("20", "ru", 1_200),
        ("восемь тридцать", "ru", 510),
        ("8 утра", "en", 480),
        ("8 pm", "ru", 1_200),
        ("25:00", "en", None),
        ("8:75", "en", None),
        ("tomorrow", "en", None),
        ("tomorrow at 8", "en", None),
        ("never", "en", None),
        ("", "en", None),
        ("завтра в 8", "ru", None),
    ],
)
def test_a_time_of_day(text: str, lang: str, minute: int | None) -> None:
    assert time_of_day(text, lang=lang) == minute


@pytest.mark.parametrize(
    ("text", "lang", "seconds"),
    [
        ("15 min, 1 day and 2 hours", "en", (900, 86_400, 7_200)),
        ("15 minutes", "en", (900,)),
        ("1h 30m", "en", (5_400,)),
        ("2 hours before", "en", (7_200,)),
        ("half an hour, a week", "en", (1_800, 604_800)),
        ("an hour, an hour", "en", (3_600,)),
        ("15 минут, 1 день и 2 часа", "ru", (900, 86_400, 7_200)),
        ("за день и за 2 часа", "ru", (86_400, 7_200)),
        ("полчаса", "ru", (1_800,)),
        ("час", "ru", (3_600,)),
        ("2 hours", "ru", (7_200,)),
        ("soon", "en", None),
        ("", "en", None),
        ("15", "en", None),
        ("at 15 minutes past", "en", None),
    ],
)
def test_a_list_of_lengths(text: str, lang: str, seconds: tuple[int, ...] | None) -> None:
    assert durations(text, lang=lang) == seconds
