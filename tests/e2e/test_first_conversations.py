"""Ten people who have never seen the planner, each with a phone: what they write and press, and what they read then.

Each step is answered within two seconds, in their language, without a dead end, and nothing on the screen is cut
(``newcomer``).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.browser import browser, chromium_process, needs_chromium
from tests.e2e.newcomer import HEIGHT, WIDTH, Newcomer, free_port, running

TO_A_REMINDER = 3
"""Messages from “hello” to a reminder that is set, at most."""
COMES_S = 8
"""A reminder that is due in a few seconds is here by then."""
OWNER, GUEST = 10, 99
ZONES = {"en": "Europe/Berlin", "ru": "Europe/Moscow"}

pytestmark = needs_chromium

Story = Callable[[Newcomer], Awaitable[None]]
Tell = Callable[[int, str, Story], None]


@pytest.fixture(scope="module")
def chrome() -> Iterator[str]:
    with chromium_process() as address:
        yield address


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where the planner of those who read English and of those who read Russian is."""
    allowed = {"PLANNER_USERS": ",".join(map(str, range(1, 11))), "PLANNER_ADMINS": str(OWNER)}
    with (
        running(tmp_path_factory.mktemp("en"), free_port(), ZONES["en"], **allowed) as (_, english),
        running(tmp_path_factory.mktemp("ru"), free_port(), ZONES["ru"], **allowed) as (_, russian),
    ):
        yield {"en": english, "ru": russian}


@pytest.fixture
def tell(chrome: str, urls: dict[str, str]) -> Tell:
    """Let somebody open the page in a chat of their own, and do what the story says."""

    def told(chat: int, lang: str, story: Story) -> None:
        async def run() -> None:
            screen = {"width": WIDTH, "height": HEIGHT, "touch": True}
            async with browser(at=chrome, language=lang, zone=ZONES[lang], **screen) as page:
                person = Newcomer(page, f"{chat:02}", lang)
                await person.opens(urls[lang], chat)
                await story(person)

        asyncio.run(run())

    return told


def test_hello_to_a_reminder_in_three_messages(tell: Tell) -> None:
    async def story(ann: Newcomer) -> None:
        await ann.says("hello", "Hello! I remind you on time.", "Which city are you in")
        await ann.says("remind me to call mom tomorrow at 10", "call mom", "⏰ I will remind you tomorrow at")
        assert await ann.written() <= TO_A_REMINDER
        await ann.says("thanks!", "You are welcome", full=True)

    tell(1, "en", story)


def test_only_buttons(tell: Tell) -> None:
    async def story(boris: Newcomer) -> None:
        await boris.taps("Начать", "Здравствуйте!", "В каком вы городе", selector="#start")
        await boris.taps("верно", "Ваш часовой пояс")
        await boris.picks("/add", "Что это будет?")
        await boris.says("стрижка", "Какой день?")
        await boris.taps("▶", "Какой день?")
        await boris.taps("15", "в котором часу")
        await boris.taps("10", "во сколько")
        await boris.taps("10:30", "✅ стрижка", "в 10:30")
        await boris.taps("Изменить", "Что изменить")
        await boris.taps("Напоминания", "За сколько")
        await boris.taps("за 1 час", "✏️ стрижка", "09:30")
        await boris.picks("/week", "Ближайшие 7 дней", full=True)

    tell(2, "ru", story)


def test_a_class_that_repeats(tell: Tell) -> None:
    async def story(cleo: Newcomer) -> None:
        await cleo.says("/start", "Hello!", "Which city are you in")
        await cleo.says("Lisbon", "Your time zone is Lisbon")
        await cleo.says("yoga every monday and thursday at 18:30 for an hour", "✅ yoga", "🔁")
        await cleo.says("skip yoga on thursday", "⏭ yoga")
        await cleo.says("move yoga to tuesday 19:00", "yoga repeats")
        await cleo.taps("Only", "✏️ yoga", "19:00")
        await cleo.says("/agenda next week", "yoga")
        await cleo.says("delete yoga", "Which one do you mean?")
        await cleo.taps("yoga 🔁", "How much of yoga shall I delete?")
        await cleo.taps("All of it", "🗑 yoga is deleted, with all its repetitions.")
        await cleo.taps("Undo", "↩️ yoga")

    tell(3, "en", story)


