"""Greetings and thanks, said and nothing else: answered in kind, not put into the calendar."""

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


def answered(talk: Talk) -> bool:
    """Whether the message was such a word, and has its answer."""
    said = " ".join(talk.text.casefold().strip(" .,!)").split())
    if said in GREETINGS:
        talk.say(talk.words.t("Hello! What shall I remind you of, and when? For example “dentist tomorrow at 9:30”."))
    elif said in THANKS:
        talk.say(talk.words.t("You are welcome."))
    else:
        return False
    return True
