"""How Russian asks for a reminder: words that are no part of the title."""

from __future__ import annotations

from planner.when import build as b
from planner.when.language import Rule
from planner.when.values import Filler

_FILLER = b.const(Filler())
_ANYWHERE = b.const(Filler(anywhere=True))

REQUESTS = (
    Rule("fill", "привет|приветик|здравствуй|здравствуйте|эй|слушай|слушайте|так|ну|окей|ок|итак|короче", _FILLER),
    Rule("fill", "пожалуйста|плиз|пж|пжл|пжлст|пожалуй|плз", _FILLER),
    Rule("fill", "бот ,", _FILLER),
    Rule("fill", "добрый|доброе|доброго день|вечер|утро|дня|вечера|утра", _FILLER),
    Rule("fill", "<remindme> <aboutit>?", _FILLER),
    Rule("fill", "<remindme> , <aboutit>", _FILLER),
    Rule("fill", "<remindme> ,? пожалуйста|плиз|пж|пжл|пжлст ,? <aboutit>?", _FILLER),
    Rule(
        "remindme", "напомни|напомните|напоминай|напоминайте|напомнишь|напомните-ка|напомни-ка мне|нам|меня?", _FILLER
    ),
    Rule("remindme", "напомнить мне|нам", _FILLER),
    Rule("remindme", "пингани|пингуй|пни|маякни|дерни|толкни|торкни меня|мне|нас|нам", _FILLER),
    Rule("remindme", "дай|дайте мне? знать", _FILLER),
    Rule("fill", "напомнить <aboutit>", _FILLER),
    Rule("aboutit", "о|об|обо|про|что|чтобы|чтоб|насчет|:", _FILLER),
    Rule("aboutit", "о том ,? что|чтобы", _FILLER),
    Rule("fill", "<canyou> напомнить мне|нам? <aboutit>?", _FILLER),
    Rule("canyou", "ты|вы? можешь|можете|сможешь|сможете|прошу|хочу|нужно|надо|пожалуйста", _FILLER),
    Rule("canyou", "ты|вы? не? мог|могла|могли бы ты|вы?", _FILLER),
    Rule("canyou", "ты|вы? не? могла|мог|могли ты|вы? бы", _FILLER),
    Rule("fill", "<wish> напомнил|напомнила|напомнили|напоминал|напоминала мне|нам? <aboutit>?", _FILLER),
    Rule("wish", "я? хочу|хотел|хотела|хотелось бы? ,? чтобы|чтоб ты|вы|бот?", _FILLER),
    Rule("fill", "можешь|можете", _FILLER),
    Rule("fill", "мне|нам &<placed>", _FILLER),
    Rule("fill", "мне|нам &<dated>", _FILLER),
    Rule("fill", "а &<dated>", _FILLER),
    Rule(
        "fill",
        "поставь|поставьте|создай|создайте|добавь|добавьте|сделай|запиши|запишите|установи|заведи мне? новое|новую? "
        "напоминание|напоминалку|событие|задачу|запись <named>?",
        _FILLER,
    ),
    Rule("named", "о|об|обо|про|:|чтобы|что", _FILLER),
    Rule("fill", "поставь|поставьте|создай|создайте|сделай|установи|заведи|забей мне|нам? &<thing>", _FILLER),
    Rule("fill", "добавь|добавьте|внеси|внесите|занеси|занесите|впиши|запиши|запишите мне|нам? &<thing>", _FILLER),
    Rule("fill", "<enter> <calendar> <named>?", _FILLER),
    Rule("enter", "добавь|добавьте|внеси|внесите|занеси|занесите|впиши|запиши|запишите|поставь|забей|закинь", _FILLER),
    Rule("enter", "добавить|внести|занести|записать", _FILLER),
    Rule("fill", "добавь|добавьте|внеси|внесите", b.const(Filler(unless=frozenset("в во на к".split())))),
    Rule("fill", "запиши|запишите меня|нас &<placed>", _FILLER),
    Rule("placed", "к|ко|на|в|во", _FILLER),
    Rule("fill", "запиши|запишите <named>", _FILLER),
    Rule("fill", "запланируй|запланируйте|назначь|назначьте|зафиксируй|забронируй-ка мне|нам?", _FILLER),
    Rule("part", "<calendar>", _ANYWHERE),
    Rule("calendar", "в мой|наш? календарь|планировщик|ежедневник|расписание|органайзер", _FILLER),
    Rule("calendar", "в мои? планы|напоминания", _FILLER),
    Rule("calendar", "в список дел|задач", _FILLER),
    Rule("fill", "напоминание|напоминалка|напоминалку о|об|обо|про|:|что|на", _FILLER),
    Rule("fill", "не забудь|забудьте|забыть|забываем мне|нам? бы? про|о|об|что?", _FILLER),
    Rule("fill", "чтобы|чтоб я? не забыть|забыл|забыла|забыли", _FILLER),
    Rule("fill", "только бы не забыть", _FILLER),
    Rule("fill", "не дай|дайте мне|нам забыть про|о|об|что?", _FILLER),
    Rule("fill", "у меня|нас будет|есть|запланировано|запланирована|запланирован?", _FILLER),
    Rule("fill", "новое|новая событие|напоминание|задача|встреча :?", _FILLER),
    Rule("fill", "мне|нам? надо|нужно|необходимо|следует бы|будет?", _FILLER),
    Rule("fill", "мне|нам? надо|нужно не забыть", _FILLER),
    Rule("fill", "мне|нам? надо|нужно|нужна|нужен напоминание|напоминалка|напоминалку <named>?", _FILLER),
    Rule("fill", "я? должен|должна|планирую|собираюсь|хочу|хотел|хотела бы?", _FILLER),
    Rule("fill", "хорошо|неплохо бы", _FILLER),
    Rule(
        "fill",
        "перенеси|перенести|передвинь|передвинуть|сдвинь|сдвинуть|отложи|отложить это|событие|встречу? на",
        _FILLER,
    ),
    Rule("part", ", спасибо|пожалуйста|плиз|пж|пжл|пжлст", _FILLER),
    Rule("part", "заранее спасибо", _FILLER),
    Rule("aside", "напомни|напомните|напомнить мне|нам? &<dated>", _ANYWHERE),
    Rule("part", "пожалуйста|плиз|пжлст|пжл", _ANYWHERE),
)
