"""The peer of ``deliveries``: a loop over aiogram's own session (100 connections), no database, as fast as it goes."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bench.product.programs import PLAIN_SERVER, running
from bench.product.report import cpu_s, say

MESSAGES = 3_000
CALLERS = 400


async def deliver(url: str) -> dict[str, float]:
    bot = Bot("1:load", session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    answered: list[float] = []
    used, chats = cpu_s(), iter(range(1_000, 1_000 + MESSAGES))
    async with asyncio.TaskGroup() as callers:
        for _ in range(CALLERS):
            callers.create_task(_send(bot, chats, answered))
    used = cpu_s() - used
    await bot.session.close()
    rate = (MESSAGES - 1) / (max(answered) - min(answered))
    return {"deliveries_per_s": rate, "cpu_us": used / MESSAGES * 1e6}


async def _send(bot: Bot, chats: Iterator[int], answered: list[float]) -> None:
    for chat_id in chats:
        await bot.send_message(chat_id, f"event {chat_id}")
        answered.append(time.perf_counter())


def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name, running(PLAIN_SERVER, Path(name)) as (_, url):
        return asyncio.run(deliver(url))


if __name__ == "__main__":
    say("deliveries", measure())