def test_somebody_who_changes_their_mind(tell: Tell) -> None:
    async def story(dina: Newcomer) -> None:
        await dina.says("Добрый день!", "Здравствуйте!", "В каком вы городе")
        await dina.says("Екатеринбург", "Ваш часовой пояс")
        await dina.says("встреча с Олегом послезавтра в 15", "✅ встреча с Олегом", "в 15:00")
        await dina.taps("Изменить", "Что изменить")
        await dina.taps("Название", "Напишите новое название")
        await dina.says("кофе с Олегом", "✏️ кофе с Олегом")
        await dina.taps("Изменить", "Что изменить")
        await dina.says("на час позже", "✏️ кофе с Олегом", "в 16:00")
        await dina.taps("Изменить", "Что изменить")
        await dina.taps("Место", "Где будет")
        await dina.says("кофейня на Ленина, 5", "📍 кофейня на Ленина, 5")
        await dina.taps("Отменить", "↩️ кофе с Олегом")
        await dina.taps("Отменить", "↩️ кофе с Олегом", "в 15:00")
        await dina.taps("Отменить", "↩️ встреча с Олегом")
        await dina.taps("Отменить", "↩️ Не сохранено: встреча с Олегом.", full=True)
        await dina.says("/week", "Ничего не запланировано.", "«врач завтра в 9:30»")
        await dina.says("чай через 2 секунды", "✅ чай", "меньше чем через минуту")
        await dina.reads("⏰ чай", wait_s=COMES_S)
        await dina.taps("Другое…", "До какого времени отложить")
        await dina.says("когда-нибудь", "Не понимаю, когда это.")
        await dina.taps("Завтра", "💤 чай")
        await dina.taps("Готово", "✅ чай", "Готово.")
        await dina.taps("Вернуть", "💤 чай")
        await dina.page.until("!all('.key').some((one) => one.innerText === 'Вернуть')")

    tell(4, "ru", story)


def test_questions_and_wishes_in_words(tell: Tell) -> None:
    async def story(emil: Newcomer) -> None:
        await emil.says("hey, dentist tomorrow at 9:30", "Hello!", "✅ dentist", "tomorrow at 09:30")
        await emil.says("what do I have tomorrow?", "Tomorrow", "09:30  dentist")
        await emil.says("move dentist to 11", "✏️ dentist", "tomorrow at 11:00")
        await emil.says("am I free tomorrow at 11?", "You are busy")
        await emil.says("when is the dentist?", "dentist")
        await emil.says("cancel it", "🗑 dentist is deleted")
        await emil.taps("Undo", "↩️ dentist")
        await emil.says("lunch with Ann tomorrow at 13:00", "✅ lunch with Ann")
        await emil.edits_last("lunch with Ann tomorrow at 14:00", "✏️ lunch with Ann", "at 14:00")
        await emil.says("what's on in two weeks?", "Nothing is planned.", full=True)

    tell(5, "en", story)


def test_whatever_is_written_is_led_on(tell: Tell) -> None:
    async def story(fedor: Newcomer) -> None:
        await fedor.says("ывапролд", "Здравствуйте!", "В каком вы городе")
        await fedor.says("Урюпинск-на-Марсе", "Места")
        await fedor.says(f"{datetime.now(ZoneInfo('Asia/Omsk')):%H:%M}", "Что подходит?")
        await fedor.taps("Омск", "Ваш часовой пояс")
        await fedor.says("ывапролд", "Когда напомнить")
        await fedor.says("не знаю", "Хорошо. Ничего не изменено.", full=True)
        await fedor.says("позвонить вчера в 5", "Это время уже прошло")
        await fedor.says("врач 31 февраля в 10", "31 февраля")
        await fedor.says("🤷", "Когда напомнить")
        await fedor.sends_a_picture("Пока я читаю только текст.")
        await fedor.says("/погода", "Такой команды я не знаю")
        await fedor.says("/weather", "Такой команды я не знаю")
        await fedor.forwards("Собрание жильцов, приносите паспорт", "Управдом", "Собрание жильцов")
        await fedor.says("в субботу в 12", "✅ Собрание жильцов")
        await fedor.says("напомни через 0 минут", "Не понимаю «через 0 минут»")

    tell(6, "ru", story)


