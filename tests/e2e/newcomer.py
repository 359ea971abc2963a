"""Somebody who has never seen the planner, with a phone: the page of the local chat, read and pressed as people do.

Whatever a newcomer does has to be answered within ``ANSWERED_S``, in their language, by a message that leads on; and
nothing on the screen may be cut. Each step checks all of that.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser import Page

PROGRAM = Path(__file__).parents[2] / "planner.py"
WIDTH, HEIGHT = 390, 844
ANSWERED_S = 2.0
SHOTS = os.environ.get("PLANNER_SCREENSHOTS")
"""A folder for pictures of every step, for people to look at."""

FOREIGN = {
    "en": re.compile(r"[А-Яа-яЁё]+"),
    "ru": re.compile(r"(?<![/\w.])[A-Za-z]{2,}(?![\w.])"),
}
"""What does not belong into a text of the language; commands and the names of files do."""
INVITATION = re.compile(r"/start \S+")
NAMES = frozenset({"Planner", "Telegram", "English", "Русский", "UTC"})

_WATCH = """
const all = (selector) => [...document.querySelectorAll(selector)];
const said = (one) => [...one.querySelectorAll('.text, .key')].map((part) => part.innerText).join('\\n');
const seen = (one) => one.getClientRects().length > 0;
window.shown = () => new Map(all('.message.bot').map((one) => [one.dataset.id, said(one)]));
window.mark = () => { window.before = shown(); document.getElementById('toast').hidden = true; };
window.news = () => [...shown()].filter(([id, text]) => before.get(id) !== text).map(([, text]) => text)
  .concat(all('#toast:not([hidden]), #alert[open] p').map((one) => one.innerText));
window.aim = (selector, label) => {
  const there = all(selector).filter(seen);
  const found = there.filter((one) => one.innerText.trim() === label).pop()
    || there.filter((one) => one.innerText.includes(label)).pop();
  for (const one of all('[data-aim]')) one.removeAttribute('data-aim');
  if (!found) return false;
  found.dataset.aim = '1';
  return true; };
window.hit = true;
window.addEventListener('click', (event) => {
  if (hit) return;
  window.hit = event.target.closest('[data-aim]') !== null;
  if (!hit) { event.stopImmediatePropagation(); event.preventDefault(); } }, true);
window.cut = () => all('html, body, #scroll, #log, .card, .bubble, .text, .key, .top h1, .top p, #toast, dialog, .row')
  .filter(seen).flatMap((one) => {
    const box = one.getBoundingClientRect(), wide = document.documentElement.clientWidth;
    return [
      one.clientWidth && one.scrollWidth > one.clientWidth && 'cut at its side',
      one.matches('.key, .text, .top p') && one.scrollHeight > one.clientHeight + 1 && 'cut below',
      (box.left < 0 || box.right > wide + .5) && 'outside the screen',
    ].filter(Boolean).map((how) => `${how}: ${one.tagName}.${one.className}: ${one.innerText.slice(0, 60)}`); });
window.begins = () => all('.message.bot').pop().getBoundingClientRect().top
  >= document.getElementById('scroll').getBoundingClientRect().top - 1;
window.leads = () => { const last = all('.message.bot').pop();
  return Boolean(last) && (last.querySelector('.key, .bot_command') !== null || /[“«]/.test(said(last))); };
