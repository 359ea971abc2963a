"""Short things that are said in English around a plan, and not about its times."""

from __future__ import annotations

SAYINGS = {
    "hello": frozenset({"hello", "hi", "hey", "yo", "good morning", "good afternoon", "good evening"}),
    "thanks": frozenset({"thanks", "thank you", "thx", "ok", "okay", "great"}),
    "give up": frozenset(
        {
            "cancel", "never mind", "nevermind", "stop", "no", "forget it", "leave it", "i don't know", "i don’t know",
            "i do not know", "dont know", "don't know", "idk", "dunno", "not sure", "leave it as it is",
        }
    ),
    "take back": frozenset({"cancel"}),
    "chatter": frozenset(
        {
            "instead", "rather", "better", "no", "yes", "actually", "please", "then", "ok", "okay", "sorry", "well",
            "make", "it", "maybe", "so", "let's", "lets", "do",
        }
    ),
    "done": frozenset({"done", "did it", "finished", "completed", "ready"}),
    "picture": frozenset({"picture", "image", "photo"}),
    "from": frozenset({"from"}),
    "to": frozenset({"to"}),
    "leading": frozenset({"for", "until", "till", "to", "by", "on", "in", "at"}),
}  # fmt: skip
