"""The local chat over HTTP: the Bot API for the bot, ``/chat`` for programs, a page at ``/`` for people.

It is for this machine only: a request whose ``Host`` is no loopback address (a name that was made to point here) and
one that another site's page sends are refused.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import resources
from typing import cast
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from planner.localchat.chat import LocalChat, Said
from planner.localchat.errors import ConnectionLost, Refusal, Unusable
from planner.localchat.groups import title_from
from planner.localchat.images import image_size
from planner.localchat.params import Upload
from planner.localchat.state import User

BODY_MAX = 52_000_000
"""A little more than the largest file that a bot may send."""

WAIT_MAX_S = 50
HISTORY = 200
SHUTDOWN_S = 2.0

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_KINDS = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
_ASSETS = (
    "app.js",
    "bubbles.js",
    "commands.js",
    "icon.svg",
    "people.js",
    "server.js",
    "style.css",
    "text.js",
    "words.js",
)

Body = Mapping[str, object]


def attach(app: web.Application, chat: LocalChat, *, any_host: bool = False) -> None:
    """Add the local chat's routes to an application, and end its long polls when that shuts down.

    ``any_host`` lets other names and addresses than loopback's in (a container's port). The Bot API has the token in
    its path: the application that serves it writes no access log.
    """
    site = _Site(chat)
    routes: list[tuple[str, str, Handler]] = [
        ("*", r"/bot{token:[^/]+}/{method}", site.bot),
        ("GET", r"/file/bot{token:[^/]+}/{path:.+}", site.bot_file),
        ("GET", "/chat/messages", site.messages),
        ("POST", "/chat/messages", site.say),
        ("POST", "/chat/callbacks", site.press),
        ("POST", "/chat/files", site.upload),
        ("GET", "/chat/files/{id:[0-9]{1,15}}", site.file),
        ("GET", "/chat/history", site.history),
        ("GET", "/chat/view", site.view),
        ("POST", "/chat/chats", site.open_chats),
        ("PUT", "/chat/groups", site.put_group),
        ("GET", "/chat/faults", site.get_faults),
        ("PUT", "/chat/faults", site.put_faults),
        ("GET", "/", _asset("index.html")),
        *(("GET", f"/{name}", _asset(name)) for name in _ASSETS),
    ]
    for method, path, handler in routes:
        app.router.add_route(method, path, _guarded(handler, any_host=any_host))

    async def end_waits(_: web.Application) -> None:
        chat.end_waits()

    app.on_shutdown.append(end_waits)


@asynccontextmanager
async def serve(chat: LocalChat, host: str, port: int, *, any_host: bool = False) -> AsyncIterator[str]:
    """Serve the local chat alone; gives its URL. Port 0 takes a free one. ``OSError`` where the address is taken.

    It has a page ``/livez``, as the planner has one of its own beside a chat in the same process.
    """
    app = web.Application()
    attach(app, chat, any_host=any_host)
    app.router.add_get("/livez", _livez)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        address = runner.addresses[0]
        name = f"[{address[0]}]" if ":" in address[0] else address[0]
        yield f"http://{name}:{address[1]}"
    finally:
        await runner.cleanup()


async def _livez(_: web.Request) -> web.StreamResponse:
    """That it answers: for whoever asks after its health, by whatever name."""
    return _json({"status": "ok"})


class _Site:
    """The handlers."""

    def __init__(self, chat: LocalChat) -> None:
        self._chat = chat

    async def bot(self, request: web.Request) -> web.StreamResponse:
        given = await _params(request)
        try:
            status, body = await self._chat.call(request.match_info["token"], request.match_info["method"], given)
        except ConnectionLost as lost:
            return await _cut_off(request, lost)
        if isinstance(body, bytes):
            kind = "text/html" if body.startswith(b"<") else "application/json"
            return web.Response(status=status, body=body, content_type=kind)
        return _json(body, status)

    async def bot_file(self, request: web.Request) -> web.StreamResponse:
        found = await self._chat.download(request.match_info["token"], request.match_info["path"])
        if found is None:
            return _json(Refusal(404, "Not Found").body(), 404)
        return web.Response(body=found[1], content_type="application/octet-stream")

    async def messages(self, request: web.Request) -> web.StreamResponse:
        rows = await self._chat.messages(
            _number(request.query, "chat_id"), _number(request.query, "after", 0), wait_ms=_wait_ms(request.query)
        )
        return _json(rows)

    async def say(self, request: web.Request) -> web.StreamResponse:
        body = await _object(request)
        chat_id, text = _number(body, "chat_id"), _string(body, "text")
        if "edit" in body:
            return _json(_said([await self._chat.edit(chat_id, _number(body, "edit"), text)]))
        reply_to = _number(body, "reply_to") if "reply_to" in body else None
        who, title = _user(body.get("from")), title_from(body.get("chat"), chat_id)
        said = await self._chat.say(chat_id, text, who, reply_to=reply_to, forward=_origin(body), title=title)
        return _json(_said(said))

    async def press(self, request: web.Request) -> web.StreamResponse:
        body = await _object(request)
        pressed = await self._chat.press(
            _number(body, "chat_id"), _number(body, "message_id"), _string(body, "data"), _user(body.get("from"))
        )
        answer = await self._chat.press_answer(pressed.callback_id, _wait_ms(body)) if "wait" in body else None
        return _json({"callback_id": str(pressed.callback_id), "update_id": pressed.update_id, "answer": answer})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        form = await _params(request)
        file = next((value for value in form.values() if isinstance(value, Upload)), None)
        if file is None:
            raise Unusable("file is missing: send multipart/form-data with chat_id and file")
        who = form.get("from")
        said = await self._chat.upload(
            _number(form, "chat_id"),
            file,
            _user(_decoded(who)) if isinstance(who, str) else None,
            caption=str(form.get("caption", "")),
            photo=form.get("kind") == "photo",
        )
        return _json(_said([said]))

    async def file(self, request: web.Request) -> web.StreamResponse:
        found = await self._chat.file(int(request.match_info["id"]))
        if found is None:
            return _json({"error": "there is no such file"}, 404)
        file, body = found
        shown = "inline" if file.mime.startswith("image/") and image_size(body) else "attachment"
        return web.Response(
            body=body,
            headers={
                **_HEADERS,
                "Content-Type": file.mime if shown == "inline" else "application/octet-stream",
                "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name)}",
            },
        )

    async def history(self, request: web.Request) -> web.StreamResponse:
        return _json(
            await self._chat.history(_number(request.query, "chat_id"), _number(request.query, "before", 0), HISTORY)
        )

    async def view(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        return _json(
            await self._chat.view(
                _number(query, "chat_id"),
                _number(query, "after", 0),
                _number(query, "version", 0),
                query.get("language", ""),
                _wait_ms(query),
            )
        )

    async def open_chats(self, request: web.Request) -> web.StreamResponse:
        ids = (await _object(request)).get("ids")
        if not isinstance(ids, list) or not all(isinstance(one, int) for one in ids):
            raise Unusable("ids is no list of chat ids")
        await self._chat.open_chats(ids)
        return _json({"opened": len(ids)})

    async def put_group(self, request: web.Request) -> web.StreamResponse:
        body = await _object(request)
        group = await self._chat.group(
            _number(body, "chat_id"),
            title=_string(body, "title") if "title" in body else None,
            bot=_string(body, "bot") if "bot" in body else None,
            migrate_to=_number(body, "migrate_to") if "migrate_to" in body else None,
            by=_user(body.get("by")),
        )
        return _json(group)

    async def get_faults(self, _: web.Request) -> web.StreamResponse:
        return _json(self._chat.faults.shown())

    async def put_faults(self, request: web.Request) -> web.StreamResponse:
        await self._chat.set_faults(_decoded(await request.text()))
        return _json(self._chat.faults.shown())


def _guarded(handler: Handler, *, any_host: bool) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        if not any_host and not is_loopback(request.host):
            return _json({"error": "the local chat answers on loopback names and addresses only"}, 403)
        if request.method != "GET" and _from_elsewhere(request, any_host=any_host):
            return _json({"error": "the local chat takes no requests from other sites' pages"}, 403)
        try:
            return await handler(request)
        except Unusable as error:
            return _json({"error": str(error)}, 400)

    return guarded


def is_loopback(host: str) -> bool:
    """Whether a ``Host``, with its port or without, names this machine and can lead nowhere else."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    name = name.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _from_elsewhere(request: web.Request, *, any_host: bool) -> bool:
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return True
    origin = request.headers.get("Origin")
    return origin is not None and not any_host and origin != f"http://{request.host}"