"""


_STILL = (
    "document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity)"
    ".forEach((one) => one.finish())"
)
"""What has arrived stands where it will stay."""


class Newcomer:
    """One person at the page. ``lang`` is what they read; ``name`` begins the names of their pictures."""

    def __init__(self, page: Page, name: str, lang: str) -> None:
        self.page, self.lang = page, lang
        self._name, self._shots = name, 0

    async def opens(self, url: str, chat: int) -> None:
        """Open the page for the first time."""
        await self.page.goto(f"{url}/#{chat}")
        await self.page.until("!document.getElementById('empty').hidden && document.querySelector('#start')")
        await self.page.js(_WATCH)
        await self._looked([await self.page.text(".card"), await self.page.text(".top")], full=True)

    async def says(self, text: str, *expected: str, full: bool = False) -> None:
        """Type, send, and read the answer, from its beginning. ``full``: it needs neither a button nor a hint."""
        await self.page.click("#text")
        await self.page.type(text)
        await self.page.js("mark()")
        await self.page.key("Enter")
        await self.reads(*expected, full=full)
        assert await self.page.js("begins()"), f"the beginning of the answer is not on the screen: {expected}"

    async def taps(self, label: str, *expected: str, selector: str = ".key", full: bool = False) -> None:
        """Press the latest button with this label, and read what it brings.

        What moved away under the finger, as a message came, is pressed again; what came to lie there is not: people
        look where they press.
        """
        await self.page.js("mark(); hit = false")
        while not await self.page.js("hit"):
            await self.page.until(f"aim({json.dumps(selector)}, {json.dumps(label)})")
            await self.page.click("[data-aim]")
        await self.reads(*expected, full=full)

    async def picks(self, command: str, *expected: str, full: bool = False) -> None:
        """Choose a command from the menu beside the text."""
        await self.page.click("#menu")
        await self.page.until("!document.getElementById('commands').hidden")
        await self._pictured()
        await self.taps(command, *expected, selector="#commands .row", full=full)

    async def forwards(self, text: str, whose: str, *expected: str) -> None:
        """Pass on somebody else's message; the page cannot."""
        said = json.dumps({"text": text, "forward_from": whose})
        await self.page.js("mark()")
        await self.page.js(
            "(async () => { const id = Number(location.hash.slice(1)), from = {id, first_name: '·'};"
            f" const body = JSON.stringify({{chat_id: id, from, ...{said}}});"
            " await fetch('chat/messages', {method: 'POST', body}); })()"
        )
        await self.reads(*expected)

    async def edits_last(self, text: str, *expected: str) -> None:
        """Tap one's own last message, and write it anew."""
        await self.page.click(".message.own .text")
        await self._pictured()
        await self.page.click(".message.own .tools button", "✎")
        await self.page.js("document.getElementById('text').select()")
        await self.page.type(text)
        await self.page.js("mark()")
        await self.page.key("Enter")
        await self.reads(*expected)

    async def sends_back(self, name: str, *expected: str) -> None:
        """Attach a document that the bot has sent before."""
        link = f"all('a.document').filter((one) => one.download === {json.dumps(name)}).pop().href"
        await self._attach(f"await (await fetch({link})).blob()", name, "application/json")
        await self.reads(*expected)

    async def sends_a_picture(self, *expected: str) -> None:
        """Attach a photo."""
        canvas = "Object.assign(document.createElement('canvas'), {width: 120, height: 80})"
        await self._attach(f"await new Promise((done) => {canvas}.toBlob(done))", "cat.png", "image/png")
        await self.reads(*expected)

    async def _attach(self, blob: str, name: str, mime: str) -> None:
        file = f"new File([{blob}], {json.dumps(name)}, {{type: {json.dumps(mime)}}})"
        await self.page.js("mark()")
        await self.page.js(
            f"(async () => {{ const held = new DataTransfer(); held.items.add({file});"
            " const input = document.getElementById('file'); input.files = held.files;"
            " input.dispatchEvent(new Event('change')); })()"
        )

    async def reads(self, *expected: str, full: bool = False, wait_s: float = ANSWERED_S) -> None:
        """Wait until all of these stand in what is new, and look at the screen."""
        news = await self.page.until(
            f"{json.dumps(expected)}.every((part) => news().some((text) => text.includes(part))) && news()", wait_s
        )
        await self._looked(news, full=full)

    async def dismisses(self) -> None:
        """Press OK in the box that is open."""
        await self.page.click("#alert button")

    async def written(self) -> int:
        """How many messages the newcomer has sent."""
        return int(await self.page.js("document.querySelectorAll('.message.own:not(.pending)').length"))

    async def _looked(self, news: list[str], *, full: bool) -> None:
        await self.page.js(_STILL)
        await self._pictured()
        cut = await self.page.js("cut()")
        assert not cut, cut
        words = [word for text in news for word in FOREIGN[self.lang].findall(INVITATION.sub("", text))]
        foreign = [word for word in words if word not in NAMES]
        assert not foreign, f"in {self.lang}: {foreign} in {news}"
        assert full or await self.page.js("leads()"), f"a dead end: {news}"
        assert not self.page.faults, self.page.faults

    async def _pictured(self) -> None:
        if SHOTS:
            self._shots += 1
            await self.page.screenshot(Path(SHOTS) / f"{self._name}-{self._shots:02}.png")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@contextmanager
def running(folder: Path, port: int, zone: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program as ``make run`` starts it, on a machine in that zone; and the page's address, which it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_", "BOT_TOKEN"))}
    kept |= {"PLANNER_HTTP": f"127.0.0.1:{port}", "TZ": zone, **environ}
    with subprocess.Popen(
        [sys.executable, str(PROGRAM)],
        cwd=folder,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address, "the page's address is printed first"
            yield process, address[0]
        finally:
            process.kill()
