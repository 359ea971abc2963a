"""Telegram's Bot API: sending, receiving, and what each answer means. The only place that knows aiogram."""