def test_a_reminder_is_put_off_and_done(tell: Tell) -> None:
    async def story(gina: Newcomer) -> None:
        await gina.says("take the bread out in 2 seconds", "✅ take the bread out")
        await gina.reads("⏰ take the bread out", wait_s=COMES_S)
        await gina.taps("Other…", "Until when shall I put off")
        await gina.says("whenever", "I do not understand when that is")
        await gina.says("tomorrow morning", "💤 take the bread out")
        await gina.taps("Change", "Until when shall I put off")
        await gina.says("in 3 seconds", "💤 take the bread out")
        await gina.reads("⏰ take the bread out", wait_s=COMES_S)
        await gina.taps("Done", "✅ take the bread out", "Done.")
        await gina.taps("Undo", "take the bread out")

    tell(7, "en", story)


def test_looking_around(tell: Tell) -> None:
    async def story(hanna: Newcomer) -> None:
        await hanna.says("завтра с 9 до 10 планёрка", "✅ планёрка")
        await hanna.says("завтра в 9:30 созвон с поставщиком на час", "✅ созвон с поставщиком")
        await hanna.says("каждый день в 8 утра зарядка", "✅ зарядка")
        await hanna.says("послезавтра обед с Машей в 13:30 и подарок", "✅")
        await hanna.picks("/today", "Сегодня", full=True)
        await hanna.picks("/tomorrow", "Завтра", "планёрка")
        await hanna.picks("/week", "Ближайшие 7 дней")
        await hanna.taps("🖼 Картинка", "Тёмн")
        await hanna.taps("Тёмн", "Светл")
        await hanna.picks("/agenda", "Ближайшие 14 дней")
        await hanna.picks("/find", "Что найти?")
        await hanna.says("обед", "обед с Машей")
        await hanna.says("/find обед", "1 событие")
        await hanna.taps("1.", "📌")
        await hanna.says("что у меня послезавтра?", "обед с Машей")

    tell(8, "ru", story)


def test_what_is_kept_and_taken_along(tell: Tell) -> None:
    async def story(ivan: Newcomer) -> None:
        await ivan.says("flight to Rome on friday at 7:15am, remind me 3 hours before", "✅ flight to Rome")
        await ivan.says("/privacy", "What I keep about you")
        await ivan.taps("Export", "Everything I keep about you", "Your events, for any other calendar.", full=True)
        await ivan.says("/forget", "Shall I forget you?")
        await ivan.taps("Forget everything", "Forgotten.")
        await ivan.says("/start", "Hello!", "Which city are you in")
        await ivan.sends_back("planner-export.json", "1 event is back.")
        await ivan.says("/agenda", "flight to Rome")

    tell(9, "en", story)


def test_settings_help_and_a_guest(tell: Tell, chrome: str, urls: dict[str, str]) -> None:
    async def story(jana: Newcomer) -> None:
        await jana.says("/start", "Здравствуйте!", "В каком вы городе")
        await jana.says("питер", "Ваш часовой пояс")
        await jana.picks("/settings", "Настройки")
        await jana.taps("План дня", "Когда присылать план дня?")
        await jana.taps("08:00", "План дня: 08:00")
        await jana.taps("Напоминания", "За сколько до события")
        await jana.says("1 день, 15 мин", "за 1 день")
        await jana.taps("Тихие часы", "Когда вас не беспокоить?")
        await jana.says("с 23 до 7:30", "23:00–07:30")
        await jana.taps("Язык", "Какой язык?")
        jana.lang = "en"
        await jana.taps("English", "Settings")
        await jana.taps("Language", "Which language?")
        jana.lang = "ru"
        await jana.taps("Русский", "Настройки")
        await jana.picks("/help", "Что я умею")
        for chapter in ("Добавить", "Изменить", "Повторы", "Напоминания", "Посмотреть", "Настройки", "Личные данные"):
            await jana.taps(chapter, chapter)
            await jana.taps("Назад", "Что я умею")
        await jana.says("/privacy", "Что я о вас храню")
        await jana.says("/forget", "Забыть вас?")
        await jana.taps("Оставить всё", "Ничего не изменено", full=True)
        await jana.picks("/invite", "Пусть отправят боту вот это:")
        invitation = re.search(r"/start \S+", await jana.page.text("#log"))
        assert invitation
        async with browser(at=chrome, width=WIDTH, height=HEIGHT, touch=True, language="ru", zone=ZONES["ru"]) as page:
            bob = Newcomer(page, "11-bob", "ru")
            await bob.opens(urls["ru"], GUEST)
            await bob.says("привет", "Это чей-то личный планировщик", full=True)
            await bob.says(invitation[0], "Здравствуйте!")
        await jana.picks("/people", "Кто может пользоваться")

    tell(OWNER, "ru", story)
