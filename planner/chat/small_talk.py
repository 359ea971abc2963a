"""Greetings, thanks and giving up, said and nothing else: answered in kind, not put into the calendar."""

from __future__ import annotations

from planner.chat.talk import Talk

GREETINGS = frozenset(
    {
        "hello", "hi", "hey", "yo", "good morning", "good afternoon", "good evening", "привет", "здравствуй",
        "здравствуйте", "доброе утро", "добрый день", "добрый вечер", "салют", "хай",
    }
)  # fmt: skip
THANKS = frozenset(
    {"thanks", "thank you", "thx", "ok", "okay", "great", "спасибо", "большое спасибо", "благодарю", "ок", "хорошо"}
)
GIVEN_UP = frozenset(
    {
        "cancel", "never mind", "nevermind", "stop", "no", "forget it", "leave it", "отмена", "отмени", "не надо",
        "стоп", "нет", "забудь", "неважно", "не важно", "не знаю", "i don't know", "i don’t know", "i do not know",
        "dont know", "don't know", "idk", "dunno", "not sure",
    }
)  # fmt: skip


def gave_up(talk: Talk) -> bool:
    """Whether the message gives up what was asked, which is then closed."""
    if _said(talk) not in GIVEN_UP:
        return False
    talk.tx.users.ask(talk.user.id, None)
    talk.say(talk.words.t("All right. Nothing was changed."))
    return True


def _said(talk: Talk) -> str:
    return " ".join(talk.text.casefold().strip(" .,!)").split())


def answered(talk: Talk) -> bool:
    """Whether the message was such a word, and has its answer."""
    said = _said(talk)
    if said in GREETINGS:
        talk.say(talk.words.t("Hello! What shall I remind you of, and when? For example “dentist tomorrow at 9:30”."))
    elif said in THANKS:
        talk.say(talk.words.t("You are welcome."))
    else:
        return False
    return True
