"""What people do with the planner, each story over the local chat's HTTP interface alone, in both languages.

Time passes in no time: reminders, repetitions and snoozes are waited for.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.localchat.show import BOT_USERNAME
from planner.model import MINUTE, SECOND
from planner.nag import NAG_EVERY_MS, NAG_MAX
from tests.e2e.conversations import minutes_from_now
from tests.e2e.site import Phone
from tests.e2e.telling import EN, RU, Tongue, at, berlin, both, listed, said, silent
from tests.virtual import FakeClock

AT = f"@{BOT_USERNAME}"
GROUP = -5

# Making, seeing, changing, taking back


@pytest.mark.parametrize(
    ("tongue", "phrase", "card", "line"),
    [
        (EN, "dentist tomorrow at 9:30", ["dentist", "tomorrow at 09:30", "09:15 (15 minutes before"],
         "Tomorrow 09:30 dentist"),
        (RU, "врач завтра в 9:30", ["врач", "завтра в 09:30", "в 09:15 (за 15 минут"], "Завтра 09:30 врач"),
    ],
)  # fmt: skip
async def test_an_event_is_made_and_taken_back(
    tongue: Tongue, phrase: str, card: list[str], line: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        answer = await ann.say(phrase, "✅")
        assert all(part in answer for part in card)
        assert await listed(ann, "22.11-22.11") == [line]
        await ann.press(tongue.undo, tongue.not_kept)
        await ann.say("/tomorrow", tongue.nothing)


FIELDS = [
    (EN, "Title", "orthodontist", "orthodontist"),
    (EN, "Time", "friday at 15:00", "Fri 27 Nov at 15:00"),
    (EN, "Place", "Main Street 5", "📍 Main Street 5"),
    (EN, "Notes", "bring the x-rays", "📝 bring the x-rays"),
    (EN, "Reminders", "1 day, 2 hours", "tomorrow at 07:30 (2 hours before"),
    (EN, "Repetition", "FREQ=MONTHLY;BYDAY=-1FR", "last Friday"),
    (EN, "Repeat until Done: off", "", "until you press Done"),
    (EN, "", "move to friday 15:00", "Fri 27 Nov at 15:00"),
    (RU, "Название", "стоматолог", "стоматолог"),
    (RU, "Время", "в пятницу в 15:00", "пт 27 ноября в 15:00"),
    (RU, "Место", "Ленина, 5", "📍 Ленина, 5"),
    (RU, "Заметка", "снимки", "📝 снимки"),
    (RU, "Напоминания", "1 день, 2 часа", "завтра в 07:30 (за 2 часа"),
    (RU, "Повторение", "каждые 2 недели", "🔁 каждые 2 недели"),
    (RU, "Повторять до «Готово»: нет", "", "пока вы не нажмёте «Готово»"),
    (RU, "", "перенеси на пятницу в 15:00", "пт 27 ноября в 15:00"),
]


@pytest.mark.parametrize(("tongue", "field", "value", "shown"), FIELDS)
async def test_a_field_is_edited_and_taken_back(
    tongue: Tongue, field: str, value: str, shown: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        made = await ann.say(tongue.pick("dentist tomorrow at 9:30", "врач завтра в 9:30"), "✅")
        assert shown not in made
        await ann.press(tongue.change, said(made)[0])
        answer = await ann.press(field, *([] if value else [shown])) if field else ""
        if value:
            answer = await ann.say(value, shown)
        assert answer.startswith("✏️")
        back = await ann.press(tongue.undo, tongue.as_before)
        assert said(back) == said(made)
        assert await listed(ann, "22.11-6.12") == [tongue.pick("Tomorrow 09:30 dentist", "Завтра 09:30 врач")]


@pytest.mark.parametrize(("tongue", "phrase", "title"), [(EN, "tea at 11:30", "tea"), (RU, "чай в 11:30", "чай")])
async def test_an_event_is_deleted_and_its_reminder_with_it_until_that_is_taken_back(
    tongue: Tongue, phrase: str, title: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        for undone in (False, True):
            await ann.say(phrase.replace("30", "50") if undone else phrase, "✅")
            await ann.say("/today", title)
            await ann.press(title, f"📌 {title}")
            await ann.press(tongue.delete, tongue.deleted)
            if undone:
                await ann.press(tongue.undo, tongue.as_before)
                await ann.reminded(at("2026-11-21 11:35"), title)
            else:
                await silent(ann, 20 * MINUTE)
                await ann.say("/today", tongue.nothing)


@pytest.mark.parametrize(
    ("tongue", "phrase", "fields", "card"),
    [
        (EN, "team meeting on monday from 10 to 11:30, remind me 1 hour before",
         {"Place": "room 5", "Notes": "bring the plan"},
         ["📌 team meeting", "Mon 23 Nov at 10:00–11:30", "📍 room 5", "09:00 (1 hour before", "📝 bring the plan"]),
        (RU, "планёрка в понедельник с 10 до 11:30, напомни за час",
         {"Место": "кабинет 5", "Заметка": "взять план"},
         ["📌 планёрка", "пн 23 ноября в 10:00–11:30", "📍 кабинет 5", "09:00 (за 1 час", "📝 взять план"]),
    ],
)  # fmt: skip
async def test_one_event_is_viewed(
    tongue: Tongue, phrase: str, fields: dict[str, str], card: list[str], tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        title = said(await ann.say(phrase, "✅"))[0]
        for field, value in fields.items():
            await ann.press(tongue.change, title)
            await ann.press(field, title)
            await ann.say(value, f"✏️ {title}")
        await ann.say("/week", title)
        shown = await ann.press(f"1. {title}", "📌")
        assert all(part in shown for part in card), shown


@both
async def test_a_range_is_viewed_by_dates_and_by_a_phrase_page_by_page(
    tongue: Tongue, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        for on in (6, 7, 11, 12):
            await ann.say(tongue.pick(f"tea on {on} december at 9:00", f"чай {on} декабря в 9:00"), "✅")
        monday = tongue.pick("Mon 7 Dec 09:00 tea", "Пн 7 декабря 09:00 чай")
        friday = tongue.pick("Fri 11 Dec 09:00 tea", "Пт 11 декабря 09:00 чай")
        for words in ("7.12-11.12", tongue.pick("from 7 to 11 december", "с 7 по 11 декабря")):
            assert await listed(ann, words) == [monday, friday], words
        await ann.say(tongue.pick("run every day at 8:00", "бег каждый день в 8:00"), "✅")
        pages = tongue.pick("Page {} of 2", "Страница {} из 2")
        first = await ann.say("/agenda 1.12-31.12", pages.format(1))
        second = await ann.press("▶", pages.format(2))
        assert first.count("08:00") + second.count("08:00") == 31
        assert await ann.press("◀", pages.format(1)) == first


# Reminders


@pytest.mark.parametrize(
    ("tongue", "phrase", "title", "by_button", "other", "typed"),
    [
        (EN, "tea in 5 minutes", "tea", "10 min", "Other…", "in half an hour"),
        (RU, "чай через 5 минут", "чай", "10 мин", "Другое…", "через полчаса"),
    ],
)
async def test_a_reminder_is_put_off_by_button_by_typing_and_by_an_answer(
    tongue: Tongue, phrase: str, title: str, by_button: str, other: str, typed: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        due_at = minutes_from_now(ann, 5)
        await ann.say(phrase, "✅")
        await ann.reminded(due_at, title)
        again_at = minutes_from_now(ann, 10)
        await ann.press(by_button, f"💤 {title}")
        await ann.reminded(again_at, title, by=minutes_from_now(ann, 10))
        await ann.press(other, title)
        again_at = minutes_from_now(ann, 30)
        await ann.say(typed, f"💤 {title}")
        third = await ann.reminded(again_at, title, by=minutes_from_now(ann, 30))
        again_at = minutes_from_now(ann, 40)
        await ann.say("40 min" if tongue is EN else "40 мин", f"💤 {title}", reply_to=third.message_id)
        await ann.reminded(again_at, title, by=minutes_from_now(ann, 40))
        await silent(ann, 20 * MINUTE)


@pytest.mark.parametrize(
    ("tongue", "phrase", "title", "undo"),
    [
        (EN, "gym today at 11:40, remind me 30 minutes and 10 minutes before", "gym", "Undo"),
        (RU, "зал сегодня в 11:40, напомни за 30 минут и за 10 минут", "зал", "Вернуть"),
    ],
)
async def test_done_stops_what_is_still_to_come_until_it_is_taken_back(
    tongue: Tongue, phrase: str, title: str, undo: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        for undone in (False, True):
            await ann.say(phrase.replace("11:40", "12:20") if undone else phrase, "✅")
            await ann.reminded(at(f"2026-11-21 11:{50 if undone else 10}"), title)
            await ann.press(tongue.done, f"✅ {title}")
            if undone:
                await ann.press(undo, f"⏰ {title}")
                await ann.reminded(at("2026-11-21 12:10"), title)
            else:
                await silent(ann, 35 * MINUTE)


@pytest.mark.parametrize(
    ("tongue", "phrase", "title", "again"),
    [
        (EN, "important: pills in 5 minutes", "pills", "Again, {} of 5"),
        (RU, "важно: таблетки через 5 минут", "таблетки", "Повтор {} из 5"),
    ],
)
async def test_what_matters_is_repeated_every_ten_minutes_five_times_and_no_more(
    tongue: Tongue, phrase: str, title: str, again: str, tmp_path: Path, clock: FakeClock
) -> None:
    assert (NAG_EVERY_MS, NAG_MAX) == (10 * MINUTE, 5)
    async with berlin(tmp_path, clock, tongue) as ann:
        due_at = minutes_from_now(ann, 5)
        await ann.say(phrase, "✅")
        came = await ann.reminded(due_at, title)
        for number in range(1, NAG_MAX + 1):
            came = await ann.reminded(came.sent_at + NAG_EVERY_MS, title, again.format(number))
        await silent(ann, 20 * MINUTE)
        assert len([text for text in ann.texts() if text.startswith("⏰")]) == 1 + NAG_MAX
        with_done = [row.message_id for row in ann.rows.values() if tongue.done in row.buttons]
        assert with_done == [came.message_id], "only the latest has buttons"


@both
async def test_done_ends_the_repeating(tongue: Tongue, tmp_path: Path, clock: FakeClock) -> None:
    title = tongue.pick("pills", "таблетки")
    async with berlin(tmp_path, clock, tongue) as ann:
        due_at = minutes_from_now(ann, 5)
        await ann.say(tongue.pick("important: pills in 5 minutes", "важно: таблетки через 5 минут"), "✅")
        came = await ann.reminded(due_at, title)
        await ann.reminded(came.sent_at + NAG_EVERY_MS, title)
        await ann.press(tongue.done, f"✅ {title}")
        await silent(ann, 20 * MINUTE)


# Other ways to make an event


@pytest.mark.parametrize(
    ("tongue", "title", "asked", "card"),
    [
        (EN, "haircut", ("What is it?", "Which day?", "at what hour?", "at what time?"), "Tue 15 Dec at 10:30"),
        (RU, "стрижка", ("Что это будет?", "Какой день?", "в котором часу?", "во сколько?"), "вт 15 декабря в 10:30"),
    ],
)
async def test_an_event_is_added_by_tapping_day_hour_and_minute_and_taken_back(
    tongue: Tongue, title: str, asked: tuple[str, ...], card: str, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        await ann.say("/add", asked[0])
        await ann.say(title, asked[1])
        await ann.press("▶", asked[1])
        await ann.press("15", asked[2])
        await ann.press("10", asked[3])
        answer = await ann.press("10:30", f"✅ {title}")
        assert card in answer
        assert len(await listed(ann, "15.12-15.12")) == 1
        await ann.press(tongue.undo, tongue.not_kept)
        assert await listed(ann, "15.12-15.12") == []


@both
async def test_a_day_and_an_hour_may_be_typed_in_place_of_tapping(
    tongue: Tongue, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        await ann.say("/add")
        await ann.say(tongue.pick("haircut", "стрижка"), tongue.pick("Which day?", "Какой день?"))
        await ann.say("25", tongue.pick("Wed 25 Nov: at what hour?", "ср 25 ноября: в котором часу?"))
        await ann.say("14:40", tongue.pick("Wed 25 Nov at 14:40", "ср 25 ноября в 14:40"))


@both
async def test_what_a_channel_announced_becomes_an_event_with_its_text_and_link(
    tongue: Tongue, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        text = tongue.pick("Concert tomorrow at 19:00", "Концерт завтра в 19:00")
        hall = {"title": "City Hall", "username": "cityhall", "message_id": 77}
        yesterday = at("2026-11-20 18:00") // SECOND
        answer = await ann.say(text, "✅", forward_from=hall, forward_date=yesterday)
        title, day, *rest = said(answer)
        assert title == tongue.pick("Concert", "Концерт")
        assert day == tongue.pick("today at 19:00", "сегодня в 19:00"), "tomorrow, as of when it was written"
        assert f"📝 City Hall: {text}" in rest
        assert tongue.pick("🔗 the message", "🔗 сообщение") in rest
        assert "https://t.me/cityhall/77" in await ann.links()
        await ann.press(tongue.undo, tongue.not_kept)


@both
async def test_a_friends_message_is_asked_about_and_kept_with_its_text(
    tongue: Tongue, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        text = tongue.pick("Bring me the blue folder", "Захвати синюю папку")
        await ann.say(text, text, forward_from="Bob")
        answer = await ann.say(tongue.pick("tomorrow at 11:00", "завтра в 11:00"), "✅")
        assert said(answer)[:2] == [text, tongue.pick("tomorrow at 11:00", "завтра в 11:00")]
        assert f"📝 Bob: {text}" in answer


@both
async def test_an_answer_makes_an_event_of_a_message_and_changes_the_event_of_a_card(
    tongue: Tongue, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        await ann.say(tongue.pick("thanks", "спасибо"), "")
        answer = await ann.say(tongue.pick("tomorrow at 11:00", "завтра в 11:00"), "✅", reply_to=ann.said)
        assert said(answer)[0] == tongue.pick("thanks", "спасибо")
        card = (await ann.see("✅")).message_id
        assert "12:30" in await ann.say("12:30", "✏️", reply_to=card)
        assert said(await ann.press(tongue.undo, tongue.as_before)) == said(answer)
        words = tongue.pick("bring the x-rays", "взять снимки")
        await ann.say(words, words, reply_to=card)
        await ann.press(tongue.pick("Its notes", "Заметка"), f"📝 {words}")
        assert said(await ann.press(tongue.undo, tongue.as_before)) == said(answer)


@both
async def test_an_edited_message_edits_its_event_and_that_is_taken_back(
    tongue: Tongue, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        made = await ann.say(tongue.pick("dentist tomorrow at 9:30", "врач завтра в 9:30"), "✅")
        await ann.say(tongue.pick("dentist tomorrow at 10:30", "врач завтра в 10:30"), "10:30", edit=ann.said)
        assert [line.split()[1] for line in await listed(ann, "22.11-22.11")] == ["10:30"]
        assert said(await ann.press(tongue.undo, tongue.as_before)) == said(made)
        assert [line.split()[1] for line in await listed(ann, "22.11-22.11")] == ["09:30"]


# With others


@both
async def test_a_group_plans_changes_and_takes_back_together(tongue: Tongue, tmp_path: Path, clock: FakeClock) -> None:
    async with berlin(tmp_path, clock, tongue, PLANNER_USERS="1") as owner:
        await owner.site.change_group(GROUP, title="Family", by=owner.who)
        ann = Phone(owner.site, lang=tongue.lang, group=GROUP)
        bob = Phone(owner.site, user=2, name="Bob", lang=tongue.lang, group=GROUP)
        await ann.see(f"/start{AT}")
        await ann.press(tongue.pick("Turn on here", "Включить здесь"), "Family")
        due_at = minutes_from_now(ann, 20)
        made = await bob.say(f"/add{AT} " + tongue.pick("tea in 20 minutes", "чай через 20 минут"), "✅")
        title = said(made)[0]
        await owner.site.change_group(GROUP, bot="administrator", by=owner.who)  # who gets to see every message
        await bob.say(tongue.pick("cake tomorrow at 9:00", "торт завтра в 9:00"))
        await ann.say(f"/today{AT}", title)
        await ann.press(title, f"📌 {title}")
        await ann.press(tongue.delete, tongue.deleted)
        await bob.press(tongue.undo, tongue.as_before)
        await bob.say(f"/today{AT}", title)
        await ann.reminded(due_at, title)
        await bob.press(tongue.done, f"✅ {title}")
        assert not any(tongue.pick("cake", "торт") in text for text in ann.texts()), "what they say to each other"
        await bob.say(f"/tomorrow{AT}", tongue.nothing)


@both
async def test_somebody_is_invited_has_a_plan_of_their_own_and_is_shown_out(
    tongue: Tongue, tmp_path: Path, clock: FakeClock
) -> None:
    async with berlin(tmp_path, clock, tongue, PLANNER_USERS="1", PLANNER_ADMINS="1") as ann:
        bob = Phone(ann.site, user=2, name="Bob", lang=tongue.lang)
        await bob.say("/start", tongue.pick("somebody's own planner", "чей-то личный планировщик"))
        await ann.say(tongue.pick("dentist tomorrow at 9:30", "врач завтра в 9:30"), "✅")
        link = re.search(r"\?start=(\S+)", await ann.say("/invite", "?start="))
        assert link is not None
        await bob.say(f"/start {link[1]}", tongue.start)
        await bob.say("/tomorrow", tongue.nothing)
        await bob.say(tongue.pick("tea in 20 minutes", "чай через 20 минут"), "✅")
        await ann.say("/people", "• Bob")
        await ann.press(tongue.pick("Remove Bob", "Убрать: Bob"), "Bob")
        await ann.press(tongue.pick("Remove", "Убрать"), "/invite")
        await bob.see("/export")
        await silent(bob, 21 * MINUTE)
        mallory = Phone(ann.site, user=3, name="Mallory", lang=tongue.lang)
        await mallory.say(f"/start {link[1]}", tongue.pick("somebody's own planner", "чей-то личный планировщик"))


@both
async def test_all_is_exported_forgotten_and_brought_back(tongue: Tongue, tmp_path: Path, clock: FakeClock) -> None:
    async with berlin(tmp_path, clock, tongue) as ann:
        due_at = minutes_from_now(ann, 20)
        for phrase in (
            tongue.pick("tea in 20 minutes", "чай через 20 минут"),
            tongue.pick("gym every monday at 19:00", "зал каждый понедельник в 19:00"),
            tongue.pick("holidays from december 24 to december 26", "отпуск с 24 по 26 декабря"),
        ):
            await ann.say(phrase, "✅")
        days = "21.11-31.12"
        before = await listed(ann, days)
        assert len(before) == 1 + 6 + 3, "tea, six mondays, three days of holidays"
        await ann.say("/export", tongue.pick("Everything I keep about you", "Всё, что я о вас храню"),
                      tongue.pick("for any other calendar", "для любого другого календаря"))  # fmt: skip
        copy = await ann.file("planner-export.json")
        assert (await ann.file("events.ics")).count(b"BEGIN:VEVENT") == 3
        await ann.say("/forget", tongue.pick("Shall I forget you?", "Забыть вас?"))
        await ann.press(tongue.pick("Forget everything", "Забыть всё"), tongue.pick("Forgotten.", "Забыто."))
        await ann.say("/agenda", tongue.start, tongue.nothing)
        await ann.send("planner-export.json", copy, tongue.pick("3 events are back.", "3 события вернулись."))
        assert await listed(ann, days) == before
        await ann.say("/settings", tongue.city)
        await ann.reminded(due_at, tongue.pick("tea", "чай"))