def _asset(name: str) -> Handler:
    body = (resources.files("planner.localchat") / "page" / name).read_bytes()
    headers = {**_HEADERS, "Content-Type": f"{_KINDS[name.rpartition('.')[2]]}; charset=utf-8"}

    async def asset(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers=headers)

    return asset


async def _params(request: web.Request) -> dict[str, str | Upload]:
    """A request's parameters, from wherever the Bot API takes them: query, form, multipart or JSON."""
    given: dict[str, str | Upload] = dict(request.query)
    if not request.can_read_body:
        return given
    if request.content_type == "application/json":
        body = _decoded(await request.text())
        if not isinstance(body, dict):
            raise Unusable("the body is no JSON object")
        return given | {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in body.items()
            if value is not None
        }
    form = await request.clone(client_max_size=BODY_MAX).post()
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as file:
                content = await asyncio.to_thread(file.read)
            given[name] = Upload(value.filename or "file", value.content_type, content)
        else:
            given[name] = value if isinstance(value, str) else bytes(value).decode(errors="replace")
    return given


async def _cut_off(request: web.Request, lost: ConnectionLost) -> web.StreamResponse:
    """End the connection where the answer would be, or in its middle."""
    response = web.StreamResponse(status=lost.status or 200, headers={"Content-Type": "application/json"})
    if lost.head:
        response.content_length = len(lost.head) * 2 + 1
        await response.prepare(request)
        await response.write(lost.head)
    if request.transport is not None:
        request.transport.close()
    return response


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        content_type="application/json",
    )


