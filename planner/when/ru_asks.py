"""How Russian asks about events that there are: looking, finding, deleting, moving, skipping; and ranges of days."""

from __future__ import annotations

from planner.when import build as b
from planner.when.language import Rule
from planner.when.values import Bad, Days, InWeek, Length, MonthDay, Offset, Unit, Vague, Weekday

_YES = b.const(True)


def _season(month: int) -> Days | Bad:
    """The three months that begin with ``month``."""
    return b.days(b.edge_of_month(False, month), b.edge_of_month(True, (month + 1) % 12 + 1))


def _year(year: int) -> Days | Bad:
    return b.days(b.day_month(1, 1, year), b.day_month(31, 12, year))


def _next(amount: int, unit: Unit) -> Days | None:
    said = b.length(amount, unit)
    return b.next_days(said, 0) if said else None


def _total(amount: int, unit: Unit) -> int:
    said = b.length(amount, unit)
    return said.total_s() if said else 0


ASKS = (
    # ranges of days
    Rule("dayrange", "<rangelink>? <therange>", b.last),
    Rule("rangelink", "на|в|во|за|с|со|c|по|о|об|из|от", _YES),
    Rule("therange", "<rangeday> <rangeto> <rangeday>", lambda f, _, l: b.days(f, l)),
    Rule("therange", "<rangeday>", b.same),
    Rule("therange", "<dom> <rangeto> <dom> <month> <year>?", lambda f, _, l, m, y: b.days_of_month(f, l, m, y)),
    Rule("rangeto", "по|до|-|и", _YES),
    Rule("rangeto", ". .", _YES),
    Rule("rangeday", "<mon> <year>", lambda m, y: Vague("month", m, year=y)),
    Rule("rangeday", "<date>", b.same),
    Rule("rangeday", "<dots2>", b.dmy),
    Rule("rangeday", "<dots2> .", b.dmy),
    Rule("rangeday", "<mon>", lambda m: Vague("month", m)),
    Rule("rangeday", "<monin> <year>?", lambda m, y: Vague("month", m, year=y)),
    Rule("rangeday", "неделю|неделя|неделе|недели|недельку", b.const(InWeek(0))),
    Rule("rangeday", "эту|эта|этой|всю|текущую|текущая неделю|неделя|неделе|недели", b.const(InWeek(0))),
    Rule("rangeday", "следующую|следующая|следующей|будущую|след неделю|неделя|неделе|недели", b.const(InWeek(1))),
    Rule("rangeday", "прошлую|прошлая|прошлой неделю|неделя|неделе|недели", b.const(InWeek(-1))),
    Rule("rangeday", "этих|эти|ближайшие|ближайших? выходные|выходных|выходным", b.const(Vague("weekend"))),
    Rule("rangeday", "следующие|следующих выходные|выходных", b.const(Vague("weekend", shift=1))),
    Rule("rangeday", "этот|этом|текущий|весь? месяц|месяца|месяце", b.const(Vague("month"))),
    Rule("rangeday", "следующий|следующем|следующего месяц|месяца|месяце", b.const(Vague("month", shift=1))),
    Rule("rangeday", "этот|этом|весь? год|года|году", b.const(Vague("year"))),
    Rule("rangeday", "сейчас|сегодняшний день", b.const(Offset(0))),
    Rule("rangeday", "день|вечер|утро|ночь $", b.const(Offset(0))),
    Rule(
        "therange", "ближайшую|ближайшая|ближайшей неделю|неделя|неделе|недели", b.const(b.days(Offset(0), Offset(6)))
    ),
    Rule("rangeday", "завтрашний день", b.const(Offset(1))),
    Rule("therange", "ближайшие|следующие|ближайших|ближайшую|следующих <len>", lambda said: b.next_days(said, 0)),
    Rule("therange", "последние|прошлые|прошедшие|последнюю <len>", b.last_days),
    Rule("therange", "до|остаток конца? этой|этого|текущей|текущего? недели", b.const(b.rest_of("week"))),
    Rule("therange", "до|остаток конца? этого|текущего? месяца", b.const(b.rest_of("month"))),
    Rule("therange", "до|остаток конца? этого|текущего? года", b.const(b.rest_of("year"))),
    Rule("therange", "последняя|последнюю неделя|неделю", b.const(b.last_days(Length(0, 7, 0)))),
    Rule("therange", "<num> <unit>", _next),
    Rule("therange", "пару|парочку <unit>", lambda unit: _next(2, unit)),
    Rule("therange", "до нового года", b.const(b.days(Offset(0), MonthDay(31, 12)))),
    Rule("therange", "вся неделя", b.const(InWeek(0))),
    Rule("therange", "этим|этой|весь|вся|все|следующим|следующей? <season>", _season),
    Rule("therange", "все лето", b.const(b.days(b.edge_of_month(False, 6), b.edge_of_month(True, 8)))),
    Rule("therange", "вся зима", b.const(b.days(b.edge_of_month(False, 12), b.edge_of_month(True, 2)))),
    Rule("therange", "весь|этот? <year> год|году?", _year),
    Rule("therange", "до|по <rangeday>", lambda day: b.days(Offset(0), day)),
    Rule("dayhead", "сегодняшний|сегодняшнюю|сегодняшнее|сегодняшние|сегодняшнего", b.const(Offset(0))),
    Rule("dayhead", "завтрашний|завтрашнюю|завтрашнее|завтрашние|завтрашнего", b.const(Offset(1))),
    Rule("dayhead", "послезавтрашний|послезавтрашнюю|послезавтрашнее", b.const(Offset(2))),
    Rule("dayhead", "понедельничный|понедельничную", b.const(Weekday(0))),
    Rule("dayhead", "пятничный|пятничную|пятничное", b.const(Weekday(4))),
    Rule("dayhead", "<adverb>", b.same),
    Rule("dayhead", "в|во <wd>", Weekday),
    # shifts
    Rule("shift", "на <len> <later>?", lambda said, _: said.total_s()),
    Rule("shift", "на? <len> <sooner>", lambda said, _: -said.total_s()),
    Rule("shift", "<len> <later>", lambda said, _: said.total_s()),
    Rule("shift", "<later> на <len>", lambda _, said: said.total_s()),
    Rule("shift", "<sooner> на <len>", lambda _, said: -said.total_s()),
    Rule("shift", "<insunit> <later>", lambda unit, _: _total(1, unit)),
    Rule("shift", "<insunit> <sooner>", lambda unit, _: -_total(1, unit)),
    Rule("shift", "получасом <later>", b.const(1_800)),
    Rule("shift", "получасом <sooner>", b.const(-1_800)),
    Rule("shift", "плюс|+ <len>", lambda said: said.total_s()),
    Rule("shift", "минус|- <len>", lambda said: -said.total_s()),
    Rule("insunit", "минутой", b.const("minute")),
    Rule("insunit", "часом", b.const("hour")),
    Rule("insunit", "днем", b.const("day")),
    Rule("insunit", "неделей", b.const("week")),
    Rule("insunit", "месяцем", b.const("month")),
    Rule("later", "позже|позднее|попозже|вперед|дальше|спустя", _YES),
    Rule("sooner", "раньше|пораньше|назад|ранее", _YES),
    Rule("moveby", "на <len>", b.same),
    Rule("moveby", "на? <len> <later>", lambda said, _: said),
    Rule("moveby", "на? <len> <sooner>", lambda said, _: said),
    Rule("moveby", "<later> на <len>", lambda _, said: said),
    Rule("moveby", "<sooner> на <len>", lambda _, said: said),
    Rule("newtime", "<tolink>? <part>+", _YES),
    Rule("newtime", "<tolink> <bare> <part>?", _YES),
    Rule("newtime", "<tolink>? <rangeday>", _YES),
    Rule("newtime", "<moveby>", _YES),
    Rule("newtime", "<len>", _YES),
    Rule("tolink", "на|к|до|в|во", _YES),
    Rule("fromold", "с|со|c <date> &<tolink>", b.same),
    Rule("fromold", "с|со|c <exact> &<tolink>", b.same),
    Rule("fill", "на|к <bare>", b.same),
    Rule("fill", "на|к|до &<dated>", b.const(b.FILLER)),
    Rule("fill", "на &<time>", b.const(b.FILLER)),
    # what is to be changed but its beginning
    Rule("newlength", "<makeit>? <lengthlink>? <len> длиной|длительностью|всего?", lambda _, __, said: said),
    Rule("lengthlink", "на|до|длиной|длительностью|продолжительностью|длительность|займет|продлится|длится :?", _YES),
    Rule("makeit", "сделай|сделайте|сократи|сократить|укороти|увеличь|продли|продлить его|ее|это?", _YES),
    Rule("endlink", "до|по", _YES),
    Rule("endlink", "<toend> в|во|до|к|ко?", _YES),
    Rule("toend", "закончится|заканчивается|закончить|кончится|кончается|окончание|конец|завершится", _YES),
    Rule("wholeday", "<makeit>? на? весь|целый день|денек", _YES),
    Rule("wholeday", "<makeit>? в течение всего дня", _YES),
    # what is asked
    Rule("polite", "пожалуйста|плиз|пж|привет|эй|слушай|так|ну|ок|а|и|давай|давайте|бот|а-ка", _YES),
    Rule("polite", "давай|давайте|хочу|хотел|хотела|надо|нужно|прошу|скажи|подскажи|покажи-ка бы?", _YES),
    Rule("polite", "напомни|напомните мне? , &<whenask>", _YES),
    Rule("polite", "напомни|напомните мне? &<whenask>", _YES),
    Rule("whenask", "когда|где|какого у|мой|моя|мое|наш|наша", _YES),
    Rule("whenask", "во сколько", _YES),
    Rule("whenask", "в котором часу", _YES),
    Rule("polite", "можешь|можете|сможешь|мог|могли бы?", _YES),
    Rule("asking", "переименуй|переименуйте|переименовать|переназови", b.const("rename")),
    Rule("newname", "в|во|на|как", b.const(True)),
    Rule("asking", "что|чего|че|шо|чо у <me> <is>?", b.const("look")),
    Rule("asking", "что|чего|че|шо|чо <is>? у <me>", b.const("look")),
    Rule("asking", "что|чего|че|шо|чо мне делать|предстоит|нужно|надо сделать?", b.const("look")),
    Rule("asking", "что|чего|че|шо|чо там? <is>? <planned>?", b.const("look")),
    Rule("asking", "какие|каковы|какой|какое|какая у|мои? меня|нас? <is>? <plans>", b.const("look")),
    Rule("asking", "какие|какой|какое|какая у <me> <is>? <plans>?", b.const("look")),
    Rule("asking", "<is> ли? у <me> что-нибудь|что-то|планы|дела|встречи|события?", b.const("look")),
    Rule("asking", "у <me> <is> что-нибудь|что-то|планы|дела|встречи|события", b.const("look")),
    Rule("asking", "<is> ли? что|чего|че у? меня|нас?", b.const("look")),
    Rule("asking", "что|чего|че у? меня|нас? дальше|следующее|ближайшее|потом|следом", b.const("look")),
    Rule("asking", "ближайшие|предстоящие <plans>", b.const("look")),
    Rule("asking", "<is> ли? что-нибудь|что-то|планы|дела|встречи|события", b.const("look")),
    Rule("asking", "я? <free> ли|я?", b.const("look")),
    Rule("asking", "<free> ли я", b.const("look")),
    Rule("asking", "чем я|мы? <free>", b.const("look")),
    Rule("asking", "когда я|мы? <free>", b.const("look")),
    Rule("asking", "мои|мой|наши|наш|моя? <plans>", b.const("look")),
    Rule("asking", "моя|мой|наша неделя|день|месяц", b.const("look")),
    Rule(
        "asking",
        "покажи|покажите|показать|выведи|открой|перечисли|дай мне|нам? все|весь|всю? мои|мой|мою?",
        b.const("show"),
    ),
    Rule("asking", "посмотри|посмотрите", b.const("look")),
    Rule("me", "меня|нас", _YES),
    Rule("is", "есть|будет|намечено|запланировано|назначено|намечается|стоит|там", _YES),
    Rule("planned", "запланировано|намечено|по планам|плану", _YES),
    Rule("plans", "планы|план|дела|события|встречи|расписание|календарь|повестка|задачи|напоминания|дело", _YES),
    Rule("free", "свободен|свободна|свободно|свободны|занят|занята|заняты", _YES),
    Rule("amfree", "я|мы? ли? <free> ли? я|мы?", _YES),
    Rule("asking", "найди|найдите|найти|поищи|отыщи|ищи мне? событие?", b.const("find")),
    Rule("asking", "когда у <me>", b.const("find")),
    Rule("asking", "когда будет|мой|моя|мое|мои|наш|наша|начинается|начнется?", b.const("find")),
    Rule("asking", "во сколько у <me>", b.const("find")),
    Rule("asking", "во сколько будет|мой|моя|мое|начинается|начнется?", b.const("find")),
    Rule("asking", "в котором часу у? меня|нас|будет?", b.const("find")),
    Rule("asking", "где у? меня|нас|будет|моя|мой?", b.const("find")),
    Rule("asking", "на какой день|число|дату|когда у? меня|назначен|назначена|записан|записана?", b.const("find")),
    Rule("asking", "в какой|какое день|число у? меня|будет?", b.const("find")),
    Rule("asking", "удали|удалите|удалить|убери|уберите|сотри|стереть", b.const("delete")),
    Rule("asking", "больше? не напоминай|напоминайте больше? мне|нам? больше?", b.const("delete")),
    Rule("asking", "не надо|нужно больше? напоминать больше? мне|нам?", b.const("delete")),
    Rule("asking", "удалим|отменим|уберем", b.const("delete")),
    Rule("asking", "отмени|отмените|отменить|вычеркни|выкинь|снеси", b.const("delete")),
    Rule(
        "asking",
        "перенеси|перенесите|перенести|передвинь|передвиньте|передвинуть|сдвинь|сдвиньте|сдвинуть",
        b.const("change"),
    ),
    Rule(
        "asking",
        "отложи|отложите|отложить|перенос|переставь|поменяй|измени|перекинь|задержи|переназначь",
        b.const("change"),
    ),
    Rule("asking", "перенесем|перенесу|сдвинем|отложим|передвинем", b.const("change")),
    Rule(
        "asking",
        "поменяй|поменяйте|поменять|измени|измените|изменить|перенеси|переставь время|дату|день",
        b.const("change"),
    ),
    Rule("asking", "пропусти|пропустить|пропускаю|пропустим|пропущу", b.const("skip")),
    Rule(
        "asking", "я? сделал|сделала|сделано|готово|закончил|закончила|выполнил|выполнила|выполнено с?", b.const("done")
    ),
    Rule(
        "noise",
        "на|в|во|у|за|с|по|из|о|мне|меня|нас|мои|мой|мою|моя|моем|моей|все|весь|всю|есть|будет|ли|я|там|еще",
        _YES,
    ),
    Rule(
        "noise", "планы|план|планах|планов|дела|дел|события|событий|встречи|встреч|расписание|календарь|календаре", _YES
    ),
    Rule("noise", "расписании|повестка|задачи|напоминания|запланировано|намечено|назначено|планируется|делать", _YES),
    Rule(
        "noise",
        "свободен|свободна|занят|занята|что|что-нибудь|что-то|пожалуйста|вообще|интересного|нибудь|то|список",
        _YES,
    ),
    Rule("pronoun", "его|ее|это|их|этот|эту|эти", _YES),
    Rule("pronoun", "это|эту|эти событие|встречу|напоминание|запись|дело", _YES),
    Rule("pronoun", "последнее|последнюю|последний событие|запись|напоминание|встречу?", _YES),
    Rule("pronoun", "событие|напоминание|запись|все", _YES),
    Rule("pronoun", "все мои? события|напоминания|встречи|дела", _YES),
    Rule(
        "article",
        "следующий|следующую|следующее|ближайший|ближайшую|ближайшее|мой|мою|мое|мои|наш|нашу|событие|напоминание|запись|про|о|об|все|с",
        _YES,
    ),
    Rule("closing_word", "пожалуйста|плиз|пж|спасибо", _YES),
)
