"""Files in stories: what the bot has sent, and what is sent to it."""

from __future__ import annotations

import json
from typing import Any

from planner.localchat import Upload
from tests.world import SECOND, Person


async def files(person: Person) -> dict[str, bytes]:
    """Every file that the bot has sent them, by name; of several of one name the last."""
    found = {}
    for row in await person.rows():
        if row["from"] == "bot" and row.get("file"):
            held = await person.world.chat.file(int(row["file"]["url"].rpartition("/")[2]))
            assert held is not None
            found[row["file"]["name"]] = held[1]
    return found


async def exported(person: Person) -> tuple[dict[str, Any], str]:
    """What /export gives them: the JSON, and the calendar."""
    await person.say("/export", settle=5 * SECOND)
    found = await files(person)
    return json.loads(found["planner-export.json"]), found["events.ics"].decode()


async def send(person: Person, name: str, body: bytes, caption: str = "", settle: int = 5 * SECOND) -> list[str]:
    """Send a file; what the bot answers."""
    file = Upload(name, "application/octet-stream", body)
    await person.world.chat.upload(person.user.id, file, person.user, caption=caption)
    return await person.read(settle)
