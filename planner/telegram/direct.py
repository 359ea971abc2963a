"""The Bot API without HTTP: a session that asks a server object in this process. For simulations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from planner.telegram.answers import Body
from planner.telegram.lean import Bot, TelegramAPIServer
from planner.telegram.network import FileStatusError
from planner.telegram.session import CHUNK_BYTES, Answer, Form, Session, content

Upload = TypeVar("Upload")

Call = Callable[[str, str, Mapping[str, str | Upload]], Awaitable[tuple[int, Body]]]
"""``call(token, method, params)`` gives the status and the body (or its JSON as an object) of a server's answer."""

ReadFile = Callable[[str, str], Awaitable[bytes | None]]
"""``read_file(token, path)`` gives what getFile's ``file_path`` names, ``None`` where nothing is."""


async def no_files(_token: str, _path: str) -> bytes | None:
    """Nothing to download."""
    return None


class DirectSession(Session, Generic[Upload]):
    """Asks ``call`` what ``HttpSession`` would ask a server: the same fields, the same checks of the answer.

    ``upload(filename, content)`` makes what ``call`` takes a file as; fields name files as ``attach://KEY``.
    ``lost`` is what ``call`` raises where a server would hang up.
    """

    def __init__(
        self,
        call: Call[Upload],
        upload: Callable[[str, bytes], Upload],
        read_file: ReadFile = no_files,
        lost: type[Exception] = ConnectionError,
    ) -> None:
        super().__init__(TelegramAPIServer(base="{token}/{method}", file="{token}/{path}"))
        self._call = call
        self._upload = upload
        self._read_file = read_file
        self._lost = lost

    async def post(self, bot: Bot, method: str, form: Form, timeout_s: float) -> Answer:
        files = {key: self._upload(file.filename or key, await content(file, bot)) for key, file in form.files.items()}
        try:
            async with asyncio.timeout(timeout_s):
                return Answer(*await self._call(bot.token, method, {**form.fields, **files}))
        except self._lost:
            raise ConnectionResetError from None

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,  # noqa: ARG002  # aiogram's signature
        timeout: float = 30,  # noqa: ASYNC109  # aiogram's signature
        chunk_size: int = CHUNK_BYTES,
        raise_for_status: bool = True,  # noqa: ARG002  # aiogram's signature
    ) -> AsyncGenerator[bytes, None]:
        token, _, path = url.partition("/")
        async with asyncio.timeout(timeout):
            found = await self._read_file(token, path)
        if found is None:
            raise FileStatusError(404)
        for start in range(0, len(found), chunk_size):
            yield found[start : start + chunk_size]

    async def close(self) -> None:
        """Nothing is held open."""
