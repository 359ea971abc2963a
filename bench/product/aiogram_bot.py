"""The smallest bot that aiogram makes: it polls, and answers whatever it is told. Prints the server's address first."""

from __future__ import annotations

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

URL = os.environ["PLANNER_BOT_API"]


async def echo(message: Message) -> None:
    await message.answer(message.text or "…")


async def ready(bot: Bot) -> None:
    await bot.me()
    print(URL, flush=True)


async def main() -> None:
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    dispatcher.startup.register(ready)
    await dispatcher.start_polling(Bot("42:bench", session=AiohttpSession(api=TelegramAPIServer.from_base(URL))))


if __name__ == "__main__":
    asyncio.run(main())
