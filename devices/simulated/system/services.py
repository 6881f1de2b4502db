"""What adbd finds on the phone behind each service's name: shells, files, ports."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from devices.simulated.system.call import Program
from devices.simulated.system.commands import (
    activity,
    basics,
    dumpsys,
    files,
    input,
    logcat,
    packages,
)
from devices.simulated.system.instrumented import InstrumentedPhone
from devices.simulated.system.phone import SimulatedPhone
from devices.simulated.system.shell import Shell
from devices.simulated.uia2.server import PORT as UIA2_PORT
from devices.simulated.wire.connection import Connection
from devices.simulated.wire.reverse import reverse_handler
from devices.simulated.wire.shellproto import ShellChannel, channel_for
from devices.simulated.wire.streams import ByteStream, Handler
from devices.simulated.wire.sync import SyncService

PROGRAMS: Mapping[str, Program] = {
    **activity.PROGRAMS,
    **basics.PROGRAMS,
    **dumpsys.PROGRAMS,
    **files.PROGRAMS,
    **input.PROGRAMS,
    **logcat.PROGRAMS,
    **packages.PROGRAMS,
}
"""Every command of the phone's shell."""

_LINES = {
    "root": "adbd cannot run as root in production builds\n",
    "unroot": "adbd not running as root\n",
    "usb": "restarting in USB mode\n",
    "remount": "remount failed\n",
}


class Services:
    """The services of one phone."""

    def __init__(self, phone: SimulatedPhone, device: InstrumentedPhone) -> None:
        self._phone = phone
        self._device = device

    def find_handler(self, service: str, connection: Connection) -> Handler | None:
        """Return what serves a stream of this service, or None to refuse it."""
        kind, rest = service.partition(":")[0].split(",")[0], service.partition(":")[2]
        count = self._phone.ledger.count_trip
        finders: dict[str, Callable[[], Handler | None]] = {
            "shell": lambda: lambda stream: self._shell(service, stream),
            "exec": lambda: lambda stream: self._shell(service, stream),
            "sync": lambda: SyncService(self._phone.storage, count).serve,
            "tcp": lambda: self._port(rest),
            "reverse": lambda: reverse_handler(service, connection),
            "reboot": lambda: self._reboot,
            "tcpip": lambda: _line(f"restarting in TCP mode port: {rest}\n"),
        }
        finder = finders.get(kind)
        if finder is not None:
            return finder()
        return _line(_LINES[kind]) if kind in _LINES else None

    async def _reboot(self, stream: ByteStream) -> None:
        del stream
        self._phone.faults.strike("reboot")

    def _port(self, rest: str) -> Handler | None:
        running = self._phone.instrumentation
        is_there = rest.rpartition(":")[2] == str(UIA2_PORT)
        if not is_there or running is None or not running.is_running:
            return None
        return running.server.serve

    async def _shell(self, service: str, stream: ByteStream) -> None:
        channel, line = channel_for(service, stream)
        shell = Shell(self._phone, self._device, PROGRAMS)
        pipes = _Pipes(channel)
        if not line.strip():
            await self._interact(shell, pipes)
        else:
            self._count(line)
            await self._device.spend("shell")
            await shell.run(line, pipes, pipes.out, pipes.err)
        await channel.exit(shell.last_code)

    async def _interact(self, shell: Shell, pipes: _Pipes) -> None:
        """Run the lines of standard input one after the other; there is no prompt."""
        waiting = bytearray()
        while piece := await pipes.read():
            waiting += piece
            while b"\n" in waiting:
                line, _, rest = bytes(waiting).partition(b"\n")
                waiting = bytearray(rest)
                text = line.decode("utf-8", "surrogateescape")
                if text.strip() == "exit":
                    return
                self._count(text)
                await shell.run(text, pipes, pipes.out, pipes.err)

    def _count(self, line: str) -> None:
        # Of a command behind a condition it is the command that counts.
        words = line.rpartition(" && ")[2].split()
        self._phone.ledger.count_trip(f"shell:{words[0] if words else ''}")
        self._phone.record("shell", line=line)


def _line(text: str) -> Handler:
    return lambda stream: stream.write(text.encode())


class _Sink:
    def __init__(self, channel: ShellChannel, *, is_error: bool) -> None:
        self._write = channel.write_stderr if is_error else channel.write_stdout

    async def write(self, data: bytes) -> None:
        await self._write(data)


class _Pipes:
    """A channel as a shell's source and its two sinks."""

    def __init__(self, channel: ShellChannel) -> None:
        self._channel = channel
        self.out = _Sink(channel, is_error=False)
        self.err = _Sink(channel, is_error=True)

    async def read(self) -> bytes:
        return await self._channel.read_stdin()
