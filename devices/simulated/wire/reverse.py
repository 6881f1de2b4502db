"""Reverse forwards: addresses on the phone whose connections go to the host."""

from __future__ import annotations

from collections.abc import Callable

from devices.simulated.wire.connection import Connection
from devices.simulated.wire.streams import ByteStream, Handler

_FIRST_PORT = 40000


def reverse_handler(service: str, connection: Connection) -> Handler:
    """Return what answers one `reverse:` service; the reply comes inside the stream."""
    return lambda stream: stream.write(_answer(service.partition(":")[2], connection.reverse))


async def connect(connection: Connection, address: str) -> ByteStream | None:
    """Connect from the phone to one of its reverse addresses; None when nobody listens."""
    destination = connection.reverse.get(address)
    return None if destination is None else await connection.open_to_host(destination)


def _answer(command: str, table: dict[str, str]) -> bytes:
    verb, _, rest = command.partition(":")
    verbs: dict[str, Callable[[], bytes]] = {
        "forward": lambda: _forward(rest, table),
        "list-forward": lambda: _list(table),
        "killforward": lambda: _kill(rest, table),
        "killforward-all": lambda: _kill_all(table),
    }
    answer = verbs.get(verb)
    return answer() if answer is not None else _fail("unknown reverse command")


def _forward(rest: str, table: dict[str, str]) -> bytes:
    is_new_only = rest.startswith("norebind:")
    address, _, destination = rest.removeprefix("norebind:").partition(";")
    if is_new_only and address in table:
        return _fail(f"cannot rebind existing socket {address}")
    if address != "tcp:0":
        table[address] = destination
        return b"OKAY"
    port = next(n for n in range(_FIRST_PORT, 65536) if f"tcp:{n}" not in table)
    table[f"tcp:{port}"] = destination
    return b"OKAY" + _counted(str(port))


def _list(table: dict[str, str]) -> bytes:
    return _counted("".join(f"(reverse) {here} {there}\n" for here, there in table.items()))


def _kill(address: str, table: dict[str, str]) -> bytes:
    if table.pop(address, None) is None:
        return _fail(f"listener '{address}' not found")
    return b"OKAY"


def _kill_all(table: dict[str, str]) -> bytes:
    table.clear()
    return b"OKAY"


def _fail(text: str) -> bytes:
    return b"FAIL" + _counted(text)


def _counted(text: str) -> bytes:
    raw = text.encode()
    return f"{len(raw):04x}".encode() + raw
