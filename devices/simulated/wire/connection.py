"""One adb server's connection to the phone: the handshake, then streams by their numbers."""

from __future__ import annotations

import asyncio
import itertools
import random
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from devices.simulated.clock import Clock
from devices.simulated.faults import Faults
from devices.simulated.ledger import Ledger
from devices.simulated.tasks import Tasks
from devices.simulated.wire import auth, frames
from devices.simulated.wire.frames import FrameError, Message, read_message
from devices.simulated.wire.streams import AdbStream, Handler, StreamClosedError

_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Port:
    """What a connection shares with the phone's adbd."""

    banner: Callable[[], bytes]
    find_handler: Callable[[str, Connection], Handler | None]
    gate: auth.Gatekeeper
    faults: Faults
    ledger: Ledger
    clock: Clock
    rtt_s: Callable[[], float]


class Connection:
    """A host that talks to the phone."""

    def __init__(self, port: Port, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.max_payload = frames.MAX_PAYLOAD
        self.reverse: dict[str, str] = {}
        """Destinations on the host by the phone's listening address."""
        self._port = port
        self._reader = reader
        self._writer = writer
        self._streams: dict[int, AdbStream] = {}
        self._serving: dict[int, asyncio.Task[None]] = {}
        self._opening: dict[int, asyncio.Future[bool]] = {}
        self._numbers = itertools.count(1)
        self._tasks = Tasks("adb")
        self._random = random.Random(0)
        self._token = b""
        self._is_online = False
        self._writing = asyncio.Lock()

    async def run(self) -> None:
        """Serve the host until it leaves."""
        try:
            while True:
                message = await read_message(self._reader)
                await self._let_through()
                self._handle(message)
        except (FrameError, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            await self._end()

    def abort(self) -> None:
        """Break the connection as a pulled cable does: by a reset."""
        raw = self._writer.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._writer.transport.abort()

    async def send(self, message: Message) -> None:
        """Send a message, as far as the faults at work let it."""
        await self._let_through()
        if self._writer.is_closing():
            return
        async with self._writing:
            if message.command == frames.WRTE and await self._spoil(message):
                return
            self._writer.write(message.pack())
            try:
                await self._writer.drain()
            except ConnectionError:
                self._reader.feed_eof()

    async def turn(self) -> None:
        """Let the time of one round trip pass."""
        spikes = self._port.faults.active("latency_spikes")
        delay_s = self._port.rtt_s()
        if spikes is not None and self._random.random() < spikes.params["share"]:
            delay_s += spikes.params["spike_s"]
        await self._port.clock.sleep(delay_s)

    async def open_to_host(self, service: str) -> AdbStream | None:
        """Open a stream to the host, as a reverse forward does; None when the host refuses."""
        stream = AdbStream(self, next(self._numbers))
        self._streams[stream.local_id] = stream
        answer = self._opening[stream.local_id] = asyncio.get_running_loop().create_future()
        await self.send(Message(frames.OPEN, stream.local_id, 0, service.encode() + b"\0"))
        if await answer:
            return stream
        self._streams.pop(stream.local_id, None)
        return None

    def _handle(self, message: Message) -> None:
        if message.command == frames.CNXN:
            self.max_payload = min(message.arg1, frames.MAX_PAYLOAD)
            self._tasks.spawn(self._greet(), "greet")
        elif message.command == frames.AUTH:
            self._tasks.spawn(self._authenticate(message), "auth")
        elif self._is_online:
            self._handle_stream(message)

    def _handle_stream(self, message: Message) -> None:
        if message.command == frames.OPEN:
            self._open(message)
            return
        stream = self._streams.get(message.arg1)
        if stream is None:
            return
        if message.command == frames.WRTE:
            stream.feed(message.data)
        elif message.command == frames.OKAY:
            self._acknowledge(stream, message)
        elif message.command == frames.CLSE:
            self._tasks.spawn(self._closed_by_host(stream), "close")

    def _acknowledge(self, stream: AdbStream, message: Message) -> None:
        answer = self._opening.pop(stream.local_id, None)
        if answer is None:
            stream.acknowledge()
        else:
            stream.remote_id = message.arg0
            answer.set_result(True)

    async def _greet(self) -> None:
        if self._port.faults.active("offline") is not None:
            return
        if self._port.gate.asks:
            await self._send_token()
        else:
            await self._come_online()

    async def _come_online(self) -> None:
        self._is_online = True
        self._port.ledger.write("adb.online")
        head = (frames.CNXN, frames.VERSION, frames.MAX_PAYLOAD)
        await self.send(Message(*head, self._port.banner()))

    async def _send_token(self) -> None:
        self._token = auth.new_token()
        await self.send(Message(frames.AUTH, auth.TOKEN, 0, self._token))

    async def _authenticate(self, message: Message) -> None:
        gate = self._port.gate
        if message.arg0 == auth.SIGNATURE:
            if gate.is_known(self._token, message.data):
                await self._come_online()
            else:
                await self._send_token()
        elif message.arg0 == auth.RSAPUBLICKEY:
            self._port.ledger.write("adb.asked")
            if await gate.ask(message.data):
                await self._come_online()

    def _open(self, message: Message) -> None:
        service = message.data.rstrip(b"\0").decode("utf-8", "replace")
        self._port.ledger.count_trip("stream:" + service.partition(":")[0].partition(",")[0])
        stream = AdbStream(self, next(self._numbers), message.arg0)
        self._streams[stream.local_id] = stream
        task = self._tasks.spawn(self._serve(stream, service), service[:40])
        self._serving[stream.local_id] = task

    async def _serve(self, stream: AdbStream, service: str) -> None:
        handler = self._port.find_handler(service, self)
        try:
            if handler is None:
                await self.send(Message(frames.CLSE, 0, stream.remote_id))
                return
            await self.send(Message(frames.OKAY, stream.local_id, stream.remote_id))
            await self._port.faults.wait_lifted("deaf")
            await handler(stream)
            await stream.finish()
        except StreamClosedError:
            pass
        finally:
            self._serving.pop(stream.local_id, None)
            if handler is None or stream.is_closed:
                self._streams.pop(stream.local_id, None)

    async def _closed_by_host(self, stream: AdbStream) -> None:
        answer = self._opening.pop(stream.local_id, None)
        if answer is not None:
            answer.set_result(False)
            return
        was_open = stream.local_id in self._serving
        stream.closed_by_host()
        self._streams.pop(stream.local_id, None)
        task = self._serving.pop(stream.local_id, None)
        if task is not None:
            task.cancel()
        if was_open:
            await self.send(Message(frames.CLSE, stream.local_id, stream.remote_id))

    async def _let_through(self) -> None:
        if self._port.faults.active("frozen") is not None:
            await self._port.faults.wait_lifted("frozen")

    async def _spoil(self, message: Message) -> bool:
        faults, packed = self._port.faults, message.pack()
        if faults.take("half_frame") is not None:
            self._writer.write(packed[: max(1, len(packed) // 2)])
            await self._writer.drain()
            self._writer.close()
            self._reader.feed_eof()
            return True
        if faults.take("wrong_magic") is not None:
            self._writer.write(packed[:20] + b"\0\0\0\0" + packed[24:])
            return True
        if faults.take("close_mid_body") is not None:
            half = message.data[: len(message.data) // 2]
            self._writer.write(Message(frames.WRTE, message.arg0, message.arg1, half).pack())
            self._writer.write(Message(frames.CLSE, message.arg0, message.arg1).pack())
            self._streams[message.arg0].closed_by_host()
            return True
        slow = faults.active("slow_frames")
        if slow is not None:
            half_way = len(packed) // 2
            self._writer.write(packed[:half_way])
            try:
                await asyncio.sleep(slow.params["delay_s"])
            finally:
                # A stream that ends meanwhile does not take half a frame of the connection with it.
                self._writer.write(packed[half_way:])
            return True
        return False

    async def _end(self) -> None:
        for stream in list(self._streams.values()):
            stream.closed_by_host()
        self._streams.clear()
        await self._tasks.cancel_all()
        self._writer.close()
        if self._is_online:
            self._port.ledger.write("adb.gone")
