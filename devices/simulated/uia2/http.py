"""HTTP/1.1 as the on-device server speaks it: 64 KiB bodies, kept alive, closed when idle."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from devices.simulated.wire.streams import BufferedStream, StreamClosedError

BODY_LIMIT = 65_536
IDLE_S = 60.0
_HEAD_LIMIT = 65_536

_REASONS = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `is_oversized` tells that its body was thrown away unread."""

    method: str
    path: str
    body: bytes
    is_kept_alive: bool
    is_oversized: bool = False


async def read_request(source: BufferedStream) -> Request | None:
    """Read one request, or None when the client left or stayed idle for a minute."""
    try:
        async with asyncio.timeout(IDLE_S):
            head = await source.read_until(b"\r\n\r\n", _HEAD_LIMIT)
    except (TimeoutError, StreamClosedError):
        return None
    line, *rows = head.decode("latin-1").split("\r\n")
    fields = [row.partition(":") for row in rows if row]
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    try:
        method, target, version = line.split(" ")
        length = int(headers.get("content-length", "0"))
    except ValueError:
        return None
    if "100-continue" in headers.get("expect", "").lower() and length <= BODY_LIMIT:
        await source.stream.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        body = await source.read_exactly(length)
    except StreamClosedError:
        return None
    wish = headers.get("connection", "").lower()
    is_kept = wish != "close" and (version == "HTTP/1.1" or wish == "keep-alive")
    is_oversized = length > BODY_LIMIT
    kept = b"" if is_oversized else body
    return Request(method, unquote(urlsplit(target).path), kept, is_kept, is_oversized)


def render_reply(status: int, value: object, session: str, *, is_kept: bool) -> bytes:
    """Return a reply with the server's envelope."""
    content = {"sessionId": session, "value": value}
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return _render(status, body, is_kept=is_kept)


def render_oversized(*, is_kept: bool) -> bytes:
    """Return the reply to a body over the limit."""
    return _render(413, b"", is_kept=is_kept)


def _render(status: int, body: bytes, *, is_kept: bool) -> bytes:
    rows = (
        f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}",
        "Content-Type: application/json",
        "Content-Encoding: identity",
        "Pragma: no-cache",
        "Cache-Control: no-store",
        f"Connection: {'keep-alive' if is_kept else 'close'}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join(rows).encode("latin-1") + b"\r\n\r\n" + body
