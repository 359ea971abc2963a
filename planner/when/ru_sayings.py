"""Short things that are said in Russian around a plan, and not about its times."""

from __future__ import annotations

SAYINGS = {
    "hello": frozenset(
        {
            "привет", "здравствуй", "здравствуйте", "доброе утро", "добрый день", "добрый вечер", "салют", "хай",
        }
    ),
    "thanks": frozenset({"спасибо", "большое спасибо", "благодарю", "ок", "хорошо"}),
    "give up": frozenset(
        {"отмена", "отмени", "не надо", "стоп", "нет", "забудь", "неважно", "не важно", "не знаю"}
    ),
    "done": frozenset({"готово", "сделано", "сделал", "сделала", "сделали", "выполнено", "выполнил", "выполнила"}),
    "picture": frozenset({"картинка", "картинку", "картинкой", "фото", "фотку"}),
    "from": frozenset({"с", "со"}),
    "to": frozenset({"до"}),
    "leading": frozenset({"на", "до", "к", "ко", "ещё", "еще", "через"}),
}  # fmt: skip
