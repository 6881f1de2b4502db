"""The control interface over HTTP: JSON in, JSON out, for tests, demonstrations and curl.

`GET /phones`, `GET /phones/SERIAL/VERB?name=value` and `POST /phones/SERIAL/VERB` with a JSON
object of arguments; a POST to `/phones/*/VERB` goes to every phone. It listens on loopback only.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from devices.simulated.shelf import Shelf

_BODY_LIMIT = 16 * 1024 * 1024


class ControlServer:
    """The HTTP server of a shelf."""

    def __init__(self, shelf: Shelf, port: int = 0) -> None:
        self.port = port
        self._shelf = shelf
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begin to listen; port 0 takes any free one and is then replaced by it."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            method, target, _ = head.split("\r\n", maxsplit=1)[0].split(" ")
            body = await reader.readexactly(_body_length(head))
            status, value = self._answer(method, target, body)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.close()
            return
        raw = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace")
        lines = (
            f"HTTP/1.1 {status} {'OK' if status == 200 else 'Error'}",
            "Content-Type: application/json; charset=utf-8",
            "Connection: close",
            f"Content-Length: {len(raw)}",
        )
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)
        try:
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _answer(self, method: str, target: str, body: bytes) -> tuple[int, object]:
        parts = urlsplit(target)
        path = [unquote(part) for part in parts.path.strip("/").split("/")]
        if path in (["phones"], [""]):
            return 200, {"ok": True, "value": self._shelf.describe()}
        if len(path) != 3 or path[0] != "phones":
            return 404, {"ok": False, "error": "use /phones/SERIAL/VERB"}
        try:
            args = _arguments(method, parts.query, body)
            return 200, {"ok": True, "value": self._run(path[1], path[2], args)}
        except LookupError as error:
            return 404, {"ok": False, "error": str(error)}
        except (TypeError, ValueError) as error:
            return 400, {"ok": False, "error": str(error)}

    def _run(self, serial: str, verb: str, args: Mapping[str, Any]) -> object:
        if serial == "*":
            return [handset.control(verb, args) for handset in self._shelf.handsets]
        return self._shelf.find(serial).control(verb, args)


def _body_length(head: str) -> int:
    for row in head.split("\r\n"):
        name, _, value = row.partition(":")
        if name.strip().lower() == "content-length":
            length = int(value)
            if length > _BODY_LIMIT:
                raise ValueError("body too long")
            return length
    return 0


def _arguments(method: str, query: str, body: bytes) -> dict[str, Any]:
    if method == "GET":
        return {name: _value(text) for name, text in parse_qsl(query)}
    given = json.loads(body) if body.strip() else {}
    if not isinstance(given, dict):
        raise TypeError("the body must be a JSON object")
    return given


def _value(text: str) -> object:
    return int(text) if text.lstrip("-").isdigit() else text
