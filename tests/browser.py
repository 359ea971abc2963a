"""A headless Chromium, driven over the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/).

It runs in real time: use it in a plain ``def test``, with ``asyncio.run``. ``chromium()`` says where the browser is;
tests skip without one.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
)
START_S = 40.0
WAIT_S = 15.0

_KEYS = {
    "Enter": (13, "\r"),
    "ArrowUp": (38, ""),
    "ArrowDown": (40, ""),
    "Escape": (27, ""),
    "Tab": (9, ""),
    "Backspace": (8, ""),
}
_MODIFIERS = {"alt": 1, "ctrl": 2, "meta": 4, "shift": 8}


def chromium() -> str | None:
    """The browser's path, where there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


needs_chromium = pytest.mark.skipif(chromium() is None, reason="no chromium on this machine")


class PageError(Exception):
    """The page threw, or what was waited for did not come."""


class Page:
    """One tab. ``faults`` collects what the page threw and what the browser refused it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded: asyncio.Event = asyncio.Event()
        self._session: str | None = None
        self._context = ""
        self.faults: list[str] = []

    async def listen(self) -> None:
        """Take in what the browser says, until the connection ends."""
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                if not (answer := self._answers.pop(said["id"])).done():
                    answer.set_result(said)
            else:
                self._event(said["method"], said["params"])

    def _event(self, method: str, params: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self._loaded.set()
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.faults.append(details.get("exception", {}).get("description", details["text"]))
        elif (
            method == "Log.entryAdded"
            and params["entry"]["level"] == "error"
            and (params["entry"]["source"] != "network")
        ):
            self.faults.append(params["entry"]["text"])

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol, and its result."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        session = {"sessionId": self._session} if self._session else {}
        await self._socket.send_json({"id": number, "method": method, "params": params, **session})
        answer = await asyncio.wait_for(self._answers[number], START_S)
        if "error" in answer:
            raise PageError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def open(self) -> None:
        """Become a tab of its own."""
        self._context = (await self.ask("Target.createBrowserContext"))["browserContextId"]
        target = await self.ask("Target.createTarget", url="about:blank", browserContextId=self._context)
        attached = await self.ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            await self.ask(f"{domain}.enable")

    async def close(self) -> None:
        """Close the tab, with its storage."""
        self._session = None
        await self.ask("Target.disposeBrowserContext", browserContextId=self._context)

    async def look(
        self,
        *,
        width: int,
        height: int,
        dark: bool = False,
        language: str = "en-GB",
        zone: str = "Europe/Berlin",
        touch: bool = False,
    ) -> None:
        """How the person's screen, language and zone are."""
        await self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if touch else 1,
            mobile=touch,
        )
        await self.ask("Emulation.setTouchEmulationEnabled", enabled=touch)
        await self.ask(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
        )
        agent = (await self.ask("Browser.getVersion"))["userAgent"]
        await self.ask("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=language)
        await self.ask("Emulation.setLocaleOverride", locale=language.replace("-", "_"))
        await self.ask("Emulation.setTimezoneOverride", timezoneId=zone)

    async def goto(self, url: str) -> None:
        self._loaded.clear()
        await self.ask("Page.navigate", url=url)
        await asyncio.wait_for(self._loaded.wait(), WAIT_S)

    async def reload(self) -> None:
        self._loaded.clear()
        await self.ask("Page.reload")
        await asyncio.wait_for(self._loaded.wait(), WAIT_S)

    async def js(self, expression: str) -> Any:
        """The value of an expression, awaited where it is a promise."""
        found = await self.ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in found:
            details = found["exceptionDetails"]
            raise PageError(details.get("exception", {}).get("description", details["text"]))
        return found["result"].get("value")

    async def until(self, condition: str, wait_s: float = WAIT_S) -> Any:
        """The value of a condition once it is truthy; looked at with every frame."""
        found = await self.js(
            f"new Promise((done) => {{ const end = performance.now() + {wait_s * 1_000}; const look = () => {{"
            f" const value = ({condition}); if (value || performance.now() > end) done(value || null);"
            f" else setTimeout(look, 15); }}; look(); }})"
        )
        if found is None:
            text = await self.js("document.body.innerText")
            raise PageError(f"not within {wait_s:g} s: {condition}\n--- the page shows:\n{text}")
        return found

    async def text(self, selector: str = "body") -> str:
        found = await self.js(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")
        return str(found)

    async def click(self, selector: str, containing: str = "") -> None:
        """Press the mouse on the last visible element that matches, and has these words in it."""
        at = await self.until(
            f"(() => {{ const all = [...document.querySelectorAll({json.dumps(selector)})]"
            f".filter((one) => one.innerText.includes({json.dumps(containing)}) && one.getClientRects().length);"
            f" const node = all.pop(); if (!node) return null; node.scrollIntoView({{block: 'nearest'}});"
            f" const box = node.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.ask("Input.dispatchMouseEvent", type=kind, x=at[0], y=at[1], button="left", clickCount=1)

    async def hover(self, selector: str) -> None:
        at = await self.until(
            f"(() => {{ const node = [...document.querySelectorAll({json.dumps(selector)})].pop();"
            " if (!node) return null; const box = node.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        await self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=at[0], y=at[1])

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        await self.ask("Input.insertText", text=text)

    async def key(self, key: str, *held: str) -> None:
        code, text = _KEYS[key]
        modifiers = sum(_MODIFIERS[one] for one in held)
        common = {"key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        await self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", **common)

    async def screenshot(self, path: Path) -> None:
        shot = await self.ask("Page.captureScreenshot", format="png")
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))


@contextmanager
def chromium_process() -> Iterator[str]:
    """A browser without tabs, and where it listens. Tests that share one (a fixture of the session) start faster."""
    path = chromium()
    assert path is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = [path, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        ) as process:
            watchdog = threading.Timer(START_S, _end, [process])
            watchdog.start()
            try:
                address = _address(process)
                watchdog.cancel()
                yield address
            finally:
                watchdog.cancel()
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _address(process: subprocess.Popen[bytes]) -> str:
    """Where the browser listens, from what it says at start; the rest of what it says is read and dropped."""
    said = process.stderr
    assert said is not None
    for line in said:
        if found := re.search(rb"DevTools listening on (ws://\S+)", line):
            threading.Thread(target=lambda: [None for _ in said], daemon=True).start()
            return found.group(1).decode()
    raise PageError("chromium ended before it listened")


@asynccontextmanager
async def browser(
    *,
    width: int = 1_200,
    height: int = 800,
    dark: bool = False,
    language: str = "en-GB",
    zone: str = "Europe/Berlin",
    touch: bool = False,
    at: str | None = None,
) -> AsyncIterator[Page]:
    """A tab that shares nothing with others, in the browser that runs ``at`` an address, or in one of its own."""
    with ExitStack() as stack:
        if at is None:
            at = await asyncio.to_thread(lambda: stack.enter_context(chromium_process()))
        async with aiohttp.ClientSession() as session, session.ws_connect(at, max_msg_size=0) as socket:
            page = Page(socket)
            listener = asyncio.create_task(page.listen())
            await page.open()
            await page.look(width=width, height=height, dark=dark, language=language, zone=zone, touch=touch)
            try:
                yield page
            finally:
                await page.close()
                await socket.close()
                await listener
