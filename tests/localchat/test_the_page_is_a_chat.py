"""The page at ``/`` in headless Chromium, in real time: what a person does there, and what they see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from planner.clock import SystemClock
from planner.localchat import LocalChat, Upload, open_local_chat, serve
from tests.browser import Page, browser, needs_chromium
from tests.localchat.bot import Bot, buttons

pytestmark = needs_chromium

Story = Callable[[Page, LocalChat, Bot], Awaitable[None]]

BUBBLES = "document.querySelectorAll('.message').length"
AT_END = "((at) => at.scrollHeight - at.scrollTop - at.clientHeight < 2)(document.querySelector('#scroll'))"
LAST = "[...document.querySelectorAll('.message')].pop()"


def tell(folder: Path, at: str, story: Story, *, width: int = 390, height: int = 844, language: str = "en-GB") -> None:
    """Play a story on the page; nothing may have gone wrong in the browser by its end."""

    async def main() -> None:
        chat = open_local_chat(folder / "planner.db", SystemClock())
        try:
            async with (
                serve(chat, "127.0.0.1", 0) as url,
                browser(at=at, width=width, height=height, language=language) as page,
            ):
                await page.goto(url)
                await story(page, chat, Bot(chat))
                assert page.faults == []
                assert await page.js("document.documentElement.scrollWidth <= innerWidth")
        finally:
            chat.close()

    asyncio.run(main())


async def hears(bot: Bot, text: str) -> None:
    """Take updates until a user has said this."""
    said: list[str] = []
    while text not in said:
        found = await bot.updates(timeout=10)
        assert found, f"heard only {said}"
        await bot.updates(offset=found[-1]["update_id"] + 1)
        said += [update.get("message", update.get("edited_message", {})).get("text", "") for update in found]


async def write(page: Page, text: str) -> None:
    await page.click("#text")
    await page.type(text)
    await page.key("Enter")


def test_a_newcomer_starts_and_talks(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, chat: LocalChat, bot: Bot) -> None:
        await bot.done("setMyDescription", description="I remind you on time.")
        await page.until("document.querySelector('#empty').innerText.includes('I remind you on time.')")
        await page.click("#start")
        [update] = await bot.updates(timeout=10)
        assert update["message"]["text"] == "/start"
        assert update["message"]["from"]["language_code"] == "en-GB"
        await page.until(f"{LAST}.querySelector('.ticks').textContent === '✓'")
        await bot.updates(offset=update["update_id"] + 1)
        await page.until(f"{LAST}.querySelector('.ticks').textContent === '✓✓'")
        await bot.send("Hello! When?", reply_markup=buttons([("Tomorrow", "t"), ("Never", "n")]))
        await page.until(f"{LAST}.innerText.includes('Hello! When?')")
        await page.click(".key", "Never")
        [pressed] = await bot.updates(timeout=10)
        await bot.done(
            "answerCallbackQuery", callback_query_id=pressed["callback_query"]["id"], text="Really?", show_alert=True
        )
        await page.until("document.querySelector('dialog').open")
        assert "Really?" in await page.text("dialog")
        await page.key("Enter")
        await write(page, "dentist tomorrow")
        await page.until(f"{BUBBLES} === 3 && !document.querySelector('.pending')")
        assert [row["text"] for row in await chat.messages(1)][-1] == "dentist tomorrow"

    tell(tmp_path, browser_at, story)


def test_an_edit_stays_in_place_and_a_deletion_takes_the_bubble_away(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, chat: LocalChat, bot: Bot) -> None:
        await chat.say(1, "hello")
        first = await bot.send("one", reply_markup=buttons([("Undo", "u")]))
        second = await bot.send("two")
        await page.until(f"{BUBBLES} === 3")
        await bot.done("editMessageText", chat_id=1, message_id=first, text="uno")
        await page.until("document.body.innerText.includes('uno')")
        texts = await page.js("[...document.querySelectorAll('.message .text')].map((one) => one.innerText)")
        assert texts == ["hello", "uno", "two"]
        assert await page.js("document.querySelectorAll('.edited').length") == 1
        assert await page.js("document.querySelectorAll('.key').length") == 0
        await bot.done("deleteMessage", chat_id=1, message_id=second)
        await page.until(f"{BUBBLES} === 2")

    tell(tmp_path, browser_at, story)


def test_what_people_and_bots_write_stays_text(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, chat: LocalChat, bot: Bot) -> None:
        hostile = "<img src=x onerror=alert(1)><script>document.title='owned'</script>"
        await chat.say(1, hostile)
        await bot.send(
            f"{hostile} click",
            entities=[
                {"type": "bold", "offset": 0, "length": len(hostile)},
                {"type": "text_link", "offset": len(hostile) + 1, "length": 5, "url": "https://example.org/?a=<b>"},
            ],
        )
        await page.until(f"{BUBBLES} === 2")
        assert await page.js("document.querySelectorAll('.message img, .message script').length") == 0
        assert await page.js(f"{LAST}.querySelector('b').textContent") == hostile
        assert await page.js(f"{LAST}.querySelector('a').rel") == "noopener noreferrer"
        assert await page.js("document.title") == "Planner"

    tell(tmp_path, browser_at, story)


def test_entities_are_drawn_and_times_are_in_the_readers_zone(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, chat: LocalChat, bot: Bot) -> None:
        await chat.say(1, "hello")
        await bot.send(
            "😀 bold both code 14:00 /today",
            entities=[
                {"type": "bold", "offset": 3, "length": 9},
                {"type": "italic", "offset": 8, "length": 4},
                {"type": "code", "offset": 13, "length": 4},
                {"type": "date_time", "offset": 18, "length": 5, "unix_time": 1795265100, "date_time_format": "t"},
            ],
        )
        await page.until(f"{BUBBLES} === 2")
        shown = {
            tag: await page.js(f"{LAST}.querySelector('.text {tag}').textContent")
            for tag in ("b", "b i", "code", "time", "a")
        }
        assert shown == {"b": "bold both", "b i": "both", "code": "code", "time": "13:45", "a": "/today"}
        await page.click(".bot_command", "/today")
        await hears(bot, "/today")

    tell(tmp_path, browser_at, story)


def test_arrow_up_edits_the_last_message_and_shift_enter_makes_a_line(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, _: LocalChat, bot: Bot) -> None:
        await page.click("#text")
        await page.type("dentist")
        await page.key("Enter", "shift")
        await page.type("at nine")
        await page.key("Enter")
        await hears(bot, "dentist\nat nine")
        await page.until(f"{BUBBLES} === 1 && !document.querySelector('.pending')")
        await page.key("ArrowUp")
        await page.until("document.querySelector('#text').value === 'dentist\\nat nine'")
        await page.type(" sharp")
        await page.key("Enter")
        await hears(bot, "dentist\nat nine sharp")
        await page.until(f"{LAST}.querySelector('.edited')")
        assert await page.js(BUBBLES) == 1

    tell(tmp_path, browser_at, story)


def test_commands_are_offered_and_chosen_with_the_keyboard(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, chat: LocalChat, bot: Bot) -> None:
        await bot.done(
            "setMyCommands",
            commands=[{"command": name, "description": f"about {name}"} for name in ("today", "tomorrow", "week")],
        )
        await chat.say(1, "hello")
        await page.until("!document.querySelector('#menu').hidden")
        await page.click("#menu")
        await page.until("document.querySelectorAll('#commands .row').length === 3")
        await page.key("Escape")
        await page.type("/to")
        await page.until("document.querySelectorAll('#commands .row').length === 2")
        await page.key("ArrowDown")
        await page.key("ArrowDown")
        await page.key("Enter")
        await hears(bot, "/tomorrow")

    tell(tmp_path, browser_at, story)


def test_files_are_shown_sent_and_fetched(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, chat: LocalChat, bot: Bot) -> None:
        await chat.say(1, "hello")
        await bot.done("sendDocument", chat_id=1, document=Upload("all.ics", "text/calendar", b"BEGIN:VCALENDAR"))
        await page.until("document.querySelector('.document')?.innerText.includes('all.ics')")
        assert await page.js("fetch(document.querySelector('.document').href).then((one) => one.text())") == (
            "BEGIN:VCALENDAR"
        )
        await page.js(
            "(() => { const all = new DataTransfer(); all.items.add(new File(['SUMMARY'], 'mine.ics'));"
            " const input = document.querySelector('#file'); input.files = all.files;"
            " input.dispatchEvent(new Event('change')); })()"
        )
        await page.until("document.querySelectorAll('.document').length === 2")
        updates = await bot.updates()
        assert updates[-1]["message"]["document"]["file_name"] == "mine.ics"

    tell(tmp_path, browser_at, story)


def test_reading_above_is_not_disturbed_by_what_arrives_below(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, chat: LocalChat, bot: Bot) -> None:
        await chat.say(1, "hello")
        for number in range(40):
            await bot.send(f"number {number}")
        await page.until(f"{BUBBLES} === 41")
        await page.until(AT_END)
        await page.js("document.querySelector('#scroll').scrollTop = 0")
        await page.until("!document.querySelector('#down').hidden")
        await bot.send("below")
        await page.until("document.querySelector('#unread').textContent === '1'")
        assert await page.js("document.querySelector('#scroll').scrollTop") == 0
        await page.click("#down")
        await page.until(f"document.querySelector('#down').hidden && {AT_END}")

    tell(tmp_path, browser_at, story)


def test_a_long_chat_is_loaded_as_one_scrolls_up(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, chat: LocalChat, _: Bot) -> None:
        for number in range(450):
            await chat.say(1, f"number {number}")
        await page.reload()
        await page.until(f"{BUBBLES} === 200")
        for wanted in (400, 450):
            await page.js("document.querySelector('#scroll').scrollTop = 0")
            await page.until(f"{BUBBLES} === {wanted}")
        assert (await page.text(".message .text")) == "number 0"

    tell(tmp_path, browser_at, story)


def test_another_person_has_a_chat_and_a_language_of_their_own(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, chat: LocalChat, bot: Bot) -> None:
        await chat.say(1, "from the first")
        await page.until(f"{BUBBLES} === 1")
        await page.click("#people-button")
        await page.click("#people input")
        await page.type("Bob")
        await page.js("document.querySelector('#people select').value = 'ru'")
        await page.click("#people .main")
        await page.until("location.hash === '#2' && document.querySelector('#start')")
        await write(page, "привет")
        updates: list[dict[str, Any]] = []
        while len(updates) < 2:
            updates = await bot.updates(timeout=5)
        person = updates[-1]["message"]["from"]
        assert (person["id"], person["first_name"], person["language_code"]) == (2, "Bob", "ru")
        await page.until(f"{BUBBLES} === 1")
        await page.js("location.hash = '#1'")
        await page.until("document.body.innerText.includes('from the first')")

    tell(tmp_path, browser_at, story, width=1_200, height=800)


def test_the_page_speaks_russian_where_the_browser_does(tmp_path: Path, browser_at: str) -> None:
    async def story(page: Page, _: LocalChat, bot: Bot) -> None:
        await page.until("document.querySelector('#start')?.innerText === 'Начать'")
        await page.click("#start")
        [update] = await bot.updates(timeout=10)
        assert update["message"]["from"]["language_code"] == "ru-RU"

    tell(tmp_path, browser_at, story, language="ru-RU")


def test_a_lost_connection_is_told_and_heals_by_itself(tmp_path: Path, browser_at: str) -> None:
    @asynccontextmanager
    async def server(port: int) -> AsyncIterator[tuple[LocalChat, str]]:
        chat = open_local_chat(tmp_path / "planner.db", SystemClock())
        try:
            async with serve(chat, "127.0.0.1", port) as url:
                yield chat, url
        finally:
            chat.close()

    async def main() -> None:
        async with browser(at=browser_at, width=360, height=740) as page:
            async with server(0) as (chat, url):
                await page.goto(url)
                await chat.say(1, "before")
                await page.until(f"{BUBBLES} === 1")
            await page.until("!document.querySelector('#banner').hidden")
            await write(page, "into the void")
            await page.until("document.querySelector('.again')")
            async with server(int(url.rpartition(":")[2])) as (chat, url):
                await page.until("document.querySelector('#banner').hidden")
                await page.click(".again")
                await page.until(f"{BUBBLES} === 2 && !document.querySelector('.pending')")
                await Bot(chat).send("after")
                await page.until(f"{BUBBLES} === 3")
                assert [row["text"] for row in await chat.messages(1)] == ["before", "into the void", "after"]

    asyncio.run(main())
