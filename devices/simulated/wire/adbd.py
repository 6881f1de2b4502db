"""The phone's adbd: it listens on a loopback port and serves every host that connects."""

from __future__ import annotations

import asyncio

from devices.simulated.tasks import Tasks
from devices.simulated.wire.connection import Connection, Port

_FORBIDDEN = range(5555, 5586)
FEATURES = "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,apex,fixed_push_symlink_timestamp"
"""What the phone can do; without `abb_exec` and `sendrecv_v2` the host uses the simple ways."""


class Adbd:
    """The debugging daemon of one phone.

    Ports 5555 to 5585 are refused: an adb server adopts listeners there as emulators.
    """

    def __init__(self, shared: Port, port: int, address: str = "127.0.0.1") -> None:
        if port in _FORBIDDEN:
            raise ValueError(f"port {port} belongs to the emulators")
        self.port = port
        self.address = address
        self._shared = shared
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()
        self._tasks = Tasks("adbd")
        self._is_wanted = False
        faults = shared.faults
        faults.on("unplug", lambda fault: self.unplug(float(fault.params["seconds"])))
        faults.on("reboot", lambda fault: self.unplug(float(fault.params["seconds"])))
        faults.on("offline", lambda _: self.drop())
        faults.on("unauthorized", lambda _: self._revoke())

    @property
    def connections(self) -> list[Connection]:
        """The hosts that are connected now."""
        return list(self._connections)

    async def start(self) -> None:
        """Begin to listen; port 0 takes any free one and is then replaced by it."""
        self._is_wanted = True
        self._server = await asyncio.start_server(self._accept, self.address, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and end every connection."""
        self._is_wanted = False
        self._shut()
        self.drop()
        await self._tasks.cancel_all()

    def drop(self) -> None:
        """Reset every connection."""
        for connection in list(self._connections):
            connection.abort()

    def unplug(self, seconds: float) -> None:
        """Reset every connection and refuse new ones for some seconds."""
        self._shut()
        self.drop()
        if seconds != float("inf"):
            self._shared.clock.later(seconds, self.plug_in)

    def plug_in(self) -> None:
        """Listen again after `unplug`."""
        self._shared.faults.lift("unplug")
        if self._is_wanted and self._server is None:
            self._tasks.spawn(self.start(), "plug in")

    def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _revoke(self) -> None:
        self._shared.gate.forget()
        self.drop()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = Connection(self._shared, reader, writer)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)
