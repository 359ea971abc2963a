"""A message becomes what the Bot API takes."""

from __future__ import annotations

import pytest

from planner.render import Button, Message, as_params, bold, link, moment, plain

NOW = 1_795_255_200_000


def test_a_message_becomes_bot_api_parameters() -> None:
    text = bold("Dentist") + " " + moment("09:30", NOW, NOW, "t") + " " + link("map", "https://example.org/")
    message = Message(text, ((Button("Done", "d:1"), Button("10 min", "s:1:600")), (Button("Tomorrow", "s:1:t"),)))
    assert as_params(message) == {
        "text": "Dentist 09:30 map",
        "entities": [
            {"type": "bold", "offset": 0, "length": 7},
            {"type": "date_time", "offset": 8, "length": 5, "unix_time": 1_795_255_200, "date_time_format": "t"},
            {"type": "text_link", "offset": 14, "length": 3, "url": "https://example.org/"},
        ],
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "Done", "callback_data": "d:1"}, {"text": "10 min", "callback_data": "s:1:600"}],
                [{"text": "Tomorrow", "callback_data": "s:1:t"}],
            ]
        },
    }


def test_plain_text_needs_neither_entities_nor_a_keyboard() -> None:
    assert as_params(Message(plain("*hi*"))) == {"text": "*hi*"}


@pytest.mark.parametrize("data", ["", "x" * 65, "ы" * 33])
def test_a_button_that_telegram_would_refuse_is_refused_at_once(data: str) -> None:
    with pytest.raises(ValueError, match="1 to 64 bytes"):
        Button("x", data)


def test_a_button_carries_up_to_64_bytes() -> None:
    assert Button("x", "ы" * 32).data == "ы" * 32