def _decoded(text: str) -> object:
    try:
        decoded: object = json.loads(text)
    except (ValueError, RecursionError):
        raise Unusable("the body is no JSON") from None
    return decoded


async def _object(request: web.Request) -> Body:
    body = _decoded(await request.text())
    if not isinstance(body, dict):
        raise Unusable("the body is no JSON object")
    return body


def _number(given: Mapping[str, object], name: str, default: int | None = None) -> int:
    value = given.get(name, default)
    try:
        number = int(cast("str | int", value))
    except (TypeError, ValueError):
        raise Unusable(f"{name} is missing or no whole number") from None
    if abs(number) >= 2**53:
        raise Unusable(f"{name} is too large")
    return number


def _string(given: Body, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise Unusable(f"{name} is missing or no text")
    return value


def _wait_ms(given: Mapping[str, object]) -> int:
    try:
        return round(min(max(float(cast("str | float", given.get("wait", 0))), 0.0), WAIT_MAX_S) * 1_000)
    except (TypeError, ValueError):
        raise Unusable("wait is no number of seconds") from None


def _user(given: object) -> User | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Unusable('from is no object such as {"id": 1, "first_name": "Ann", "language_code": "en"}')
    user_id = _number(given, "id")
    texts = {name: str(given.get(name) or "") for name in ("first_name", "last_name", "username", "language_code")}
    return User(user_id, **{**texts, "first_name": texts["first_name"] or f"User {user_id}"})


def _origin(body: Body) -> Body | None:
    """Where a forwarded message comes from: a name, a user as in ``from``, or a channel: an object with a title."""
    given, at = body.get("forward_from"), _number(body, "forward_date", 0)
    if given is None:
        return None
    if isinstance(given, str):
        return {"type": "hidden_user", "sender_user_name": given, "date": at}
    if isinstance(given, dict) and "title" in given:
        chat = {name: _string(given, name) for name in ("title", "username") if name in given}
        message_id = _number(given, "message_id", 1)
        return {"type": "channel", "chat": {"type": "channel", **chat}, "message_id": message_id, "date": at}
    who = _user(given)
    assert who is not None
    shown = {"id": who.id, "is_bot": False, "first_name": who.first_name}
    return {"type": "user", "sender_user": shown, "date": at}


def _said(said: list[Said]) -> Body:
    """The first message's ids, and those of all where a long text became several."""
    every = [{"message_id": one.message_id, "update_id": one.update_id} for one in said]
    return every[0] if len(every) == 1 else {**every[0], "messages": every}
